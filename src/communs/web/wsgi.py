"""What the web server calls."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.web.settings")

from django.core.wsgi import get_wsgi_application

from communs.web.parent import VARIABLE, end_with_parent

if os.environ.get(VARIABLE, "").isdecimal():
    end_with_parent(int(os.environ[VARIABLE]))

application = get_wsgi_application()

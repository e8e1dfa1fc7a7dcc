"""The site as WSGI: `communs.web.asgi` calls it, and so may any other server."""

from __future__ import annotations

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.web.settings")

from django.core.wsgi import get_wsgi_application

from communs.web.parent import VARIABLE, end_with_parent

if os.environ.get(VARIABLE, "").isdecimal():
    # Ctrl-C reaches the parent too, which then asks this process to stop. Asked twice at once, Granian's lock jams.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    end_with_parent(int(os.environ[VARIABLE]))

application = get_wsgi_application()

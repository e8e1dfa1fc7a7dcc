"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

OTHER = {"en": ("fr", "Français"), "fr": ("en", "English")}


def house(request: HttpRequest) -> dict[str, Any]:
    """The language, the same page in the other one, and whether this is a demonstration."""
    language = get_language() or "en"
    other, other_name = OTHER.get(language, OTHER["en"])
    path = request.get_full_path()
    return {
        "language": language,
        "other_language": other,
        "other_language_name": other_name,
        "other_language_url": translate_url(path, other) if request.method == "GET" else f"/{other}/",
        "is_demo": settings.DEMO,
    }

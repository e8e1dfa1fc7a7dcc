"""Filters and tags that every template may use without loading them.

Dates: `|day`, `|moment`, `|in_days`. Figures: `|number`, `|amount:"EUR"`. Names: `|country`, `|language_name`.
Texts in many languages: `|text_of`, `{% lang_text names %}`. Addresses: `{% absolute path %}`, `|within:path`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from communs.kit import formats, places
from communs.kit.texts import Text, pick

register = template.Library()


@register.filter
def day(moment: date | datetime | str | None) -> str:
    """A date of any precision as a person writes it: "5 December 2026", "December 2026", "2026"."""
    return formats.day(moment)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment with its time: "5 December 2026, 17:00"."""
    return formats.moment(value)


@register.filter
def in_days(value: date | datetime | str | None) -> str:
    """How far an exact day is from today: "in 12 days". Empty for dates that are not exact."""
    exact = formats.as_day(value)
    return formats.distance(exact, timezone.localdate()) if exact else ""


@register.filter
def iso(value: date | datetime | str | None) -> str:
    """What goes into a `datetime` attribute."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.filter
def number(value: int | float | Decimal | str | None) -> str:
    """A figure with its thousands apart."""
    return formats.number(value)


@register.filter
def amount(value: int | Decimal | str | None, currency: str | None = None) -> str:
    """Major units with their currency: `{{ 5000|amount:"EUR" }}`."""
    return formats.amount(value, currency)


@register.filter
def country(code: str | None) -> str:
    """The name of a country or area from its code."""
    return places.place_name(code) if code else ""


@register.filter
def language_name(code: str | None) -> str:
    """The name of a language from its code, in the reader's language."""
    return formats.language_name(code) if code else ""


@register.filter
def text_of(texts: Mapping[str, Any] | None) -> Text:
    """The best text of `{lang: text}` for the reader: prints as a string, and has `.lang` and `.is_fallback`."""
    return pick(texts, get_language() or "en")


@register.simple_tag
def lang_text(texts: Mapping[str, Any] | None) -> str | SafeString:
    """The best text, inside a `<span lang>` when it is in another language than the page."""
    text = pick(texts, get_language() or "en")
    if text.is_fallback:
        return format_html('<span lang="{}">{}</span>', text.lang, text.value)
    return text.value


@register.filter
def within(path: str | None, section: str) -> bool:
    """Whether an address lies in a section of the site (the main navigation marks it); None: no request, no place."""
    return bool(path and section) and str(path).startswith(section)


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, path: str) -> str:
    """A path of this site as a whole address."""
    request = context.get("request")
    return request.build_absolute_uri(path) if request else path


@register.filter
def field_target(field: BoundField) -> str:
    """The id that a link in the error summary leads to: the first input of a group, or the input itself."""
    return f"{field.auto_id}_0" if field.use_fieldset and field.auto_id else str(field.id_for_label)

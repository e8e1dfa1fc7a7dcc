"""Dates, amounts, numbers and names of languages, as a person writes them in the reader's language.

Templates have them as filters (`communs.web.templatetags.house`); sentences put together in Python call them here.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from communs.core.matching.names import LANGUAGE_NAMES

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
_ISO_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?(T.*)?$")
_ISO_QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])$")
_SEVERAL_LANGUAGES = pgettext_lazy("language", "several languages")
_NO_LANGUAGE = pgettext_lazy("language", "no language")
_OCCITAN = pgettext_lazy("language", "Occitan")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def is_french() -> bool:
    """Whether the reader's language is French."""
    return (get_language() or "en").startswith("fr")


def day(when: date | datetime | str | None) -> str:
    """`2026-12-05` → "5 December 2026", `2026-12` → "December 2026", `2026` → "2026", `2026-Q4` → "fourth quarter …".

    Moments are given in the site's time zone. A text that is no date is given back as it is.
    """
    if when is None:
        return ""
    if isinstance(when, datetime):
        return _full_day(timezone.localtime(when).date() if timezone.is_aware(when) else when.date())
    if isinstance(when, date):
        return _full_day(when)
    text = str(when).strip()
    if quarter := _ISO_QUARTER.match(text):
        return _quarter(int(quarter["quarter"])).format(year=quarter["year"])
    found = _ISO_DATE.match(text)
    return _partial_day(text, found) if found else text


def period(first: date, precision: str) -> str:
    """A day at a precision ("month", "quarter", "year", otherwise the day itself), as it stands inside a sentence."""
    if precision == "month":
        return f"{MONTHS[first.month]} {first.year}"
    if precision == "quarter":
        return _the_quarter((first.month + 2) // 3).format(year=first.year)
    if precision == "year":
        return str(first.year)
    return _full_day(first)


def _partial_day(text: str, found: re.Match[str]) -> str:
    year, month, number = found["year"], found["month"], found["day"]
    try:
        if number:
            return _full_day(date(int(year), int(month), int(number)))
        return f"{MONTHS[int(month)]} {year}" if month else year
    except (ValueError, KeyError):
        return text


def _full_day(exact: date) -> str:
    number = "1er" if exact.day == 1 and is_french() else str(exact.day)
    return f"{number}{NO_BREAK_SPACE}{MONTHS[exact.month]} {exact.year}"


def _quarter(number: int) -> str:
    """A quarter by itself, with `{year}` left to fill."""
    return {
        1: gettext("first quarter of {year}"),
        2: gettext("second quarter of {year}"),
        3: gettext("third quarter of {year}"),
        4: gettext("fourth quarter of {year}"),
    }[number]


def _the_quarter(number: int) -> str:
    """A quarter inside a sentence, with `{year}` left to fill."""
    return {
        1: gettext("the first quarter of {year}"),
        2: gettext("the second quarter of {year}"),
        3: gettext("the third quarter of {year}"),
        4: gettext("the fourth quarter of {year}"),
    }[number]


def moment(when: datetime | None) -> str:
    """Day and time of an aware moment in the site's time zone: "5 December 2026, 17:00"."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return gettext("{day}, {time}").format(day=_full_day(local.date()), time=f"{local:%H:%M}")


def as_day(when: date | datetime | str | None) -> date | None:
    """An exact day, or None when what is given is less precise than a day or no date at all."""
    if isinstance(when, datetime):
        return timezone.localtime(when).date() if timezone.is_aware(when) else when.date()
    if isinstance(when, date):
        return when
    try:
        return date.fromisoformat(str(when or "")[:10])
    except ValueError:
        return None


def distance(exact: date, today: date) -> str:
    """How far a day is: "today", "in 12 days", "in 3 months", "12 days ago". Months and years are rounded down."""
    days = (exact - today).days
    if days in {-1, 0, 1}:
        return {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}[days]
    count = abs(days)
    if count < 60:
        message = (
            ngettext("in {n} day", "in {n} days", count) if days > 0 else ngettext("{n} day ago", "{n} days ago", count)
        )
    elif count < 730:
        count = int(count / 30.44)
        message = (
            ngettext("in {n} month", "in {n} months", count)
            if days > 0
            else ngettext("{n} month ago", "{n} months ago", count)
        )
    else:
        count = int(count / 365.25)
        message = (
            ngettext("in {n} year", "in {n} years", count)
            if days > 0
            else ngettext("{n} year ago", "{n} years ago", count)
        )
    return message.format(n=count)


def number(value: int | float | Decimal | str | None) -> str:
    """Thousands apart: 1,234.5 in English, 1 234,5 in French, no empty decimals. What is no number is left as it is."""
    if value is None or value == "":
        return ""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact:,f}"
    if not is_french():
        return text
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def amount(value: int | Decimal | str | None, currency: str | None) -> str:
    """Major units with a currency (ISO 4217): "€5,000" in English, "5 000 €" in French. No empty cents."""
    if value is None or value == "":
        return ""
    figure = number(value)
    symbol = _SYMBOLS.get(currency or "", currency or "")
    if not symbol:
        return figure
    if is_french():
        return f"{figure}{NO_BREAK_SPACE}{symbol}"
    return f"{symbol}{figure}" if currency in _SYMBOLS else f"{symbol}{NO_BREAK_SPACE}{figure}"


def share(rate: Decimal) -> str:
    """A part of one as a percentage: "70%" in English, "70 %" in French."""
    return f"{number((rate * 100).normalize())}{NO_BREAK_SPACE if is_french() else ''}%"


def language_name(code: str) -> str:
    """The name of a language in the reader's language, from its ISO 639 code; "mul" is several of them."""
    special = {"mul": _SEVERAL_LANGUAGES, "zxx": _NO_LANGUAGE, "oc": _OCCITAN}
    key = code.strip().lower()
    for known in (key, key.split("-")[0]):
        if known in special:
            return str(special[known])
        if known in LANGUAGE_NAMES:
            return gettext(LANGUAGE_NAMES[known])
        if isinstance(name := LANG_INFO.get(known, {}).get("name"), str):
            # Django's catalogue translates the names of languages; French writes them without a capital.
            return gettext(name).lower() if is_french() else gettext(name)
    return code

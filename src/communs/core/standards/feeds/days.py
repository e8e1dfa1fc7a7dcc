"""Days as the feeds of the field write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from communs.core.texts import N_

PARIS: Final = 1
BRUSSELS: Final = 1
HELSINKI: Final = 2
"""Hours that a place is ahead of UTC in winter; all follow the summer time of the European Union."""

NOT_A_DAY: Final = (
    N_("“{value}” is no date that can be read; no day was taken from it."),
    N_("Write YYYY-MM-DD."),
)
NOT_AN_AMERICAN_DAY: Final = (NOT_A_DAY[0], N_("Write month, day and year as MMDDYYYY."))
SPACED_TIME: Final = (
    N_("“{value}” has spaces inside; it was read as {meant}."),
    N_("Write dates without spaces, as 2026-02-28T12:00:00+01:00."),
)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("janvier",), ("février", "fevrier"), ("mars",), ("avril",), ("mai",), ("juin",), ("juillet",),
            ("août", "aout"), ("septembre",), ("octobre",), ("novembre",), ("décembre", "decembre"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_SLASHED: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?:[ T]\d{1,2}[:h]\d{2}(?::\d{2})?)?")
_SPELT: Final = re.compile(r"(?:[a-zé]+ )?(\d{1,2})(?:er)? ([a-zéû]+) (\d{4})", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMERICAN: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")


@dataclass(frozen=True, slots=True)
class Day:
    """`iso`: YYYY-MM-DD; `repaired`: the text had to be put right before it could be read."""

    iso: str
    repaired: bool = False


def read_day(text: str, zone: int = PARIS) -> Day | None:
    """The calendar day that a text names, in the place where the call is published; None where it names none.

    A moment in UTC is the day it falls on at `zone`: a French call that closes at `2022-12-31T23:00:00Z` closes with
    the first minute of 1 January there. One with an offset of its own is the day as written. Day before month in
    `12/01/2023`, as in all of Europe.

    >>> [read_day(text).iso for text in ("2022-12-31T23:00:00.000Z", "20230112", "31/12/2022", "15 avril 2022")]
    ['2023-01-01', '2023-01-12', '2022-12-31', '2022-04-15']
    >>> read_day("2022-07-28T11: 40: 47+02: 00"), read_day("bientôt")
    (Day(iso='2022-07-28', repaired=True), None)
    """
    text = " ".join(text.split())[:60]
    found = _day(text, zone)
    if found is not None:
        return Day(found)
    closed = re.sub(r"\s*([:+-])\s*", r"\1", text).replace(" ", "" if ":" in text else " ")
    found = _day(closed, zone) if closed != text else None
    return Day(found, repaired=True) if found else None


def read_american_day(text: str) -> Day | None:
    """A day as MMDDYYYY, the way grants.gov writes it; also MM/DD/YYYY.

    >>> read_american_day("11172011")
    Day(iso='2011-11-17', repaired=False)
    """
    found = _AMERICAN.fullmatch(text.strip().replace("/", ""))
    return _make(found[3], found[1], found[2]) if found else None


def _day(text: str, zone: int) -> str | None:
    if found := _ISO.fullmatch(text):
        made = _make(found[1], found[2], found[3])
        if made and found[7] in {"Z", "+00:00", "+0000"}:
            return _shifted(found, zone)
        return made.iso if made else None
    if found := _COMPACT.fullmatch(text):
        made = _make(*found.groups())
    elif found := _SLASHED.fullmatch(text):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        made = _make(year, found[2], found[1])
    elif (found := _SPELT.fullmatch(text)) and found[2].lower() in _MONTHS:
        made = _make(found[3], str(_MONTHS[found[2].lower()]), found[1])
    else:
        made = None
    return made.iso if made else None


def _make(year: str, month: str, day: str) -> Day | None:
    try:
        return Day(date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return None


def _shifted(found: re.Match[str], zone: int) -> str | None:
    year, month, day, hour, minute = (int(found[number]) for number in range(1, 6))
    try:
        moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
        summer = _last_sunday(year, 3) <= moment < _last_sunday(year, 10)
        return (moment + timedelta(hours=zone + summer)).date().isoformat()
    except (ValueError, OverflowError):
        return None


def _last_sunday(year: int, month: int) -> datetime:
    """The moment at which summer time starts (March) or ends (October): 1:00 UTC, directive 2000/84/EC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)

"""When the next letter is due: at eight in the morning where the reader is, daily or on a weekday.

A wall-clock time is asked for, so it is worked out from the local day: where clocks change it is still eight.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from communs.apps.following.vocabulary import Rhythm

MORNING = time(8)
HOME_ZONE = "Europe/Brussels"
_PREFIXES = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
             "Pacific/")  # fmt: skip


@cache
def zones() -> frozenset[str]:
    """The time zones that are understood, by name: former names of places too, which somebody may have chosen."""
    return frozenset({"UTC", *(name for name in available_timezones() if name.startswith(_PREFIXES))})


@cache
def zones_offered() -> tuple[str, ...]:
    """Those that one may choose: places by the name they have today, as the table of the zone database lists them."""
    rows = (line.split("\t") for line in _table().splitlines() if line and not line.startswith("#"))
    return ("UTC", *sorted(zones() & {row[2] for row in rows}))


def _table() -> str:
    """The table of places, of the system or of the package that stands in for it."""
    places = [*map(Path, TZPATH), files("tzdata.zoneinfo")]
    found = next(place / "zone.tab" for place in places if (place / "zone.tab").is_file())
    return found.read_text(encoding="utf-8")


def zone_of(name: str) -> ZoneInfo:
    """A zone that was chosen; the house's own where this machine does not know it (any more)."""
    return ZoneInfo(name if name in zones() else HOME_ZONE)


def next_due(after: datetime, rhythm: str, weekday: int, zone: str) -> datetime:
    """The first such morning later than `after` (aware), in UTC.

    >>> from datetime import UTC, datetime
    >>> next_due(datetime(2026, 3, 28, 12, tzinfo=UTC), "daily", 0, "Europe/Brussels").isoformat()
    '2026-03-29T06:00:00+00:00'
    >>> next_due(datetime(2026, 3, 28, 12, tzinfo=UTC), "weekly", 0, "America/New_York").isoformat()
    '2026-03-30T12:00:00+00:00'
    """
    place = zone_of(zone)
    day = after.astimezone(place).date()
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=(weekday - day.weekday()) % 7)
    step = timedelta(days=7 if rhythm == Rhythm.WEEKLY else 1)
    while True:
        due = datetime.combine(day, MORNING, tzinfo=place).astimezone(UTC)
        if due > after:
            return due
        day += step

"""The same window, recognised when its day moves; the days on which the calendar has something to say.

A window is what a record states: `{"model", "opens", "closes", "precision", "note", "tz"}`. It bears no name of its
own, so it is recognised by its days, and where those moved, by its place in the order of days.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from communs.core.matching import CLOSING_DAYS, InvalidRecord, Window

log = logging.getLogger("communs.following")
Stated = Mapping[str, Any]
When = tuple[date, str, bool]
"""(the day that counts, the hour with its zone where they are stated, whether it is a closing day)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A window that was known, under its number. `is_over`: it was taken back, and may come again."""

    number: int
    stated: Stated
    is_over: bool = False

    @property
    def when(self) -> When | None:
        return when_of(self.stated)


@dataclass(frozen=True, slots=True)
class Pairing:
    """`same`: (number known, window as it is now); `fresh`: windows without a number; `gone`: numbers without one."""

    same: tuple[tuple[int, Stated], ...]
    fresh: tuple[Stated, ...]
    gone: tuple[int, ...]


def readable(stated: Iterable[Stated]) -> list[tuple[Stated, Window]]:
    """Each window with how the matcher knows it; one that cannot be read is left out, and logged."""
    found = []
    for one in stated:
        try:
            found.append((one, Window.from_record(one)))
        except InvalidRecord as bad:
            log.warning("a window cannot be read: %s %s", bad.path, bad.problem)
    return found


def read(stated: Iterable[Stated]) -> list[Window]:
    """Windows as the matcher knows them."""
    return [window for _one, window in readable(stated)]


def when_of(stated: Stated) -> When | None:
    """The day that calendars show: the last one, or the first where no last day is known; None without any."""
    for window in read([stated]):
        if window.last_day is not None:
            return window.last_day, hour_of(stated), True
        if window.opens is not None:
            return window.opens, "", False
    return None


def first_day(stated: Stated) -> date | None:
    """The day on which a window opens, where it is known."""
    return next((window.opens for window in read([stated])), None)


def last_day(stated: Stated) -> date | None:
    """The last day of a window, where it is known."""
    return next((window.last_day for window in read([stated])), None)


def opening_of(stated: Stated) -> date | None:
    """The opening day that calendars show beside the last one; None where it is all that is known (`when_of`)."""
    return first_day(stated) if last_day(stated) is not None else None


def hour_of(stated: Stated) -> str:
    """The hour and its zone, "17:00 Europe/Brussels", as far as they are stated."""
    hour = str(stated.get("closes") or "")[11:16]
    return f"{hour} {stated.get('tz') or ''}".strip() if hour else ""


def moment_of(stated: Stated) -> datetime | None:
    """The moment at which a window closes, where hour and zone are stated."""
    text, zone = str(stated.get("closes") or ""), str(stated.get("tz") or "")
    try:
        local = datetime.fromisoformat(text[:16])
        return local.replace(tzinfo=ZoneInfo(zone)) if len(text) > 10 and zone else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def is_live(stated: Stated) -> bool:
    """Whether its day can be in a calendar: a window that the source calls closed has none."""
    return stated.get("model") != "closed" and when_of(stated) is not None


def pair(known: Sequence[Placed], windows: Iterable[Stated], today: date) -> Pairing:
    """Which window is which. A day that has passed is not moved: what comes after it is another window."""
    left = sorted((one for one in windows if is_live(one)), key=_order)
    open_ = sorted(known, key=lambda old: old.is_over)  # what still counts is recognised first
    same: list[tuple[int, Stated]] = []
    for alike in (_same_moment, _same_day):
        for old in list(open_):
            new = next((one for one in left if alike(old.stated, one)), None)
            if new is not None:
                same.append((old.number, new))
                open_.remove(old)
                left.remove(new)
    ahead = sorted((old for old in open_ if _is_ahead(old, today)), key=lambda old: (old.is_over, _order(old.stated)))
    coming = [one for one in left if _order(one)[0] >= today]
    for old, new in zip(ahead, coming, strict=False):
        same.append((old.number, new))
        open_.remove(old)
        left.remove(new)
    return Pairing(tuple(sorted(same, key=lambda one: one[0])), tuple(left), tuple(old.number for old in open_))


def turning_days(stated: Iterable[Stated]) -> list[date]:
    """The days on which what the calendar says may change: opening, two weeks before the last day, the day after it."""
    days: set[date] = set()
    for window in read(stated):
        if window.opens is not None:
            days.add(window.opens)
        if window.last_day is not None:
            days.update((window.last_day - timedelta(days=CLOSING_DAYS), window.last_day + timedelta(days=1)))
    return sorted(days)


def next_turn(stated: Iterable[Stated], day: date) -> date | None:
    """The first such day after `day`."""
    return next((turn for turn in turning_days(stated) if turn > day), None)


def _order(stated: Stated) -> When:
    return when_of(stated) or (date.max, "", True)


def _same_moment(old: Stated, new: Stated) -> bool:
    return when_of(old) == when_of(new)


def _same_day(old: Stated, new: Stated) -> bool:
    """The same last day, or the same first one: then the other end moved, or the hour."""
    closes, opens = str(old.get("closes") or "")[:10], str(old.get("opens") or "")[:10]
    return bool(
        (closes and closes == str(new.get("closes") or "")[:10])
        or (opens and opens == str(new.get("opens") or "")[:10])
    )


def _is_ahead(old: Placed, today: date) -> bool:
    when = old.when
    return when is not None and when[0] >= today

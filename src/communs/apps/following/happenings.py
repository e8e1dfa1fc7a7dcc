"""What happened to a record between what has been told of it and what is there now. Pure: the same every time.

The calendar is followed day by day from the last one that was told, so that a worker that slept loses nothing; then the
change of the record is told as it stands today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from communs.apps.following.vocabulary import EventKind
from communs.apps.following.windows import (
    Placed,
    Stated,
    When,
    opening_of,
    pair,
    read,
    readable,
    turning_days,
    when_of,
)
from communs.core.matching import Window, WindowStatus, best_status, window_status

OPEN_NOW = ("closing", "open", "permanent")
_ENDED = ("closed", "between")
# Fields whose change tells nobody anything: when somebody looked, and how sure they were.
SILENT = frozenset({"last_confirmed", "confidence"})
Diff = Mapping[str, Sequence[Any]]
Move = tuple[Stated, Stated]
"""A window whose days are others now: (as it was, as it is)."""


@dataclass(frozen=True, slots=True)
class State:
    """What counts of a record: its version, whether anyone may see it, its windows (none for a commons)."""

    version: int
    is_public: bool
    windows: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The windows at the end of a day on which somebody changed them, and in which version that was."""

    day: date
    version: int
    windows: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be noted. `about` names it among those of its kind and record."""

    kind: EventKind
    about: str
    day: date
    detail: dict[str, Any] = field(default_factory=dict)


def happened(
    before: State | None, told_until: date, after: State, steps: Sequence[Step], diff: Diff, today: date
) -> list[Draft]:
    """The events between two states.

    `before` is None for a record that was never public. `steps` are the changes of its windows between the two, in
    order, the last one as they are now. `diff` is the net change of everything.
    """
    if before is None:
        return [Draft(EventKind.NEW, "", today)] if after.is_public else []
    if not after.is_public:
        return []
    drafts: list[Draft] = []
    windows, day = before.windows, told_until if before.is_public else today
    for step in steps:
        changed_on = min(max(step.day, day), today)
        drafts += _calendar(windows, day, changed_on, today)
        drafts += _windows_changed(windows, step.windows, changed_on, today, f"v{step.version}")
        windows, day = step.windows, changed_on
    told = SILENT | ({"windows"} if drafts else set())
    drafts += _calendar(windows, day, today, today)
    rest = {name: list(change) for name, change in diff.items() if name not in told}
    if rest:
        drafts.append(Draft(EventKind.CHANGED, f"v{after.version}", today, {"diff": rest}))
    return drafts


def _calendar(stated: Sequence[Stated], told_until: date, until: date, today: date) -> Iterator[Draft]:
    """What the days up to `until` brought by themselves."""
    both = readable(stated)
    windows = [window for _one, window in both]
    for day in (turn for turn in turning_days(stated) if told_until < turn <= until):
        eve = day - timedelta(days=1)
        was, now = best_status(windows, eve), best_status(windows, day)
        if now in OPEN_NOW and was not in OPEN_NOW:
            kind = EventKind.REOPENED if was in _ENDED else EventKind.OPENED
            yield Draft(kind, day.isoformat(), day, {"was": was})
            continue  # the letter says when it closes
        if was in OPEN_NOW and now not in OPEN_NOW and now != "unknown":
            yield Draft(EventKind.CLOSED, day.isoformat(), day, {"was": was, "now": now, **_last(stated, eve)})
        for one, window in both:
            if _begins_closing(window, eve, day) and window.last_day is not None and window.last_day >= today:
                yield _closing(one, window.last_day, day)


def _windows_changed(
    before: Sequence[Stated], after: Sequence[Stated], day: date, today: date, about: str
) -> Iterator[Draft]:
    """What the change of the windows meant on the day on which it was made."""
    old, new = read(before), read(after)
    was, now = best_status(old, day), best_status(new, day)
    if now in OPEN_NOW and was not in OPEN_NOW:
        yield Draft(EventKind.REOPENED if was in _ENDED else EventKind.OPENED, about, day, {"was": was})
        return
    if (was in OPEN_NOW and now in (*_ENDED, "forecast")) or (now == "closed" and was not in _ENDED):
        yield Draft(EventKind.CLOSED, about, day, {"was": was, "now": now})
        return
    moves = moved(before, after, day)
    if moves:
        yield Draft(EventKind.MOVED, about, day, {"moves": [[dict(one), dict(other)] for one, other in moves]})
        return
    days = {window.last_day for window in old}
    for one, window in readable(after):
        is_new = window.last_day is not None and window.last_day >= today and window.last_day not in days
        if is_new and window.last_day is not None and window_status(window, day) == "closing":
            yield _closing(one, window.last_day, day)


def moved(before: Sequence[Stated], after: Sequence[Stated], today: date) -> list[Move]:
    """The windows whose day or hour, or opening day beside it, is another one now: (as it was, as it is)."""
    known = [Placed(number, one) for number, one in enumerate(before) if when_of(one) is not None]
    stated = {placed.number: placed.stated for placed in known}
    found = []
    for number, new in pair(known, after, today).same:
        old = stated[number]
        was, opened = when_of(old), opening_of(old)
        is_moved = was is not None and was != when_of(new) and was[0] >= today
        opens_otherwise = opened is not None and opened >= today and opening_of(new) not in {None, opened}
        if is_moved or opens_otherwise:
            found.append((old, new))
    return found


def net_moves(changes: Iterable[Iterable[Sequence[Stated]]]) -> list[Move]:
    """Moves made one after the other as one a window: from where it was first to where it is now."""
    net: list[Move] = []
    for moves in changes:
        for before, after in moves:
            place = next((at for at, (_was, now) in enumerate(net) if _days(now) == _days(before)), None)
            if place is None:
                net.append((before, after))
            else:
                net[place] = (net[place][0], after)
    return [(before, after) for before, after in net if _days(before) != _days(after)]


def _days(stated: Stated) -> tuple[When | None, date | None]:
    return when_of(stated), opening_of(stated)


def _begins_closing(window: Window, eve: date, day: date) -> bool:
    return window_status(window, day) == "closing" != window_status(window, eve)


def _closing(stated: Stated, last_day: date, day: date) -> Draft:
    return Draft(EventKind.CLOSING, last_day.isoformat(), day, {"window": dict(stated)})


def _last(stated: Sequence[Stated], eve: date) -> dict[str, Any]:
    """The window that ended on the evening before."""
    return next(({"window": dict(one)} for one in stated if (when_of(one) or (None,))[0] == eve), {})


def status_on(windows: Sequence[Stated], day: date) -> WindowStatus:
    """What the calendar says of these windows on a day."""
    return best_status(read(windows), day)

"""The calendar: on which days of a month sources open and close, as exactly as they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from communs.apps.funding.queries.browsing import Browse, browse
from communs.apps.funding.queries.snapshot import Snapshot
from communs.apps.funding.vocabulary import Fit
from communs.core.matching import Window

What = Literal["opens", "closes"]
FITTING = (Fit.ELIGIBLE.value, Fit.LIKELY.value, Fit.ASK.value)
"""The answers for one commons that keep a source in its calendar: whatever is not refused."""

FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2099, 12, 1)
_VAGUE = frozenset({"month", "quarter", "year"})


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A day, or a period (its first day), on which a source opens or closes. `row`: its place in the catalogue."""

    on: date
    what: What
    row: int
    precision: str
    is_exact: bool


def rows_for(asked: Browse, today: date) -> tuple[Snapshot, int]:
    """The set of sources that a calendar is about: with a commons, those that are not refused to it."""
    fits = asked.fits or (FITTING if asked.fitting is not None else ())
    found = browse(Browse(asked.chosen, asked.text, with_closed=True, fitting=asked.fitting, fits=fits), today)
    return found.snapshot, found.rows


def marks_in(snapshot: Snapshot, rows: int, month: date) -> list[Mark]:
    """What opens and closes in the month that starts on `month`: exact days in their order, then what is less exact."""
    after = month_after(month)
    found = {
        mark
        for row in _members(rows)
        for mark in marks_of(row, snapshot.entries[row].opportunity.windows)
        if (month <= mark.on < after if mark.is_exact else _overlaps(mark, month, after))
    }
    return sorted(found, key=lambda mark: (not mark.is_exact, mark))


def marks_of(row: int, windows: Iterable[Window]) -> Iterator[Mark]:
    """The days that the windows of one source name."""
    for window in windows:
        is_exact = window.precision not in _VAGUE
        if window.opens is not None:
            yield Mark(window.opens, "opens", row, window.precision, is_exact)
        if window.closes is not None:
            yield Mark(window.closes, "closes", row, window.precision, is_exact)


def next_month_with_marks(snapshot: Snapshot, rows: int, month: date) -> date | None:
    """The first month after this one in which something opens or closes on an exact day; None where there is none."""
    after = month_after(month)
    days = (
        mark.on
        for row in _members(rows)
        for mark in marks_of(row, snapshot.entries[row].opportunity.windows)
        if mark.is_exact and after <= mark.on <= LAST_MONTH
    )
    first = min(days, default=None)
    return first.replace(day=1) if first else None


def month_after(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def weeks_of(month: date) -> list[list[date]]:
    """The weeks that a month touches, Monday first, each with its seven days."""
    monday = month - timedelta(days=month.weekday())
    weeks = []
    while monday < month_after(month):
        weeks.append([monday + timedelta(days=day) for day in range(7)])
        monday += timedelta(days=7)
    return weeks


def _overlaps(mark: Mark, month: date, after: date) -> bool:
    """Whether the period that a mark names and this month have days in common."""
    first = mark.on.replace(day=1)
    if mark.precision == "quarter":
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    if mark.precision == "year":
        first = first.replace(month=1)
    last = Window(closes=mark.on, precision=mark.precision).last_day
    return first < after and last is not None and last >= month


def _members(rows: int) -> Sequence[int]:
    """The rows of a set, in their order."""
    marks = bin(rows)[:1:-1]
    return [row for row, mark in enumerate(marks) if mark == "1"]

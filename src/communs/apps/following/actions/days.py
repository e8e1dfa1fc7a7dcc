"""The days of one opportunity as calendars have them, followed change by change.

A window has one row for its last day (or the first, while no last one is known), and one for its opening day once both
are known: each with its own number of moves, so that one can move or be cancelled without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from communs.apps.following.models import Deadline
from communs.apps.following.vocabulary import Edge
from communs.apps.following.windows import Placed, Stated, last_day, opening_of, pair, when_of

NUMBER_MAX = 32_000  # windows of one record
KEPT_DAYS = 30  # a day that lies further back is put into no calendar


@dataclass(slots=True)
class Days:
    """The days of one opportunity while they are brought up to date: one an edge and number.

    `changed` has rows that were there before, or that were made and changed at once.
    """

    record_id: int
    closings: dict[int, Deadline] = field(default_factory=dict)
    openings: dict[int, Deadline] = field(default_factory=dict)
    fresh: list[Deadline] = field(default_factory=list)
    changed: dict[tuple[int, str], Deadline] = field(default_factory=dict)

    def read(self, row: Deadline) -> None:
        """A row as it is kept."""
        self._of(row.edge)[row.number] = row

    @property
    def rows(self) -> list[Deadline]:
        """Every day, those of openings last."""
        return [*self.closings.values(), *self.openings.values()]

    def follow(self, windows: Iterable[Stated], day: date, now: datetime) -> Days:
        """The windows as they were on a day: moved, new, or gone."""
        known = [Placed(row.number, row.stated, row.is_cancelled) for row in self.closings.values()]
        found = pair(known, windows, day)
        for number, stated in found.same:
            self._move(number, stated, now)
            self._move_opening(number, stated, day, now)
        for number in found.gone:
            self._cancel(self.closings[number], day, now)
            if number in self.openings:
                self._cancel(self.openings[number], day, now)
        for stated in found.fresh:
            when, number = when_of(stated), max(self.closings, default=0) + 1
            if when is not None and when[0] >= day - timedelta(days=KEPT_DAYS) and number <= NUMBER_MAX:
                self._add(Edge.CLOSES, number, stated, when[0], now)
                self._move_opening(number, stated, day, now)
        return self

    def cancel(self, day: date, now: datetime) -> None:
        """No day from this one on will come: the record is not public any more."""
        for row in self.rows:
            self._cancel(row, day, now)

    def _move(self, number: int, stated: Stated, now: datetime) -> None:
        row, when = self.closings[number], when_of(stated)
        if when is not None and (dict(stated) != row.stated or row.is_cancelled):
            self._state(row, stated, when[0], now, is_moved=when != when_of(row.stated))

    def _move_opening(self, number: int, stated: Stated, day: date, now: datetime) -> None:
        row, opens = self.openings.get(number), opening_of(stated)
        if row is None:
            if opens is not None and opens >= day - timedelta(days=KEPT_DAYS):
                self._add(Edge.OPENS, number, stated, opens, now)
        elif opens is not None:
            if dict(stated) != row.stated or row.is_cancelled:
                self._state(row, stated, opens, now, is_moved=opens != row.day)
        else:
            # Without a last day the other row shows the opening day: then this one goes even where the day has passed.
            self._cancel(row, day if last_day(stated) is not None else row.day, now)

    def _add(self, edge: Edge, number: int, stated: Stated, day: date, now: datetime) -> None:
        row = Deadline(record_id=self.record_id, number=number, edge=edge, stated=dict(stated), day=day, changed_at=now)
        self.read(row)
        self.fresh.append(row)

    def _state(self, row: Deadline, stated: Stated, day: date, now: datetime, *, is_moved: bool) -> None:
        if is_moved or row.is_cancelled:
            row.moves += 1
            row.changed_at = now
        row.stated, row.day, row.is_cancelled = dict(stated), day, False
        self.changed[row.number, row.edge] = row

    def _cancel(self, row: Deadline, day: date, now: datetime) -> None:
        """A day that has passed before `day` did come, and stays."""
        if row.day >= day and not row.is_cancelled:
            row.is_cancelled, row.changed_at = True, now
            row.moves += 1
            self.changed[row.number, row.edge] = row

    def _of(self, edge: str) -> dict[int, Deadline]:
        return self.openings if edge == Edge.OPENS else self.closings

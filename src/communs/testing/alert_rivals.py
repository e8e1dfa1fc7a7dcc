"""How three well-known systems choose what an alert tells, and when they count it as told: the counter-tests of ours.

Ported from what was read in their code, with nothing around it. Each gets everything there is and a way to send that
may fail; what has arrived is counted outside.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

Send = Callable[[Sequence[str]], None]
"""Send one letter about these entries. Raises `OSError` when the mail server does not take it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was published."""

    name: str
    at: datetime


class Alert(Protocol):
    """One reader's alert: looks at everything there is, the newest first, and sends what it takes for new."""

    def run(self, now: datetime, entries: Sequence[Entry], send: Send) -> None: ...


@dataclass(slots=True)
class MarkedBeforeSending:
    """aides-territoires, Django: the alert is marked as sent first, and what the mail server says is swallowed."""

    latest_alert_at: datetime

    def run(self, now: datetime, entries: Sequence[Entry], send: Send) -> None:
        new = [entry.name for entry in entries if entry.at > self.latest_alert_at]
        self.latest_alert_at = now
        if new:
            try:
                send(new)
            except OSError:
                return


@dataclass(slots=True)
class FixedWindow:
    """aides-territoires, Symfony: what is new is what the last day brought, whenever an alert was last sent."""

    def run(self, now: datetime, entries: Sequence[Entry], send: Send) -> None:
        new = [entry.name for entry in entries if entry.at > now - timedelta(days=1)]
        if new:
            try:
                send(new)
            except OSError:
                return


@dataclass(slots=True)
class NewestPage:
    """simpler-grants: the 25 newest are compared with those seen, then all count as seen, mailed or not."""

    seen: set[str] = field(default_factory=set)
    page: int = 25

    def run(self, _now: datetime, entries: Sequence[Entry], send: Send) -> None:
        new = [entry.name for entry in entries[: self.page] if entry.name not in self.seen]
        self.seen = {entry.name for entry in entries}
        if new:
            try:
                send(new)
            except OSError:
                return


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the alerts, and what was published since the one before."""

    now: datetime
    published: tuple[Entry, ...]
    is_skipped: bool = False


def month(start: datetime) -> list[Run]:
    """Thirty days: two entries a day, forty on one, three runs skipped in a row, and one that is done twice."""
    runs = []
    for day in range(1, 31):
        now = start + timedelta(days=day)
        count = 40 if day == 12 else 2
        entries = tuple(Entry(f"fund-{day}-{number}", now - timedelta(hours=5)) for number in range(count))
        runs.append(Run(now, entries, is_skipped=day in {5, 6, 7}))
        if day == 20:
            runs.append(Run(now + timedelta(hours=2), ()))
    return runs


def simulate(alert: Alert, runs: Sequence[Run], failures: float, seed: int) -> tuple[int, int]:
    """(entries that never arrived, entries that arrived in more than one letter) when a share of letters fails."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    arrived: Counter[str] = Counter()
    entries: list[Entry] = []

    def send(names: Sequence[str]) -> None:
        if chance.random() < failures:
            raise ConnectionRefusedError
        arrived.update(names)

    for run in runs:
        entries = [*reversed(run.published), *entries]
        if not run.is_skipped:
            alert.run(run.now, entries, send)
    lost = sum(entry.name not in arrived for entry in entries)
    return lost, sum(count > 1 for count in arrived.values())

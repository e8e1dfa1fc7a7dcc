"""When one can apply: windows, and what a day says about them. No closing date is the normal case."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, cast

from communs.core.matching import records
from communs.core.matching.vocabulary import PRECISIONS, STATUSES, WINDOW_MODELS, WindowModel, WindowStatus

CLOSING_DAYS: Final = 14
"""A window counts as closing when so many days or fewer are left."""

CONFIRMED_DAYS: Final = 730
"""How long a source without a last day counts as open after it was last confirmed: two years."""

_OPEN_ENDED: Final = ("open", "permanent")

# What a last day that has passed means, where it is not "closed"; what no last day means, where it is not "unknown".
_PAST: Final[dict[str, WindowStatus]] = {"cutoffs": "between", "recurring": "between", "forecast": "unknown"}
_WITHOUT_END: Final[dict[str, WindowStatus]] = {"permanent": "permanent", "rolling": "open", "forecast": "forecast"}


@dataclass(frozen=True, slots=True)
class Window:
    """One window. `opens` and `closes` are the first and last day of what `precision` names (day, month …)."""

    model: WindowModel = "unknown"
    opens: date | None = None
    closes: date | None = None
    precision: str = "unknown"
    note: str = ""

    @classmethod
    def from_record(cls, record: Mapping[str, object], path: str = "window") -> Window:
        """Read a record's `window`. Raises `InvalidRecord`."""
        model = records.text(record, "model", path) or "unknown"
        precision = records.text(record, "precision", path) or "unknown"
        records.known_words((model,), WINDOW_MODELS, f"{path}.model")
        records.known_words((precision,), PRECISIONS, f"{path}.precision")
        return cls(
            cast("WindowModel", model), records.day(record, "opens", path), records.day(record, "closes", path),
            precision, records.text(record, "note", path) or "",
        )  # fmt: skip

    @property
    def last_day(self) -> date | None:
        """The last day on which an application may arrive, at the precision given.

        >>> Window("one_off", closes=date(2026, 2, 1), precision="month").last_day
        datetime.date(2026, 2, 28)
        """
        if self.closes is None or self.precision not in {"month", "quarter", "year"}:
            return self.closes
        year, month = self.closes.year, self.closes.month
        month = 12 if self.precision == "year" else month
        month = (month + 2) // 3 * 3 if self.precision == "quarter" else month
        return date(year, month, calendar.monthrange(year, month)[1])


def window_status(window: Window, today: date) -> WindowStatus:
    """What `today` says about one window. A past date under a repeating model is "between": not confirmed, never open.

    >>> window_status(Window("cutoffs", closes=date(2026, 2, 1), precision="day"), date(2026, 3, 1))
    'between'
    """
    last_day, opens = window.last_day, window.opens
    if window.model == "closed":
        return "closed"
    if last_day is not None and last_day < today:
        return _PAST.get(window.model, "closed")
    if opens is not None and opens > today:
        return "forecast"
    if window.model == "forecast" and opens is not None:
        return "unknown"  # announced for a day that has come, and nobody has confirmed that it opened
    if last_day is None or window.model == "forecast":
        return _WITHOUT_END.get(window.model, "unknown")
    return "closing" if (last_day - today).days <= CLOSING_DAYS else "open"


def best_status(windows: Iterable[Window], today: date) -> WindowStatus:
    """The best of several windows; "unknown" where none is stated."""
    found = [window_status(window, today) for window in windows]
    return min(found, key=STATUSES.index) if found else "unknown"


class HasWindows(Protocol):
    """Anything with windows and a date of confirmation: an `Opportunity`, a row of a database."""

    @property
    def windows(self) -> Iterable[Window]:
        """The windows, in any order."""

    @property
    def last_confirmed(self) -> str:
        """When the facts were last seen, "2025" or "2026-02" or "2026-02-18"; empty where nobody noted it."""


def status(opportunity: HasWindows, today: date) -> WindowStatus:
    """What `today` says about an opportunity: the best of its windows.

    A source without a last day that was last confirmed too long ago is "unknown": it may have ended since, and nobody
    would have noted it.

    >>> from types import SimpleNamespace
    >>> fund = SimpleNamespace(windows=[Window("permanent")], last_confirmed="2019")
    >>> status(fund, date(2021, 1, 15)), status(fund, date(2026, 1, 15))
    ('permanent', 'unknown')
    """
    found = best_status(opportunity.windows, today)
    if found not in _OPEN_ENDED or not _is_stale(opportunity.last_confirmed, today):
        return found
    dated = any(window.last_day is not None and window.last_day >= today for window in opportunity.windows)
    return found if dated else "unknown"


def _is_stale(confirmed: str, today: date) -> bool:
    """Whether the end of the period that `confirmed` names lies more than `CONFIRMED_DAYS` back."""
    parts = [int(part) for part in confirmed.split("-") if part.isdecimal()]
    if not parts:
        return False
    year, month, day = (*parts, 12, 31)[:3] if len(parts) < 2 else (*parts, 28)[:3]
    try:
        return (today - date(year, month, day)).days > CONFIRMED_DAYS
    except ValueError:
        return False

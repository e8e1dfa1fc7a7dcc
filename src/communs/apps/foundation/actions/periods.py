"""Years of the books: the next one is opened by who keeps them, one that is over is closed by two, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import close_period, open_period
from communs.apps.foundation.actions.proof import verify_now
from communs.apps.foundation.models import Decision, Period
from communs.apps.foundation.queries import periods as queries
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.proof import last_verification
from communs.apps.foundation.queries.public import number_of_entries
from communs.kit.records.actions import Impossible


@dataclass(frozen=True, slots=True)
class PeriodWanted:
    """The period that is to be closed, by its first day ("2026-01-01")."""

    starts_on: str


def open_next(by: Any, now: datetime) -> Period:
    """Open the year after the last period, or this one where there is none yet. Raises `Refused`, `Impossible`."""
    require(by, Duty.KEEP)
    last = Period.objects.order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else date(now.year, 1, 1)
    if starts_on.year > now.year + 1:
        raise Impossible(_("Next year is open already. The one after it can wait."))
    return open_period(starts_on, date(starts_on.year, 12, 31))


def verify_if_needed(now: datetime) -> None:
    """Verify the books where something was recorded since they were verified last: before a period is closed."""
    found = last_verification()
    if found is None or found.number or found.entries != number_of_entries():
        verify_now(now)


def check_close(content: dict[str, Any], kind: str) -> None:
    """Raises `NotThere`, and `Impossible` where the period is closed already."""
    if _period_of(content).closed_at is not None:
        raise Impossible(_("This period is closed already."))


def carry_out_close(decision: Decision, by: Any, now: datetime) -> None:
    """Close it. Raises `Impossible` with everything that speaks against it."""
    check_close(decision.content, decision.kind)
    period = _period_of(decision.content)
    wrong = [check.words for check in queries.closing_checks(period, now) if not check.holds]
    if wrong:
        raise Impossible(" ".join([_("The period cannot be closed yet."), *wrong]))
    close_period(period, now)


def period_closed(decision: Decision) -> str:
    """The first day of the period that a decision closes."""
    return PeriodWanted(**decision.content).starts_on


def _period_of(content: dict[str, Any]) -> Period:
    return queries.get_period(PeriodWanted(**content).starts_on)

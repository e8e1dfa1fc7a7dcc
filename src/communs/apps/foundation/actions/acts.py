"""What can be decided by two: for each kind what is checked when it is proposed, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from communs.apps.foundation.actions import agreements, funds, moving, periods
from communs.apps.foundation.models import Decision

Kind = Decision.Kind


def _nothing(_now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Act:
    """`check(content, kind)` says what is wrong; `carry_out(decision, by, now)` does it, `made(decision)` names it.

    `before(now)` is done before the last approval, outside of its transaction.
    """

    check: Callable[[dict[str, Any], str], None]
    carry_out: Callable[[Decision, Any, datetime], None]
    made: Callable[[Decision], str]
    before: Callable[[datetime], None] = _nothing


ACTS: Final[dict[str, Act]] = {
    Kind.OPEN_FUND: Act(funds.check_fund, funds.carry_out_fund, funds.fund_made),
    Kind.OVERDRAFT: Act(funds.check_overdraft, funds.carry_out_overdraft, funds.account_made),
    Kind.RELEASE: Act(moving.check_move, moving.carry_out_move, moving.entry_made),
    Kind.RECLASSIFY: Act(moving.check_move, moving.carry_out_move, moving.entry_made),
    Kind.REVERSAL: Act(moving.check_back, moving.carry_out_back, moving.entry_made),
    Kind.CLOSE_PERIOD: Act(
        periods.check_close, periods.carry_out_close, periods.period_closed, periods.verify_if_needed
    ),
    Kind.AGREEMENT: Act(agreements.check_agreement, agreements.carry_out_agreement, funds.fund_made),
}

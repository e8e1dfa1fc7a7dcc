"""What waits for whom: the start page of those who keep the foundation, and what a form offers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from communs.apps.foundation.models import Account, PayoutStep, Round
from communs.apps.foundation.queries import bank, decisions, gifts, giving_back, offices, owed, pay_ins, payouts, rounds
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.core.ledger.kinds import HELD

ACCOUNTS_MAX = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, by name of what it is; only what this person can do something about."""

    what: str
    count: int


def waiting_for(person: Any, now: datetime) -> list[Waiting]:
    """What waits for this person: nothing is named of which there is none."""
    duties = duties_of(person)
    found: list[Waiting] = []
    if Duty.APPROVE in duties:
        found += [
            Waiting("decisions", decisions.to_approve(person).count()),
            Waiting("payouts", payouts.to_approve(person).count()),
            Waiting("refunds", gifts.open_refunds().filter(approved_at=None).exclude(proposed_by=person).count()),
            Waiting("rounds", _rounds(Round.State.PROPOSED).exclude(approvals__person=person).count()),
        ]
    if Duty.KEEP in duties:
        found += [
            Waiting("lines", bank.lines(bank.TO_DECIDE).count()),
            Waiting("strays", pay_ins.outside().count()),
            Waiting("owed", sum(1 for row in owed.owed() if row.left and row.details is not None)),
            Waiting("pay-back", giving_back.without_payee().count()),
            Waiting("reserved", payouts.counts().get(PayoutStep.State.RESERVED, 0)),
            Waiting("ask", payouts.due_to_ask(now).count()),
            Waiting("drafts", _rounds(Round.State.DRAFT).count()),
            Waiting("rounds-due", rounds.due(now).count()),
        ]
    if duties & {Duty.KEEP, Duty.APPROVE}:
        found.append(Waiting("set-aside", payouts.set_aside_details().count()))
        found.append(Waiting("details", payouts.waiting_details().exclude(given_by=person).count()))
    return [one for one in (*_offices(person, duties, now), *found) if one.count]


def _offices(person: Any, duties: frozenset[Duty], now: datetime) -> list[Waiting]:
    """Offices that end soon: one's own, and to the board everybody's."""
    if not duties:
        return []
    ending = offices.ending(now)
    if Duty.APPROVE not in duties:
        return [Waiting("ending", ending.filter(person=person).count())]
    return [Waiting("seats", offices.seats_to_fill(now)), Waiting("ending", ending.count())]


def currency_of(account: str) -> str:
    """The currency of an account of the books, by its name."""
    return str(Account.objects.values_list("currency", flat=True).get(slug=account))


def _rounds(state: str) -> QuerySet[Round]:
    return Round.objects.filter(state=state)


def held_accounts() -> list[Account]:
    """Accounts of the books on which money lies: at banks and with providers."""
    return list(Account.objects.filter(kind__in=[one.value for one in HELD]).order_by("slug")[:ACCOUNTS_MAX])

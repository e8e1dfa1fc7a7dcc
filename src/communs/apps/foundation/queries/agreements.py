"""Reads of agreements with public funders: those that stand, and those that two of the board have still to approve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from communs.apps.foundation.models import Agreement, Decision, Fund, Gift
from communs.apps.foundation.queries.decisions import waiting
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.gifts import gifts
from communs.kit.gates import NotThere


def agreements() -> QuerySet[Agreement]:
    """Agreements that stand, the latest first."""
    found = Agreement.objects.select_related("decision__proposed_by", "gift__fund").prefetch_related("tranches")
    return found.order_by("-decision__proposed_at", "-pk")


def proposed() -> QuerySet[Decision]:
    """Agreements that nobody has decided yet, the oldest first: decisions with their `state`."""
    return waiting().filter(kind=Decision.Kind.AGREEMENT)


def get_agreement(person: Any, public_id: UUID) -> Agreement:
    """The agreement that this decision made, for who holds an office. Raises `Refused`, `NotThere`."""
    require(person, Duty.LOOK)
    found = agreements().filter(decision__public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def of_fund(fund: Fund) -> Agreement | None:
    """The agreement that a fund is bound by, with its tranches: public, as the fund is."""
    found = Agreement.objects.filter(gift__fund=fund).select_related("gift").prefetch_related("tranches")
    return found.first()


@dataclass(frozen=True, slots=True)
class Due:
    """What is due on a day and what of it has come (minor units); `is_late`: the day is over, and not all has."""

    on: date
    minor: int
    came: int
    is_late: bool


def dues(row: Agreement, came: int, today: date) -> list[Due]:
    """The tranches of an agreement: what has come pays the first first."""
    found, left = [], came
    for one in sorted(row.tranches.all(), key=lambda tranche: (tranche.due_on, tranche.number)):
        paid = min(one.minor, max(0, left))
        left -= paid
        found.append(Due(one.due_on, one.minor, paid, one.due_on < today and paid < one.minor))
    return found


def gift_of(row: Agreement) -> Gift:
    """As which its money comes in, with what has come."""
    return gifts(Q(pk=row.gift_id)).get()

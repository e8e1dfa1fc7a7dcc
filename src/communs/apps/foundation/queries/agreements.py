"""Reads of agreements with public funders: those that stand, and those that two of the board have still to approve."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from communs.apps.foundation.models import Agreement, Decision, Gift
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


def gift_of(row: Agreement) -> Gift:
    """As which its money comes in, with what has come."""
    return gifts(Q(pk=row.gift_id)).get()

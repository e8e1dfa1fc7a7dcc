"""What waits for an editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from communs.apps.register.models import Commons, CommonsProposal, Stewardship
from communs.apps.register.queries.alike import shared_keys
from communs.kit.records.models import Proposal, Visibility

QUEUE_MAX = 100


def proposals() -> Any:
    """The manager of proposals."""
    return CommonsProposal.objects


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for an editor."""

    unconfirmed: list[Commons]
    unconfirmed_total: int
    proposals: list[CommonsProposal]
    stewardships: list[Stewardship]
    duplicates: list[tuple[Commons, Commons]]


def queue() -> Queue:
    """Everything that waits for an editor, oldest first, a hundred of each at most."""
    unconfirmed = Commons.objects.filter(visibility=Visibility.UNCONFIRMED, merged_into=None)
    waiting = CommonsProposal.objects.filter(status=Proposal.Status.OPEN).select_related("subject", "person")
    asked = Stewardship.objects.filter(status=Stewardship.Status.ASKED).select_related("commons", "person")
    return Queue(
        unconfirmed=list(unconfirmed.order_by("created_at", "pk")[:QUEUE_MAX]),
        unconfirmed_total=unconfirmed.count(),
        proposals=list(waiting[:QUEUE_MAX]),
        stewardships=list(asked.order_by("since")[:QUEUE_MAX]),
        duplicates=shared_keys(),
    )

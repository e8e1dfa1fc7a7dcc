"""The gate: what a person may do with a commons, and the only ways to reach its rows on behalf of a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from communs.apps.register.models import Commons, CommonsProposal, CommonsRevision, Relation, Stewardship
from communs.kit.gates import NotThere, Right
from communs.kit.records.gate import Gate


def is_steward(person: Any, commons: Commons) -> bool:
    """Whether a person looks after a commons, or after one that was merged into it."""
    mine = Stewardship.objects.filter(person=person, status=Stewardship.Status.ACTIVE)
    return mine.filter(Q(commons=commons) | Q(commons__merged_into=commons)).exists()


_GATE = Gate(Commons, CommonsProposal, is_steward)


def rights_on(person: Any, commons: Commons) -> frozenset[Right]:
    """What a person may do with a commons; `person` may be someone who is not signed in."""
    return _GATE.rights_on(person, commons)


def get_commons(person: Any, public_id: str, right: Right = Right.SEE) -> Commons:
    """The one way to reach a commons on behalf of a person.

    Raises `NotThere` when it is absent or hidden from this person, `Refused` when the right is missing.
    """
    commons: Commons = _GATE.get(person, public_id, right)
    return commons


def get_proposal(person: Any, pk: int) -> CommonsProposal:
    """A proposal that a person may see: on a commons that the person sees, or one's own, or any for editors."""
    proposal: CommonsProposal = _GATE.get_proposal(person, pk)
    return proposal


def get_relation(commons: Commons, pk: int) -> Relation:
    """A relation in force that starts at this commons. Raises `NotThere`."""
    relation = Relation.objects.filter(pk=pk, from_commons=commons, withdrawn_at=None).first()
    if relation is None:
        raise NotThere
    return relation


def get_revision(pk: int) -> CommonsRevision | None:
    """A revision with its commons, for the task worker."""
    return CommonsRevision.objects.select_related("subject", "person", "source").filter(pk=pk).first()


def get_stewardship(commons: Commons, pk: int) -> Stewardship:
    """One person's stewardship of this commons. Raises `NotThere`."""
    stewardship = Stewardship.objects.select_related("person").filter(pk=pk, commons=commons).first()
    if stewardship is None:
        raise NotThere
    return stewardship

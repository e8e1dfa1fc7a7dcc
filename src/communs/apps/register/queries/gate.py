"""The gate: what a person may do with a commons, and the only ways to reach its rows on behalf of a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from communs.apps.register.models import Commons, CommonsProposal, CommonsRevision, Relation, Stewardship
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.actions import with_ancestors
from communs.kit.records.models import Visibility

_READER = frozenset({Right.SEE})
_MEMBER = _READER | {Right.PROPOSE}
_STEWARD = _MEMBER | {Right.EDIT}
_EDITOR = _STEWARD | {Right.MODERATE}
_ADMINISTRATOR = _EDITOR | {Right.ADMINISTER}


def rights_on(person: Any, commons: Commons) -> frozenset[Right]:
    """What a person may do with a commons; `person` may be someone who is not signed in."""
    if not person.is_authenticated or not person.is_active:
        return _READER if _is_visible(commons) else frozenset()
    if person.is_administrator:
        return _ADMINISTRATOR
    if person.is_editor:
        return _EDITOR
    if commons.visibility != Visibility.REMOVED and is_steward(person, commons):
        return _STEWARD
    return _MEMBER if _is_visible(commons) else frozenset()


def _is_visible(commons: Commons) -> bool:
    """Public, and not merged into something that is not."""
    return all(record.visibility == Visibility.PUBLIC for record in with_ancestors(commons))


def is_steward(person: Any, commons: Commons) -> bool:
    """Whether a person looks after a commons, or after one that was merged into it."""
    mine = Stewardship.objects.filter(person=person, status=Stewardship.Status.ACTIVE)
    return mine.filter(Q(commons=commons) | Q(commons__merged_into=commons)).exists()


def get_commons(person: Any, public_id: str, right: Right = Right.SEE) -> Commons:
    """The one way to reach a commons on behalf of a person.

    Raises `NotThere` when it is absent or hidden from this person, `Refused` when the right is missing.
    """
    commons = Commons.objects.select_related("merged_into").filter(public_id=public_id).first()
    if commons is None:
        raise NotThere
    rights = rights_on(person, commons)
    if Right.SEE not in rights:
        raise NotThere
    if right not in rights:
        raise Refused(right, signed_in=person.is_authenticated)
    commons.rights = rights
    return commons


def get_proposal(person: Any, pk: int) -> CommonsProposal:
    """A proposal that a person may see: on a commons that the person sees, or one's own, or any for editors."""
    proposal = (
        CommonsProposal.objects.select_related("subject__merged_into", "person", "decided_by").filter(pk=pk).first()
    )
    if proposal is None:
        raise NotThere
    if proposal.subject is not None:
        visible = Right.SEE in rights_on(person, proposal.subject)
    else:
        visible = person.is_authenticated and (person.is_editor or proposal.person_id == person.pk)
    if not visible:
        raise NotThere
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

"""The one gate to an opportunity on behalf of a person.

| who | public | unconfirmed or removed |
|---|---|---|
| visitor | see | nothing |
| member | see, propose | nothing |
| editor | see, propose, edit, moderate | the same |
| administrator | everything | everything |
"""

from __future__ import annotations

from typing import Any

from communs.apps.funding.models import Opportunity, OpportunityProposal
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.models import Visibility

_NOTHING: frozenset[Right] = frozenset()
_VISITOR = frozenset({Right.SEE})
_MEMBER = _VISITOR | {Right.PROPOSE}
_EDITOR = _MEMBER | {Right.EDIT, Right.MODERATE}
_ADMINISTRATOR = _EDITOR | {Right.ADMINISTER}


def rights_on(person: Any, opportunity: Opportunity) -> frozenset[Right]:
    """What `person` (who may be anonymous) may do with it."""
    if not person.is_authenticated or not person.is_active:
        return _VISITOR if _is_visible(opportunity) else _NOTHING
    if person.is_administrator:
        return _ADMINISTRATOR
    if person.is_editor:
        return _EDITOR
    return _MEMBER if _is_visible(opportunity) else _NOTHING


def get_opportunity(person: Any, public_id: str, right: Right = Right.SEE) -> Opportunity:
    """The opportunity, if the person has the right. Raises `NotThere` (absent or hidden) or `Refused`.

    One that was merged into another is seen by whoever sees that other one, so that pages can lead there.
    """
    opportunity = Opportunity.objects.select_related("merged_into").filter(public_id=public_id).first()
    if opportunity is None:
        raise NotThere
    rights = rights_on(person, opportunity)
    if Right.SEE not in rights:
        raise NotThere
    if right not in rights:
        raise Refused(right, signed_in=person.is_authenticated)
    return opportunity


def _is_visible(opportunity: Any) -> bool:
    """Public, and not merged into something that is not."""
    shown = opportunity.visibility == Visibility.PUBLIC
    return bool(shown) and (opportunity.merged_into is None or _is_visible(opportunity.merged_into))


def get_proposal(person: Any, pk: int) -> OpportunityProposal:
    """A proposal that the person may see: on what they may see, or for a new record by themselves or as editor."""
    proposal = OpportunityProposal.objects.select_related("subject__merged_into", "person").filter(pk=pk).first()
    if proposal is None:
        raise NotThere
    if proposal.subject is not None:
        visible = Right.SEE in rights_on(person, proposal.subject)
    else:
        visible = person.is_authenticated and (person.is_editor or proposal.person_id == person.pk)
    if not visible:
        raise NotThere
    return proposal


def proposals() -> Any:
    """The manager of proposals."""
    return OpportunityProposal.objects


def may_create(person: Any) -> bool:
    """Whether a new opportunity of this person stands at once; otherwise it is a proposal."""
    return bool(person.is_authenticated and person.is_editor)

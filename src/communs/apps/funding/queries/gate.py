"""The one gate to an opportunity on behalf of a person: the rights are those of every record (`kit.records.gate`)."""

from __future__ import annotations

from typing import Any

from communs.apps.funding.models import Opportunity, OpportunityProposal
from communs.kit.gates import Right
from communs.kit.records.gate import Gate

_GATE = Gate(Opportunity, OpportunityProposal)


def rights_on(person: Any, opportunity: Opportunity) -> frozenset[Right]:
    """What `person` (who may be anonymous) may do with it."""
    return _GATE.rights_on(person, opportunity)


def get_opportunity(person: Any, public_id: str, right: Right = Right.SEE) -> Opportunity:
    """The opportunity, if the person has the right. Raises `NotThere` (absent or hidden) or `Refused`."""
    opportunity: Opportunity = _GATE.get(person, public_id, right)
    return opportunity


def get_proposal(person: Any, pk: int) -> OpportunityProposal:
    """A proposal that the person may see. Raises `NotThere`."""
    proposal: OpportunityProposal = _GATE.get_proposal(person, pk)
    return proposal


def proposals() -> Any:
    """The manager of proposals."""
    return OpportunityProposal.objects


def may_create(person: Any) -> bool:
    """Whether a new opportunity of this person stands at once; otherwise it is a proposal."""
    return bool(person.is_authenticated and person.is_editor)

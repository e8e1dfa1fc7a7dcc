"""The gate that every kind of record has: who may do what, and the only ways to a row on behalf of a person.

| who | public | unconfirmed | removed |
|---|---|---|---|
| visitor | see | nothing | nothing |
| member | see, propose | nothing | nothing |
| steward, where the app knows such | see, propose, edit | the same | nothing |
| editor | see, propose, edit, moderate | the same | the same |
| administrator | everything | everything | everything |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.actions import with_ancestors
from communs.kit.records.models import Visibility

VISITOR = frozenset({Right.SEE})
MEMBER = VISITOR | {Right.PROPOSE}
STEWARD = MEMBER | {Right.EDIT}
EDITOR = STEWARD | {Right.MODERATE}
ADMINISTRATOR = EDITOR | {Right.ADMINISTER}
NOTHING: frozenset[Right] = frozenset()


def _nobody(_person: Any, _record: Any) -> bool:
    return False


class Gate:
    """The gate of one kind of record. `person` may always be someone who is not signed in."""

    def __init__(self, model: Any, proposal: Any, is_steward: Callable[[Any, Any], bool] = _nobody) -> None:
        """`model` of the records, `proposal` to change them, `is_steward(person, record)` where there are stewards."""
        self.model, self.proposal, self.is_steward = model, proposal, is_steward

    def rights_on(self, person: Any, record: Any) -> frozenset[Right]:
        """What a person may do with a record."""
        if not person.is_authenticated or not person.is_active:
            return VISITOR if is_visible(record) else NOTHING
        if person.is_administrator:
            return ADMINISTRATOR
        if person.is_editor:
            return EDITOR
        if record.visibility != Visibility.REMOVED and self.is_steward(person, record):
            return STEWARD
        return MEMBER if is_visible(record) else NOTHING

    def get(self, person: Any, public_id: str, right: Right = Right.SEE) -> Any:
        """The record, if the person has the right; it then carries the person's rights.

        One that was merged into another is seen by whoever sees that other one, so that pages can lead there.
        Raises `NotThere` when it is absent or hidden from this person, `Refused` when the right is missing.
        """
        if "\0" in public_id:  # from an address; PostgreSQL cannot even be asked for it
            raise NotThere
        record = self.model.objects.select_related("merged_into").filter(public_id=public_id).first()
        if record is None:
            raise NotThere
        rights = self.rights_on(person, record)
        if Right.SEE not in rights:
            raise NotThere
        if right not in rights:
            raise Refused(right, signed_in=person.is_authenticated)
        record.rights = rights
        return record

    def get_proposal(self, person: Any, pk: int) -> Any:
        """A proposal that a person may see: on what they may see, or for a new record by themselves or as editor."""
        rows = self.proposal.objects.select_related("subject__merged_into", "person", "decided_by")
        proposal = rows.filter(pk=pk).first()
        if proposal is None:
            raise NotThere
        if proposal.subject is not None:
            visible = Right.SEE in self.rights_on(person, proposal.subject)
        else:
            visible = person.is_authenticated and (person.is_editor or proposal.person_id == person.pk)
        if not visible:
            raise NotThere
        return proposal


def is_visible(record: Any) -> bool:
    """Public, and not merged into something that is not."""
    return all(one.visibility == Visibility.PUBLIC for one in with_ancestors(record))

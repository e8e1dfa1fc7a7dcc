"""What people do around a record: accept or refuse what was proposed, discuss, watch, go back to an earlier version.

Writes in one transaction each. Rights have been checked by the app's gate before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.kit.catalogue import next_sequence
from communs.kit.records import actions
from communs.kit.records.actions import Author, Impossible, close_proposal, lock_row, state
from communs.kit.records.history import values_at
from communs.kit.records.models import Proposal, Revision

Create = Callable[[Mapping[str, Any], Author, str, str], Any]
Check = Callable[[str, Mapping[str, Any]], Mapping[str, str]]
"""(public id, values as they would be) -> {field: what is wrong with it}"""


def propose(
    manager: Any, values: Mapping[str, Any], person: Any, *, subject: Any = None, note: str = "", evidence_url: str = ""
) -> Any:
    """Suggest a change, or a new record (`subject` None). Raises `Impossible` when nothing is changed."""
    with transaction.atomic():
        proposal = actions.propose(manager, values, person, subject=subject, note=note, evidence_url=evidence_url)
        _seen_on_pages(subject)
    return proposal


def accept(
    proposal: Any,
    author: Author,
    *,
    fields: Collection[str] | None = None,
    reason: str = "",
    check: Check = lambda _public_id, _values: {},
) -> Revision | None:
    """Take over a proposed change, or only the named fields of it. None when all of it is shown already.

    The statement stays with the person who proposed; the revision is the decider's.
    Raises `Impossible` when it was decided before, when no field is chosen, or when `check` finds wrong what was right
    before: the record may have changed since it was proposed, and so may what is asked of a value.
    """
    with transaction.atomic():
        proposal = close_proposal(proposal, Proposal.Status.ACCEPTED, author.person, reason=reason)
        values = _chosen(proposal.values, fields)
        _refuse_wrong(lock_row(proposal.subject), values, check)
        revision = state(proposal.subject, values, author, note=proposal.note, evidence_url=proposal.evidence_url)
        _credit(revision, proposal)
    return revision


def accept_new(
    proposal: Any,
    author: Author,
    create: Create,
    *,
    fields: Collection[str] | None = None,
    reason: str = "",
    check: Check = lambda _public_id, _values: {},
) -> Any:
    """Create the record that was proposed, with `create(values, author, note, evidence_url)`; returns it.

    Raises `Impossible` when `check` finds anything wrong with what is taken over.
    """
    with transaction.atomic():
        proposal = close_proposal(proposal, Proposal.Status.ACCEPTED, author.person, reason=reason)
        values = _chosen(proposal.values, fields)
        _refuse_found(check("", values).values())
        record = create(values, author, proposal.note, proposal.evidence_url)
        _credit(record.revisions.latest("id"), proposal)
        # The proposal then stands in the history of what came of it.
        proposal.subject = record
        proposal.save(update_fields=["subject"])
    return record


def _refuse_wrong(record: Any, values: Mapping[str, Any], check: Check) -> None:
    """Raise `Impossible` with all that the values would make wrong; what is wrong already is no reason."""
    already = check(record.public_id, record.values)
    wrong = check(record.public_id, {**record.values, **values})
    _refuse_found(problem for field, problem in wrong.items() if already.get(field) != problem)


def _refuse_found(problems: Iterable[str]) -> None:
    if said := " ".join(problems):
        raise Impossible(_("It cannot be taken over as it stands. {problems}").format(problems=said))


def refuse(proposal: Any, person: Any, *, reason: str) -> None:
    """Refuse a proposal, saying why. Raises `Impossible` without a reason or when it was decided before."""
    if not reason.strip():
        raise Impossible(_("Say why: the person who proposed it will read it."))
    with transaction.atomic():
        close_proposal(proposal, Proposal.Status.REFUSED, person, reason=reason)
        _seen_on_pages(proposal.subject)


def take_back(proposal: Any, person: Any) -> None:
    """Withdraw one's own proposal."""
    if proposal.person_id != person.pk:
        raise Impossible(_("Only the person who proposed it can take it back."))
    with transaction.atomic():
        close_proposal(proposal, Proposal.Status.WITHDRAWN, person)
        _seen_on_pages(proposal.subject)


def restore(record: Any, version: int, author: Author, *, note: str = "") -> Revision | None:
    """State again what an earlier version showed, field by field; None when nothing differs."""
    with transaction.atomic():
        record = lock_row(record)
        then = values_at(record, version)
        values = {field: then.get(field) for field in record.values.keys() | then.keys()}
        return state(record, values, author, note=note)


def comment(record: Any, person: Any, text: str) -> Any:
    """Add a contribution to the discussion."""
    if not text.strip():
        raise Impossible(_("There is nothing to publish yet: write something first."))
    with transaction.atomic():
        contribution = record.comments.create(person=person, text=text.strip(), at=timezone.now())
        _seen_on_pages(record)
    return contribution


def hide_comment(contribution: Any) -> None:
    """Hide a contribution from everyone but editors; it stays in the database."""
    _set_hidden(contribution, timezone.now())


def show_comment(contribution: Any) -> None:
    """Show it again."""
    _set_hidden(contribution, None)


def watch(record: Any, person: Any) -> None:
    """Tell this person of every change from now on."""
    record.watches.get_or_create(person=person, defaults={"since": timezone.now()})


def unwatch(record: Any, person: Any) -> None:
    """Stop telling this person of changes."""
    record.watches.filter(person=person).delete()


def _set_hidden(contribution: Any, moment: datetime | None) -> None:
    with transaction.atomic():
        contribution.hidden_at = moment
        contribution.save(update_fields=["hidden_at"])
        _seen_on_pages(contribution.subject)


def _seen_on_pages(record: Any) -> None:
    """Make pages kept in memory stale: what people say around a record stands on them."""
    if record is not None:
        next_sequence(record.CATALOGUE)


def _chosen(values: Mapping[str, Any], fields: Collection[str] | None) -> dict[str, Any]:
    chosen = {name: value for name, value in values.items() if fields is None or name in fields}
    if not chosen:
        raise Impossible(_("Choose at least one field to take over, or refuse the proposal."))
    return chosen


def _credit(revision: Revision | None, proposal: Any) -> None:
    if revision is not None and proposal.person_id is not None:
        revision.statements.update(person=proposal.person_id)  # type: ignore[attr-defined]

"""Writes on records made of claims: one transaction each, validate → lock → do → journal (the revision).

Every function takes the record (or proposal) and who acts; rights have been checked by the app's gate before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.kit.catalogue import next_sequence
from communs.kit.records import resolve
from communs.kit.records.models import Method, Record, Revision, Statement, Visibility
from communs.kit.records.values import is_said


class Impossible(Exception):
    """The change cannot be made as things stand; the message says why and what to do, and may be shown."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts and in which capacity. `person` is None for the site's own commands."""

    person: Any
    method: Method = Method.EDITOR


def state(
    record: Any, values: Mapping[str, Any], author: Author, *, note: str = "", evidence_url: str = ""
) -> Revision | None:
    """Add a statement by a person. Values equal to those shown are dropped; None when nothing is left.

    A value of `None` says "there is none". Raises `Impossible` for a field locked against the author.
    """
    with transaction.atomic():
        record = lock_row(record)
        changed = resolve.diff({f: record.values.get(f) for f in values}, dict(values))
        if not changed:
            return None
        _refuse_locked(record, changed)
        now = timezone.now()
        statement = _statement_by(record, {field: values[field] for field in changed}, author, now, evidence_url)
        return refresh(record, Revision.Kind.CHANGED, now, person=author.person, note=note, new=statement)


def create(
    model: type[Record],
    public_id: str,
    values: Mapping[str, Any],
    author: Author,
    *,
    note: str = "",
    evidence_url: str = "",
) -> Any:
    """Add a record with its first statement. Raises `Impossible` when the id is taken."""
    now = timezone.now()
    with transaction.atomic():
        if model._default_manager.filter(public_id=public_id).exists():
            raise Impossible(_("The id {id} is taken: choose another one.").format(id=public_id))
        said = {field: value for field, value in values.items() if is_said(value)}
        record: Any = model(public_id=public_id, created_at=now, updated_at=now, version=0)
        record.project()
        record.save()
        statement = _statement_by(record, said, author, now, evidence_url)
        refresh(record, Revision.Kind.CREATED, now, person=author.person, note=note, new=statement)
    return record


def revert(revision: Any, person: Any, note: str = "") -> Revision:
    """Undo one revision: what it stated no longer counts (or counts again, when it was itself a revert).

    Raises `Impossible` when the revision stated nothing or has been reverted already.
    """
    with transaction.atomic():
        record = lock_row(revision.subject)
        origin, undo = origin_of(revision)
        if not origin.statements.exists():
            raise Impossible(_("This entry changed no value: there is nothing to revert."))
        now = timezone.now()
        origin.statements.update(withdrawn_at=now if undo else None)
        # What an import had replaced speaks again while the import is withdrawn.
        replaced = record.statements.filter(superseded_by=origin)
        replaced.update(superseded_at=None if undo else origin.at)
        return refresh(record, Revision.Kind.REVERTED, now, person=person, note=note, reverts=revision)


def origin_of(revision: Any) -> tuple[Any, bool]:
    """The change that a revert of `revision` is about, and whether it is undone (or made again).

    Raises `Impossible` when the revision has been reverted already. Call with the record locked.
    """
    if revision.reverted_by.exists():
        raise Impossible(_("This change has been reverted already."))
    return origin_chain(revision)


def origin_chain(revision: Any) -> tuple[Any, bool]:
    """The change at the end of a chain of reverts, and whether it counts after `revision` (undone twice: it does)."""
    origin, counts = revision, True
    while origin.reverts is not None:
        origin, counts = origin.reverts, not counts
    return origin, counts


def lock_field(record: Any, field: str, person: Any, *, note: str = "") -> Revision:
    """Keep the value shown against imports and other people. Raises `Impossible` when nothing is shown."""
    with transaction.atomic():
        record = lock_row(record)
        claims = resolve.resolve(statements_of(record)).get(field)
        if not claims:
            raise Impossible(_("Nothing is known in this field: there is nothing to lock."))
        statement = claims[0].statement
        statement.locked = sorted({*statement.locked, field})
        statement.save(update_fields=["locked"])
        return refresh(record, Revision.Kind.LOCKED, timezone.now(), person=person, note=note or field)


def unlock_field(record: Any, field: str, person: Any, *, note: str = "") -> Revision:
    """Let the usual order of claims decide again."""
    with transaction.atomic():
        record = lock_row(record)
        for statement in statements_of(record):
            if field in statement.locked:
                statement.locked = [name for name in statement.locked if name != field]
                statement.save(update_fields=["locked"])
        return refresh(record, Revision.Kind.UNLOCKED, timezone.now(), person=person, note=note or field)


def set_visibility(record: Any, visibility: Visibility, person: Any, *, note: str = "") -> Revision:
    """Confirm a record for public pages, or remove it from them (its claims and history stay)."""
    kind = Revision.Kind.REMOVED if visibility == Visibility.REMOVED else Revision.Kind.CONFIRMED
    with transaction.atomic():
        record = lock_row(record)
        record.visibility = visibility
        return refresh(record, kind, timezone.now(), person=person, note=note)


def merge(duplicate: Any, into: Any, person: Any, *, note: str = "") -> Revision:
    """Fold `duplicate` into `into`: both keep their claims, `into` shows the union. `separate` undoes it.

    Raises `Impossible` for a record merged with itself, in a circle, or twice.
    """
    with transaction.atomic():
        first, second = sorted((duplicate, into), key=lambda record: record.pk)
        locked = {record.pk: lock_row(record) for record in (first, second)}
        duplicate, into = locked[duplicate.pk], locked[into.pk]
        if duplicate.pk == into.pk or into.merged_into_id or duplicate.merged_into_id:
            raise Impossible(_("These two are the same entry already."))
        now = timezone.now()
        duplicate.merged_into = into
        refresh(duplicate, Revision.Kind.MERGED, now, person=person, note=note or into.public_id)
        return refresh(into, Revision.Kind.MERGED, now, person=person, note=note or duplicate.public_id)


def separate(duplicate: Any, person: Any, *, note: str = "") -> Revision:
    """Undo a merge: each record shows its own claims again. Raises `Impossible` when it was not merged.

    What had been merged into the duplicate before stays with it.
    """
    with transaction.atomic():
        duplicate = lock_row(duplicate)
        into = duplicate.merged_into
        if into is None:
            raise Impossible(_("This entry is not merged with another."))
        now = timezone.now()
        duplicate.merged_into = None
        revision = refresh(duplicate, Revision.Kind.SEPARATED, now, person=person, note=note or into.public_id)
        for record in with_ancestors(into):
            refresh(lock_row(record), Revision.Kind.SEPARATED, now, person=person, note=note or duplicate.public_id)
    return revision


def propose(
    proposals: Any,
    values: Mapping[str, Any],
    person: Any,
    *,
    subject: Any = None,
    note: str = "",
    evidence_url: str = "",
) -> Any:
    """Store a suggestion for others to decide. `subject` is None for a new record. Raises `Impossible` when empty."""
    if not values:
        raise Impossible(_("Nothing was changed: there is nothing to propose."))
    return proposals.create(
        subject=subject,
        person=person,
        values=dict(values),
        note=note,
        evidence_url=evidence_url,
        created_at=timezone.now(),
    )


def close_proposal(proposal: Any, status: str, person: Any, *, reason: str = "") -> Any:
    """Mark an open proposal as decided; returns it locked and fresh. Raises `Impossible` when decided before."""
    proposal = type(proposal)._default_manager.select_for_update().get(pk=proposal.pk)
    if proposal.status != "open":
        raise Impossible(_("This proposal has been decided already."))
    proposal.status, proposal.decided_by, proposal.decided_at = status, person, timezone.now()
    proposal.reason = reason
    proposal.save()
    return proposal


def lock_row(record: Any) -> Any:
    """The record as it is now, locked until the transaction ends."""
    return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


def with_ancestors(record: Any) -> list[Any]:
    """The record and those it was merged into, one after the other; the last one is public."""
    found = [record]
    while (into := found[-1].merged_into) is not None:
        found.append(into)
    return found


def merged_ids(record: Any) -> list[int]:
    """The record's own id and those of everything merged into it, directly or through another."""
    found = front = [record.pk]
    while front:
        front = list(type(record)._default_manager.filter(merged_into__in=front).values_list("pk", flat=True))
        found = found + front
    return found


def statements_of(record: Any) -> list[Statement]:
    """Every statement that speaks of the record, its own and those of records merged into it, with their sources."""
    model = record.statements.model
    statements = model._default_manager.filter(subject__in=merged_ids(record))
    return list(statements.select_related("source", "person"))


def refresh(
    record: Any,
    kind: str,
    now: datetime,
    *,
    person: Any = None,
    note: str = "",
    new: Any = None,
    reverts: Any = None,
    run: Any = None,
) -> Revision:
    """Compute the values shown anew, save the record, append the revision and its new statement.

    Call with the row locked.
    """
    before = record.values
    record.told = resolve.resolve([*statements_of(record), *([new] if new else [])])
    record.values = resolve.shown(record.told)
    record.version += 1
    record.updated_at = now
    record.sequence = next_sequence(record.CATALOGUE)
    record.project()
    record.save()
    revision: Revision = record.revisions.create(
        kind=kind,
        at=now,
        person=person,
        source=new.source if new else None,
        note=note,
        diff=resolve.diff(before, record.values),
        version=record.version,
        reverts=reverts,
        run=run,
    )
    if new:
        new.revision = revision
        new.save()
    return revision


def _statement_by(record: Any, values: dict[str, Any], author: Author, now: datetime, evidence_url: str) -> Any:
    """A statement by a person, not saved yet."""
    return record.statements.model(
        subject=record,
        person=author.person,
        method=author.method,
        values=values,
        evidence=[{"ref": evidence_url}] if evidence_url else [],
        seen_as_of=now.date().isoformat(),
        stated_at=now,
        digest=resolve.digest_of(values, author.method, getattr(author.person, "pk", None), now.isoformat()),
    )


def _refuse_locked(record: Any, fields: Iterable[str]) -> None:
    locked = {field for statement in statements_of(record) if statement.is_in_force for field in statement.locked}
    blocked = sorted(locked.intersection(fields))
    if blocked:
        raise Impossible(
            _("Locked by an editor: {fields}. Unlock first, or discuss it.").format(fields=", ".join(blocked))
        )

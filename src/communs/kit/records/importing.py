"""Bulk import of claims: in batches, memory flat, idempotent. A second run of the same file writes nothing.

A record in a source is known by (source, key). A statement with the same values, evidence and date as one that is
there (in force, superseded or withdrawn) is not written again; a different one supersedes the earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from communs.kit.catalogue import next_sequence
from communs.kit.models import Run, Source
from communs.kit.records import contradictions, resolve
from communs.kit.records.actions import lock_row, refresh, statements_of, with_ancestors
from communs.kit.records.files import BadRecord, Placed
from communs.kit.records.listed import Listed
from communs.kit.records.models import Method, Record, Revision, Visibility
from communs.kit.records.telling import Told

BATCH = 500


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """What one source says of one record."""

    source: Source
    method: Method
    key: str
    values: dict[str, Any]
    evidence: list[dict[str, Any]] = field(default_factory=list)
    seen_as_of: str = ""

    @property
    def digest(self) -> str:
        return resolve.digest_of(self.source.key, self.method, self.key, self.values, self.evidence, self.seen_as_of)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record of a file: its public id and the statements about it."""

    public_id: str
    visibility: Visibility
    statements: list[StatementDraft]


REFUSED_KEPT_MAX = 1000


class Refusals(list[tuple[str, str, str]]):
    """(place, problem, remedy) of what was refused: the first thousand are kept, `total` counts all."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def append(self, refusal: tuple[str, str, str]) -> None:
        self.total += 1
        if len(self) < REFUSED_KEPT_MAX:
            super().append(refusal)


@dataclass(slots=True)
class ImportReport:
    """What an import did. `remarks`: faults in records that could be used all the same.

    `run`: the id of the run it belongs to, where there is one; `problem`: why that failed.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: Refusals = field(default_factory=Refusals)
    contradictions: int = 0
    gone: int = 0
    back: int = 0
    remarks: int = 0
    run: int | None = None
    problem: str = ""

    @property
    def written(self) -> int:
        return self.new + self.changed


@dataclass(frozen=True, slots=True)
class Within:
    """What an import belongs to: the run, and the list that it is part of.

    `feed` speaks where a record names no source; where it `vouches`, it speaks for all that the records themselves
    do not trace to another one.
    """

    run: Run | None = None
    feed: Source | None = None
    vouches: bool = False
    listed: Listed | None = None

    def refused(self, item: Placed | BadRecord) -> None:
        """A record was refused: it is listed all the same; where nobody knows which one it is, none may be gone."""
        if self.listed is not None:
            self.listed.note_refused(item.record.get("id") if isinstance(item, Placed) else None)


ALONE = Within()


def import_records(
    model: type[Record],
    incoming: Iterable[Incoming],
    *,
    now: datetime,
    report: ImportReport | None = None,
    told: Told | None = None,
    within: Within = ALONE,
    progress: Callable[[int], None] = lambda _count: None,
) -> ImportReport:
    """Import record by record, a transaction per batch of 500: what was committed stays if a later batch fails.

    Those who watch a changed record are told at the end, also of what was committed before a failure; a caller that
    goes on with the same run passes its own `told`, and tells them itself.
    """
    report, run = report or ImportReport(), told or Told(model)
    stream = iter(incoming)
    try:
        while batch := list(islice(stream, BATCH)):
            with transaction.atomic():
                changes = _Batch(model, _unique(batch), now, report, within).write()
            run.note(changes)
            progress(report.new + report.changed + report.unchanged)
    finally:
        if told is None:
            run.tell()
    return report


def _unique(batch: list[Incoming]) -> list[Incoming]:
    """Of records repeated within a batch the statements are joined."""
    merged: dict[str, Incoming] = {}
    for item in batch:
        earlier = merged.get(item.public_id)
        statements = [*earlier.statements, *item.statements] if earlier else item.statements
        merged[item.public_id] = Incoming(item.public_id, item.visibility, statements)
    return list(merged.values())


@dataclass(frozen=True, slots=True)
class _Change:
    """A record with its new values, and what is to be written beside it."""

    record: Any
    revision: Any
    new: list[Any]
    superseded: list[Any]


def _said(changes: list[_Change]) -> dict[str, dict[int, dict[str, Any]]]:
    """What each source now says of each record, of the record and of those it was merged into."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for change in changes:
        said: dict[int, dict[str, Any]] = {}
        for statement in change.new:
            said.setdefault(statement.source_id, {}).update(statement.values)
        for record in with_ancestors(change.record):
            found.setdefault(record.public_id, {}).update(said)
    return found


class _Batch:
    """One batch: read what is there in a fixed number of queries, write what is new in a fixed number."""

    def __init__(
        self, model: type[Record], items: list[Incoming], now: datetime, report: ImportReport, within: Within
    ) -> None:
        self.model: Any = model
        self.within = within
        self.items = items
        self.now = now
        self.report = report
        # The models an app derives for its record.
        self.Statement: Any = model.statements.rel.related_model  # type: ignore[attr-defined]
        self.Revision: Any = model.revisions.rel.related_model  # type: ignore[attr-defined]
        self.records: dict[str, Any] = {}
        self.known: dict[int, list[Any]] = {}
        self.lent: dict[int, list[Any]] = {}  # statements of records merged into these

    def write(self) -> list[Any]:
        """Write what is new; the revisions of records that were there before."""
        self._read()
        if self.within.listed is not None:
            self.within.listed.note(item.public_id for item in self.items)
        fresh = [(item, drafts) for item in self.items if (drafts := self._fresh(item))]
        self.report.unchanged += len(self.items) - len(fresh)
        if not fresh:
            return []
        sequence = next_sequence(self.model.CATALOGUE)
        changes = [self._change(item, drafts, sequence) for item, drafts in fresh]
        earlier = [change for change in changes if change.record.pk is not None]
        added = [change.record for change in changes if change.record.pk is None]
        touched = [change.record for change in earlier]
        self.model._default_manager.bulk_create(added)
        self._update(touched)
        self._save_history(changes)
        revisions = [change.revision for change in earlier]
        tasks = [task for change in earlier for task in self._contradictions(change.record, change)]
        for change in earlier:
            for ancestor in with_ancestors(change.record)[1:]:
                into = lock_row(ancestor)
                note = change.record.public_id
                revisions.append(refresh(into, Revision.Kind.IMPORTED, self.now, note=note, run=self.within.run))
                tasks += self._contradictions(into, change)
        if earlier:
            contradictions.settle(self.model.CATALOGUE, _said(earlier), self.now)
        self.report.contradictions += contradictions.raise_tasks(tasks)
        self.report.new += len(added)
        self.report.changed += len(touched)
        return revisions

    def _contradictions(self, record: Any, change: _Change) -> list[Any]:
        return contradictions.found_in(record, change.new, self.within.run, self.now)

    def _read(self) -> None:
        rows = self.model._default_manager.select_for_update().filter(
            public_id__in=[item.public_id for item in self.items]
        )
        self.records = {record.public_id: record for record in rows}
        ids = [record.pk for record in self.records.values()]
        if not ids:
            return
        statements = self.Statement._default_manager.select_related("source")
        for statement in statements.filter(subject__in=ids):
            self.known.setdefault(statement.subject_id, []).append(statement)
        for record in self.model._default_manager.filter(merged_from__isnull=False, pk__in=ids).distinct():
            own = {statement.pk for statement in self.known.get(record.pk, [])}
            self.lent[record.pk] = [lent for lent in statements_of(record) if lent.pk not in own]

    def _fresh(self, item: Incoming) -> list[StatementDraft]:
        """What is not known yet. A statement that was withdrawn by a person does not come back by itself."""
        record = self.records.get(item.public_id)
        statements = self.known.get(record.pk, []) if record else []
        digests = {statement.digest for statement in statements if statement.superseded_at is None}
        return [draft for draft in item.statements if draft.digest not in digests]

    def _change(self, item: Incoming, drafts: list[StatementDraft], sequence: int) -> _Change:
        record = self.records.get(item.public_id) or self.model(
            public_id=item.public_id, visibility=item.visibility, created_at=self.now, version=0
        )
        statements = self.known.get(record.pk, [])
        keys = {(draft.source.pk, draft.key, draft.method) for draft in drafts}
        superseded = [
            statement
            for statement in statements
            if statement.is_in_force and (statement.source_id, statement.key, statement.method) in keys
        ]
        for statement in superseded:
            statement.superseded_at = self.now
        new = [self._statement(draft) for draft in drafts]
        before = record.values
        record.told = resolve.resolve([*statements, *self.lent.get(record.pk, []), *new])
        record.values = resolve.shown(record.told)
        record.version += 1
        record.updated_at = self.now
        record.sequence = sequence
        record.project()
        revision = self.Revision(
            kind=Revision.Kind.IMPORTED,
            at=self.now,
            source=drafts[0].source,
            run=self.within.run,
            diff=resolve.diff(before, record.values),
            version=record.version,
        )
        return _Change(record, revision, new, superseded)

    def _statement(self, draft: StatementDraft) -> Any:
        return self.Statement(
            source=draft.source,
            method=draft.method,
            key=draft.key,
            values=draft.values,
            evidence=draft.evidence,
            seen_as_of=draft.seen_as_of,
            stated_at=self.now,
            digest=draft.digest,
        )

    def _save_history(self, changes: list[_Change]) -> None:
        for change in changes:
            change.revision.subject = change.record
        self.Revision._default_manager.bulk_create([change.revision for change in changes])
        statements, superseded = [], []
        for change in changes:
            for statement in change.new:
                statement.subject, statement.revision = change.record, change.revision
            for statement in change.superseded:
                statement.superseded_by = change.revision
            statements += change.new
            superseded += change.superseded
        self.Statement._default_manager.bulk_create(statements)
        if superseded:
            self.Statement._default_manager.bulk_update(superseded, ["superseded_at", "superseded_by"])

    def _update(self, touched: list[Any]) -> None:
        if touched:
            names = [
                column.name
                for column in self.model._meta.concrete_fields
                if not column.primary_key and column.name not in {"public_id", "created_at", "merged_into"}
            ]
            self.model._default_manager.bulk_update(touched, names, batch_size=100)

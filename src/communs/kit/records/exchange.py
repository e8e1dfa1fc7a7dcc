"""Taking over what another site has dumped (`communs.kit.records.dumping`), so that both end with the same.

Statements are told apart by their digest and the moment they were made, which name them across sites: what is known is
not written again. What one side has withdrawn is withdrawn on both; of two statements of one source under the same key
the later one counts. A record that was removed here, or is not public here, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from communs.kit.catalogue import next_sequence
from communs.kit.models import Source
from communs.kit.records import actions, resolve
from communs.kit.records.dumping import BATCH, MARK
from communs.kit.records.files import BadRecord, Placed, is_slug
from communs.kit.records.importing import ImportReport
from communs.kit.records.models import Method, Record, Revision, Visibility
from communs.kit.records.telling import Told

Name = tuple[str, datetime]
"""What names a statement on every site: its digest, and when it was made."""

REMEDY: Final = "Take the line as `communs export` wrote it"
TEXT_MAX: Final = {"key": 120, "name": 200, "url": 500, "licence": 200}


def is_dumped(item: Placed | BadRecord) -> bool:
    """Whether a line of a record file comes from a dump."""
    return isinstance(item, Placed) and MARK in item.record and "statements" in item.record


def source_named(said: Mapping[str, Any]) -> Source:
    """The source that a dump describes, created where it is new here. A known one keeps the trust it has here."""
    texts = {name: str(said.get(name) or "")[:most] for name, most in TEXT_MAX.items() if name != "key"}
    trust = said.get("trust")
    trust = max(0, min(100, trust)) if isinstance(trust, int) else 0
    found, _new = Source.objects.get_or_create(key=str(said["key"])[:120], defaults={**texts, "trust": trust})
    return found


@dataclass(frozen=True, slots=True)
class _Here:
    """How a statement stands on this site."""

    superseded: bool
    withdrawn: bool

    def changes_by(self, said: Mapping[str, Any]) -> bool:
        """Whether what the other site says of it would change something here."""
        if said.get("withdrawn"):
            return not self.withdrawn
        return bool(said.get("superseded")) and not (self.superseded or self.withdrawn)


@dataclass(slots=True)
class Exchange:
    """One run of taking over: `through` gives on every record that is no line of a dump, and takes over the others."""

    model: type[Record]
    now: datetime
    report: ImportReport
    told: Told
    run: Any = None
    merged: dict[str, str] = field(default_factory=dict)
    taken: list[Placed] = field(default_factory=list)
    _sources: dict[str, Source] = field(default_factory=dict)

    def through(self, records: Iterable[Placed | BadRecord]) -> Iterator[Placed | BadRecord]:
        """What is left for the ordinary import; merges are made at the end, when all records are there."""
        batch: list[Placed] = []
        for item in records:
            if not isinstance(item, Placed) or not is_dumped(item):
                yield item
                continue
            batch.append(item)
            if len(batch) == BATCH:
                self._take_batch(batch)
                batch = []
        self._take_batch(batch)
        self._merge()

    def source(self, said: Mapping[str, Any] | None) -> Source | None:
        """The source that a statement names; None for what a person said."""
        if said is None:
            return None
        key = str(said["key"])
        if key not in self._sources:
            self._sources[key] = source_named(said)
        return self._sources[key]

    def _take_batch(self, batch: list[Placed]) -> None:
        known = self._known(batch)
        for item in batch:
            try:
                _check_ids(item.record)
                statements = [_checked(said) for said in item.record["statements"]]
                if self._is_news(statements, known.get(item.record["id"])):
                    self._take(item, statements)
                else:
                    self.report.unchanged += 1
            except (KeyError, TypeError, ValueError) as error:
                problem = f"not a line of a dump ({type(error).__name__}: {error})"
                self.report.refused.append((item.place, problem[:200], REMEDY))
                continue
            self.taken.append(Placed(item.place, {name: item.record.get(name) for name in ("id", "relations")}))
            if into := item.record.get("merged_into"):
                self.merged[item.record["id"]] = str(into)

    def _known(self, batch: list[Placed]) -> dict[str, dict[Name, _Here]]:
        """Of every record that is here its statements."""
        ids = [str(item.record.get("id")) for item in batch]
        found = self._records().filter(public_id__in=ids).values_list("public_id", flat=True)
        known: dict[str, dict[Name, _Here]] = {public_id: {} for public_id in found}
        rows = self._statement_model()._default_manager.filter(subject__public_id__in=ids)
        columns = ("subject__public_id", "digest", "superseded_at", "withdrawn_at", "stated_at")
        for public_id, digest, superseded, withdrawn, stated_at in rows.values_list(*columns):
            known[public_id][digest, stated_at] = _Here(superseded is not None, withdrawn is not None)
        return known

    @staticmethod
    def _is_news(statements: list[dict[str, Any]], known: dict[Name, _Here] | None) -> bool:
        """Whether anything of this is not here yet."""
        if known is None:
            return any("values" in said for said in statements)
        here = ((said, known.get(_name(said))) for said in statements)
        return any(found is None or found.changes_by(said) for said, found in here)

    def _take(self, item: Placed, statements: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            record = self._records().select_for_update().filter(public_id=item.record["id"]).first()
            if record is not None and record.visibility != Visibility.PUBLIC:
                self.report.unchanged += 1
                return
            is_new = record is None
            if record is None:
                record = self.model(public_id=item.record["id"], created_at=self.now, updated_at=self.now, version=0)
                record.project()
                record.save()
            revision = self._write(record, statements)
            above = actions.with_ancestors(record)[1:]
            kind = Revision.Kind.IMPORTED
            revisions = [revision, *(actions.refresh(actions.lock_row(into), kind, self.now) for into in above)]
        self.report.new += is_new
        self.report.changed += not is_new
        if not is_new:
            self.told.note(revisions)

    def _write(self, record: Any, statements: list[dict[str, Any]]) -> Any:
        """Write what is new of the statements, with the revision that brings them."""
        before = record.values
        here = {(row.digest, row.stated_at): row for row in record.statements.all()}
        record.version += 1
        record.updated_at, record.sequence = self.now, next_sequence(record.CATALOGUE)
        revision = record.revisions.create(
            kind=Revision.Kind.IMPORTED, at=self.now, version=record.version, run=self.run
        )
        for said in statements:
            row = here.get(_name(said))
            if row is not None:
                self._mark(row, said, revision)
                continue
            here[_name(said)] = row = self._new(record, revision, said)
            self._order(row, here, revision)
            row.save()
        record.told = resolve.resolve(actions.statements_of(record))
        record.values = resolve.shown(record.told)
        record.project()
        record.save()
        revision.diff = resolve.diff(before, record.values)
        revision.save(update_fields=["diff"])
        return revision

    def _new(self, record: Any, revision: Any, said: dict[str, Any]) -> Any:
        row = self._statement_model()(subject=record, revision=revision)
        row.digest, row.stated_at = _name(said)
        if "values" not in said:
            # Remembered though empty: where it still counts on a third site, it must not come back from there.
            row.method, row.values = Method.IMPORT, {}
            self._mark(row, said, revision, save=False)
            return row
        for name in ("method", "key", "values", "evidence", "seen_as_of"):
            setattr(row, name, said[name])
        row.source = self.source(said["source"])
        return row

    def _order(self, row: Any, here: dict[Name, Any], revision: Any) -> None:
        """Of the statements of one source under one key only the latest counts."""
        if row.source_id is None:
            return
        for other in [other for other in here.values() if other is not row]:
            same = (other.source_id, other.key, other.method) == (row.source_id, row.key, row.method)
            if not same or not other.is_in_force:
                continue
            if (other.stated_at, other.digest) < (row.stated_at, row.digest):
                other.superseded_at, other.superseded_by = self.now, revision
                other.save(update_fields=["superseded_at", "superseded_by"])
            else:
                row.superseded_at, row.superseded_by = self.now, revision

    def _mark(self, row: Any, said: dict[str, Any], revision: Any, *, save: bool = True) -> None:
        """What no longer counts there does not count here either."""
        if said.get("withdrawn"):
            row.withdrawn_at = row.withdrawn_at or self.now
        elif said.get("superseded"):
            row.superseded_at, row.superseded_by = row.superseded_at or self.now, row.superseded_by or revision
        if save:
            row.save(update_fields=["withdrawn_at", "superseded_at", "superseded_by"])

    def _merge(self) -> None:
        """Merge what is merged there, unless somebody here has separated it."""
        rows = self._records().in_bulk({*self.merged, *self.merged.values()}, field_name="public_id")
        for public_id, into_id in sorted(self.merged.items()):
            duplicate, into = rows.get(public_id), rows.get(into_id)
            if duplicate is None or into is None or duplicate.merged_into_id is not None:
                continue
            if duplicate.revisions.filter(kind=Revision.Kind.SEPARATED).exists():
                continue
            try:
                self.told.note([actions.merge(duplicate, into, None)])
            except actions.Impossible as refused:
                self.report.refused.append((public_id, str(refused), "Look at both entries"))

    def _records(self) -> Any:
        return self.model._default_manager

    def _statement_model(self) -> Any:
        return self.model.statements.rel.related_model  # type: ignore[attr-defined]


def _name(said: Mapping[str, Any]) -> Name:
    return (said["digest"], said["stated_at"])


def _check_ids(record: Mapping[str, Any]) -> None:
    """Raise `ValueError` for an id that cannot be one."""
    for public_id in (record["id"], record.get("merged_into") or record["id"]):
        if not is_slug(public_id):
            raise ValueError(f"the id {public_id!r:.60} cannot be used")


def _checked(said: Any) -> dict[str, Any]:
    """A statement of a dump in the types it must have. Raises `KeyError`, `TypeError` or `ValueError`."""
    digest = said["digest"]
    if not isinstance(digest, str) or len(digest) != 64:
        raise ValueError(f"digest {digest!r:.40}")
    stated_at = datetime.fromisoformat(said["stated_at"])
    named = {"digest": digest, "stated_at": stated_at if stated_at.tzinfo else stated_at.replace(tzinfo=UTC)}
    if "values" not in said:
        return {**named, "withdrawn": bool(said.get("withdrawn")), "superseded": bool(said.get("superseded"))}
    if not isinstance(said["values"], dict) or not isinstance(said["evidence"], list):
        raise TypeError("values or evidence of another type")
    source = said["source"]
    if source is not None and not (isinstance(source, dict) and isinstance(source.get("key"), str) and source["key"]):
        raise TypeError("a source without key")
    if source is not None and digest != _digest(said):
        raise ValueError("a statement was changed on the way")
    return {
        **named,
        "source": source,
        "method": Method(said["method"]).value,
        "key": str(said["key"])[:300],
        "values": said["values"],
        "evidence": said["evidence"],
        "seen_as_of": str(said["seen_as_of"])[:10],
    }


def _digest(said: Mapping[str, Any]) -> str:
    names = ("method", "key", "values", "evidence", "seen_as_of")
    return resolve.digest_of(said["source"]["key"], *(said[name] for name in names))

"""Relations between commons from record files and from CSV, each a change in the history of the one it starts from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from communs.apps.register.models import Commons, CommonsRevision, Relation
from communs.apps.register.queries import relations_told
from communs.kit.catalogue import next_sequence
from communs.kit.models import Run, Source
from communs.kit.records.actions import lock_row, refresh, with_ancestors
from communs.kit.records.files import BadRecord
from communs.kit.records.importing import ALONE, ImportReport, Within
from communs.kit.records.models import Revision
from communs.kit.records.sources import COMPILED, FILE, GENERAL, SourceBook
from communs.kit.records.telling import Told


@dataclass(frozen=True, slots=True)
class Link:
    """One dependency named by a record."""

    start: str
    end: str
    source: Source
    verified: bool


def links_of(record: dict[str, Any], book: SourceBook, within: Within = ALONE) -> Iterator[Link]:
    """The dependencies a record names: with the source that supports them, or as general knowledge."""
    supporting = [item for item in record.get("sources") or [] if "depends_on" in (item.get("supports") or [])]
    evidenced = (
        book.of_origin(str(supporting[0].get("origin") or ""), supporting[0].get("licence"))
        if supporting
        else _unsupported(record, book, within)
    )
    for target in record.get("depends_on") or []:
        yield Link(record["id"], target, evidenced, verified=True)
    for target in record.get("depends_on_unverified") or []:
        yield Link(record["id"], target, book.named(GENERAL), verified=False)


def _unsupported(record: dict[str, Any], book: SourceBook, within: Within) -> Source:
    """The source of a dependency that none of those named supports."""
    if within.feed is not None and (within.vouches or not record.get("sources")):
        return within.feed
    return book.named(COMPILED if record.get("sources") else FILE)


def write_links(links: list[Link], now: datetime, told: Told, run: Run | None = None) -> None:
    """Write the dependencies that records named, where both ends are in the register."""
    ids = ids_of({name for link in links for name in (link.start, link.end)})
    add_relations(
        [
            Relation(
                from_commons_id=ids[link.start],
                to_commons_id=ids[link.end],
                kind=Relation.Kind.DEPENDS_ON,
                source=link.source,
                verified=link.verified,
            )
            for link in links
            if link.start in ids and link.end in ids and link.start != link.end
        ],
        now,
        told,
        run,
    )


def import_dependencies(path: Path, run: Run | None = None) -> ImportReport:
    """Relations from a CSV with the columns of `seed/dependencies.csv`; both ends must be in the register.

    Raises:
        BadRecord: when the columns are not those.
    """
    report = ImportReport()
    book = SourceBook()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"from_id", "to_id", "relation", "source"} - set(reader.fieldnames or ())
        if missing:
            raise BadRecord(path.name, f"columns missing: {', '.join(sorted(missing))}", "See seed/dependencies.csv")
        lines = list(reader)
    ids = ids_of({line[end] for line in lines for end in ("from_id", "to_id")})
    rows = []
    for number, line in enumerate(lines, 2):
        absent = [line[end] for end in ("from_id", "to_id") if line[end] not in ids]
        if absent or line["from_id"] == line["to_id"]:
            problem = f"not in the register: {', '.join(absent)}" if absent else "a commons cannot depend on itself"
            report.refused.append((f"{path.name}:{number}", problem, "Import the commons first, or correct the line"))
            continue
        rows.append(_relation(line, ids, book))
    told = Told(Commons)
    report.new = add_relations(rows, timezone.now(), told, run)
    told.tell()
    report.unchanged = len(rows) - report.new
    return report


def _relation(line: dict[str, str], ids: dict[str, int], book: SourceBook) -> Relation:
    count = line.get("packages_counted") or ""
    return Relation(
        from_commons_id=ids[line["from_id"]],
        to_commons_id=ids[line["to_id"]],
        kind=Relation.Kind.DEPENDS_ON,
        detail=" ".join(filter(None, (line["relation"].replace("_", " "), line.get("scope"))))[:60],
        source=book.of_origin(line["source"], line.get("source_licence")),
        source_ref=(line.get("source_ref") or "")[:300],
        confidence=(line.get("confidence") or "")[:10],
        seen_as_of=(line.get("seen_as_of") or "")[:10].replace("None", ""),
        count=int(count) if count.isdecimal() else None,
    )


def add_relations(rows: list[Relation], now: datetime, told: Told, run: Run | None = None) -> int:
    """Write those that nobody has told yet, each as a change of the commons it starts from; how many there were.

    One that a person took back does not come back by itself.
    """
    with transaction.atomic():
        known = set(Relation.objects.values_list("from_commons_id", "to_commons_id", "kind", "detail", "source_id"))
        new: dict[tuple[object, ...], Relation] = {}
        for row in rows:
            key = (row.from_commons_id, row.to_commons_id, row.kind, row.detail, row.source_id)
            if key not in known:
                new.setdefault(key, row)
        if new:
            _journal(list(new.values()), now, told, run)
            Relation.objects.bulk_create(new.values(), batch_size=500)
    return len(new)


def _journal(new: list[Relation], now: datetime, told: Told, run: Run | None) -> None:
    """One revision for each commons that relations start from, whatever their number; a fixed number of queries."""
    starts: dict[int, list[Relation]] = {}
    for relation in new:
        starts.setdefault(relation.from_commons_id, []).append(relation)
    names = Commons.objects.only("public_id", "name").in_bulk({relation.to_commons_id for relation in new})
    for relation in new:
        relation.to_commons = names[relation.to_commons_id]
    changed = Commons.objects.select_for_update(of=("self",)).filter(pk__in=starts).only("version", "merged_into")
    touched, sequence = list(changed), next_sequence(Commons.CATALOGUE)
    revisions = []
    for commons in touched:
        commons.version, commons.updated_at, commons.sequence = commons.version + 1, now, sequence
        diff = {field: [None, ends] for field, ends in relations_told(starts[commons.pk]).items()}
        revision = CommonsRevision(subject=commons, kind=Revision.Kind.IMPORTED, at=now, diff=diff, run=run)
        revision.version, revision.source = commons.version, starts[commons.pk][0].source
        revisions.append(revision)
    Commons.objects.bulk_update(touched, ["version", "updated_at", "sequence"], batch_size=500)
    CommonsRevision.objects.bulk_create(revisions)
    for revision in revisions:
        for relation in starts[revision.subject_id]:
            relation.revision = revision
    for commons in touched:
        for into in with_ancestors(commons)[1:]:
            refresh(lock_row(into), Revision.Kind.IMPORTED, now, run=run)
    told.note(revisions)


def ids_of(public_ids: set[str]) -> dict[str, int]:
    """`{public id: row id}` of those that are in the register."""
    ids: dict[str, int] = {}
    wanted = sorted(public_ids)
    for start in range(0, len(wanted), 500):
        rows = Commons.objects.filter(public_id__in=wanted[start : start + 500])
        ids.update(rows.values_list("public_id", "pk"))
    return ids

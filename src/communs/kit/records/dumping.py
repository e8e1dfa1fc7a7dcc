"""Records as lines that another site can take over: the values shown, and every statement that they follow from.

One JSON object a line, ordered by public id and with sorted keys, so that two sites that know the same write the same
bytes. People are never named: a statement of a person tells only in which capacity it was made. Locks, versions and
the history stay at home.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from communs.kit.records.models import Record, Visibility

BATCH: Final = 500
FORMAT: Final = 1
MARK: Final = "communs"

Beside = Callable[[Sequence[Any]], Mapping[int, Mapping[str, Any]]]


def _nothing(_records: Sequence[Any]) -> Mapping[int, Mapping[str, Any]]:
    return {}


def dump_lines(
    model: type[Record], beside: Beside = _nothing, public_ids: Collection[str] | None = None
) -> Iterator[str]:
    """Every public record as a line, those merged into another included; memory stays flat.

    `beside`: (records) -> {pk: what else belongs into its line}, such as relations. `public_ids`: only these.
    """
    rows = model._default_manager.filter(visibility=Visibility.PUBLIC).select_related("merged_into")
    if public_ids is not None:
        rows = rows.filter(public_id__in=public_ids)
    for batch in in_batches(rows):
        statements, more = _statements(batch), beside(batch)
        for record in batch:
            line = {**_head(record), **more.get(record.pk, {}), "statements": statements[record.pk]}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def in_batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows by public id, some hundred at a time."""
    last = ""
    while batch := list(rows.filter(public_id__gt=last).order_by("public_id")[:BATCH]):
        yield batch
        last = batch[-1].public_id


def source_of(source: Any) -> dict[str, Any] | None:
    """A source as a dump describes it; None for what a person said."""
    if source is None:
        return None
    return {name: getattr(source, name) for name in ("key", "name", "url", "licence", "trust")}


def _head(record: Any) -> dict[str, Any]:
    head: dict[str, Any] = {MARK: FORMAT, "id": record.public_id}
    if record.merged_into_id is not None:
        return {**head, "merged_into": record.merged_into.public_id}
    return {**record.facts, **head}


def _statements(records: Sequence[Any]) -> Mapping[int, list[dict[str, Any]]]:
    model = type(records[0]).statements.rel.related_model
    rows = model._default_manager.filter(subject__in=records).select_related("source").order_by("digest", "stated_at")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(_statement(row))
    return found


def _statement(row: Any) -> dict[str, Any]:
    """A statement; of one that no longer counts only that it does not."""
    named = {"digest": row.digest, "stated_at": row.stated_at.isoformat()}
    if row.withdrawn_at is not None:
        return {**named, "withdrawn": True}
    if row.superseded_at is not None:
        return {**named, "superseded": True}
    return {
        **named,
        "source": source_of(row.source),
        "method": row.method,
        "key": row.key,
        "values": row.values,
        "evidence": row.evidence,
        "seen_as_of": row.seen_as_of,
    }

"""Commons from record files (the shape of `seed/commons.jsonl`) into claims, each under the source that supports it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from communs.apps.register.importing.exchanged import take_relations
from communs.apps.register.importing.identifying import Identifier
from communs.apps.register.importing.relations import Link, import_dependencies, links_of, write_links
from communs.apps.register.models import Commons, Kind
from communs.kit.models import Source
from communs.kit.records.exchange import Exchange
from communs.kit.records.files import BadRecord, Placed, check_shape
from communs.kit.records.importing import ALONE, ImportReport, Incoming, StatementDraft, Within, import_records
from communs.kit.records.models import Method, Visibility
from communs.kit.records.sources import COMPILED, FILE, GENERAL, SourceBook
from communs.kit.records.telling import Told
from communs.kit.records.values import flatten

__all__ = ["import_commons", "import_dependencies", "read_commons"]

# What descriptions say beyond the rest: kept as it was read, so that it can be written out again.
MORE = {
    "funding": "object",
    "release": "object",
    "platforms": "texts",
    "development_status": "text",
    "software_type": "text",
    "software_version": "text",
    "release_date": "text",
    "suite": "text",
    "used_by": "texts",
    "based_on": "texts",
    "supports": "texts",
    "dependencies": "objects",
    "localisation_ready": "flag",
    "maintenance": "object",
    "audience": "object",
    "resources": "object",
    "descriptions": "object",
    "features": "object",
}
OBJECTS = frozenset(
    {"names", "summaries", "steward", "governance", "community", "identifiers"}
    | {name for name, shape in MORE.items() if shape == "object"}
)
SHAPE = {
    "name": "text",
    "kind": "text",
    "summary": "text",
    "summary_fr": "text",
    "homepage": "text",
    "repository": "text",
    "licences": "objects",
    "steward": "object",
    "governance": "object",
    "community": "object",
    "names": "object",
    "summaries": "object",
    "governance_url": "text",
    "countries": "texts",
    "functions": "texts",
    "categories_publiccode": "texts",
    "replaces": "objects",
    "depends_on": "texts",
    "depends_on_unverified": "texts",
    "funded_by": "objects",
    "languages": "texts",
    "identifiers": "object",
    "sources": "objects",
    **MORE,
}
PLAIN = (
    *("name", "kind", "homepage", "repository", "licences", "countries", "functions", "categories_publiccode"),
    *("replaces", "funded_by", "languages", "names", "summaries", "steward", "governance", "community"),
    *MORE,
)

# What the words in `supports` stand for, where they are not the name of a field.
LICENCE_WORDS = re.compile(
    r"licen[cs]e|\bCC[ 0-]|CC0|\bAGPL|\bL?GPL|\bMIT\b|Apache|EUPL|ODbL|\bMPL|etalab|free under|Peering Agreement",
    re.IGNORECASE,
)
CONFLICT_NOTE = re.compile(r"licence conflict to check: (\S+) .*\bgives (\S+)")


def import_commons(
    records: Iterable[Placed | BadRecord],
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
    within: Within = ALONE,
) -> ImportReport:
    """Import commons and the relations they name. Bad records are refused one by one, with place and remedy.

    `within`: the run that this belongs to, and the source that speaks where a record names none.
    """
    report = ImportReport()
    book = SourceBook()
    links: list[Link] = []
    told = Told(Commons)
    exchange = Exchange(Commons, now, report, told, run=within.run)
    identifier = Identifier(within)

    def incoming() -> Iterator[Incoming]:
        for item in exchange.through(records):
            try:
                if isinstance(item, BadRecord):
                    raise item
                check_shape(item, SHAPE, ("id", "name"))
                placed = item if item.is_named else identifier.named(item, values_of(item.record))
                found = read_commons(placed, book, within)
            except BadRecord as bad:
                report.refused.append((bad.place, bad.problem, bad.remedy))
                within.refused(item)
                continue
            links.extend(links_of(placed.record, book, within))
            yield found

    try:
        import_records(Commons, incoming(), now=now, report=report, told=told, within=within, progress=progress)
        write_links(links, now, told, within.run)
        take_relations(exchange, now)
    finally:
        told.tell()
    return report


def read_commons(placed: Placed, book: SourceBook, within: Within = ALONE) -> Incoming:
    """One record as statements: one per source with the fields it supports, the rest as general knowledge.

    The rest is what the source of the run says, where that vouches for it or where no source is named.

    Raises:
        BadRecord: naming the field and the remedy.
    """
    check_shape(placed, SHAPE, ("id", "name"))
    record = placed.record
    if record.get("kind") and record["kind"] not in Kind.values:
        raise BadRecord(placed.place, f'"kind" is {record["kind"]!r}', f"Use one of {', '.join(Kind.values)}")
    values = values_of(record)
    conflict = CONFLICT_NOTE.match(record.get("notes") or "")
    drafts: list[StatementDraft] = []
    supported: set[str] = set()
    for source in record.get("sources") or []:
        origin = str(source.get("origin") or "")
        if origin == "editor":
            continue
        fields = _supported(source, values)
        said = {field: values[field] for field in fields} or {"name": values["name"]}
        if conflict and origin == conflict[1]:
            said["licences"] = [{"part": "code", "spdx": conflict[2]}]
        if origin.startswith("codegouvfr/") and (declared := _declared_licence(record)):
            said["licences"] = declared
        supported |= said.keys()
        drafts.append(_draft(book.of_origin(origin, source.get("licence")), Method.IMPORT, record, said, source))
    if conflict:
        drafts.append(_draft(book.named(COMPILED), Method.IMPORT, record, {"licences": values["licences"]}, {}))
    rest = {field: value for field, value in values.items() if field not in supported}
    if rest and (within.vouches or not record.get("sources")):
        # A file that names no sources is the source itself: someone who runs this site has read it.
        own = within.feed or book.named(FILE)
        drafts.append(_draft(own, Method.IMPORT, record, rest, {}, placed.key))
        rest = {}
    checked = bool(drafts)
    if rest:
        drafts.append(_draft(book.named(GENERAL), Method.GENERAL, record, rest, {}))
    return Incoming(record["id"], Visibility.PUBLIC if checked else Visibility.UNCONFIRMED, drafts)


def values_of(record: dict[str, Any]) -> dict[str, Any]:
    """The record as flat values in the register's vocabulary."""
    nested = {field: record.get(field) for field in PLAIN}
    nested["summaries"] = {
        "en": record.get("summary"),
        "fr": record.get("summary_fr"),
        **(record.get("summaries") or {}),
    }
    steward = record.get("steward") or {}
    if steward.get("form") == "individual":
        # That one person looks after it is a fact about the commons; who it is, is a fact about the person.
        nested["steward"] = {**steward, "name": None}
    nested["governance"] = {"rules_url": record.get("governance_url"), **(record.get("governance") or {})}
    nested["identifiers"] = {
        scheme: value
        for scheme, value in (record.get("identifiers") or {}).items()
        if scheme != "publiccode_declared_licence"
    }
    return flatten(nested, OBJECTS)


def _supported(source: dict[str, Any], values: dict[str, Any]) -> set[str]:
    """The flat fields that a source supports, of those that have a value."""
    fields: set[str] = set()
    for words in source.get("supports") or []:
        name = _field_of(str(words))
        fields |= {field for field in values if field == name or field.startswith(f"{name}.")}
    return fields


def _field_of(words: str) -> str:
    if words in PLAIN:
        return words
    if words == "summary":
        return "summaries"
    if words == "governance_url":
        return "governance.rules_url"
    if words == "QID":
        return "identifiers.wikidata"
    return "licences" if LICENCE_WORDS.search(words) else ""


def _declared_licence(record: dict[str, Any]) -> list[dict[str, str]] | None:
    """The licence a publiccode file declares, where it is another one than the record's."""
    declared = (record.get("identifiers") or {}).get("publiccode_declared_licence")
    known = {str(item.get("spdx", "")).lower() for item in record.get("licences") or []}
    if not isinstance(declared, str) or any(spdx.startswith(declared.lower()) for spdx in known):
        return None
    return [{"part": "code", "spdx": declared}]


def _draft(
    source: Source,
    method: Method,
    record: dict[str, Any],
    values: dict[str, Any],
    entry: dict[str, Any],
    key: str = "",
) -> StatementDraft:
    evidence = [{"ref": entry["ref"], "what": ", ".join(entry.get("supports") or [])}] if entry.get("ref") else []
    seen = str(entry.get("seen_as_of") or "")
    key = key or f"{record['id']} {entry.get('ref', '')}".strip()
    return StatementDraft(source, method, key[:300], values, evidence, seen[:10])

"""Opportunities from record files (the shape of `seed/opportunities.jsonl`) into claims with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from communs.apps.funding.models import Opportunity, OpportunityKind
from communs.core import matching
from communs.kit.records.exchange import Exchange
from communs.kit.records.files import BadRecord, Placed, check_shape
from communs.kit.records.importing import ALONE, ImportReport, Incoming, StatementDraft, Within, import_records
from communs.kit.records.models import Method, Visibility
from communs.kit.records.sources import COMPILED, FILE, GENERAL, SourceBook
from communs.kit.records.telling import Told
from communs.kit.records.values import flatten

OBJECTS = frozenset({"titles", "summaries", "funder", "amount"})
SHAPE = {
    "title": "text",
    "title_fr": "text",
    "titles": "object",
    "summaries": "object",
    "funder": "object",
    "kind": "text",
    "funds_what": "texts",
    "summary_en": "text",
    "summary_fr": "text",
    "themes": "texts",
    "commons_kinds": "texts",
    "recipients": "texts",
    "payees": "texts",
    "countries": "texts",
    "countries_excluded": "texts",
    "licence_requirement": "text",
    "amount": "object",
    "cofunding_rate_max": "number",
    "window": "object",
    "windows": "objects",
    "languages_of_application": "texts",
    "criteria": "objects",
    "requires_legal_entity": "flag",
    "fiscal_host_accepted": "flag",
    "url": "text",
    "evidence": "objects",
    "confidence": "text",
    "to_be_confirmed": "flag",
}
PLAIN = (
    *(
        "kind",
        "funds_what",
        "themes",
        "commons_kinds",
        "recipients",
        "payees",
        "countries",
        "countries_excluded",
    ),
    *(
        "licence_requirement",
        "amount",
        "cofunding_rate_max",
        "languages_of_application",
        "criteria",
        "programme",
    ),
    *("requires_legal_entity", "fiscal_host_accepted", "url", "confidence", "funder"),
)
UNVERIFIED = "general knowledge, unverified"


def import_opportunities(
    records: Iterable[Placed | BadRecord],
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
    within: Within = ALONE,
) -> ImportReport:
    """Import opportunities. Bad records are refused one by one, with place and remedy; the others are taken.

    `within`: the run that this belongs to, and the source that speaks where a record names none.
    """
    report = ImportReport()
    book = SourceBook()
    told = Told(Opportunity)
    exchange = Exchange(Opportunity, now, report, told, run=within.run)

    def incoming() -> Iterator[Incoming]:
        for item in exchange.through(records):
            try:
                if isinstance(item, BadRecord):
                    raise item
                yield read_opportunity(item, book, within)
            except BadRecord as bad:
                report.refused.append((bad.place, bad.problem, bad.remedy))
                within.refused(item)

    try:
        return import_records(
            Opportunity, incoming(), now=now, report=report, told=told, within=within, progress=progress
        )
    finally:
        told.tell()


def read_opportunity(placed: Placed, book: SourceBook, within: Within = ALONE) -> Incoming:
    """One record as one statement with all its evidence.

    A record whose only evidence is general knowledge, or that says itself that it is to be confirmed, stays off public
    pages until an editor confirms it.

    Raises:
        BadRecord: naming the field and the remedy.
    """
    check_shape(placed, SHAPE, ("id",))
    record = placed.record
    if record.get("kind") and record["kind"] not in OpportunityKind.values:
        allowed = ", ".join(OpportunityKind.values)
        raise BadRecord(placed.place, f'"kind" is {record["kind"]!r}', f"Use one of {allowed}")
    try:
        matching.Opportunity.from_record(record)
    except matching.InvalidRecord as bad:
        raise BadRecord(f"{placed.place} {bad.path}", bad.problem, bad.remedy) from bad
    values = _values(record)
    if "titles.en" not in values and not any(field.startswith("titles.") for field in values):
        raise BadRecord(placed.place, '"title" is missing', 'Add "title"')
    evidence = [_evidence(item) for item in record.get("evidence") or []]
    unverified = bool(evidence) and all(item["ref"] == UNVERIFIED for item in evidence)
    seen = max((item["seen_as_of"] for item in evidence), default="")
    if seen and not unverified:
        values["last_confirmed"] = seen
    own = within.feed if within.vouches or not evidence else None
    draft = StatementDraft(
        source=book.named(GENERAL) if unverified else own or book.named(COMPILED if evidence else FILE),
        method=Method.GENERAL if unverified else Method.IMPORT,
        key=record["id"],
        values=values,
        evidence=evidence,
        seen_as_of=seen,
    )
    hidden = unverified or record.get("to_be_confirmed") is True
    return Incoming(record["id"], Visibility.UNCONFIRMED if hidden else Visibility.PUBLIC, [draft])


def _values(record: dict[str, Any]) -> dict[str, Any]:
    """The record as flat values in the vocabulary of the one-stop shop."""
    nested = {field: record.get(field) for field in PLAIN}
    nested["titles"] = {
        "en": record.get("title"),
        "fr": record.get("title_fr"),
        **(record.get("titles") or {}),
    }
    nested["summaries"] = {
        "en": record.get("summary_en"),
        "fr": record.get("summary_fr"),
        **(record.get("summaries") or {}),
    }
    nested["windows"] = record.get("windows") or ([record["window"]] if record.get("window") else None)
    return flatten(nested, OBJECTS)


def _evidence(item: dict[str, Any]) -> dict[str, str]:
    return {
        "ref": str(item.get("source_url_or_repo_path") or item.get("ref") or "")[:500],
        "what": str(item.get("what") or "")[:500],
        "seen_as_of": str(item.get("seen_as_of") or "")[:10],
    }

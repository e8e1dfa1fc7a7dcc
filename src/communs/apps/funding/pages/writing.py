"""Lists as CSV, JSON and Atom: streamed, public facts only, and nothing that a spreadsheet would run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.core import matching
from communs.core.matching import Match
from communs.kit.records.feeds import absolute
from communs.kit.records.values import nest
from communs.kit.tables import csv_lines

BATCH = 200
COLUMNS = (
    *("id", "title", "title_lang", "funder", "kind", "funds_what", "applicants", "payees", "legal_entity"),
    *("fiscal_host", "places", "amount_min", "amount_max", "currency", "status", "closes", "languages"),
    *("last_confirmed", "url", "page"),
)


def list_as_csv(pks: Sequence[int], today: date) -> HttpResponse:
    """The rows with these ids as CSV."""
    lines = (list(value_of(record, today).values()) for record in _records(pks))
    return _csv(COLUMNS, lines, "funding.csv")


def list_as_json(pks: Sequence[int], today: date) -> HttpResponse:
    """The rows with these ids as one JSON document: every public value."""

    def parts() -> Iterator[str]:
        yield '{"as_of": ' + json.dumps(today.isoformat()) + ', "items": ['
        for number, record in enumerate(_records(pks)):
            item = {
                "id": record.public_id,
                **nest(record.values),
                "status": matching.status(queries.opportunity_of(record), today),
                "updated_at": record.updated_at.isoformat(),
                "page": absolute(reverse("funding:detail", args=[record.public_id])),
            }
            yield (", " if number else "") + json.dumps(item, ensure_ascii=False)
        yield "]}"

    return _stream(parts(), "application/json", "funding.json")


def fits_as_csv(matches: Sequence[Match], name: str) -> HttpResponse:
    """Matches, best first, a line each."""
    lines = (
        [match.opportunity.id, match.opportunity.title, match.result, match.status, matching.sentence(match, _)]
        for match in matches
    )
    return _csv(("id", "title", "result", "status", "sentence"), lines, name)


def fits_as_json(matches: Sequence[Match], commons_id: str, today: date) -> HttpResponse:
    """Matches, best first, with every criterion."""

    def parts() -> Iterator[str]:
        head = {"commons": commons_id, "as_of": today.isoformat(), "rule": matching.RULE}
        yield json.dumps(head)[:-1] + ', "results": ['
        for number, match in enumerate(matches):
            yield (", " if number else "") + json.dumps(_fit(match), ensure_ascii=False)
        yield "]}"

    return _stream(parts(), "application/json", f"funding-for-{commons_id}.json")


def value_of(record: Any, today: date) -> dict[str, Any]:
    """One opportunity as the columns of the CSV, in their order."""
    opportunity = queries.opportunity_of(record)
    title, money = wording.title_of(record.facts), opportunity.money
    return {
        "id": record.public_id,
        "title": title.value,
        "title_lang": title.lang if title else "",
        "funder": record.funder_name,
        "kind": record.kind,
        "funds_what": " ".join(sorted(opportunity.funds_what)),
        "applicants": " ".join(opportunity.applicants),
        "payees": " ".join(opportunity.payees),
        "legal_entity": opportunity.legal_entity,
        "fiscal_host": opportunity.fiscal_host,
        "places": " ".join(opportunity.places),
        "amount_min": money.minimum if money else None,
        "amount_max": money.maximum if money else None,
        "currency": money.currency if money else "",
        "status": matching.status(opportunity, today),
        "closes": record.closes_on.isoformat() if record.closes_on else "",
        "languages": " ".join(opportunity.languages),
        "last_confirmed": record.last_confirmed,
        "url": record.values.get("url", ""),
        "page": absolute(reverse("funding:detail", args=[record.public_id])),
    }


def _fit(match: Match) -> dict[str, Any]:
    explained = matching.explain(match, _)
    return {
        "id": match.opportunity.id,
        "title": match.opportunity.title,
        "result": match.result,
        "status": match.status,
        "sentence": explained.sentence,
        "criteria": [
            {"dimension": row.dimension, "status": row.status, "ask": row.ask, "you": row.you, "why": row.why}
            for row in explained.rows
        ],
        "questions": [{"key": question.key, "text": question.text} for question in explained.questions],
        "changes": list(explained.changes),
    }


def _records(pks: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(pks), BATCH):
        yield from queries.rows_of(pks[start : start + BATCH])


def _csv(header: Sequence[str], lines: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    return _stream(csv_lines(header, lines), "text/csv", name)


def _stream(parts: Iterator[str], kind: str, name: str) -> HttpResponse:
    response: Any = StreamingHttpResponse(parts, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response  # type: ignore[no-any-return]

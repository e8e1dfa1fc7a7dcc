"""One search over commons and funding, for the page, the API and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from communs.apps.funding import queries as funding
from communs.apps.register import queries as register
from communs.kit.found import meant, why_found
from communs.kit.search import Results

CATALOGUES = ("commons", "funding")
POINTS = 10_000  # of the scores inside: what is shown has two decimals
LIMIT_MAX = 100


@dataclass(frozen=True, slots=True)
class Part:
    """What one catalogue answers: its name, the rows as lists show them, why each was found, and the rest."""

    name: str
    rows: Sequence[Any]
    reasons: Sequence[str]
    results: Results


def find(text: str, limit: int, within: Sequence[str] = CATALOGUES, hints: Sequence[str] | None = None) -> list[Part]:
    """The best `limit` records of each catalogue. `hints`: languages it is likely in, the reader's by default."""
    searches: dict[str, Callable[..., tuple[Sequence[Any], Results]]] = {
        "commons": register.search,
        "funding": funding.search,
    }
    parts = []
    for name in within:
        rows, results = searches[name](text, limit, hints)
        parts.append(Part(name, rows, [why_found(result.reasons) for result in results.best], results))
    return parts


def answer(text: str, parts: Sequence[Part], limit: int) -> dict[str, Any]:
    """What the API and the command line answer: `{results, total, meant, near}`.

    `meant`: other spellings, where they find something; `near`: what is found answers not all of the query.
    """
    found = [part.results for part in parts if part.results.total]
    return {
        "results": best_of(parts, limit),
        "total": sum(results.total for results in found),
        "meant": list(dict.fromkeys(words for results in found for words in meant(text, results.corrections))),
        "near": bool(found) and all(results.is_near for results in found),
    }


def best_of(parts: Sequence[Part], limit: int) -> list[dict[str, Any]]:
    """The best records of all catalogues as documents `{id, name, kind, catalogue, url, score, why, matched}`.

    `url` is a path.
    """
    found = [
        (result.score, part.name, place)
        for part in parts
        for place, result in enumerate(part.results.best)
        if place < len(part.rows)
    ]
    found.sort(key=lambda item: (-item[0], item[1], item[2]))
    by_name = {part.name: part for part in parts}
    return [_document(by_name[name], place, score) for score, name, place in found[:limit]]


def _document(part: Part, place: int, score: int) -> dict[str, Any]:
    row, result = part.rows[place], part.results.best[place]
    return {
        "id": row.public_id,
        "name": row.title,
        "kind": row.kind_code,
        "catalogue": part.name,
        "url": row.url,
        "score": round(score / POINTS, 2),
        "why": part.reasons[place],
        "matched": [{"word": r.word, "term": r.term, "how": r.how, "weight": r.weight} for r in result.reasons],
    }

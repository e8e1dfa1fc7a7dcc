"""How the columns of an opportunity follow from its values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from communs.core.search import Text
from communs.kit.places import place_name
from communs.kit.search import describe


def project_opportunity(opportunity: Any) -> None:
    """Set title, kind, funder, closing date and search text from `opportunity.values`."""
    facts = opportunity.facts
    titles = facts.get("titles", {})
    funder = facts.get("funder", {})
    opportunity.title = str(titles.get("en") or next(iter(titles.values()), ""))[:500]
    opportunity.kind = facts.get("kind", "")
    opportunity.funder_name = str(funder.get("name", ""))[:300]
    opportunity.closes_on = next_closing(facts.get("windows", []))
    opportunity.last_confirmed = facts.get("last_confirmed", "")
    describe(opportunity, texts_of(opportunity))


def texts_of(opportunity: Any) -> Iterator[Text]:
    """What an opportunity is found by, with the weight of each text: see `docs/rules/search.md`."""
    facts = opportunity.facts
    yield Text(opportunity.public_id, 1, is_name=True)
    for lang, title in _by_language(facts.get("titles")):
        yield Text(title, 5, lang, is_name=True)
    for lang, summary in _by_language(facts.get("summaries")):
        yield Text(summary, 2, lang)
    yield Text(opportunity.funder_name, 2, is_name=True)
    yield Text(str(facts.get("programme") or ""), 2)
    yield Text(_listed(facts.get("themes")), 3, "en")
    yield Text(_listed([opportunity.kind, *_texts(facts.get("funds_what"))]), 1.5, "en")
    yield Text(_listed(facts.get("recipients")), 1, "en")
    yield Text(_listed(facts.get("commons_kinds")), 1, "en")
    yield Text("; ".join(map(_place_in_english, _texts(facts.get("countries")))), 0.5, "en")
    criteria = facts.get("criteria")
    for criterion in criteria if isinstance(criteria, list) else []:
        if isinstance(criterion, dict):
            yield Text(str(criterion.get("statement") or ""), 0.5, str(criterion.get("lang") or ""))


@lru_cache(maxsize=1_000)
def _place_in_english(code: str) -> str:
    with override("en"):
        return place_name(code)


def _by_language(value: Any) -> list[tuple[str, str]]:
    return [(lang, text) for lang, text in value.items() if isinstance(text, str)] if isinstance(value, dict) else []


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _listed(codes: Any) -> str:
    """Codes as words: `["commons_collective"]` → "commons collective"."""
    return "; ".join(code.replace("_", " ") for code in _texts(codes))


def next_closing(windows: list[dict[str, str]]) -> date | None:
    """The last exact closing day among the windows, None when there is none (which is the normal case)."""
    days = [window["closes"][:10] for window in windows if len(window.get("closes") or "") >= 10]
    try:
        return max((date.fromisoformat(day) for day in days), default=None)
    except ValueError:
        return None

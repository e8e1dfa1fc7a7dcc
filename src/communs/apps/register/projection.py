"""How the columns of a commons follow from its values."""

from __future__ import annotations

from typing import Any

from communs.apps.register.openness import result_of
from communs.core.identity import normalise_homepage, normalise_repository, normalise_wikidata
from communs.kit.search import search_text


def project_commons(commons: Any) -> None:
    """Set name, kind, verdict and headline, identity keys and search text from `commons.values`.

    Values of another type than expected are left out: a bad claim must not keep the good ones from being shown.
    """
    facts = commons.facts
    names, summaries = _texts_of(facts.get("names")), _texts_of(facts.get("summaries"))
    identifiers = facts["identifiers"] if isinstance(facts.get("identifiers"), dict) else {}
    steward = facts["steward"] if isinstance(facts.get("steward"), dict) else {}
    commons.name = (_text(facts.get("name")) or names.get("en") or next(iter(names.values()), ""))[:300]
    commons.kind = _text(facts.get("kind"))[:10]
    result = result_of(commons.values, commons.told)
    commons.verdict, commons.headline = result.verdict, result.headline
    repository = _text(identifiers.get("repo")) or _text(facts.get("repository"))
    commons.repository_key = (normalise_repository(repository) or "")[:300]
    commons.wikidata_key = (normalise_wikidata(_text(identifiers.get("wikidata"))) or "")[:20]
    commons.homepage_key = (normalise_homepage(_text(facts.get("homepage"))) or "")[:300]
    commons.search_text = search_text(
        commons.public_id,
        commons.name,
        *names.values(),
        *summaries.values(),
        *(_text(function) for function in _list(facts.get("functions"))),
        *(_text(item.get("product")) for item in _list(facts.get("replaces")) if isinstance(item, dict)),
        _text(steward.get("name")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts_of(value: Any) -> dict[str, str]:
    return {lang: text for lang, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}

"""How the columns of a commons follow from its values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from communs.apps.register.categories import category_name
from communs.apps.register.openness import result_of
from communs.core.identity import normalise_homepage, normalise_repository, normalise_wikidata
from communs.core.search import Text
from communs.kit.search import describe


def project_commons(commons: Any) -> None:
    """Set name, kind, verdict and headline, identity keys and search text from `commons.values`.

    Values of another type than expected are left out: a bad claim must not keep the good ones from being shown.
    """
    facts = commons.facts
    names = _texts_of(facts.get("names"))
    identifiers = facts["identifiers"] if isinstance(facts.get("identifiers"), dict) else {}
    commons.name = (_text(facts.get("name")) or names.get("en") or next(iter(names.values()), ""))[:300]
    commons.kind = _text(facts.get("kind"))[:10]
    result = result_of(commons.values, commons.told)
    commons.verdict, commons.headline = result.verdict, result.headline
    repository = _text(identifiers.get("repo")) or _text(facts.get("repository"))
    commons.repository_key = (normalise_repository(repository) or "")[:300]
    commons.wikidata_key = (normalise_wikidata(_text(identifiers.get("wikidata"))) or "")[:20]
    commons.homepage_key = (normalise_homepage(_text(facts.get("homepage"))) or "")[:300]
    describe(commons, texts_of(commons))


def texts_of(commons: Any) -> Iterator[Text]:
    """What a commons is found by, with the weight of each text: see `docs/rules/search.md`."""
    facts = commons.facts
    yield Text(commons.public_id, 1, is_name=True)
    names = _texts_of(facts.get("names"))
    for name in dict.fromkeys((commons.name, *names.values())):
        yield Text(name, 5, is_name=True)
    for lang, summary in _texts_of(facts.get("summaries")).items():
        yield Text(summary, 2, lang)
    yield Text("; ".join(map(_text, _list(facts.get("functions")))), 3, "en")
    categories = [slug for slug in map(_text, _list(facts.get("categories_publiccode"))) if slug]
    yield Text("; ".join(map(_category_in_english, categories)), 1.5, "en")
    products = [_text(item.get("product")) for item in _list(facts.get("replaces")) if isinstance(item, dict)]
    yield Text("; ".join(products), 3, "en")
    steward = facts.get("steward")
    yield Text(_text(steward.get("name")) if isinstance(steward, dict) else "", 1)
    yield Text(commons.kind, 0.5, "en")


@lru_cache(maxsize=1_000)
def _category_in_english(slug: str) -> str:
    with override("en"):
        return category_name(slug)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts_of(value: Any) -> dict[str, str]:
    return {lang: text for lang, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}

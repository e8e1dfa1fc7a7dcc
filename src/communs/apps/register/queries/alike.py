"""Entries that may be the same commons: only ever suggested, a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from communs.apps.register.models import Commons, Distinct
from communs.apps.register.queries.lists import snapshot
from communs.core.identity import (
    Identity,
    closest_names,
    normalise_homepage,
    normalise_repository,
    same_commons,
    suggest_likeness,
)
from communs.kit.records.models import Visibility

PAIRS_MAX = 100


def suggest_duplicates(commons: Commons, limit: int = 10) -> list[Commons]:
    """Entries that may be the same commons, likeliest first. Only a suggestion: a person decides.

    Compares with entries that share an identifier or a word of the name; pairs once declared distinct are left out.
    """
    distinct = set(Distinct.objects.filter(Q(one=commons) | Q(other=commons)).values_list("one_id", "other_id"))
    identity = Identity.from_record(commons.facts)
    scored = []
    for other in _candidates(commons):
        score = _likeness(identity, Identity.from_record(other.facts))
        if score and tuple(sorted((commons.pk, other.pk))) not in distinct:
            scored.append((score, other))
    scored.sort(key=lambda pair: (-pair[0], pair[1].name))
    return [other for _score, other in scored[:limit]]


def likely_same(values: Mapping[str, Any], limit: int = 5) -> list[Commons]:
    """Public entries that may be the same as a commons not stored yet, likeliest first.

    An address given as the website is compared with repositories too, and the other way round: people put either.
    """
    draft = Commons(public_id="draft", values={name: value for name, value in values.items() if value is not None})
    draft.project()
    identity = Identity.from_record(draft.facts)
    scored = []
    for other in _candidates(draft):
        score = 100.0 if _same_address(draft, other) else _likeness(identity, Identity.from_record(other.facts))
        if score and other.is_public:
            scored.append((score, other))
    scored.sort(key=lambda pair: (-pair[0], pair[1].name))
    return [other for _score, other in scored[:limit]]


def _same_address(one: Commons, other: Commons) -> bool:
    """Whether an address of the one is an address of the other, whatever either calls it."""
    return bool(_addresses(one) & _addresses(other))


def _addresses(commons: Commons) -> set[str]:
    said = [str(commons.values.get(name) or "") for name in ("homepage", "repository")]
    read = [normalise(address) for address in said for normalise in (normalise_homepage, normalise_repository)]
    return {key for key in (commons.repository_key, commons.homepage_key, *read) if key}


def _likeness(one: Identity, other: Identity) -> float:
    """0 when nothing speaks for it, up to 100 for likeness, more when the identifiers say it is the same."""
    if same_commons(one, other):
        return 101.0
    likeness = suggest_likeness(one, other)
    return likeness.score if likeness else 0.0


def _candidates(commons: Commons) -> list[Commons]:
    same = Q()
    if commons.wikidata_key:
        same |= Q(wikidata_key=commons.wikidata_key)
    for address in _addresses(commons):
        same |= Q(repository_key=address) | Q(homepage_key=address)
    present = snapshot()
    near = [present.rows[place].pk for place in closest_names(commons.name, present.folded_names)]
    if near:
        same |= Q(pk__in=near)
    words = sorted((word for word in commons.name.split() if len(word) > 2), key=len, reverse=True)
    if words:
        same |= Q(name__icontains=words[0])
    if not same:
        return []
    others = Commons.objects.filter(same, merged_into=None).exclude(pk=commons.pk)
    return list(others.exclude(visibility=Visibility.REMOVED)[:200])


def shared_keys() -> list[tuple[Commons, Commons]]:
    """Pairs of entries that share a Wikidata id, a repository or a homepage and were not declared distinct."""
    live = Commons.objects.filter(merged_into=None).exclude(visibility=Visibility.REMOVED)
    distinct = set(Distinct.objects.values_list("one_id", "other_id"))
    pairs: dict[tuple[int, int], tuple[Commons, Commons]] = {}
    for column in ("wikidata_key", "repository_key", "homepage_key"):
        keyed = live.exclude(**{column: ""}).only("public_id", "name", "values", column)
        shared = keyed.filter(**{f"{column}__in": _repeated(live, column)}).order_by(column, "pk")
        previous: Commons | None = None
        for commons in shared[: PAIRS_MAX * 2]:
            if previous is not None and getattr(previous, column) == getattr(commons, column):
                pair = (previous.pk, commons.pk) if previous.pk < commons.pk else (commons.pk, previous.pk)
                if pair not in distinct and not _differ_in_wikidata(previous, commons):
                    pairs.setdefault(pair, (previous, commons))
            previous = commons
    return list(pairs.values())[:PAIRS_MAX]


def _repeated(live: QuerySet[Commons], column: str) -> list[str]:
    counted = live.exclude(**{column: ""}).values(column).annotate(times=Count("pk")).filter(times__gt=1)
    return list(counted.values_list(column, flat=True)[:PAIRS_MAX])


def _differ_in_wikidata(one: Commons, other: Commons) -> bool:
    first, second = (row.values.get("identifiers.wikidata") for row in (one, other))
    return bool(first and second and first != second)

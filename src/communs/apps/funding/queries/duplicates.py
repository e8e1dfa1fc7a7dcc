"""Opportunities that may be one and the same (docs/rules/likeness.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet

from communs.apps.funding.models import LikelySame, Opportunity
from communs.core.identity.likeness import Comparison, Traits, compare
from communs.kit.records.models import Visibility

CANDIDATES_MAX = 200
Reasons = Sequence[Sequence[str]]  # (code, what one says, what the other says)


def likely_pairs() -> QuerySet[LikelySame]:
    """Pairs that wait for an editor, likeliest first."""
    waiting = LikelySame.objects.filter(distinct_at=None, one__merged_into=None, other__merged_into=None)
    shown = waiting.exclude(one__visibility=Visibility.REMOVED).exclude(other__visibility=Visibility.REMOVED)
    return shown.select_related("one", "other").order_by("-score", "pk")


def live_traits() -> tuple[dict[str, int], list[Traits]]:
    """Every opportunity that is neither merged nor removed as it is compared, and the row of each id."""
    rows = _live().only("pk", "public_id", "title", "values").order_by("pk")
    pk_of, traits = {}, []
    for row in rows.iterator(chunk_size=2_000):
        pk_of[row.public_id] = row.pk
        traits.append(traits_of(row))
    return pk_of, traits


def traits_of(row: Opportunity) -> Traits:
    """One opportunity as it is compared."""
    return Traits.from_record({**row.facts, "id": row.public_id})


def suggested_for(opportunity: Opportunity, limit: int = 10) -> list[tuple[Opportunity, Reasons]]:
    """Entries that may be the same as this one, likeliest first, with the reasons; those declared distinct left out."""
    mine = traits_of(opportunity)
    distinct = LikelySame.objects.filter(Q(one=opportunity) | Q(other=opportunity)).exclude(distinct_at=None)
    apart = {pk for pair in distinct.values_list("one_id", "other_id") for pk in pair}
    scored = [
        (comparison.score, other, _told(comparison))
        for other in _candidates(opportunity, mine)
        if other.pk not in apart and (comparison := compare(mine, traits_of(other))).is_suggested
    ]
    scored.sort(key=lambda found: (-found[0], found[1].pk))
    return [(other, reasons) for _score, other, reasons in scored[:limit]]


def reasons_between(one: Opportunity, other: Opportunity) -> Reasons:
    """What speaks for and against these two being the same."""
    return _told(compare(traits_of(one), traits_of(other)))


def _told(comparison: Comparison) -> Reasons:
    return [(reason.code, reason.one, reason.other) for reason in comparison.reasons]


def _live() -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(merged_into=None).exclude(visibility=Visibility.REMOVED)


def _candidates(opportunity: Opportunity, mine: Traits) -> Iterator[Opportunity]:
    """Entries that share the page, or one of the longest words of a title."""
    same = Q(values__url=opportunity.values["url"]) if opportunity.values.get("url") else Q()
    for title in mine.titles:
        for word in sorted(title.words, key=len, reverse=True)[:2]:
            same |= Q(search_text__contains=word)
    if same:
        yield from _live().filter(same).exclude(pk=opportunity.pk).order_by("pk")[:CANDIDATES_MAX]

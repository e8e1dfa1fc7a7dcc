"""Pairs of a whole catalogue that may be the same: who is compared with whom, so that 20,000 records take seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from communs.core.identity.likeness.deciding import Comparison, Shared, compare
from communs.core.identity.likeness.places import near
from communs.core.identity.likeness.traits import Traits
from communs.core.identity.likeness.words import Rarity

RARE_WORDS: Final = 3
"""A record is compared with those that share one of its three rarest words, its title, its summary or its page …"""
BEARERS_MAX: Final = 50
"""… as long as at most fifty records share it; of an equal title, any number, its neighbours only."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two records, in the order of their ids, and why."""

    one: Traits
    other: Traits
    comparison: Comparison


def suggest(records: Sequence[Traits], only: frozenset[str] | None = None) -> list[Suggestion]:
    """Pairs likely to be the same, likeliest first; with `only`, pairs that hold at least one of these ids."""
    shared = known_of(records)
    found = []
    for one, other in _pairs(records, shared, only):
        if near(one.places, other.places) == "apart":
            continue  # refused whatever else agrees; the dearer questions need not be asked
        comparison = compare(one, other, shared)
        if comparison.is_suggested:
            first, second = sorted((one, other), key=lambda traits: traits.id)
            found.append(Suggestion(first, second, comparison))
    return sorted(found, key=lambda pair: (-pair.comparison.score, pair.one.id, pair.other.id))


def known_of(records: Iterable[Traits]) -> Shared:
    """What the catalogue as a whole tells about words, pages and summaries."""
    records = list(records)
    bearers: Counter[str] = Counter()
    for traits in records:
        bearers.update(traits.links)
        bearers.update({"summary:" + " ".join(summary) for _lang, summary in traits.summaries})
    # Titles in two languages are one record's: its words count once.
    return Shared(Rarity({word for title in traits.titles for word in title.words} for traits in records), bearers)


def _pairs(records: Sequence[Traits], shared: Shared, only: frozenset[str] | None) -> Iterator[tuple[Traits, Traits]]:
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for number, traits in enumerate(records):
        for key in _keys(traits, shared.rarity):
            blocks[key].append(number)
    seen: set[tuple[int, int]] = set()
    for key, members in blocks.items():
        for pair in _within(members, is_title=key.startswith("title:")):
            if pair not in seen and (only is None or records[pair[0]].id in only or records[pair[1]].id in only):
                seen.add(pair)
                yield records[pair[0]], records[pair[1]]


def _within(members: list[int], *, is_title: bool) -> Iterator[tuple[int, int]]:
    if len(members) <= BEARERS_MAX:
        yield from combinations(members, 2)
    elif is_title:
        yield from pairwise(members)


def _keys(traits: Traits, rarity: Rarity) -> Iterator[str]:
    for title in traits.titles:
        yield f"title:{title.text}"
        # Numbers tell editions apart: pairs that differ by them would be refused anyway.
        rare = sorted((word for word in title.words if not word.isdigit()), key=lambda word: (-rarity.of(word), word))
        yield from (f"word:{word}" for word in rare[:RARE_WORDS])
    yield from (f"link:{link}" for link in traits.links)
    yield from ("summary:" + " ".join(summary) for _lang, summary in traits.summaries if len(summary) > 4)

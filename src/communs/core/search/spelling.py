"""Words that are spelled nearly like one that nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

LENGTH_MIN = 5
OFFERED_MAX = 3


class Speller:
    """Finds words within one letter (two from eight letters on) of a misspelled one: changed, missing, added, swapped.

    Words are kept by length and by their first and their last letter, one of which must be right.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._first: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._last: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= LENGTH_MIN and word.isalpha():
                self._first[word[0], len(word)].append(word)
                self._last[word[-1], len(word)].append(word)

    def near(self, word: str) -> list[str]:
        """The nearest words, at most three: fewest mistakes first, then the same beginning, then the alphabet."""
        if len(word) < LENGTH_MIN or not word.isalpha():
            return []
        allowed = 1 if len(word) < 8 else 2
        near: dict[str, int] = {}
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for other in (*self._first.get((word[0], length), ()), *self._last.get((word[-1], length), ())):
                if other not in near and other != word:
                    distance = DamerauLevenshtein.distance(word, other, score_cutoff=allowed)
                    if distance <= allowed:
                        near[other] = distance
        ranked = sorted(
            near.items(), key=lambda item: (item[1], item[0][0] != word[0], -_shared(word, item[0]), item[0])
        )
        best = ranked[0][1] if ranked else 0
        return [other for other, distance in ranked if distance == best][:OFFERED_MAX]


def _shared(word: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    count = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        count += 1
    return count

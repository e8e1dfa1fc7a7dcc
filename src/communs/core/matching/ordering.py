"""The order of a whole catalogue for one commons, without making a match of each: the same order as `by_score`.

Every step of a `Score` is a digit of one whole number, most important first, so that sorting compares numbers. What
does not depend on the commons (calendar, collective, identifier) is added up once a day; what depends on the criteria
alone (result, open questions) once for each distinct set of criteria; topics only where a word is shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from communs.core.matching.opportunity import Opportunity
from communs.core.matching.outcomes import OPEN, Outcome
from communs.core.matching.profile import Profile
from communs.core.matching.ranking import COLLECTIVE, topic_words
from communs.core.matching.vocabulary import STATUSES
from communs.core.matching.windows import status

_TOPICS: Final = 1 << 10  # more topic words than any commons has
_QUESTIONS: Final = 1 << 8
_CALENDAR: Final = 2 * (len(STATUSES) + 1)


class Ordering:
    """Opportunities as digits. Positions are those of the order given; `today` None leaves the calendar out."""

    def __init__(self, opportunities: Sequence[Opportunity], today: date | None) -> None:
        self._ids = len(opportunities) + 1
        by_id = sorted(range(len(opportunities)), key=lambda position: opportunities[position].id)
        self._static = [0] * len(opportunities)
        for place, position in enumerate(by_id):
            one = opportunities[position]
            calendar = len(STATUSES) if today is None else STATUSES.index(status(one, today))
            steps = 2 * calendar + (COLLECTIVE not in one.funds_what)
            self._static[position] = self._digits(steps, _TOPICS - 1, 0, place)
        self._positions_of_word: dict[str, list[int]] = defaultdict(list)
        for position, one in enumerate(opportunities):
            for word in topic_words(one.themes):
                self._positions_of_word[word].append(position)

    def _digits(self, steps: int, topics_missing: int, questions: int, place: int) -> int:
        return ((steps * _TOPICS + topics_missing) * _QUESTIONS + questions) * self._ids + place

    def best_first(self, profile: Profile, place_of: Sequence[int], weights: bytes, questions: bytes) -> list[int]:
        """Positions, best first. `weights` and `questions` hold a byte a set, `place_of` the set of each position."""
        result, question = self._digits(_CALENDAR, 0, 0, 0), self._ids
        by_set = [weight * result + open_ones * question for weight, open_ones in zip(weights, questions, strict=True)]
        numbers = [by_set[place] + static for place, static in zip(place_of, self._static, strict=True)]
        topic = self._ids * _QUESTIONS
        for word in topic_words(profile.themes):
            for position in self._positions_of_word.get(word, ()):
                numbers[position] -= topic
        return sorted(range(len(numbers)), key=numbers.__getitem__)


def open_questions(answers: Iterable[tuple[Sequence[Outcome], Sequence[int]]], sets: int) -> bytes:
    """How many different questions are open in each set, a byte a set.

    `answers` holds outcomes with the sets that each touches, as numbers with one byte a set (see `Catalogue`).
    """
    touched: dict[str, int] = {}
    for outcomes, touches in answers:
        for outcome, sets_touched in zip(outcomes, touches, strict=True):
            if outcome.weight == OPEN and outcome.question is not None:
                touched[outcome.question.key] = touched.get(outcome.question.key, 0) | sets_touched
    return sum(touched.values()).to_bytes(sets, "little")


def positions_by_result(place_of: Sequence[int], weights: bytes, results: Sequence[str]) -> Mapping[str, int]:
    """For each result the positions that have it, as the bits of a number (bit n: position n)."""
    heaviest = bytes(map(weights.__getitem__, place_of))
    found = {}
    for weight, result in enumerate(results):
        marks = bytes(48 + (value == weight) for value in range(256))  # "1" where the weight is this one
        found[result] = int(heaviest.translate(marks)[::-1] or b"0", 2)
    return found

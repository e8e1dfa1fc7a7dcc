"""Many opportunities against one commons after another: every distinct criterion is evaluated once.

Compiling gives each distinct criterion a number and each distinct set of criteria a place, and puts criteria that read
the same facts into blocks. A block answers for a commons from those facts and the answers to its own questions alone,
so commons that share them share the block's answer too. Which sets a failed, open or unstated criterion touches is a
number with one byte a set: joining the blocks is a bitwise or, and the bytes of the sum are the weights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Final

from communs.core.matching.criteria import Criterion
from communs.core.matching.evaluate import FACTS_READ, answers_read, decider
from communs.core.matching.opportunity import Opportunity
from communs.core.matching.ordering import Ordering, open_questions, positions_by_result
from communs.core.matching.outcomes import Outcome
from communs.core.matching.profile import Profile
from communs.core.matching.verdicts import Match, Pick, Sheet
from communs.core.matching.vocabulary import RESULTS, Result

BLOCK_SIZE: Final = 64
"""The most criteria in a block: what an answer to one of them makes the catalogue evaluate again."""
REMEMBERED: Final = 512
"""The most answers a block keeps; it starts afresh beyond that."""

_NOBODY: Final = Profile()
# From the bits of a byte (1: something unstated, 2: something open, 4: something failed) to the heaviest weight.
_HEAVIEST: Final = bytes(bits.bit_length() for bits in range(8)) + bytes(248)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a block says of one commons: its outcomes in order, and the touched sets, one byte each."""

    outcomes: list[Outcome]
    touched: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Criteria that read the same facts. `touches` holds, per criterion, the sets it is in: one byte each."""

    criteria: tuple[Criterion, ...]
    touches: tuple[int, ...]
    facts: tuple[str, ...]
    keys: frozenset[str]
    remembered: dict[tuple[object, ...], _Answer] = field(default_factory=dict)

    def answer(self, profile: Profile) -> _Answer:
        """The answers for a commons, remembered by the facts and answers that the block reads."""
        given = [(key, value) for key, value in profile.answers.items() if key in self.keys]
        known = (*[getattr(profile, fact) for fact in self.facts], *sorted(given))
        found = self.remembered.get(known)
        if found is None:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            found = self.remembered[known] = self._evaluate(profile)
        return found

    def _evaluate(self, profile: Profile) -> _Answer:
        outcomes, touched = [], 0
        for criterion, touches in zip(self.criteria, self.touches, strict=True):
            outcome = decider(criterion)(criterion, profile)
            outcomes.append(outcome)
            if outcome.weight:
                touched |= touches << (outcome.weight - 1)
        return _Answer(outcomes, touched)


class Catalogue:
    """Opportunities compiled for matching. Positions are those of the order given."""

    def __init__(self, opportunities: Iterable[Opportunity]) -> None:
        self.opportunities: tuple[Opportunity, ...] = tuple(opportunities)
        grouped = _grouped({criterion for one in self.opportunities for criterion in one.requirements})
        numbers = {criterion: n for n, criterion in enumerate(c for group in grouped for c in group)}
        sets: dict[tuple[int, ...], int] = {}
        self._place_of: list[int] = []
        for one in self.opportunities:
            asked = tuple([numbers[criterion] for criterion in one.requirements])
            self._place_of.append(sets.setdefault(asked, len(sets)))
        self._sets = tuple(sets)
        self._picks = tuple(_picker(asked) for asked in self._sets)
        self._ordered: tuple[date | None, Ordering] | None = None
        self._blocks = _blocks(grouped, _touches(len(numbers), self._sets))
        for block in self._blocks:
            if not block.facts:  # the same for everyone until somebody answers: no need to let the first one wait
                block.answer(_NOBODY)

    def __len__(self) -> int:
        return len(self.opportunities)

    def results(self, profile: Profile) -> Sequence[Result]:
        """The result for every opportunity, by position, without outcomes."""
        weights = self._weights([block.answer(profile) for block in self._blocks])
        found = [RESULTS[weight] for weight in weights]
        return [found[place] for place in self._place_of]

    def match_all(self, profile: Profile, today: date | None = None) -> list[Match]:
        """A match for every opportunity, by position: the same as `match` gives one by one."""
        sheet = self._sheet(profile)
        rows = zip(repeat(profile), self.opportunities, repeat(sheet), self._place_of, repeat(today), strict=False)
        # Straight to the tuple: the generated constructor would take longer than the matching.
        make: Callable[[tuple[object, ...]], Match] = partial(tuple.__new__, Match)
        return list(map(make, rows))

    def matches_at(self, profile: Profile, positions: Iterable[int], today: date | None = None) -> list[Match]:
        """The matches at some positions only, in the order given: what a page of a list needs."""
        sheet = self._sheet(profile)
        return [Match(profile, self.opportunities[n], sheet, self._place_of[n], today) for n in positions]

    def _sheet(self, profile: Profile) -> Sheet:
        answers = [block.answer(profile) for block in self._blocks]
        outcomes = [outcome for answer in answers for outcome in answer.outcomes]
        return Sheet(outcomes, self._picks, self._weights(answers))

    def rank(self, profile: Profile, today: date | None = None) -> list[Match]:
        """`match_all`, best first."""
        matches = self.match_all(profile, today)
        return [matches[position] for position in self.best_first(profile, today)]

    def best_first(self, profile: Profile, today: date | None = None) -> list[int]:
        """Positions in the order of `Score`, without making the matches: for lists that show a page of them."""
        answers = [block.answer(profile) for block in self._blocks]
        asked = ((answer.outcomes, block.touches) for answer, block in zip(answers, self._blocks, strict=True))
        questions = open_questions(asked, len(self._sets))
        return self._ordering(today).best_first(profile, self._place_of, self._weights(answers), questions)

    def positions_by_result(self, profile: Profile) -> Mapping[str, int]:
        """For each result the positions that have it, as the bits of a whole number (bit n: position n)."""
        weights = self._weights([block.answer(profile) for block in self._blocks])
        return positions_by_result(self._place_of, weights, RESULTS)

    def _ordering(self, today: date | None) -> Ordering:
        """Kept for the last day asked: lists ask for the same day over and over."""
        if self._ordered is None or self._ordered[0] != today:
            self._ordered = (today, Ordering(self.opportunities, today))
        return self._ordered[1]

    def _weights(self, answers: Iterable[_Answer]) -> bytes:
        touched = 0
        for answer in answers:
            touched |= answer.touched
        return touched.to_bytes(len(self._sets), "little").translate(_HEAVIEST)


def rank(profile: Profile, opportunities: Iterable[Opportunity], today: date | None = None) -> list[Match]:
    """Every opportunity matched, best first (see `Score`)."""
    return Catalogue(opportunities).rank(profile, today)


def _grouped(criteria: Iterable[Criterion]) -> list[list[Criterion]]:
    """Criteria that read the same facts, in groups of at most `BLOCK_SIZE`."""
    by_dimension: dict[str, list[Criterion]] = defaultdict(list)
    for criterion in sorted(criteria, key=lambda criterion: criterion.order):
        by_dimension[criterion.dimension if criterion.reads_facts else ""].append(criterion)
    return [
        group[start : start + BLOCK_SIZE]
        for _, group in sorted(by_dimension.items())
        for start in range(0, len(group), BLOCK_SIZE)
    ]


def _touches(count: int, sets: Sequence[tuple[int, ...]]) -> list[int]:
    """For each criterion, a number whose byte n is 1 where set n has it."""
    rows = [bytearray() for _ in range(count)]
    for place, asked in enumerate(sets):
        for n in asked:
            rows[n].extend(bytes(place - len(rows[n])) + b"\x01")
    return [int.from_bytes(row, "little") for row in rows]


def _blocks(grouped: Sequence[Sequence[Criterion]], touches: Sequence[int]) -> tuple[_Block, ...]:
    blocks, start = [], 0
    for group in grouped:
        facts = FACTS_READ.get(group[0].dimension, frozenset()) if group[0].reads_facts else frozenset[str]()
        keys = frozenset[str]().union(*(answers_read(criterion) for criterion in group))
        end = start + len(group)
        blocks.append(_Block(tuple(group), tuple(touches[start:end]), tuple(sorted(facts)), keys))
        start = end
    return tuple(blocks)


def _picker(asked: tuple[int, ...]) -> Pick:
    if len(asked) > 1:
        return itemgetter(*asked)
    return partial(_pick, asked)


def _pick(asked: tuple[int, ...], outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    return tuple(outcomes[n] for n in asked)

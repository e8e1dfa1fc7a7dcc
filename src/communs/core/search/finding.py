"""Looking a plan up in an index: which documents answer, how well, by what, and what might have been meant.

The score of a document is, over the units of the plan, the best of their alternatives: weight × rarity of the term ×
its impact in the document; a document that answers more of what was asked goes before one that says it louder.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from communs.core.search import nearness
from communs.core.search.analysis import CONCEPT, HINT, STEM
from communs.core.search.folding import fold
from communs.core.search.index import Index, Marks
from communs.core.search.parsing import All, Leaf, Node, Not
from communs.core.search.planning import (
    CERTAIN,
    COVERAGE_MIN,
    WEIGHTS,
    Alternative,
    Plan,
    Unit,
    has_phrase,
    plan,
    sureness,
)
from communs.core.search.spelling import Speller
from communs.core.search.vocabulary import vocabulary

FULL = 100
NEAR_MIN = 12  # of 100: what answers less than this of a query is never shown
BESIDE_BEST = 35  # of 100: nor what answers less than this of what the best one does
SHOWN_MIN = 8  # of 100: where the surest record answers less surely than this, nothing is shown
UNKNOWN_SHARE = 35  # of 100: what a word weighs that neither the documents nor the vocabulary know
PREFIX_WORDS_MAX = 40
PREFIX_LENGTH_MIN = 3
BEGUN_MIN = 5  # letters of a word nobody knows that is taken for the beginning of another
NEARNESS = 2  # times what a record scores by its words is added where all of it lies where the need does
NAMED_BONUS = 4  # times the best score: a record that is called exactly what was typed
Scores = npt.NDArray[np.int64]
Marks8 = npt.NDArray[np.uint8]
TextOf = Callable[[int], str]
_Held = list[tuple[Unit, list[tuple[Alternative, npt.NDArray[np.int32]]]]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document answers: for a word of the query the term that did, how, and of 100 how much that counts."""

    word: str
    term: str
    how: str
    weight: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that nobody knows, and what may have been meant."""

    word: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Keys and scores of the documents that answer, in no order; the plan as it was carried out.

    `is_near`: none answers enough of what was asked; these come near.
    """

    keys: npt.NDArray[np.int64]
    scores: Scores
    plan: Plan
    corrections: tuple[Correction, ...]
    is_near: bool = False


class Finder:
    """Searches one state of a catalogue. `text_of`: from the key of a document to its folded text, for phrases."""

    def __init__(self, index: Index, text_of: TextOf) -> None:
        self.index, self.text_of = index, text_of
        self._speller: Speller | None = None
        self._last: tuple[Plan | None, _Held] = (None, [])

    def find(self, asked: Plan) -> Found:
        """The documents that answer a plan."""
        completed, corrections = self.completed(asked)
        size = len(self.index.alive)
        scores, coverage, sure = (np.zeros(size, np.int64) for _each in range(3))
        masses = self.masses(completed)
        for unit, mass in zip(completed.units, masses, strict=True):
            best, certainty, answered = self._unit(unit, size)
            scores += best * unit.factor // FULL
            coverage += certainty.astype(np.int64) * mass
            sure += answered.astype(np.int64) * mass
        total = sum(masses) * FULL
        kept, is_near = self._kept(completed, coverage, sure, total)
        if total:
            scores = scores * (total + 3 * coverage) // (4 * total)
        numbers = np.flatnonzero(kept)
        scores[numbers] += scores[numbers] * NEARNESS * self._near(completed, numbers) // FULL
        named = self._named(completed)
        if named is not None and len(named):
            scores[named] += NAMED_BONUS * (int(scores.max(initial=0)) + 1)
            kept[named] |= self.index.alive[named]
            numbers = np.flatnonzero(kept)
        return Found(self.index.keys[numbers], scores[numbers], completed, corrections, is_near=is_near)

    def _kept(self, completed: Plan, coverage: Scores, sure: Scores, total: int) -> tuple[Marks, bool]:
        """What answers enough of a plan; where nothing does, what comes near, and that it does no more than that."""
        required = completed.query.required
        allowed = self.index.alive if required is None else self.index.alive & self._marks(required, completed)
        if not completed.query.is_plain:
            return allowed, False
        coverage, sure = np.where(allowed, coverage, 0), np.where(allowed, sure, 0)
        best, surest = int(coverage.max(initial=0)), int(sure.max(initial=0))
        if not best or best * FULL < NEAR_MIN * total or surest * FULL < SHOWN_MIN * total:
            return allowed & False, False
        least = max(NEAR_MIN * total, BESIDE_BEST * best)
        return coverage * FULL >= least, surest * FULL < COVERAGE_MIN * total

    def _near(self, completed: Plan, numbers: npt.NDArray[np.intp]) -> Scores:
        """How near documents lie to what is asked for, of 100, by all that both name."""
        units = ((unit.factor, _named_by(unit)) for unit in completed.units)
        place = nearness.place_of(units)
        if place is None:
            return np.zeros(len(numbers), np.int64)
        return nearness.nearness(self.index.lying[numbers], place)

    def masses(self, asked: Plan) -> list[int]:
        """What each unit weighs: how rare it is that something answers it, by its factor."""
        return [self._mass(unit) for unit in asked.units]

    def completed(self, asked: Plan) -> tuple[Plan, tuple[Correction, ...]]:
        """The plan with what only the documents know: words that begin so, and nearly the same spelling."""
        units, corrections = [], []
        for unit in asked.units:
            if unit.is_prefix:
                units.append(self._with_beginnings(unit))
            elif unit.is_known or self._holds(unit):
                units.append(unit)
            else:
                completed, correction = self._corrected(unit, asked.languages)
                units.append(completed)
                corrections += [correction] if correction else []
        return replace(asked, units=tuple(units)), tuple(corrections)

    def reasons(self, completed: Plan, key: int) -> list[Reason]:
        """Why a document answers: the best alternative of each unit that it holds, as words are shown."""
        number = self.index.number_of.get(key)
        if number is None:
            return []
        found: dict[str, Reason] = {}
        for unit, alternatives in self._held(completed):
            best = next((alt for alt, documents in alternatives if _is_in(documents, number)), None)
            if best is not None and (unit.word not in found or found[unit.word].weight < best.weight):
                found[unit.word] = Reason(unit.word, best.term, best.how, best.weight)
        return list(found.values())

    def _held(self, completed: Plan) -> _Held:
        """The alternatives of each unit that some document holds, the weightiest first; kept for the last plan."""
        plan_asked, held = self._last
        if plan_asked is not completed:
            held = []
            for unit in completed.units:
                alternatives = sorted(unit.alternatives, key=lambda alt: (alt.weight, alt.term), reverse=True)
                hits = [(alt, self.index.postings(alt.term)) for alt in alternatives]
                held.append((unit, [(alt, hit[0]) for alt, hit in hits if hit is not None]))
            self._last = (completed, held)
        return held

    def _unit(self, unit: Unit, size: int) -> tuple[Scores, Marks8, Marks8]:
        best, certainty, sure = np.zeros(size, np.int64), np.zeros(size, np.uint8), np.zeros(size, np.uint8)
        hits = [(alternative, self.index.postings(alternative.term)) for alternative in unit.alternatives]
        there = [(alternative, hit[0], hit[1]) for alternative, hit in hits if hit is not None]
        named = max(
            (self._holders(one.term, len(held)) for one, held, _impacts in there if unit.factor < FULL and _names(one)),
            default=0,
        )
        for alternative, documents, impacts in there:
            holders = self._holders(alternative.term, len(documents))
            # What a word names is said in other languages too: "logiciel" is no rare thing among English records.
            worth = alternative.weight * self.index.rarity(max(holders, named))
            best[documents] = np.maximum(best[documents], impacts.astype(np.int64) * worth)
            certainty[documents] = np.maximum(certainty[documents], alternative.weight)
            sure[documents] = np.maximum(sure[documents], sureness(alternative))
        return best, certainty, sure

    def _holders(self, term: str, count: int) -> int:
        """How many documents hold a term, by `count`; of a concept, those that say it surely and the others."""
        if term[0] not in (CONCEPT, HINT):
            return count
        other = self.index.postings((HINT if term[0] == CONCEPT else CONCEPT) + term[1:])
        return count + (0 if other is None else len(other[0]))

    def _mass(self, unit: Unit) -> int:
        """A word that is known and that nothing answers weighs as much as the rarest: that is not there."""
        held, certain = 0, 0
        for alternative in unit.alternatives:
            hit = self.index.postings(alternative.term)
            if hit is not None:
                holders = self._holders(alternative.term, len(hit[0]))
                held = max(held, holders)
                certain = max(certain, holders) if alternative.weight >= CERTAIN else certain
        if certain or unit.is_known:
            rarity = self.index.rarity(certain)
        else:
            rarity = max(self.index.rarity(0) * UNKNOWN_SHARE // FULL, self.index.rarity(held) if held else 0)
        return max(1, rarity * unit.factor // FULL)

    def _holds(self, unit: Unit) -> bool:
        return any(self.index.postings(alt.term) is not None for alt in unit.alternatives)

    def _with_beginnings(self, unit: Unit) -> Unit:
        folded = fold(unit.word)
        if len(folded) < PREFIX_LENGTH_MIN:
            return unit
        words = self.index.words
        start = bisect_left(words, folded)
        begun = [word for word in words[start : start + PREFIX_WORDS_MAX] if word.startswith(folded)]
        more = tuple(Alternative(word, WEIGHTS["begins"], "begins") for word in begun if word != folded)
        return replace(unit, alternatives=(*unit.alternatives, *more))

    def _corrected(self, unit: Unit, languages: Sequence[str]) -> tuple[Unit, Correction | None]:
        completed = self._with_beginnings(unit) if len(unit.word) >= BEGUN_MIN else unit
        if completed is not unit and len(completed.alternatives) > len(unit.alternatives):
            return completed, None
        folded = fold(unit.word)
        near = self.speller.near(folded)
        if not near:
            return unit, None
        more: dict[str, Alternative] = {}
        for word in near:
            for alternative in _said_by(word, tuple(languages)):
                weight = alternative.weight * WEIGHTS["spelling"] // FULL
                if (
                    alternative.how != "broader"
                    and more.get(alternative.term, alternative).weight <= alternative.weight
                ):
                    more[alternative.term] = Alternative(alternative.term, weight, "spelling")
        return replace(unit, alternatives=(*unit.alternatives, *more.values())), Correction(unit.word, tuple(near))

    @property
    def speller(self) -> Speller:
        """Made when the first word is misspelled: it knows every word of the documents and of the vocabulary."""
        if self._speller is None:
            known = {*self.index.words, *vocabulary().words}
            self._speller = Speller(known)
        return self._speller

    def _marks(self, node: Node, completed: Plan) -> Marks:
        if isinstance(node, Leaf):
            return self._phrase(node) if node.is_phrase else self._leaf(node, completed)
        if isinstance(node, Not):
            return ~self._marks(node.part, completed)
        marks = [self._marks(part, completed) for part in node.parts]
        join = np.logical_and if isinstance(node, All) else np.logical_or
        if not marks:
            return np.ones(len(self.index.alive), np.bool_)
        return join.reduce(marks)  # type: ignore[no-any-return]

    def _leaf(self, leaf: Leaf, completed: Plan) -> Marks:
        marks = np.ones(len(self.index.alive), np.bool_)
        for unit in completed.leaves.get(leaf, ()):
            whole = self._with_beginnings(unit) if unit.is_prefix else unit
            held = np.zeros(len(self.index.alive), np.bool_)
            for alternative in whole.alternatives:
                hit = self.index.postings(alternative.term) if alternative.weight >= CERTAIN else None
                if hit is not None:
                    held[hit[0]] = True
            marks &= held
        return marks

    def _phrase(self, leaf: Leaf) -> Marks:
        marks = np.zeros(len(self.index.alive), np.bool_)
        hits = [self.index.postings(fold(word)) for word in leaf.words]
        lists = [hit[0] for hit in hits if hit is not None]
        if len(lists) < len(leaf.words):
            # Stop words are not indexed: the text itself has the last word.
            lists = lists or [np.flatnonzero(self.index.alive).astype(np.int32)]
        for number in _common(lists):
            marks[number] = has_phrase(self.text_of(int(self.index.keys[number])), leaf.words)
        return marks

    def _named(self, completed: Plan) -> npt.NDArray[np.int32] | None:
        hit = self.index.postings(completed.whole)
        return None if hit is None else hit[0]


def _named_by(unit: Unit) -> list[tuple[str, int]]:
    """The concepts that a word names itself, each with its weight."""
    there = (one for one in unit.alternatives if one.how == "concept" and one.term[0] == CONCEPT)
    return [(one.term[1:], one.weight) for one in there]


def _names(alternative: Alternative) -> bool:
    """Whether this is what the word itself names, and surely."""
    return alternative.how == "concept" and alternative.term[0] == CONCEPT and alternative.weight >= CERTAIN


def _is_in(documents: npt.NDArray[np.int32], number: int) -> bool:
    place = int(documents.searchsorted(number))
    return place < len(documents) and int(documents[place]) == number


def _common(lists: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    common = lists[0]
    for other in lists[1:]:
        common = np.intersect1d(common, other, assume_unique=True)
    return common


@lru_cache(maxsize=2_000)
def _said_by(word: str, languages: tuple[str, ...]) -> tuple[Alternative, ...]:
    return tuple(alt for unit in plan(word, languages).units for alt in unit.alternatives)


def shown(term: str, lang: str) -> str:
    """A term as people read it: the label of a concept in their language, a stem with a dash."""
    if term.startswith((CONCEPT, HINT)):
        return vocabulary().label(term[1:], lang)
    return f"{term[1:]}-" if term.startswith(STEM) else term

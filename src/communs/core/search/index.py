"""An inverted index in memory: which documents hold a term, and how much it says of them.

Postings are numpy arrays, one run of (document, impact) a term; scores are integers, so that every machine and both
databases rank alike. An index is never changed: `with_changes` gives a new one that shares the old arrays and adds a
small segment, until the changes are many and everything is merged. About 6 bytes a posting.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from communs.core.search import nearness
from communs.core.search.analysis import CONCEPT, FIRST_CHARACTER, HINT, NAME, STEM

Numbers = npt.NDArray[np.int32]
Impacts = npt.NDArray[np.uint8]
Marks = npt.NDArray[np.bool_]
SEGMENTS_MAX = 4
MERGE_SHARE = 0.2  # of the documents may stand in later segments, or be gone, before all is merged


@dataclass(frozen=True)
class Segment:
    """Documents that were indexed together. Postings of term t: `places[t]` to `places[t + 1]` of the two arrays."""

    keys: npt.NDArray[np.int64]
    terms: Mapping[str, int]
    places: npt.NDArray[np.int64]
    documents: Numbers
    impacts: Impacts

    def postings(self, term: str) -> tuple[Numbers, Impacts] | None:
        number = self.terms.get(term)
        if number is None:
            return None
        run = slice(int(self.places[number]), int(self.places[number + 1]))
        return (self.documents[run], self.impacts[run]) if run.stop > run.start else None

    @cached_property
    def lying(self) -> nearness.Places:
        """Where each document lies among the concepts; worked out for the first search."""
        hits = ((term[1:], self.postings(term)) for term in self.terms if term[0] == CONCEPT)
        return nearness.places_of(len(self.keys), ((concept, *hit) for concept, hit in hits if hit is not None))


@dataclass(frozen=True)
class Index:
    """Segments side by side: document d of segment s has the number `starts[s] + d`. `alive`: those still in force."""

    segments: tuple[Segment, ...] = ()
    alive: Marks = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @classmethod
    def of(cls, documents: Iterable[tuple[int, str]]) -> Index:
        """An index of `(key, packed terms)`; see `analysis.pack`."""
        segment = _segment(documents)
        return cls((segment,), np.ones(len(segment.keys), dtype=np.bool_))

    def with_changes(self, changed: Mapping[int, str | None]) -> Index:
        """The index after some documents have come, changed or gone (None)."""
        if not changed:
            return self
        alive = self.alive.copy()
        for key in changed:
            number = self.number_of.get(key)
            if number is not None:
                alive[number] = False
        added = _segment((key, packed) for key, packed in changed.items() if packed is not None)
        index = Index((*self.segments, added), np.concatenate([alive, np.ones(len(added.keys), dtype=np.bool_)]))
        later = len(index.alive) - len(self.segments[0].keys) if self.segments else 0
        loose = later + int(len(index.alive) - index.alive.sum())
        if len(index.segments) > SEGMENTS_MAX or loose > MERGE_SHARE * max(len(index), 1):
            return index.merged()
        return index

    def merged(self) -> Index:
        """The same in one segment; where its documents lie is taken along once it is known."""
        whole = _merge(self)
        if self.segments and "lying" in vars(self.segments[0]):
            vars(whole)["lying"] = self.lying[self.alive]
        return Index((whole,), np.ones(len(self), dtype=np.bool_))

    def __len__(self) -> int:
        return int(self.alive.sum())

    @cached_property
    def starts(self) -> list[int]:
        """The number of the first document of each segment."""
        lengths = [len(segment.keys) for segment in self.segments]
        return [sum(lengths[:place]) for place in range(len(lengths))]

    @cached_property
    def keys(self) -> npt.NDArray[np.int64]:
        """The key of every document by its number, those that are gone included."""
        return np.concatenate([segment.keys for segment in self.segments]) if self.segments else np.zeros(0, np.int64)

    @cached_property
    def number_of(self) -> dict[int, int]:
        """The number of each document in force."""
        return {int(self.keys[number]): int(number) for number in np.flatnonzero(self.alive)}

    def postings(self, term: str) -> tuple[Numbers, Impacts] | None:
        """Documents in force that hold the term, by number, with its impact; None where there is none."""
        found = [
            (hit[0] + start, hit[1])
            for segment, start in zip(self.segments, self.starts, strict=True)
            if (hit := segment.postings(term)) is not None
        ]
        if not found:
            return None
        documents, impacts = found[0] if len(found) == 1 else tuple(map(np.concatenate, zip(*found, strict=True)))
        kept = self.alive[documents]
        if kept.all():
            return documents, impacts
        return (documents[kept], impacts[kept]) if kept.any() else None

    @cached_property
    def lying(self) -> nearness.Places:
        """Where every document lies among the concepts, by its number."""
        return np.concatenate([np.zeros((0, nearness.NUMBERS), np.int8), *(one.lying for one in self.segments)])

    @cached_property
    def words(self) -> list[str]:
        """Every plain word that some document in force holds, sorted."""
        plain: set[str] = set()
        for segment, start in zip(self.segments, self.starts, strict=True):
            terms = np.repeat(np.arange(len(segment.terms)), np.diff(segment.places))
            held = np.bincount(terms[self.alive[segment.documents + start]], minlength=len(segment.terms))
            plain.update(
                term
                for term, count in zip(segment.terms, held.tolist(), strict=True)
                if count and term[0] not in (STEM, CONCEPT, HINT, NAME)
            )
        return sorted(plain)

    def rarity(self, count: int) -> int:
        """How much a term says that `count` documents hold: the inverse document frequency of BM25, times 100."""
        total = len(self)
        return max(1, round(100 * math.log(1 + (total - count + 0.5) / (count + 0.5))))


def _segment(documents: Iterable[tuple[int, str]]) -> Segment:
    numbers: dict[str, int] = {}
    keys, ids, lengths, marks = array("q"), array("i"), array("i"), bytearray()
    take = numbers.setdefault
    for key, packed in documents:
        names, _newline, impacts = packed.partition("\n")
        terms = names.split()
        keys.append(key)
        lengths.append(len(terms))
        ids.extend([take(term, len(numbers)) for term in terms])
        marks += impacts.encode("latin-1")
    of_term = np.frombuffer(ids, dtype=np.int32) if ids else np.zeros(0, np.int32)
    documents_of = (
        np.repeat(np.arange(len(keys), dtype=np.int32), np.frombuffer(lengths, dtype=np.int32)) if keys else of_term
    )
    strengths = np.frombuffer(bytes(marks), dtype=np.uint8) - np.uint8(FIRST_CHARACTER)
    return _sorted(np.array(keys, dtype=np.int64), numbers, of_term, documents_of, strengths)


def _sorted(
    keys: npt.NDArray[np.int64], numbers: Mapping[str, int], of_term: Numbers, documents: Numbers, impacts: Impacts
) -> Segment:
    order = np.argsort(of_term, kind="stable")
    counts = np.bincount(of_term, minlength=len(numbers)) if len(of_term) else np.zeros(len(numbers), np.int64)
    places = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    return Segment(keys, numbers, places, documents[order], impacts[order])


def _merge(index: Index) -> Segment:
    kept = np.flatnonzero(index.alive)
    renumbered = np.full(len(index.alive), -1, dtype=np.int32)
    renumbered[kept] = np.arange(len(kept), dtype=np.int32)
    numbers: dict[str, int] = {}
    of_term: list[Numbers] = []
    documents: list[Numbers] = []
    impacts: list[Impacts] = []
    for segment, start in zip(index.segments, index.starts, strict=True):
        mapped = np.array([numbers.setdefault(term, len(numbers)) for term in segment.terms], dtype=np.int32)
        terms = np.repeat(mapped, np.diff(segment.places)) if len(mapped) else np.zeros(0, np.int32)
        places = renumbered[segment.documents + start]
        alive = places >= 0
        of_term.append(terms[alive])
        documents.append(places[alive])
        impacts.append(segment.impacts[alive])
    postings = np.concatenate(of_term), np.concatenate(documents), np.concatenate(impacts)
    return _sorted(index.keys[kept], numbers, *postings)

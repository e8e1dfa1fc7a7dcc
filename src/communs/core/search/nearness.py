"""How near what a record is about lies to what is asked for, over all that both say.

Each concept has a place among the others: 64 numbers, so that "nurse" lies near "hospital" and far from "tax". They
stand in `nearness.txt`, a line a concept, a character a number. A record lies where the concepts that it names lie, a
need likewise; the angle between the two says how near they are. That orders what words have found: it finds nothing.
All numbers are small integers, whose products floats of 32 bits hold exactly: every machine ranks alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from communs.core.search.vocabulary import vocabulary

FILE = "nearness.txt"
NUMBERS = 64  # of a concept
MIDDLE = 80  # the character that stands for nothing: "P"
LENGTH = 127  # of every place but the middle
TELLING = {"action": 1, "form": 1}  # what these kinds say of what a record is about; the others twice as much
Places = npt.NDArray[np.int8]
Place = npt.NDArray[np.float32]
Hit = tuple[str, npt.NDArray[np.int32], npt.NDArray[np.uint8]]


def places_of(count: int, hits: Iterable[Hit]) -> Places:
    """Where each of so many documents lies. `hits`: a concept, the documents that surely name it, and their impacts."""
    sums = np.zeros((count, NUMBERS), np.int32)
    rows, places = _concepts()
    kinds = vocabulary().kinds
    for concept, documents, impacts in hits:
        row = rows.get(concept)
        if row is not None:
            told = impacts.astype(np.int32) * TELLING.get(kinds.get(concept, ""), 2)
            sums[documents] += told[:, None] * places[row]
    return _of_length(sums)


def place_of(units: Iterable[tuple[int, Iterable[tuple[str, int]]]]) -> Place | None:
    """Where a need lies: for each of its words a factor, and the concepts that it names with their weights.

    Of several meanings of a word the surer counts more, by the square of its weight. None where nothing is named.
    """
    rows, places = _concepts()
    factors, meanings = [], []
    for factor, named in units:
        known = [(rows[concept], weight * weight) for concept, weight in named if concept in rows]
        if known:
            numbers, weights = zip(*known, strict=True)
            factors.append(factor)
            meanings.append(np.array(weights, np.int32) @ places[list(numbers)])
    if not factors:
        return None
    total = np.array(factors, np.int32) @ _of_length(np.array(meanings)).astype(np.int32)
    place: Place = _of_length(total[None, :])[0].astype(np.float32)
    return place


def nearness(places: Places, place: Place) -> npt.NDArray[np.int64]:
    """How near documents lie to a need, of 100: 100 the same direction, 0 an angle of a quarter turn and more."""
    products = np.maximum(places.astype(np.float32) @ place, 0.0).astype(np.int64)
    near: npt.NDArray[np.int64] = products * 100 // (LENGTH * LENGTH)
    return near


def _of_length(sums: npt.NDArray[np.int32] | npt.NDArray[np.int64]) -> Places:
    """The same directions, all of one length; what lies in the middle stays there."""
    lengths = np.sqrt((sums.astype(np.int64) ** 2).sum(axis=1, dtype=np.int64).astype(np.float64))
    scaled: Places = np.rint(sums * (LENGTH / np.maximum(lengths, 1.0))[:, None]).astype(np.int8)
    return scaled


@cache
def _concepts() -> tuple[dict[str, int], npt.NDArray[np.int32]]:
    """The row of each concept and all places: as its line says, without one where its broader concepts lie."""
    lines = (files(__package__) / FILE).read_text(encoding="ascii").splitlines()
    written = [line.split(" ") for line in lines if not line.startswith("# ")]
    characters = np.frombuffer("".join(numbers for _id, numbers in written).encode("ascii"), np.uint8)
    places = list(_of_length(characters.reshape(-1, NUMBERS).astype(np.int32) - MIDDLE).astype(np.int32))
    rows = {concept: row for row, (concept, _numbers) in enumerate(written)}
    for concept in vocabulary().kinds:
        upper = [] if concept in rows else [places[rows[one]] for one in vocabulary().above(concept) if one in rows]
        if upper:
            rows[concept] = len(places)
            places.append(_of_length(np.array([np.sum(upper, axis=0)]))[0].astype(np.int32))
    return rows, np.array(places)

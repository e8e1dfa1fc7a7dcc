"""Equal ballots once: those of all voters, one after another in flat arrays, as distinct ballots in ascending order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np

from communs.core.standards.pabulib.election import Ballots, Ints

_WORD_BITS: Final = 63


def group(lengths: Ints, choices: Ints, points: Ints | None, projects: int) -> Ballots:
    """The distinct ballots of these: ballot b takes the next `lengths[b]` of `choices` (and `points`)."""
    bits = max(1, projects.bit_length())
    longest = int(lengths.max(initial=0))
    if points is None and longest * bits <= _WORD_BITS and lengths.min(initial=1) > 0:
        return _by_word(lengths, choices, bits)
    return _by_bytes(lengths, choices, points)


def from_counts(counted: Mapping[tuple[tuple[int, int], ...], int]) -> Ballots:
    """Ballots as (project, points) pairs with their numbers, as arrays."""
    ordered = sorted(counted)
    lengths = np.fromiter(map(len, ordered), np.int64, len(ordered))
    flat = np.array([pair for ballot in ordered for pair in ballot], np.int64).reshape(-1, 2)
    sizes = np.fromiter((counted[ballot] for ballot in ordered), np.int64, len(ordered))
    return Ballots(sizes, _starts(lengths), np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1]))


def _by_word(lengths: Ints, choices: Ints, bits: int) -> Ballots:
    """Ballots short enough for one number each: the first project in the highest bits, so numbers sort as ballots."""
    starts = _starts(lengths)
    place = np.arange(len(choices)) - np.repeat(starts[:-1], lengths)
    shifts = (_WORD_BITS // bits - 1 - place) * bits
    words = np.bitwise_or.reduceat((choices + 1) << shifts, starts[:-1]) if len(choices) else choices
    distinct, sizes = np.unique(words, return_counts=True)
    places = np.arange(_WORD_BITS // bits)[::-1] * bits
    named = (distinct[:, None] >> places) & ((1 << bits) - 1)
    return Ballots(
        sizes.astype(np.int64),
        _starts((named > 0).sum(axis=1)),
        named[named > 0] - 1,
        np.ones(int((named > 0).sum()), np.int64),
    )


def merged(ballots: Ballots) -> Ballots:
    """These ballots in ascending order, equal ones once."""
    return _by_bytes(np.diff(ballots.starts), ballots.choices, ballots.points, ballots.sizes)


def _by_bytes(lengths: Ints, choices: Ints, points: Ints | None, sizes: Ints | None = None) -> Ballots:
    """Any ballots: their numbers as bytes, the highest first, so that bytes sort as ballots."""
    pairs = np.empty((len(choices), 2), ">i8")
    pairs[:, 0] = choices
    pairs[:, 1] = 1 if points is None else points
    raw = pairs.tobytes()
    width = 2 * pairs.itemsize
    parts = [raw[start:end] for start, end in pairwise((_starts(lengths) * width).tolist())]
    counted: Counter[bytes] = Counter(parts)
    if sizes is not None:
        counted.clear()
        for part, size in zip(parts, sizes.tolist(), strict=True):
            counted[part] += size
    ordered = sorted(counted)
    flat = np.frombuffer(b"".join(ordered), ">i8").reshape(-1, 2)
    kept = np.fromiter(map(len, ordered), np.int64, len(ordered)) // width
    summed = np.fromiter((counted[ballot] for ballot in ordered), np.int64, len(ordered))
    return Ballots(summed, _starts(kept), flat[:, 0].astype(np.int64), flat[:, 1].astype(np.int64))


def _starts(lengths: Ints) -> Ints:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts

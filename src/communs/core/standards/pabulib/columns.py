"""Columns of a table in bytes, cut all at once with numpy: the quick way to read ballots that are as they should be.

Everything here answers None where something is unusual; the caller then goes through the lines one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from communs.core.standards.pabulib.election import Ints

Words = npt.NDArray[np.uint64]

_NEWLINE, _COMMA, _SEMICOLON = b"\n,;"
_UNUSUAL: Final = (b'"', b"\r", b"\0", *(blank.encode() for blank in "\u0085\u00a0\u1680\u205f\u3000"), b"\xe2\x80")
_BLANKS: Final = tuple(b" \t\x0b\x0c\x1c\x1d\x1e\x1f"[place : place + 1] for place in range(8))
_SPACED: Final = re.compile(rb"(?:^|[;,\n])[ \t\x0b\x0c\x1c-\x1f]|[ \t\x0b\x0c\x1c-\x1f](?:[;,\n]|$)")
_WORD: Final = 8
# What keeps, of eight bytes read at once, the first `length`.
_MASKS: Final = np.array([(1 << (8 * length)) - 1 for length in range(_WORD + 1)], np.uint64)
_MULTIPLIERS: Final = tuple(0x9E3779B97F4A7C15 * odd % 2**64 | 1 for odd in range(1, 40, 2))


@dataclass(frozen=True, eq=False)
class Tokens:
    """The parts between commas of every cell of a column: `counts` by row; each part starts and ends where told."""

    block: Block
    counts: Ints
    starts: Ints
    ends: Ints

    @cached_property
    def words(self) -> Words | None:
        """Each part as one number, of its bytes; None where one is empty or longer than eight bytes."""
        lengths = self.ends - self.starts
        if lengths.min(initial=1) < 1 or lengths.max(initial=1) > _WORD:
            return None
        words: Words = self.block.windows[self.starts] & _MASKS[lengths]
        return words

    def texts(self) -> list[bytes]:
        """Each part as bytes."""
        data = self.block.data
        return [data[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def numbers_of(self, known: list[bytes]) -> Ints | None:
        """Each part as its place in `known`; None where one is not among them."""
        words = self.words
        if words is None or max(map(len, known), default=0) > _WORD:
            places = {text: place for place, text in enumerate(known)}
            found = [places.get(text, -1) for text in self.texts()]
            return None if -1 in found else np.array(found, np.int64)
        keys = np.array([int.from_bytes(text, "little") for text in known], np.uint64)
        return _look_up(words, keys)


@dataclass(frozen=True, eq=False)
class Block:
    """Lines of bytes, each of `columns` cells between semicolons. `marks`: where , ; and line ends are."""

    data: bytes  # ends with a line end, then eight bytes more
    columns: int
    marks: Ints
    ends: Ints  # of the cells, row by row, as places in `marks`

    @property
    def rows(self) -> int:
        return len(self.ends) // self.columns

    @cached_property
    def windows(self) -> Words:
        """At each byte: it and the seven that follow, as one number."""
        return np.ndarray((len(self.data) - _WORD + 1,), "<u8", self.data, strides=(1,))

    def tokens(self, column: int) -> Tokens:
        """The parts between commas of a column."""
        last = self.ends[column :: self.columns]
        before = np.concatenate(([-1], self.ends))[column :: self.columns][: len(last)]
        counts = last - before
        total = int(counts.sum())
        firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        places = np.arange(total) + np.repeat(before + 1 - firsts, counts)
        edges = np.concatenate(([-1], self.marks))
        return Tokens(self, counts, edges[places] + 1, edges[places + 1])


def cut(data: bytes, columns: int) -> Block | None:
    """The cells of these lines; None where a line has more or fewer, is empty, or holds quotes or odd blanks."""
    if columns < 1 or any(mark in data for mark in _UNUSUAL) or _has_spaced_cells(data):
        return None
    padded = data + (b"" if data.endswith(b"\n") or not data else b"\n") + bytes(_WORD)
    raw = np.frombuffer(padded, np.uint8)
    marks = np.flatnonzero((raw == _SEMICOLON) | (raw == _NEWLINE) | (raw == _COMMA))
    kinds = raw[marks]
    ends = np.flatnonzero(kinds != _COMMA)
    if len(ends) % columns or not len(ends):
        return None
    table = kinds[ends].reshape(-1, columns)
    if (table[:, -1] != _NEWLINE).any() or (table[:, :-1] != _SEMICOLON).any():
        return None
    return Block(padded, columns, marks, ends)


def _has_spaced_cells(data: bytes) -> bool:
    """Whether a cell or a part of one may start or end with a blank, which has to be told and taken away."""
    return any(blank in data for blank in _BLANKS) and _SPACED.search(data) is not None


def _look_up(words: Words, keys: Words) -> Ints | None:
    """The place of each word among the keys; None where one is not there."""
    bits = max(8, min(20, 2 * len(keys).bit_length() + 2))
    shift = np.uint64(64 - bits)
    for multiplier in _MULTIPLIERS:
        slots = (keys * np.uint64(multiplier)) >> shift
        if len(np.unique(slots)) == len(keys):
            places = np.zeros(1 << bits, np.int64)
            places[slots] = np.arange(len(keys))
            found = places[(words * np.uint64(multiplier)) >> shift]
            break
    else:
        order = np.argsort(keys, kind="stable")
        found = order[np.searchsorted(keys[order], words).clip(max=len(keys) - 1)]
    return found if bool((keys[found] == words).all()) else None

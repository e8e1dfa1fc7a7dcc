"""A file of JSON lines as books to verify: read twice from end to end, never held in memory.

Of each entry three numbers of eight bytes stay: its place in the file under its key, its transition, its family. What
stands alone under all of them keeps the rules about keys, transitions and reversals by itself; what does not is read
again at its place.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from communs.core.ledger import Books, Entry, InvalidLine, Order, read_json_lines

AGAIN_MAX: Final = 2_000_000
"""Entries that share something with others: more are refused rather than held in memory."""


class LedgerFile:
    """The entries of a file in any order. `books` has its funds, accounts and periods."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.postings = 0
        self._places = array("Q")
        self._reversals = bytearray()
        self._marks = {order: array("Q") for order in (Order.KEY, Order.TRANSITION, Order.FAMILY)}
        with path.open("rb") as file:
            self.books: Books = read_json_lines(_texts(file))[0]

    def read(self, order: Order) -> Iterator[Entry]:
        """All entries as they stand in the file; in other orders those alone that share something with another."""
        if order is Order.RECORDED:
            yield from self._from_the_start()
            return
        if not self.count:
            for _entry in self._from_the_start():
                pass
        yield from sorted(self._shared(order), key=order.of)

    def _from_the_start(self) -> Iterator[Entry]:
        is_first = not self.count
        with self.path.open("rb") as file:
            places = _Places(file)
            _books, entries = read_json_lines(places)
            for entry in entries:
                if is_first:
                    self._note(entry, places.at)
                yield entry

    def _note(self, entry: Entry, place: int) -> None:
        self.count += 1
        self.postings += len(entry.postings)
        self._places.append(place)
        self._reversals.append(entry.reverses is not None)
        told = entry.transition
        self._marks[Order.KEY].append(_mark(entry.key))
        self._marks[Order.TRANSITION].append(_mark(f"{told.provider}\n{told.object}\n{told.state}") if told else 0)
        self._marks[Order.FAMILY].append(_mark(entry.reverses or entry.id))

    def _shared(self, order: Order) -> Iterator[Entry]:
        """Entries whose mark another one has; and every reversal, whose entry may be missing."""
        marks = np.frombuffer(self._marks[order], dtype=np.uint64)
        values, counts = np.unique(marks, return_counts=True)
        again = values[(counts > 1) & (values != 0)]
        chosen = np.isin(marks, again)
        if order is Order.FAMILY:
            chosen |= np.frombuffer(self._reversals, dtype=np.bool_)
        if int(chosen.sum()) > AGAIN_MAX:
            raise InvalidLine(f"More than {AGAIN_MAX} entries share a key, a transition or a reversal.")
        places = np.frombuffer(self._places, dtype=np.uint64)[chosen]
        with self.path.open("rb") as file:
            yield from read_json_lines(_at(file, places.tolist()))[1]


class _Places:
    """The lines of a file as texts; `at` is where the last one began, in bytes."""

    def __init__(self, file: Iterable[bytes]) -> None:
        self.file, self.at, self._next = file, 0, 0

    def __iter__(self) -> Iterator[str]:
        for line in self.file:
            self.at, self._next = self._next, self._next + len(line)
            yield line.decode("utf-8", "replace")


def _texts(file: Iterable[bytes]) -> Iterator[str]:
    for line in file:
        yield line.decode("utf-8", "replace")


def _at(file: BinaryIO, places: Iterable[int]) -> Iterator[str]:
    """The first line, then those that begin at these places."""
    head = b"\n"
    while head and not head.strip():
        head = file.readline()
    yield head.decode("utf-8", "replace")
    for place in places:
        file.seek(place)
        yield file.readline().decode("utf-8", "replace")


def _mark(text: str) -> int:
    """Eight bytes that stand for a text; 0 stands for none. Two texts with one mark are looked at, and found apart."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") | 1

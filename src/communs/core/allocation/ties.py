"""Ties: the order that decides between projects that are equal, fixed before anybody votes.

`hash:SEED` orders projects by SHA-256 of "SEED\\nID": nobody can know the order before the seed is known, and everybody
can work it out afterwards. `lexicographic` orders by id as text ("10" before "9"), as other tools do, for comparison.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

LEXICOGRAPHIC = "lexicographic"
HASH = "hash:"


class UnknownOrder(ValueError):
    """An order of ties that does not exist: the message says which do."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of projects: `ranks[p]` is the place of project p; the lowest wins a tie."""

    name: str
    ranks: tuple[int, ...]

    def first(self, tied: Sequence[int]) -> int:
        """The project that wins a tie."""
        return min(tied, key=self.ranks.__getitem__)


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that was met: in which round, between which projects, which one won, and whether that matters.

    `changes_result`: whether another winner of this tie would have led to other projects in the end; None where that
    was not worked out.
    """

    round: int
    tied: tuple[str, ...]
    won: str
    changes_result: bool | None = None


def order_of(name: str, ids: Sequence[str]) -> Order:
    """The order of this name over the projects of an election. Raises `UnknownOrder`."""
    if name == LEXICOGRAPHIC:
        keys: list[str] = list(ids)
    elif name.startswith(HASH) and len(name) > len(HASH):
        seed = name.removeprefix(HASH)
        keys = [hashlib.sha256(f"{seed}\n{id_}".encode()).hexdigest() for id_ in ids]
    else:
        raise UnknownOrder(f"{name!r} is no order of ties. Write {LEXICOGRAPHIC}, or {HASH}SEED.")
    ranks = [0] * len(ids)
    for rank, number in enumerate(sorted(range(len(ids)), key=lambda number: (keys[number], ids[number]))):
        ranks[number] = rank
    return Order(name, tuple(ranks))

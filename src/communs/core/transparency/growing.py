"""A tree that grows tile by tile, with at most 256 hashes of each level in memory, and the nodes that tiles hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from communs.core.transparency.hashing import HASH_BYTES, Frontier, root_of
from communs.core.transparency.proofs import Nodes
from communs.core.transparency.tiles import HEIGHT, WIDTH, Read, read_tile

TILES_IN_MEMORY = 64

Full = Callable[[int, int, bytes], None]
"""What to do with a tile that is full: it is told the level, the index and the hashes."""


class Growing:
    """The right edge of a tree in tiles: of each level the hashes that do not fill a tile yet."""

    def __init__(self, full: Full, levels: Sequence[Iterable[bytes]] = ()) -> None:
        self._full = full
        self._levels = [list(hashes) for hashes in levels] or [[]]
        self.size = sum(len(hashes) << HEIGHT * level for level, hashes in enumerate(self._levels))

    def add(self, leaf: bytes) -> None:
        """One leaf more, hashed already."""
        self.size += 1
        self._push(0, leaf)

    def frontier(self) -> Frontier:
        """The same edge as the complete subtrees of RFC 6962."""
        subtrees = [node for hashes in reversed(self._levels) for node in Frontier().extended(hashes).subtrees]
        return Frontier(self.size, tuple(subtrees))

    def partial(self) -> Iterator[tuple[int, int, bytes]]:
        """The tiles that are not full: level, index and hashes."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                yield level, self.size >> HEIGHT * (level + 1), b"".join(hashes)

    def _push(self, level: int, node: bytes) -> None:
        """Levels are at most eight for 2^63 leaves, and so is the depth of this."""
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes.append(node)
        if len(hashes) == WIDTH:
            self._levels[level] = []
            self._full(level, (self.size >> HEIGHT * (level + 1)) - 1, b"".join(hashes))
            self._push(level + 1, root_of(hashes))


def resumed(read: Read, size: int, full: Full) -> Growing:
    """The edge of a tree of `size` leaves, from its published tiles. Raises `InvalidLog`."""
    levels: list[list[bytes]] = []
    while size >> HEIGHT * len(levels):
        level = len(levels)
        whole, width = divmod(size >> HEIGHT * level, WIDTH)
        levels.append(hashes_in(read_tile(read, level, whole, size)) if width else [])
    return Growing(full, levels)


def nodes_of(read: Read, size: int) -> Nodes:
    """The nodes of a tree of `size` leaves, from its published tiles, of which it keeps the last few in memory.

    What tiles say is not trusted: a proof made of these nodes is checked against roots that were signed.
    """

    @lru_cache(maxsize=TILES_IN_MEMORY)
    def tile(level: int, index: int) -> list[bytes]:
        return hashes_in(read_tile(read, level, index, size))

    def node(level: int, index: int) -> bytes:
        above, inside = divmod(level, HEIGHT)
        number, first = divmod(index << inside, WIDTH)
        return root_of(tile(above, number)[first : first + (1 << inside)])

    return node


def hashes_in(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]

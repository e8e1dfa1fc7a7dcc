"""The Merkle tree hash of RFC 6962 (section 2.1, SHA-256), and a tree that grows while keeping its right edge alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry. The leading 0 keeps an entry from passing for a pair of hashes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a pair of hashes."""
    return sha256(b"\x01" + left + right).digest()


def folded(subtrees: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, each larger than the next: from the right, always the two smallest."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Frontier:
    """All of a tree that is needed to let it grow: the roots of its complete subtrees, the largest first.

    There is one for each 1 in the binary form of `size`, the number of leaves.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.subtrees) != self.size.bit_count():
            raise ValueError(f"A tree of {self.size} leaves has not {len(self.subtrees)} complete subtrees.")

    @property
    def root(self) -> bytes:
        return folded(self.subtrees)

    def extended(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier after these leaves: one hash a leaf, and one for each pair that is completed."""
        size, subtrees = self.size, list(self.subtrees)
        for leaf in leaf_hashes:
            grown, carry = leaf, size
            while carry & 1:
                grown = node_hash(subtrees.pop(), grown)
                carry >>= 1
            subtrees.append(grown)
            size += 1
        return Frontier(size, tuple(subtrees))


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over leaves that are hashed already.

    >>> root_of([]) == EMPTY_ROOT
    True
    """
    return Frontier().extended(leaf_hashes).root

"""Inclusion and consistency proofs, made as RFC 6962 says (2.1.1, 2.1.2), checked as RFC 9162 does (2.1.3, 2.1.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from communs.core.transparency.hashing import EMPTY_ROOT, HASH_BYTES, folded, node_hash

Nodes = Callable[[int, int], bytes]
"""The root of a complete subtree: `nodes(level, index)` stands over 2^level leaves, from index · 2^level on."""


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root of the tree of `size` leaves, from below."""
    if not 0 <= index < size:
        raise ValueError(f"There is no entry {index} in a log of {size}: entries count from 0.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            path.append(_hash_over(middle, end, nodes))
            end = middle
        else:
            path.append(_hash_over(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The hashes that show that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 <= old <= new:
        raise ValueError(f"A log of {new} entries cannot follow one of {old}: it never shrinks.")
    if old in {0, new}:
        return []
    start, end, path = 0, new, []
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            path.append(_hash_over(middle, end, nodes))
            end = middle
        else:
            path.append(_hash_over(start, middle, nodes))
            start = middle
    if start:
        path.append(_hash_over(start, end, nodes))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf with this hash is entry `index` of the tree with this size and root."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(other, found)
            while not place & 1 and place:  # a right edge: levels on which this node stands alone
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, other)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree (new, new_root) begins with all leaves of (old, old_root), in order."""
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old & (old - 1) else [old_root, *proof]  # a whole tree of 2^n is not repeated in the proof
    return bool(path) and _both_roots(old, new, path) == (old_root, new_root)


def _both_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both trees that follow from a path, none if it is too short or too long."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, other)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None


def _half(leaves: int) -> int:
    """The largest power of two below a number of leaves: so many stand on the left."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _hash_over(start: int, end: int, nodes: Nodes) -> bytes:
    """The root over the leaves start … end - 1, where they are a right or left part of the tree."""
    subtrees = []
    while start < end:
        level = (end - start).bit_length() - 1
        subtrees.append(nodes(level, start >> level))
        start += 1 << level
    return folded(subtrees)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)

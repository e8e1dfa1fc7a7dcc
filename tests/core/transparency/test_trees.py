"""Trees and proofs: the published vectors of RFC 6962, and a second, naive implementation of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.transparency import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    includes,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_of,
)
from communs.core.transparency.proofs import Nodes

# The leaves, roots and proofs that certificate-transparency and transparency-dev/merkle publish.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAVES_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAVES_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
LEAVES_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
INCLUSION = [  # index, size, proof
    (0, 1, []),
    (0, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (5, 8, [LEAF_4, LEAVES_6_7, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], LEAVES_2_3, LEAF_4]),
]
CONSISTENCY = [  # old size, new size, proof
    (1, 1, []),
    (1, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (6, 8, [LEAVES_4_5, LEAVES_6_7, ROOTS[4]]),
    (2, 5, [LEAVES_2_3, LEAF_4]),
    (6, 7, [LEAVES_4_5, LEAF_6, ROOTS[4]]),
]
SIZES = st.integers(1, 70)


def mth(entries: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: Sequence[bytes], is_whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if m == len(entries):
        return [] if is_whole else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], is_whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def nodes(entries: Sequence[bytes]) -> Nodes:
    return lambda level, index: mth(entries[index << level : (index + 1) << level])


def numbered(size: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(size)]


def hexed(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    assert root_of(leaf_hash(entry) for entry in LEAVES[:size]).hex() == ROOTS[size]
    assert mth(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "published"), INCLUSION)
def test_the_published_inclusion_proofs_come_out_and_are_accepted(index: int, size: int, published: list[str]) -> None:
    assert hexed(inclusion_proof(index, size, nodes(LEAVES[:size]))) == published
    proof = [bytes.fromhex(one) for one in published]
    assert includes(leaf_hash(LEAVES[index]), index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "published"), CONSISTENCY)
def test_the_published_consistency_proofs_come_out_and_are_accepted(old: int, new: int, published: list[str]) -> None:
    assert hexed(consistency_proof(old, new, nodes(LEAVES[:new]))) == published
    proof = [bytes.fromhex(one) for one in published]
    assert is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), proof)


@pytest.mark.parametrize(("index", "size", "published"), INCLUSION[1:])
def test_an_inclusion_proof_that_was_tampered_with_is_refused(index: int, size: int, published: list[str]) -> None:
    """The ways of tampering that transparency-dev/merkle tries."""
    leaf, root = leaf_hash(LEAVES[index]), bytes.fromhex(ROOTS[size])
    proof = [bytes.fromhex(one) for one in published]
    some, flipped = bytes(31) + b"\x01", bytes([proof[0][0] ^ 8]) + proof[0][1:]
    for wrong in ([], proof[:-1], [*proof, b""], [*proof, root], [b"", *proof], [root, *proof], [flipped, *proof[1:]]):
        assert not includes(leaf, index, size, wrong, root)
    assert not includes(leaf, index, size, [proof[0], some, *proof[1:]], root)
    for place, number in (
        (index - 1, size),
        (index + 1, size),
        (index ^ 2, size),
        (index, size * 2),
        (index, size // 2),
    ):
        assert not includes(leaf, place, number, proof, root)
    for wrong_leaf, wrong_root in ((b"WrongLeaf", root), (leaf, EMPTY_ROOT), (leaf, some), (b"", root), (leaf, b"")):
        assert not includes(wrong_leaf, index, size, proof, wrong_root)


@pytest.mark.parametrize(("old", "new", "published"), CONSISTENCY[1:])
def test_a_consistency_proof_that_was_tampered_with_is_refused(old: int, new: int, published: list[str]) -> None:
    before, after = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    proof = [bytes.fromhex(one) for one in published]
    for at, one in enumerate(proof):
        flipped = [*proof[:at], bytes([one[0] ^ 16]) + one[1:], *proof[at + 1 :]]
        assert not is_consistent(old, before, new, after, flipped)
    for extra in (b"", before, after, proof[0]):
        assert not is_consistent(old, before, new, after, [*proof, extra])
        assert not is_consistent(old, before, new, after, [extra, *proof])
    for wrong in ([], proof[:-1], proof[1:]):
        assert not is_consistent(old, before, new, after, wrong)
    for first, second in ((old - 1, new), (old + 1, new), (old ^ 2, new), (old, new * 2), (old, new // 2), (new, old)):
        assert not is_consistent(first, before, second, after, proof)
    assert not is_consistent(old, after, new, before, proof)
    assert not is_consistent(old, b"WrongRoot", new, after, proof)


def test_every_log_continues_the_empty_one_and_itself_with_nothing_to_prove() -> None:
    root = bytes.fromhex(ROOTS[5])
    assert is_consistent(0, EMPTY_ROOT, 5, root, [])
    assert is_consistent(5, root, 5, root, [])
    assert not is_consistent(0, root, 5, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 5, root, [root])
    assert not is_consistent(5, root, 5, root, [root])
    assert not is_consistent(5, root, 5, EMPTY_ROOT, [])
    assert not includes(root, 0, 0, [], EMPTY_ROOT)


@given(SIZES, st.data())
@settings(max_examples=80, deadline=None)
def test_proofs_are_those_of_the_text_of_the_rfc(size: int, data: st.DataObject) -> None:
    entries = numbered(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = inclusion_proof(index, size, nodes(entries))
    assert inclusion == path(index, entries)
    assert includes(leaf_hash(entries[index]), index, size, inclusion, mth(entries))
    assert [i for i in range(size) if includes(leaf_hash(entries[index]), i, size, inclusion, mth(entries))] == [index]
    consistency = consistency_proof(old, size, nodes(entries))
    assert consistency == subproof(old, entries, True)
    assert is_consistent(old, mth(entries[:old]), size, mth(entries), consistency)
    forged = mth([b"forged", *entries[1:old]])
    assert not is_consistent(old, forged, size, mth(entries), consistency)


@given(st.lists(st.binary(max_size=3), max_size=40), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_a_tree_that_grows_in_steps_has_the_root_of_the_whole(entries: list[bytes], at: int) -> None:
    hashes = [leaf_hash(entry) for entry in entries]
    grown = Frontier().extended(hashes[:at]).extended(hashes[at:])
    assert grown == Frontier().extended(hashes)
    assert (grown.size, grown.root) == (len(entries), mth(entries))


def test_what_cannot_be_proven_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="no entry 3 in a log of 3"):
        inclusion_proof(3, 3, nodes(LEAVES))
    with pytest.raises(ValueError, match="never shrinks"):
        consistency_proof(4, 3, nodes(LEAVES))
    with pytest.raises(ValueError, match="3 leaves has not 1 complete"):
        Frontier(3, (EMPTY_ROOT,))

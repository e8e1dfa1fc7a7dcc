"""Whether two names are those of one body: words in common, or an acronym of one in the other."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from communs.core.identity.likeness.words import fold, stem


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY: Final = _set(
    "a agence agency and assoc association au aux by cedex conseil council d de del della departement"
    " departemental departementale der des di direction du e et fondation fondazione fonds for foundation fund"
    " general generale gmbh group groupe in inc l la le les limited ltd managed ministere ministry national"
    " nationale of office ou region regional regionale sa sas service services stiftung sud the trust ug und"
    " verein"
)
_SKIPPED: Final = _set("a au aux d de del della der des di du e et for in l la le les of the und y")
ACRONYM_LEAST: Final = 3


@lru_cache(maxsize=65_536)
def same_body(one: str, other: str) -> bool:
    """Whether two names are likely those of one body.

    Equal folded; all telling words of the shorter in the longer; or one is spelled by the beginnings of the words of
    the other.

    >>> same_body("BPIFRANCE", "Banque Publique d'Investissement France"), same_body("CCI FRANCE", "CMA France")
    (True, False)
    >>> same_body("DDFIP", "Direction départementale finances publiques")
    True
    >>> same_body("Région Bretagne", "REGION NORMANDIE")
    False
    """
    first, second = fold(one), fold(other)
    if not first or not second:
        return False
    if first == second:
        return True
    mine, theirs = telling(one), telling(other)
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return True
    return _spells(first, second) or _spells(second, first)


@lru_cache(maxsize=65_536)
def telling(name: str) -> frozenset[str]:
    """The words of a name that tell a body from others."""
    return frozenset(stem(word) for word in fold(name).split() if word not in _EMPTY and len(word) > 1)


def _spells(short: str, long: str) -> bool:
    """Whether a word of `short` is made of the beginnings of successive words of `long`."""
    successive = long.split()
    return any(
        len(word) >= ACRONYM_LEAST
        and word not in successive
        and any(_consumed(word, tuple(successive[start:])) for start in range(len(successive)))
        for word in short.split()
    )


@lru_cache(maxsize=65_536)
def _consumed(acronym: str, following: tuple[str, ...], *, taken: int = 0) -> bool:
    """Whether `acronym` is used up by beginnings of the words, at least three of them; linking words may be left out.

    One word gives one or two letters, or itself as a whole ("bpifrance").
    """
    if not acronym:
        return taken >= ACRONYM_LEAST
    if not following:
        return False
    word, rest = following[0], following[1:]
    for length in {1, 2, len(word)}:
        if word[:length] and acronym.startswith(word[:length]) and _consumed(acronym[length:], rest, taken=taken + 1):
            return True
    return taken > 0 and word in _SKIPPED and _consumed(acronym, rest, taken=taken)

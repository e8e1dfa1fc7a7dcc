"""The characters that every bank in SEPA takes, and how other texts are written with them.

Source: European Payments Council, EPC217-08 (best practices, conversion table), for the set, for what is dropped from
letters, and for Greek and Bulgarian letters. Ligatures follow common usage (æ becomes ae).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from communs.core.standards.refusals import Refusal
from communs.core.texts import N_

NO_SUCH_LETTER: Final = N_("“{value}” cannot be sent to a bank. Write the text in Latin letters.")
_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


def _paired(letters: str, written: str) -> dict[str, str]:
    return dict(zip(letters, written.split(), strict=True))


_GREEK: Final = _paired("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
_CYRILLIC: Final = _paired(
    "абвгдежзийклмнопрстуфхцчшщъьюя", "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"
)
_LATIN: Final = _paired("ßæœøđðþłħıĸŋŧ", "ss ae oe o d d th l h i k n t")
_SIGNS: Final = {
    **_paired("&€…@", "+ E ... (at)"),
    **dict.fromkeys("_–—=", "-"),
    **dict.fromkeys('’‘`´"“”«»', "'"),
    **dict.fromkeys("[{<", "("),
    **dict.fromkeys("]}>", ")"),
    **dict.fromkeys("\\|", "/"),
    ";": ",",
}
_SMALL: Final = {**_GREEK, **_CYRILLIC, **_LATIN}
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9+?:().,' -]+(?:/[A-Za-z0-9+?:().,' -]+)*", re.ASCII)


class NoSuchLetter(Refusal):
    """A letter has no counterpart among those that banks take; the message names it."""


def to_sepa(text: str) -> str:
    """`text` with the characters of SEPA, spaces collapsed. Raises `NoSuchLetter` rather than dropping a letter.

    A sign that has no counterpart becomes a point.

    >>> to_sepa("Œuvre & Cie « l’été »")
    "OEuvre + Cie ' l'ete '"
    """
    return " ".join("".join(map(_written, text)).split())


def is_identifier(text: str) -> bool:
    """Whether banks pass `text` on unchanged: their characters only, no slash at either end, no two in a row."""
    return 0 < len(text) <= 35 and text == text.strip() and _IDENTIFIER.fullmatch(text) is not None


def _written(character: str) -> str:
    if character in _ALLOWED:
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    if character.lower() in _SMALL:
        small = _SMALL[character.lower()]
        return small if character.lower() == character else small.upper()
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if bare != character:
        return "".join(map(_written, bare))
    if character.isspace() or unicodedata.category(character).startswith("C"):
        return " "
    if character.isalnum():
        raise NoSuchLetter(NO_SUCH_LETTER, value=character)
    return "."

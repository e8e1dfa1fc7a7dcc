"""Words out of texts: lower case without accents, the same whatever keyboard they were typed on."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TEXT_MAX = 20_000
WORD_MAX = 60
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ς": "σ", "’": "'"}
)
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_HUMP = re.compile(
    r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-zà-ÿ])|(?<=[a-zà-ÿ])(?=[0-9])|(?<=[0-9])(?=[a-zà-ÿ]{3})"
)


class _Folded(dict[int, str]):
    """What each character becomes, by its code; worked out when it is first met, whatever stands beside it."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold().translate(_LETTERS)
        folded = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
        return self.setdefault(code, folded)


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case without accents: "Éco-système" → "eco-systeme", "Straße" → "strasse", "Łódź" → "lodz"."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def lower(text: str) -> str:
    """Lower case with its accents, composed: what stemmers expect."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.lower())


def words_of(text: str) -> list[str]:
    """The words of a text in lower case with their accents: at most 20,000 characters are read, 60 of each word."""
    return [word[:WORD_MAX] for word in _WORD.findall(lower(text[:TEXT_MAX]))]


def joined_words(text: str) -> list[str]:
    """What a hyphen holds together, without it: "e-mail" → "email"; longer chains are left to their words."""
    found = _JOINED.findall(lower(text[:TEXT_MAX])) if "-" in text else []
    return [word.replace("-", "") for word in found if word.count("-") == 1 and len(word) <= WORD_MAX]


@lru_cache(maxsize=50_000)
def humps_of(name: str) -> tuple[str, ...]:
    """The words inside a name written as one: "TrackDechets" → ("track", "dechets"); empty where there is one only."""
    parts = [lower(part) for part in _HUMP.split(name[:WORD_MAX]) if part]
    return tuple(parts) if len(parts) > 1 else ()

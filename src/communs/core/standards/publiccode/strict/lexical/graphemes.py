"""The length of a text as people see it: in grapheme clusters (Unicode annex 29), not in code points."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from communs.core.standards.publiccode.strict.lexical.tables import words

_SYLLABLES: Final = "\uac00-\ud7a3"
_OPEN_SYLLABLES: Final = 28  # every 28th syllable of the block has no final consonant


def length(text: str) -> int:
    """The number of grapheme clusters.

    >>> length("été"), length("e\\u0301"), length("👩‍👩‍👧‍👦🇪🇺"), length("a\\r\\n")
    (3, 1, 2, 2)
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    joining, cluster = _patterns()
    if joining.search(text) is None:
        return len(text) - text.count("\r\n")
    return sum(1 for _ in cluster.finditer(text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may join with what stands beside it, and one whole cluster."""
    control, extend, prepend, spacing, picture = (
        _class(name) for name in ("Control", "Extend", "Prepend", "SpacingMark", "ExtendedPictographic")
    )
    lead, vowel, final, flag = (_class(name) for name in ("L", "V", "T", "RegionalIndicator"))
    open_syllables = "".join(chr(code) for code in range(0xAC00, 0xD7A4, _OPEN_SYLLABLES))
    syllable = (
        rf"(?:[{lead}]+(?:[{vowel}]+|[{open_syllables}][{vowel}]*|[{_SYLLABLES}])?[{final}]*"
        rf"|[{vowel}]+[{final}]*|[{open_syllables}][{vowel}]*[{final}]*|[{_SYLLABLES}][{final}]*|[{final}]+)"
    )
    emoji = rf"[{picture}](?:[{extend}]*\u200d[{picture}])*"
    core = rf"(?:[{flag}][{flag}]|{syllable}|{emoji}|[^{control}\r\n])"
    cluster = rf"\r\n|[{control}\r\n]|[{prepend}]*{core}[{extend}\u200d{spacing}]*"
    joining = rf"[{extend}{prepend}{spacing}{flag}\u200d{lead}{vowel}{final}]"
    return re.compile(joining), re.compile(cluster)


def _class(name: str) -> str:
    """The code points of a property, as they stand between the brackets of a pattern."""
    ranges = [word.partition("-") for word in words("graphemes.txt", name)]
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in ranges)

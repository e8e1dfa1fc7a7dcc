"""Words written as one: German and Dutch compounds, and names like "trackdechets", taken apart into known words."""

from __future__ import annotations

from functools import lru_cache

from communs.core.search.languages import stop_words
from communs.core.search.vocabulary import vocabulary

COMPOUNDING = frozenset({"de", "nl", "sv", "da", "fi", "hu", "et"})
# What may stand between two parts, the longest first.
LINKS = {"de": ("es", "en", "er", "s", "n", "e"), "nl": ("en", "s", "e"), "sv": ("s",), "da": ("s", "e")}
DROPPED = {"de": ("e",)}  # what a first part may have lost: "Miete" and "Wohnung" are "Mietwohnung"
PART_MIN = 3
SHORTENED_MIN = 4  # letters of a first part that has lost one
INFLECTED_MIN = 6  # letters of a last part that may be a form of a word: "Kulturdenkmäler"
LENGTH_MIN = 8
LENGTH_MAX = 50
PARTS_MAX = 5
SAFE_MIN = 4  # letters of each part of a name that is a word by itself: an "assistant" has no "ant" in it


@lru_cache(maxsize=50_000)
def parts_of(folded: str, lang: str) -> tuple[str, ...]:
    """The known words that a compound is made of, fewest parts first; empty where there is no complete split.

    "abfallkalender" → ("abfall", "kalender"). A word that the vocabulary knows is taken apart as well: its parts say
    what it is about.
    """
    if lang not in COMPOUNDING or not LENGTH_MIN <= len(folded) <= LENGTH_MAX:
        return ()
    return _split(folded, (lang,), LINKS.get(lang, ()), first=True)


@lru_cache(maxsize=50_000)
def parts_of_name(folded: str) -> tuple[str, ...]:
    """The words of a name written as one, in French and English: "nosgestesclimat" → ("nos", "gestes", "climat")."""
    if not LENGTH_MIN - 2 <= len(folded) <= LENGTH_MAX or not folded.isalpha():
        return ()
    parts = _split(folded, ("fr", "en"), (), first=True)
    is_word = any(vocabulary().knows(folded, lang) for lang in ("fr", "en"))
    return () if is_word and any(len(part) < SAFE_MIN for part in parts) else parts


def _split(word: str, langs: tuple[str, ...], links: tuple[str, ...], *, first: bool) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    for cut in range(len(word) - PART_MIN, PART_MIN - 1, -1):
        left, right = word[:cut], word[cut:]
        if not _is_known(left, langs, links):
            continue
        is_last = _is_word(right, langs) or _is_form(right, langs)
        rest = (right,) if is_last else _split(right, langs, links, first=False)
        if rest and len(rest) < PARTS_MAX and (not best or len(rest) + 1 < len(best)):
            best = (left, *rest)
            if len(best) == 2:
                break
    return best


def _is_known(part: str, langs: tuple[str, ...], links: tuple[str, ...]) -> bool:
    """Whether a part that others follow is a word, with or without what links it to them."""
    if _is_word(part, langs):
        return True
    if len(part) >= SHORTENED_MIN and any(_is_word(part + lost, langs) for lost in DROPPED.get(langs[0], ())):
        return True
    return any(
        part.endswith(link) and len(part) - len(link) >= PART_MIN and _is_word(part[: -len(link)], langs)
        for link in links
    )


def _is_form(part: str, langs: tuple[str, ...]) -> bool:
    """Whether the last part of a compound is a known word in another form."""
    return len(part) >= INFLECTED_MIN and len(langs) == 1 and vocabulary().knows_form(part, part, langs[0])


def _is_word(part: str, langs: tuple[str, ...]) -> bool:
    if len(part) < PART_MIN:
        return False
    of_names = len(langs) > 1  # "nosgestesclimat" has a "nos"; no compound has a "des"
    return any(
        (vocabulary().knows(part, lang) and part not in stop_words(lang))
        or (of_names and len(part) <= 4 and part in stop_words(lang))
        for lang in langs
    )

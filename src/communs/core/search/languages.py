"""What differs from one language to the next: stop words, stems, and telling letters."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

from communs.core.search.folding import fold

# Snowball algorithms (snowballstem.org) by language. Languages without one are compared by whole words.
ALGORITHMS = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "pl": "polish", "pt": "portuguese", "ro": "romanian", "sk": "czech", "sv": "swedish",
}  # fmt: skip
EU = ("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl",
      "pt", "ro", "sk", "sl", "sv")  # fmt: skip
# Languages that Snowball has no stemmer for: endings of nouns and adjectives, taken off where four letters remain.
_SOUTH_SLAVIC = "ima ama ega om em im ih og oj ov ev a e i o u"
ENDINGS = {
    "bg": "ите ята ъта ове ият ия та то ът ят те а я и о е",
    "hr": _SOUTH_SLAVIC,
    "lv": "ajam iem ajai ām ēm ās ēs as es is us os am em im um ai ei u a e i s š",
    "sl": _SOUTH_SLAVIC,
}
STEM_MIN = 4
STEMMED_FROM = 4  # letters: shorter words are stems already
# Letters that few languages have: a hint, never a proof.
_TELLING = {
    "cs": "řůě", "da": "øæå", "de": "ßäöü", "es": "ñ¿¡", "fr": "çœêâîûëèùï", "hu": "őű", "it": "ìòù", "nl": "ĳ",
    "pl": "łąęśżźćń", "pt": "ãõçêâ", "ro": "șțăî", "sv": "åäö",
}  # fmt: skip


@cache
def stop_words(lang: str) -> frozenset[str]:
    """The stop words of a language, with their accents and without; none for a language that is not listed."""
    return stop_lists().get(lang, frozenset())


@cache
def stop_lists() -> dict[str, frozenset[str]]:
    """Every list of `stopwords.txt`."""
    text = files(__package__).joinpath("stopwords.txt").read_text(encoding="utf-8")
    lists = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {words[0]: frozenset((*words[1:], *map(fold, words[1:]))) for words in lists if words}


@lru_cache(maxsize=200_000)
def stems(word: str, lang: str) -> tuple[str, ...]:
    """The folded stems of a word in lower case: with its accents and, where that differs, as if typed without."""
    folded = fold(word)
    algorithm = ALGORITHMS.get(lang)
    if len(folded) < STEMMED_FROM or folded.isdigit():
        return (folded,)
    if algorithm is None:
        return (_without_ending(folded, lang),)
    stemmer = _stemmer(algorithm)
    first = fold(stemmer.stemWord(word))
    second = first if folded == word else stemmer.stemWord(folded)
    return (first,) if second == first else (first, second)


def _without_ending(folded: str, lang: str) -> str:
    for ending in _folded_endings(lang):
        if folded.endswith(ending) and len(folded) - len(ending) >= STEM_MIN:
            return folded[: -len(ending)]
    return folded


@cache
def _folded_endings(lang: str) -> tuple[str, ...]:
    """The endings of a language, the longest first."""
    return tuple(sorted({fold(ending) for ending in ENDINGS.get(lang, "").split()}, key=lambda e: (-len(e), e)))


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


def said_by_letters(text: str) -> dict[str, int]:
    """How many letters of a text in lower case speak for a language, by language."""
    if text.isascii():
        return {}
    found: dict[str, int] = {}
    for letter in set(text) & _speaking().keys():
        for lang in _speaking()[letter]:
            found[lang] = found.get(lang, 0) + text.count(letter)
    return found


@cache
def _speaking() -> dict[str, list[str]]:
    """The languages that each telling letter speaks for."""
    return {
        letter: [lang for lang, letters in _TELLING.items() if letter in letters]
        for letter in "".join(_TELLING.values())
    }

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
# Plurals and other forms whose stem is not that of the first form: how they end, and how that one does. A word that
# only looks like one of them gets one stem more, which nothing else has.
PLURALS = {
    "de": "een>eum ien>ium tren>trum ika>ikum innen>in sse>s viren>virus firmen>firma themen>thema konten>konto os>o",
    "en": "children>child men>man people>person mice>mouse teeth>tooth feet>foot lives>life leaves>leaf wolves>wolf "
    "ses>sis criteria>criterion indices>index us>u gos>go lms>lm dfs>df pcs>pc tvs>tv cvs>cv",
    "es": "ces>z des>d res>r nes>n les>l",
    "fr": "eux>eu travaux>travail baux>bail vitraux>vitrail yeux>oeil os>o as>a trice>teur trices>teur",
    "it": "che>ca ghe>ga ici>icio ani>ano cque>cqua",
    "nl": "steden>stad schepen>schip leden>lid wegen>weg dagen>dag paden>pad bladen>blad daken>dak glazen>glas "
    "kinderen>kind eieren>ei musea>museum sen>s rden>rd",
    "pl": "ek>ki ki>ek kow>ek el>lo ien>no iec>ca nicy>nik nci>nt sci>sta usze>usz ium>ia eum>ea rum>ra cie>cia "
    "dzie>da dzieci>dziecko osob>osoba osoby>osoba uczniow>uczen uczniowie>uczen zwierzat>zwierze "
    "zwierzeta>zwierze bledy>blad bledow>blad miescie>miasto",
    "pt": "ais>al eis>el ois>ol oes>ao aes>ao aos>ao ens>em ins>im ons>om uns>um",
}
# Forms of verbs that stemmers leave apart: how they end, and how the form does that a vocabulary has. Asked of words
# that name nothing as they stand, so that a wrong one is seldom a word at all.
VERBS = {
    "de": "t en, te en, ten en, tet ten, tete ten, elt eln, elte eln, ert ern, erte ern",
    "fr": "ent er, issent ir, ez er, ons er",
    "nl": "t en, d en, de en, te en, den en, ten en, end en, ende en",
    "pl": "uje owac, uja owac, ujemy owac, ujesz owac, owanie owac, owania owac, owaniu owac, owac owanie, aja ac, "
    "amy ac, anie ac, ania ac, aniu ac, ac anie, enie ic, enia ic, eniu ic, ic enie, any ac, ana ac, ane ac, ony ic, "
    "ona ic, one ic",
}  # fmt: skip
PARTICIPLES = {"de": "ge", "nl": "ge"}  # what stands before the verb in "genutzt"
VERB_MIN = 4  # letters before the ending
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
    return stems_of(word, fold(word), lang)


def stems_of(word: str, folded: str, lang: str) -> tuple[str, ...]:
    """The same of a word that has been folded already; not remembered, for words asked about in every language."""
    algorithm = ALGORITHMS.get(lang)
    if len(folded) < STEMMED_FROM or folded.isdigit():
        return (folded,)
    if algorithm is None:
        return (_without_ending(folded, lang),)
    stemmer = _stemmer(algorithm)
    first = fold(stemmer.stemWord(word))
    second = first if folded == word else stemmer.stemWord(folded)
    found = (first,) if second == first else (first, second)
    if folded.endswith(_plural_endings(lang)):
        third = stemmer.stemWord(_singular(folded, lang))
        return found if third in found else (*found, third)
    return found


def verbs_of(folded: str, lang: str) -> tuple[str, ...]:
    """What the first form of a folded word may be if it is one of a verb, whether there is such a word or not."""
    before = PARTICIPLES.get(lang, "-")
    forms = (folded, folded.removeprefix(before)) if folded.startswith(before) else (folded,)
    return tuple(
        form[: len(form) - len(ending)] + other
        for form in forms
        for ending, other in _verb_endings(lang)
        if form.endswith(ending) and len(form) - len(ending) >= VERB_MIN
    )


@cache
def _verb_endings(lang: str) -> tuple[tuple[str, str], ...]:
    """Pairs of endings: of a form of a verb, and of its first form."""
    pairs = (pair.split() for pair in VERBS.get(lang, "").split(",") if pair)
    return tuple((ending, other) for ending, other in pairs)


def _singular(folded: str, lang: str) -> str:
    """The first form of a word that ends like one of `PLURALS`."""
    pairs = _plurals(lang)
    ending = next(ending for ending in _plural_endings(lang) if folded.endswith(ending))
    return folded[: -len(ending)] + pairs[ending]


@cache
def _plural_endings(lang: str) -> tuple[str, ...]:
    """How plurals end, the longest endings first."""
    return tuple(sorted(_plurals(lang), key=len, reverse=True))


@cache
def _plurals(lang: str) -> dict[str, str]:
    """How plurals end, and how their first forms do."""
    return dict(pair.split(">") for pair in PLURALS.get(lang, "").split())


def _without_ending(folded: str, lang: str) -> str:
    endings = _folded_endings(lang)
    if not folded.endswith(endings):
        return folded
    for ending in endings:
        if folded.endswith(ending) and len(folded) - len(ending) >= STEM_MIN:
            return folded[: -len(ending)]
    return folded


@cache
def _folded_endings(lang: str) -> tuple[str, ...]:
    """The endings of a language, the longest first."""
    return tuple(sorted({fold(ending) for ending in ENDINGS.get(lang, "").split()}, key=lambda e: (-len(e), e)))


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # without its own memory, which costs more than it saves: `stems` has one


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

"""Titles and summaries as words that can be compared: folded, with what tells editions and references apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from math import log
from typing import Final

TOKENS_MAX: Final = 60
"""Words of a title that are compared; of a summary, ten times as many."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand in titles of every kind of help, in the two languages of the interface, German, Italian, Spanish.
_COMMON: Final = _set(
    "aap accompagnement action actions agence aide aides ami appel appels appui audit ausschreibung bandi bando"
    " bourse call calls cap cheque commune concours conseil contrat convocatoria credit departement developpement"
    " diag diagnostic dispositif dotation ecologique edition energetique energie etude etudes exoneration"
    " financement financements foerderung fonds forderprogramm forderung formation formations fund funding"
    " garantie grant grants innovation intercommunalite investissement investissements manifestation open"
    " opportunite partenariat pass plan premio pret prets prime prix programme programmes projet projets proposals"
    " reduction region regional regionale soutien subvention subventions support territoire territoires transition"
    " travaux wettbewerb"
)
_LINKING: Final = _set(
    "a al an and au aux avec d dans de del della der des di die du e el en entre et for from fur im in l la las"
    " le les lo los of on ou par per pour s sa ses son sur the to un und une van vers von vos votre with y your"
)
# What a number belongs to where it is the number of an edition: "3e édition", "vague 2", "lot 4", "call 7".
_COUNTED: Final = (
    r"(?:edition|session|promotion|vague|phase|lot|releve|volet|round|call|appel|batch|cohort|wave|cut ?off|tranche"
    r"|part|stage|ausgabe|runde|edizione|edicion)"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19[89]|20[0-6])\d(?!\d)")
_EDITION: Final = re.compile(
    rf"\b(\d{{1,3}})\s*(?:e|er|re|eme|ieme|nd|st|rd|th|a|o|°)?\s*{_COUNTED}\b|\b{_COUNTED}\s*(?:n\s*)?(\d{{1,3}}|[ivx]{{1,5}})\b"
)
_MARKS: Final = re.compile("[\u0300-\u036f]+")  # what decomposition leaves of accents
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
# A reference of a publisher: capitals, digits and at least two hyphens or slashes ("HORIZON-CL5-2024-D2-01-03").
_CODE: Final = re.compile(r"\b[A-Za-z][A-Za-z0-9]*(?:[-/_][A-Za-z0-9]+){2,}\b")

PRIOR: Final = 100
"""Records of an imagined catalogue that stands beside the real one, so that rarity means something for two records."""


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and dashes as spaces.

    >>> fold("Appel à communs – 3ᵉ édition")
    'appel a communs 3e edition'
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(re.findall(r"[^\W_]+", plain))


def words(text: str, limit: int = TOKENS_MAX) -> tuple[str, ...]:
    """The words that say something, in order, each once, without their plural.

    >>> words("Aides aux études d'opportunité")
    ('aide', 'etude', 'opportunite')
    """
    found = (stem(word) for word in fold(text).split() if word not in _LINKING)
    return tuple(dict.fromkeys(found))[:limit]


def stem(word: str) -> str:
    """A word of five letters and more without its final s or x: enough to compare titles with."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and word[-2] != "s" else word


def years(text: str) -> frozenset[str]:
    """The years that a text names.

    >>> sorted(years("Decarb Flash 2025-2027"))
    ['2025', '2027']
    """
    return frozenset(_YEAR.findall(text))


def editions(text: str) -> frozenset[int]:
    """The numbers of editions, waves, lots that a text names.

    >>> sorted(editions("Prix du numérique, 3e édition")), sorted(editions("Open call 4"))
    ([3], [4])
    """
    found = (first or second for first, second in _EDITION.findall(fold(text)))
    return frozenset(_ROMAN[number] if number in _ROMAN else int(number) for number in found if _is_number(number))


def numbers(text: str) -> frozenset[str]:
    """Every number of a text but years: "Pass numérique 2" is not "Pass numérique"."""
    return frozenset(word.lstrip("0") for word in fold(text).split() if word.isdigit() and not _YEAR.fullmatch(word))


def codes(text: str) -> frozenset[str]:
    """The references of publishers that a text holds: with a digit and a capital, three parts at the least.

    >>> sorted(codes("HORIZON-CL5-2024-D2-01-03: Batteries"))
    ['HORIZON-CL5-2024-D2-01-03']
    """
    found = _CODE.findall(text)
    return frozenset(
        code.upper() for code in found if any(c.isdigit() for c in code) and any(c.isupper() for c in code)
    )


def without_codes(text: str) -> str:
    """The text without the references of publishers: their numbers count nothing else.

    >>> without_codes("HORIZON-CL5-2024-D2-01-03: Batteries 2030")
    ' : Batteries 2030'
    """
    return _CODE.sub(lambda found: " " if found[0].upper() in codes(found[0]) else found[0], text)


def _is_number(text: str) -> bool:
    return text.isdigit() or text in _ROMAN


class Rarity:
    """How much a word says: 1 for one that no record bears, near 0 for one that all of them bear.

    `ln((N + 100) / (n + p)) / ln(N + 100)`: N records, n of which bear the word, p = 30 for words that titles of such
    records commonly bear, else 1 (the 100 imagined records keep the figure meaningful when N is small).
    """

    def __init__(self, of_each: Iterable[Iterable[str]] = ()) -> None:
        """`of_each`: the words of every record."""
        self._bearers: Counter[str] = Counter()
        total = 0
        for some in of_each:
            self._bearers.update(set(some))
            total += 1
        self._all = total + PRIOR
        self._known: dict[str, float] = {}

    def of(self, word: str) -> float:
        """From 0 to 1."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._reckoned(word)
        return known

    def bearers(self, word: str) -> int:
        """How many records bear the word."""
        return self._bearers[word]

    def _reckoned(self, word: str) -> float:
        is_common = word in _STEMMED or word.isdigit()
        bearing = self._bearers[word] + (PRIOR * 0.3 if is_common else 1)
        return max(0.02, log(self._all / bearing) / log(self._all)) if bearing < self._all else 0.02


_STEMMED: Final = frozenset(stem(word) for word in _COMMON)

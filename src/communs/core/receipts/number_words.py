"""Amounts of euros in words, as on cheques: exact up to 999,999,999.99, in French and in English.

French as cheques have always had it: hyphens below a hundred only, *vingt* and *cent* with an s where nothing follows
but *millions* or the unit. English as in Britain and Ireland: *and* before the last two figures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MINOR_MAX: Final = 99_999_999_999


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_FRENCH: Final = _words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf"
)
_FRENCH_TENS: Final = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt")
_ENGLISH: Final = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_ENGLISH_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(minor: int, language: str = "fr") -> str:
    """`minor` cents in words. Raises `ValueError` below zero, above 999,999,999.99, `KeyError` for other languages.

    >>> in_words(123_480)
    'mille deux cent trente-quatre euros et quatre-vingts centimes'
    >>> in_words(100_000_000), in_words(50)
    ('un million d’euros', 'cinquante centimes')
    >>> in_words(123_401, "en")
    'one thousand two hundred and thirty-four euros and one cent'
    """
    number, unit, cent, joint = _LANGUAGES[language]
    if not 0 <= minor <= MINOR_MAX:
        raise ValueError(f"{minor} cents cannot be written in words. Give an amount from 0 to 999,999,999.99.")
    euros, cents = divmod(minor, 100)
    parts = []
    if euros or not cents:
        parts.append(f"{number(euros)}{unit(euros)}")
    if cents:
        parts.append(f"{number(cents)} {cent}{'s' if cents > 1 else ''}")
    return joint.join(parts)


def french(number: int) -> str:
    """A whole number from 0 to 999,999,999.

    >>> french(80), french(81), french(71), french(200), french(80_000), french(280_000_000)
    ('quatre-vingts', 'quatre-vingt-un', 'soixante et onze', 'deux cents', 'quatre-vingt mille', \
'deux cent quatre-vingts millions')
    """
    if not number:
        return _FRENCH[0]
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    words = []
    if millions:
        words.append(f"{_french_hundreds(millions, ends=True)} million{'s' if millions > 1 else ''}")
    if thousands:
        # "mille" is an adjective: "quatre-vingt mille", while "millions" is a noun: "quatre-vingts millions".
        words.append("mille" if thousands == 1 else f"{_french_hundreds(thousands, ends=False)} mille")
    if units:
        words.append(_french_hundreds(units, ends=True))
    return " ".join(words)


def english(number: int) -> str:
    """A whole number from 0 to 999,999,999.

    >>> english(1_000_101), english(21_000)
    ('one million one hundred and one', 'twenty-one thousand')
    """
    if not number:
        return _ENGLISH[0]
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    words = [
        f"{_english_hundreds(part)} {name}" for part, name in ((millions, "million"), (thousands, "thousand")) if part
    ]
    if units:
        words.append(f"and {_english_hundreds(units)}" if words and units < 100 else _english_hundreds(units))
    return " ".join(words)


def _french_hundreds(number: int, *, ends: bool) -> str:
    """1 to 999. `ends`: whether nothing but a noun follows, so that *cent* and *vingt* take their s."""
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        plural = "s" if hundreds > 1 and not rest and ends else ""
        words.append(f"{'' if hundreds == 1 else f'{_FRENCH[hundreds]} '}cent{plural}")
    if rest:
        words.append(_french_below_hundred(rest, ends=ends))
    return " ".join(words)


def _french_below_hundred(number: int, *, ends: bool) -> str:
    if number < 20:
        return _FRENCH[number]
    tens, ones = divmod(number, 10)
    if tens in {7, 9}:
        tens, ones = tens - 1, ones + 10
    stem = _FRENCH_TENS[tens]
    if not ones:
        return f"{stem}s" if tens == 8 and ends else stem
    return f"{stem}{' et ' if ones in {1, 11} and tens < 8 else '-'}{_FRENCH[ones]}"


def _english_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ENGLISH[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        below = _ENGLISH[rest] if rest < 20 else f"{_ENGLISH_TENS[tens]}{f'-{_ENGLISH[ones]}' if ones else ''}"
        words.append(below)
    return " and ".join(words)


def _french_euros(euros: int) -> str:
    if euros and not euros % 1_000_000:
        return " d’euros"
    return " euros" if euros > 1 else " euro"


def _english_euros(euros: int) -> str:
    return " euro" if euros == 1 else " euros"


_LANGUAGES: Final[dict[str, tuple[Callable[[int], str], Callable[[int], str], str, str]]] = {
    "fr": (french, _french_euros, "centime", " et "),
    "en": (english, _english_euros, "cent", " and "),
}

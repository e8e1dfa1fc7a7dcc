"""Amounts in words: what cheques say, and back again to the same cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.receipts.number_words import MINOR_MAX, in_words

FRENCH = {
    0: "zéro euro", 1: "un centime", 2: "deux centimes", 100: "un euro", 101: "un euro et un centime",
    200: "deux euros", 1_600: "seize euros", 1_700: "dix-sept euros", 2_100: "vingt et un euros",
    7_000: "soixante-dix euros", 7_100: "soixante et onze euros", 7_200: "soixante-douze euros",
    8_000: "quatre-vingts euros", 8_100: "quatre-vingt-un euros", 9_100: "quatre-vingt-onze euros",
    9_999: "quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes", 10_000: "cent euros",
    10_100: "cent un euros", 20_000: "deux cents euros", 20_100: "deux cent un euros",
    28_000: "deux cent quatre-vingts euros",
    100_000: "mille euros", 100_100: "mille un euros", 8_000_000: "quatre-vingt mille euros",
    20_000_000: "deux cent mille euros", 100_000_000: "un million d’euros", 100_000_100: "un million un euros",
    200_000_000: "deux millions d’euros", 20_000_000_000: "deux cents millions d’euros",
    99_999_999_999: "neuf cent quatre-vingt-dix-neuf millions neuf cent quatre-vingt-dix-neuf mille neuf cent"
    " quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes",
}  # fmt: skip
ENGLISH = {
    0: "zero euros", 1: "one cent", 100: "one euro", 1_300: "thirteen euros", 2_101: "twenty-one euros and one cent",
    10_000: "one hundred euros", 10_100: "one hundred and one euros", 100_100: "one thousand and one euros",
    123_456: "one thousand two hundred and thirty-four euros and fifty-six cents",
    10_000_000: "one hundred thousand euros", 100_000_000: "one million euros",
    99_999_999_999: "nine hundred and ninety-nine million nine hundred and ninety-nine thousand nine hundred and"
    " ninety-nine euros and ninety-nine cents",
}  # fmt: skip

VALUES = {
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
}
TENS = {
    "fr": {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    "en": {
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    },
}
SCALES = {"mille": 1000, "thousand": 1000, "million": 1_000_000, "millions": 1_000_000}


def value(words: str, language: str) -> int:
    """The number that words say, found by adding and multiplying: nothing of how they were written."""
    small = {word: number for number, word in enumerate(VALUES[language].split())} | TENS[language]
    total = group = 0
    for word in words.replace("-", " ").split():
        if word in {"et", "and"}:
            continue
        if word in {"cent", "cents", "hundred"}:
            group = max(group, 1) * 100
        elif word in SCALES:
            total, group = total + max(group, 1) * SCALES[word], 0
        elif word in {"vingt", "vingts"} and group % 100 == 4:
            group += 76  # quatre-vingt
        else:
            group += small[word]
    return total + group


def minor(said: str, language: str) -> int:
    """Cents of an amount in words."""
    said = said.replace(" d’euros", " euros")
    euros, unit, rest = said.partition(" euro")
    euros, rest = (euros, rest.removeprefix("s")) if unit else ("", said)
    rest = rest.removeprefix(" et ").removeprefix(" and ")
    rest = rest.removesuffix("s").removesuffix(" centime").removesuffix(" cent")
    return value(euros, language) * 100 + value(rest, language)


@pytest.mark.parametrize(("cents", "words"), FRENCH.items())
def test_french_words_are_those_of_cheques(cents: int, words: str) -> None:
    assert in_words(cents) == words


@pytest.mark.parametrize(("cents", "words"), ENGLISH.items())
def test_english_words_are_those_of_cheques(cents: int, words: str) -> None:
    assert in_words(cents, "en") == words


@pytest.mark.parametrize("language", ["fr", "en"])
@given(cents=st.integers(0, MINOR_MAX) | st.integers(0, 999).map(lambda number: number * 10**8))
def test_words_say_the_amount_to_the_cent(language: str, cents: int) -> None:
    assert minor(in_words(cents, language), language) == cents


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_of_the_first_ten_thousand_euros_are_said_alike(language: str) -> None:
    said = [in_words(euros * 100, language) for euros in range(10_001)]
    assert len(set(said)) == len(said)
    assert [minor(words, language) for words in said] == [euros * 100 for euros in range(10_001)]


@pytest.mark.parametrize("cents", [-1, MINOR_MAX + 1])
def test_what_is_out_of_reach_is_refused_with_the_bounds(cents: int) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 999,999,999\.99"):
        in_words(cents)

"""Explanations as people read them, in English and French."""

from __future__ import annotations

from fractions import Fraction
from gettext import GNUTranslations
from pathlib import Path

import polib
import pytest

from communs.core import allocation
from communs.core.allocation.axioms.finding import find_prices
from communs.core.allocation.axioms.prices import breaches, prices_of
from communs.core.allocation.axioms.representation import ejr_plus
from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.equal_shares import equal_shares
from communs.core.allocation.explaining import Miss, Shares, deciding, miss, rounds_of
from communs.core.allocation.explaining.words import (
    Words,
    plain_money,
    say_breach,
    say_miss,
    say_prices,
    say_round,
    say_share,
    say_shortfall,
)
from communs.core.allocation.greedy import greedy
from communs.core.allocation.utilities import Utility

CATALOGUE = Path(allocation.__file__).parents[1] / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def village() -> Instance:
    projects = [Project("p", 6000, "The park"), Project("w", 3000, "The path"), Project("t", 3000)]
    votes = [["p", "t"]] * 3 + [["w"]] * 2
    return Instance.from_rows(projects, 10000, votes, decimals=2, currency="EUR")


@pytest.fixture
def words() -> Words:
    return Words(village(), plain_money(village()))


@pytest.fixture
def french(tmp_path: Path) -> Words:
    polib.pofile(str(CATALOGUE)).save_as_mofile(str(tmp_path / "fr.mo"))
    with (tmp_path / "fr.mo").open("rb") as file:
        translate = GNUTranslations(file).gettext
    return Words(village(), plain_money(village()), translate)


def test_a_round_is_told_with_its_runner_up(words: Words) -> None:
    first, second = rounds_of(equal_shares(village()))
    tied = "t was as good: the order of ties decided."
    assert say_round(first, words) == f"1. The park is funded. Cost: 60.00 EUR. Supporters: 3. {tied}"
    assert say_round(second, words) == "2. The path is funded. Cost: 30.00 EUR. Supporters: 2."


def test_what_a_project_lacked_is_told_in_voters_and_in_money(words: Words, french: Words) -> None:
    one = miss(village(), greedy(village()), deciding(greedy), "w")
    assert say_miss(one, words) == (
        "2 more voters who choose only The path would have funded it, and no fewer.",
        "At a cost of 10.00 EUR instead of 30.00 EUR it would have been funded, and at no higher one.",
    )
    french_words = "2 votants de plus qui ne choisissent que The path l’auraient fait financer, et pas moins."
    assert say_miss(one, french)[0] == french_words


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Miss("w", 9, 1, None, True, None, True), ("The path costs so much of the budget", "No lower cost would")),
        (Miss("w", 9, 1, None, False, None, False), ("No number of further voters was", "No lower cost was found")),
        (Miss("w", 9, 1, 1, True, 8, False), ("One more voter who chooses only The path", "a higher one may do.")),
        (Miss("w", 9, 1, 7, False, 8, True), ("fewer may do.", "At a cost of 0.08 EUR instead of 0.09 EUR")),
    ],
)
def test_what_is_not_proven_is_not_told_as_proven(one: Miss, told: tuple[str, str], words: Words) -> None:
    assert all(part in sentence for part, sentence in zip(told, say_miss(one, words), strict=True))


def test_a_share_is_told_payment_by_payment(words: Words) -> None:
    shares = Shares(village(), equal_shares(village()))
    told = [say_share(shares.of(ballot), words) for ballot in range(2)]
    assert ("Your share of the budget: 20.00 EUR.", "15.00 EUR for The path", "Left: 5.00 EUR.") in told
    by_support = [say_share(Shares(village(), greedy(village())).of(ballot), words) for ballot in range(2)]
    assert ("None of the projects that you chose is funded.",) in by_support
    assert any("This rule does not say who paid" in line for lines in by_support for line in lines)


def test_checks_are_told_with_their_witness(words: Words) -> None:
    found = ejr_plus(village(), ["w"])
    assert say_shortfall(found.shortfalls[0], found, words) == (
        "3 voters all chose t, which is not funded. Their part of the budget is 60.00 EUR, and with it none of them "
        "would have got more than that."
    )
    counted = ejr_plus(village(), ["w"], Utility.CARDINALITY)
    assert "would pay for 2 projects of its cost" in say_shortfall(counted.shortfalls[0], counted, words)
    (fault,) = breaches(village(), ["p", "w", "t"], prices_of(village(), equal_shares(village())))
    assert say_breach(fault, words) == "t is funded, but 30.00 EUR of its cost was not paid by its supporters."
    assert say_prices(find_prices(village(), ["p", "w"]), words).startswith("Supporters could have bought")


def test_amounts_are_rounded_to_the_smallest_unit() -> None:
    assert plain_money(village())(Fraction(10000, 3)) == "33.33 EUR"
    assert plain_money(Instance.from_rows([], 0, []))(12) == "12"

"""What was typed becomes an expression; whatever was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.search.parsing import LEAVES_MAX, QUERY_MAX, All, Any, Leaf, Not, cut, parse


def leaf(*words: str) -> Leaf:
    return Leaf(words)


def phrase(*words: str) -> Leaf:
    return Leaf(words, is_phrase=True)


def test_a_need_in_plain_words_demands_nothing() -> None:
    query = parse("water or air quality")
    assert query.is_plain
    assert query.required is None
    assert [part.words for part in query.leaves] == [("water",), ("or",), ("air",), ("quality",)]


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "«{}»", "« {} »"])
def test_a_phrase_is_demanded(quotes: str) -> None:
    query = parse(quotes.format("open data") + " portal")
    assert query.is_plain
    assert query.required == All((phrase("open", "data"),))


def test_a_minus_leaves_out() -> None:
    assert parse("map -street").required == All((Not(leaf("street")),))
    assert parse("e-mail").required is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("water AND air", All((leaf("water"), leaf("air")))),
        ("water OR air", Any((leaf("water"), leaf("air")))),
        ("eau OU air", Any((leaf("eau"), leaf("air")))),
        ("a1 b1 OR c1", Any((All((leaf("a1"), leaf("b1"))), leaf("c1")))),
        ("(a1 OR b1) AND NOT c1", All((Any((leaf("a1"), leaf("b1"))), Not(leaf("c1"))))),
        ("NOT (a1 b1)", Not(All((leaf("a1"), leaf("b1"))))),
        ('"a1 b1" AND c1', All((phrase("a1", "b1"), leaf("c1")))),
    ],
)
def test_operators_are_held_to_the_letter(text: str, tree: object) -> None:
    query = parse(text)
    assert not query.is_plain
    assert query.required == tree


@pytest.mark.parametrize(
    "text", ["AND", "OR water", "water AND", "AIDE AU NUMERIQUE ET AU CLIMAT", "which bird do I hear"]
)
def test_a_stray_operator_is_a_word(text: str) -> None:
    assert parse(text).is_plain


@pytest.mark.parametrize("text", ["eau OR", "OR eau", "eau AND OR", "AND eau NOT", "eau ||"])
def test_and_or_not_beside_nothing_say_nothing(text: str) -> None:
    assert [part.words for part in parse(text).leaves] == [("eau",)]
    assert parse(text).is_plain


@pytest.mark.parametrize("text", ["(", ")", "()", "((((", "( OR )", "( - )"])
def test_brackets_around_nothing_ask_for_nothing(text: str) -> None:
    query = parse(text)
    assert query.is_plain
    assert query.leaves == ()


def test_a_star_begins_a_word() -> None:
    assert parse("access*").leaves == (Leaf(("access",), is_prefix=True),)


@given(st.text(alphabet='ab"()-* ANDORT«»', max_size=120))
def test_nothing_that_can_be_typed_breaks_it(text: str) -> None:
    assert len(parse(text).leaves) <= LEAVES_MAX


def test_deep_brackets_end_somewhere() -> None:
    assert len(parse("(" * 300 + "water" + ")" * 300).leaves) <= 1
    assert len(parse("(" * 150 + "water OR air" + ")" * 150 + " AND map").leaves) <= LEAVES_MAX
    assert len(parse(" ".join(f"w{number}" for number in range(200))).leaves) <= LEAVES_MAX


@pytest.mark.parametrize(
    ("text", "length_max", "left"),
    [
        ("gérer les adhésions", 14, "gérer les"),
        ("gérer les adhésions", 10, "gérer les "),
        ("gérer les adhésions", 9, "gérer les"),
        ("gérer les adhésions", 40, "gérer les adhésions"),
        ("antidisestablishment", 4, "anti"),
        (" antidisestablishment", 5, " anti"),
        ("", 5, ""),
    ],
)
def test_what_is_too_long_is_cut_at_the_end_of_a_word(text: str, length_max: int, left: str) -> None:
    assert cut(text, length_max) == left


def test_half_a_word_is_never_looked_for() -> None:
    words = ["water"] * 6 + ["registration"] * 60
    assert {word for found in parse(" ".join(words)).leaves for word in found.words} == {"water", "registration"}
    assert len(" ".join(words)) > QUERY_MAX


@given(st.text(max_size=60), st.integers(min_value=1, max_value=30))
def test_whatever_is_cut_is_a_beginning_and_no_longer_than_allowed(text: str, length_max: int) -> None:
    assert text.startswith(cut(text, length_max).rstrip())
    assert len(cut(text, length_max)) <= length_max

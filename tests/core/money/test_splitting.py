"""Splitting: the parts add up, nobody is a unit away from the quota, and the tie rule is the published one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.money import Money, NothingToShareBy, split, split_evenly

weights = st.dictionaries(st.text(max_size=5), st.integers(0, 10**6), min_size=1, max_size=12).filter(
    lambda given_weights: any(given_weights.values())
)


@given(st.integers(-(10**12), 10**12), weights)
def test_the_parts_always_add_up_to_the_total(minor: int, given_weights: dict[str, int]) -> None:
    parts = split(Money(minor, "EUR"), given_weights)
    assert sum(part.minor for part in parts.values()) == minor
    assert list(parts) == list(given_weights)


@given(st.integers(0, 10**12), weights)
def test_nobody_is_a_whole_unit_away_from_the_quota(minor: int, given_weights: dict[str, int]) -> None:
    whole = sum(given_weights.values())
    for name, part in split(Money(minor, "EUR"), given_weights).items():
        assert abs(part.minor - Fraction(minor * given_weights[name], whole)) < 1


@given(st.integers(0, 10**9), weights)
def test_the_order_of_the_names_plays_no_part(minor: int, given_weights: dict[str, int]) -> None:
    backwards = dict(reversed(given_weights.items()))
    assert split(Money(minor, "EUR"), given_weights) == split(Money(minor, "EUR"), backwards)


@given(st.integers(0, 10**9), weights)
def test_who_has_no_weight_gets_nothing(minor: int, given_weights: dict[str, int]) -> None:
    parts = split(Money(minor, "EUR"), given_weights)
    assert all(parts[name].minor == 0 for name, weight in given_weights.items() if weight == 0)


@pytest.mark.parametrize(
    ("total", "given_weights", "parts"),
    [
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),
        (5, {"a": 1, "b": 2, "c": 4}, {"a": 1, "b": 1, "c": 3}),
        (1, {"a": 1, "b": 1, "c": 2}, {"a": 0, "b": 0, "c": 1}),
        (2, {"a": 3, "b": 1}, {"a": 2, "b": 0}),
        (-100, {"a": 1, "b": 1, "c": 1}, {"a": -34, "b": -33, "c": -33}),
    ],
)
def test_the_worked_table_holds(total: int, given_weights: dict[str, int], parts: dict[str, int]) -> None:
    assert {name: part.minor for name, part in split(Money(total, "EUR"), given_weights).items()} == parts


@pytest.mark.parametrize("wrong", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_weights_that_share_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(NothingToShareBy):
        split(Money(1, "EUR"), wrong)


def test_equal_parts_give_what_is_left_to_the_first_names() -> None:
    assert {n: p.minor for n, p in split_evenly(Money(5, "EUR"), ["b", "a"]).items()} == {"b": 2, "a": 3}

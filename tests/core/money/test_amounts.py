"""Amounts: exact decimals per currency, no mixing, no silent rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.money import EXPONENTS, InvalidAmount, MixedCurrencies, Money, UnknownCurrency, parse_amount

currencies = st.sampled_from(sorted(EXPONENTS))


@given(st.integers(-(10**15), 10**15), currencies)
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert parse_amount(format(amount.major, "f"), currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("5", "EUR", 500),
        ("5.1", "EUR", 510),
        ("5.100", "EUR", 510),
        ("5", "JPY", 5),
        ("1.234", "TND", 1234),
        ("-0.01", "USD", -1),
    ],
)
def test_decimals_follow_the_currency(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "5,00", "1 000", "5.001", "1e3", "NaN", "∞", "5.", ".5", "--5", "٥", "9" * 19])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_amount(text, "EUR")


def test_an_unknown_currency_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnknownCurrency, match="three capitals"):
        Money(1, "eur")


def test_currencies_never_mix() -> None:
    with pytest.raises(MixedCurrencies):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(MixedCurrencies):
        assert Money(1, "EUR") < Money(2, "USD")


def test_a_float_or_a_truth_value_is_no_amount() -> None:
    for wrong in (1.0, True, Decimal(1)):
        with pytest.raises(InvalidAmount):
            Money(wrong, "EUR")  # type: ignore[arg-type]


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_sums_differences_and_order_follow_the_minor_units(first: int, second: int) -> None:
    a, b = Money(first, "EUR"), Money(second, "EUR")
    assert (a + b - b, -a + a, a < b, a <= b) == (a, Money(0, "EUR"), first < second, first <= second)

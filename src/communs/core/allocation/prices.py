"""Amounts as tables and JSON write them, brought to one smallest unit."""

from __future__ import annotations

from collections.abc import Iterable

from communs.core.allocation.elections import InvalidElection
from communs.core.money import EXPONENTS
from communs.core.standards.pabulib.amounts import Amount, amount_of, ungrouped


def price(text: str, place: str) -> Amount:
    """The amount that a text is. Raises `InvalidElection`."""
    found = amount_of(ungrouped(text))
    if found is None or found.digits < 0:
        remedy = "Write 0 or more in digits, with a point before the decimals: 1234.50."
        raise InvalidElection(f"{place}: {text[:40]!r} is no amount that can be read in one way only. {remedy}")
    return found


def decimals_of(amounts: Iterable[Amount], currency: str) -> int:
    """The places after the point that all need: those of the currency, or more where more occur."""
    return max([EXPONENTS.get(currency, 0), *(amount.places for amount in amounts)])

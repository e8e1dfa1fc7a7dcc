"""Stripe's smallest units and ISO 4217's: the same but for a few currencies, where the difference is a factor of 100.

Stripe's documentation of currencies: ISK and UGX have no decimals and are still written with two, MGA has two and is
written with none, and of currencies with three decimals the last one has to be zero.
"""

from __future__ import annotations

from typing import Final

from communs.core.money import UnknownCurrency
from communs.core.money import exponent as _exponent
from communs.core.providers.outcomes import Refused

_WRITTEN_WITH: Final = {"ISK": 2, "UGX": 2, "MGA": 0}


def exponent(currency: str) -> int:
    """Decimals of a currency. Raises `Refused` for one that there is not."""
    try:
        return _exponent(currency)
    except UnknownCurrency as error:
        raise Refused(f"Stripe names a currency “{currency[:10]}”.", str(error)) from error


def to_stripe(minor: int, currency: str) -> int:
    """Stripe's amount. Raises `Refused` where Stripe cannot say it exactly.

    >>> to_stripe(1250, "EUR"), to_stripe(1250, "JPY"), to_stripe(1250, "UGX"), to_stripe(12_500, "MGA")
    (1250, 1250, 125000, 125)
    """
    shift = _WRITTEN_WITH.get(currency, exponent(currency)) - exponent(currency)
    amount, rest = _shifted(minor, shift)
    if rest or (exponent(currency) == 3 and minor % 10):
        raise Refused(f"Stripe cannot take {minor} smallest units of {currency}.", "Round to a unit that Stripe has.")
    return amount


def from_stripe(amount: int, currency: str) -> int:
    """Our minor units. Raises `Refused` for an amount that the currency does not have.

    >>> from_stripe(125_000, "UGX"), from_stripe(125, "MGA"), from_stripe(2499, "EUR")
    (1250, 12500, 2499)
    """
    shift = exponent(currency) - _WRITTEN_WITH.get(currency, exponent(currency))
    minor, rest = _shifted(amount, shift)
    if rest:
        raise Refused(
            f"Stripe says {amount} of {currency}, which has no such unit.", "Look at it on Stripe's own pages."
        )
    return minor


def _shifted(number: int, places: int) -> tuple[int, int]:
    """The number with so many zeros more, or fewer; and what had to be cut off."""
    factor = int(10 ** abs(places))
    return (number * factor, 0) if places >= 0 else divmod(number, factor)

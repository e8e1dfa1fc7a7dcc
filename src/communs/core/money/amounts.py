"""An amount: a whole number of minor units and a currency. Never a float, never two currencies in one sum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from communs.core.money.currencies import exponent

MINOR_MAX: Final = 10**18
_PLAIN = re.compile(r"([+-]?)(\d{1,18})(?:\.(\d{1,12}))?", re.ASCII)


class InvalidAmount(ValueError):
    """The text is no amount; the message says what to write instead."""


class MixedCurrencies(TypeError):
    """Amounts of different currencies were put into one sum."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` smallest units of `currency`: `Money(1250, "EUR")` is 12.50 €."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int or abs(self.minor) > MINOR_MAX:
            raise InvalidAmount(f"{self.minor!r} is no whole number of minor units of at most 18 digits.")
        exponent(self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in whole units, exact.

        >>> Money(1250, "EUR").major
        Decimal('12.50')
        """
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money) or other.currency != self.currency:
            raise MixedCurrencies(f"{self} and {other} are not of one currency: convert one of them first.")
        return other.minor


def parse_amount(text: str, currency: str) -> Money:
    """Read a plain decimal ("1250.5"), digits and a point only. Raises `InvalidAmount`, `UnknownCurrency`.

    More decimals than the currency has are refused unless they are zeros: nothing is ever rounded away.

    >>> parse_amount("12.5", "EUR")
    Money(minor=1250, currency='EUR')
    >>> parse_amount("12.00", "JPY")
    Money(minor=12, currency='JPY')
    """
    places, found = exponent(currency), _PLAIN.fullmatch(text.strip())
    if found is None:
        raise InvalidAmount(f"“{text[:40]}” is no amount. Write digits and a point, e.g. 1250.50.")
    sign, whole, decimals = found[1], found[2], found[3] or ""
    if decimals[places:].strip("0"):
        raise InvalidAmount(f"“{text[:40]}” has more decimals than {currency} has ({places}).")
    minor = int(whole + decimals[:places].ljust(places, "0"))
    return Money(-minor if sign == "-" else minor, currency)

"""Square roots by integers, with bounds: numbers are held as whole multiples of 2^-bits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number between low / 2^bits and high / 2^bits."""

    low: int
    high: int

    def to(self, bits: int, places: int) -> Bounds:
        """The same bounds with fewer binary places, rounded outwards."""
        return Bounds(self.low >> (bits - places), -(-self.high >> (bits - places)))


ZERO = Bounds(0, 0)


@lru_cache(maxsize=1 << 16)
def root(number: int, bits: int) -> tuple[int, int]:
    """The root of a whole number, rounded down to a multiple of 2^-bits, and 0 where that is exact, otherwise 1."""
    shifted = number << (2 * bits)
    down = isqrt(shifted)
    return down, int(down * down != shifted)


def ideal(amounts: Iterable[tuple[int, int]], bits: int) -> Bounds:
    """(Σ √a)² − Σ a over these (amount, how many times), with `bits` binary places.

    What the members of a set of one give is taken off whole, so one member alone has exactly nothing.

    >>> ideal([(4, 1), (9, 1)], 64) == Bounds(12 << 64, 12 << 64)
    True
    >>> ideal([(7, 1)], 64)
    Bounds(low=0, high=0)
    """
    pairs = [(amount, times) for amount, times in amounts if amount and times]
    if sum(times for _amount, times in pairs) < 2:
        return ZERO
    down = slack = total = 0
    for amount, times in pairs:
        low, inexact = root(amount, bits)
        down += low * times
        slack += inexact * times
        total += amount * times
    taken = total << (2 * bits)
    low, high = max(0, down * down - taken), (down + slack) ** 2 - taken
    return Bounds(low, high).to(2 * bits, bits)

"""Numbers of 106 bits as unevaluated sums of two floats, in arrays: what floats leave open, without slow integers.

The algorithms and their proven errors (relative, u = 2^-53) are those of M. Joldes, J.-M. Muller, V. Popescu, Tight and
Rigorous Error Bounds for Basic Building Blocks of Double-Word Arithmetic (2017): sum of two positive numbers 3u² + 13u³
(algorithm 6), product 5u² (10), product with a float 3u² (7), quotient 15u² + 56u³ (17). Factors are split in halves,
so no fused operation is needed. Nothing here comes near the ends of the range of floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ldexp

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
UNIT_BITS = 106  # u² = 2^-106
_SPLIT = 2.0**27 + 1


@dataclass(frozen=True, slots=True)
class Doubled:
    """An array of numbers, each `high + low`; `low` is at most half a unit in the last place of `high`."""

    high: Floats
    low: Floats

    @classmethod
    def of_fractions(cls, numbers: list[int], bits: int) -> Doubled:
        """Whole multiples of 2^-bits, each rounded to 106 bits."""
        unit = 1 << bits
        high = [number / unit for number in numbers]
        low = [(number - int(ldexp(one, bits))) / unit for number, one in zip(numbers, high, strict=True)]
        return cls(np.array(high), np.array(low))

    @classmethod
    def of(cls, number: Fraction) -> Doubled:
        """One number."""
        high = float(number)
        return cls(np.array([high]), np.array([float(number - Fraction(high))]))

    @classmethod
    def zeros(cls, length: int) -> Doubled:
        return cls(np.zeros(length), np.zeros(length))

    def put(self, places: npt.NDArray[np.int64], numbers: Doubled | None) -> None:
        """Set these places to these numbers, or to 0."""
        self.high[places], self.low[places] = (numbers.high, numbers.low) if numbers is not None else (0.0, 0.0)

    def __len__(self) -> int:
        return len(self.high)

    def __getitem__(self, place: slice | npt.NDArray[np.int64]) -> Doubled:
        return Doubled(self.high[place], self.low[place])

    def __add__(self, other: Doubled) -> Doubled:
        first, rest = _sum(self.high, other.high)
        second, end = _sum(self.low, other.low)
        first, rest = _ordered_sum(first, rest + second)
        return Doubled(*_ordered_sum(first, end + rest))

    def __mul__(self, other: Doubled) -> Doubled:
        first, rest = _product(self.high, other.high)
        return Doubled(*_ordered_sum(first, rest + (self.high * other.low + self.low * other.high)))

    def times(self, other: Floats) -> Doubled:
        """The product with floats."""
        first, rest = _product(self.high, other)
        first, end = _ordered_sum(first, self.low * other)
        return Doubled(*_ordered_sum(first, end + rest))

    def __truediv__(self, other: Doubled) -> Doubled:
        first = self.high / other.high
        back = other.times(first)
        left = (self.high - back.high) + (self.low - back.low)
        return Doubled(*_ordered_sum(first, left / other.high))

    def sum(self, bits: int) -> int:
        """The sum as a whole number of 2^-bits, rounded down. Folded in halves: each number is added log₂ n times."""
        values = self
        while len(values) > 1:
            half, odd = divmod(len(values), 2)
            added = values[:half] + values[half : 2 * half]
            if odd:
                added = Doubled(np.append(added.high, values.high[-1]), np.append(added.low, values.low[-1]))
            values = added
        if not len(values):
            return 0
        return int(ldexp(float(values.high[0]), bits)) + int(np.floor(ldexp(float(values.low[0]), bits)))


def _sum(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """The rounded sum and what rounding took, exactly (D. E. Knuth)."""
    total = one + other
    back = total - one
    return total, (one - (total - back)) + (other - back)


def _ordered_sum(large: Floats, small: Floats) -> tuple[Floats, Floats]:
    """The same where the first is the larger (T. J. Dekker)."""
    total = large + small
    return total, small - (total - large)


def _product(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """The rounded product and what rounding took, exactly."""
    product = one * other
    (a, b), (c, d) = _halves(one), _halves(other)
    return product, ((a * c - product) + a * d + b * c) + b * d


def _halves(number: Floats) -> tuple[Floats, Floats]:
    """A float as the sum of two of half its digits (G. W. Veltkamp)."""
    scaled = number * _SPLIT
    high = scaled - (scaled - number)
    return high, number - high

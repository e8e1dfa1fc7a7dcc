"""What voters have left, as floats that are proven: each ballot class has at least `least` and at most `most`.

Nothing is taken for granted about rounding: each result is pushed outwards by more than the operations before it can
have lost. A dot product of n terms that are not negative loses at most the part (n + 1) · 2⁻⁵³ of it, in whatever
order it is summed (Higham, Accuracy and Stability of Numerical Algorithms, §3.1); whole numbers below 2⁵³ lose nothing.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np

from communs.core.allocation.backing import Backers, Floats, dot

ULP = 2.0**-52  # twice the relative error of one operation
UP, DOWN = 1 + 4 * ULP, 1 - 4 * ULP
ROUNDS_MAX = 64  # of Newton's method for an upper bound; it is given up after that and counted exactly


class Purses:
    """The bounds by ballot class. Prices are bounds too: `low` ≤ the exact price ≤ `high`."""

    __slots__ = ("least", "most")

    def __init__(self, classes: int, lowest: Fraction, highest: Fraction) -> None:
        """All have at least the one and at most the other."""
        self.least = np.full(classes, lowest.numerator / lowest.denominator * DOWN)
        self.most = np.full(classes, highest.numerator / highest.denominator * UP)

    def raised(self, backers: Backers, low: float) -> float:
        """A price at or above `low` below which a project cannot be afforded; `inf` where it certainly never can.

        For any set of voters, "poor" here, f(x) ≤ what the poor have + x · worth of the others, where f(x) is what is
        paid at price x; so no x below (cost - what the poor have) / worth of the others is enough. With the poor of the
        price `low` that is one step of Newton's method. Where it stays at `low`, this is the price itself, or all are
        poor and it is in doubt whether what they have is enough.
        """
        held, rest = _split(self.most, backers, low)
        missing = backers.cost * DOWN - held * (1 + (len(backers.classes) + 8) * ULP)
        if rest <= 0:
            return inf if missing > 0 else low
        return max(low, missing / rest * DOWN)

    def ceiling(self, backers: Backers, price: float) -> float:
        """A price, at or above this one, at which a project can certainly be afforded; `inf` where that is not sure."""
        slack = 1 - (len(backers.classes) + 8) * ULP
        price *= 2 - slack  # mostly that much is lost to rounding below it, and the first look is the last
        for _round in range(ROUNDS_MAX):
            held, rest = _split(self.least, backers, price)
            if rest <= 0:
                return inf
            enough = (backers.cost * UP - held * slack) / rest * UP
            if enough <= price:
                return price
            price = enough
        return inf

    def payers(self, backers: Backers, price: float) -> int | None:
        """The worth of a project to those who certainly have what a price asks, where all others have nothing.

        None where somebody may be in between. Otherwise the exact price is the cost by that, whatever each has.
        """
        asked = price * UP if backers.per is None else price * UP * backers.per
        paying = self.least.take(backers.classes) >= asked
        if (self.most.take(backers.classes[~paying]) > 0).any():
            return None
        return int(dot(paying.astype(np.float64), backers.worths))

    def pay(self, backers: Backers, low: float, high: float) -> None:
        """Take what each supporter pays at a price between these."""
        _subtract(self.most, backers, low * DOWN, UP)
        _subtract(self.least, backers, high * UP, DOWN)


def _split(purses: Floats, backers: Backers, price: float) -> tuple[float, float]:
    """What those hold who have less than their price, all of them together, and the worth of the others."""
    held = purses.take(backers.classes)
    poor: Floats = (held < (price if backers.per is None else price * backers.per)).astype(np.float64)
    rest = backers.total - dot(poor, backers.worths)
    poor *= backers.weights
    return dot(poor, held), rest


def _subtract(purses: Floats, backers: Backers, price: float, outwards: float) -> None:
    left = purses.take(backers.classes)
    left -= price if backers.per is None else price * backers.per
    left *= outwards
    purses[backers.classes] = np.maximum(left, 0.0, out=left)

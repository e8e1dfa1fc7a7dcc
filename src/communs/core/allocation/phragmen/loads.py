"""Loads: how long each voter has been earning for what was bought. Floats with a bound, and the same in whole numbers.

A voter's load is that of the last bought project that the ballot names. So what a project's supporters carry together
is a sum over the projects bought, with the numbers of voters as weights: of as many terms as there were purchases.
Who starts with a balance starts with a load below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import Protocol

import numpy as np

from communs.core.allocation.backing import Backers, Backing, Floats, dot
from communs.core.allocation.elections import Ints

ULP = 2.0**-52  # twice the relative error of one operation


class Balances(Protocol):
    """What voters start with, exactly: `held` tells it of some ballot classes together, over the denominator."""

    @property
    def denominator(self) -> int:
        """Of what `held` returns."""

    def held(self, classes: Ints) -> int:
        """What all voters of these ballot classes have together."""


class Loads:
    """Loads as floats; no load is further than `error` from the exact one.

    A new load is a mean of old ones plus the cost by voter: errors are averaged, not added up, so that one bound for
    all voters grows only by what a round loses to rounding.
    """

    __slots__ = ("deepest", "error", "loads")

    def __init__(self, starts: Floats, error: float) -> None:
        self.loads = starts
        self.error = error
        self.deepest = float(np.abs(starts).max(initial=0.0)) + error

    def after(self, backers: Backers) -> float:
        """The load of a project's supporters once they bought it."""
        return (backers.cost + dot(self.loads.take(backers.classes), backers.weights)) / backers.total

    def lost(self, backers: Backers, load: float) -> float:
        """How far that load may be from the exact one."""
        return self.error + (len(backers.classes) + 8) * ULP * (abs(load) + 2 * self.deepest)

    def buy(self, backers: Backers, load: float) -> None:
        """Give the supporters their new load."""
        self.error = max(self.error, self.lost(backers, load))
        self.loads[backers.classes] = load


class ExactLoads:
    """The loads of the purchases so far over one common denominator, and which of them is each voter's last."""

    def __init__(self, backing: Backing, balances: Balances | None = None) -> None:
        self.backing = backing
        self.balances = balances
        self.last = np.zeros(len(backing.instance.sizes), np.int64)  # 0: nothing bought yet
        self.loads = [0]
        self.denominator = balances.denominator if balances else 1
        self._grown = 1  # the denominator over that of the balances

    def after(self, project: int) -> Fraction:
        """The load of the supporters of a project once they bought it."""
        backers = self.backing.backers[project]
        last = self.last.take(backers.classes)
        counted = np.bincount(last, backers.weights, minlength=len(self.loads)).tolist()
        carried = sum(load * int(number) for load, number in zip(self.loads, counted, strict=True) if number)
        if self.balances:
            carried -= self.balances.held(backers.classes[last == 0]) * self._grown
        return Fraction(backers.cost * self.denominator + carried, int(backers.total) * self.denominator)

    def buy(self, project: int, load: Fraction) -> None:
        """Let its supporters buy a project."""
        factor = load.denominator // gcd(load.denominator, self.denominator)
        self.denominator *= factor
        self._grown *= factor
        self.loads = [one * factor for one in self.loads]
        self.loads.append(load.numerator * (self.denominator // load.denominator))
        self.last[self.backing.backers[project].classes] = len(self.loads) - 1

    def catch_up(self, bought: Sequence[int]) -> None:
        """Buy what was bought since."""
        for project in bought[len(self.loads) - 1 :]:
            self.buy(project, self.after(project))

"""The same count in whole numbers: prices and purses as integers over one common denominator.

A purse that is not empty holds the endowment less the price of every funded project that its ballot names. So what any
set of voters holds is a sum over the projects funded so far, of as many terms, whatever the number of voters. Floats
only say which purses are empty or poor; where they cannot say so, the purses concerned are compared in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf

import numpy as np
import numpy.typing as npt

from communs.core.allocation.backing import Backers, Backing, Floats
from communs.core.allocation.elections import Ints
from communs.core.allocation.equal_shares.named import Entries, Named
from communs.core.allocation.equal_shares.purses import DOWN, UP, Purses

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of worth costs: `numerator` / (`worth` · the common denominator)."""

    numerator: int
    worth: int


@dataclass(frozen=True, slots=True)
class _Sides:
    """The supporters of a project and a price: flags of those who surely have less than they are to pay, or more.

    `near`: the places of all others; `held`, `worths`: what one voter of each holds, over the common denominator, and
    the worth of the project to them.
    """

    price: Price
    poor: Flags
    rich: Flags
    near: Ints
    held: list[int]
    worths: list[int]


@dataclass(slots=True)
class _Crowd:
    """The supporters of a project between two purchases, with what has been found out about them meanwhile."""

    backers: Backers
    most: Floats
    least: Floats
    entries: Entries | None = None
    sides: _Sides | None = None


class Exact:
    """The count after some purchases. Of ballots it reads what they say of `projects`, those to be bought (or all)."""

    def __init__(self, backing: Backing, endowment: Fraction, projects: Sequence[int] | None = None) -> None:
        self.backing = backing
        self.bought: list[int] = []
        self.prices: list[int] = []
        self.denominator = endowment.denominator
        self.endowment = endowment.numerator
        self.purses = Purses(len(backing.instance.sizes), endowment, endowment)
        self._named = Named.of(backing, projects)
        self._none = len(backing.instance.projects) if projects is None else len(projects)
        self._place = np.full(len(backing.instance.projects), self._none)  # among those bought; `_none`: it is not
        self._crowds: dict[int, _Crowd] = {}

    def price(self, project: int, low: float = 0.0, high: float = inf) -> Price | None:
        """The price of a project now, which is known to be `low` or more, and (unless infinite) `high` or less.

        None where it cannot be afforded.
        """
        crowd = self._crowd(project)
        backers = crowd.backers
        if high == inf:
            low, high = self._bounds(backers, low)
        if low == inf:
            return None
        poor = crowd.most < _pays(backers, low * DOWN)
        near = (~(poor | (crowd.least > _pays(backers, high * UP)))).nonzero()[0]
        missing = backers.cost * self.denominator - self._held_by(crowd, poor)
        rest = int(backers.total - backers.worths[poor].sum())
        for held, worth, voters in self._ranked(backers, near):
            if missing * worth <= held * rest:  # the price, missing / rest, is at most what these have per worth
                return Price(missing, rest)
            missing -= held * voters
            rest -= worth * voters
        return Price(missing, rest) if rest else None

    def money(self, project: int) -> int:
        """What all supporters of a project hold together, over the common denominator."""
        crowd = self._crowd(project)
        if crowd.entries is None:
            crowd.entries = self._named.by(crowd.backers.classes)
        return self._sum(crowd.entries, crowd.backers.weights * (crowd.most > 0))

    def held(self, classes: Ints) -> int:
        """What all voters of some classes hold together, over the common denominator."""
        classes = classes[self.purses.most.take(classes) > 0]
        return self._sum(self._named.by(classes), self.backing.instance.sizes.take(classes))

    def in_full(self, project: int, price: Price) -> int:
        """How many of the supporters of a project can pay this price of it in full."""
        crowd = self._crowd(project)
        sides, weights = self._sides(crowd, price), crowd.backers.weights
        near = zip(sides.near.tolist(), sides.held, sides.worths, strict=True)
        able = [place for place, held, worth in near if held * price.worth >= price.numerator * worth]
        return int(weights[sides.rich].sum() + weights[able].sum())

    def buy(self, project: int, price: Price) -> None:
        """Let the supporters pay this price; the common denominator grows by what it needs."""
        common = gcd(price.numerator, price.worth)
        paid, factor = price.numerator // common, price.worth // common
        crowd = self._crowd(project)
        emptied = self._emptied(self._sides(crowd, price))
        rough = paid / (self.denominator * factor)
        self.purses.pay(crowd.backers, rough * DOWN, rough * UP)
        self.purses.most[crowd.backers.classes[emptied]] = 0.0
        self.purses.least[crowd.backers.classes[emptied]] = 0.0
        self.denominator *= factor
        self.endowment *= factor
        self.prices = [one * factor for one in self.prices]
        self.prices.append(paid)
        self._place[project] = len(self.bought)
        self.bought.append(project)
        self._crowds.clear()

    def _crowd(self, project: int) -> _Crowd:
        if project not in self._crowds:
            backers = self.backing.backers[project]
            most, least = self.purses.most.take(backers.classes), self.purses.least.take(backers.classes)
            self._crowds[project] = _Crowd(backers, most, least)
        return self._crowds[project]

    def _bounds(self, backers: Backers, known: float) -> tuple[float, float]:
        """The highest price that is surely not too high, and one that is surely enough; `inf` where none is."""
        low, raised = 0.0, max(known, backers.cost / backers.total * DOWN)
        while low < raised < inf:
            low, raised = raised, self.purses.raised(backers, raised)
        return raised, self.purses.ceiling(backers, low)

    def _held_by(self, crowd: _Crowd, which: Flags) -> int:
        """What some supporters hold together."""
        if crowd.entries is not None:
            return self._sum(crowd.entries, crowd.backers.weights * (which & (crowd.most > 0)))
        places = (which & (crowd.most > 0)).nonzero()[0]
        return self._sum(self._named.by(crowd.backers.classes.take(places)), crowd.backers.weights.take(places))

    def _sum(self, entries: Entries, voters: Floats | Ints) -> int:
        """What so many voters of each class hold together, all of them with a purse that is not empty."""
        each = voters.repeat(entries.lengths)
        counted = np.bincount(
            self._place.take(entries.choices), each if entries.per is None else each * entries.per, self._none + 1
        )[: len(self.prices)]
        spent = sum(price * int(number) for price, number in zip(self.prices, counted.tolist(), strict=True) if number)
        return self.endowment * int(voters.sum()) - spent

    def _ranked(self, backers: Backers, near: Ints) -> list[tuple[int, int, int]]:
        """What some supporters hold exactly, the worth to each, and their number, the poorest per worth first."""
        if not len(near):
            return []
        voters: dict[tuple[int, int], int] = {}
        numbers = backers.weights.take(near).tolist()
        for held, worth, number in zip(self._purses(backers, near), _worths(backers, near), numbers, strict=True):
            voters[held, worth] = voters.get((held, worth), 0) + int(number)
        ranked = sorted(voters, key=lambda one: Fraction(*one))
        return [(held, worth, voters[held, worth]) for held, worth in ranked]

    def _purses(self, backers: Backers, near: Ints) -> list[int]:
        """What one voter of each of some classes of supporters holds, over the common denominator."""
        if not len(near):
            return []
        classes = backers.classes.take(near)
        places, worths, lengths = self._paid(self._named.by(classes))
        ends = np.cumsum(lengths)
        known: dict[bytes, int] = {}
        found = []
        empty = self.purses.most.take(classes) == 0
        for start, end, spent in zip((ends - lengths).tolist(), ends.tolist(), empty.tolist(), strict=True):
            if spent:
                found.append(0)
                continue
            key = places[start:end].tobytes() + worths[start:end].tobytes()
            if key not in known:
                terms = zip(places[start:end].tolist(), worths[start:end].tolist(), strict=True)
                known[key] = self.endowment - sum(self.prices[place] * worth for place, worth in terms)
            found.append(known[key])
        return found

    def _paid(self, entries: Entries) -> tuple[Ints, Ints, Ints]:
        """Of some entries those bought: their places in the order of buying, their worths, how many by class."""
        places = self._place.take(entries.choices)
        bought = places < self._none
        owners = np.arange(len(entries.lengths)).repeat(entries.lengths)[bought]
        worths = np.ones(len(owners), np.int64) if entries.per is None else entries.per[bought]
        return places[bought], worths, np.bincount(owners, minlength=len(entries.lengths))

    def _sides(self, crowd: _Crowd, price: Price) -> _Sides:
        if crowd.sides is None or crowd.sides.price != price:
            backers = crowd.backers
            rough = price.numerator / (price.worth * self.denominator)
            poor = crowd.most < _pays(backers, rough * DOWN)
            rich = crowd.least > _pays(backers, rough * UP)
            near = (~(poor | rich)).nonzero()[0]
            crowd.sides = _Sides(price, poor, rich, near, self._purses(backers, near), _worths(backers, near))
        return crowd.sides

    @staticmethod
    def _emptied(sides: _Sides) -> Flags:
        """Of the supporters, those who have nothing left once they paid."""
        emptied = sides.poor.copy()
        for place, held, worth in zip(sides.near.tolist(), sides.held, sides.worths, strict=True):
            emptied[place] = held * sides.price.worth <= sides.price.numerator * worth
        return emptied


def _pays(backers: Backers, price: float) -> Floats | float:
    return price if backers.per is None else price * backers.per


def _worths(backers: Backers, near: Ints) -> list[int]:
    return [1] * len(near) if backers.per is None else backers.per.take(near).astype(np.int64).tolist()

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

from communs.core.allocation.backing import Backers, Backing, Floats
from communs.core.allocation.elections import Ints
from communs.core.allocation.equal_shares.purses import DOWN, UP, Purses


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of worth costs: `numerator` / (`worth` · the common denominator)."""

    numerator: int
    worth: int


@dataclass(frozen=True, slots=True)
class _Entries:
    """What the ballots say, flat: ballot class c names `choices[starts[c]:starts[c + 1]]`, worth `per` (None: 1)."""

    starts: Ints
    choices: Ints
    per: Ints | None

    @classmethod
    def of(cls, backing: Backing, projects: Sequence[int] | None) -> _Entries:
        instance, per = backing.instance, backing.per_entry
        if projects is None:
            return cls(instance.starts, instance.choices, per)
        wanted = np.zeros(len(instance.projects), bool)
        wanted[list(projects)] = True
        kept = wanted.take(instance.choices)
        starts = np.concatenate(([0], np.cumsum(kept))).take(instance.starts)
        return cls(starts, instance.choices[kept], None if per is None else per[kept])


class Exact:
    """The count after some purchases. Of ballots it reads what they say of `projects`, those to be bought (or all)."""

    def __init__(self, backing: Backing, endowment: Fraction, projects: Sequence[int] | None = None) -> None:
        self.backing = backing
        self._entries = _Entries.of(backing, projects)
        self.bought: list[int] = []
        self.prices: list[int] = []
        self.denominator = endowment.denominator
        self.endowment = endowment.numerator
        self.purses = Purses(len(backing.instance.sizes), endowment, endowment)
        self._place = np.full(len(backing.instance.projects), -1)  # of a project among those bought

    def price(self, project: int, low: float = 0.0) -> Price | None:
        """The price of a project now, `low` or more; None where it cannot be afforded."""
        backers = self.backing.backers[project]
        low, high = self._bounds(backers, low)
        if low == inf:
            return None
        most, least = self.purses.most.take(backers.classes), self.purses.least.take(backers.classes)
        poor = most < _pays(backers, low * DOWN)
        rich = least > _pays(backers, high * UP)
        missing = backers.cost * self.denominator - self.held(backers.classes[poor])
        rest = int(backers.total - backers.worths[poor].sum())
        for held, worth, voters in self._ranked(backers, ~(poor | rich)):
            if missing * worth <= held * rest:  # the price, missing / rest, is at most what these have per worth
                return Price(missing, rest)
            missing -= held * voters
            rest -= worth * voters
        return Price(missing, rest) if rest else None

    def _bounds(self, backers: Backers, known: float) -> tuple[float, float]:
        """The highest price that is surely not too high, and one that is surely enough; `inf` where none is."""
        low, raised = 0.0, max(known, backers.cost / backers.total * DOWN)
        while low < raised < inf:
            low, raised = raised, self.purses.raised(backers, raised)
        return raised, self.purses.ceiling(backers, low)

    def _ranked(self, backers: Backers, which: np.ndarray) -> list[tuple[int, int, int]]:
        """What some supporters hold exactly, the worth to each, and their number, the poorest per worth first."""
        classes = backers.classes[which]
        if not len(classes):
            return []
        worths = (backers.per[which] if backers.per is not None else np.ones(len(classes))).astype(np.int64)
        voters: dict[tuple[int, int], int] = {}
        for held, worth, number in zip(
            self._purses_of(classes), worths.tolist(), backers.weights[which].tolist(), strict=True
        ):
            voters[held, worth] = voters.get((held, worth), 0) + int(number)
        ranked = sorted(voters, key=lambda one: Fraction(*one))
        return [(held, worth, voters[held, worth]) for held, worth in ranked]

    def _purses_of(self, classes: Ints) -> list[int]:
        """What one voter of each class holds, over the common denominator."""
        known: dict[bytes, int] = {}
        found = []
        places, worths, lengths = self._named(classes)
        ends = np.cumsum(lengths)
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

    def _named(self, classes: Ints) -> tuple[Ints, Ints, Ints]:
        """The bought projects that some ballots name, flat, with their worth; and how many each of them names."""
        named = self._entries
        starts = named.starts.take(classes)
        lengths = named.starts.take(classes + 1) - starts
        ends = np.cumsum(lengths)
        entries = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
        places = self._place.take(named.choices.take(entries))
        bought = places >= 0
        owners = np.repeat(np.arange(len(classes)), lengths)[bought]
        places = places[bought]
        worths = np.ones(len(places), np.int64) if named.per is None else named.per.take(entries[bought])
        return places, worths, np.bincount(owners, minlength=len(classes))

    def held(self, classes: Ints) -> int:
        """What all voters of some classes hold together, over the common denominator."""
        classes = classes[self.purses.most.take(classes) > 0]
        if not len(classes):
            return 0
        sizes = self.backing.instance.sizes.take(classes)
        places, worths, lengths = self._named(classes)
        counted = np.bincount(places, np.repeat(sizes, lengths) * worths, minlength=len(self.prices))
        spent = sum(price * int(number) for price, number in zip(self.prices, counted.tolist(), strict=True) if number)
        return self.endowment * int(sizes.sum()) - spent

    def buy(self, project: int, price: Price) -> None:
        """Let the supporters pay this price; the common denominator grows by what it needs."""
        common = gcd(price.numerator, price.worth)
        paid, factor = price.numerator // common, price.worth // common
        backers = self.backing.backers[project]
        rough = paid / (self.denominator * factor)
        emptied = self._emptied(backers, paid, factor, rough)
        self.purses.pay(backers, rough * DOWN, rough * UP)
        self.purses.most[emptied] = 0.0
        self.purses.least[emptied] = 0.0
        self.denominator *= factor
        self.endowment *= factor
        self.prices = [one * factor for one in self.prices]
        self.prices.append(paid)
        self._place[project] = len(self.bought)
        self.bought.append(project)

    def in_full(self, project: int, price: Price) -> int:
        """How many of the supporters of a project can pay this price of it in full."""
        backers = self.backing.backers[project]
        rough = price.numerator / (price.worth * self.denominator)
        most, least = self.purses.most.take(backers.classes), self.purses.least.take(backers.classes)
        rich = least > _pays(backers, rough * UP)
        sure = int(backers.weights[rich].sum())
        near = self._ranked(backers, ~rich & (most >= _pays(backers, rough * DOWN)))
        return sure + sum(voters for held, worth, voters in near if held * price.worth >= price.numerator * worth)

    def _emptied(self, backers: Backers, paid: int, factor: int, rough: float) -> Ints:
        """The classes that have nothing left once they paid the price `paid` / `factor`."""
        most, least = self.purses.most.take(backers.classes), self.purses.least.take(backers.classes)
        poor = most < _pays(backers, rough * DOWN)
        near = np.flatnonzero(~poor & (least <= _pays(backers, rough * UP)))
        worths = (backers.per[near] if backers.per is not None else np.ones(len(near))).tolist()
        held = self._purses_of(backers.classes[near])
        for place, worth, purse in zip(near.tolist(), worths, held, strict=True):
            poor[place] = purse * factor <= paid * int(worth)
        return backers.classes[poor]


def _pays(backers: Backers, price: float) -> Floats | float:
    return price if backers.per is None else price * backers.per

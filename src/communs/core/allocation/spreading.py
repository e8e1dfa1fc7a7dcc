"""Costs spread over supporters: who carries how much, when nobody may carry more than a given load. Exact, by flows.

A set of projects can be spread at load z exactly when no part X of it costs more than z times the voters who support
something in X (Hall's condition). `Spread.add` either finds room for one more project, moving what others carry along
shortest paths of projects, or names a part that is too dear: the proof that it cannot be done.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from communs.core.allocation.elections import MONEY_MAX, Instance, Ints

Overlap = tuple[Ints, Ints]  # entries of one project and of another, of the same ballot classes


class Ground:
    """What every spread over one election shares: its entries (a ballot class naming a project), ordered by project."""

    def __init__(self, instance: Instance) -> None:
        support = instance.support
        self.instance = instance
        self.costs = instance.costs
        self.sizes = instance.sizes
        self.bounds: list[tuple[int, int]] = list(
            zip(support.starts[:-1].tolist(), support.starts[1:].tolist(), strict=True)
        )
        self.classes = support.classes
        self.projects = np.repeat(np.arange(len(self.costs), dtype=np.int64), np.diff(support.starts))
        self.voters: list[int] = support.voters.tolist()
        self._overlaps: dict[tuple[int, int], Overlap] = {}

    def of(self, project: int) -> Ints:
        """The ballot classes that support a project."""
        start, end = self.bounds[project]
        return self.classes[start:end]

    def overlap(self, one: int, other: int) -> Overlap:
        """The entries of two projects at the ballot classes that support both."""
        found = self._overlaps.get((one, other))
        if found is None:
            _, at_one, at_other = np.intersect1d(self.of(one), self.of(other), assume_unique=True, return_indices=True)
            found = self._overlaps[one, other] = (at_one + self.bounds[one][0], at_other + self.bounds[other][0])
        return found

    def density(self, projects: Sequence[int]) -> Fraction:
        """What these projects cost for each voter who supports one of them: no spread has a lower load."""
        supported = np.zeros(len(self.sizes), np.bool_)
        for project in projects:
            supported[self.of(project)] = True
        return Fraction(sum(self.costs[project] for project in projects), int(self.sizes[supported].sum()))

    def number_type(self, load: Fraction) -> type[Any]:
        """64-bit numbers, or Python's where the sums at this load would not fit."""
        most = max(sum(self.costs) * load.denominator, int(self.sizes.sum()) * load.numerator, load.denominator**2)
        return np.int64 if most < MONEY_MAX else object


class Spread:
    """Funded projects whose costs are carried by their supporters, nobody carrying more than `load`.

    Amounts are in units of 1/denominator of the load. `carried[e]`: of the cost of the project of entry e, by all
    voters of its ballot class. `spare[c]`: what the voters of class c can still take on.

    What a search learnt is kept: `dry`, projects whose supporters have nothing to spare, which stays so; `lenders[r]`
    and `others[r]`, as bits, projects that could take over something of project r, and that could not. A lender may
    have ceased to be one since: a shift that moves nothing corrects that.
    """

    def __init__(self, ground: Ground, load: Fraction) -> None:
        number = ground.number_type(load)
        self.ground = ground
        self.load = load
        self.carried: npt.NDArray[Any] = np.zeros(len(ground.classes), number)
        self.spare: npt.NDArray[Any] = ground.sizes.astype(number) * load.numerator
        self.funded: tuple[int, ...] = ()
        self.dry: set[int] = set()
        self.lenders = [0] * len(ground.costs)
        self.others = [0] * len(ground.costs)

    def copy(self) -> Self:
        twin = object.__new__(type(self))
        twin.ground, twin.load, twin.funded = self.ground, self.load, self.funded
        twin.carried, twin.spare = self.carried.copy(), self.spare.copy()
        twin.dry, twin.lenders, twin.others = self.dry.copy(), self.lenders.copy(), self.others.copy()
        return twin

    def at(self, load: Fraction) -> Spread:
        """The same projects spread at a load that is as high or higher."""
        if load == self.load:
            return self.copy()
        spread = Spread(self.ground, load)
        old, new = self.load.denominator, load.denominator
        before = self.carried.astype(spread.carried.dtype)
        # Rounded down in the new unit; what is missing by that is found again below.
        spread.carried = before // old * new + before % old * new // old
        if self.funded:
            np.subtract.at(spread.spare, self.ground.classes, spread.carried)
        spread.funded = self.funded
        for project in self.funded:
            start, end = self.ground.bounds[project]
            missing = self.ground.costs[project] * new - int(spread.carried[start:end].sum())
            if spread._carry(project, missing):
                raise ArithmeticError(f"{self.load} holds these projects, {load} does not")
        return spread

    def add(self, project: int) -> tuple[int, ...]:
        """Spread one more project. Empty when done; otherwise projects too dear at this load (drop the spread then)."""
        self.funded += (project,)
        return self._carry(project, self.ground.costs[project] * self.load.denominator)

    def amounts(self, project: int) -> list[tuple[int, Fraction]]:
        """Of a funded project: each ballot class that carries something, and how much each of its voters does."""
        start, end = self.ground.bounds[project]
        return [
            (number, Fraction(amount, self.load.denominator * int(self.ground.sizes[number])))
            for number, amount in zip(self.ground.of(project).tolist(), self.carried[start:end].tolist(), strict=True)
            if amount
        ]

    def _carry(self, project: int, need: int) -> tuple[int, ...]:
        need -= self._take_spare(project, need)
        while need:
            paths = self._ways(project)
            if not paths:
                return self._reach(project)
            for path in paths:
                need -= self._shift(path, need)
        return ()

    def _take_spare(self, project: int, need: int) -> int:
        start, end = self.ground.bounds[project]
        own = self.ground.classes[start:end]
        taken = _fill(self.spare[own], need)
        self.spare[own] -= taken
        self.carried[start:end] += taken
        self.others[project] = 0
        return int(taken.sum())

    def _ways(self, project: int) -> list[list[int]]:
        """The shortest ways to spare money, as projects that take over from the next one; the last one spends."""
        parent = {project: -1}
        unseen = [other for other in self.funded if other != project]
        frontier = [project]
        while frontier:
            ends = [one for one in frontier if self._can_spend(one)]
            if ends:
                return [_way(parent, one) for one in ends]
            following = []
            for one in frontier:
                found = [other for other in unseen if self._can_take_over(one, other)]
                if found:
                    parent.update(dict.fromkeys(found, one))
                    following += found
                    unseen = [other for other in unseen if other not in parent]
            frontier = following
        return []

    def _can_spend(self, project: int) -> bool:
        if project in self.dry:
            return False
        if np.count_nonzero(self.spare[self.ground.of(project)]):
            return True
        self.dry.add(project)
        return False

    def _can_take_over(self, one: int, other: int) -> bool:
        """Whether one project's supporters carry something of the other; of a lender that is taken on trust."""
        bit = 1 << one
        if self.lenders[other] & bit:
            return True
        if self.others[other] & bit:
            return False
        holds = bool(np.count_nonzero(self.carried[self.ground.overlap(one, other)[1]]))
        (self.lenders if holds else self.others)[other] |= bit
        return holds

    def _reach(self, project: int) -> tuple[int, ...]:
        """All projects from which money could be moved to this one, nothing taken on trust."""
        reached, unseen = [project], [other for other in self.funded if other != project]
        for one in reached:
            found = [o for o in unseen if np.count_nonzero(self.carried[self.ground.overlap(one, o)[1]])]
            reached += found
            unseen = [other for other in unseen if other not in found]
        return tuple(sorted(reached))

    def _shift(self, path: list[int], need: int) -> int:
        """Move up to `need` along a path: each project takes over from the next, the last one takes spare money."""
        overlaps = [self.ground.overlap(one, other) for one, other in pairwise(path)]
        limits = [int(self.carried[theirs].sum()) for _mine, theirs in overlaps]
        amount = min(need, *limits, int(self.spare[self.ground.of(path[-1])].sum()))
        for (one, other), limit in zip(pairwise(path), limits, strict=True):
            if limit == amount:  # nothing of it is left there
                self.lenders[other] &= ~(1 << one)
        for one, (mine, theirs) in zip(path, overlaps, strict=False):
            taken = _fill(self.carried[theirs], amount)
            self.carried[theirs] -= taken
            self.carried[mine] += taken
            self.others[one] = 0
        self._take_spare(path[-1], amount)
        return amount


def _fill(available: npt.NDArray[Any], amount: int) -> npt.NDArray[Any]:
    """Of amounts at hand, taken one after the other, those that make up `amount`."""
    before = available.cumsum() - available
    return np.asarray(np.minimum(np.maximum(amount - before, 0), available))


def _way(parent: dict[int, int], last: int) -> list[int]:
    path = [last]
    while parent[path[-1]] >= 0:
        path.append(parent[path[-1]])
    return path[::-1]


def spread_evenly(ground: Ground, projects: Sequence[int]) -> Spread:
    """These projects spread with the lowest possible load. All of them need a supporter."""
    load = max((ground.density([project]) for project in projects), default=Fraction(0))
    while True:
        spread = Spread(ground, load)
        dear = next(filter(None, map(spread.add, projects)), None)
        if dear is None:
            return spread
        load = ground.density(dear)

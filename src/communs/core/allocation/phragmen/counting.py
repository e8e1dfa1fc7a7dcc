"""The count: which project can be bought first, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

import numpy as np

from communs.core.allocation.backing import Backing, Floats
from communs.core.allocation.phragmen.loads import Balances, ExactLoads, Loads
from communs.core.allocation.ties import Order


class Stop(StrEnum):
    """What happens when the next purchase would cost more than is left of the budget."""

    FIRST_OVERSHOOT = "first-overshoot"  # the count ends, also where one of several that are equally soon would do so
    SKIP = "skip"  # that project is out, the count goes on


@dataclass(frozen=True, slots=True)
class Meeting:
    """Projects that were equally soon in a round (counted from 1), and the one that was bought."""

    round: int
    tied: tuple[int, ...]
    won: int


@dataclass
class Count:
    """What was bought, in order. `settled`: rounds that floats left open; `looks`: loads that were worked out."""

    bought: list[int] = field(default_factory=list)
    ties: list[Meeting] = field(default_factory=list)
    settled: int = 0
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where a count starts: the money there is, the projects that are open, and the loads of the voters."""

    budget: int
    projects: Sequence[int]
    loads: Floats
    error: float = 0.0
    balances: Balances | None = None


class Waiting:
    """The open projects by the load at which they can be bought. Loads only grow, so what was too low stays so."""

    __slots__ = ("_fresh", "backing", "heap", "loads", "looks")

    def __init__(self, backing: Backing, projects: Iterable[int], loads: Loads) -> None:
        self.backing = backing
        self.loads = loads
        self.heap = [(-inf, number) for number in projects]
        self.looks = 0
        self._fresh: set[int] = set()
        heapify(self.heap)

    def soonest(self) -> list[tuple[int, float]]:
        """Projects, with their rough loads, of which one can be bought first; taken out of those waiting."""
        heap, fresh = self.heap, self._fresh
        near: list[tuple[int, float]] = []
        bar = inf
        while heap and heap[0][0] <= bar:
            low, number = heap[0]
            backers = self.backing.backers[number]
            if number not in fresh:
                self.looks += 1
                fresh.add(number)
                load = self.loads.after(backers)
                heapreplace(heap, (max(low, load - self.loads.lost(backers, load)), number))
                continue
            heappop(heap)
            load = self.loads.after(backers)
            near.append((number, load))
            bar = min(bar, load + self.loads.lost(backers, load))
        return near

    def put_back(self, projects: Iterable[tuple[int, float]]) -> None:
        """Those that were not bought wait on."""
        for number, load in projects:
            heappush(self.heap, (load - self.loads.lost(self.backing.backers[number], load), number))

    def drop(self, number: int) -> None:
        """Wait for a project no more."""
        self.heap = [one for one in self.heap if one[1] != number]
        heapify(self.heap)

    def buy(self, number: int, load: float) -> None:
        """Give the supporters of a project their new load."""
        self.loads.buy(self.backing.backers[number], load)
        self._fresh.clear()


def count(backing: Backing, start: Start, order: Order, stop: Stop) -> Count:
    """Buy until the budget, or what is open, is used up."""
    costs = backing.instance.costs
    found = Count()
    waiting = Waiting(backing, start.projects, Loads(start.loads.copy(), start.error))
    exact = ExactLoads(backing, start.balances)
    left = start.budget
    while near := waiting.soonest():
        tied = _first(found, exact, near) if len(near) > 1 else [near[0][0]]
        fitting = [number for number in tied if costs[number] <= left]
        if len(fitting) < len(tied) and stop is Stop.FIRST_OVERSHOOT:
            break
        won = order.first(fitting) if fitting else None
        waiting.put_back(one for one in near if one[0] != won and (one[0] not in tied or one[0] in fitting))
        if won is None:
            continue
        if len(fitting) > 1:
            found.ties.append(Meeting(len(found.bought) + 1, tuple(fitting), won))
        waiting.buy(won, dict(near)[won])
        found.bought.append(won)
        left -= costs[won]
    found.looks = waiting.looks
    return found


def _first(found: Count, exact: ExactLoads, near: Sequence[tuple[int, float]]) -> list[int]:
    """Those with the lowest load, by exact numbers."""
    found.settled += 1
    exact.catch_up(found.bought)
    loads: dict[int, Fraction] = {number: exact.after(number) for number, _load in near}
    lowest = min(loads.values())
    return sorted(number for number, load in loads.items() if load == lowest)


def at_rest(backing: Backing) -> Floats:
    """The loads of voters who start with nothing."""
    return np.zeros(len(backing.instance.sizes))

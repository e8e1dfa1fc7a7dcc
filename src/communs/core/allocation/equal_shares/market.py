"""The cheapest project of a round, found with as few looks as possible.

Purses only empty, so what was a lower bound of a price stays one. The projects wait in a heap by their lower bounds;
the lowest is looked at again and its bound raised by one step, until one that needs no raising lies on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

import numpy as np

from communs.core.allocation.backing import Backers, Backing
from communs.core.allocation.equal_shares.purses import DOWN, UP, Purses


@dataclass(frozen=True, slots=True)
class Offer:
    """A project that may be the cheapest: its price lies from `low` to `high`; at `inf` it may not be affordable."""

    project: int
    low: float
    high: float


class Market:
    """The projects that are still open, and the purses of the voters.

    An offer that is put back holds until one of its supporters pays for something; it is not worked out anew before.
    """

    __slots__ = ("_last", "_offers", "_sales", "backers", "heap", "looks", "purses")

    def __init__(self, backing: Backing, purses: Purses) -> None:
        self.backers = backing.backers
        self.purses = purses
        self.heap = [(_rho(self.backers[number], low), number, low) for number, low in self._starts()]
        heapify(self.heap)
        self.looks = 0
        self._offers: dict[int, tuple[int, Offer]] = {}  # by project, with the number of sales when it was true
        self._sales = 0
        self._last = np.zeros(
            len(purses.most), np.int32
        )  # by ballot class: the number of the last sale that it paid for

    def _starts(self) -> Iterable[tuple[int, float]]:
        """What each project that costs something would cost a supporter if all had enough."""
        for number, backers in enumerate(self.backers):
            if backers.total > 0 and backers.cost > 0:
                yield number, backers.cost / backers.total * DOWN

    def cheapest(self) -> list[Offer]:
        """Projects of which one is the cheapest, taken out of the market; none where nothing can be afforded.

        One alone with a finite `high` is the cheapest for sure, and all others are dearer.
        """
        heap, backers = self.heap, self.backers
        offers: list[Offer] = []
        bar = inf
        while heap and heap[0][0] <= bar:
            _key, number, low = heap[0]
            offer = self._standing(number)
            if offer is None:
                self.looks += 1
                raised = self.purses.raised(backers[number], low)
                if low < raised < inf:
                    heapreplace(heap, (_rho(backers[number], raised), number, raised))
                    continue
                offer = None if raised == inf else Offer(number, low, self.purses.ceiling(backers[number], low))
            heappop(heap)
            if offer is not None:
                offers.append(offer)
                bar = min(bar, offer.high / backers[number].unit * UP)
        near: list[Offer] = []
        far: list[Offer] = []
        for offer in offers:
            (near if _rho(backers[offer.project], offer.low) <= bar else far).append(offer)
        self.put_back(far)
        return near

    def put_back(self, offers: Iterable[Offer]) -> None:
        """Offers that were not taken wait for the next round."""
        for offer in offers:
            heappush(self.heap, (_rho(self.backers[offer.project], offer.low), offer.project, offer.low))
            self._offers[offer.project] = self._sales, offer

    def buy(self, offer: Offer) -> None:
        """Let the supporters of a project pay for it."""
        backers = self.backers[offer.project]
        self.purses.pay(backers, offer.low, offer.high)
        self._sales += 1
        self._last[backers.classes] = self._sales

    def _standing(self, number: int) -> Offer | None:
        """The offer of a project that was put back, if it still holds."""
        if number not in self._offers:
            return None
        sales, offer = self._offers.pop(number)
        if sales < self._sales and int(self._last.take(self.backers[number].classes).max()) > sales:
            return None
        return offer


def _rho(backers: Backers, low: float) -> float:
    """The price per utility, rounded down."""
    return low / backers.unit * DOWN

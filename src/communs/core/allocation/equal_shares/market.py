"""The cheapest project of a round, found with as few looks as possible.

Purses only empty, so what was a lower bound of a price stays one. The projects wait in a heap by their lower bounds;
the lowest is looked at again and its bound raised by one step, until one that needs no raising lies on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

from communs.core.allocation.backing import Backers, Backing
from communs.core.allocation.equal_shares.purses import DOWN, UP, Purses


@dataclass(frozen=True, slots=True)
class Offer:
    """A project that may be the cheapest: its price lies from `low` to `high`; at `inf` it may not be affordable."""

    project: int
    low: float
    high: float


class Market:
    """The projects that are still open, and the purses of the voters, which others may empty too."""

    __slots__ = ("backers", "heap", "looks", "purses")

    def __init__(self, backing: Backing, purses: Purses) -> None:
        self.backers = backing.backers
        self.purses = purses
        self.heap = [(_rho(self.backers[number], low), number, low) for number, low in self._starts()]
        heapify(self.heap)
        self.looks = 0

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
            self.looks += 1
            _key, number, low = heap[0]
            raised = self.purses.raised(backers[number], low)
            if low < raised < inf:
                heapreplace(heap, (_rho(backers[number], raised), number, raised))
                continue
            heappop(heap)
            if raised == inf:
                continue
            high = self.purses.ceiling(backers[number], low)
            offers.append(Offer(number, low, high))
            bar = min(bar, high / backers[number].unit * UP)
        near = [offer for offer in offers if _rho(backers[offer.project], offer.low) <= bar]
        self.put_back(offer for offer in offers if offer not in near)
        return near

    def put_back(self, offers: Iterable[Offer]) -> None:
        """Offers that were not taken wait for the next round."""
        for offer in offers:
            heappush(self.heap, (_rho(self.backers[offer.project], offer.low), offer.project, offer.low))

    def drop(self, number: int) -> None:
        """Take a project out of the market."""
        self.heap = [one for one in self.heap if one[1] != number]
        heapify(self.heap)

    def buy(self, offer: Offer) -> None:
        """Let the supporters of a project pay for it."""
        self.purses.pay(self.backers[offer.project], offer.low, offer.high)


def _rho(backers: Backers, low: float) -> float:
    """The price per utility, rounded down."""
    return low / backers.unit * DOWN

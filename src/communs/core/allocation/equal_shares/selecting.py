"""Equal shares for one endowment: which projects, in which order, and where that had to be settled exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from communs.core.allocation.backing import Backing
from communs.core.allocation.equal_shares.exact import Exact, Price
from communs.core.allocation.equal_shares.market import Market, Offer
from communs.core.allocation.equal_shares.purses import DOWN, UP, Purses
from communs.core.allocation.ties import Order


@dataclass(frozen=True, slots=True)
class TieMet:
    """Projects that were equally cheap in a round (counted from 1 among all that are chosen), and the one chosen."""

    round: int
    tied: tuple[int, ...]
    won: int


@dataclass
class Run:
    """What came of one endowment. `winners` begins with the `free` ones; `settled`: rounds that floats left open."""

    endowment: Fraction
    free: tuple[int, ...]
    winners: list[int] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)  # no winner's price was lower, in its round
    ties: list[TieMet] = field(default_factory=list)
    settled: int = 0
    looks: int = 0

    @property
    def chosen(self) -> tuple[int, ...]:
        return (*self.free, *self.winners)


def free_projects(backing: Backing, order: Order) -> tuple[int, ...]:
    """Projects that cost nothing and that somebody supports: all are chosen, before the others."""
    free = [number for number, one in enumerate(backing.backers) if one.total > 0 and one.cost == 0]
    return tuple(sorted(free, key=order.ranks.__getitem__))


def select(backing: Backing, endowment: Fraction, order: Order) -> Run:
    """Count with this endowment for each voter."""
    return _count(backing, endowment, endowment, order)


def same_for_all(backing: Backing, lowest: Fraction, highest: Fraction, order: Order) -> Run | None:
    """The count with the highest of some endowments, where all of them certainly choose the same in the same order."""
    try:
        return _count(backing, lowest, highest, order)
    except _Unsure:
        return None


class _Unsure(Exception):
    """Which project is the cheapest may depend on the endowment."""


def _count(backing: Backing, lowest: Fraction, highest: Fraction, order: Order) -> Run:
    run = Run(highest, free_projects(backing, order))
    market = Market(backing, Purses(len(backing.instance.sizes), lowest, highest))
    settling = _Settling(backing, run, market, order, one_endowment=lowest == highest)
    while offers := market.cheapest():
        chosen: Offer | None = offers[0]
        if len(offers) > 1 or offers[0].high == inf:
            chosen = settling.choose(offers)
        if chosen is not None:
            market.buy(chosen)
            run.winners.append(chosen.project)
            run.lows.append(chosen.low)
    run.looks = market.looks
    return run


@dataclass
class _Settling:
    """Rounds that bounds leave open, decided by exact prices; of a range of endowments, by those that hold for all."""

    backing: Backing
    run: Run
    market: Market
    order: Order
    one_endowment: bool
    exact: Exact | None = None  # made when it is first needed

    def choose(self, offers: Sequence[Offer]) -> Offer | None:
        """The cheapest of some offers; those that cannot be afforded are out, the others wait."""
        self.run.settled += 1
        found = {offer.project: self._rho(offer) for offer in offers}
        rhos = {project: exact for project, exact in found.items() if exact is not None}
        if not rhos:
            return None
        cheapest = min(rhos.values())
        tied = sorted(project for project, one in rhos.items() if one == cheapest)
        won = self.order.first(tied)
        if len(tied) > 1:
            self.run.ties.append(TieMet(len(self.run.chosen) + 1, tuple(tied), won))
        self.market.put_back(offer for offer in offers if offer.project in rhos and offer.project != won)
        price = cheapest * self.backing.backers[won].unit
        rough = price.numerator / price.denominator
        return Offer(won, rough * DOWN, rough * UP)

    def _rho(self, offer: Offer) -> Fraction | None:
        """The exact price per utility; None where the project cannot be afforded."""
        backers = self.backing.backers[offer.project]
        worth = self.market.purses.payers(backers, offer.high)
        if worth:
            return Fraction(backers.cost, worth * backers.unit)
        if not self.one_endowment:
            raise _Unsure
        self.exact = self.exact or Exact(self.backing, self.run.endowment)
        catch_up(self.exact, self.run)
        price = self.exact.price(offer.project, offer.low)
        return None if price is None else rho(self.exact, offer.project, price)


def catch_up(exact: Exact, run: Run) -> None:
    """Let the exact count buy what was bought since it was last asked."""
    done = len(exact.bought)
    for project, low in zip(run.winners[done:], run.lows[done:], strict=True):
        exact.buy(project, price_of(exact, project, low))


def price_of(exact: Exact, project: int, low: float) -> Price:
    """The price of a project that was chosen."""
    price = exact.price(project, low)
    if price is None:
        raise AssertionError(f"project {project} was chosen and cannot be afforded")  # a bound was wrong
    return price


def rho(exact: Exact, project: int, price: Price) -> Fraction:
    """The price per unit of utility."""
    return Fraction(price.numerator, price.worth * exact.denominator * exact.backing.backers[project].unit)

"""Equal shares for one endowment: which projects, in which order, and where that had to be settled exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """What came of one endowment. `winners` come after the `free` ones; `settled`: rounds that floats left open.

    `lows`, `highs`: between which each winner's price was. `rivals`, where they were asked for: the projects of which
    one would have been chosen without the winner, if any that can be afforded is among them.
    """

    endowment: Fraction
    free: tuple[int, ...]
    winners: list[int] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    rivals: list[list[Offer]] = field(default_factory=list)
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


def select(backing: Backing, endowment: Fraction, order: Order, *, rivals: bool = False) -> Run:
    """Count with this endowment for each voter. `rivals`: find those of each winner too, which takes longer."""
    return _count(backing, endowment, endowment, order, rivals=rivals)


def same_for_all(backing: Backing, lowest: Fraction, highest: Fraction, order: Order) -> Run | None:
    """The count with the highest of some endowments, where all of them certainly choose the same in the same order."""
    try:
        return _count(backing, lowest, highest, order)
    except _Unsure:
        return None


class _Unsure(Exception):
    """Which project is the cheapest may depend on the endowment."""


def _count(backing: Backing, lowest: Fraction, highest: Fraction, order: Order, *, rivals: bool = False) -> Run:
    run = Run(highest, free_projects(backing, order))
    market = Market(backing, Purses(len(backing.instance.sizes), lowest, highest))
    settling = _Settling(backing, run, market, order, one_endowment=lowest == highest)
    while offers := market.cheapest():
        chosen: Offer | None = offers[0]
        if len(offers) > 1 or offers[0].high == inf:
            chosen = settling.choose(offers)
        if chosen is not None:
            if rivals:
                run.rivals.append(market.cheapest())
                market.put_back(run.rivals[-1])
            market.buy(chosen)
            run.winners.append(chosen.project)
            run.lows.append(chosen.low)
            run.highs.append(chosen.high)
    run.looks = market.looks
    return run


class Known:
    """Exact prices per utility, worked out once for each offer: the market makes the same one while its price holds.

    None stands for a project that cannot be afforded.
    """

    def __init__(self) -> None:
        self._last: dict[int, tuple[Offer, Fraction | None]] = {}

    def rho(self, offer: Offer, work_out: Callable[[Offer], Fraction | None]) -> Fraction | None:
        """The price that belongs to an offer."""
        last = self._last.get(offer.project)
        if last is None or last[0] is not offer:
            last = self._last[offer.project] = offer, work_out(offer)
        return last[1]


@dataclass
class _Settling:
    """Rounds that bounds leave open, decided by exact prices; of a range of endowments, by those that hold for all."""

    backing: Backing
    run: Run
    market: Market
    order: Order
    one_endowment: bool
    exact: Exact | None = None  # made when it is first needed
    known: Known = field(default_factory=Known)

    def choose(self, offers: Sequence[Offer]) -> Offer | None:
        """The cheapest of some offers; those that cannot be afforded are out, the others wait."""
        self.run.settled += 1
        found = {offer.project: self.known.rho(offer, self._rho) for offer in offers}
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
        return exact_rho(self.exact, offer)


def catch_up(exact: Exact, run: Run) -> None:
    """Let the exact count buy what was bought since it was last asked."""
    done = len(exact.bought)
    for project, low, high in zip(run.winners[done:], run.lows[done:], run.highs[done:], strict=True):
        exact.buy(project, price_of(exact, project, low, high))


def price_of(exact: Exact, project: int, low: float, high: float) -> Price:
    """The price of a project that was chosen, between two bounds."""
    price = exact.price(project, low, high)
    if price is None:
        raise AssertionError(f"project {project} was chosen and cannot be afforded")  # a bound was wrong
    return price


def exact_rho(exact: Exact, offer: Offer) -> Fraction | None:
    """The price per unit of utility of an offer; None where the project cannot be afforded."""
    price = exact.price(offer.project, offer.low, offer.high)
    return None if price is None else rho(exact, offer.project, price)


def rho(exact: Exact, project: int, price: Price) -> Fraction:
    """The price per unit of utility."""
    return Fraction(price.numerator, price.worth * exact.denominator * exact.backing.backers[project].unit)

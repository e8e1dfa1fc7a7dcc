"""What is to be said of each round, exactly: who stood behind the project, what they paid, and which one was next."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from communs.core.allocation.backing import Backing
from communs.core.allocation.equal_shares.exact import Exact
from communs.core.allocation.equal_shares.market import Market
from communs.core.allocation.equal_shares.selecting import Run, price_of, rho
from communs.core.allocation.results import rational


def tell(backing: Backing, run: Run) -> tuple[dict[str, Any], ...]:
    """The rounds with their exact numbers. Prices per unit of utility are `rho`; money in the smallest unit.

    `price`: what each paid who could pay in full (for points: by point). `in_full`: how many did; the others gave all
    they had left. `effective`: the cost by the price, the number of voters who would have carried it in full.
    """
    exact = Exact(backing, run.endowment, run.winners)
    market = Market(backing, exact.purses)
    rounds = [_free(backing, number) for number in run.free]
    for number, low in zip(run.winners, run.lows, strict=True):
        market.drop(number)
        rounds.append(_round(exact, market, number, low))
    return tuple(rounds)


def prices(backing: Backing, run: Run) -> list[dict[str, str]]:
    """The rounds that cost something, as the certificate has them."""
    exact = Exact(backing, run.endowment, run.winners)
    told = []
    for number, low in zip(run.winners, run.lows, strict=True):
        price = price_of(exact, number, low)
        told.append({"project": backing.instance.ids[number], "rho": rational(rho(exact, number, price))})
        exact.buy(number, price)
    return told


def _round(exact: Exact, market: Market, number: int, low: float) -> dict[str, Any]:
    """One round: told, and bought; the market has the same purses."""
    backing = exact.backing
    backers = backing.backers[number]
    price = price_of(exact, number, low)
    each = Fraction(price.numerator, price.worth * exact.denominator)
    money = Fraction(exact.held(backers.classes), exact.denominator)
    next_ = _runner_up(exact, market)
    told = {
        "project": backing.instance.ids[number],
        "cost": backers.cost,
        "rho": rational(rho(exact, number, price)),
        "price": rational(each),
        "supporters": int(backers.weights.sum()),
        "money": rational(money),
        "in_full": exact.in_full(number, price),
        "effective": rational(backers.cost / each),
        "runner_up": None if next_ is None else backing.instance.ids[next_[0]],
        "margin": None if next_ is None else rational(next_[1] - rho(exact, number, price)),
    }
    exact.buy(number, price)
    return told


def _runner_up(exact: Exact, market: Market) -> tuple[int, Fraction] | None:
    """The project that would have been chosen without this one, and its rho."""
    while offers := market.cheapest():
        found = {offer.project: exact.price(offer.project, offer.low) for offer in offers}
        rhos = {project: rho(exact, project, price) for project, price in found.items() if price is not None}
        market.put_back(offer for offer in offers if offer.project in rhos)
        if rhos:
            return min(rhos.items(), key=lambda pair: (pair[1], pair[0]))
    return None


def _free(backing: Backing, number: int) -> dict[str, Any]:
    """A round for a project that costs nothing."""
    return {
        "project": backing.instance.ids[number],
        "cost": 0,
        "rho": "0/1",
        "price": "0/1",
        "supporters": int(backing.backers[number].weights.sum()),
        "money": None,
        "in_full": None,
        "effective": None,
        "runner_up": None,
        "margin": None,
    }

"""What is to be said of each round, exactly: who stood behind the project, what they paid, and which one was next."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from communs.core.allocation.backing import Backing
from communs.core.allocation.equal_shares.exact import Exact, Price
from communs.core.allocation.equal_shares.market import Offer
from communs.core.allocation.equal_shares.selecting import Known, Run, exact_rho, price_of, rho
from communs.core.allocation.results import rational


def tell(backing: Backing, run: Run) -> tuple[dict[str, Any], ...]:
    """The rounds of a run with rivals, with their exact numbers. Prices per unit of utility are `rho`.

    Money is in the smallest unit. `price`: what each paid who could pay in full (for points: by point). `in_full`: how
    many did; the others gave all they had left. `effective`: the cost by the price, the number of voters who would have
    carried it in full.
    """
    exact = Exact(backing, run.endowment, run.winners)
    known = Known()
    rounds = [_free(backing, number) for number in run.free]
    for number, low, high, rivals in zip(run.winners, run.lows, run.highs, run.rivals, strict=True):
        money = exact.money(number)
        price = price_of(exact, number, low, high)
        rounds.append(_round(exact, number, price, money, _runner_up(exact, known, rivals)))
        exact.buy(number, price)
    return tuple(rounds)


def prices(backing: Backing, run: Run) -> list[dict[str, str]]:
    """The rounds that cost something, as the certificate has them."""
    exact = Exact(backing, run.endowment, run.winners)
    told = []
    for number, low, high in zip(run.winners, run.lows, run.highs, strict=True):
        price = price_of(exact, number, low, high)
        told.append({"project": backing.instance.ids[number], "rho": rational(rho(exact, number, price))})
        exact.buy(number, price)
    return told


def _round(exact: Exact, number: int, price: Price, money: int, next_: tuple[int, Fraction] | None) -> dict[str, Any]:
    """One round, before it is bought. `money`: of all supporters, over the common denominator."""
    backing = exact.backing
    backers = backing.backers[number]
    each = Fraction(price.numerator, price.worth * exact.denominator)
    own = each / backers.unit
    return {
        "project": backing.instance.ids[number],
        "cost": backers.cost,
        "rho": rational(own),
        "price": rational(each),
        "supporters": int(backers.weights.sum()),
        "money": rational(Fraction(money, exact.denominator)),
        "in_full": exact.in_full(number, price),
        "effective": rational(backers.cost / each),
        "runner_up": None if next_ is None else backing.instance.ids[next_[0]],
        "margin": None if next_ is None else rational(next_[1] - own),
    }


def _runner_up(exact: Exact, known: Known, rivals: list[Offer]) -> tuple[int, Fraction] | None:
    """The project that would have been chosen without the winner, and its rho."""
    found = [(known.rho(rival, lambda offer: exact_rho(exact, offer)), rival.project) for rival in rivals]
    rhos = [(exact_price, project) for exact_price, project in found if exact_price is not None]
    if not rhos:
        return None
    lowest, project = min(rhos)
    return project, lowest


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

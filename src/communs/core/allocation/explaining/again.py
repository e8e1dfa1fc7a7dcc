"""Counting again quickly: whom the rule of a result would fund in another election, without what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from communs.core.allocation.backing import Backing, Floats
from communs.core.allocation.elections import Instance
from communs.core.allocation.equal_shares.completions import Completion
from communs.core.allocation.equal_shares.rule import decide
from communs.core.allocation.phragmen.counting import Start, Stop, at_rest, count
from communs.core.allocation.phragmen.rule import candidates
from communs.core.allocation.results import Result
from communs.core.allocation.ties import order_of
from communs.core.allocation.utilities import Utility, by_entry

Decide = Callable[[Instance], Collection[str]]
HALVINGS = 60


def deciding(rule: Callable[[Instance], Result]) -> Decide:
    """Any rule, asked for the projects alone."""
    return lambda instance: rule(instance).selected


def deciding_equal_shares(utility: Utility, completion: Completion, ties: str) -> Decide:
    """Equal shares without the exact prices of its rounds, several times as fast as the whole result."""

    def decided(instance: Instance) -> Collection[str]:
        if not instance.voters:
            return ()
        outcome = decide(Backing.of(instance, utility), order_of(ties, instance.ids), completion)
        return [instance.ids[number] for number in outcome.chosen]

    return decided


def deciding_phragmen(stop: Stop, ties: str) -> Decide:
    """Phragmén's rule without the exact loads of its rounds."""

    def decided(instance: Instance) -> Collection[str]:
        backing = Backing.of(instance, Utility.CARDINALITY)
        able = candidates(backing)
        start = Start(instance.budget, [number for number in able if instance.costs[number]], at_rest(backing))
        bought = count(backing, start, order_of(ties, instance.ids), stop).bought
        return [instance.ids[number] for number in able if not instance.costs[number] or number in bought]

    return decided


def cost_near(instance: Instance, result: Result, project: int) -> int:
    """About the highest cost at which equal shares would have funded a project: a place to begin, found in floats.

    In each round it would have been bought instead, had it not been dearer than what was bought; after the last, for
    all that its supporters have left.
    """
    utility = Utility(str(result.parameters["utility"]))
    support = instance.support
    worth = by_entry(instance, utility)[support.entries].astype(float)
    own = slice(*support.starts[project : project + 2].tolist())
    backers, weights = support.classes[own], instance.sizes[support.classes[own]].astype(float)
    purse = np.full(len(instance.sizes), _ratio(result.certificate["endowment"]))
    best = 0.0
    for one in result.certificate["rounds"]:
        rho = _ratio(one["rho"])
        held = purse[backers]
        if utility is Utility.COST:
            best = max(best, _dearest(held, weights, rho))
        else:
            best = max(best, float((weights * np.minimum(held, rho * worth[own])).sum()))
        bought = slice(*support.starts[(number := instance.number_of[one["project"]]) : number + 2].tolist())
        payers = support.classes[bought]
        purse[payers] -= np.minimum(purse[payers], rho * worth[bought])
    return int(max(best, float((weights * purse[backers]).sum())))


def _dearest(held: Floats, weights: Floats, rho: float) -> float:
    """The highest cost c with sum of min(held, rho·c) ≥ c: worth as much as it costs, the price of a unit being rho."""
    low, high = 0.0, float((weights * held).sum())
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        if float((weights * np.minimum(held, rho * middle)).sum()) >= middle:
            low = middle
        else:
            high = middle
    return low


def _ratio(text: str) -> float:
    top, bottom = text.split("/")
    return int(top) / int(bottom)

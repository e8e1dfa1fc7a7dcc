"""The rule as it is called: an election in, a result with its rounds and certificate out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from communs.core.allocation.backing import Backing
from communs.core.allocation.elections import Instance
from communs.core.allocation.phragmen.counting import Count, Start, Stop, Waiting, at_rest, count
from communs.core.allocation.phragmen.loads import ExactLoads, Loads
from communs.core.allocation.results import Result, rational
from communs.core.allocation.tie_effects import with_effects
from communs.core.allocation.ties import LEXICOGRAPHIC, Order, Tie, order_of
from communs.core.allocation.utilities import Utility

RULE = "phragmen-1"


def phragmen(instance: Instance, stop: Stop = Stop.FIRST_OVERSHOOT, ties: str = LEXICOGRAPHIC) -> Result:
    """Voters earn money at the same pace; whatever its supporters can pay for is bought, the soonest first.

    A project that a ballot names is supported by it, whatever points or place it has. Raises `UnknownOrder`.
    """
    order = order_of(ties, instance.ids)
    backing = Backing.of(instance, Utility.CARDINALITY)
    start = Start(instance.budget, candidates(backing), at_rest(backing))
    found = _counted(backing, start, order, stop)
    rounds = told(backing, start, found.bought)
    ids = instance.ids
    return Result(
        rule=RULE,
        parameters={"stop": str(stop), "ties": ties},
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(ids[number] for number in found.bought),
        amounts={ids[number]: instance.costs[number] for number in found.bought},
        rounds=rounds,
        certificate={"rounds": [{"project": one["project"], "load": one["load"]} for one in rounds]},
        ties=with_effects(
            [Tie(tie.round, tuple(ids[n] for n in tie.tied), ids[tie.won]) for tie in found.ties],
            ids,
            order,
            lambda other: tuple(ids[n] for n in _counted(backing, start, other, stop).bought),
        ),
    )


def candidates(backing: Backing) -> Sequence[int]:
    """Projects that somebody supports and that the budget could pay for."""
    budget = backing.instance.budget
    return [number for number, one in enumerate(backing.backers) if one.total > 0 and one.cost <= budget]


def _counted(backing: Backing, start: Start, order: Order, stop: Stop) -> Count:
    """The count, what costs nothing first: nobody needs to earn for it."""
    costs = backing.instance.costs
    free = sorted((number for number in start.projects if costs[number] == 0), key=order.ranks.__getitem__)
    paid = [number for number in start.projects if costs[number] > 0]
    found = count(backing, Start(start.budget, paid, start.loads), order, stop)
    ties = [type(tie)(tie.round + len(free), tie.tied, tie.won) for tie in found.ties]
    return Count([*free, *found.bought], ties, found.settled, found.looks)


def told(backing: Backing, start: Start, bought: Sequence[int]) -> tuple[dict[str, Any], ...]:
    """What is to be said of each round, exactly: the load, and which project would have been next."""
    instance = backing.instance
    exact = ExactLoads(backing, start.balances)
    waiting = Waiting(backing, start.projects, Loads(start.loads.copy(), start.error))
    left, rounds = start.budget, []
    for number in bought:
        waiting.drop(number)
        load = exact.after(number)
        next_ = _runner_up(instance, exact, waiting, left)
        rounds.append(
            {
                "project": instance.ids[number],
                "cost": instance.costs[number],
                "supporters": int(backing.backers[number].total),
                "load": rational(load),
                "runner_up": None if next_ is None else instance.ids[next_[0]],
                "margin": None if next_ is None else rational(next_[1] - load),
            }
        )
        exact.buy(number, load)
        waiting.buy(number, load.numerator / load.denominator)
        left -= instance.costs[number]
    return tuple(rounds)


def _runner_up(instance: Instance, exact: ExactLoads, waiting: Waiting, left: int) -> tuple[int, Fraction] | None:
    """The project, of those that the money left can pay for, whose supporters would have been next, and its load."""
    while near := waiting.soonest():
        fitting = [one for one in near if instance.costs[one[0]] <= left]
        waiting.put_back(fitting)
        if fitting:
            loads = {number: exact.after(number) for number, _load in fitting}
            return min(loads.items(), key=lambda pair: (pair[1], pair[0]))
    return None

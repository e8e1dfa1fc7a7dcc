"""The most utility that the budget can buy, added up over all voters. Exact; a yardstick, not a fair rule.

Identifier `welfare-1`, what it is for and what it is not: docs/rules/welfare.md. It is a knapsack problem: each project
weighs its cost and is worth its utility. Partial sums that can no longer win are dropped (Nemhauser and Ullmann, 1969,
with the bound of Dantzig); where too many are left, the solver HiGHS takes over if it is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from communs.core.allocation.elections import MONEY_MAX, Instance, InvalidElection
from communs.core.allocation.results import Result
from communs.core.allocation.solving import Rows, maximum, solver_here
from communs.core.allocation.utilities import Utility, by_entry

RULE: Final = "welfare-1"
SUMS_MAX = 2_000_000
"""So many partial sums are kept at a time."""
Numbers = npt.NDArray[Any]
Item = tuple[int, int, int]  # worth, cost, number of the project


def welfare(instance: Instance, utility: Utility = Utility.COST, *, sums_max: int = SUMS_MAX) -> Result:
    """The projects with the most utility in all; of several such sets a cheapest.

    Raises `InvalidElection` (the ballots do not say what the utility asks), and where neither the sums nor a solver
    decide.
    """
    worths = total_utilities(instance, utility)
    items = [
        (worth, cost, number)
        for number, (worth, cost) in enumerate(zip(worths, instance.costs, strict=True))
        if worth and cost <= instance.budget
    ]
    free = [number for worth, cost, number in items if not cost]
    paid = sorted((item for item in items if item[1]), key=lambda item: (-item[0] / item[1], item[2]))
    chosen, method = _best_sums(paid, instance.budget, sums_max), "exact"
    if chosen is None:
        chosen, method = _by_solver(paid, instance.budget), "highs"
    ids = [instance.ids[number] for number in sorted([*free, *chosen])]
    return Result(
        rule=RULE,
        parameters={"utility": str(utility), "method": method},
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(ids),
        amounts={id_: instance.costs[instance.number_of[id_]] for id_ in ids},
        rounds=tuple({"project": id_, "utility": worths[instance.number_of[id_]]} for id_ in ids),
        certificate={"utility": sum(worths[instance.number_of[id_]] for id_ in ids)},
    )


def total_utilities(instance: Instance, utility: Utility) -> list[int]:
    """What each project is worth to all voters together. Exact: what 64 bits do not hold is added up in Python."""
    support = instance.support
    each = by_entry(instance, utility)[support.entries]
    sizes = instance.sizes[support.classes]
    if int(each.max(initial=0)) * instance.voters >= MONEY_MAX:
        each, sizes = each.astype(object), sizes.astype(object)
    bounds = zip(support.starts[:-1].tolist(), support.starts[1:].tolist(), strict=True)
    return [int((each[start:end] * sizes[start:end]).sum()) for start, end in bounds]


def _best_sums(items: Sequence[Item], budget: int, sums_max: int) -> list[int] | None:
    """The projects of the best sum; None where more than `sums_max` sums had to be kept."""
    number: type[Any] = np.int64 if budget + sum(worth + cost for worth, cost, _ in items) < MONEY_MAX else object
    costs, worths = np.zeros(1, number), np.zeros(1, number)
    least = _filled(items, budget)
    steps: list[tuple[Numbers, Numbers]] = []  # by item: which sum each new one comes from, and whether it was added
    for place, (worth, cost, _project) in enumerate(items):
        fits = np.flatnonzero(costs + cost <= budget)
        parents = np.concatenate((np.arange(len(costs)), fits))
        taken = np.arange(len(parents)) >= len(costs)
        costs, worths = np.concatenate((costs, costs[fits] + cost)), np.concatenate((worths, worths[fits] + worth))
        kept = _useful(costs, worths)
        hope = _hopes(costs[kept], worths[kept], items[place + 1 :], budget)
        kept = kept[hope >= float(least) * (1 - 1e-9)]  # floats only drop what is clearly worse
        if len(kept) > sums_max:
            return None
        costs, worths = costs[kept], worths[kept]
        steps.append((parents[kept], taken[kept]))
    return _traced(items, steps, int(np.argmax(worths)))


def _useful(costs: Numbers, worths: Numbers) -> Numbers:
    """The sums, by cost, that are worth more than every sum that is as cheap or cheaper."""
    order = np.lexsort((-worths, costs))
    before = np.maximum.accumulate(worths[order])
    better = np.concatenate(([True], before[1:] > before[:-1]))
    return np.asarray(order[better])


def _hopes(costs: Numbers, worths: Numbers, rest: Sequence[Item], budget: int) -> npt.NDArray[np.float64]:
    """What each sum can still become at most: the rest is taken by worth per cost, the last one in part."""
    spent = np.concatenate(([0.0], np.cumsum([float(cost) for _worth, cost, _ in rest])))
    won = np.concatenate(([0.0], np.cumsum([float(worth) for worth, _cost, _ in rest])))
    return np.asarray(worths.astype(float) + np.interp((budget - costs).astype(float), spent, won))


def _filled(items: Sequence[Item], budget: int) -> int:
    """What taking whatever fits, the best per cost first, is worth: the best sum is worth no less."""
    total = 0
    for worth, cost, _project in items:
        if cost <= budget:
            total, budget = total + worth, budget - cost
    return total


def _traced(items: Sequence[Item], steps: Sequence[tuple[Numbers, Numbers]], at: int) -> list[int]:
    chosen = []
    for (_worth, _cost, project), (parents, taken) in zip(reversed(items), reversed(steps), strict=True):
        if taken[at]:
            chosen.append(project)
        at = int(parents[at])
    return chosen


def _by_solver(items: Sequence[Item], budget: int) -> list[int]:
    if not solver_here():
        raise InvalidElection(
            "Too many sets of projects are nearly as good as one another to compare them all. "
            "Install a solver (pip install highspy), or count with another utility."
        )
    rows = Rows(np.array([float(worth) for worth, _cost, _ in items]), [1.0] * len(items), whole=True)
    rows.add(list(range(len(items))), [cost / budget for _worth, cost, _ in items], -np.inf, 1.0)
    found = maximum(rows)
    chosen = [] if found is None else [item for item, part in zip(items, found.tolist(), strict=True) if part > 0.5]
    if found is None or sum(cost for _worth, cost, _ in chosen) > budget:
        raise InvalidElection("The solver found no set of projects in time. Count with another utility.")
    return [project for _worth, _cost, project in chosen]

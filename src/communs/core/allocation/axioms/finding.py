"""Looking for a price system where a result has none: a proof either way if there is one, else what a solver says.

Proven in exact numbers: "yes" by prices that `breaches` finds nothing wrong with, "no" by a project whose supporters
would be left with too much. Between the two a linear program is solved in floating point (HiGHS, where `highspy` is
installed); its "yes" is made exact and checked, its "no" is told as what it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from communs.core.allocation.axioms.prices import PriceSystem, breaches, by_project, left_over, open_projects
from communs.core.allocation.axioms.representation import funded_mask
from communs.core.allocation.elections import Instance
from communs.core.allocation.solving import Rows, maximum, solver_here
from communs.core.allocation.spreading import Ground, Spread, spread_evenly

SURE = 1e-6  # of a voter's share: less than this either way, and the solver's word is not taken
UNIT = 2**40


class Answer(StrEnum):
    """Whether there are prices, and how that is known."""

    YES = "yes"  # proven by the prices
    NO = "no"  # proven by `Priceability.project`
    NO_SAYS_SOLVER = "no_says_solver"  # a solver found none, in floating point
    OPEN = "open"  # not decided: too close for the solver, or no solver is installed


@dataclass(frozen=True, eq=False)
class Priceability:
    """The answer. `project`: one that nobody can pay for, or whose supporters would keep more than it costs.

    `least`: what each voter must have had for the funded projects to be paid at all (0 where that cannot be).
    """

    answer: Answer
    least: Fraction
    system: PriceSystem | None = None
    project: str = ""


def find_prices(instance: Instance, selected: Collection[str]) -> Priceability:
    """Prices for these projects, or why there are none."""
    mask = funded_mask(instance, selected)
    funded, open_ = np.flatnonzero(mask).tolist(), open_projects(instance, mask)
    voters = instance.support.voters
    orphan = next((project for project in funded if instance.costs[project] and not voters[project]), None)
    if orphan is not None:
        return Priceability(Answer.NO, Fraction(0), project=instance.ids[orphan])
    ground = Ground(instance)
    spread = spread_evenly(ground, [project for project in funded if voters[project]])
    system = PriceSystem(spread.load.denominator, spread.load.numerator, spread.carried.astype(object))
    if not breaches(instance, selected, system):
        return Priceability(Answer.YES, spread.load, system)
    rich = _left_with_too_much(ground, spread, funded, open_)
    if rich is not None:
        return Priceability(Answer.NO, spread.load, project=instance.ids[rich])
    if not solver_here():
        return Priceability(Answer.OPEN, spread.load)
    return _by_solver(instance, selected, (funded, open_), spread.load)


def _left_with_too_much(ground: Ground, spread: Spread, funded: list[int], open_: list[int]) -> int | None:
    """An unfunded project whose supporters keep more than its cost though they pay all that they can help to pay.

    Voters need at least the load of the most even spread, and pay at most what the funded projects they support cost.
    """
    for project in open_:
        helped = sum(ground.costs[other] for other in funded if len(ground.overlap(project, other)[0]))
        if ground.voters[project] * spread.load - helped > ground.costs[project]:
            return project
    return None


def _by_solver(
    instance: Instance, selected: Collection[str], numbers: tuple[list[int], list[int]], least: Fraction
) -> Priceability:
    """Prices with as much room as possible in every condition: room above 0 survives being made exact."""
    funded, open_ = numbers
    scale = max(instance.budget / max(instance.voters, 1), 1.0)
    solved = maximum(_program(instance, funded, open_, scale))
    if solved is None:
        return Priceability(Answer.OPEN, least)
    room, endowment, payments = solved[0], solved[1], solved[2:]
    if room < -SURE:
        return Priceability(Answer.NO_SAYS_SOLVER, least)
    system = _made_exact(instance, funded, float(endowment) * scale, payments * scale)
    if breaches(instance, selected, system):
        return Priceability(Answer.OPEN, least)
    return Priceability(Answer.YES, least, system)


def _program(instance: Instance, funded: list[int], open_: list[int], scale: float) -> Rows:
    """Columns: the room, the endowment, then what each voter pays by entry of the funded projects, in `scale`."""
    support, sizes = instance.support, instance.sizes
    entries = np.concatenate([np.arange(*support.starts[p : p + 2]) for p in funded] or [np.zeros(0, np.int64)])
    column = np.full(len(support.classes), -1, np.int64)
    column[entries] = np.arange(len(entries)) + 2
    rows = Rows(objective=np.concatenate(([1.0], np.zeros(len(entries) + 1))), upper=[1.0])
    of_class: dict[int, list[int]] = {}
    for number, col in zip(support.classes[entries].tolist(), column[entries].tolist(), strict=True):
        of_class.setdefault(number, []).append(col)
    for columns in of_class.values():  # nobody pays more than they have
        rows.add([0, 1, *columns], [1.0, -1.0, *[1.0] * len(columns)], -np.inf, 0.0)
    for project in funded:  # each is paid for
        columns, cost = column[slice(*support.starts[project : project + 2])].tolist(), instance.costs[project] / scale
        rows.add(columns, sizes[support.of(project)].astype(float).tolist(), cost, cost)
    for project in open_:  # supporters of what is not funded keep no more than it costs
        own, money = support.of(project), float(support.voters[project])
        pays = [(col, -float(sizes[number])) for number in own.tolist() for col in of_class.get(number, ())]
        columns, values = [0, 1, *(col for col, _ in pays)], [money, money, *(size for _, size in pays)]
        rows.add(columns, values, -np.inf, instance.costs[project] / scale)
    return rows


def _made_exact(instance: Instance, funded: list[int], endowment: float, payments: Any) -> PriceSystem:
    """Whole numbers near the solver's; what a project lacks by rounding is paid by whoever has most left."""
    support = instance.support
    paid = np.zeros(len(support.classes), object)
    at = 0
    for project in funded:
        start, end = support.starts[project : project + 2].tolist()
        each = payments[at : at + end - start]
        paid[start:end] = [
            max(0, int(Fraction(amount) * UNIT)) * size
            for amount, size in zip(each.tolist(), instance.sizes[support.classes[start:end]].tolist(), strict=True)
        ]
        at += end - start
    system = PriceSystem(UNIT, int(Fraction(endowment) * UNIT), paid)
    received = by_project(paid, support.starts)
    for project in funded:
        start, end = support.starts[project : project + 2].tolist()
        lacking = instance.costs[project] * UNIT - received[project]
        if lacking:
            choice = left_over(instance, system)[support.classes[start:end]] if lacking > 0 else paid[start:end]
            paid[start + int(np.argmax(choice))] += lacking
    return system

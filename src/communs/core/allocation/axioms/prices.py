"""Priceability: could supporters have bought these projects out of equal purses, and nobody keep too much?

A price system says what every voter had and paid for which project. This module reads it from the certificate of a
result and checks it exactly; `finding` looks for one where a result has none. Peters and Skowron (2020), for costs
Peters, Pierczyński and Skowron (2021): docs/rules/fairness-checks.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from communs.core.allocation.axioms.representation import funded_mask
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.results import Result
from communs.core.allocation.spreading import Ground, spread_evenly
from communs.core.allocation.utilities import Utility, by_entry

BREACHES_MAX = 100
Amounts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class PriceSystem:
    """What voters had and paid, in whole numbers of 1/unit of the smallest unit of money.

    `endowment`: what each voter had. `paid[e]`: what all voters of a ballot class paid together for a project, by entry
    of `instance.support`.
    """

    unit: int
    endowment: int
    paid: Amounts


class Fault(StrEnum):
    """What keeps a price system from holding."""

    OVERSPENT = "overspent"  # voters paid more than they had
    NEGATIVE = "negative"  # a payment below 0
    NOT_PAID = "not_paid"  # a funded project whose payments are not its cost
    UNFUNDED = "unfunded"  # money for a project that was not funded
    LEFT_OVER = "left_over"  # supporters of an unfunded project together had more left than it costs


@dataclass(frozen=True, slots=True)
class Breach:
    """A fault, at a project or (`ballot` not None) at a ballot class, and by how much money."""

    fault: Fault
    project: str
    ballot: int | None
    amount: Fraction


def prices_of(instance: Instance, result: Result) -> PriceSystem:
    """The price system that the certificate of a result holds, whether it is a sound one or not.

    Raises `InvalidElection` where the rule has no prices (greedy, lotteries, amounts).
    """
    match result.rule:
        case "equal-shares-1":
            return _of_equal_shares(instance, result.certificate)
        case "phragmen-1":
            return _of_loads(instance, result.certificate)
        case "maximin-support-1":
            return _of_spread(instance, result.selected)
    raise InvalidElection(f"{result.rule} has no prices. Look for them with `find_prices`.")


def breaches(instance: Instance, selected: Collection[str], system: PriceSystem) -> tuple[Breach, ...]:
    """Everything that is wrong with a price system for these projects, up to a hundred faults; none: it holds."""
    support = instance.support
    funded = funded_mask(instance, selected)
    paid = by_project(system.paid, support.starts)
    found = []
    for project, cost in enumerate(instance.costs):
        id_ = instance.ids[project]
        if paid[project] != (cost * system.unit if funded[project] else 0):
            fault = Fault.NOT_PAID if funded[project] else Fault.UNFUNDED
            lacking = cost * system.unit - paid[project] if funded[project] else paid[project]
            found.append(Breach(fault, id_, None, Fraction(lacking, system.unit)))
    for entry in np.flatnonzero(system.paid < 0).tolist():
        project = int(np.searchsorted(support.starts, entry, "right")) - 1
        amount = Fraction(-system.paid[entry], system.unit)
        found.append(Breach(Fault.NEGATIVE, instance.ids[project], int(support.classes[entry]), amount))
    left = left_over(instance, system)
    found += [
        Breach(Fault.OVERSPENT, "", number, Fraction(-left[number], system.unit))
        for number in np.flatnonzero(left < 0).tolist()
    ]
    for project in open_projects(instance, funded):
        over = int(left[support.of(project)].sum()) - instance.costs[project] * system.unit
        if over > 0:
            found.append(Breach(Fault.LEFT_OVER, instance.ids[project], None, Fraction(over, system.unit)))
    return tuple(found[:BREACHES_MAX])


def open_projects(instance: Instance, funded: npt.NDArray[np.bool_]) -> list[int]:
    """Projects that were not funded, and could have been: no rule can fund what costs more than the budget."""
    return [number for number, cost in enumerate(instance.costs) if not funded[number] and cost <= instance.budget]


def left_over(instance: Instance, system: PriceSystem) -> Amounts:
    """By ballot class: what its voters together have left, in 1/unit."""
    spent = np.zeros(len(instance.sizes), object)
    np.add.at(spent, instance.support.classes, system.paid)
    return np.asarray(instance.sizes.astype(object) * system.endowment - spent, object)


def by_project(paid: Amounts, starts: Any) -> list[int]:
    """What each project received."""
    return [int(paid[start:end].sum()) for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]


def _of_equal_shares(instance: Instance, certificate: Any) -> PriceSystem:
    """Round by round every supporter pays rho for each unit of utility, or all that is left."""
    rounds = [(instance.number_of[one["project"]], Fraction(one["rho"])) for one in certificate.get("rounds", ())]
    endowment = Fraction(certificate.get("endowment", 0))
    unit = lcm(endowment.denominator, *(rho.denominator for _project, rho in rounds))
    worth = by_entry(instance, Utility(certificate.get("utility", Utility.COST)))[instance.support.entries]
    purse = np.full(len(instance.sizes), int(endowment * unit), object)
    paid = np.zeros(len(instance.choices), object)
    for project, rho in rounds:
        start, end = instance.support.starts[project : project + 2]
        own = instance.support.classes[start:end]
        each = np.minimum(purse[own], worth[start:end].astype(object) * int(rho * unit))
        purse[own] -= each
        paid[start:end] = each * instance.sizes[own].astype(object)
    return PriceSystem(unit, int(endowment * unit), paid)


def _of_loads(instance: Instance, certificate: Any) -> PriceSystem:
    """Each supporter pays what brings them to the load of the round; everybody has earned the last of these."""
    rounds = [(instance.number_of[one["project"]], Fraction(one["load"])) for one in certificate.get("rounds", ())]
    unit = lcm(*(load.denominator for _project, load in rounds))
    carried = np.zeros(len(instance.sizes), object)
    paid = np.zeros(len(instance.choices), object)
    for project, load in rounds:
        start, end = instance.support.starts[project : project + 2]
        own = instance.support.classes[start:end]
        paid[start:end] = (int(load * unit) - carried[own]) * instance.sizes[own].astype(object)
        carried[own] = int(load * unit)
    return PriceSystem(unit, max((int(load * unit) for _project, load in rounds), default=0), paid)


def _of_spread(instance: Instance, selected: Collection[str]) -> PriceSystem:
    """The costs spread as evenly as can be."""
    spread = spread_evenly(Ground(instance), [instance.number_of[id_] for id_ in selected])
    return PriceSystem(spread.load.denominator, spread.load.numerator, spread.carried.astype(object))

"""EJR+: does every group that is large enough and wants one project in common get its share? With a witness if not.

After Brill and Peters, "Robust and Verifiable Proportionality Axioms for Multiwinner Voting" (2023); the exact wording
for costs, and what is decided, stand in docs/rules/fairness-checks.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from communs.core.allocation.elections import MONEY_MAX, Instance, Ints, InvalidElection
from communs.core.allocation.utilities import Utility, by_entry

Numbers = npt.NDArray[Any]


class UpTo(StrEnum):
    """How nearly a group must get what it is owed."""

    ANY = "any"  # somebody in it would pass the share with the project in question
    ONE = "one"  # somebody in it would pass the share with some unfunded project


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A group that got less than its share: `voters` who all support `project`, which was not funded.

    `share`: their part of the budget, as money. `owed`: the same as utility. `most`: the utility that the best served
    of them has; `reach`: what the nearest of them would have with one more project, and still not more than is owed.
    """

    project: str
    voters: int
    share: Fraction
    owed: Fraction
    most: int
    reach: int


@dataclass(frozen=True, slots=True)
class Representation:
    """The answer: for each unfunded project with a group that got too little the worst off one, the worst first."""

    utility: Utility
    up_to: UpTo
    shortfalls: tuple[Shortfall, ...]

    @property
    def holds(self) -> bool:
        return not self.shortfalls


def ejr_plus(
    instance: Instance, selected: Collection[str], utility: Utility = Utility.COST, up_to: UpTo = UpTo.ANY
) -> Representation:
    """Whether EJR+ up to any (or one) project holds of these projects. A ballot supports what it names.

    Raises `InvalidElection` for an unknown project, or the score as utility: EJR+ is about approval.
    """
    if utility is Utility.SCORE:
        raise InvalidElection("EJR+ is checked for support alone. Choose cost or cardinality as utility.")
    funded = funded_mask(instance, selected)
    worth = by_entry(instance, utility)
    has = _by_class(instance, np.where(funded[instance.choices], worth, 0))
    more = _most_wanted(instance, funded, worth) if up_to is UpTo.ONE else None
    found = []
    for project, cost in enumerate(instance.costs):
        if not funded[project] and cost and instance.support.voters[project]:
            unit = cost if utility is Utility.COST else 1
            own = instance.support.of(project)
            reach = has[own] + (unit if more is None else np.maximum(more[own], unit))
            shortfall = _worst(instance, project, has[own], reach, cost // unit)
            if shortfall is not None:
                found.append(shortfall)
    found.sort(key=lambda one: (Fraction(one.reach) / one.owed, instance.number_of[one.project]))
    return Representation(utility, up_to, tuple(found))


def funded_mask(instance: Instance, selected: Collection[str]) -> npt.NDArray[np.bool_]:
    """By project, whether it is among these. Raises `InvalidElection` for an id that the election does not know."""
    mask = np.zeros(len(instance.projects), np.bool_)
    for id_ in selected:
        if id_ not in instance.number_of:
            raise InvalidElection(f"{id_} is no project of this election. Check that the result belongs to it.")
        mask[instance.number_of[id_]] = True
    return mask


def satisfaction(instance: Instance, selected: Collection[str], utility: Utility) -> Ints:
    """By ballot class: how much utility each of its voters has from these projects."""
    return _by_class(
        instance, np.where(funded_mask(instance, selected)[instance.choices], by_entry(instance, utility), 0)
    )


def _by_class(instance: Instance, values: Ints) -> Ints:
    """Sums of values of entries. A running total may leave 64 bits and come back: differences stay right."""
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)))
    return np.asarray(total[instance.starts[1:]] - total[instance.starts[:-1]], np.int64)


def _most_wanted(instance: Instance, funded: npt.NDArray[np.bool_], worth: Ints) -> Ints:
    """By ballot class: the worth of the best unfunded project that it names and that the budget could pay for."""
    possible = ~funded & (np.array(instance.costs, np.int64) <= instance.budget)
    most = np.zeros(len(instance.sizes), np.int64)
    classes = np.repeat(np.arange(len(instance.sizes)), np.diff(instance.starts))
    np.maximum.at(most, classes, np.where(possible[instance.choices], worth, 0))
    return most


def _worst(instance: Instance, project: int, has: Ints, reach: Ints, price: int) -> Shortfall | None:
    """Of the groups of supporters with the least reach, that which lacks most: k voters are owed k·budget/(n·price)."""
    order = np.argsort(reach, kind="stable")
    ends = np.flatnonzero(np.diff(reach[order], append=-1))  # a group takes everybody with the same reach
    sizes = instance.sizes[instance.support.of(project)][order]
    voters, nearest = np.cumsum(sizes)[ends], reach[order][ends]
    everybody = instance.voters
    most = max(int(nearest[-1]) * everybody * price, everybody * instance.budget)
    number: type[Any] = np.int64 if most < MONEY_MAX else object
    lack = voters.astype(number) * instance.budget - nearest.astype(number) * (everybody * price)
    worst = int(np.argmax(lack))
    if lack[worst] < 0:
        return None
    group = int(voters[worst])
    return Shortfall(
        project=instance.ids[project],
        voters=group,
        share=Fraction(group * instance.budget, everybody),
        owed=Fraction(group * instance.budget, everybody * price),
        most=int(has[order][: ends[worst] + 1].max()),
        reach=int(nearest[worst]),
    )

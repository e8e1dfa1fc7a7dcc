"""Proportional division of points, and the equal split: money by share of the votes. See docs/rules/proportional.md."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from communs.core.allocation.dividing import Division, Pot, Surplus, by_id, divide, receiving
from communs.core.allocation.elections import Instance
from communs.core.allocation.results import Result
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS, Limits

RULE = "proportional-1"


class By(StrEnum):
    """What a project's part is proportional to."""

    POINTS = "points"  # the points it was given; where ballots have none, how many voters named it
    VOTERS = "voters"  # how many voters named it
    EQUAL = "equal"  # the same for every project that somebody named
    ALL_EQUAL = "all-equal"  # the same for every project of the election


def proportional(
    instance: Instance, by: By = By.POINTS, limits: Limits = NO_LIMITS, *, ties: str = LEXICOGRAPHIC
) -> Result:
    """Divide the whole budget in proportion. `up_to_costs` gives the limits at which nobody gets more than they asked.

    Raises `InvalidElection`: floors that pass the budget, limits for unknown projects.
    """
    weights = weights_of(instance, by)
    order = order_of(ties, instance.ids)
    pot = Pot.of(instance.budget, instance.ids, limits, Surplus.SPEND, order, [weight > 0 for weight in weights])
    found = divide(pot, weights)
    return Result(
        rule=RULE,
        parameters={"by": by.value, "limits": limits.document(), "ties": ties},
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=receiving(pot, found.amounts),
        amounts=by_id(pot.ids, found.amounts),
        rounds=tuple(_lines(instance, weights, found)),
        certificate=certificate(pot, found),
        ties=found.ties,
    )


def equal_split(instance: Instance, limits: Limits = NO_LIMITS, *, ties: str = LEXICOGRAPHIC) -> Result:
    """The budget in equal parts between the projects that somebody named."""
    return proportional(instance, By.EQUAL, limits, ties=ties)


def up_to_costs(instance: Instance) -> Limits:
    """Nobody gets more than their project costs."""
    return Limits(caps=dict(zip(instance.ids, instance.costs, strict=True)))


def weights_of(instance: Instance, by: By) -> list[int]:
    """The weight of each project, as a whole number."""
    voters = instance.support.voters.tolist()
    if by is By.ALL_EQUAL:
        return [1] * len(instance.projects)
    if by is By.EQUAL:
        return [int(number > 0) for number in voters]
    if by is By.VOTERS or instance.points is None:
        return [int(number) for number in voters]
    sizes = np.repeat(instance.sizes, np.diff(instance.starts))
    found = [0] * len(instance.projects)
    # Python's integers: points times voters may pass 64 bits.
    for project, points, size in zip(instance.choices.tolist(), instance.points.tolist(), sizes.tolist(), strict=True):
        found[project] += points * size
    return found


def certificate(pot: Pot, found: Division) -> dict[str, Any]:
    """What adds up, and how water-filling found the level."""
    return {
        "pot": pot.total,
        "paid": pot.total - found.unspent,
        "unspent": found.unspent,
        "level_rounds": found.rounds(pot.ids),
    }


def _lines(instance: Instance, weights: Sequence[int], found: Division) -> list[dict[str, Any]]:
    whole = sum(weights)
    return [
        {
            "project": project,
            "voters": int(instance.support.voters[number]),
            "weight": weights[number],
            "of": whole,
            "amount": found.amounts[number],
        }
        for number, project in enumerate(instance.ids)
    ]

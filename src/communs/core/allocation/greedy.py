"""Greedy: the projects with the most support first, as long as the money lasts. Rule `greedy-1`.

Guarantee, steps and examples: docs/rules/greedy.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from communs.core.allocation.backing import points_of
from communs.core.allocation.elections import Instance, Ints
from communs.core.allocation.results import Result
from communs.core.allocation.tie_effects import with_effects
from communs.core.allocation.ties import LEXICOGRAPHIC, Order, Tie, order_of
from communs.core.allocation.utilities import Utility

RULE = "greedy-1"


class Per(StrEnum):
    """What the utility of a project is divided by before projects are compared."""

    COST = "cost"  # utility for each unit of money
    PROJECT = "project"  # nothing: the most points win, whatever they cost


class NoRoom(StrEnum):
    """What happens when the next project costs more than is left."""

    SKIP = "skip"  # it is passed over, cheaper ones after it may still be funded
    STOP = "stop"  # nothing more is funded


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks for a project: how many voters support it, and the points that they gave it (or the voters again)."""

    voters: int
    score: int


def greedy(
    instance: Instance,
    utility: Utility = Utility.COST,
    *,
    per: Per = Per.COST,
    no_room: NoRoom = NoRoom.SKIP,
    votes_min: int = 0,
    score_min: int = 0,
    ties: str = LEXICOGRAPHIC,
) -> Result:
    """Fund the projects in the order of their utility (per cost), as far as the budget goes.

    With `cost` per cost that is the number of voters, as most cities count. A project with fewer voters than
    `votes_min`, or a lower score than `score_min`, is not funded. Raises `InvalidElection`, `UnknownOrder`.
    """
    order = order_of(ties, instance.ids)
    found = standings(instance, utility)
    least = score_min * (instance.point_factor if utility is Utility.SCORE else 1)
    enough = [
        number
        for number, one in enumerate(found)
        if one.voters >= votes_min and one.score >= max(1, least) and instance.costs[number] <= instance.budget
    ]

    def funded(order: Order) -> list[Chosen]:
        return fill(instance, found, enough, instance.budget, _Ranking(utility, per, no_room, order))

    chosen = funded(order)
    met = [Tie(one.round, tuple(instance.ids[n] for n in one.tied), one.id) for one in chosen if len(one.tied) > 1]
    rounds = tuple(one.told() for one in chosen)
    return Result(
        rule=RULE,
        parameters={
            "utility": str(utility),
            "per": str(per),
            "no_room": str(no_room),
            "votes_min": votes_min,
            "score_min": score_min,
            "ties": ties,
        },
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(one.id for one in chosen),
        amounts={one.id: one.cost for one in chosen},
        rounds=rounds,
        certificate={"rounds": [{"project": one.id, "score": one.standing.score} for one in chosen]},
        ties=with_effects(met, instance.ids, order, lambda other: tuple(one.id for one in funded(other))),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A project that is funded, those it was equal with, and the money left after it."""

    round: int
    id: str
    cost: int
    standing: Standing
    tied: tuple[int, ...]
    left: int

    def told(self) -> dict[str, Any]:
        """The round as JSON values."""
        return {
            "project": self.id,
            "cost": self.cost,
            "supporters": self.standing.voters,
            "score": self.standing.score,
            "left": self.left,
        }


@dataclass(frozen=True, slots=True)
class _Ranking:
    """How projects are compared, and what happens when one does not fit."""

    utility: Utility
    per: Per
    no_room: NoRoom
    order: Order

    def worth(self, score: int, cost: int) -> Fraction:
        """The higher, the earlier; not for projects that cost nothing, which come first."""
        if self.utility is Utility.COST:
            return Fraction(score if self.per is Per.COST else score * cost)
        return Fraction(score, cost if self.per is Per.COST else 1)


def ranking(utility: Utility, order: Order) -> _Ranking:
    """By utility per cost, passing over what does not fit: how other rules are completed."""
    return _Ranking(utility, Per.COST, NoRoom.SKIP, order)


def standings(instance: Instance, utility: Utility) -> list[Standing]:
    """What speaks for each project. The score is the sum of points; with other utilities, the number of voters."""
    sizes = np.repeat(instance.sizes, np.diff(instance.starts))
    voters = _sums(instance, sizes if instance.points is None else sizes * (instance.points > 0))
    scores = _sums(instance, sizes * points_of(instance)) if utility is Utility.SCORE else voters
    return [Standing(*pair) for pair in zip(voters, scores, strict=True)]


def fill(
    instance: Instance, found: Sequence[Standing], projects: Iterable[int], budget: int, ranked: _Ranking
) -> list[Chosen]:
    """Fund these projects in order with a budget. What costs nothing comes first."""
    chosen: list[Chosen] = []
    left = budget
    groups = _groups(instance, found, projects, ranked)
    for group in groups:
        for place, number in enumerate(group):
            cost = instance.costs[number]
            if cost > left:
                if ranked.no_room is NoRoom.STOP:
                    return chosen
                continue
            tied = tuple(other for other in group[place:] if instance.costs[other] <= left) if cost else ()
            left -= cost
            chosen.append(Chosen(len(chosen) + 1, instance.ids[number], cost, found[number], tied, left))
    return chosen


def _groups(
    instance: Instance, found: Sequence[Standing], projects: Iterable[int], ranked: _Ranking
) -> Collection[list[int]]:
    """The projects, the best first, those that are equal together and in the order of ties."""
    free: list[int] = []
    groups: dict[Fraction, list[int]] = {}
    for number in sorted(projects, key=ranked.order.ranks.__getitem__):
        cost = instance.costs[number]
        group = groups.setdefault(ranked.worth(found[number].score, cost), []) if cost else free
        group.append(number)
    return [free, *(groups[worth] for worth in sorted(groups, reverse=True))]


def _sums(instance: Instance, amounts: Ints) -> list[int]:
    """The sum of the amounts of its entries, by project; as floats they are whole and small enough to be exact."""
    return [int(one) for one in np.bincount(instance.choices, amounts, len(instance.projects))]

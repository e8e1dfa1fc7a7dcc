"""Maximin support: fund what keeps the heaviest load of a voter lowest, costs being spread as evenly as can be. Exact.

Identifier `maximin-support-1`, rule and guarantees: docs/rules/maximin-support.md. After Sánchez-Fernández, Fernández
García, Fisteus and Brill, "The maximin support method" (2021), with costs as in Aziz, Lee and Talmon (2018).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from communs.core.allocation.elections import Instance
from communs.core.allocation.results import Result, rational
from communs.core.allocation.spreading import Ground, Spread
from communs.core.allocation.tie_effects import with_effects
from communs.core.allocation.ties import LEXICOGRAPHIC, Order, Tie, order_of

RULE: Final = "maximin-support-1"


@dataclass(frozen=True, slots=True)
class Bound:
    """With this project the heaviest load is at least `load`, for that is what the projects of `proof` cost a voter."""

    load: Fraction
    proof: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One round: who won with which load, who was tied, and who came next (None: nobody was left).

    `tight`: projects that cost a voter as much as the load; `bounds`: why each other project would load no less, empty
    where the load did not grow, for it cannot shrink.
    """

    project: int
    load: Fraction
    tied: tuple[int, ...]
    second: tuple[int, Fraction] | None
    tight: tuple[int, ...]
    bounds: dict[int, Bound]


def maximin_support(instance: Instance, ties: str = LEXICOGRAPHIC) -> Result:
    """Who is funded, round by round.

    A ballot supports what it names: points and ranks are not read. Unsupported projects are never funded, projects of
    cost 0 that somebody supports are funded first, and what no longer fits the budget is passed over.
    """
    order = order_of(ties, instance.ids)
    choices = list(_choices(instance, order))
    ids = instance.ids
    met = [
        Tie(number, tuple(ids[project] for project in choice.tied), ids[choice.project])
        for number, choice in enumerate(choices, 1)
        if len(choice.tied) > 1
    ]
    return Result(
        rule=RULE,
        parameters={"ties": ties},
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(ids[choice.project] for choice in choices),
        amounts={ids[choice.project]: instance.costs[choice.project] for choice in choices},
        rounds=tuple(_round(instance, choice) for choice in choices),
        certificate={"rounds": [_proof(instance, choice) for choice in choices]},
        ties=with_effects(
            met, ids, order, lambda other: tuple(ids[choice.project] for choice in _choices(instance, other))
        ),
    )


def _choices(instance: Instance, order: Order) -> Iterator[Choice]:
    ground = Ground(instance)
    costs = instance.costs
    spread = Spread(ground, Fraction(0))
    left = instance.budget
    bounds = {
        project: Bound(Fraction(costs[project], voters), (project,))
        for project, voters in enumerate(ground.voters)
        if voters
    }
    tight: tuple[int, ...] = ()
    while bounds := {project: bound for project, bound in bounds.items() if costs[project] <= left}:
        tied, with_first, second = _lowest(spread, bounds, order, tight)
        project = order.first(tied)
        own = bounds.pop(project)
        grown = with_first.load > spread.load
        if grown or not tight:
            tight = own.proof  # its bound has risen to its exact load, unless what is funded already weighs more
        spread = with_first
        left -= costs[project]
        if len(tied) > 1:
            second = order.first([other for other in tied if other != project]), spread.load
        yield Choice(project, spread.load, tuple(sorted(tied)), second, tight, dict(bounds) if grown else {})


def _lowest(
    spread: Spread, bounds: dict[int, Bound], order: Order, tight: tuple[int, ...]
) -> tuple[list[int], Spread, tuple[int, Fraction] | None]:
    """The projects with the lowest load, the spread with the first of them, and of one alone the next, with its load.

    Only the project whose bound is lowest is looked at: either it can be spread at that load, which is then exact, or
    the flow names a dearer part and its bound rises. A bound holds in all later rounds, for loads only grow. Before a
    flow is asked, its proof is tried together with what is `tight`, which often is the dearer part.
    """
    heap = [(max(bound.load, spread.load), project) for project, bound in bounds.items()]
    heapq.heapify(heap)
    base = kept = spread
    lowest: list[int] = []
    fresh = set(bounds) if tight else set()
    while heap:
        load, project = heapq.heappop(heap)
        if len(lowest) > 1 and load > kept.load:
            break  # who comes next is among the tied
        if project in fresh:
            fresh.remove(project)
            wider = tuple(sorted({*bounds[project].proof, *tight}))
            if (wide := spread.ground.density(wider)) > load:
                bounds[project] = Bound(wide, wider)
                heapq.heappush(heap, (wide, project))
                continue
        if load != base.load:
            base = spread.at(load)
        tried = base.copy()
        dear = tried.add(project)
        if dear:
            bounds[project] = Bound(spread.ground.density(dear), dear)
            heapq.heappush(heap, (bounds[project].load, project))
        elif lowest and load > kept.load:
            return lowest, kept, (project, load)
        else:
            lowest.append(project)
            kept = tried if order.first(lowest) == project else kept
    return lowest, kept, None


def _round(instance: Instance, choice: Choice) -> dict[str, Any]:
    second = choice.second
    return {
        "project": instance.ids[choice.project],
        "cost": instance.costs[choice.project],
        "supporters": int(instance.support.voters[choice.project]),
        "load": rational(choice.load),
        "runner_up": None if second is None else instance.ids[second[0]],
        "margin": None if second is None else rational(second[1] - choice.load),
    }


def _proof(instance: Instance, choice: Choice) -> dict[str, Any]:
    """What a stranger needs to check a round by counting: see `Choice`. Without a bound: the project alone."""

    def names(projects: tuple[int, ...]) -> list[str]:
        return [instance.ids[project] for project in projects]

    return {
        "project": instance.ids[choice.project],
        "load": rational(choice.load),
        "tight": names(choice.tight),
        "bounds": {
            instance.ids[project]: names(bound.proof)
            for project, bound in choice.bounds.items()
            if bound.proof != (project,)
        },
    }

"""Rules put together: one for part of the pot and another for the rest; colleges of voters with weights.

A rule here is whatever takes an election and gives a result: `partial(equal_shares, utility=…)`, or a function of one's
own. The rule's page is docs/rules/composition.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from communs.core.allocation.dividing import Pot, Surplus, by_id, divide, receiving
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.results import Result, canonical, rational
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS

RULE = "composition-1"
STAGES_MAX = 20
COLLEGES_MAX = 100
BALLOTS_MAX = 2**53  # weighted voters in all; floats count no further one by one

Rule = Callable[[Instance], Result]


@dataclass(frozen=True, slots=True)
class Stage:
    """A rule, and the share of the whole budget that it decides on; None: all that is left."""

    rule: Rule
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class College:
    """Voters who decide together with a weight: their ballots, over the projects and budget of all colleges."""

    name: str
    weight: Fraction
    ballots: Instance


def in_turn(instance: Instance, stages: Sequence[Stage]) -> Result:
    """Each stage funds projects out of its share; the next one sees what was not funded.

    A stage with a share has ⌊share · budget⌋, or what is left where that is less. What a stage does not spend waits for
    a stage without a share. Raises `InvalidElection`: shares that pass the whole, no stage, more than one for the rest.
    """
    _check(stages)
    left, waiting = instance.budget, instance
    selected: list[str] = []
    amounts: dict[str, int] = {}
    results: list[tuple[int, Result]] = []
    for stage in stages:
        budget = left if stage.share is None else min(left, int(stage.share * instance.budget))
        result = stage.rule(_with(waiting, budget, instance.sha256))
        results.append((budget, result))
        paid = sum(result.amounts.values())
        if paid > budget:
            raise InvalidElection(f"{result.rule} paid {paid} out of {budget}. Use a rule that keeps to the budget.")
        selected += result.selected
        amounts |= {project: result.amounts[project] for project in result.selected}
        left -= paid
        waiting = without(waiting, set(result.selected))
    shares = [None if stage.share is None else rational(stage.share) for stage in stages]
    return Result(
        rule=RULE,
        parameters={
            "stages": [_said(result, share=share) for share, (_b, result) in zip(shares, results, strict=True)]
        },
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(selected),
        amounts={project: amounts[project] for project in instance.ids if project in amounts},
        rounds=tuple({**line, "stage": place} for place, (_b, one) in enumerate(results, 1) for line in one.rounds),
        certificate={
            "pot": instance.budget,
            "paid": instance.budget - left,
            "unspent": left,
            "stages": [{"budget": budget, "certificate": dict(one.certificate)} for budget, one in results],
        },
        ties=_ties(results),
    )


def weighing(colleges: Sequence[College], rule: Rule) -> Result:
    """One decision of all colleges, in which each college's ballots count as its weight says (`combined`)."""
    together = combined(colleges)
    result = rule(together)
    return replace(
        result,
        rule=RULE,
        parameters={"colleges": _colleges(colleges), "together": _said(result)},
        input_sha256=together.sha256,
    )


def averaging(colleges: Sequence[College], rule: Rule, *, ties: str = LEXICOGRAPHIC) -> Result:
    """Each college decides on the whole budget by itself; a project gets the weighted mean of what they gave it.

    Means are exact and are rounded once, by largest remainder. For rules of amounts: a rule that pays the cost of a
    project or nothing would give parts of costs.
    """
    _check_colleges(colleges)
    first = colleges[0].ballots
    results = [rule(college.ballots) for college in colleges]
    whole = sum(college.weight for college in colleges)
    means = [
        sum(
            (one.weight * result.amounts.get(project, 0) for one, result in zip(colleges, results, strict=True)),
            Fraction(),
        )
        / whole
        for project in first.ids
    ]
    unit = lcm(*(mean.denominator for mean in means)) if means else 1
    pot = Pot.of(first.budget, first.ids, NO_LIMITS, Surplus.KEEP, order_of(ties, first.ids))
    found = divide(pot, [int(mean * unit) for mean in means], unit)
    return Result(
        rule=RULE,
        parameters={"colleges": _colleges(colleges), "apart": [_said(result) for result in results], "ties": ties},
        input_sha256=_hash_of(colleges),
        currency=first.currency,
        decimals=first.decimals,
        selected=receiving(pot, found.amounts),
        amounts=by_id(first.ids, found.amounts),
        rounds=tuple(
            {"project": project, "mean": rational(mean), "amount": amount}
            for project, mean, amount in zip(first.ids, means, found.amounts, strict=True)
        ),
        certificate={
            "pot": first.budget,
            "paid": first.budget - found.unspent,
            "unspent": found.unspent,
            "colleges": [
                {"name": one.name, "result": dict(made.amounts)} for one, made in zip(colleges, results, strict=True)
            ],
        },
        ties=found.ties,
    )


def combined(colleges: Sequence[College]) -> Instance:
    """One election of all colleges. A voter of a college of weight w with n voters counts as many times as w ÷ n says.

    So the college's share of the budget, w ÷ Σ w, is divided equally among its voters. The times are the smallest whole
    numbers in this proportion. Raises `InvalidElection`: other projects or budgets, a college without voters, ballots
    of different kinds, weights that need more than `BALLOTS_MAX` ballots.
    """
    _check_colleges(colleges)
    each = [college.weight / college.ballots.voters for college in colleges]
    common = lcm(*(one.denominator for one in each))
    times = [int(one * common) for one in each]
    divisor = int(np.gcd.reduce(np.array(times, dtype=object)))
    times = [one // divisor for one in times]
    number = sum(one * college.ballots.voters for one, college in zip(times, colleges, strict=True))
    if number > BALLOTS_MAX:
        raise InvalidElection(f"These weights ask for {number} ballots, more than {BALLOTS_MAX}. Use rounder weights.")
    parts = [college.ballots for college in colleges]
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    factor = lcm(*(part.point_factor for part in parts))  # a point counts the same in every college
    points = [part.points * (factor // part.point_factor) for part in parts if part.points is not None]
    return replace(
        parts[0],
        sizes=np.concatenate([part.sizes * one for part, one in zip(parts, times, strict=True)]),
        starts=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        choices=np.concatenate([part.choices for part in parts]),
        points=np.concatenate(points) if points else None,
        point_factor=factor,
        sha256=_hash_of(colleges),
    )


def without(instance: Instance, projects: set[str]) -> Instance:
    """The election without these projects; voters stay, also those whose ballots are now empty."""
    if not projects:
        return instance
    kept = np.array([project.id not in projects for project in instance.projects], bool)
    numbers = np.cumsum(kept) - 1
    stays = kept[instance.choices]
    classes = np.repeat(np.arange(len(instance.sizes)), np.diff(instance.starts))[stays]
    return replace(
        instance,
        projects=tuple(project for project in instance.projects if project.id not in projects),
        starts=np.searchsorted(classes, np.arange(len(instance.sizes) + 1)).astype(np.int64),
        choices=numbers[instance.choices[stays]].astype(np.int64),
        points=None if instance.points is None else instance.points[stays],
    )


def _with(instance: Instance, budget: int, sha256: str) -> Instance:
    return replace(instance, budget=budget, sha256=sha256)


def _check(stages: Sequence[Stage]) -> None:
    if not 0 < len(stages) <= STAGES_MAX:
        raise InvalidElection(f"There are {len(stages)} stages. Give 1 to {STAGES_MAX}.")
    shares = [stage.share for stage in stages if stage.share is not None]
    if any(share < 0 for share in shares) or sum(shares) > 1:
        raise InvalidElection("The shares of the stages must be 0 or more, and together at most 1.")
    if any(stage.share is None for stage in stages[:-1]):
        raise InvalidElection("Only the last stage may decide on the rest. Give the others a share.")


def _check_colleges(colleges: Sequence[College]) -> None:
    if not 0 < len(colleges) <= COLLEGES_MAX:
        raise InvalidElection(f"There are {len(colleges)} colleges. Give 1 to {COLLEGES_MAX}.")
    first = colleges[0].ballots
    for college in colleges:
        ballots = college.ballots
        if college.weight <= 0:
            raise InvalidElection(f"The weight of {college.name} is {college.weight}. It must be above 0.")
        if (ballots.projects, ballots.budget, ballots.kind) != (first.projects, first.budget, first.kind):
            raise InvalidElection(f"{college.name} decides on other projects, another budget or by other ballots.")
        if not ballots.voters:
            raise InvalidElection(f"Nobody votes in {college.name}. Leave it out, or give its weight to another.")


def _said(result: Result, **more: Any) -> dict[str, Any]:
    return {"rule": result.rule, "parameters": dict(result.parameters), **more}


def _colleges(colleges: Sequence[College]) -> list[Mapping[str, Any]]:
    return [
        {
            "name": one.name,
            "weight": rational(one.weight),
            "voters": one.ballots.voters,
            "input_sha256": one.ballots.sha256,
        }
        for one in colleges
    ]


def _hash_of(colleges: Sequence[College]) -> str:
    return hashlib.sha256(canonical(_colleges(colleges))).hexdigest()


def _ties(results: Sequence[tuple[int, Result]]) -> tuple[Any, ...]:
    """The ties of all stages, their rounds counted through; a later stage may undo or heal what a tie changed."""
    found, before = [], 0
    for _budget, result in results:
        found += [replace(tie, round=tie.round + before, changes_result=None) for tie in result.ties]
        before += len(result.rounds)
    return tuple(found)

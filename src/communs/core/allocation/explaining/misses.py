"""What a project lacked: the fewest further supporters, and the highest cost, with which it would have been funded.

Further supporters are people who vote for this project alone; the budget stays, so each voter's share of it shrinks.
Both answers are found by counting again, and told as proven only where they are: by a rule under which more support, or
a lower cost, can never harm (docs/rules/explanations.md has the proofs), or by having tried everything below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from communs.core.allocation.elections import Instance, InvalidElection, Support
from communs.core.allocation.explaining.again import Decide, cost_near
from communs.core.allocation.results import Result

TRIES = 64
"""So many more counts are spent on proving that nothing below would do, where the rule does not prove it."""
CROWD = 10
"""Further supporters are tried up to so many times the number of voters."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A project that was not funded. None: none was found (of the cost: it would not be funded for nothing either).

    `proven`: whether it is certain that fewer voters, or a higher cost, would not have done.
    """

    project: str
    cost: int
    supporters: int
    more_voters: int | None
    voters_proven: bool
    enough_cost: int | None
    cost_proven: bool


def misses(instance: Instance, result: Result, decide: Decide, *, tries: int = TRIES) -> tuple[Miss, ...]:
    """What each project that was not funded lacked, in the order of the election. `decide`: the rule of the result."""
    funded = set(result.selected)
    return tuple(miss(instance, result, decide, id_, tries=tries) for id_ in instance.ids if id_ not in funded)


def miss(instance: Instance, result: Result, decide: Decide, project: str, *, tries: int = TRIES) -> Miss:
    """What one project lacked. Raises `InvalidElection` where it is unknown, or was funded."""
    if project not in instance.number_of or project in result.selected:
        what = "was funded" if project in result.selected else "is no project of this election"
        raise InvalidElection(f"{project} {what}. Ask for a project that was not funded.")
    number = instance.number_of[project]

    def with_voters(count: int) -> bool:
        return project in decide(with_supporters(instance, number, count))

    def with_cost(cost: int) -> bool:
        return project in decide(at_cost(instance, number, cost))

    more, voters_proven = _fewest(instance, result, number, with_voters, tries)
    enough, cost_proven = _highest(instance, result, number, with_cost, tries)
    supporters = int(instance.support.voters[number])
    return Miss(project, instance.costs[number], supporters, more, voters_proven, enough, cost_proven)


def with_supporters(instance: Instance, project: int, count: int) -> Instance:
    """The election with so many further voters who vote for this project alone, with the most points anybody gave."""
    points = instance.points
    if points is not None:
        points = np.append(points, max(int(points.max(initial=0)), 1))
    more = replace(
        instance,
        sizes=np.append(instance.sizes, count),
        starts=np.append(instance.starts, instance.starts[-1] + 1),
        choices=np.append(instance.choices, project),
        points=points,
        sha256="",
    )
    support = instance.support
    end, voters = int(support.starts[project + 1]), support.voters.copy()
    voters[project] += count
    starts = support.starts.copy()
    starts[project + 1 :] += 1
    classes = np.insert(support.classes, end, len(instance.sizes))
    return _supported(more, Support(starts, classes, np.insert(support.entries, end, len(instance.choices)), voters))


def at_cost(instance: Instance, project: int, cost: int) -> Instance:
    """The election with another cost of one project."""
    projects = list(instance.projects)
    projects[project] = replace(projects[project], cost=cost)
    return _supported(replace(instance, projects=tuple(projects), sha256=""), instance.support)


def _supported(instance: Instance, support: Support) -> Instance:
    """The instance with its support at hand: to sort the ballots anew takes longer than to count them."""
    instance.__dict__["support"] = support
    return instance


def _fewest(
    instance: Instance, result: Result, project: int, works: Callable[[int], bool], tries: int
) -> tuple[int | None, bool]:
    """The fewest further voters, and whether that is proven: doubled until it works, then halved back."""
    least = _voters_at_least(instance, result, project)
    if least is None:
        return None, True
    most = max(CROWD * instance.voters, 10)
    if least > most:
        return None, False
    count, failed = least, least - 1
    while not works(count):
        failed = count
        if count == most:
            return None, False
        count = min(most, 2 * count)
    count = _halve(failed, count, works)
    if _support_never_harms(result):
        return count, True
    return _first(range(least, count), works, tries, count)


def _highest(
    instance: Instance, result: Result, project: int, works: Callable[[int], bool], tries: int
) -> tuple[int | None, bool]:
    """The highest cost below its own, and whether that is proven: from a guess upwards or downwards, then halved."""
    cost, monotone = instance.costs[project], _cheaper_never_harms(result)
    if cost == 0 or not works(0):
        return None, monotone
    low, high = 0, cost  # works, fails
    step = 1
    near = cost_near(instance, result, project) if result.rule == "equal-shares-1" else 0
    while low < near < high:  # the guess is seldom wrong by more than the smallest unit
        if works(near):
            low, near = near, near + step
        else:
            high, near = near, near - step
        step *= 2
    enough = cost - _halve(cost - high, cost - low, lambda less: works(cost - less))
    if monotone:
        return enough, True
    return _first(range(cost - 1, enough, -1), works, tries, enough)


def _halve(fails: int, works_at: int, works: Callable[[int], bool]) -> int:
    """A number that works, right above one that does not."""
    while works_at - fails > 1:
        middle = (fails + works_at) // 2
        if works(middle):
            works_at = middle
        else:
            fails = middle
    return works_at


def _first(values: Iterable[int], works: Callable[[int], bool], tries: int, found: int) -> tuple[int, bool]:
    """The first of the values that works, or what was found, with whether all before it were tried."""
    for tried, value in enumerate(values):
        if tried == tries:
            return found, False
        if works(value):
            return value, True
    return found, True


def _voters_at_least(instance: Instance, result: Result, project: int) -> int | None:
    """So many further voters it takes in any case; None where no number can do.

    Under equal shares, with fewer than that all its supporters together have less than the project costs.
    """
    cost, budget = instance.costs[project], instance.budget
    if cost > budget:
        return None
    if result.rule != "equal-shares-1" or result.parameters["completion"]["name"] != "none":
        return 1
    lacking = cost * instance.voters - int(instance.support.voters[project]) * budget
    if cost == budget:
        return None if lacking > 0 else 1
    return max(1, -(-lacking // (budget - cost)))


def _support_never_harms(result: Result) -> bool:
    return result.rule in {"greedy-1", "phragmen-1", "maximin-support-1"}


def _cheaper_never_harms(result: Result) -> bool:
    match result.rule:
        case "equal-shares-1":
            return str(result.parameters["completion"]["name"]) in {"none", "utilitarian", "phragmen"}
        case "greedy-1":  # points that grow with the cost shrink with it
            return not (result.parameters["utility"] == "cost" and result.parameters["per"] == "project")
    return result.rule in {"phragmen-1", "maximin-support-1"}

"""Greedy against a plain count; thresholds, points, and what happens when the next project does not fit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import BallotKind, Instance, Project
from communs.core.allocation.greedy import NoRoom, Per, greedy
from communs.core.allocation.ties import order_of
from communs.core.allocation.utilities import Utility, by_entry


def plainly(instance: Instance, utility: Utility, per: Per, no_room: NoRoom, minima: tuple[int, int]) -> list[str]:
    """The best of those that are left, again and again."""
    worths = by_entry(instance, utility).tolist()
    totals, voters, points = ([0] * len(instance.projects) for _ in range(3))
    scores = by_entry(instance, Utility.SCORE).tolist() if utility is Utility.SCORE else [1] * len(worths)
    for ballot, size in enumerate(instance.sizes.tolist()):
        for entry in range(int(instance.starts[ballot]), int(instance.starts[ballot + 1])):
            project = int(instance.choices[entry])
            totals[project] += size * worths[entry]
            points[project] += size * scores[entry]
            voters[project] += size
    ranks = order_of("lexicographic", instance.ids).ranks
    open_ = {
        p
        for p in range(len(instance.projects))
        if voters[p] >= minima[0] and points[p] >= max(1, minima[1]) and instance.costs[p] <= instance.budget
    }
    funded, left = [], instance.budget

    def key(p: int) -> tuple[bool, Fraction, int]:
        cost = instance.costs[p]
        return bool(cost), -Fraction(totals[p], cost if per is Per.COST else 1) if cost else Fraction(0), ranks[p]

    for project in sorted(open_, key=key):
        if instance.costs[project] > left:
            if no_room is NoRoom.STOP:
                break
            continue
        left -= instance.costs[project]
        funded.append(instance.ids[project])
    return funded


@st.composite
def elections(draw: st.DrawFn) -> Instance:
    costs = draw(
        st.lists(st.one_of(st.integers(0, 3), st.integers(0, 300), st.integers(0, 10**15)), min_size=1, max_size=7)
    )
    kind = draw(st.sampled_from([BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL]))
    projects = [Project(str(number), cost) for number, cost in enumerate(costs)]
    ids = st.sampled_from([project.id for project in projects])
    ballot: st.SearchStrategy[Any] = st.lists(ids, unique=True, max_size=len(costs))
    if kind is BallotKind.CUMULATIVE:
        ballot = st.dictionaries(ids, st.integers(0, 4), max_size=len(costs))
    ballots = draw(st.lists(ballot, max_size=9))
    return Instance.from_rows(projects, draw(st.integers(0, sum(costs) + 1)), ballots, kind)


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from(Per), st.sampled_from(NoRoom), st.integers(0, 3), st.integers(0, 6))
def test_it_funds_what_a_plain_count_funds(
    instance: Instance, per: Per, no_room: NoRoom, votes_min: int, score_min: int
) -> None:
    for utility in Utility:
        if utility is Utility.SCORE and instance.kind is BallotKind.APPROVAL:
            continue
        result = greedy(instance, utility, per=per, no_room=no_room, votes_min=votes_min, score_min=score_min)
        assert list(result.selected) == plainly(instance, utility, per, no_room, (votes_min, score_min))
        assert sum(result.amounts.values()) <= instance.budget
        assert [one["project"] for one in result.certificate["rounds"]] == list(result.selected)


PROJECTS = [Project("pool", 70), Project("path", 50), Project("tree", 20)]
CHOICE = Instance.from_rows(PROJECTS, 100, [["pool"]] * 5 + [["path"]] * 4 + [["tree"]] * 3)


def test_the_next_that_does_not_fit_is_passed_over_or_ends_it() -> None:
    assert greedy(CHOICE).selected == ("pool", "tree")
    assert greedy(CHOICE, no_room=NoRoom.STOP).selected == ("pool",)


def test_a_project_below_a_threshold_is_not_funded() -> None:
    assert greedy(CHOICE, votes_min=4).selected == ("pool",)
    points = Instance.from_rows(PROJECTS, 100, [{"pool": 1}] * 5 + [{"path": 4}] + [{"tree": 3}], BallotKind.CUMULATIVE)
    assert greedy(points, Utility.SCORE, per=Per.PROJECT, score_min=4).selected == ("pool",)
    assert greedy(points, Utility.SCORE, per=Per.PROJECT, votes_min=1, score_min=5).selected == ("pool",)


def test_the_most_points_or_the_most_points_for_each_unit_of_money() -> None:
    points = Instance.from_rows(PROJECTS, 70, [{"pool": 6}, {"path": 4}, {"tree": 3}], BallotKind.CUMULATIVE)
    assert greedy(points, Utility.SCORE, per=Per.PROJECT).selected == ("pool",)
    assert greedy(points, Utility.SCORE, per=Per.COST).selected == ("tree", "path")


def test_a_tie_tells_whether_it_matters() -> None:
    instance = Instance.from_rows([Project("a", 60), Project("b", 60), Project("c", 1)], 61, [["a", "b", "c"]])
    ties = [(tie.round, tie.tied, tie.won, tie.changes_result) for tie in greedy(instance).ties]
    assert ties == [(1, ("a", "b", "c"), "a", True)]

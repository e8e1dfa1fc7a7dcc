"""EJR+ against its definition, tried on every group of voters."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.axioms.representation import UpTo, ejr_plus, satisfaction
from communs.core.allocation.elections import Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import (
    NONE,
    Add1,
    Add1Utilitarian,
    Completion,
    PhragmenCompletion,
    Utilitarian,
    equal_shares,
)
from communs.core.allocation.utilities import Utility


@st.composite
def outcomes(draw: Any, scale: int = 1) -> tuple[list[Project], list[list[str]], int, list[str]]:
    ids = [str(number) for number in range(draw(st.integers(1, 4)))]
    projects = [Project(id_, scale * draw(st.integers(0, 6))) for id_ in ids]
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=7))
    return projects, ballots, scale * draw(st.integers(0, 15)), draw(st.lists(st.sampled_from(ids), unique=True))


def violated(
    projects: list[Project], ballots: list[list[str]], budget: int, selected: list[str], utility: Utility, up_to: UpTo
) -> set[str]:
    """The definition word by word: projects with a group of which nobody passes what it is owed."""
    costs = {project.id: project.cost for project in projects}
    worth = costs if utility is Utility.COST else dict.fromkeys(costs, 1)

    def reach(ballot: list[str], project: str) -> int:
        has = sum(worth[id_] for id_ in ballot if id_ in selected)
        ones = [worth[id_] for id_ in ballot if id_ not in selected and costs[id_] <= budget]
        return has + (worth[project] if up_to is UpTo.ANY else max([worth[project], *ones]))

    found = set()
    for project, cost in costs.items():
        supporters = [ballot for ballot in ballots if project in ballot]
        if project in selected or not cost:
            continue
        for size in range(1, len(supporters) + 1):
            owed = Fraction(size * budget * worth[project], len(ballots) * cost)
            for group in combinations(supporters, size):
                if all(reach(ballot, project) <= owed for ballot in group):
                    found.add(project)
    return found


@settings(max_examples=500, deadline=None)
@given(outcomes(), st.sampled_from([Utility.COST, Utility.CARDINALITY]), st.sampled_from(UpTo))
def test_it_decides_as_the_definition_does(outcome: Any, utility: Utility, up_to: UpTo) -> None:
    projects, ballots, budget, selected = outcome
    found = ejr_plus(Instance.from_rows(projects, budget, ballots), selected, utility, up_to)
    wrong = violated(projects, ballots, budget, selected, utility, up_to)
    assert {one.project for one in found.shortfalls} == wrong
    assert found.holds == (not wrong)


@settings(max_examples=100, deadline=None)
@given(outcomes(scale=2**53), st.sampled_from(UpTo))
def test_it_is_exact_where_64_bits_do_not_suffice(outcome: Any, up_to: UpTo) -> None:
    projects, ballots, budget, selected = outcome
    found = ejr_plus(Instance.from_rows(projects, budget, ballots), selected, Utility.COST, up_to)
    wrong = violated(projects, ballots, budget, selected, Utility.COST, up_to)
    assert {one.project for one in found.shortfalls} == wrong


@settings(max_examples=200, deadline=None)
@given(outcomes(), st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_a_witness_can_be_recounted(outcome: Any, utility: Utility) -> None:
    projects, ballots, budget, selected = outcome
    costs = {project.id: project.cost for project in projects}
    for one in ejr_plus(Instance.from_rows(projects, budget, ballots), selected, utility).shortfalls:
        worth = costs if utility is Utility.COST else dict.fromkeys(costs, 1)
        had = [sum(worth[id_] for id_ in ballot if id_ in selected) for ballot in ballots if one.project in ballot]
        assert sum(value <= one.most for value in had) == one.voters
        assert one.most + worth[one.project] == one.reach <= one.owed
        assert one.share == Fraction(one.voters * budget, len(ballots))


@settings(max_examples=300, deadline=None)
@given(
    outcomes(),
    st.sampled_from([Utility.COST, Utility.CARDINALITY]),
    st.sampled_from([NONE, Add1(), Utilitarian(), PhragmenCompletion(), Add1Utilitarian()]),
)
def test_equal_shares_never_fails(outcome: Any, utility: Utility, completion: Completion) -> None:
    projects, ballots, budget, _selected = outcome
    election = Instance.from_rows(projects, budget, ballots)
    assert ejr_plus(election, equal_shares(election, utility, completion).selected, utility).holds


def test_a_large_group_that_got_nothing_is_named() -> None:
    projects = [Project("north", 60), Project("south", 60)]
    election = Instance.from_rows(projects, 100, [["north"]] * 6 + [["south"]] * 4)
    (one,) = ejr_plus(election, ["south"]).shortfalls
    assert (one.project, one.voters, one.share, one.most) == ("north", 6, 60, 0)
    assert ejr_plus(election, ["north"]).holds


def test_satisfaction_is_counted_by_ballot_class() -> None:
    election = Instance.from_rows([Project("a", 3), Project("b", 4)], 9, [["a"], ["a", "b"], []])
    assert satisfaction(election, ["a", "b"], Utility.COST).tolist() == [3, 7, 0]
    assert satisfaction(election, ["a"], Utility.CARDINALITY).tolist() == [1, 1, 0]


def test_what_cannot_be_checked_is_refused() -> None:
    election = Instance.from_rows([Project("a", 3)], 9, [["a"]])
    with pytest.raises(InvalidElection, match="b is no project"):
        ejr_plus(election, ["b"])
    with pytest.raises(InvalidElection, match="Choose cost or cardinality"):
        ejr_plus(election, ["a"], Utility.SCORE)

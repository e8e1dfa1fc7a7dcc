"""The most utility that a budget buys, against trying every set of projects."""

from __future__ import annotations

import importlib.util
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.utilities import Utility
from communs.core.allocation.welfare import total_utilities, welfare

solver = pytest.mark.skipif(importlib.util.find_spec("highspy") is None, reason="highspy is not installed")


@st.composite
def elections(draw: Any, scale: int = 1) -> Instance:
    ids = [str(number) for number in range(draw(st.integers(1, 8)))]
    projects = [Project(id_, scale * draw(st.integers(0, 30))) for id_ in ids]
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=8))
    return Instance.from_rows(projects, scale * draw(st.integers(0, 100)), ballots)


def best(instance: Instance, worths: list[int]) -> tuple[int, int]:
    """The most utility within the budget, and for how little money, over all sets."""
    numbers = range(len(instance.ids))
    sets = chain.from_iterable(combinations(numbers, size) for size in range(len(instance.ids) + 1))
    costs = ((sum(worths[n] for n in one), -sum(instance.costs[n] for n in one)) for one in sets)
    return max(pair for pair in costs if -pair[1] <= instance.budget)


def check(instance: Instance, utility: Utility) -> None:
    result = welfare(instance, utility)
    worths = [
        sum(
            int(size) * (instance.costs[project] if utility is Utility.COST else 1)
            for number, size in enumerate(instance.sizes)
            if project in instance.ballot(number)
        )
        for project in range(len(instance.ids))
    ]
    assert total_utilities(instance, utility) == worths
    found = sum(worths[instance.number_of[id_]] for id_ in result.selected), -sum(result.amounts.values())
    assert found == best(instance, worths)
    assert result.certificate["utility"] == found[0]


@settings(max_examples=300, deadline=None)
@given(elections(), st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_no_other_set_of_projects_is_worth_more_or_as_much_for_less(instance: Instance, utility: Utility) -> None:
    check(instance, utility)


@settings(max_examples=50, deadline=None)
@given(elections(scale=2**53))
def test_it_is_exact_where_64_bits_do_not_suffice(instance: Instance) -> None:
    check(instance, Utility.COST)


def test_points_are_added_up() -> None:
    projects = [Project("a", 60), Project("b", 50), Project("c", 50)]
    votes = [{"a": 5, "b": 3}, {"c": 3}, {"b": 1}]
    result = welfare(Instance.from_rows(projects, 100, votes, BallotKind.SCORING), Utility.SCORE)
    assert (result.selected, result.certificate["utility"]) == (("b", "c"), 7)


def test_where_too_many_sums_are_left_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communs.core.allocation.welfare.solver_here", lambda: False)
    projects = [Project(str(n), 1000 + n) for n in range(12)]
    election = Instance.from_rows(projects, 5000, [[str(n) for n in range(12)]])
    with pytest.raises(InvalidElection, match="pip install highspy"):
        welfare(election, sums_max=3)


@solver
@settings(max_examples=50, deadline=None)
@given(elections())
def test_the_solver_finds_as_much(instance: Instance) -> None:
    by_solver = welfare(instance, sums_max=0)
    assert by_solver.certificate == welfare(instance).certificate

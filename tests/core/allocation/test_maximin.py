"""Maximin support against a plain exact reference that looks at every set of projects."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.spreading import Ground, Spread
from communs.core.allocation.ties import order_of


@st.composite
def elections(draw: Any, most: int = 6, costs: Any = None) -> Instance:
    count = draw(st.integers(1, most))
    ids = [str(number) for number in range(count)]
    cost = st.one_of(st.integers(0, 5), st.integers(0, 1000)) if costs is None else costs
    projects = [Project(id_, draw(cost)) for id_ in ids]
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=12))
    return Instance.from_rows(projects, draw(st.integers(0, 2 * sum(p.cost for p in projects) + 1)), ballots)


def density(instance: Instance, projects: tuple[int, ...]) -> Fraction:
    """What a set of projects costs for each voter who supports one of them."""
    voters = sum(
        int(size) for number, size in enumerate(instance.sizes) if set(instance.ballot(number).tolist()) & set(projects)
    )
    return Fraction(sum(instance.costs[project] for project in projects), voters)


def heaviest(instance: Instance, projects: tuple[int, ...]) -> Fraction:
    parts = (part for size in range(1, len(projects) + 1) for part in combinations(projects, size))
    return max((density(instance, part) for part in parts), default=Fraction(0))


def plainly(instance: Instance, ties: str) -> list[tuple[str, Fraction]]:
    rank = order_of(ties, instance.ids).ranks
    left, funded, told = instance.budget, (), []
    while True:
        fitting = [
            project
            for project, cost in enumerate(instance.costs)
            if project not in funded and cost <= left and instance.support.voters[project]
        ]
        if not fitting:
            return told
        load, _rank, best = min((heaviest(instance, (*funded, p)), rank[p], p) for p in fitting)
        funded, left = (*funded, best), left - instance.costs[best]
        told.append((instance.ids[best], load))


@settings(max_examples=300, deadline=None)
@given(elections(), st.sampled_from(["lexicographic", "hash:a"]))
def test_it_funds_what_the_plain_reference_funds_at_the_same_loads(instance: Instance, ties: str) -> None:
    result = maximin_support(instance, ties)
    assert [(one["project"], Fraction(one["load"])) for one in result.rounds] == plainly(instance, ties)
    assert [one["project"] for one in result.rounds] == list(result.selected)


@settings(max_examples=150, deadline=None)
@given(elections(costs=st.integers(2**52, 2**57)))
def test_it_is_exact_where_64_bits_do_not_suffice(instance: Instance) -> None:
    result = maximin_support(instance)
    assert [(one["project"], Fraction(one["load"])) for one in result.rounds] == plainly(instance, "lexicographic")


@settings(max_examples=200, deadline=None)
@given(elections())
def test_counting_the_certificate_proves_that_no_choice_could_be_lower(instance: Instance) -> None:
    result = maximin_support(instance)
    number, left, before = instance.number_of, instance.budget, Fraction(0)
    funded: list[str] = []
    for one in result.certificate["rounds"]:
        load = Fraction(one["load"])
        assert set(one["tight"]) <= {*funded, one["project"]}
        assert density(instance, tuple(number[id_] for id_ in one["tight"])) == load >= before
        for id_ in instance.ids if load > before else ():
            fits = instance.costs[number[id_]] <= left and instance.support.voters[number[id_]]
            if id_ not in funded and id_ != one["project"] and fits:
                part = one["bounds"].get(id_, [id_])
                assert id_ in part
                assert set(part) <= {*funded, id_}
                assert density(instance, tuple(number[other] for other in part)) >= load
        funded.append(one["project"])
        left -= instance.costs[number[one["project"]]]
        before = load


@settings(max_examples=200, deadline=None)
@given(elections(), st.fractions(0, 2000, max_denominator=50))
def test_a_spread_pays_every_cost_and_loads_nobody_too_much(instance: Instance, extra: Fraction) -> None:
    projects = tuple(p for p in range(len(instance.ids)) if instance.support.voters[p])
    spread = Spread(Ground(instance), heaviest(instance, projects))
    for project in projects:
        assert spread.add(project) == ()
    for moved in (spread, spread.at(spread.load + extra)):
        carried = [Fraction(0)] * len(instance.sizes)
        for project in projects:
            paid = Fraction(0)
            for ballot, amount in moved.amounts(project):
                assert project in instance.ballot(ballot)
                assert amount > 0
                carried[ballot] += amount
                paid += amount * int(instance.sizes[ballot])
            assert paid == instance.costs[project]
        assert all(amount <= moved.load for amount in carried)


@settings(max_examples=200, deadline=None)
@given(elections(), st.fractions(0, 1000, max_denominator=50))
def test_a_spread_that_cannot_be_names_projects_that_are_too_dear(instance: Instance, load: Fraction) -> None:
    spread = Spread(Ground(instance), load)
    projects = [p for p in range(len(instance.ids)) if instance.support.voters[p]]
    for place, project in enumerate(projects, 1):
        dear = spread.add(project)
        assert bool(dear) == (heaviest(instance, tuple(projects[:place])) > load)
        if dear:
            assert density(instance, dear) > load
            return


def test_a_tie_is_told_and_decided_by_the_order() -> None:
    projects = [Project("a", 10), Project("b", 10)]
    result = maximin_support(Instance.from_rows(projects, 10, [["a"], ["b"]]))
    assert result.selected == ("a",)
    assert [(tie.round, tie.tied, tie.won) for tie in result.ties] == [(1, ("a", "b"), "a")]
    assert result.rounds[0]["runner_up"] == "b"
    assert result.rounds[0]["margin"] == "0/1"


@pytest.mark.parametrize("ballots", [[], [[]], [["dear"]]])
def test_nobody_is_funded_where_nobody_is_supported_or_nothing_fits(ballots: list[list[str]]) -> None:
    projects = [Project("dear", 11), Project("unsupported", 1)]
    assert maximin_support(Instance.from_rows(projects, 10, ballots)).selected == ()


def test_the_same_bytes_come_out_every_time() -> None:
    projects = [Project(str(n), 7 * n % 5 + 1) for n in range(8)]
    ballots = [[str(n * k % 8) for n in range(3)] for k in (1, 3, 5, 7)]
    results = {maximin_support(Instance.from_rows(projects, 15, ballots), "hash:x").to_json() for _ in range(3)}
    assert len(results) == 1

"""Sequential Phragmén against a plain count in exact fractions, voter by voter."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import BallotKind, Instance, Project
from communs.core.allocation.phragmen import Stop, phragmen
from communs.core.allocation.ties import order_of


def plainly(instance: Instance, stop: Stop, ties: str) -> tuple[list[str], list[Fraction]]:
    """The projects bought in order, and the load after each, as the definition says it."""
    order = order_of(ties, instance.ids)
    voters = [set(instance.ballot(ballot).tolist()) for ballot, size in enumerate(instance.sizes) for _ in range(size)]
    loads = [Fraction(0)] * len(voters)
    backers = {p: [v for v, named in enumerate(voters) if p in named] for p in range(len(instance.projects))}
    open_ = {p for p in backers if backers[p] and instance.costs[p] <= instance.budget}
    bought, told, left = [], [], instance.budget
    while open_:
        after = {p: (instance.costs[p] + sum(loads[v] for v in backers[p])) / Fraction(len(backers[p])) for p in open_}
        lowest = min(after.values())
        tied = [p for p in open_ if after[p] == lowest]
        if stop is Stop.FIRST_OVERSHOOT and any(instance.costs[p] > left for p in tied):
            break
        open_ -= {p for p in tied if instance.costs[p] > left}
        fitting = sorted((p for p in tied if p in open_), key=order.ranks.__getitem__)
        if not fitting:
            continue
        won = fitting[0]
        for voter in backers[won]:
            loads[voter] = lowest
        open_.remove(won)
        left -= instance.costs[won]
        bought.append(instance.ids[won])
        told.append(lowest)
    return bought, told


@st.composite
def elections(draw: st.DrawFn) -> Instance:
    costs = draw(
        st.lists(st.one_of(st.integers(0, 3), st.integers(0, 300), st.integers(0, 10**15)), min_size=1, max_size=7)
    )
    projects = [Project(str(number), cost) for number, cost in enumerate(costs)]
    ids = st.sampled_from([project.id for project in projects])
    kind = draw(st.sampled_from([BallotKind.APPROVAL, BallotKind.ORDINAL]))
    ballots = draw(st.lists(st.lists(ids, unique=True, max_size=len(costs)), max_size=9))
    return Instance.from_rows(projects, draw(st.integers(0, sum(costs) + 1)), ballots, kind)


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from(Stop), st.sampled_from(["lexicographic", "hash:2026"]))
def test_it_buys_what_a_plain_count_in_fractions_buys(instance: Instance, stop: Stop, ties: str) -> None:
    bought, loads = plainly(instance, stop, ties)
    result = phragmen(instance, stop, ties)
    assert list(result.selected) == bought
    assert [Fraction(one["load"]) for one in result.certificate["rounds"]] == loads
    assert sum(result.amounts.values()) <= instance.budget
    assert phragmen(instance, stop, ties).to_json() == result.to_json()


@settings(max_examples=150, deadline=None)
@given(elections())
def test_the_one_that_was_next_is_what_is_bought_without_the_winner(instance: Instance) -> None:
    """Of the first round that costs something."""
    result = phragmen(instance, Stop.SKIP)
    paid = [one for one in result.rounds if one["cost"]]
    if not paid:
        return
    first = paid[0]
    rest = [p for p in instance.projects if p.cost and p.id != first["project"]]
    backers = {p.id: int(instance.support.voters[instance.number_of[p.id]]) for p in rest}
    others = {p.id: Fraction(p.cost, backers[p.id]) for p in rest if backers[p.id] and p.cost <= instance.budget}
    assert (first["runner_up"] is None) == (not others)
    if others:
        assert others[first["runner_up"]] == min(others.values())
        assert Fraction(first["margin"]) == min(others.values()) - Fraction(first["load"])


def test_points_count_as_support_and_none_do_not() -> None:
    projects = [Project("a", 10), Project("b", 10)]
    instance = Instance.from_rows(projects, 20, [{"a": 1, "b": 0}, {"a": 5}], BallotKind.CUMULATIVE)
    assert phragmen(instance).selected == ("a",)


def test_what_costs_nothing_comes_first_what_nobody_supports_never_what_costs_more_than_all_money_never() -> None:
    projects = [Project("b", 0), Project("a", 0), Project("idle", 1), Project("huge", 501), Project("path", 100)]
    instance = Instance.from_rows(projects, 500, [["a", "b", "huge", "path"]] * 2 + [["huge"]])
    assert phragmen(instance).selected == ("a", "b", "path")


def test_a_tie_that_would_overshoot_ends_the_count_or_is_passed_over() -> None:
    """After a, b and c are equally soon; b still fits, c does not."""
    projects = [Project("a", 10), Project("b", 20), Project("c", 40)]
    instance = Instance.from_rows(projects, 40, [["a"]] * 5 + [["b"]] + [["c"]] * 2)
    assert phragmen(instance, Stop.FIRST_OVERSHOOT).selected == ("a",)
    assert phragmen(instance, Stop.SKIP).selected == ("a", "b")

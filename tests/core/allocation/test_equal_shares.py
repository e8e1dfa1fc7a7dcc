"""Equal shares against a plain count in exact fractions, voter by voter; its completions, ties and what is told."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.backing import Backing
from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import (
    Add1,
    Add1Utilitarian,
    Completion,
    NoCompletion,
    PhragmenCompletion,
    Start,
    StepOf,
    Stop,
    Utilitarian,
    equal_shares,
)
from communs.core.allocation.equal_shares.adding import endowment
from communs.core.allocation.equal_shares.completions import explicit
from communs.core.allocation.equal_shares.exact import Exact
from communs.core.allocation.equal_shares.market import Market, Offer
from communs.core.allocation.equal_shares.purses import Purses
from communs.core.allocation.equal_shares.selecting import same_for_all, select
from communs.core.allocation.phragmen import Stop as PhragmenStop
from communs.core.allocation.results import Result, rational
from communs.core.allocation.ties import Order, order_of
from communs.core.allocation.utilities import Utility, by_entry

LEX = "lexicographic"


def worths(instance: Instance, utility: Utility) -> list[dict[int, int]]:
    """By voter: the utility of each project that the ballot names."""
    per_entry = by_entry(instance, utility).tolist()
    voters: list[dict[int, int]] = []
    for ballot, size in enumerate(instance.sizes.tolist()):
        first, last = int(instance.starts[ballot]), int(instance.starts[ballot + 1])
        named = {int(instance.choices[entry]): per_entry[entry] for entry in range(first, last)}
        voters += [named] * size
    return voters


@dataclass
class Plain:
    """What a plain count finds: winners, the rho of each that costs something, the ties, and what is left."""

    winners: list[int]
    rhos: list[Fraction]
    ties: list[tuple[int, tuple[int, ...], int]]
    purses: list[Fraction]


def plainly(instance: Instance, utility: Utility, each: Fraction, order: Order) -> Plain:
    """Equal shares as its definition says it, with nothing but fractions."""
    voters = worths(instance, utility)
    free_counts = utility is Utility.COST
    backers = {
        project: [
            voter for voter, named in enumerate(voters) if named.get(project, 0) or (free_counts and project in named)
        ]
        for project in range(len(instance.projects))
    }
    backers = {project: who for project, who in backers.items() if who}
    free = sorted((p for p in backers if instance.costs[p] == 0), key=order.ranks.__getitem__)
    found = Plain(free, [], [], [each] * len(voters))
    open_ = {project for project in backers if instance.costs[project]}
    while True:
        prices = {p: price for p in open_ if (price := rho(instance, voters, found.purses, p, backers[p])) is not None}
        if not prices:
            return found
        lowest = min(prices.values())
        tied = tuple(sorted(p for p, price in prices.items() if price == lowest))
        won = order.first(tied)
        if len(tied) > 1:
            found.ties.append((len(found.winners) + 1, tied, won))
        for voter in backers[won]:
            found.purses[voter] -= min(found.purses[voter], lowest * voters[voter][won])
        open_.remove(won)
        found.winners.append(won)
        found.rhos.append(lowest)


def rho(
    instance: Instance, voters: list[dict[int, int]], purses: list[Fraction], project: int, backers: list[int]
) -> Fraction | None:
    """The price per utility at which the backers can pay for a project."""
    missing = Fraction(instance.costs[project])
    utility = sum(voters[voter][project] for voter in backers)
    for voter in sorted(backers, key=lambda voter: purses[voter] / voters[voter][project]):
        price = missing / utility
        if price * voters[voter][project] <= purses[voter]:
            return price
        missing -= purses[voter]
        utility -= voters[voter][project]
    return None


@st.composite
def elections(draw: st.DrawFn) -> Instance:
    """Small elections: many ties, projects for nothing, huge costs, empty ballots, points and ranks."""
    costs = draw(
        st.lists(st.one_of(st.integers(0, 4), st.integers(0, 300), st.integers(0, 10**15)), min_size=1, max_size=7)
    )
    kind = draw(st.sampled_from([BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL]))
    projects = [Project(str(number), cost) for number, cost in enumerate(costs)]
    ids = st.sampled_from([project.id for project in projects])
    ballot: st.SearchStrategy[Any] = st.lists(ids, unique=True, max_size=len(costs))
    if kind is BallotKind.CUMULATIVE:
        ballot = st.dictionaries(ids, st.integers(0, 4), max_size=len(costs))
    ballots = draw(st.lists(ballot, min_size=1, max_size=9))
    budget = draw(st.integers(0, sum(costs) + 1))
    return Instance.from_rows(projects, budget, ballots, kind)


def utilities_of(instance: Instance) -> list[Utility]:
    return [utility for utility in Utility if utility is not Utility.SCORE or instance.kind is not BallotKind.APPROVAL]


def rationals(result: Result) -> list[Fraction]:
    return [Fraction(one["rho"]) for one in result.certificate["rounds"]]


@settings(max_examples=150, deadline=None)
@given(elections(), st.sampled_from([LEX, "hash:2026"]))
def test_it_chooses_what_a_plain_count_in_fractions_chooses(instance: Instance, ties: str) -> None:
    order = order_of(ties, instance.ids)
    for utility in utilities_of(instance):
        plain = plainly(instance, utility, endowment(instance), order)
        result = equal_shares(instance, utility, ties=ties)
        assert result.selected == tuple(instance.ids[p] for p in plain.winners)
        assert rationals(result) == plain.rhos
        told = [(tie.round, tie.tied, tie.won) for tie in result.ties]
        ids = instance.ids
        assert told == [(number, tuple(ids[p] for p in tied), ids[won]) for number, tied, won in plain.ties]


@settings(max_examples=60, deadline=None)
@given(elections())
def test_what_is_told_of_each_round_is_exact(instance: Instance) -> None:
    order = order_of(LEX, instance.ids)
    for utility in utilities_of(instance):
        result = equal_shares(instance, utility)
        paid = [one for one in result.rounds if one["cost"]]
        for place, one in enumerate(paid):
            before = plainly_until(instance, utility, order, place)
            number = instance.number_of[one["project"]]
            voters = worths(instance, utility)
            backers = [voter for voter, named in enumerate(voters) if named.get(number, 0)]
            assert one["supporters"] == len(backers)
            assert Fraction(one["money"]) == sum(before[voter] for voter in backers)
            price = Fraction(one["rho"])
            assert one["in_full"] == sum(before[voter] >= price * voters[voter][number] for voter in backers)
            rest = [
                p
                for p in range(len(instance.projects))
                if p != number and instance.ids[p] not in result.selected[: place + len(result.rounds) - len(paid)]
            ]
            others = {
                p: rho(instance, voters, before, p, [v for v, named in enumerate(voters) if named.get(p, 0)])
                for p in rest
                if instance.costs[p]
            }
            known = [value for value in others.values() if value is not None]
            assert (one["margin"] is None) == (not known)
            if known:
                assert Fraction(one["margin"]) == min(known) - price
                assert others[instance.number_of[one["runner_up"]]] == min(known)


def plainly_until(instance: Instance, utility: Utility, order: Order, rounds: int) -> list[Fraction]:
    """What voters have left before a round, in fractions."""
    full = plainly(instance, utility, endowment(instance), order)
    voters = worths(instance, utility)
    purses = [endowment(instance)] * len(voters)
    paid = [p for p in full.winners if instance.costs[p]][:rounds]
    for project, price in zip(paid, full.rhos, strict=False):
        purses = [
            purse - min(purse, price * named.get(project, 0)) for purse, named in zip(purses, voters, strict=True)
        ]
    return purses


def by_hand(instance: Instance, utility: Utility, how: Add1, order: Order) -> tuple[list[int], int]:
    """Add1 as its definition says it: the winners, and the number of steps."""
    start = endowment(instance, how.start)
    step = how.step * (start if how.step_of is StepOf.ENDOWMENT else 10**instance.decimals)
    supported = {p for named in worths(instance, Utility.CARDINALITY) for p in named}
    supported &= {
        p for named in worths(instance, utility) for p, worth in named.items() if worth or instance.costs[p] == 0
    }
    before, steps = plainly(instance, utility, start, order).winners, 0
    while True:
        winners = plainly(instance, utility, start + steps * step, order).winners
        spent = sum(instance.costs[p] for p in winners)
        if spent > instance.budget:
            return before, steps - 1
        rest = [instance.costs[p] for p in supported - set(winners)]
        if not rest or (how.stop is Stop.EXHAUSTIVE and min(rest) + spent > instance.budget):
            return winners, steps
        before, steps = winners, steps + 1


@settings(max_examples=80, deadline=None)
@given(
    elections(),
    st.sampled_from(Start),
    st.sampled_from(Stop),
    st.sampled_from([Fraction(1, 7), Fraction(1), Fraction(40)]),
)
def test_add1_is_the_same_count_step_by_step(instance: Instance, start: Start, stop: Stop, step: Fraction) -> None:
    if endowment(instance, start) <= 0:
        return
    how = Add1(step=step / 10, step_of=StepOf.ENDOWMENT, start=start, stop=stop)
    order = order_of(LEX, instance.ids)
    for utility in utilities_of(instance):
        try:
            winners, steps = by_hand_within(instance, utility, how, order)
        except TooLongByHand:
            continue
        result = equal_shares(instance, utility, how)
        assert result.selected == tuple(instance.ids[p] for p in winners)
        assert result.certificate["completion"]["steps"] == steps


class TooLongByHand(Exception):
    """More steps than a plain count is asked for."""


def by_hand_within(instance: Instance, utility: Utility, how: Add1, order: Order) -> tuple[list[int], int]:
    costs = [cost for cost in instance.costs if cost]
    if costs and max(costs) * len(instance.projects) > 40 * how.step * endowment(instance, how.start):
        raise TooLongByHand
    return by_hand(instance, utility, how, order)


PARK = Instance.from_rows(
    [Project("park", 300), Project("path", 200), Project("tree", 100)], 500, [["park", "tree"]] * 3 + [["path"]] * 2
)


def test_a_choice_of_nobody_of_no_money_or_of_no_projects_is_an_empty_result() -> None:
    nobody = Instance.from_rows([Project("park", 300)], 500, [])
    no_money = Instance.from_rows([Project("park", 300)], 0, [["park"]])
    nothing = Instance.from_rows([], 500, [[], []])
    for instance in (nobody, no_money, nothing):
        result = equal_shares(instance)
        assert (result.selected, result.amounts, result.rounds, result.ties) == ((), {}, (), ())


def test_what_costs_nothing_comes_first_what_nobody_supports_never_what_costs_more_than_all_money_never() -> None:
    projects = [Project("b", 0), Project("a", 0), Project("idle", 0), Project("huge", 501), Project("path", 100)]
    instance = Instance.from_rows(projects, 500, [["a", "b", "huge", "path"]] * 2 + [["huge"]])
    assert equal_shares(instance).selected == ("a", "b", "path")
    assert equal_shares(instance).certificate["free"] == ["a", "b"]


def test_a_unanimous_election_is_not_refused_because_of_rounding() -> None:
    """One project, all money, every number of voters: 1/n · n is no longer 1 in floats, and still enough."""
    for voters in (3, 7, 11, 49, 98, 103, 107, 161, 187, 6_586):
        for cost in (1, 10, 99_999, 10**15 + 1):
            instance = Instance.from_rows([Project("all", cost)], cost, [["all"]] * voters)
            assert equal_shares(instance).selected == ("all",)


@pytest.mark.parametrize("short_by", [0, 1])
def test_the_last_unit_of_money_decides(short_by: int) -> None:
    """The supporters have exactly the cost, or one part of 10¹⁵ less."""
    cost = 10**15
    instance = Instance.from_rows(
        [Project("a", cost + short_by), Project("b", 1)], 3 * cost // 2, [["a"], ["a"], ["b"]]
    )
    assert ("a" in equal_shares(instance).selected) == (short_by == 0)


def test_more_than_a_thousand_rounds_need_no_depth_of_calls() -> None:
    random = np.random.default_rng(5)
    projects = [Project(f"p{number:04}", int(cost)) for number, cost in enumerate(random.integers(900, 999, 1300))]
    ballots = [[f"p{number:04}" for number in sorted(random.choice(1300, 60, replace=False))] for _ in range(997)]
    assert len(equal_shares(Instance.from_rows(projects, 1_300_000, ballots), Utility.CARDINALITY).selected) > 1200


def test_prices_are_written_out_though_their_digits_pass_what_python_writes_at_once() -> None:
    number = 7**9000
    assert rational(Fraction(-number, number + 1)).count("/") == 1
    text = rational(number).removesuffix("/1")
    assert len(text) > 4300
    assert sum(int(text[place]) * pow(10, len(text) - place - 1, 10**9 + 7) for place in range(len(text))) % (
        10**9 + 7
    ) == number % (10**9 + 7)


def test_a_tie_tells_whether_it_matters() -> None:
    """a and b are equal; only one fits. c and d are equal and both fit."""
    matters = Instance.from_rows([Project("a", 60), Project("b", 60)], 100, [["a", "b"]] * 2)
    assert [(tie.tied, tie.won, tie.changes_result) for tie in equal_shares(matters).ties] == [(("a", "b"), "a", True)]
    harmless = Instance.from_rows([Project("c", 50), Project("d", 50)], 100, [["c", "d"]] * 2)
    assert [(tie.won, tie.changes_result) for tie in equal_shares(harmless).ties] == [("c", False)]


def test_bounds_far_apart_still_hold_the_exact_price() -> None:
    """Whatever endowment lies between two, its price lies between the bounds; and what is bought keeps it so."""
    backing = Backing.of(PARK, Utility.COST)
    for each in (Fraction(200), Fraction(601, 3), Fraction(220)):
        purses = Purses(len(PARK.sizes), Fraction(200), Fraction(220))
        exact = Exact(backing, each)
        for project in (0, 2):
            price = exact.price(project)
            assert price is not None
            true = Fraction(price.numerator, price.worth * exact.denominator)
            low, raised = 0.0, 1e-9
            while low < raised < inf:
                low, raised = raised, purses.raised(backing.backers[project], raised)
            high = purses.ceiling(backing.backers[project], low)
            assert low <= true <= high
            exact.buy(project, price)
            purses.pay(backing.backers[project], low, high)


@settings(max_examples=100, deadline=None)
@given(elections(), st.fractions(0, 1), st.fractions(0, 1))
def test_what_is_the_same_for_all_endowments_is_what_each_of_them_gives(
    instance: Instance, near: Fraction, far: Fraction
) -> None:
    order = order_of(LEX, instance.ids)
    start = endowment(instance)
    lowest, highest = sorted((start * (1 + near), start * (1 + far)))
    for utility in utilities_of(instance):
        backing = Backing.of(instance, utility)
        all_ = same_for_all(backing, lowest, highest, order)
        if all_ is not None:
            for each in (lowest, (lowest + highest) / 2, highest):
                one = select(backing, each, order)
                assert (one.winners, one.ties) == (all_.winners, all_.ties)


def test_the_market_gives_up_nothing_that_it_is_not_sure_of() -> None:
    """With bounds as wide as the purses themselves, every project stays an offer."""
    market = Market(Backing.of(PARK, Utility.COST), Purses(len(PARK.sizes), Fraction(0), Fraction(1000)))
    assert {offer.project for offer in market.cheapest()} == {0, 1, 2}
    assert market.cheapest() == []
    market.put_back([Offer(0, 1.0, 2.0)])
    assert [offer.project for offer in market.cheapest()] == [0]


def test_an_offer_holds_until_one_of_its_supporters_pays() -> None:
    projects = [Project("a", 60), Project("b", 60), Project("c", 60)]
    apart = Instance.from_rows(projects, 300, [["a", "b"]] * 2 + [["c"]] * 2)
    market = Market(Backing.of(apart, Utility.COST), Purses(len(apart.sizes), Fraction(75), Fraction(75)))
    first = {offer.project: offer for offer in market.cheapest()}
    assert set(first) == {0, 1, 2}
    market.put_back([first[1], first[2]])
    market.buy(first[0])
    looks = market.looks
    later = {offer.project: offer for offer in market.cheapest()}
    assert set(later) == {1, 2}
    assert later[2] is first[2]
    assert later[1] is not first[1]
    assert market.looks > looks


COMPLETIONS: list[Completion] = [
    NoCompletion(),
    Utilitarian(),
    Utilitarian(Utility.CARDINALITY),
    PhragmenCompletion(),
    Add1(),
    Add1(step=Fraction(1, 100), step_of=StepOf.ENDOWMENT, start=Start.FLOOR, stop=Stop.OVERSPENT),
    Add1Utilitarian(),
]


@settings(max_examples=60, deadline=None)
@given(elections().filter(lambda instance: 0 < instance.budget < 10_000 and max(instance.costs) < 10_000))
def test_no_completion_spends_more_than_the_budget_or_funds_what_nobody_supports(instance: Instance) -> None:
    supported = {instance.ids[p] for named in worths(instance, Utility.CARDINALITY) for p in named}
    for completion in COMPLETIONS:
        if isinstance(completion, Add1) and endowment(instance, completion.start) == 0:
            continue
        result = equal_shares(instance, Utility.COST, completion)
        assert sum(result.amounts.values()) <= instance.budget
        assert set(result.selected) <= supported
        assert len(set(result.selected)) == len(result.selected) == len(result.rounds)
        assert result.parameters["completion"] == explicit(completion, Utility.COST).parameters()
        assert equal_shares(instance, Utility.COST, completion).to_json() == result.to_json()


def filled_by_hand(instance: Instance, utility: Utility, skip: bool) -> tuple[list[int], list[Fraction]]:
    """Equal shares, then everybody earns more on top of what is left: the projects, and the loads of those added."""
    order = order_of(LEX, instance.ids)
    plain = plainly(instance, utility, endowment(instance), order)
    voters = [{p for p, worth in named.items() if worth} for named in worths(instance, utility)]
    loads, funded, told = [-purse for purse in plain.purses], list(plain.winners), []
    left = instance.budget - sum(instance.costs[p] for p in funded)
    open_ = {p for p in range(len(instance.projects)) if p not in funded and instance.costs[p] <= left}
    open_ = {p for p in open_ if any(p in named for named in voters)}
    while open_:
        backers = {p: [voter for voter, named in enumerate(voters) if p in named] for p in open_}
        after = {p: (instance.costs[p] + sum(loads[v] for v in backers[p])) / Fraction(len(backers[p])) for p in open_}
        tied = sorted((p for p in open_ if after[p] == min(after.values())), key=order.ranks.__getitem__)
        if not skip and any(instance.costs[p] > left for p in tied):
            break
        for voter in backers[tied[0]]:
            loads[voter] = after[tied[0]]
        funded.append(tied[0])
        told.append(after[tied[0]])
        left -= instance.costs[tied[0]]
        open_ = {p for p in open_ - {tied[0]} if not skip or instance.costs[p] <= left}
    return funded, told


@settings(max_examples=80, deadline=None)
@given(elections(), st.booleans())
def test_what_voters_earn_on_top_of_what_is_left_buys_what_a_plain_count_buys(instance: Instance, skip: bool) -> None:
    how = PhragmenCompletion(PhragmenStop.SKIP if skip else PhragmenStop.FIRST_OVERSHOOT)
    for utility in utilities_of(instance):
        funded, loads = filled_by_hand(instance, utility, skip)
        result = equal_shares(instance, utility, how)
        assert result.selected == tuple(instance.ids[p] for p in funded)
        assert [Fraction(one["load"]) for one in result.certificate["completion"]["rounds"]] == loads


def test_what_is_left_goes_to_those_with_the_most_voters_or_to_those_who_can_pay_soonest() -> None:
    """Left after `a`: 60. `b` has more voters; those of `c` have not spent anything yet."""
    projects = [Project("a", 60), Project("b", 60), Project("c", 60)]
    instance = Instance.from_rows(projects, 120, [["a", "b"]] * 5 + [["c"]] * 4)
    assert equal_shares(instance).selected == ("a",)
    assert equal_shares(instance, completion=Utilitarian()).selected == ("a", "b")
    filled = equal_shares(instance, completion=PhragmenCompletion())
    assert filled.selected == ("a", "c")
    assert filled.rounds[-1]["by"] == "phragmen"
    assert Fraction(filled.rounds[-1]["load"]) == Fraction(60 - 4 * Fraction(120, 9), 4)


def test_a_step_that_is_none_and_a_score_that_was_not_asked_are_refused_with_a_remedy() -> None:
    with pytest.raises(InvalidElection, match="more than 0"):
        Add1(step=Fraction(0))
    with pytest.raises(InvalidElection, match="in units of the currency"):
        equal_shares(
            Instance.from_rows([Project("a", 5)], 1, [["a"]] * 2),
            completion=Add1(start=Start.FLOOR, step_of=StepOf.ENDOWMENT),
        )
    with pytest.raises(InvalidElection, match="Choose cost or cardinality"):
        equal_shares(PARK, Utility.SCORE)
    with pytest.raises(InvalidElection, match="Scale them"):
        equal_shares(
            Instance.from_rows([Project("a", 5)], 10, [{"a": 2**52}] * 3, BallotKind.CUMULATIVE), Utility.SCORE
        )


def test_thousands_of_steps_are_leapt_over_where_nothing_changes() -> None:
    """A step of a ten-thousandth: counted one by one by the definition, leapt over here, with the same end."""
    projects = [Project("a", 1000), Project("b", 3000), Project("c", 2500)]
    instance = Instance.from_rows(projects, 5000, [["a"]] * 20 + [["b"]] * 20 + [["c"]] * 10)
    how = Add1(step=Fraction(1, 100))
    result = equal_shares(instance, completion=how)
    assert (
        result.certificate["completion"]["steps"]
        == by_hand(instance, Utility.COST, how, order_of(LEX, instance.ids))[1]
    )

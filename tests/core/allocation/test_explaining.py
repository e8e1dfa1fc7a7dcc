"""What a project lacked, where a share went, what a round was: against counting everything again plainly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import NONE, Add1, Completion, Utilitarian, equal_shares
from communs.core.allocation.explaining import (
    Payment,
    Shares,
    ballot_of,
    deciding,
    deciding_equal_shares,
    deciding_phragmen,
    miss,
    misses,
    rounds_of,
)
from communs.core.allocation.explaining.misses import CROWD
from communs.core.allocation.greedy import greedy
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import Stop, phragmen
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility

Rule = Callable[[Instance], Result]
Rows = tuple[list[tuple[str, int]], list[list[str]], int]


@st.composite
def elections(draw: Any) -> Rows:
    ids = [str(number) for number in range(draw(st.integers(1, 4)))]
    projects = [(id_, draw(st.integers(0, 12))) for id_ in ids]
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), unique=True), min_size=1, max_size=6))
    return projects, ballots, draw(st.integers(0, 30))


def made(rows: Rows, changed: dict[str, int] | None = None, more: tuple[str, ...] = ()) -> Instance:
    projects, ballots, budget = rows
    costs = dict(projects) | (changed or {})
    listed = [Project(id_, costs[id_]) for id_, _cost in projects]
    return Instance.from_rows(listed, budget, [*ballots, *([id_] for id_ in more)])


def check(rows: Rows, rule: Rule) -> None:
    """Every answer works; where it is proven, trying all others plainly finds nothing better."""
    instance = made(rows)
    for one in misses(instance, rule(instance), deciding(rule), tries=5):

        def works_with(count: int, project: str = one.project) -> bool:
            return project in rule(made(rows, more=(project,) * count)).selected

        def works_at(cost: int, project: str = one.project) -> bool:
            return project in rule(made(rows, {project: cost})).selected

        limit = max(CROWD * instance.voters, 10)
        if one.more_voters is not None:
            assert works_with(one.more_voters)
            if one.voters_proven:
                assert not any(works_with(count) for count in range(1, one.more_voters))
        elif one.voters_proven:
            assert not any(works_with(count) for count in range(1, limit))
        if one.enough_cost is not None:
            assert works_at(one.enough_cost)
        if one.cost_proven:
            best = max((cost for cost in range(one.cost) if works_at(cost)), default=None)
            assert one.enough_cost == best


@settings(max_examples=60, deadline=None)
@given(
    elections(), st.sampled_from([NONE, Utilitarian(), Add1()]), st.sampled_from([Utility.COST, Utility.CARDINALITY])
)
def test_what_equal_shares_says_a_project_lacked_is_what_it_lacked(
    rows: Rows, completion: Completion, utility: Utility
) -> None:
    check(rows, lambda instance: equal_shares(instance, utility, completion))


@settings(max_examples=60, deadline=None)
@given(elections(), st.sampled_from(Stop))
def test_what_phragmen_says_a_project_lacked_is_what_it_lacked(rows: Rows, stop: Stop) -> None:
    check(rows, lambda instance: phragmen(instance, stop))


@settings(max_examples=60, deadline=None)
@given(elections(), st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_what_greedy_says_a_project_lacked_is_what_it_lacked(rows: Rows, utility: Utility) -> None:
    check(rows, lambda instance: greedy(instance, utility))


@settings(max_examples=60, deadline=None)
@given(elections())
def test_what_maximin_support_says_a_project_lacked_is_what_it_lacked(rows: Rows) -> None:
    check(rows, maximin_support)


@settings(max_examples=100, deadline=None)
@given(elections(), st.sampled_from(Stop))
def test_the_quick_counts_fund_what_the_rules_fund(rows: Rows, stop: Stop) -> None:
    instance = made(rows)
    quick = deciding_equal_shares(Utility.COST, NONE, "hash:a")
    assert set(quick(instance)) == set(equal_shares(instance, ties="hash:a").selected)
    assert set(deciding_phragmen(stop, "hash:a")(instance)) == set(phragmen(instance, stop, "hash:a").selected)


def park() -> Instance:
    projects = [Project("park", 60), Project("path", 30), Project("tree", 30), Project("tower", 900)]
    return Instance.from_rows(projects, 100, [["park", "tree"]] * 3 + [["path"]] * 2)


def test_a_project_dearer_than_the_budget_lacks_no_voters() -> None:
    one = miss(park(), equal_shares(park()), deciding(equal_shares), "tower")
    assert (one.more_voters, one.voters_proven, one.supporters) == (None, True, 0)
    assert (one.enough_cost, one.cost_proven) == (None, True)


def test_who_needs_the_whole_budget_needs_everybody() -> None:
    """Under equal shares: two of three supporters can never pay all there is, three of three do."""
    projects = [Project("all", 30), Project("some", 30), Project("none", 29)]
    election = Instance.from_rows(projects, 30, [["all", "some"]] * 2 + [["all"]])
    for id_, more in (("some", None), ("none", 87)):
        one = miss(election, equal_shares(election), deciding(equal_shares), id_)
        assert (one.more_voters, one.voters_proven) == ((more, True) if more is None else (None, False))


def test_one_neighbour_more_and_the_park_would_be_made() -> None:
    one = miss(park(), greedy(park(), Utility.CARDINALITY), deciding(lambda i: greedy(i, Utility.CARDINALITY)), "park")
    assert (one.more_voters, one.enough_cost) == (1, 45)  # as good as the path then, and before it in the order of ties


def test_points_count_as_many_as_the_most_generous_voter_gave() -> None:
    projects = [Project("a", 10), Project("b", 10)]
    election = Instance.from_rows(projects, 10, [{"a": 5}, {"b": 4}], BallotKind.SCORING)

    def rule(instance: Instance) -> Result:
        return greedy(instance, Utility.SCORE)

    assert rule(election).selected == ("a",)
    assert miss(election, rule(election), deciding(rule), "b").more_voters == 1


@pytest.mark.parametrize("project", ["park", "moon"])
def test_only_what_was_not_funded_can_have_lacked_something(project: str) -> None:
    with pytest.raises(InvalidElection, match="Ask for a project that was not funded"):
        miss(park(), equal_shares(park()), deciding(equal_shares), project)


def test_a_share_is_spent_to_the_last_unit() -> None:
    shares = Shares(park(), equal_shares(park()))
    walker, friend = (ballot_of(park(), names) for names in (["path"], ["tree", "park"]))
    assert walker is not None
    assert friend is not None
    assert shares.of(walker).payments == (Payment("path", Fraction(15)),)
    assert (shares.of(walker).endowment, shares.of(walker).left, shares.of(walker).voters) == (20, 5, 2)
    assert shares.of(friend).supports == ("park", "tree")
    assert (shares.of(friend).funded, shares.of(friend).left) == (("park",), 0)


@settings(max_examples=100, deadline=None)
@given(elections(), st.booleans())
def test_what_was_paid_and_what_is_left_add_up_to_the_share(rows: Rows, equal: bool) -> None:
    instance = made(rows)
    shares = Shares(instance, equal_shares(instance) if equal else phragmen(instance))
    for ballot in range(len(instance.sizes)):
        share = shares.of(ballot)
        assert share.left is not None
        assert sum((payment.amount for payment in share.payments), share.left) == share.endowment
        assert {payment.project for payment in share.payments} <= set(share.funded) <= set(share.supports)


def test_a_rule_without_prices_tells_what_was_funded_and_no_money() -> None:
    shares = Shares(park(), greedy(park()))
    ballot = ballot_of(park(), ["path"])
    assert ballot is not None
    assert (shares.of(ballot).endowment, shares.of(ballot).payments, shares.of(ballot).left) == (None, (), None)


def test_a_ballot_that_nobody_cast_is_not_found() -> None:
    assert ballot_of(park(), ["park"]) is None
    with pytest.raises(InvalidElection, match="moon is no project"):
        ballot_of(park(), ["moon"])


@pytest.mark.parametrize("rule", [equal_shares, phragmen, greedy, maximin_support])
def test_rounds_are_told_alike_whatever_the_rule(rule: Rule) -> None:
    result = rule(park())
    assert [one.project for one in rounds_of(result)] == list(result.selected)
    for number, one in enumerate(rounds_of(result), 1):
        project = park().number_of[one.project]
        assert (one.number, one.cost) == (number, park().costs[project])
        assert one.supporters == int(park().support.voters[project])


def test_ballots_that_differ_by_points_alone_are_not_taken_for_one_another() -> None:
    pointed = Instance.from_rows(
        [Project("park", 3), Project("path", 2)],
        5,
        [{"park": 2, "path": 1}, {"park": 1, "path": 2}, {"path": 1}],
        BallotKind.CUMULATIVE,
    )
    assert ballot_of(pointed, ["path"]) == 2
    with pytest.raises(InvalidElection, match="Several ballots name these projects"):
        ballot_of(pointed, ["park", "path"])

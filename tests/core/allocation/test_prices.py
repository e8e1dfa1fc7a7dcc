"""Price systems: read from certificates, checked exactly, looked for where there are none."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.axioms.finding import Answer, find_prices
from communs.core.allocation.axioms.prices import Fault, breaches, left_over, prices_of
from communs.core.allocation.elections import Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import Add1, Utilitarian, equal_shares
from communs.core.allocation.greedy import greedy
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.utilities import Utility

solver = pytest.mark.skipif(importlib.util.find_spec("highspy") is None, reason="highspy is not installed")


@st.composite
def elections(draw: Any) -> Instance:
    ids = [str(number) for number in range(draw(st.integers(1, 5)))]
    projects = [Project(id_, draw(st.integers(0, 20))) for id_ in ids]
    ballots = draw(st.lists(st.lists(st.sampled_from(ids), unique=True), min_size=1, max_size=8))
    return Instance.from_rows(projects, draw(st.integers(0, 60)), ballots)


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from([Utility.COST, Utility.CARDINALITY]), st.booleans())
def test_whatever_equal_shares_funds_has_prices(instance: Instance, utility: Utility, more: bool) -> None:
    result = equal_shares(instance, utility, Add1()) if more else equal_shares(instance, utility)
    assert breaches(instance, result.selected, prices_of(instance, result)) == ()


@settings(max_examples=200, deadline=None)
@given(elections())
def test_whatever_phragmen_funds_has_prices(instance: Instance) -> None:
    result = phragmen(instance)
    found = breaches(instance, result.selected, prices_of(instance, result))
    assert found == ()


@settings(max_examples=100, deadline=None)
@given(elections())
def test_maximin_support_pays_every_cost_though_some_may_keep_too_much(instance: Instance) -> None:
    result = maximin_support(instance)
    found = breaches(instance, result.selected, prices_of(instance, result))
    assert {one.fault for one in found} <= {Fault.LEFT_OVER}


def park() -> Instance:
    projects = [Project("park", 60), Project("path", 30), Project("tree", 30)]
    return Instance.from_rows(projects, 100, [["park", "tree"]] * 3 + [["path"]] * 2)


def test_every_fault_is_found_and_measured() -> None:
    result = equal_shares(park())
    system = prices_of(park(), result)
    assert result.selected == ("park", "path")
    assert breaches(park(), result.selected, system) == ()
    unpaid = breaches(park(), ["park", "path", "tree"], system)
    assert [(one.fault, one.project, one.amount) for one in unpaid] == [(Fault.NOT_PAID, "tree", 30)]
    unfunded = breaches(park(), ["park"], system)
    assert [(one.fault, one.project, one.amount) for one in unfunded] == [(Fault.UNFUNDED, "path", 30)]
    poor = breaches(park(), result.selected, replace(system, endowment=10 * system.unit))
    assert {(one.fault, one.amount) for one in poor} == {(Fault.OVERSPENT, 30), (Fault.OVERSPENT, 10)}
    rich = breaches(park(), result.selected, replace(system, endowment=40 * system.unit))
    assert [(one.fault, one.project, one.amount) for one in rich] == [(Fault.LEFT_OVER, "tree", 30)]
    wrong = system.paid.copy()
    wrong[0] = -1
    negative = {one.fault for one in breaches(park(), result.selected, replace(system, paid=wrong))}
    assert negative == {Fault.NEGATIVE, Fault.NOT_PAID, Fault.LEFT_OVER}


def test_what_is_left_over_is_counted_by_ballot_class() -> None:
    system = prices_of(park(), equal_shares(park()))
    assert [Fraction(int(left), system.unit) for left in left_over(park(), system)] == [0, 10]


def test_a_rule_without_prices_says_so() -> None:
    with pytest.raises(InvalidElection, match="greedy-1 has no prices"):
        prices_of(park(), greedy(park()))


def test_what_a_completion_adds_is_told_as_not_paid_for() -> None:
    result = equal_shares(park(), completion=Utilitarian())
    assert {one.fault for one in breaches(park(), result.selected, prices_of(park(), result))} <= {Fault.NOT_PAID}


def test_prices_are_found_where_costs_can_be_spread_evenly() -> None:
    found = find_prices(park(), ["park", "path"])
    assert found.answer is Answer.YES
    assert found.system is not None
    assert breaches(park(), ["park", "path"], found.system) == ()


def test_a_project_that_nobody_supports_cannot_be_paid() -> None:
    election = Instance.from_rows([Project("a", 3), Project("b", 4)], 9, [["a"]])
    found = find_prices(election, ["b"])
    assert (found.answer, found.project) == (Answer.NO, "b")


def test_neighbours_who_were_passed_over_prove_that_there_are_no_prices() -> None:
    election = Instance.from_rows([Project("few", 100), Project("many", 100)], 100, [["few"]] + [["many"]] * 9)
    found = find_prices(election, ["few"])
    assert (found.answer, found.project, found.least) == (Answer.NO, "many", 100)


@settings(max_examples=150, deadline=None)
@given(elections(), st.data())
def test_a_yes_is_always_proven(instance: Instance, data: Any) -> None:
    selected = data.draw(st.lists(st.sampled_from(instance.ids), unique=True))
    found = find_prices(instance, selected)
    assert (found.answer is Answer.YES) == (found.system is not None)
    if found.system is not None:
        assert breaches(instance, selected, found.system) == ()
    if found.answer is Answer.NO:
        assert found.project


@solver
@settings(max_examples=150, deadline=None)
@given(elections(), st.booleans())
def test_no_is_never_said_where_a_certificate_has_prices(instance: Instance, equal: bool) -> None:
    result = equal_shares(instance) if equal else phragmen(instance)
    assert find_prices(instance, result.selected).answer in {Answer.YES, Answer.OPEN}

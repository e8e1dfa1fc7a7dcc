"""The checks of maximin support, division, lottery, welfare and compositions: what is right holds, and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation import verify, verify_welfare
from communs.core.allocation.composition import College, Stage, averaging, in_turn, weighing
from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import Add1, PhragmenCompletion, Utilitarian, equal_shares
from communs.core.allocation.greedy import greedy
from communs.core.allocation.lottery import Unfitting, lottery, voters_as_tickets
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.proportional import By, proportional, up_to_costs
from communs.core.allocation.reading import from_pb
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility, default_utility
from communs.core.allocation.waterfilling import Limits
from communs.core.allocation.welfare import welfare

PROJECTS = [Project("park", 90), Project("lights", 120), Project("path", 150), Project("pool", 150)]
BALLOTS = [["park", "path", "pool"]] * 3 + [["park", "pool"]] * 4 + [["path"]] * 3 + [["park", "lights"]] * 2
DATA = Instance.from_rows(PROJECTS, 360, BALLOTS, currency="EUR").to_pb()
OTHERS = Instance.from_rows(PROJECTS, 360, [["lights"], ["lights", "pool"], ["path"]], currency="EUR").to_pb()
Rule = Callable[[Instance], Result]
Change = Callable[[dict[str, Any]], object]
SEVERAL: dict[str, Rule] = {
    "maximin": partial(maximin_support, ties="hash:x"),
    "by votes": proportional,
    "up to costs": lambda one: proportional(one, By.VOTERS, up_to_costs(one)),
    "equal split": lambda one: proportional(one, By.EQUAL, ties="hash:x"),
    "split by all": lambda one: proportional(one, By.ALL_EQUAL),
    "lottery": partial(lottery, seed="x"),
    "lottery by votes": lambda one: lottery(one, "x", voters_as_tickets(one), unfitting=Unfitting.STOP),
    "welfare": lambda one: welfare(one, default_utility(one.kind)),
    "phragmen": phragmen,
    "greedy": lambda one: greedy(one, default_utility(one.kind)),
    "equal shares": lambda one: equal_shares(one, default_utility(one.kind)),
    "add1": lambda one: equal_shares(one, Utility.CARDINALITY, Add1(Fraction(1, 7)), "hash:x"),
    "utilitarian": lambda one: equal_shares(one, default_utility(one.kind), Utilitarian()),
    "with loads": lambda one: equal_shares(one, completion=PhragmenCompletion()),
}


def document(result: Result) -> dict[str, Any]:
    return json.loads(result.to_json())  # type: ignore[no-any-return]


def to(*way: Any, value: Any) -> Change:
    """Put a value at a place of a result."""

    def change(result: dict[str, Any]) -> None:
        place: Any = result
        for step in way[:-1]:
            place = place[step]
        assert place[way[-1]] != value
        place[way[-1]] = value

    return change


def swapped(result: dict[str, Any]) -> None:
    """The two first of a maximin result change places, each with what is said of it."""
    for listed in (result["selected"], result["rounds"], result["certificate"]["rounds"]):
        listed[0], listed[1] = listed[1], listed[0]


ANY: dict[str, Change] = {
    "selected": lambda one: one["selected"].reverse(),
    "one more": lambda one: one["selected"].append("nobody"),
    "amounts": lambda one: one["amounts"].update({one["selected"][0]: 1}),
    "an amount for nobody": lambda one: one["amounts"].update(nobody=1),
    "another file": to("input_sha256", value="0" * 64),
    "another currency": to("currency", value="XXX"),
    "another rule": to("rule", value="made-up-1"),
    "a rule of purchases": to("rule", value="phragmen-1"),
    "no certificate": lambda one: one.pop("certificate"),
    "an empty certificate": lambda one: one["certificate"].clear(),
    "a parameter more": to("parameters", value={"bonus": 1}),
    "no parameters": lambda one: one["parameters"].clear(),
    "a round less": lambda one: one["rounds"].pop(),
    "another round": lambda one: one["rounds"][0].update(project="lights" if "by" in one["parameters"] else "path"),
    "a tie more": lambda one: one["ties"].append({"round": 1, "tied": ["park", "path"], "won": "park"}),
}
OWN: dict[str, dict[str, Change]] = {
    "maximin": {
        "a lower load": to("certificate", "rounds", 0, "load", value="9/1"),
        "a higher load": to("certificate", "rounds", 0, "load", value="11/1"),
        "another order": swapped,
        "a proof that costs less": to("certificate", "rounds", 1, "tight", value=["park"]),
        "a proof with what is not funded": to("certificate", "rounds", 1, "tight", value=["pool"]),
        "a bound that is too low": to("certificate", "rounds", 1, "bounds", value={"pool": ["pool"]}),
        "a bound with what is not funded": to("certificate", "rounds", 1, "bounds", value={"pool": ["pool", "lights"]}),
        "a bound of what is funded": to("certificate", "rounds", 1, "bounds", value={"park": ["park"]}),
        "an end too early": lambda one: [
            listed.pop() for listed in (one["selected"], one["rounds"], one["certificate"]["rounds"])
        ],
        "a load told in another way": to("rounds", 0, "load", value="11/1"),
        "another cost": to("rounds", 0, "cost", value=91),
        "other supporters": to("rounds", 0, "supporters", value=8),
        "an order nobody knows": to("parameters", "ties", value="hash:"),
    },
    "up to costs": {
        "divided by something else": to("parameters", "by", value="equal"),
        "divided by nothing known": to("parameters", "by", value="merit"),
        "a higher cap": to("parameters", "limits", "caps", "park", value=100),
        "a negative cap": to("parameters", "limits", "caps", "park", value=-1),
        "a cap for nobody": lambda one: one["parameters"]["limits"]["caps"].update(nobody=1),
        "another pot": to("certificate", "pot", value=361),
        "another sum": to("certificate", "paid", value=359),
        "another rest": to("certificate", "unspent", value=1),
        "another level": to("certificate", "level_rounds", 0, "level", value="1/3"),
        "a level that settles too many": lambda one: one["certificate"]["level_rounds"][0]["at_cap"].append("path"),
        "a level that settles nobody": to("certificate", "level_rounds", 0, "at_cap", value=[]),
        "a level less": lambda one: one["certificate"]["level_rounds"].pop(),
        "a unit moved": lambda one: one["amounts"].update(
            path=one["amounts"]["path"] + 1, lights=one["amounts"]["lights"] - 1
        ),
        "another weight": to("rounds", 0, "weight", value=1),
    },
    "lottery by votes": {
        "another seed": to("parameters", "seed", value="y"),
        "a seed of no commitment": to("parameters", "commitment", value="0" * 64),
        "tickets for nobody": lambda one: one["parameters"]["tickets"].update(nobody=1),
        "negative tickets": to("parameters", "tickets", "lights", value=-1),
        "a ticket more": to("parameters", "tickets", "park", value=1_000),
        "another way to go on": to("parameters", "unfitting", value="wait"),
        "another ticket drawn": to("rounds", 0, "number", value=1_000),
        "another rest in a round": to("rounds", 0, "left", value=1),
        "another sum": to("certificate", "unspent", value=1_000),
    },
    "welfare": {
        "another utility": to("parameters", "utility", value="cardinality"),
        "a method nobody knows": to("parameters", "method", value="oracle"),
        "another worth": to("certificate", "utility", value=2_101),
        "another worth of one": to("rounds", 0, "utility", value=1),
    },
}


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("change", ANY)
def test_whatever_is_changed_is_found(name: str, change: str) -> None:
    _found(name, ANY[change])


@pytest.mark.parametrize(("name", "change"), [(name, change) for name, own in OWN.items() for change in own])
def test_whatever_is_changed_of_its_own_is_found(name: str, change: str) -> None:
    _found(name, OWN[name][change])


def _found(name: str, change: Change) -> None:
    result = document(SEVERAL[name](from_pb(DATA)))
    verify.check(result, DATA)
    forged = copy.deepcopy(result)
    change(forged)
    assert forged != result
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        verify.check(forged, DATA)


def test_a_set_that_is_worth_less_is_no_yardstick() -> None:
    election = from_pb(DATA)
    result = document(welfare(election))
    assert result["selected"] == ["park", "lights", "pool"]
    forged = {
        **result,
        "selected": ["park", "path"],
        "amounts": {"park": 9_000, "path": 15_000},
        "rounds": [{"project": "park", "utility": 81_000}, {"project": "path", "utility": 90_000}],
        "certificate": {"utility": 171_000},
    }
    with pytest.raises(ValueError, match=r"other projects are worth \d+, these 171000"):
        verify.check(forged, DATA)


def test_where_too_many_sets_are_as_good_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_welfare, "LOOKS_MAX", 1)
    [note] = verify.check(document(welfare(from_pb(DATA))), DATA)
    assert note.startswith("There are too many sets to look at: none are worth more than 2")


def test_a_hundred_projects_are_spread_as_the_engine_does() -> None:
    projects = [Project(f"p{number}", 50 + 37 * number % 91) for number in range(60)]
    ballots = [
        [f"p{number}" for number in range(60) if (voter * voter + 7 * number * voter + number) % 11 < 3]
        for voter in range(150)
    ]
    data = Instance.from_rows(projects, 3_000, ballots).to_pb()
    verify.check(document(maximin_support(from_pb(data))), data)


@st.composite
def files(draw: st.DrawFn, count: int = 1) -> list[bytes]:
    """Elections over the same projects."""
    kind = draw(st.sampled_from([BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL]))
    costs, budget = draw(st.lists(st.integers(0, 12), min_size=1, max_size=6)), draw(st.integers(0, 30))
    points = st.dictionaries(st.integers(0, len(costs) - 1), st.integers(0, 4), max_size=5)
    made = []
    for _file in range(count):
        ballots = [{f"p{number}": given for number, given in one.items()} for one in draw(st.lists(points, min_size=1))]
        said: Sequence[Any] = ballots if kind.has_points else [list(one) for one in ballots]
        projects = [Project(f"p{number}", cost) for number, cost in enumerate(costs)]
        made.append(Instance.from_rows(projects, budget, said, kind).to_pb())
    return made


@settings(deadline=None)
@given(files(), st.sampled_from(list(SEVERAL)), st.integers(0, 4), st.integers(5, 20))
def test_what_the_engine_gives_holds(made: list[bytes], name: str, floor: int, cap: int) -> None:
    election = from_pb(made[0])
    verify.check(document(SEVERAL[name](election)), made[0])
    try:
        limited = proportional(election, limits=Limits.same(election.ids, floor=floor, cap=cap))
    except InvalidElection:
        return  # the floors pass the budget
    verify.check(document(limited), made[0])


@settings(deadline=None)
@given(
    files(),
    st.lists(st.tuples(st.sampled_from(list(SEVERAL)), st.fractions(0, 1, max_denominator=6)), min_size=1, max_size=3),
)
def test_stages_of_every_rule_hold(made: list[bytes], chosen: list[tuple[str, Fraction]]) -> None:
    stages = [Stage(SEVERAL[name], share / len(chosen)) for name, share in chosen]
    result = in_turn(from_pb(made[0]), [*stages, Stage(phragmen)])
    verify.check(document(result), made[0])


@settings(deadline=None)
@given(files(2), st.sampled_from(list(SEVERAL)), st.fractions(Fraction(1, 6), 3, max_denominator=6))
def test_colleges_hold_with_every_rule(made: list[bytes], name: str, weight: Fraction) -> None:
    colleges = [College(f"collège {place}", weight * place, from_pb(one)) for place, one in enumerate(made, 1)]
    verify.check(document(weighing(colleges, SEVERAL[name])), *made)
    verify.check(document(averaging(colleges, SEVERAL["by votes"], ties="hash:x")), *made)


STAGED: dict[str, Change] = {
    "another share": to("parameters", "stages", 0, "share", value="1/3"),
    "a share of all": to("parameters", "stages", 0, "share", value="4/3"),
    "no share of the first": to("parameters", "stages", 0, "share", value=None),
    "another budget": to("certificate", "stages", 0, "budget", value=181),
    "another rule": to("parameters", "stages", 0, "rule", value="phragmen-1"),
    "a rule nobody knows": to("parameters", "stages", 0, "rule", value="made-up-1"),
    "a stage less": lambda one: one["parameters"]["stages"].pop(),
    "a price": to("certificate", "stages", 0, "certificate", "rounds", 0, "rho", value="1/3"),
    "another sum": to("certificate", "unspent", value=1),
    "a round of another stage": to("rounds", 0, "stage", value=2),
    "a parameter more": lambda one: one["parameters"].update(bonus=1),
}
JOINED: dict[str, Change] = {
    "another weight": to("parameters", "colleges", 0, "weight", value="9/1"),
    "no weight": to("parameters", "colleges", 0, "weight", value="0/1"),
    "other voters": to("parameters", "colleges", 0, "voters", value=11),
    "another file": to("parameters", "colleges", 0, "input_sha256", value="0" * 64),
    "another name": to("parameters", "colleges", 0, "name", value="guests"),
    "a college less": lambda one: one["parameters"]["colleges"].pop(),
}
APART: dict[str, Change] = {
    **JOINED,
    "what one gives": lambda one: one["certificate"]["colleges"][0]["result"].update(park=1),
    "what one gives to nobody": lambda one: one["certificate"]["colleges"][0]["result"].update(nobody=1),
    "another mean": to("rounds", 0, "mean", value="1/1"),
    "another sum": to("certificate", "paid", value=1),
    "ties of no order": to("parameters", "ties", value="by name"),
}


def _refused(result: Result, change: Change, *made: bytes) -> None:
    said = document(result)
    verify.check(said, *made)
    change(said)
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        verify.check(said, *made)


@pytest.mark.parametrize("change", STAGED)
def test_a_change_of_stages_is_found(change: str) -> None:
    stages = [Stage(equal_shares, Fraction(1, 2)), Stage(SEVERAL["greedy"])]
    _refused(in_turn(from_pb(DATA), stages), STAGED[change], DATA)


@pytest.mark.parametrize("change", APART)
def test_a_change_of_colleges_is_found(change: str) -> None:
    colleges = [College(name, Fraction(2), from_pb(one)) for name, one in (("people", DATA), ("states", OTHERS))]
    _refused(averaging(colleges, proportional), APART[change], DATA, OTHERS)
    if change in JOINED:
        _refused(weighing(colleges, equal_shares), JOINED[change], DATA, OTHERS)


def test_what_a_college_gives_by_a_rule_that_needs_a_proof_is_said_to_be_taken_as_told() -> None:
    colleges = [College(name, Fraction(1), from_pb(one)) for name, one in (("people", DATA), ("states", OTHERS))]
    notes = verify.check(document(averaging(colleges, equal_shares)), DATA, OTHERS)
    assert notes[0] == "What people gives is taken as told: there is no certificate of it."

"""Rules put together: in turn over one pot, and over colleges with weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.composition import College, Stage, averaging, combined, in_turn, weighing, without
from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.lottery import lottery
from communs.core.allocation.median import median
from communs.core.allocation.proportional import equal_split, proportional
from communs.core.allocation.quadratic import quadratic
from communs.core.allocation.reading import from_pb
from communs.core.allocation.results import Result

PROJECTS = [Project("park", 300), Project("path", 200), Project("tree", 100)]
STATES = Instance.from_rows(PROJECTS, 500, [["park"], ["park", "path"]])
PEOPLE = Instance.from_rows(PROJECTS, 500, [["tree"]] * 4 + [["path", "tree"]])


def most_voters(instance: Instance) -> Result:
    """A rule of the test's own: the most voters first, as far as the money goes."""
    voters = instance.support.voters.tolist()
    order = sorted(range(len(instance.projects)), key=lambda number: (-voters[number], instance.ids[number]))
    left, selected = instance.budget, []
    for number in order:
        if voters[number] and instance.costs[number] <= left:
            left -= instance.costs[number]
            selected.append(number)
    return Result(
        "most-voters",
        {},
        instance.sha256,
        tuple(instance.ids[number] for number in selected),
        {instance.ids[number]: instance.costs[number] for number in selected},
        tuple({"project": instance.ids[number]} for number in selected),
    )


def test_the_second_stage_has_what_the_first_left_and_sees_what_it_did_not_fund() -> None:
    result = in_turn(PEOPLE, [Stage(most_voters, Fraction(2, 5)), Stage(partial(lottery, seed="x"))])
    # 200 for the first: tree has five voters, path does not fit beside it. 400 are left: what is drawn first decides.
    assert result.selected[0] == "tree"
    assert [line["stage"] for line in result.rounds] == [1, 2, 2]
    assert result.certificate["stages"][0]["budget"] == 200
    assert result.certificate["stages"][1]["budget"] == 400
    assert sum(result.amounts.values()) + result.certificate["unspent"] == 500
    assert {line["project"] for line in result.rounds[1:]} == {"park", "path"}


def test_shares_are_of_the_whole_budget_and_what_a_stage_leaves_waits_for_the_rest() -> None:
    third = Fraction(1, 3)
    result = in_turn(PEOPLE, [Stage(most_voters, third), Stage(most_voters, third), Stage(most_voters)])
    assert [stage["budget"] for stage in result.certificate["stages"]] == [166, 166, 400]
    assert result.selected == ("tree", "path")


def test_a_rule_that_overspends_is_stopped() -> None:
    def lavish(instance: Instance) -> Result:
        return Result("lavish", {}, "", ("park",), {"park": instance.budget + 1})

    with pytest.raises(InvalidElection, match="lavish paid 501 out of 500"):
        in_turn(PEOPLE, [Stage(lavish)])


def test_ballots_of_a_college_count_as_its_weight_says() -> None:
    """States 2/5 by two voters, people 3/5 by five: one state counts as 1/5, one person as 3/25."""
    colleges = [College("states", Fraction(2, 5), STATES), College("people", Fraction(3, 5), PEOPLE)]
    together = combined(colleges)
    assert sorted(together.sizes.tolist()) == [3, 5, 5, 12]
    share = Fraction(int(together.sizes[:2].sum()), together.voters)
    assert share == Fraction(2, 5)
    result = weighing(colleges, most_voters)
    assert result.selected == ("tree", "park")  # park 10, path 5 + 3, tree 15
    assert result.parameters["colleges"][0]["weight"] == "2/5"
    assert result.parameters["together"]["rule"] == "most-voters"


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30)), min_size=1, max_size=4))
@settings(deadline=None)
def test_each_college_holds_its_share_of_the_ballots_exactly(sizes: list[tuple[int, int]]) -> None:
    colleges = [
        College(f"c{n}", Fraction(weight, 7), Instance.from_rows(PROJECTS, 500, [["park"]] * voters))
        for n, (weight, voters) in enumerate(sizes)
    ]
    together, whole = combined(colleges), sum(weight for weight, _voters in sizes)
    for held, (weight, _voters) in zip(together.sizes.tolist(), sizes, strict=True):
        assert Fraction(held, together.voters) == Fraction(weight, whole)


def test_amounts_of_colleges_are_averaged_exactly_and_rounded_once() -> None:
    colleges = [College("states", Fraction(1), STATES), College("people", Fraction(2), PEOPLE)]
    result = averaging(colleges, proportional)
    # States: park 333, path 167; people: path 83, tree 417. Means of 500: 111, 111, 278.
    assert result.amounts == {"park": 111, "path": 111, "tree": 278}
    assert result.rounds[0] == {"project": "park", "mean": "111/1", "amount": 111}


def test_amount_rules_take_elections_through_their_ballots() -> None:
    def matched(instance: Instance) -> Result:
        return quadratic(Amounts.from_instance(instance), instance.budget)

    def middle(instance: Instance) -> Result:
        return median(Amounts.from_instance(instance), instance.budget)

    gifts = Instance.from_rows(PROJECTS, 500, [{"park": 9, "tree": 4}, {"park": 4}], BallotKind.CUMULATIVE)
    result = in_turn(gifts, [Stage(matched, Fraction(1, 2)), Stage(middle)])
    assert result.amounts == {"park": 12, "tree": 4}
    assert result.certificate["unspent"] == 484


def test_a_project_is_taken_out_of_every_ballot_and_voters_stay() -> None:
    left = without(PEOPLE, {"tree"})
    assert left.ids == ("park", "path")
    assert left.voters == 5
    assert left.support.voters.tolist() == [0, 1]
    pointed = Instance.from_rows(PROJECTS, 500, [{"park": 3, "tree": 2}, {"path": 7}], BallotKind.SCORING)
    assert (rest := without(pointed, {"park"}).points) is not None
    assert rest.tolist() == [2, 7]
    assert without(left, {"park", "path"}).projects == ()


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "0 stages"),
        ([Stage(equal_split, Fraction(2, 3)), Stage(equal_split, Fraction(1, 2))], "together at most 1"),
        ([Stage(equal_split, Fraction(-1, 2))], "0 or more"),
        ([Stage(equal_split), Stage(equal_split, Fraction(1, 2))], "Only the last stage"),
    ],
)
def test_stages_that_cannot_be_are_refused(stages: Sequence[Stage], words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        in_turn(PEOPLE, stages)


@pytest.mark.parametrize(
    ("colleges", "words"),
    [
        ([], "0 colleges"),
        ([College("a", Fraction(0), PEOPLE)], "weight of a is 0"),
        (
            [College("a", Fraction(1), PEOPLE), College("b", Fraction(1), without(PEOPLE, {"tree"}))],
            "b decides on other",
        ),
        ([College("a", Fraction(1), Instance.from_rows(PROJECTS, 500, []))], "Nobody votes in a"),
        ([College(f"c{n}", Fraction(1, n), PEOPLE) for n in (997, 1_009, 10_007, 10_009, 10_037)], "rounder weights"),
    ],
)
def test_colleges_that_cannot_be_are_refused(colleges: Sequence[College], words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        weighing(colleges, most_voters)


def test_a_point_counts_the_same_in_every_college_whatever_decimals_its_file_has() -> None:
    head = "META\nkey;value\nbudget;500\nvote_type;cumulative\nPROJECTS\nproject_id;cost\npark;300\npath;200\n"
    halves, wholes = (
        from_pb(f"{head}VOTES\nvoter_id;vote;points\n{ballots}".encode())
        for ballots in ("1;park,path;2.5,0.5\n", "1;park,path;1,2\n")
    )
    together = combined([College("halves", Fraction(1), halves), College("wholes", Fraction(1), wholes)])
    assert together.point_factor == 10
    assert together.points is not None
    assert together.points.tolist() == [25, 5, 10, 20]

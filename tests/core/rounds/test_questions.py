"""What is wrong with a question or a roll is said before the round opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from communs.core.bundles import Unclaimed
from communs.core.rounds import (
    College,
    Form,
    Format,
    Option,
    PassingOn,
    Roll,
    Voter,
    WeakSecret,
    may_vote,
    opening_hash,
    problems,
    problems_of_roll,
    pseudonym,
)
from communs.core.rounds.rules import FORMATS, OF_SHARES
from communs.testing.rounds import PEOPLE, QUESTION, SECRET, made, roll_of, voter

ONE = QUESTION.options[0]
APPROVING = {"rule": "mes", "form": Form(Format.APPROVE, 3)}
HOSTILE = "x" * 301


def test_a_good_question_has_no_problem() -> None:
    assert problems(QUESTION) == ()
    assert problems_of_roll(QUESTION, roll_of()) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "round-0"}, "version"),
        ({"title": " "}, "text"),
        ({"id": HOSTILE}, "text"),
        ({"fund": "a\nb"}, "text"),
        ({"seed_commitment": "abc"}, "commitment"),
        ({"currency": "XXY"}, "currency"),
        ({"pot": 0}, "pot"),
        ({"pot": -5}, "pot"),
        ({"pot": 10**13, "passing_on": PassingOn(1)}, "pot"),
        ({"options": ()}, "no-option"),
        ({"options": (*QUESTION.options, ONE)}, "option-twice"),
        ({"options": (*QUESTION.options, Option("a;b", "A", 1))}, "option-id"),
        ({"options": (*QUESTION.options, Option("a", "", 1))}, "text"),
        ({"options": (*QUESTION.options, Option("a", "A", -1))}, "cost"),
        ({"options": (*QUESTION.options, Option("a", "A", 0)), **APPROVING}, "no-cost"),
        ({"pot": 5, **APPROVING}, "too-dear"),
        ({"rule": "whim"}, "rule"),
        ({"rule": "welfare"}, "rule"),
        ({"parameters": {"ties": "lexicographic"}}, "set-here"),
        ({"parameters": {"colour": "red"}}, "parameter"),
        ({"parameters": {"by": "whim"}}, "parameter"),
        ({"parameters": {"cap": 5}}, "parameter"),
        ({"parameters": {"up_to_costs": "yes"}}, "parameter"),
        ({"parameters": {"cap": -5}, "rule": "quadratic"}, "parameter"),
        ({"parameters": {"variant": "pairwise"}, "rule": "quadratic"}, "parameter"),
        ({"parameters": {"completion": "utilitarian", "step": True}, **APPROVING}, "parameter"),
        ({"parameters": {"utility": "score"}, **APPROVING}, "parameter"),
        ({"parameters": {"floor": 5, "cap": 4}, "rule": "quadratic"}, "parameter"),
        ({"parameters": {"floor": 40_000}, "rule": "quadratic"}, "floors"),
        ({"parameters": {"completion": "add1"}, **APPROVING}, "steps"),
        ({"parameters": {"completion": "add1", "step_of": "endowment", "start": "floor"}, **APPROVING}, "start"),
        ({"parameters": {"votes_min": 3}, "rule": "greedy"}, "thresholds"),
        ({"form": Form(Format.RANK, 3)}, "format"),
        ({"form": Form(Format.DIVIDE, 4, 10)}, "most"),
        ({"form": Form(Format.DIVIDE, 0, 10)}, "most"),
        ({"form": Form(Format.DIVIDE, 3, 0)}, "points"),
        ({"form": Form(Format.SCORE, 3, 10_001)}, "points"),
        ({"form": Form(Format.APPROVE, 3, 5)}, "no-points"),
        ({"form": Form(Format.DIVIDE, 3, 10, within_pot=True)}, "within-pot"),
        ({"rule": "median"}, "median-points"),
        ({"colleges": ()}, "no-college"),
        ({"colleges": (College("a"), College("a", 2))}, "college-twice"),
        ({"colleges": (College("a", 0),)}, "weight"),
        ({"colleges": (College(" "),)}, "text"),
        ({"opens_at": datetime(2026, 11, 1)}, "zone"),  # noqa: DTZ001 - that is what is wrong with it
        ({"opens_at": datetime(2027, 11, 1, tzinfo=UTC)}, "dates"),
        ({"unclaimed": Unclaimed(date(2026, 11, 30), "the fund")}, "expiry"),
        ({"unclaimed": Unclaimed(date(2027, 11, 30), "")}, "text"),
        ({"passing_on": PassingOn(995_000)}, "ppm"),
        ({"passing_on": PassingOn(-1)}, "ppm"),
        ({"passing_on": PassingOn(5, (("atlas", "fonts", 0),))}, "graph"),
        ({"passing_on": PassingOn(5, (("atlas", "fonts", 10**15),))}, "graph"),
    ],
)
def test_each_fault_has_a_name_and_a_remedy(changes: dict[str, Any], code: str) -> None:
    found = problems(replace(QUESTION, **changes))
    assert [problem.code for problem in found] == [code]
    assert len(found[0].say()) < 500


@pytest.mark.parametrize("rule", FORMATS)
@pytest.mark.parametrize("format_", Format)
def test_what_has_no_problem_can_be_closed(rule: str, format_: Format) -> None:
    points = {Format.SCORE: 10, Format.DIVIDE: QUESTION.pot if rule == "median" else 10}.get(format_, 0)
    asked = replace(QUESTION, rule=rule, form=Form(format_, 3, points))
    if format_ not in FORMATS[rule]:
        assert "format" in [problem.code for problem in problems(asked)]
        return
    assert problems(asked) == ()
    said: dict[str, Any] = {"ana": ["wiki", "atlas"], "ben": [], "france": ["forge"]}
    if points:
        said = {name: dict.fromkeys(names, 3) for name, names in said.items()}
    outcome = made(said, asked)
    assert sum(leaf.minor for leaf in outcome.leaves) + outcome.carry_over == asked.pot
    if rule not in OF_SHARES:
        assert all(amount == asked.by_id[id_].cost for id_, amount in outcome.count.granted.items())


def test_late_joiners_may_not_vote() -> None:
    roll = roll_of()
    assert all(may_vote(roll, voter(name)) for name, _college in PEOPLE)
    assert not may_vote(roll, voter("late"))


def test_pseudonyms_differ_from_round_to_round_and_need_a_secret() -> None:
    assert pseudonym(SECRET, "ana") != pseudonym(bytes(32), "ana")
    with pytest.raises(WeakSecret, match="5 bytes"):
        pseudonym(b"short", "ana")


def test_the_hash_of_a_roll_does_not_depend_on_its_order() -> None:
    assert Roll.of(QUESTION.id, SECRET, reversed(PEOPLE)).sha256 == roll_of().sha256


def test_the_opening_hash_moves_with_question_and_roll() -> None:
    roll = roll_of()
    found = {
        opening_hash(QUESTION, roll),
        opening_hash(replace(QUESTION, pot=5), roll),
        opening_hash(QUESTION, replace(roll, voters=roll.voters[1:])),
    }
    assert len(found) == 3


@pytest.mark.parametrize(
    ("roll", "code"),
    [
        (replace(roll_of(), round_id="another"), "other-roll"),
        (replace(roll_of(), voters=(Voter("ana", "people"),)), "pseudonym"),
        (replace(roll_of(), voters=(Voter("a" * 64, "people"), Voter("a" * 64, "people"))), "roll"),
        (replace(roll_of(), voters=(Voter("a" * 64, "nobles"),)), "roll"),
    ],
)
def test_faults_of_rolls_are_named(roll: Roll, code: str) -> None:
    assert [problem.code for problem in problems_of_roll(QUESTION, roll)] == [code]


def test_a_roll_that_a_rule_cannot_hold_is_refused_before_the_opening() -> None:
    roll = replace(roll_of(), voters=tuple(Voter(f"{n:064x}", "people") for n in range(100)))
    options = tuple(Option(f"c{n}", "C", 0) for n in range(20_000))
    wide = replace(QUESTION, rule="quadratic", options=options, form=Form(Format.DIVIDE, 20_000, 10))
    assert problems_of_roll(wide, roll) == ()
    assert [one.code for one in problems_of_roll(wide, replace(roll, voters=roll.voters * 3))][-1] == "rows"
    rich = replace(QUESTION, rule="median", form=Form(Format.DIVIDE, 3, 10**17))
    assert [one.code for one in problems_of_roll(rich, roll)] == ["sums"]

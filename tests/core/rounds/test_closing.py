"""Closing: exact sums, the same bytes whatever the order, nothing for those who accepted nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation import read_pb, to_pb
from communs.core.allocation.rules import Choice, rule_of
from communs.core.bundles import Bundle, Kind, Recipient, Share
from communs.core.rounds import (
    Ballot,
    College,
    Form,
    Format,
    InvalidRound,
    NoPabulib,
    Outcome,
    PassingOn,
    close,
    outcome_file,
    pabulib_file,
    round_file,
    verify_round,
)
from communs.core.rounds.rules import FORMATS
from communs.testing.rounds import (
    BUNDLE,
    CLOSES_ON,
    PEOPLE,
    QUESTION,
    RECIPIENTS,
    SAID,
    SEED,
    ballots_of,
    made,
    roll_of,
    voter,
)

ALONE = (College("all"),)


def is_exact(outcome: Outcome) -> bool:
    paid, waiting = (sum(leaf.minor for leaf in leaves) for leaves in (outcome.paid, outcome.unclaimed))
    parts = (paid, waiting, outcome.unspent, outcome.returned)
    return sum(parts) == outcome.round.question.pot and min(parts) >= 0


def test_a_round_by_hand() -> None:
    said = {"ana": {"atlas": 10}, "ben": {"wiki": 10}, "cyd": {"atlas": 5, "wiki": 5}}
    outcome = made(said, colleges=ALONE, pot=1_000)
    assert outcome.count.granted == {"atlas": 500, "wiki": 500}
    assert outcome.received == {"atlas": 400, "engine": 167, "fonts": 33, "wiki": 400}
    assert [(leaf.to, leaf.minor) for leaf in outcome.paid] == [
        ("atlas people", 280), ("engine", 80), ("reserve", 40), ("engine", 167), ("wiki", 400),
    ]  # fmt: skip
    assert [(leaf.to, leaf.minor) for leaf in outcome.unclaimed] == [("fonts", 33)]
    assert outcome.carry_over == 0
    assert (outcome.concentration.to, outcome.concentration.minor, outcome.concentration.ppm) == ("wiki", 400, 400_000)


def test_a_college_holds_its_weight_however_many_of_it_vote() -> None:
    outcome = made({"ana": {"wiki": 1}, "ben": {"wiki": 9}, "cyd": {"wiki": 5}, "france": {"forge": 1}}, pot=300)
    assert outcome.count.granted == {"wiki": 200, "forge": 100}
    bought = made({"ana": ["wiki"], "ben": ["wiki"], "france": ["forge"]}, rule="mes", form=Form(Format.APPROVE, 3))
    assert [one.each_counts for one in bought.count.turnout.values()] == [1, 1]


def test_a_college_in_which_nobody_votes_is_left_out() -> None:
    assert made({"ana": {"wiki": 1}}).count.granted == {"wiki": QUESTION.pot}


def test_where_nobody_votes_the_pot_stays() -> None:
    outcome = made({})
    assert (outcome.leaves, outcome.carry_over, outcome.concentration.ppm) == ((), QUESTION.pot, 0)


def test_weights_that_no_election_could_hold_are_rounded() -> None:
    colleges = tuple(College(f"c{n}", weight) for n, weight in enumerate((999_983, 999_979, 999_961, 1)))
    asked = replace(QUESTION, rule="mes", form=Form(Format.APPROVE, 3), colleges=colleges)
    people = [
        (f"{college.id} {n}", college.id)
        for college, size in zip(colleges, (97, 89, 83, 79), strict=True)
        for n in range(size)
    ]
    roll = type(roll_of()).of(asked.id, bytes(32), people)
    ballots = [Ballot(one.pseudonym, ("wiki",)) for one in roll.voters]
    outcome = close(asked, roll, ballots, SEED)
    sums = [one.each_counts * one.voted for one in outcome.count.turnout.values()]
    assert sum(sums) <= 2**40
    for college, counted in zip(colleges, sums, strict=True):
        assert abs(counted / sum(sums) - college.weight / sum(one.weight for one in colleges)) < 1e-6
    assert outcome.count.granted == {"wiki": 30_000}


def test_without_acceptance_all_of_it_waits() -> None:
    outcome = close(QUESTION, roll_of(), ballots_of(SAID), SEED)
    assert outcome.paid == ()
    assert sum(leaf.minor for leaf in outcome.unclaimed) == QUESTION.pot


def test_what_nobody_asked_for_is_carried_over() -> None:
    outcome = made({"ana": {"wiki": 10}}, parameters={"up_to_costs": True})
    assert (outcome.count.granted, outcome.unspent) == ({"wiki": 30_000}, QUESTION.pot - 30_000)


def test_a_zero_is_a_proposal_for_a_median() -> None:
    form = Form(Format.DIVIDE, 3, QUESTION.pot)
    with_zero = made(
        {"ana": {"wiki": 900}, "ben": {"wiki": 0}, "cyd": {"wiki": 0}}, rule="median", form=form, colleges=ALONE
    )
    without = made({"ana": {"wiki": 900}, "ben": {}, "cyd": {}}, rule="median", form=form, colleges=ALONE)
    assert (with_zero.count.granted, without.count.granted) == ({}, {"wiki": 900})


def test_ties_go_by_the_seed_and_are_recorded() -> None:
    outcome = made({"ana": {"atlas": 1, "wiki": 1}}, colleges=ALONE)
    (tie,) = outcome.count.result.ties if outcome.count.result else ()
    assert set(tie.tied) == {"atlas", "wiki"}
    assert b'"won":' in outcome_file(outcome)


@pytest.mark.parametrize("rule", FORMATS)
def test_the_order_of_everything_plays_no_part(rule: str) -> None:
    chance = Random(7)  # noqa: S311 (the same orders on every run)
    format_ = FORMATS[rule][-1]
    points = {Format.SCORE: 5, Format.DIVIDE: QUESTION.pot if rule == "median" else 10}.get(format_, 0)
    said: dict[str, Any] = {"ana": ["wiki", "atlas"], "ben": ["atlas"], "cyd": ["forge", "wiki"], "france": ["forge"]}
    if points:
        said = {name: {one: 1 + place for place, one in enumerate(names)} for name, names in said.items()}
    first = made(said, rule=rule, form=Form(format_, 3, points))
    for _ in range(3):
        names = chance.sample(sorted(said), len(said))
        shuffled = {name: said[name] if format_ is Format.RANK else _shuffled(said[name], chance) for name in names}
        again = made(shuffled, rule=rule, form=Form(format_, 3, points))
        assert round_file(again.round) == round_file(first.round)
        assert outcome_file(again) == outcome_file(first)


def _shuffled(said: Any, chance: Random) -> Any:
    names = chance.sample(list(said), len(said))
    return {name: said[name] for name in names} if isinstance(said, dict) else names


@pytest.mark.parametrize(
    ("ballots", "seed", "code"),
    [
        (ballots_of(SAID), "00" * 32, "seed"),
        ([*ballots_of(SAID), Ballot.of(voter("late"), {"wiki": 1})], SEED, "stranger"),
        ([*ballots_of(SAID), Ballot.of(voter("ana"), {"wiki": 1})], SEED, "voted-twice"),
        ([Ballot.of(voter("ana"), {"moon": 1})], SEED, "ballot"),
    ],
)
def test_a_round_with_a_fault_is_not_closed(ballots: list[Ballot], seed: str, code: str) -> None:
    with pytest.raises(InvalidRound) as refused:
        close(QUESTION, roll_of(), ballots, seed)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_bundles_that_cannot_share_and_recipients_that_stand_twice_stop_a_round() -> None:
    wrong = Bundle("atlas", CLOSES_ON, (Share("x", Kind.COMMUNITY, 5),)).accepted_by(["x"], "x", CLOSES_ON)
    with pytest.raises(InvalidRound, match="millionths together"):
        close(QUESTION, roll_of(), ballots_of(SAID), SEED, RECIPIENTS, (wrong,))
    with pytest.raises(InvalidRound, match="stands twice"):
        close(QUESTION, roll_of(), ballots_of(SAID), SEED, (*RECIPIENTS, Recipient("wiki", accepted=False)), (BUNDLE,))


def test_the_ballots_can_be_counted_by_tools_of_others() -> None:
    outcome = made(
        {"ana": ["wiki"], "ben": ["wiki", "atlas"]}, rule="mes", form=Form(Format.APPROVE, 3), colleges=ALONE
    )
    data = pabulib_file(outcome.round)
    reading = read_pb(data)
    assert to_pb(reading.instance) == data
    assert reading.instance.voters == 2
    assert rule_of("mes", Choice(ties=f"hash:{SEED}"))(reading.instance).amounts == outcome.count.granted
    for outcome in (made(), made({}, rule="median", form=Form(Format.DIVIDE, 3, QUESTION.pot), colleges=ALONE)):
        with pytest.raises(NoPabulib):
            pabulib_file(outcome.round)


@st.composite
def rounds(draw: st.DrawFn) -> Outcome:
    rule = draw(st.sampled_from(list(FORMATS)))
    format_ = draw(st.sampled_from(FORMATS[rule]))
    pot = draw(st.sampled_from([40_000, 99_999, 10**7, 1 if rule in {"proportional", "quadratic"} else 70_000]))
    points = {Format.SCORE: 5, Format.DIVIDE: pot if rule == "median" else 10}.get(format_, 0)
    names = st.lists(st.sampled_from(["atlas", "wiki", "forge"]), unique=True, max_size=3)
    said: dict[str, Any] = draw(st.dictionaries(st.sampled_from([name for name, _college in PEOPLE]), names))
    if points:
        most = points if format_ is Format.SCORE else points // 3
        said = {name: {one: draw(st.integers(0, most)) for one in chosen} for name, chosen in said.items()}
    return made(
        said,
        rule=rule,
        pot=pot,
        form=Form(format_, 3, points),
        colleges=draw(st.sampled_from([ALONE, QUESTION.colleges])),
        parameters=draw(st.sampled_from([{}, {"surplus": "spend"}])) if rule in {"quadratic", "median"} else {},
        passing_on=replace(QUESTION.passing_on, ppm=draw(st.sampled_from([0, 1, 333_333, 990_000]))),
    )


@settings(max_examples=200, deadline=None)
@given(rounds())
def test_not_a_unit_is_lost_and_every_round_verifies(outcome: Outcome) -> None:
    assert is_exact(outcome)
    assert verify_round(round_file(outcome.round), outcome_file(outcome)) == ()


def test_without_passing_on_everybody_keeps_what_they_were_granted() -> None:
    outcome = made(passing_on=PassingOn())
    assert outcome.flow is None
    assert outcome.received == outcome.count.granted

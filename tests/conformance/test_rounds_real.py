"""Real rounds of others, put through ours: their totals miss their pots by dust or by cents; ours add up.

clr.fund: rounds of quadratic funding on a public chain. Only sums by project are public, no ballots: the pool, shared
in proportion to the tallies, is a round whose one ballot proposes these shares in whole cents. Retro Funding: rounds
by the scores of a graph, of which the rewards are published, rounded to cents: the one ballot proposes them.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from communs.core.rounds import (
    Ballot,
    College,
    Form,
    Format,
    Option,
    Outcome,
    PassingOn,
    Roll,
    Voter,
    close,
    files_of,
    verify_round,
)
from communs.testing.rounds import QUESTION, SEED

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora") / "fund"
CENT = 10**16  # units of 18 decimals in a cent
CHAIN = ("0x1c1D", "0x5D25", "0xA61a", "0xcf02")
RETRO = {"S7_M4": -6, "S7_M6": -1}  # cents by which what was paid misses the budget of 1,300,000

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


def shared_by(cents: dict[str, int], pot: int) -> Outcome:
    """A pot shared in proportion to these amounts, which are no more than it: one voter proposes them, all is spent."""
    options = tuple(Option(id_, id_, 0) for id_ in cents)
    asked = replace(
        QUESTION,
        currency="USD",
        pot=pot,
        rule="median",
        parameters={"surplus": "spend"},
        options=options,
        form=Form(Format.DIVIDE, len(options), pot),
        colleges=(College("all"),),
        passing_on=PassingOn(),
    )
    roll = Roll(asked.id, (Voter("0" * 64, "all"),))
    return close(asked, roll, [Ballot.of("0" * 64, cents)], SEED)


def is_exact(outcome: Outcome) -> bool:
    files = files_of(outcome)
    whole = sum(leaf.minor for leaf in outcome.leaves) + outcome.carry_over
    return whole == outcome.round.question.pot and not verify_round(files["round.json"], files["outcome.json"])


def chain(start: str) -> dict[str, Any]:
    (path,) = (CORPORA / "clrfund").glob(f"{start}*.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize("start", CHAIN)
def test_a_round_on_a_chain_leaves_dust_and_ours_does_not(start: str) -> None:
    stored = chain(start)
    head, projects = stored["round"], [one for one in stored["projects"] if int(one["tallyResult"] or 0)]
    pot, factor = int(head["matchingPoolSize"]), int(head["voiceCreditFactor"])
    spent = sum(int(one["spentVoiceCredits"]) for one in projects) * factor
    theirs = sum(int(one["allocatedAmount"]) for one in projects)
    assert theirs != pot + spent  # dust stays over, or (the first round, by 0.28) more is allocated than there was
    too_much = max(0, theirs - pot - spent)
    tallies = {one["id"]: int(one["tallyResult"]) for one in projects}
    cents, whole = pot // CENT, sum(tallies.values())
    outcome = shared_by({id_: cents * one // whole for id_, one in tallies.items()}, cents)
    assert is_exact(outcome)
    assert outcome.carry_over == 0
    for one in projects:
        matched = Fraction(int(one["allocatedAmount"]) - int(one["spentVoiceCredits"]) * factor, CENT)
        assert abs(outcome.count.granted.get(one["id"], 0) - matched) < 2 + Fraction(too_much, CENT)


@pytest.mark.parametrize(("name", "missing"), RETRO.items())
def test_rewards_rounded_as_floats_miss_their_budget_and_ours_do_not(name: str, missing: int) -> None:
    data = (CORPORA / "optimism-retrofunding" / f"{name}__devtooling__results.json").read_bytes()
    rewards = {one["op_atlas_id"]: Fraction(str(one["op_reward"] or 0)) for one in json.loads(data)}
    cents = {id_: int(100 * one) for id_, one in rewards.items() if one}
    budget = 130_000_000
    assert sum(cents.values()) - budget == missing
    outcome = shared_by(cents, budget)
    assert is_exact(outcome)
    assert sum(outcome.count.granted.values()) == budget
    assert max(abs(outcome.count.granted[id_] - one) for id_, one in cents.items()) <= 1

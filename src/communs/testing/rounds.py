"""One round, small enough to be worked out by hand: what the tests of rounds and their benchmark share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from communs.core.bundles import Bundle, Kind, Recipient, Share, Unclaimed
from communs.core.rounds import (
    Ballot,
    College,
    Form,
    Format,
    Option,
    Outcome,
    PassingOn,
    Question,
    Roll,
    Round,
    close,
    commitment_to,
    pseudonym,
)

SECRET = bytes(range(32))
SEED = "5eed" * 16
CLOSES_ON = date(2026, 11, 30)
PEOPLE = [("ana", "people"), ("ben", "people"), ("cyd", "people"), ("france", "states"), ("estonia", "states")]
QUESTION = Question(
    id="autumn-2026",
    title="Autumn round",
    fund="general",
    currency="EUR",
    pot=100_001,
    rule="proportional",
    options=(
        Option("atlas", "The Atlas", 60_000),
        Option("wiki", "The Wiki", 30_000),
        Option("forge", "The Forge", 40_000),
    ),
    form=Form(Format.DIVIDE, most=3, points=10),
    opens_at=datetime(2026, 11, 1, tzinfo=UTC),
    closes_at=datetime(2026, 11, 30, 18, tzinfo=UTC),
    seed_commitment=commitment_to(SEED),
    unclaimed=Unclaimed(date(2027, 11, 30), "the general fund"),
    colleges=(College("people", 2), College("states", 1)),
    passing_on=PassingOn(200_000, (("atlas", "engine", 2), ("atlas", "fonts", 1), ("wiki", "engine", 1))),
)
SAID: dict[str, Any] = {
    "ana": {"atlas": 7, "wiki": 3},
    "ben": {"atlas": 5, "forge": 5},
    "cyd": {"wiki": 10},
    "france": {"forge": 8, "wiki": 1},
}
BUNDLE = Bundle(
    "atlas",
    date(2026, 6, 1),
    (
        Share("atlas people", Kind.COMMUNITY, 700_000),
        Share("engine", Kind.COMMONS, 200_000),
        Share("reserve", Kind.RESERVE, 100_000),
    ),
).accepted_by(["atlas people", "engine", "reserve"], "their stewards", date(2026, 6, 2))
RECIPIENTS = tuple(Recipient(id_, accepted=True) for id_ in ("atlas", "atlas people", "wiki", "reserve", "engine"))


def voter(name: str) -> str:
    """The pseudonym of one of `PEOPLE`, or of anybody."""
    return pseudonym(SECRET, name)


def roll_of(question: Question = QUESTION) -> Roll:
    """The roll of a round; with one college, everybody is in it."""
    only = question.colleges[0].id if len(question.colleges) == 1 else ""
    return Roll.of(question.id, SECRET, [(name, only or college) for name, college in PEOPLE])


def ballots_of(said: dict[str, Any]) -> list[Ballot]:
    return [Ballot.of(voter(name), what) for name, what in said.items()]


def made(said: dict[str, Any] = SAID, question: Question = QUESTION, **changes: Any) -> Outcome:
    """A round closed: `changes` are those of the question."""
    asked = replace(question, **changes)
    return close(asked, roll_of(asked), ballots_of(said), SEED, RECIPIENTS, (BUNDLE,))


def given() -> Round:
    """The round as it goes in."""
    return Round(QUESTION, roll_of(), tuple(ballots_of(SAID)), SEED, RECIPIENTS, (BUNDLE,))

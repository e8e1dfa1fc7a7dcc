"""Ballots: what does not count is told to whoever cast it, and a draft knows what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from communs.core.rounds import Ballot, Form, Format, Left, check_ballot, left
from communs.testing.rounds import QUESTION

APPROVING = replace(QUESTION, rule="mes", form=Form(Format.APPROVE, 2, within_pot=True))
SCORING = replace(QUESTION, rule="mes", form=Form(Format.SCORE, 2, 5))
MEDIAN = replace(QUESTION, rule="median", form=Form(Format.DIVIDE, 3, QUESTION.pot))
RANKING = replace(QUESTION, rule="mes", form=Form(Format.RANK, 3))


@pytest.mark.parametrize(
    ("question", "said", "words"),
    [
        (APPROVING, ["atlas", "moon"], ["“moon” cannot be chosen in this round. Choose from its list."]),
        (APPROVING, ["wiki", "wiki"], ["You named The Wiki twice. Name it once."]),
        (APPROVING, ["wiki", "forge", "atlas"], ["You chose 3, and may choose 2. Take out 1.",
            "What you chose costs 1300.00 EUR, and there is 1000.01 EUR. Take something out: 299.99 EUR too much."]),
        (APPROVING, {"wiki": 1}, ["This ballot has no points. Only choose."]),
        (RANKING, {"wiki": 1}, ["This ballot has no points. Only choose."]),
        (SCORING, ["wiki"], ["Say how many points each choice gets."]),
        (SCORING, {"wiki": 7}, ["The Wiki has 7 points, and 5 is the most. Take off 2."]),
        (SCORING, {"wiki": -1}, ["The Wiki has -1 points. Give 0 or more."]),
        (QUESTION, {"wiki": 7, "atlas": 4}, ["You gave 11 points, and have 10. Take back 1."]),
        (MEDIAN, {"wiki": 100_101}, ["You divided 1001.01 EUR, and there is 1000.01 EUR. Take back 1.00 EUR."]),
    ],
)  # fmt: skip
def test_what_does_not_count_is_said_in_words(question: Any, said: Any, words: list[str]) -> None:
    assert [problem.say() for problem in check_ballot(question, Ballot.of("v", said))] == words


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (APPROVING, ["atlas", "wiki"]),
        (APPROVING, []),
        (SCORING, {"atlas": 0, "wiki": 5}),
        (SCORING, {}),
        (QUESTION, {"wiki": 10}),
        (QUESTION, {"wiki": 1}),
        (MEDIAN, {"wiki": 100_001, "forge": 0}),
        (RANKING, ["forge", "wiki", "atlas"]),
    ],
)
def test_good_ballots_count_and_so_do_blank_ones(question: Any, said: Any) -> None:
    assert check_ballot(question, Ballot.of("v", said)) == ()


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        (APPROVING, ["atlas"], Left(1, money=40_001)),
        (APPROVING, ["atlas", "wiki", "forge"], Left(-1, money=-29_999)),
        (APPROVING, ["moon"], Left(1, money=100_001)),
        (RANKING, ["atlas"], Left(2)),
        (SCORING, {"atlas": 3}, Left(1)),
        (QUESTION, {"atlas": 3, "wiki": 9}, Left(1, points=-2)),
        (MEDIAN, {"atlas": 1}, Left(2, money=100_000)),
    ],
)
def test_a_draft_knows_what_is_left(question: Any, said: Any, expected: Left) -> None:
    assert left(question, Ballot.of("v", said)) == expected

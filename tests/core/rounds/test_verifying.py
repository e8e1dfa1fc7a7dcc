"""Whatever is changed in the two files of a round is found, also by somebody who works the hashes out anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from communs.core.rounds import (
    InvalidFile,
    InvalidRound,
    examine,
    opening_hash,
    outcome_file,
    outcome_of,
    round_file,
    round_of,
    verify_round,
)
from communs.core.rounds.documents import digest, outcome_document, round_document
from communs.core.transparency import canonical
from communs.testing.rounds import QUESTION, made, roll_of, voter

OUTCOME = made()
ROUND, OUT = round_file(OUTCOME.round), outcome_file(OUTCOME)
OPENING = opening_hash(QUESTION, roll_of())
Change = Callable[[dict[str, Any]], object]


def test_an_honest_round_holds() -> None:
    assert verify_round(ROUND, OUT, OPENING) == ()
    assert round_file(round_of(json.loads(ROUND))) == ROUND


def changed(value: Any) -> Iterator[Any]:
    """Every small change of a document: one value other, one entry gone, one entry twice."""
    if isinstance(value, dict):
        for key in value:
            for inner in changed(value[key]):
                yield {**value, key: inner}
            yield {name: one for name, one in value.items() if name != key}
        yield {**value, "more": 1}
    elif isinstance(value, list):
        for place in range(len(value)):
            for inner in changed(value[place]):
                yield [*value[:place], inner, *value[place + 1 :]]
            yield value[:place] + value[place + 1 :]
            yield [*value, value[place]]
        yield [*value, "more"]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, str(value))
    else:
        yield from (f"{value}x", value[:-1], None, "")


def test_every_change_of_the_outcome_is_found() -> None:
    mutants = [one for one in changed(json.loads(OUT)) if canonical(one) != OUT]
    assert len(mutants) > 400
    survivors = [one for one in mutants if not verify_round(ROUND, canonical(one))]
    assert survivors == []


def test_every_change_of_the_round_is_found() -> None:
    mutants = [one for one in changed(json.loads(ROUND)) if canonical(one) != ROUND]
    assert len(mutants) > 600
    survivors = [one for one in mutants if not verify_round(canonical(one), OUT)]
    assert survivors == []


def test_files_cut_short_or_of_another_kind_are_refused() -> None:
    for wrong in (
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"\x00" * 50,
        ROUND[:-1],
        ROUND + b"\n",
        b'{"a":1.5}',
        b"[" * 9999,
    ):
        (problem,) = verify_round(wrong, OUT)
        assert problem.code == "unreadable"
        assert problem.say().startswith("round.json cannot be read: ")
    for wrong in (b"", OUT[:-1], b"\xff"):
        assert [problem.code for problem in verify_round(ROUND, wrong)] == ["unreadable"]
    assert [problem.code for problem in verify_round(ROUND, b"[]")] == ["differs"]


def forged(change: Change) -> tuple[bytes, bytes]:
    """The round changed, every hash in both files worked out anew, the amounts left as they were published."""
    document = json.loads(ROUND)
    change(document)
    told = json.loads(OUT)
    given = round_of(document)
    data = round_file(given)
    told |= {"round_sha256": digest(data), "opening_sha256": opening_hash(given.question, given.roll)}
    return data, canonical(told)


def ballots(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["ballots"]
    return found


def stuffed(document: dict[str, Any]) -> None:
    ballots(document).append({**ballots(document)[0], "voter": voter("nobody")})


def doubled(document: dict[str, Any]) -> None:
    ballots(document).append(deepcopy(ballots(document)[0]))


def moved_point(document: dict[str, Any]) -> None:
    ballot = next(one for one in ballots(document) if len(one["points"]) > 1)
    ballot["points"][0] -= 1
    ballot["points"][1] += 1


def recolleged(document: dict[str, Any]) -> None:
    document["roll"]["voters"][0][1] = {"people": "states", "states": "people"}[document["roll"]["voters"][0][1]]


def weight(document: dict[str, Any]) -> None:
    document["question"]["passing_on"]["graph"][0][2] += 1


def unaccepted(document: dict[str, Any]) -> None:
    document["recipients"][2]["accepted"] = False


def shares(document: dict[str, Any]) -> None:
    document["bundles"][0]["shares"][0]["ppm"] += 1
    document["bundles"][0]["shares"][1]["ppm"] -= 1


FORGERIES: list[Change] = [
    moved_point,
    stuffed,
    doubled,
    recolleged,
    weight,
    unaccepted,
    shares,
    lambda one: ballots(one).pop(),
    lambda one: ballots(one)[0].update(names=[], points=[]),
    lambda one: one.update(seed="00" * 32),
    lambda one: one["question"].update(seed_commitment="00" * 32),
    lambda one: one["question"].update(pot=QUESTION.pot + 1),
    lambda one: one["question"].update(parameters={"by": "voters"}),
    lambda one: one["question"].update(rule="quadratic"),
    lambda one: one["question"]["colleges"][0].update(weight=3),
    lambda one: one["question"]["passing_on"].update(ppm=210_000),
    lambda one: one["question"]["unclaimed"].update(destination="my pocket"),
    lambda one: one["question"].update(closes_at="2026-01-01T00:00:00+00:00"),
    lambda one: one["roll"]["voters"].pop(),
    lambda one: one["bundles"].clear(),
    lambda one: one["bundles"][0]["acceptances"].pop(),
    lambda one: one["bundles"][0]["acceptances"][0].update(on="2027-01-01"),
    lambda one: one["recipients"].pop(),
]


@pytest.mark.parametrize("change", FORGERIES)
def test_amounts_that_do_not_follow_are_found_though_every_hash_was_worked_out_anew(change: Change) -> None:
    assert verify_round(*forged(change))


def test_a_round_reopened_with_another_question_is_found_by_the_hash_that_was_published() -> None:
    document = json.loads(ROUND)
    document["question"]["title"] = "Spring round"
    given = round_of(document)
    data = round_file(given)
    told = canonical(outcome_document(outcome_of(given), digest(data)))
    assert verify_round(data, told) == ()
    assert [problem.code for problem in verify_round(data, told, OPENING)] == ["opening"]


def test_the_place_is_named() -> None:
    document = json.loads(OUT)
    document["granted"]["wiki"] += 1
    (problem,) = verify_round(ROUND, canonical(document))
    assert problem.say() == "granted.wiki: 32594 is written, and 32593 follows from the ballots."


def test_what_cannot_be_closed_is_told_with_its_reasons() -> None:
    document = json.loads(ROUND)
    document["ballots"][0]["names"] = ["moon"]
    document["ballots"][0]["points"] = [1]
    found = examine(canonical(document), OUT)
    assert found.outcome is None
    assert "“moon” cannot be chosen" in found.problems[-1].say()
    with pytest.raises(InvalidRound):
        outcome_of(round_of(document))


def test_values_of_another_kind_are_refused_with_their_place() -> None:
    document = round_document(OUTCOME.round)
    document["ballots"][1]["names"] = [5]
    with pytest.raises(InvalidFile, match=r"ballots\[1\]\.names"):
        round_of(document)

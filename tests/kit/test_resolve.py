"""Which of several claims is shown, and which disagree."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from communs.apps.register.models import CommonsStatement
from communs.kit.models import Source
from communs.kit.records import resolve
from communs.kit.records.models import Method, Statement

WEAK = Source(pk=1, key="weak", name="weak", trust=10)
STRONG = Source(pk=2, key="strong", name="strong", trust=90)
_numbers = iter(range(1, 10_000))


def said(
    value: Any, method: Method = Method.IMPORT, source: Source | None = None, seen: str = "", **more: Any
) -> Statement:
    """A statement about `name`, the later in the file the later in time."""
    number = next(_numbers)
    moment = datetime(2026, 1, 1, tzinfo=UTC).replace(microsecond=number)
    return CommonsStatement(
        pk=number, method=method, source=source, values={"name": value}, seen_as_of=seen, stated_at=moment, **more
    )


def shown(*statements: Statement) -> Any:
    return resolve.shown(resolve.resolve(statements)).get("name")


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (said("W", Method.IMPORT, WEAK, locked=["name"]), said("L", Method.STEWARD)),
        (said("W", Method.STEWARD), said("L", Method.EDITOR)),
        (said("W", Method.EDITOR), said("L", Method.READER)),
        (said("W", Method.EDITOR), said("L", Method.IMPORT, STRONG, "2026-09-01")),
        (said("W", Method.IMPORT, WEAK), said("L", Method.GENERAL, STRONG)),
        (said("W", Method.IMPORT, STRONG, "2020"), said("L", Method.IMPORT, WEAK, "2026")),
        (said("W", Method.IMPORT, WEAK, "2026-02"), said("L", Method.IMPORT, WEAK, "2026-01")),
    ],
)
def test_the_stronger_claim_is_shown_in_any_order(winner: Statement, loser: Statement) -> None:
    assert all(shown(*order) == "W" for order in permutations([winner, loser]))


def test_a_claim_that_there_is_none_hides_the_field() -> None:
    assert shown(said("Map", Method.IMPORT, WEAK), said(None, Method.EDITOR)) is None


def test_a_statement_superseded_or_withdrawn_does_not_speak() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert shown(said("Map", superseded_at=now), said("Plan", withdrawn_at=now)) is None


def test_of_one_voice_only_the_last_word_counts() -> None:
    claims = resolve.resolve([said("Old", Method.EDITOR), said("New", Method.EDITOR)])
    assert [claim.value for claim in claims["name"]] == ["New"]
    assert resolve.conflicts(claims) == {}


def test_voices_that_disagree_are_a_conflict_and_those_that_agree_are_not() -> None:
    agree = resolve.resolve([said("Map", Method.IMPORT, WEAK), said("Map", Method.IMPORT, STRONG)])
    differ = resolve.resolve([said("Map", Method.IMPORT, WEAK), said("Plan", Method.IMPORT, STRONG)])
    assert resolve.conflicts(agree) == {}
    assert [claim.value for claim in resolve.conflicts(differ)["name"]] == ["Map"]


def test_what_a_person_with_authority_said_settles_what_sources_dispute() -> None:
    disputed = [said("Map", Method.IMPORT, WEAK), said("Plan", Method.IMPORT, STRONG)]
    assert len(resolve.in_question(resolve.resolve(disputed)["name"])) == 2
    settled = resolve.resolve([*disputed, said("Atlas", Method.STEWARD)])["name"]
    assert [claim.value for claim in resolve.in_question(settled)] == ["Atlas"]


def test_a_diff_names_each_field_that_differs_and_no_other() -> None:
    before = {"a": 1, "b": [1, 2], "c": "x"}
    after = {"a": 1, "b": [2, 1], "d": {"k": None}}
    assert resolve.diff(before, after) == {"b": [[1, 2], [2, 1]], "c": ["x", None], "d": [None, {"k": None}]}

"""The matcher over the data that a new instance starts from."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from communs.core.matching import Catalogue, Match, Opportunity, Profile, explain, hosts_for, match

SEED = Path(__file__).resolve().parents[3] / "seed"


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEED / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def opportunities() -> list[Opportunity]:
    return [Opportunity.from_record(record) for record in read("opportunities.jsonl")]


@pytest.fixture(scope="module")
def commons() -> dict[str, Profile]:
    return {record["id"]: Profile.from_record(record) for record in read("commons.jsonl")}


def one(found: list[Match], name: str) -> Match:
    return next(m for m in found if m.opportunity.id == name)


def test_every_record_is_read_and_every_answer_has_reasons(
    opportunities: list[Opportunity], commons: dict[str, Profile]
) -> None:
    catalogue = Catalogue(opportunities)
    for name in sorted(commons)[::40]:
        for found in catalogue.match_all(commons[name], date(2026, 11, 23)):
            said = explain(found)
            assert said.sentence.endswith(".")
            assert "{" not in said.sentence
            assert all(row.why and row.ask and row.you for row in said.rows)
            assert (found.result == "ask") <= bool(said.questions)
            assert (found.result == "no") == bool(said.changes)


def test_a_small_group_in_italy_may_apply_to_an_open_fund_with_one_question(
    opportunities: list[Opportunity], commons: dict[str, Profile]
) -> None:
    found = one(Catalogue(opportunities).match_all(commons["gancio"]), "nlnet-ngi0-commons-fund")
    assert found.result == "ask"
    assert [question.key.split(":")[0] for question in found.questions] == ["activity"]


def test_what_funds_associations_in_france_refuses_an_american_foundation_unless_it_works_there(
    opportunities: list[Opportunity], commons: dict[str, Profile]
) -> None:
    helloasso = next(o for o in opportunities if o.id == "helloasso")
    assert match(commons["wikipedia"], helloasso).result == "no"


def test_hosts_are_found_for_a_group_without_legal_form(
    opportunities: list[Opportunity], commons: dict[str, Profile]
) -> None:
    names = {m.opportunity.id for m in hosts_for(commons["gancio"], opportunities)}
    assert {"open-collective-europe", "open-source-collective"} <= names


def test_forms_that_are_unknown_are_refused_nowhere_for_their_form(
    opportunities: list[Opportunity], commons: dict[str, Profile]
) -> None:
    unknown = [profile for profile in commons.values() if profile.form is None]
    assert len(unknown) > 50
    for found in Catalogue(opportunities).match_all(unknown[0]):
        forms = [o.status for o in found.outcomes if o.criterion.dimension == "applicant_form" and o.criterion.is_typed]
        assert "not_met" not in forms

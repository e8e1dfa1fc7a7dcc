"""Reading records: nothing guessed, every fault with its place and remedy."""

from typing import Any

import pytest

from communs.core.matching import InvalidRecord, Opportunity, PartLicence, Profile


def test_a_commons_record_becomes_a_profile() -> None:
    commons = Profile.from_record({
        "id": "atlas", "name": "Atlas", "kind": "knowledge", "countries": ["FR", "EU"], "languages": ["fr", "mul"],
        "licences": [{"part": "software", "spdx": "MIT"}, {"part": "text", "spdx": "CC-BY-SA-4.0"}],
        "steward": {"name": "The Atlas group", "form": "informal", "country": "FR"}, "functions": ["maps"],
    })  # fmt: skip
    assert commons.legal_form == "informal_collective"
    assert commons.kinds == {"knowledge", "software"}
    assert commons.countries == ("EU27", "FR")
    assert commons.languages == {"fr"}
    assert commons.licences == (PartLicence("software", "MIT"), PartLicence("text", "CC-BY-SA-4.0"))
    assert commons.hosted == "unknown"


@pytest.mark.parametrize("record", [{}, {"steward": None}, {"steward": {"form": "unknown", "country": None}}])
def test_what_a_record_does_not_say_stays_unknown(record: dict[str, Any]) -> None:
    commons = Profile.from_record(record)
    assert (commons.form, commons.country, commons.kinds, commons.hosted) == (None, None, frozenset(), "unknown")


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ({"steward": {"form": "gmbh"}}, "steward.form"),
        ({"steward": "Atlas e.V."}, "steward"),
        ({"countries": ["France"]}, "countries"),
        ({"licences": [{"part": "code", "spdx": 3}]}, "licences[0].spdx"),
        ({"kind": "app"}, "kind"),
    ],
)
def test_a_fault_in_a_commons_names_its_place(record: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        Profile.from_record(record)
    assert refused.value.path == path
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"id": None}, "id"),
        ({"recipients": ["nonprofit"]}, "recipients"),
        ({"recipients": "association"}, "recipients"),
        ({"countries": ["Europe"]}, "countries"),
        ({"commons_kinds": ["apps"]}, "commons_kinds"),
        ({"licence_requirement": "gpl"}, "licence_requirement"),
        ({"requires_legal_entity": "maybe"}, "requires_legal_entity"),
        ({"amount": {"min": "5000"}}, "amount.min"),
        ({"amount": {"min": -1}}, "amount.min"),
        ({"window": {"model": "sometimes"}}, "window.model"),
        ({"window": {"model": "one_off", "closes": "soon"}}, "window.closes"),
        ({"criteria": [{"dimension": "topic", "force": "firm", "statement": "x"}]}, "criteria[0].force"),
        ({"criteria": [{"dimension": "topic", "force": "hard"}]}, "criteria[0]"),
        ({"criteria": [{"dimension": "seat", "force": "hard", "accepts": ["Bavaria"]}]}, "criteria[0].accepts"),
        ({"criteria": [{"dimension": "team_size", "accepts": {"min": 4, "max": 1}}]}, "criteria[0].accepts"),
    ],
)  # fmt: skip
def test_a_fault_in_an_opportunity_names_its_place(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        Opportunity.from_record({"id": "fund", **fields})
    assert refused.value.path == path
    assert str(refused.value).startswith(path)


def test_several_windows_may_stand_in_one_record() -> None:
    windows = [{"model": "cutoffs", "closes": "2026-03-01"}, {"model": "cutoffs", "closes": "2026-06-01"}]
    assert len(Opportunity.from_record({"id": "fund", "windows": windows}).windows) == 2


def test_the_latest_evidence_says_when_facts_were_last_seen() -> None:
    evidence = [{"seen_as_of": "2024"}, {"seen_as_of": "2026-02-18"}, {"seen_as_of": None}]
    assert Opportunity.from_record({"id": "fund", "evidence": evidence}).last_confirmed == "2026-02-18"

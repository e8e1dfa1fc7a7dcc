"""Records of the registry of digital public goods."""

from __future__ import annotations

import json
from typing import Any

import pytest

from communs.core.standards import dpg
from communs.core.standards.formats import Sample

GOOD: dict[str, Any] = {
    "name": "Atlas",
    "description": "Free maps for the people of the city",
    "website": "https://atlas.example.org",
    "license": [{"spdx": "GPL-3.0", "licenseURL": "https://forge.example.org/maps/atlas/LICENSE"}],
    "SDGs": [{"SDGNumber": 11}],
    "sectors": ["Sustainable Cities"],
    "type": ["software"],
    "repositories": [
        {"name": "docs", "url": "https://forge.example.org/maps/docs"},
        {"name": "main", "url": "https://forge.example.org/maps/atlas"},
    ],
    "organizations": [
        {"name": "Fund", "org_type": "funder"},
        {"name": "Institute", "org_type": "owner", "contact_name": "Ada Person", "contact_email": "ada@example.org"},
    ],
    "stage": "DPG",
}
DETAILS: dict[str, Any] = {
    "name": "Atlas",
    "clearOwnership": {"isOwnershipExplicit": "Yes"},
    "platformIndependence": {},
    "documentation": {},
    "locations": {"developmentCountries": ["Germany"], "deploymentCountries": ["Tanzania", "Côte d'Ivoire", "Utopia"]},
}


def read(value: Any) -> Any:
    return dpg.read(json.dumps(value))


def codes(document: Any) -> list[tuple[str, str, str]]:
    return [(found.path, found.code, found.severity) for found in document.problems]


def test_a_nomination_is_a_record_without_contact_persons() -> None:
    document = read(GOOD)
    assert codes(document) == [("license[0]", "other-spelling", "note")]
    record = document.records[0]
    assert (record["kind"], record["dpg"], record["repository"]) == (
        "software", True, "https://forge.example.org/maps/atlas",
    )  # fmt: skip
    assert record["licences"] == [{"part": "code", "spdx": "GPL-3.0-only"}]
    assert (record["steward"]["name"], record["funded_by"]) == ("Institute", [{"name": "Fund"}])
    assert "Ada" not in json.dumps(record)


def test_the_details_give_the_countries_of_use() -> None:
    document = read(DETAILS)
    assert document.records[0]["countries"] == ["CI", "TZ"]
    assert codes(document) == [("locations.deploymentCountries[2]", "no-country", "warning")]


PARTS = [
    (["software"], ["MIT"], ["code"]),
    (["software"], ["MIT", "CC-BY-4.0"], ["code", "content"]),
    (["software", "aimodel"], ["MIT"], ["code"]),
    (["software", "data"], ["AGPL-3.0", "ODbL-1.0"], ["code", "data"]),
    (["data", "content"], ["CC-BY-4.0"], [""]),
    (["aimodel"], ["Apache-2.0"], ["weights"]),
    (["standard"], ["CC-BY-4.0"], ["specification"]),
]


@pytest.mark.parametrize(("types", "stated", "parts"), PARTS)
def test_a_licence_covers_the_part_that_it_was_made_for(types: list[str], stated: list[str], parts: list[str]) -> None:
    record = read({**GOOD, "type": types, "license": [{"spdx": name} for name in stated]}).records[0]
    assert [entry["part"] for entry in record["licences"]] == parts


def test_a_licence_that_forbids_commercial_use_is_told() -> None:
    document = read({**GOOD, "license": [{"spdx": "CC-BY-NC-SA-4.0"}]})
    assert codes(document) == [("license[0]", "not-open", "warning")]
    assert "commercial" in document.problems[0].say()


FAULTS: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
    ({"name": None}, ("name", "missing", "error")),
    ({"license": []}, ("license", "too-few", "error")),
    ({"license": None}, ("license", "missing", "error")),
    ({"type": ["Software"]}, ("type[0]", "not-a-choice", "error")),
    ({"stage": "new"}, ("stage", "not-a-choice", "error")),
    ({"SDGs": [3]}, ("SDGs[0]", "not-table", "error")),
    ({"website": "atlas"}, ("website", "not-an-address", "warning")),
]


@pytest.mark.parametrize(("changes", "expected"), FAULTS)
def test_each_fault_has_place_grade_and_remedy(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    document = read({**GOOD, **changes})
    assert expected in codes(document)
    assert all(found.say_fix() for found in document.problems)


def test_a_list_of_goods_is_as_many_records() -> None:
    text = json.dumps([GOOD, {**GOOD, "name": "Globe"}, 3])
    assert dpg.recognise(Sample(text))
    document = dpg.read(text)
    assert [record["name"] for record in document.records] == ["Atlas", "Globe"]
    assert ("[2]", "not-table", "error") in codes(document)


def test_other_json_is_not_taken_for_a_good() -> None:
    assert dpg.recognise(Sample(json.dumps(DETAILS)))
    assert not dpg.recognise(Sample('{"license": {"answer": true}, "SDG[0]": {}, "user": "x"}'))

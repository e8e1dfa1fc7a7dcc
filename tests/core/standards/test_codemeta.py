"""codemeta.json: the ways JSON-LD is written, faults and repairs, and JSON-LD from records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from communs.core.matching import Profile
from communs.core.standards import codemeta
from communs.core.standards.formats import Sample

FULL: dict[str, Any] = {
    "@context": "https://w3id.org/codemeta/3.0",
    "@type": "SoftwareSourceCode",
    "name": "Atlas",
    "description": "Free maps for the people of the city",
    "codeRepository": "https://forge.example.org/maps/atlas",
    "url": "https://atlas.example.org",
    "license": "https://spdx.org/licenses/EUPL-1.2",
    "keywords": ["maps", "city"],
    "version": "3.1",
    "dateModified": "2026-03-31",
    "identifier": "https://doi.org/10.5281/zenodo.123",
    "author": [
        {"@type": "Person", "givenName": "Ada", "familyName": "Person", "email": "ada@example.org"},
        {"@type": "Organization", "name": "Institute of Maps"},
    ],
    "funder": {"@type": "Organization", "name": "City of Maps"},
}


def read(value: Any) -> Any:
    return codemeta.read(json.dumps(value))


def codes(document: Any) -> list[tuple[str, str, str]]:
    return [(found.path, found.code, found.severity) for found in document.problems]


def test_a_faultless_file_is_a_record() -> None:
    document = read(FULL)
    assert (codes(document), document.version) == ([], "3.0")
    record = document.records[0]
    assert (record["name"], record["kind"]) == ("Atlas", "software")
    assert record["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]
    assert record["steward"]["name"] == "Institute of Maps"
    assert record["identifiers"]["doi"] == "10.5281/zenodo.123"
    assert record["funded_by"] == [{"name": "City of Maps"}]
    assert record["release"] == {"version": "3.1", "date": "2026-03-31"}
    assert "Ada" not in json.dumps(record)
    assert "ada@" not in json.dumps(record)
    Profile.from_record(record)


WAYS: list[Any] = [
    {"@graph": [{"@type": "Person", "name": "Ada"}, {**FULL, "@context": None}], "@context": FULL["@context"]},
    [FULL],
    {**{f"schema:{key}": value for key, value in FULL.items() if not key.startswith("@")},
     "@context": FULL["@context"], "type": ["SoftwareSourceCode"]},
    {**FULL, "codeRepository": {"@id": FULL["codeRepository"]},
     "license": {"@type": "CreativeWork", "url": FULL["license"]},
     "description": {"@value": FULL["description"], "@language": "en"}, "keywords": {"@set": ["maps", "city"]}},
    {**FULL, "keywords": "maps, city"},
]  # fmt: skip


@pytest.mark.parametrize("value", WAYS)
def test_the_ways_of_json_ld_say_the_same(value: Any) -> None:
    record = read(value).records[0]
    for key in ("name", "summaries", "repository", "licences", "functions"):
        assert record[key] == read(FULL).records[0][key]


def test_descriptions_keep_the_language_they_name() -> None:
    said = [{"@value": "Atlas libre", "@language": "fr-BE"}, {"@value": "Free atlas", "@language": "en"}]
    assert read({**FULL, "description": said}).records[0]["summaries"] == {"fr": "Atlas libre", "en": "Free atlas"}


FAULTS: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
    ({"@context": "https://schema.org"}, ("@context", "no-context", "error")),
    ({"@type": None}, ("@type", "missing", "error")),
    ({"@type": "Recipe"}, ("@type", "other-type", "warning")),
    ({"name": ""}, ("name", "missing", "error")),
    ({"name": {"a": 1}}, ("name", "not-text", "error")),
    ({"keyword": "x"}, ("keyword", "unknown-key", "warning")),
    ({"contIntegration": "https://ci.example.org"}, ("contIntegration", "renamed", "warning")),
    ({"url": "atlas.example.org"}, ("url", "not-an-address", "warning")),
    ({"license": "MIT"}, ("license", "licence-prefix", "warning")),
    ({"license": ["https://spdx.org/licenses/GPL-3.0"]}, ("license[0]", "other-spelling", "note")),
    ({"license": "https://creativecommons.org/licenses/by-nc/4.0/"}, ("license", "not-open", "warning")),
    ({"dateCreated": "last year"}, ("dateCreated", "not-a-date", "warning")),
    ({"url": None}, ("url", "null", "warning")),
]


@pytest.mark.parametrize(("changes", "expected"), FAULTS)
def test_each_fault_has_place_grade_and_remedy(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    document = read({**FULL, **changes})
    assert expected in codes(document)
    assert all(found.say_fix() and found.line >= 1 for found in document.problems)


def test_the_repaired_file_is_valid() -> None:
    broken = {key: value for key, value in FULL.items() if not key.startswith("@")}
    broken |= {
        "license": ["Apache 2"], "url": "atlas.example.org", "codeRepository": "git@forge.example.org:maps/atlas.git",
        "contIntegration": "ci.example.org", "version": None, "keyword": ["maps"],
    }  # fmt: skip
    del broken["keywords"]
    repaired = codemeta.repair(json.dumps(broken))
    assert codes(codemeta.read(repaired)) == []
    value = json.loads(repaired)
    assert next(iter(value)) == "@context"
    assert (value["license"], value["keywords"]) == (["https://spdx.org/licenses/Apache-2.0"], ["maps"])
    assert value["codeRepository"] == "https://forge.example.org/maps/atlas.git"
    assert value["continuousIntegration"] == "https://ci.example.org"


def test_what_is_written_reads_back() -> None:
    record = read(FULL).records[0]
    written = codemeta.read(codemeta.write(record))
    assert codes(written) == []
    assert written.records[0] == record


def test_a_bare_record_can_be_embedded() -> None:
    document = codemeta.as_jsonld(
        {"name": "Été", "kind": "data", "summary_fr": "Des données"}, "https://c.example.org/1"
    )
    assert document == {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "schema:Dataset",
        "@id": "https://c.example.org/1",
        "name": "Été",
        "description": {"@value": "Des données", "@language": "fr"},
    }


def test_other_json_is_not_taken_for_codemeta() -> None:
    assert codemeta.recognise(Sample(json.dumps(FULL)))
    assert not codemeta.recognise(Sample('{"@context": "https://schema.org", "@type": "Event", "name": "x"}'))
    assert not codemeta.recognise(Sample('{"name": "atlas", "license": "MIT", "version": "1.0.0"}'))

"""funding.json: reading, grading, repairing and writing manifests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from communs.core.matching import Profile
from communs.core.standards import funding_json
from communs.core.standards.formats import Sample
from communs.core.standards.funding_json.directory_rules import needs_proof


def manifest(**changes: Any) -> dict[str, Any]:
    project = {
        "guid": "atlas",
        "name": "Atlas",
        "description": "Free maps for the people of the city. Write to maps@example.org.",
        "webpageUrl": {"url": "https://atlas.example.org"},
        "repositoryUrl": {"url": "https://forge.example.org/maps/atlas"},
        "licenses": ["spdx:AGPL-3.0-or-later"],
        "tags": ["maps", "open-data"],
    }
    return {
        "version": "v1.0.0",
        "entity": {
            "type": "group",
            "role": "steward",
            "name": "Friends of the Atlas",
            "email": "maps@example.org",
            "phone": "+33 1 23 45 67 89",
            "description": "We draw maps.",
            "webpageUrl": {"url": "https://atlas.example.org"},
        },
        "projects": [{**project, **changes}],
        "funding": {
            "channels": [
                {"guid": "bank", "type": "bank", "address": "FR76 0000 0000"},
                {"guid": "give", "type": "other", "address": "https://give.example.org/atlas"},
            ],
            "plans": [
                {
                    "guid": "hosting",
                    "status": "active",
                    "name": "Hosting",
                    "amount": 250,
                    "currency": "EUR",
                    "frequency": "monthly",
                    "channels": ["bank", "give"],
                }
            ],
            "history": [{"year": 2025, "income": 900, "currency": "EUR"}],
        },
    }


def read(value: Any) -> Any:
    return funding_json.read(json.dumps(value))


def codes(document: Any) -> list[tuple[str, str, str]]:
    return [(found.path, found.code, found.severity) for found in document.problems]


def test_a_faultless_manifest_is_a_record_that_matching_reads() -> None:
    document = read(manifest())
    assert (document.is_valid, codes(document), document.version) == (True, [], "1.0")
    record = document.records[0]
    assert (record["id"], record["name"], record["kind"]) == ("atlas", "Atlas", None)
    assert record["licences"] == [{"part": "code", "spdx": "AGPL-3.0-or-later"}]
    assert record["steward"] == {"name": "Friends of the Atlas", "form": "informal", "country": None}
    assert record["funding"]["plans"][0]["links"] == ["https://give.example.org/atlas"]
    assert record["funding"]["history"][0]["income"] == 900
    Profile.from_record(record)


def test_accounts_addresses_and_telephones_of_people_stay_outside() -> None:
    said = json.dumps(read(manifest()).records)
    assert not any(word in said for word in ("maps@example.org", "+33", "FR76"))


def test_a_contributor_is_not_the_steward() -> None:
    value = manifest()
    value["entity"]["role"] = "contributor"
    assert read(value).records[0]["steward"]["name"] is None


def test_several_projects_are_several_records_with_ids_of_their_own() -> None:
    value = manifest()
    value["projects"].append(
        {**value["projects"][0], "repositoryUrl": {"url": "https://forge.example.org/other/atlas"}}
    )
    assert [record["id"] for record in read(value).records] == ["atlas", "atlas-other"]


GRADED: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
    ({"webpageUrl": {"url": "https://a.example.org", "wellKnown": None}},
     ("projects[0].webpageUrl.wellKnown", "null", "warning")),
    ({"name": None}, ("projects[0].name", "missing", "error")),
    ({"name": 3}, ("projects[0].name", "not-text", "error")),
    ({"tags": ["Open Data"]}, ("projects[0].tags[0]", "not-a-tag", "error")),
    ({"tags": "maps"}, ("projects[0].tags", "not-list", "error")),
    ({"tags": ["a"] * 11}, ("projects[0].tags", "too-many", "error")),
    ({"guid": "My Atlas"}, ("projects[0].guid", "not-a-guid", "error")),
    ({"description": "x" * 2001}, ("projects[0].description", "too-long", "error")),
    ({"webpageUrl": "https://a.example.org"}, ("projects[0].webpageUrl", "not-table", "error")),
    ({"webpageUrl": {"url": "a.example.org"}}, ("projects[0].webpageUrl.url", "not-an-address", "error")),
    ({"repositoryUrl": {"url": "https://a.example.org/x", "wellKnown": "https://a.example.org/proof"}},
     ("projects[0].repositoryUrl.wellKnown", "not-a-proof", "error")),
    ({"webpageUrl": {"url": "https://a.example.org", "wellKnown": "https://b.example.org/.well-known/funding-manifest-urls"}},
     ("projects[0].webpageUrl.wellKnown", "proof-elsewhere", "warning")),
    ({"licenses": ["GPL-3.0"]}, ("projects[0].licenses[0]", "licence-prefix", "warning")),
    ({"licenses": ["spdx:GPL-3.0"]}, ("projects[0].licenses[0]", "other-spelling", "note")),
    ({"licenses": ["spdx:CC-BY-NC-4.0"]}, ("projects[0].licenses[0]", "not-open", "warning")),
    ({"licenses": ["our terms"]}, ("projects[0].licenses[0]", "not-a-licence", "warning")),
    ({"licenses": []}, ("projects[0].licenses", "no-entry", "warning")),
    ({"licence": []}, ("projects[0].licence", "unknown-key", "warning")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), GRADED)
def test_each_fault_has_place_grade_and_remedy(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    document = read(manifest(**changes))
    assert codes(document) == [expected]
    assert document.problems[0].say_fix()
    assert document.records[0]["name"]


def test_references_inside_the_manifest_are_checked() -> None:
    value = manifest()
    value["funding"]["plans"].append({**value["funding"]["plans"][0], "channels": ["cash"], "currency": "XYZ"})
    value["funding"]["plans"][0]["amount"] = -1
    found = {(path, code) for path, code, _ in codes(read(value))}
    assert found == {
        ("funding.plans[0].amount", "negative"),
        ("funding.plans[1].guid", "repeated-guid"),
        ("funding.plans[1].channels[0]", "no-channel"),
        ("funding.plans[1].currency", "no-currency"),
    }


def test_version_is_required_only_where_the_file_names_version_1_0() -> None:
    value = manifest()
    del value["version"]
    assert read(value).is_valid
    value["$schema"] = "https://fundingjson.org/schema/v1.0.0.json"
    assert codes(read(value)) == [("version", "missing", "error")]


@pytest.mark.parametrize(
    ("target", "home", "needed"),
    [
        ("https://a.example.org/x", "https://a.example.org/funding.json", False),
        ("https://a.example.org/x/y", "https://a.example.org/x/funding.json", False),
        ("https://forge.example.org/me/p", "https://forge.example.org/me/p/raw/main/funding.json", False),
        ("https://forge.example.org/me/q", "https://forge.example.org/me/p/raw/main/funding.json", True),
        ("https://b.example.org/", "https://a.example.org/funding.json", True),
    ],
)
def test_a_proof_is_asked_for_what_lies_elsewhere(target: str, home: str, needed: bool) -> None:
    assert needs_proof(target, home) is needed


def test_the_repaired_file_is_valid_and_says_the_same() -> None:
    value = manifest(
        tags=["Open Data", "C++", None],
        licenses=["GPL-3.0", "sdpx:MIT"],
        webpageUrl="www.example.org",
        repositoryUrl={"url": "git@forge.example.org:maps/atlas.git", "wellKnown": None},
    )
    value["entity"].update(type="Organisation", phone=None)
    value["funding"]["plans"][0].update(amount="1,250", currency="€")
    value["funding"]["history"] = None
    before = read(value)
    after = funding_json.read(funding_json.repair(json.dumps(value)))
    assert (before.is_valid, codes(after)) == (False, [])
    assert before.records == after.records
    project = json.loads(funding_json.repair(json.dumps(value)))["projects"][0]
    assert project["tags"] == ["open-data", "cpp"]
    assert project["licenses"] == ["spdx:GPL-3.0-only", "spdx:MIT"]


def test_json_with_a_comma_too_many_is_reported_read_and_repaired() -> None:
    text = json.dumps(manifest(), indent=2)[:-2] + ",  // mine\n}"
    document = funding_json.read(text)
    assert [found.code for found in document.problems] == ["not-json"]
    assert document.records[0]["name"] == "Atlas"
    assert funding_json.read(funding_json.repair(text)).is_valid


def test_what_is_written_is_valid_and_reads_back() -> None:
    record = read(manifest()).records[0]
    written = funding_json.read(funding_json.write(record))
    assert (written.version, codes(written)) == ("1.1", [])
    again = written.records[0]
    for key in ("id", "name", "summaries", "homepage", "repository", "licences", "functions"):
        assert again[key] == record[key]
    assert again["funding"]["plans"][0]["amount"] == 250


def test_a_record_with_nothing_but_a_name_can_be_written() -> None:
    written = funding_json.read(funding_json.write({"name": "Été"}, page="https://commons.example.org/c/ete"))
    assert written.is_valid
    assert written.records[0]["homepage"] == "https://commons.example.org/c/ete"


@pytest.mark.parametrize(
    ("text", "held"),
    [('{"opRetro": {"projectId": "0x1"}}', "Optimism RetroPGF"),
     ('{"opRetro": {}, "drips": {"ethereum": {}}}', "Optimism RetroPGF, Drips")],
)  # fmt: skip
def test_namesakes_are_recognised_for_what_they_are(text: str, held: str) -> None:
    sample = Sample(text)
    assert (funding_json.recognise(sample), funding_json.misnamed(sample)) == (False, held)
    document = funding_json.read(text)
    assert [(found.code, found.values["held"]) for found in document.problems] == [("other-format", held)]
    assert document.records == ()


def test_a_manifest_beside_a_namesake_is_a_manifest() -> None:
    value = {**manifest(), "drips": {"ethereum": {}}}
    assert funding_json.recognise(Sample(json.dumps(value)))
    assert read(value).is_valid


@pytest.mark.parametrize("text", ["", "[]", "3", "null", '{"projects": 3}', '{"entity": [], "funding": "x"}', "{", "é"])
def test_anything_at_all_gets_an_answer(text: str) -> None:
    document = funding_json.read(text)
    assert document.records == ()
    assert document.problems
    assert isinstance(funding_json.repair(text), str)

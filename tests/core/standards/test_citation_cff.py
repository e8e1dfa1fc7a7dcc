"""CITATION.cff: reading, faults and repairs that leave comments where they are."""

from __future__ import annotations

import pytest

from communs.core.matching import Profile
from communs.core.standards import citation_cff
from communs.core.standards.citation_cff.schema import version_of
from communs.core.standards.formats import Sample

FULL = """\
# how to cite the atlas
cff-version: 1.2.0
message: Please cite the atlas.
title: Atlas
authors:
  - family-names: Person
    given-names: Ada
    orcid: https://orcid.org/0000-0003-4925-7248
    email: ada@example.org
  - name: Institute of Maps
    country: FR
abstract: La carte libre de la ville pour tous.
license: [EUPL-1.2, MIT]
repository-code: https://forge.example.org/maps/atlas
url: https://atlas.example.org
doi: 10.5281/zenodo.123
identifiers:
  - type: swh
    value: swh:1:rel:22ece559cc7cc2364edc5e5593d63ae8bd229f9f
keywords: [maps, city]
date-released: 2026-03-31
version: 3
"""


def codes(text: str) -> list[tuple[str, str, str]]:
    return [(found.path, found.code, found.severity) for found in citation_cff.read(text).problems]


def test_a_faultless_file_is_a_record() -> None:
    document = citation_cff.read(FULL)
    assert (codes(FULL), document.version) == ([], "1.2.0")
    record = document.records[0]
    assert (record["name"], record["kind"]) == ("Atlas", "software")
    assert record["licences"] == [{"part": "code", "spdx": "EUPL-1.2 OR MIT"}]
    assert record["summary_fr"] == "La carte libre de la ville pour tous."
    assert record["steward"] == {"name": "Institute of Maps", "form": "unknown", "country": "FR"}
    assert record["identifiers"]["doi"] == "10.5281/zenodo.123"
    assert record["identifiers"]["swh"].startswith("swh:1:rel:")
    assert record["release"] == {"version": "3", "date": "2026-03-31"}
    assert "Ada" not in repr(record)
    Profile.from_record(record)


def test_a_dataset_is_data() -> None:
    record = citation_cff.read(FULL.replace("version: 3\n", "type: dataset\n")).records[0]
    assert (record["kind"], record["licences"][0]["part"]) == ("data", "data")


FAULTS = [
    ("title: Atlas\n", "", ("title", "missing", "error")),
    ("message: Please cite the atlas.", "message:", ("message", "missing", "error")),
    ("cff-version: 1.2.0", "cff-version: 1.2", ("cff-version", "not-text", "error")),
    ("cff-version: 1.2.0", "cff-version: 9.9.9", ("cff-version", "not-a-version", "error")),
    ("doi: 10", "doi: https://doi.org/10", ("doi", "not-a-doi", "error")),
    ("2026-03-31", "31.03.2026", ("date-released", "not-a-date", "error")),
    ("[maps, city]", "maps", ("keywords", "not-list", "error")),
    ("[EUPL-1.2, MIT]", "apache 2", ("license", "not-a-licence", "error")),
    ("[EUPL-1.2, MIT]", "GPL-3.0", ("license", "other-spelling", "note")),
    ("[EUPL-1.2, MIT]", "CC-BY-NC-4.0", ("license", "not-open", "warning")),
    ("url: https", "url: htp", ("url", "not-an-address", "error")),
    ("type: swh", "type: ark", ("identifiers[0].type", "not-a-choice", "error")),
    ("swh:1:rel", "rel", ("identifiers[0].value", "not-a-swhid", "error")),
    ("abstract:", "abstrakt:", ("abstrakt", "unknown-key", "error")),
    ("    given-names", "    given-name", ("authors[0].given-name", "unknown-key", "error")),
    ("    orcid: https://orcid.org/", "    orcid: ", ("authors[0].orcid", "not-an-orcid", "error")),
    ("version: 3\n", "commit:\n", ("commit", "null", "warning")),
]


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_each_fault_has_place_grade_and_remedy(old: str, new: str, expected: tuple[str, str, str]) -> None:
    text = FULL.replace(old, new)
    assert codes(text) == [expected]
    found = citation_cff.read(text).problems[0]
    assert found.say_fix()
    assert found.path.split(".")[0].split("[")[0] in text.splitlines()[found.line - 1] or found.line > 1 or not new


def test_before_1_2_version_and_date_had_to_be_given() -> None:
    old = FULL.replace("1.2.0", "1.1.0").replace("version: 3\n", "").replace("date-released: 2026-03-31\n", "")
    assert {code for _, code, _ in codes(old)} == {"missing"}
    assert version_of({"cff-version": "1.0.3"}) == "1.0.3"


BROKEN = """\
# how to cite the atlas
cff-version: 1.2  # the format
title: Atlas
message:
authors:
  - family-names: Person  # first
    orcid: 0000-0003-4925-7248
  - name: Institute of Maps
    website: www.example.org
licence: apache 2 OR MIT
keywords: maps, city
repository_code: git@forge.example.org:maps/atlas.git
date-released: 2026/3/31
doi: https://doi.org/10.5281/zenodo.123
colour: red
"""


def test_the_repaired_file_is_valid_and_keeps_comments_and_order() -> None:
    repaired = citation_cff.repair(BROKEN)
    assert codes(repaired) == []
    lines = repaired.splitlines()
    assert lines[:2] == ["# how to cite the atlas", "cff-version: 1.2.0  # the format"]
    assert "  - family-names: Person  # first" in lines
    assert "# colour: red" in lines
    assert lines.index("title: Atlas") < lines.index("license:") < lines.index("keywords:")
    assert citation_cff.read(repaired).records == citation_cff.read(BROKEN).records


def test_a_good_file_is_left_as_it_is() -> None:
    assert citation_cff.repair(FULL) == FULL


def test_of_a_broken_file_the_readable_keys_are_kept() -> None:
    document = citation_cff.read(FULL.replace("keywords: [maps, city]", "keywords: [maps, city"))
    assert "not-yaml" in {found.code for found in document.problems}
    assert document.records[0]["name"] == "Atlas"
    assert document.records[0]["repository"] == "https://forge.example.org/maps/atlas"


def test_other_yaml_is_not_taken_for_a_citation() -> None:
    assert citation_cff.recognise(Sample(FULL))
    assert not citation_cff.recognise(Sample("title: A page\nlayout: default\n"))
    assert not citation_cff.recognise(Sample("- cff-version\n"))


@pytest.mark.parametrize(("day", "is_one"), [("2024-02-29", True), ("2023-02-29", False), ("2024-06-31", False)])
def test_a_day_that_is_in_no_calendar_is_no_date(day: str, is_one: bool) -> None:
    text = f"cff-version: 1.2.0\nmessage: m\ntitle: Riverbed\nauthors: [{{name: Coop}}]\ndate-released: {day}\n"
    document = citation_cff.read(text)
    assert document.records[0]["release"]["date"] == (day if is_one else None)
    assert document.is_valid == is_one


def test_an_author_that_is_a_bare_text_may_be_a_person_and_is_not_taken() -> None:
    document = citation_cff.read("cff-version: 1.2.0\nmessage: m\ntitle: Riverbed\nauthors: [Lina Exemple]\n")
    assert document.records[0]["steward"]["name"] is None
    assert "Exemple" not in str(document.records)

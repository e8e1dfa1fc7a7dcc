"""Every feed of the corpora is recognised for what it is, loads whole, and its repairs are told."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core.standards import aides_territoires, dispositif_aide, finnish_calls, grants_gov, sedia
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample, recognise

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
GUICHET = CORPORA / "guichet"
FEEDS = "aides_territoires_import_samples"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not GUICHET.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]

FORMATS = (dispositif_aide, aides_territoires, sedia, grants_gov, finnish_calls)
EXPECTED = {
    f"{FEEDS}/ademe_agir_data.json": ("aides-territoires", 5),
    f"{FEEDS}/aid_import_template.csv": ("aides-territoires", 1),
    f"{FEEDS}/aides-territoires_periurbain.csv": ("aides-territoires", 274),
    f"{FEEDS}/departement_drome_data.json": ("aides-territoires", 3),
    f"{FEEDS}/ile_de_france_data.json": ("aides-territoires", 3),
    f"{FEEDS}/ministere_de_la_culture_data.json": ("aides-territoires", 3),
    f"{FEEDS}/welcom_europe_data.json": ("aides-territoires", 2),
    "eu/fi_eura_row.json": ("finnish-calls", 1),
    "eu/fi_haeavustuksia_va-lou-2026-5.json": ("finnish-calls", 1),
    "eu/sedia_HORIZON-CL5-2024-D2-01-03.json": ("sedia", 1),
    "fr_transition_ecologique/data_gouv_export.csv": ("dispositif-aide", 190),
    "fr_transition_ecologique/programs.json": ("aides-territoires", 260),
    "us_grants_gov/grants_gov_extract_sample.xml": ("grants-gov", 1),
}


@cache
def document(name: str) -> Document:
    data = (GUICHET / name).read_bytes()
    (module,) = [module for module in FORMATS if EXPECTED[name][0] == module.NAME]
    read: Document = module.read(data)
    return read


def by_id(name: str) -> dict[str, Mapping[str, Any]]:
    return {record["id"]: record for record in document(name).records}


def codes(name: str) -> Counter[str]:
    return Counter(problem.code for problem in document(name).problems)


@pytest.mark.parametrize("folder", ["guichet", "register"])
def test_each_file_is_recognised_for_what_it_is_and_no_other(folder: str) -> None:
    found = {}
    for path in sorted((CORPORA / folder).rglob("*")):
        if not path.is_file():
            continue
        sample = Sample(path.read_bytes())
        names = [module.NAME for module in FORMATS if module.recognise(sample)]
        if names:
            found[path.relative_to(CORPORA / folder).as_posix()] = names
    expected = {name: [format_name] for name, (format_name, _) in EXPECTED.items()} if folder == "guichet" else {}
    assert found == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_the_registry_finds_the_format_of_each_feed(name: str) -> None:
    found = recognise((GUICHET / name).read_bytes())
    assert found is not None
    assert found.name == EXPECTED[name][0]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_feed_loads_whole(name: str) -> None:
    read = document(name)
    assert read.is_valid, [problem.render() for problem in read.problems if problem.severity == "error"]
    assert len(read.records) == EXPECTED[name][1]
    assert len({record["id"] for record in read.records}) == len(read.records)
    assert all(record["evidence"][0]["key"] for record in read.records)
    assert all(record.get("title") or record.get("title_fr") or record.get("titles") for record in read.records)
    assert "example.invalid" not in repr(read.records)


def test_the_known_defects_of_the_feeds_are_repaired_and_told() -> None:
    assert codes(f"{FEEDS}/ademe_agir_data.json") == {"address-repaired": 1}
    assert codes(f"{FEEDS}/ministere_de_la_culture_data.json")["address-repaired"] == 1
    assert codes(f"{FEEDS}/ministere_de_la_culture_data.json")["date-repaired"] == 1
    assert codes(f"{FEEDS}/welcom_europe_data.json")["html-in-text"] >= 1
    for name in EXPECTED:
        assert not any(" " in (record.get("url") or "") for record in document(name).records)


def test_absence_of_a_date_stays_absence() -> None:
    def dates(name: str, key: str) -> int:
        return sum(bool((record.get("window") or {}).get(key)) for record in document(name).records)

    national = "fr_transition_ecologique/data_gouv_export.csv"
    assert (dates(national, "opens"), dates(national, "closes")) == (190 - 117, 190 - 178)
    export = f"{FEEDS}/aides-territoires_periurbain.csv"
    assert dates(export, "closes") == 22
    assert sum(record["window"]["model"] == "permanent" for record in document(export).records) == 254


def test_typed_eligibility_is_read_wherever_it_is() -> None:
    rows = json.loads((GUICHET / "fr_transition_ecologique/programs.json").read_text(encoding="utf-8"))
    records = by_id("fr_transition_ecologique/programs.json")
    for row in rows:
        company = row["eligibilityData"]["company"]
        record = records[f"transition-ecologique-{row['id']}"]
        typed = {c["dimension"]: c["accepts"] for c in record.get("criteria", []) if c.get("accepts")}
        bounds = {k: int(company[v]) for k, v in (("min", "minEmployees"), ("max", "maxEmployees")) if v in company}
        assert typed.get("employees") == (bounds or None)
        assert ("legal_status" in typed) == (company.get("excludeMicroentrepreneur") is True)
        sections = company.get("allowedNafSections", [])
        assert typed.get("activity_sector") == (sorted(sections) if 0 < len(set(sections)) < 21 else None)
        assert bool(record.get("countries")) == bool(company.get("allowedRegion"))
        assert ("public_body" in record["recipients"]) == (company.get("openToPublicAdministration") is True)


def test_the_topic_keeps_its_reference_and_its_days() -> None:
    (record,) = document("eu/sedia_HORIZON-CL5-2024-D2-01-03.json").records
    assert record["id"] == "sedia-45646358HORIZONResearchandInnovationActions1701907200000"
    assert (record["window"]["opens"], record["window"]["closes"]) == ("2023-12-07", "2024-04-18")
    assert "forthcoming" in record["window"]["note"]
    assert len(record["themes"]) == 8

"""Published grants: every file loads, and what we write is valid against the official schema."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from communs.core.standards.documents import Document
from communs.core.standards.fonds_vert import read as read_fonds_vert
from communs.core.standards.fonds_vert import recognise as is_fonds_vert
from communs.core.standards.formats import Sample
from communs.core.standards.open_funding import read as read_list
from communs.core.standards.open_funding import recognise as is_list
from communs.core.standards.threesixtygiving import publish, read, recognise, write

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
GUICHET = CORPORA / "guichet"
FILES = {"a002400000KeYdsAAF-currency.json": 379, "a002400000OiDBQAA3.json": 4116, "a002400000nO46WAAS.json": 870}

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not GUICHET.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


@cache
def loaded(name: str) -> Document:
    return read((GUICHET / "grants_360" / name).read_bytes())


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_every_grant_becomes_an_award_with_day_funder_and_recipient(name: str, count: int) -> None:
    document = loaded(name)
    assert document.is_valid
    assert len(document.records) == count
    for record in document.records:
        assert record["awarded_on"]
        assert record["funder"]["org_id"].startswith("GB-CHC-")
        assert record["recipient"]["name"]


@pytest.mark.parametrize("name", FILES)
def test_all_of_them_go_out_valid_and_read_back_the_same(name: str) -> None:
    """With and without a validator that looks at formats."""
    schema = json.loads((GUICHET / "schemas" / "360-giving-schema.json").read_text(encoding="utf-8"))
    text = write(loaded(name).records)
    validator = jsonschema.Draft202012Validator(schema)
    strict = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    grants: list[Any] = json.loads(text)["grants"]
    assert len(grants) == FILES[name]
    sample = grants[:: max(1, len(grants) // 200)]
    assert [error.message for grant in grants for error in validator.iter_errors(grant)] == []
    assert [error.message for grant in sample for error in strict.iter_errors(grant)] == []
    again = {record["id"]: record for record in read(text).records}
    for record in loaded(name).records:
        back = again[record["id"]]
        assert (back["amount_minor"], back["awarded_on"]) == (record["amount_minor"], record["awarded_on"])
        # The standard asks for a description and an identifier: where there are none, the title and one of ours stand.
        expected = {"description": record["title"], **record, "recipient": back["recipient"]}
        assert back == expected


def test_what_a_foundation_publishes_is_valid_as_a_grant_and_as_a_package() -> None:
    own = {
        "id": "360G-communs-2026-7", "title": "Free Map", "description": "Servers", "currency": "EUR",
        "amount_minor": 4_780_020, "awarded_on": "2026-07-01", "starts_on": "2026-08-01", "ends_on": "2027-07-31",
        "funder": {"name": "Fonds des communs", "org_id": "FR-SIREN-233500016"},
        "recipient": {"kind": "organisation", "name": "Carte libre", "org_id": "FR-SIREN-380475558"},
    }  # fmt: skip
    named = {name: GUICHET / "schemas" / f"360-giving-{name}schema.json" for name in ("", "package-")}
    grant, package = (json.loads(path.read_text(encoding="utf-8")) for path in named.values())
    package["properties"]["grants"]["items"] = {"type": "object"}  # the schema of a grant, which is held to below
    published = json.loads(publish([own, {**own, "id": "360G-communs-2026-8"}], "360G-communs"))
    strict = {"format_checker": jsonschema.FormatChecker()}
    assert list(jsonschema.Draft202012Validator(package, **strict).iter_errors(published)) == []
    for one in published["grants"]:
        assert list(jsonschema.Draft202012Validator(grant).iter_errors(one)) == []
        assert list(jsonschema.Draft202012Validator(grant, **strict).iter_errors(one)) == []


def test_only_grants_are_recognised_as_grants_and_only_the_list_as_the_list() -> None:
    files = [path for path in GUICHET.rglob("*") if path.suffix in {".json", ".md"} and path.stat().st_size < 4_000_000]
    grants = {path.name for path in files if recognise(Sample(path.read_bytes()))}
    lists = {path.name for path in files if is_list(Sample(path.read_bytes()))}
    assert grants == set(FILES)
    assert lists == {"open-funding_README.md"}


def test_every_line_of_the_fonds_vert_becomes_an_award() -> None:
    data = (GUICHET / "grants_360" / "fonds-vert-2023-export_FR.csv").read_bytes()
    assert is_fonds_vert(Sample(data))
    document = read_fonds_vert(data)
    assert document.is_valid
    assert len(document.records) == len({record["id"] for record in document.records}) == 10_782
    known = [record for record in document.records if record["recipient"].get("org_id")]
    assert len(known) >= 10_700
    others = [path for path in GUICHET.rglob("*.csv") if "fonds-vert" not in path.name]
    assert not [path.name for path in others if is_fonds_vert(Sample(path.read_bytes()))]


def test_the_list_of_funders_is_read_without_its_sentences() -> None:
    document = read_list((GUICHET / "lists" / "open-funding_README.md").read_bytes())
    assert document.is_valid
    assert len(document.records) >= 50
    assert all(record["url"].startswith("http") for record in document.records)
    assert max(len(str(record)) for record in document.records) < 1_000

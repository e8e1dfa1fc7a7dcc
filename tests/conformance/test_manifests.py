"""Manifests against the data of others: real funding.json files, the schema they follow, and the registry of goods."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.matching import Profile
from communs.core.standards import dpg, funding_directory, funding_json
from communs.core.standards.formats import Sample

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
GUICHET = CORPORA / "guichet"
GOODS = CORPORA / "register" / "dpg"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not GUICHET.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


NEW_VALUES: list[Any] = [
    3, 2.5, True, "", "x y", "ABC", "https://a.example.org", [], {}, "a" * 3000, ["a"], "active",
]  # fmt: skip


@cache
def schema() -> Any:
    path = GUICHET / "schemas" / "fundingjson_v1.1.0.json"
    return jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


@cache
def directory() -> Path:
    return next((GUICHET / "funding_json").glob("*.csv"))


@cache
def manifests() -> tuple[str, ...]:
    csv.field_size_limit(10_000_000)
    with directory().open(encoding="utf-8", newline="") as file:
        return tuple(row["manifest_json"] for row in csv.DictReader(file))


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value if inner is not None]
    return value


def test_the_directory_loads_whole_with_graded_problems() -> None:
    data = directory().read_bytes()
    assert funding_directory.recognise(Sample(data))
    document = funding_directory.read(data)
    projects = sum(len(json.loads(text).get("projects") or []) for text in manifests())
    assert (len(document.records), len({record["id"] for record in document.records})) == (projects, projects)
    assert {found.severity for found in document.problems} == {"error", "warning", "note"}
    assert {found.code for found in document.problems if found.severity == "error"} == {"not-a-tag"}
    lines = data.decode().split("\n")
    for found in document.problems:
        assert found.say_fix()
        if found.code == "null":
            key = found.path.rpartition(".")[2]
            assert lines[found.line - 1][found.column - 1 :].startswith(f'""{key}"": null')
    for record in document.records:
        Profile.from_record(record)
        assert not re.search(r"[\w.]@[\w-]+\.", json.dumps(record))


def test_verdicts_are_those_of_the_schema_with_nulls_left_out() -> None:
    verdicts = Counter(funding_json.read(text).is_valid for text in manifests())
    assert verdicts == Counter(schema().is_valid(without_nulls(json.loads(text))) for text in manifests())
    assert verdicts[False] >= 1


def test_every_manifest_is_valid_after_repair_and_what_is_written_from_it_too() -> None:
    for text in manifests():
        assert list(schema().iter_errors(json.loads(funding_json.repair(text)))) == []
        for record in funding_json.read(text).records:
            assert list(schema().iter_errors(json.loads(funding_json.write(record)))) == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutants_get_the_verdict_of_the_schema(data: st.DataObject) -> None:
    value = without_nulls(json.loads(data.draw(st.sampled_from(manifests()))))
    at, keys = value, []
    while isinstance(at, dict | list) and at and (not keys or data.draw(st.integers(0, 3))):
        keys.append(data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at)))))
        holder, at = at, at[keys[-1]]
    new = data.draw(
        st.sampled_from([3, 2.5, True, "", "x y", "ABC", "https://a.example.org", [], {}, "a" * 3000, ["a"], "active"])
    )
    if data.draw(st.booleans()) and isinstance(holder, dict):
        del holder[keys[-1]]
    else:
        holder[keys[-1]] = new
    document = funding_json.read(json.dumps(value))
    assert document.is_valid == schema().is_valid(value), (keys, new)
    assert document.is_valid or all(found.say_fix() for found in document.problems)


def test_real_files_are_told_from_their_namesakes() -> None:
    for path in sorted((GUICHET / "funding_json").glob("*.json")):
        sample = Sample(path.read_bytes())
        assert funding_json.recognise(sample) is not path.name.startswith("NOT_")
        assert bool(funding_json.misnamed(sample)) is path.name.startswith("NOT_")


@pytest.mark.parametrize("folder", ["nominees", "archive", "digitalpublicgoods", "excluded-nominees"])
def test_every_record_of_the_registry_is_read(folder: str) -> None:
    closed = set()
    for path in sorted((GOODS / folder).glob("*.json")):
        data = path.read_bytes()
        assert dpg.recognise(Sample(data)), path.name
        document = dpg.read(data)
        record = document.records[0]
        Profile.from_record(record)
        assert (record["kind"] is None) == (folder == "digitalpublicgoods")
        assert document.is_valid or folder == "excluded-nominees"
        if record["dpg"] and any(found.code == "not-open" for found in document.problems):
            closed.add(path.stem)
    assert len(closed) == (12 if folder == "nominees" else 0)


def test_nominations_are_as_valid_as_their_schema_says() -> None:
    rules = json.loads((GOODS / "nominee-schema.json").read_text(encoding="utf-8"))
    rules.pop("$id")
    del rules["properties"]["license"]["items"]["properties"]["spdx"]["enum"]
    validator = jsonschema.Draft7Validator(rules)
    for path in sorted((GOODS / "nominees").glob("*.json")):
        data = path.read_bytes()
        assert dpg.read(data).is_valid == validator.is_valid(json.loads(data)), path.name


def test_reviews_are_not_taken_for_goods() -> None:
    for path in (GOODS / "reviews").glob("*.json"):
        assert not dpg.recognise(Sample(path.read_bytes()))

"""Records written as publiccode.yml: valid or not at all, and the same when read again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core.standards.documents import CannotWrite as AnyCannotWrite
from communs.core.standards.publiccode import CannotWrite, read, repair, strict, write

ROOT = Path(__file__).resolve().parents[3]

RECORD: dict[str, Any] = {
    "name": "Map",
    "kind": "software",
    "summary": "A map that everybody may draw on.",
    "summary_fr": "Une carte que chacun peut dessiner.",
    "summaries": {"de": "Eine Karte für alle."},
    "names": {"fr": "Carte"},
    "homepage": "https://map.example.org",
    "repository": "https://example.org/team/map.git",
    "licences": [{"part": "code", "spdx": "AGPL-3.0-or-later"}, {"part": "documentation", "spdx": "CC-BY-4.0"}],
    "steward": {"name": "Map Association", "form": "association", "country": "FR", "uri": "https://assoc.example.org"},
    "countries": ["FR"],
    "categories_publiccode": ["geographic-information-systems"],
    "languages": ["fr", "en"],
    "funded_by": [{"name": "A Foundation", "ref": "https://foundation.example.org"}],
    "platforms": ["web", "linux"],
    "development_status": "stable",
    "software_type": "standalone/web",
    "software_version": "1.2",
    "release_date": "2026-02-28",
    "used_by": ["A Town"],
    "based_on": ["https://example.org/older.git"],
    "dependencies": [{"name": "PostgreSQL", "kind": "open", "version_min": "12", "optional": False}],
    "audience": {"scope": ["government"]},
    "resources": {"documentation": "https://doc.example.org", "roadmap": "https://example.org/roadmap"},
    "features": {"en": ["Draw"], "fr": ["Dessiner"], "de": ["Zeichnen"]},
    "maintenance": {"type": "none"},
    "localisation_ready": True,
}


@cache
def seed() -> list[dict[str, Any]]:
    lines = (ROOT / "seed" / "commons.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == "software"]


def test_a_whole_record_is_written_and_read_again_the_same() -> None:
    text = write(RECORD)
    assert strict.check(text) == ()
    document = read(text)
    assert document.problems == ()
    (found,) = document.records
    expected = {key: value for key, value in RECORD.items() if key not in {"licences", "summaries", "steward"}}
    assert {key: found[key] for key in expected} == expected
    assert found["summaries"]["de"] == "Eine Karte für alle."
    assert found["licences"] == [{"part": "code", "spdx": "AGPL-3.0-or-later"}]
    assert (found["steward"]["name"], found["steward"]["uri"]) == ("Map Association", "https://assoc.example.org")
    assert write(found) == text


def test_what_is_written_needs_no_repair() -> None:
    assert repair(write(RECORD)) == write(RECORD)


def test_nothing_is_invented_and_all_that_is_missing_is_said() -> None:
    with pytest.raises(CannotWrite) as raised:
        write({"name": "Map", "summary": "A map."})
    assert [one.path for one in raised.value.gaps] == [
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "legal.license",
        "maintenance.type",
        "localisation.localisationReady",
        "localisation.availableLanguages",
    ]
    assert isinstance(raised.value, AnyCannotWrite)
    assert "Add the source repository to the entry." in str(raised.value)
    assert all(said.endswith(".") for said in raised.value.missing)


def test_a_draft_marks_what_has_to_be_confirmed() -> None:
    bare = {key: RECORD[key] for key in ("name", "summary", "repository", "licences")}
    text = write(bare, assume=True)
    assert not [found for found in strict.check(text) if found.severity == "error"]
    assert text.startswith("# Written from an entry of a register.")
    for line in (
        "# to confirm: platforms",
        "developmentStatus: development # to confirm",
        "  type: internal # to confirm",
        "    - name: The maintainers of Map",
        "  # to confirm: availableLanguages",
    ):
        assert line in text.split("\n")
    (found,) = read(text).records
    assert not {"platforms", "development_status", "software_type", "maintenance"} & found.keys()


@pytest.mark.parametrize("key", ["name", "summary", "repository", "licences"])
def test_a_draft_needs_a_name_a_summary_a_repository_and_a_licence(key: str) -> None:
    record = {name: RECORD[name] for name in ("name", "summary", "repository", "licences") if name != key}
    with pytest.raises(CannotWrite):
        write(record, assume=True)


def test_persons_are_named_only_where_the_record_names_public_contacts() -> None:
    community = {**RECORD, "maintenance": {"type": "community"}}
    with pytest.raises(CannotWrite, match="No public contact"):
        write(community)
    named = {**community, "maintenance": {"type": "community", "contacts": [{"name": "Somebody Example"}]}}
    assert "    - name: Somebody Example" in write(named).split("\n")


def test_a_contract_needs_the_company_and_its_last_day() -> None:
    contract: dict[str, Any] = {**RECORD, "maintenance": {"type": "contract"}}
    with pytest.raises(CannotWrite, match="under contract"):
        write(contract, assume=True)
    named = [{"name": "A Company", "until": "2027-12-31"}]
    text = write({**RECORD, "maintenance": {"type": "contract", "contractors": named}})
    assert "    - name: A Company\n      until: '2027-12-31'" in text


LICENCES = [
    ([("code", "MIT")], "MIT"),
    ([("software", "gpl-3.0"), ("text", "CC-BY-4.0")], "GPL-3.0-only"),
    ([("player", "GPL-2.0-or-later"), ("library", "LGPL-2.1-or-later")], "GPL-2.0-or-later AND LGPL-2.1-or-later"),
    ([("code", "MIT"), ("alternative licence", "Apache-2.0")], "MIT OR Apache-2.0"),
    ([("code (declared)", "MIT"), ("code (conflicting)", "GPL-3.0-only")], ""),
    ([("code", "own terms")], ""),
    ([("data", "ODbL-1.0")], ""),
    ([], ""),
]


@pytest.mark.parametrize(("parts", "licence"), LICENCES)
def test_the_licence_is_that_of_the_code(parts: list[tuple[str, str]], licence: str) -> None:
    record = {**RECORD, "licences": [{"part": part, "spdx": spdx} for part, spdx in parts]}
    if licence:
        assert f"  license: {licence}" in write(record).split("\n")
    else:
        with pytest.raises(CannotWrite, match="No licence of the code"):
            write(record)


def test_a_short_summary_is_completed_from_the_other_facts_alone() -> None:
    (found,) = read(write(RECORD)).records
    assert "https://example.org/team/map.git" in found["descriptions"]["fr"]
    assert "Le code source de Map" in found["descriptions"]["fr"]


def test_names_of_dependencies_come_from_the_register() -> None:
    text = write({**RECORD, "depends_on": ["php", "unknown"]}, names={"php": "PHP"})
    assert "    - name: PHP" in text.split("\n")
    assert "unknown" not in text


def test_every_draft_from_the_seed_is_valid_and_keeps_what_can_be_said() -> None:
    written, gaps = 0, set()
    for record in seed():
        try:
            text = write(record, assume=True)
        except CannotWrite as problem:
            gaps |= {one.path for one in problem.gaps}
            continue
        written += 1
        document = read(text)
        assert document.is_valid
        (found,) = document.records
        for key in ("name", "repository", "homepage", "categories_publiccode"):
            assert found[key] == (record[key] or (None if key != "categories_publiccode" else [])), record["id"]
        assert found["steward"]["name"] == record["steward"]["name"]
        assert found["descriptions"]["en"].startswith(record["summary"])
        assert set(found["countries"]) <= set(record["countries"])
        assert found["languages"] == record["languages"]
    assert written >= 300
    assert gaps == {"legal.license"}


def test_nothing_of_the_seed_is_written_as_certain_where_it_is_not_known() -> None:
    for record in seed():
        with pytest.raises(CannotWrite, match="The platforms are not known"):
            write(record)


def test_our_own_file_is_valid() -> None:
    document = read((ROOT / "publiccode.yml").read_bytes())
    assert document.problems == ()
    assert document.records[0]["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]

"""The corpora of the field come in whole, from folders and files; the second time nothing is written."""

from __future__ import annotations

import argparse
import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from communs.apps.funding.models import Award, Opportunity, OpportunityRevision, OpportunityStatement
from communs.apps.register.models import Commons, CommonsRevision, CommonsStatement
from communs.cli import import_, main
from communs.cli.check import check_file
from communs.kit.models import Listing, Run

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
GUICHET, REGISTER = CORPORA / "guichet", CORPORA / "register"
FIXTURES = REGISTER / "publiccode-fixtures"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.django_db,
    pytest.mark.skipif(not GUICHET.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]

# Rows of what is imported; a run itself, and when its source was last read, are written each time.
CONTENT = (Commons, CommonsStatement, CommonsRevision, Opportunity, OpportunityStatement, OpportunityRevision, Award)
WRITES = ("INSERT", "UPDATE", "DELETE")
OF_THE_RUN = ("kit_run", "kit_runfile", "kit_source")


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests stands already."""
    monkeypatch.setattr(import_, "bring_up_to_date", lambda: False)


def imported(capsys: Any, what: str, *names: Path) -> dict[str, dict[str, Any]]:
    """The figures by file."""
    parser = argparse.ArgumentParser()
    import_.add_arguments(parser)
    import_.run(parser.parse_args([what, *map(str, names), "--json"]))
    files: dict[str, dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in (*CONTENT, Listing)}


def in_twice(capsys: Any, what: str, *names: Path) -> dict[str, dict[str, Any]]:
    """The figures of the first import, once the second has been seen to write nothing."""
    first = imported(capsys, what, *names)
    before, written = rows(), []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(f'"{name}"' in sql for name in OF_THE_RUN):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        second = imported(capsys, what, *names)
    assert (rows(), written) == (before, [])
    assert first.keys() == second.keys()
    for name, figures in second.items():
        assert (name, figures["new"], figures["changed"]) == (name, 0, 0)
        assert figures["unchanged"] == taken(first[name])
    assert set(Run.objects.values_list("problem", flat=True)) == {""}
    return first


def taken(figures: dict[str, Any]) -> int:
    return int(figures["new"] + figures["changed"] + figures["unchanged"])


def by_name(files: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {Path(name).name: taken(figures) for name, figures in files.items()}


def refused(files: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return [one for figures in files.values() for one in figures["refused"]]


def projects_in_the_directory() -> int:
    csv.field_size_limit(10_000_000)
    with next((GUICHET / "funding_json").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        return sum(len(json.loads(row["manifest_json"]).get("projects") or []) for row in csv.DictReader(file))


def test_manifests_and_their_directory_come_in_whole(capsys: Any) -> None:
    files = in_twice(capsys, "commons", GUICHET / "funding_json")
    figures = by_name(files)
    directory = next(name for name in figures if name.endswith(".csv"))
    assert figures[directory] == projects_in_the_directory()
    for path in (GUICHET / "funding_json").glob("*.json"):
        if not path.name.startswith("NOT_"):
            assert figures[path.name] == len(json.loads(path.read_bytes())["projects"])
    assert refused(files) == []


def test_a_namesake_is_refused_as_what_it_is(capsys: Any, tmp_path: Path) -> None:
    for path in (GUICHET / "funding_json").glob("NOT_*.json"):
        named = tmp_path / "funding.json"
        named.write_bytes(path.read_bytes())
        for name in (path, named):
            (fault,) = refused(imported(capsys, "commons", name))
            assert "Optimism RetroPGF" in fault["problem"]
            assert fault["remedy"]
            checked, _data = check_file(str(name))
            assert (checked.format, [one.code for one in checked.problems]) == (None, ["other-format"])
    assert not Commons.objects.exists()


def test_real_publiccode_files_come_in_each_as_what_it_says_of_its_commons(capsys: Any) -> None:
    folder = REGISTER / "publiccode-real"
    files = in_twice(capsys, "commons", folder)
    assert set(files) == {str(path) for path in folder.rglob("*.yml")}
    assert {taken(figures) for figures in files.values()} == {1}
    assert refused(files) == []


def test_the_registry_of_public_goods_comes_in(capsys: Any) -> None:
    folder = REGISTER / "dpg" / "nominees"
    files = in_twice(capsys, "commons", folder)
    assert set(files) == {str(path) for path in folder.glob("*.json")}
    assert {taken(figures) for figures in files.values()} == {1}


OPPORTUNITIES = {
    "fr_transition_ecologique": {"data_gouv_export.csv": 190, "programs.json": 260},
    "aides_territoires_import_samples": {
        "ademe_agir_data.json": 5,
        "aid_import_template.csv": 1,
        "aides-territoires_periurbain.csv": 274,
        "departement_drome_data.json": 3,
        "ile_de_france_data.json": 3,
        "ministere_de_la_culture_data.json": 3,
        "welcom_europe_data.json": 2,
    },
    "eu": {
        "fi_eura_row.json": 1,
        "fi_haeavustuksia_va-lou-2026-5.json": 1,
        "sedia_HORIZON-CL5-2024-D2-01-03.json": 1,
    },
    "us_grants_gov": {"grants_gov_extract_sample.xml": 1},
    "lists": {"open-funding_README.md": 53},
}


def test_all_feeds_of_opportunities_come_in(capsys: Any) -> None:
    files = in_twice(capsys, "opportunities", *(GUICHET / folder for folder in OPPORTUNITIES))
    assert by_name(files) == {name: count for folder in OPPORTUNITIES.values() for name, count in folder.items()}
    assert refused(files) == []


def test_awards_come_in(capsys: Any) -> None:
    names = sorted((GUICHET / "grants_360").glob("a00*.json"))
    files = in_twice(capsys, "awards", *names)
    assert by_name(files) == {path.name: len(json.loads(path.read_bytes())["grants"]) for path in names}
    assert refused(files) == []


def fixtures() -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    for name, verdict in json.loads((FIXTURES / "oracle-nonetwork.json").read_text(encoding="utf-8")).items():
        yield FIXTURES / name, verdict["results"] or []


Place = tuple[str, str, int, int]


def is_other_unknown_key(theirs: list[Place], ours: list[Place]) -> bool:
    """Where a table has several unknown keys, the reference names any one of them, another one at every run."""
    theirs, ours = [one for one in theirs if one not in ours], [one for one in ours if one not in theirs]
    return len(theirs) == len(ours) == 1


def test_the_verdicts_of_the_reference_come_through_the_command_line_unchanged(capsys: Any) -> None:
    wanted = {str(path): results for path, results in fixtures()}
    assert len(wanted) > 100
    main(["check", "--json", *wanted])
    wrong = []
    for entry in json.loads(capsys.readouterr().out):
        results = wanted.pop(entry["file"])
        theirs = sorted((one["type"], one["key"], one["line"], one["column"]) for one in results)
        ours = sorted(
            (one["severity"], one["path"], one["line"], one["column"])
            for one in entry["problems"]
            if one["severity"] != "note"
        )
        if ours != theirs and not is_other_unknown_key(theirs, ours):
            wrong.append((entry["file"], theirs, ours))
        assert entry["format"] == "publiccode"
        assert entry["valid"] == all(one["type"] != "error" for one in results)
    assert (wrong, wanted) == ([], {})

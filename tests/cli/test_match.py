"""`communs match`: from a file or an id to a ranked list with reasons, or to one JSON document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.funding.importing import import_opportunities
from communs.apps.register.importing import import_commons
from communs.cli import main
from communs.cli.house import ROOT, SEED, Failure
from communs.cli.match import first_of_each, read_answers
from communs.cli.match_sources import Sources
from communs.core import matching
from communs.kit.records.files import Placed, read_records

PUBLICCODE = """\
publiccodeYmlVersion: "0.4"
name: Free Map
url: https://example.org/free-map.git
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves.
legal:
  license: AGPL-3.0-or-later
maintenance:
  type: community
localisation:
  localisationReady: true
  availableLanguages: [en, fr]
"""
RECORD = {"id": "free-map", "name": "Free Map", "kind": "software", "steward": {"form": "informal", "country": "FR"}}
DAY = ("--on", "2026-08-01")


@pytest.fixture(autouse=True)
def _no_database_unless_asked_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh data folder has no database; a PostgreSQL server named by the environment is always there."""
    if request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr(Sources, "open", classmethod(lambda cls: cls(has_database=False)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "commons.json"
    path.write_text(json.dumps(RECORD), encoding="utf-8")
    return path


def document(capsys: Any, *arguments: str) -> Any:
    """What `communs match … --json` prints: one JSON document and nothing else."""
    assert main(["match", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_list_is_that_of_the_matcher_with_every_opportunity_of_the_file(capsys: Any, file: Path) -> None:
    found = document(capsys, str(file), "--opportunities", str(SEED / "opportunities.jsonl"), *DAY)
    records = [item.record for item in read_records(SEED / "opportunities.jsonl") if isinstance(item, Placed)]
    profile = matching.Profile.from_record(RECORD)
    from datetime import date

    expected = matching.rank(profile, map(matching.Opportunity.from_record, records), date(2026, 8, 1))
    assert [(r["id"], r["result"], r["status"]) for r in found["results"]] == [
        (m.opportunity.id, m.result, m.status) for m in expected
    ]
    assert found["as_of"] == "2026-08-01"
    assert found["commons"]["legal_form"] == "informal_collective"


def test_each_result_says_why_and_what_would_change_a_no(capsys: Any, file: Path) -> None:
    found = document(capsys, str(file), *DAY)
    for result in found["results"]:
        assert result["sentence"]
        assert {"dimension", "statement", "force", "status", "reason", "question"} == set(result["criteria"][0])
        if result["result"] == "no":
            assert any(c["status"] == "not_met" and c["force"] == "hard" for c in result["criteria"])
            assert result["changes"]
        if result["result"] == "ask":
            assert result["questions"]


def test_an_answer_settles_its_question(capsys: Any, file: Path) -> None:
    question = document(capsys, str(file), *DAY)["questions"][0]
    choice = question["choices"][0]["value"]
    found = document(capsys, str(file), "--answer", f"{question['key']}={choice}", *DAY)
    assert found["commons"]["answers"] == {question["key"]: choice}
    assert question["key"] not in {other["key"] for other in found["questions"]}


def test_the_text_is_in_eighty_columns_with_words_beside_every_sign(capsys: Any, file: Path) -> None:
    assert main(["match", str(file), "--lang", "en", *DAY]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Free Map: ")
    assert any(line.startswith("? Depends on your answers (") for line in lines)
    assert any(line.startswith("✗ Not as you are (") for line in lines)
    too_long = [
        line for line in lines if len(line) > 80 and "://" not in line and "--answer" not in line and "[" not in line
    ]
    assert not too_long


def test_the_text_is_in_french_when_asked(capsys: Any, file: Path) -> None:
    assert main(["match", str(file), "--lang", "fr", *DAY]) == 0
    printed = capsys.readouterr().out
    assert "au 1er août 2026" in printed.replace("\xa0", " ")
    assert "Depends on your answers" not in printed


def test_all_shows_what_the_short_list_leaves_out(capsys: Any, file: Path) -> None:
    main(["match", str(file), *DAY, "--limit", "1"])
    short = capsys.readouterr().out
    main(["match", str(file), *DAY, "--all"])
    long = capsys.readouterr().out
    assert "more: --all shows all" in short
    assert long.count("    → ") > short.count("    → ")
    assert "--all" not in long


def test_a_publiccode_file_is_read(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "publiccode.yml"
    path.write_text(PUBLICCODE, encoding="utf-8")
    found = document(capsys, str(path), *DAY)
    assert found["commons"]["name"] == "Free Map"
    assert found["commons"]["licences"][0]["spdx"] == "AGPL-3.0-or-later"


def test_a_folder_is_read_by_the_file_in_it_that_says_most(capsys: Any, tmp_path: Path) -> None:
    (tmp_path / "codemeta.json").write_text(
        '{"@context": "https://w3id.org/codemeta/3.0", "@type": "SoftwareSourceCode", "name": "Other Map", '
        '"codeRepository": "https://example.org/map", "license": "https://spdx.org/licenses/MIT"}',
        encoding="utf-8",
    )
    assert document(capsys, str(tmp_path), *DAY)["commons"]["name"] == "Other Map"
    assert document(capsys, str(tmp_path / "codemeta.json"), *DAY)["commons"]["name"] == "Other Map"
    (tmp_path / "publiccode.yml").write_text(PUBLICCODE, encoding="utf-8")
    assert document(capsys, str(tmp_path), *DAY)["commons"]["name"] == "Free Map"


def test_a_folder_without_a_description_is_said_to_be_so(capsys: Any, tmp_path: Path) -> None:
    assert main(["match", str(tmp_path)]) == 1
    assert "holds no publiccode.yml" in capsys.readouterr().err


def test_the_first_line_of_json_lines_is_the_commons(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "commons.jsonl"
    path.write_text(json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "id": "other"}) + "\n", encoding="utf-8")
    assert document(capsys, str(path), *DAY)["commons"]["id"] == "free-map"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "{", "a.json: not JSON"),
        ("a.json", "[]", "is empty"),
        ("a.jsonl", "", "is empty"),
        ("a.jsonl", "12\n", "a.jsonl:1: not an object"),
        ("a.json", '{"kind": "spaceship"}', "kind: "),
        ("a.json", '{"steward": "me"}', "steward: expected an object"),
        ("publiccode.yml", "- a\n- b\n", "no usable name"),
        ("publiccode.yml", "a: [", "no usable name"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(capsys: Any, tmp_path: Path, name: str, content: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert main(["match", str(path), "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


@pytest.mark.parametrize("named", ["nowhere/commons.json", "gone.yml", "gone.jsonl"])
def test_a_file_that_is_not_there_is_said_to_be_so(capsys: Any, named: str) -> None:
    assert main(["match", named]) == 1
    assert f"{named} is not a file" in capsys.readouterr().err


def test_an_unknown_id_suggests_those_that_are_like_it(capsys: Any) -> None:
    assert main(["match", "openstretmap"]) == 1
    assert "Did you mean openstreetmap" in capsys.readouterr().err


def test_a_bad_opportunity_is_left_out_and_named(capsys: Any, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"id": "good", "title": "Good"}\n{"title": "no id"}\n{broken\n', encoding="utf-8")
    assert main(["match", str(file), "--opportunities", str(path), "--json"]) == 0
    printed = capsys.readouterr()
    assert [result["id"] for result in json.loads(printed.out)["results"]] == ["good"]
    assert "calls.jsonl:2" in printed.err
    assert "calls.jsonl:3" in printed.err


@pytest.mark.parametrize("given", ["hosted", "=no", "hosted="])
def test_an_answer_without_key_or_value_is_refused(given: str) -> None:
    with pytest.raises(Failure, match="KEY=VALUE"):
        read_answers([given])


def test_a_key_may_hold_an_equals_sign_but_not_a_value() -> None:
    assert read_answers(["topic:a=b=yes"]) == {"topic:a=b": "yes"}


def test_first_of_each_keeps_the_order_and_counts_by_answer(capsys: Any, file: Path) -> None:
    everything = document(capsys, str(file), *DAY)["results"]
    short = document(capsys, str(file), "--limit", "2", *DAY)["results"]
    assert [r for r in everything if r in short] == short
    assert all(sum(r["result"] == answer for r in short) <= 2 for answer in matching.RESULTS)
    assert first_of_each([], None) == []


@pytest.mark.django_db
def test_the_database_of_the_data_folder_comes_first() -> None:
    import_commons([Placed("x:1", RECORD)], now=timezone.now())
    import_opportunities([Placed("y:1", {"id": "mine", "title": "Mine", "title_fr": "Le mien"})], now=timezone.now())
    sources = Sources(has_database=True)
    assert sources.commons("free-map")["name"] == "Free Map"
    found = sources.opportunities(None)
    assert [opportunity.id for opportunity in found.opportunities] == ["mine"]
    assert found.about("mine").title == "Mine"
    with pytest.raises(Failure, match="Did you mean free-map"):
        sources.commons("freemap")


def test_asking_creates_nothing(tmp_path: Path, file: Path) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", "communs", "match", str(file), "--json", "--data", str(data)],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "the data that communs brings along" in done.stderr
    assert json.loads(done.stdout)["results"]
    assert not data.exists()

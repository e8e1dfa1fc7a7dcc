"""`communs check`: verdicts with places and fixes, in both languages, as text and as one JSON document."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main

VALID = """\
publiccodeYmlVersion: "0"
name: Free Map
url: https://github.com/example/free-map.git
platforms:
  - web
categories:
  - geographic-information-systems
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves.
    longDescription: >
      Free Map is a map of footpaths. Walkers draw the paths that they have walked, others check them, and everybody
      takes the map along. It works in a browser and on paper, it needs no account to be read, and its data can be
      taken by anyone for any purpose. Associations of walkers look after it together: they decide in the open what
      the map shows, who may change which region and how disputes are settled. Communes use it to say where a path is
      closed, schools to teach how maps are made, and rescuers to find people.
    features:
      - drawing paths
legal:
  license: AGPL-3.0-or-later
maintenance:
  type: community
  contacts:
    - name: Map Friends
localisation:
  localisationReady: true
  availableLanguages:
    - en
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "publiccode.yml"
    path.write_text(VALID, encoding="utf-8")
    return path


def printed(capsys: Any, *arguments: str) -> tuple[int, Any]:
    code = main(["check", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_valid_file_is_said_to_be_valid(capsys: Any, file: Path) -> None:
    code, (entry,) = printed(capsys, str(file))
    assert entry == {"file": str(file), "format": "publiccode", "valid": True, "problems": []}
    assert code == 0


def test_every_problem_has_a_place_a_code_and_a_fix_in_the_language_asked_for(capsys: Any, file: Path) -> None:
    file.write_text(VALID.replace("developmentStatus: stable", "developmentStatus: sleeping"), encoding="utf-8")
    code, (english,) = printed(capsys, str(file), "--lang", "en")
    _code, (french,) = printed(capsys, str(file), "--lang", "fr")
    assert code == 1
    assert not english["valid"]
    (problem,) = english["problems"]
    assert (problem["path"], problem["line"], problem["severity"]) == ("developmentStatus", 8, "error")
    assert problem["fix"]
    assert problem["code"] == french["problems"][0]["code"]
    assert problem["message"] != french["problems"][0]["message"]


def test_the_repaired_file_stands_beside_and_the_file_itself_is_left_alone(capsys: Any, file: Path) -> None:
    broken = VALID.replace("license: AGPL-3.0-or-later", "license: agpl v3 or later")
    file.write_text(broken.replace("https://github.com", "https://github.com"), encoding="utf-8")
    _code, (entry,) = printed(capsys, str(file), "--fix")
    beside = file.with_name("publiccode.fixed.yml")
    assert file.read_text(encoding="utf-8") == broken
    assert entry["fixed"] == {"file": str(beside), "valid": True, "left": 0}
    assert "AGPL-3.0-or-later" in beside.read_text(encoding="utf-8")


def test_what_cannot_be_read_or_is_of_no_known_format_ends_with_two(capsys: Any, tmp_path: Path) -> None:
    code, (entry,) = printed(capsys, str(tmp_path / "absent.yml"))
    assert (code, entry["format"], entry["valid"]) == (2, None, False)
    assert entry["problems"][0]["code"] == "cannot-read"
    note = tmp_path / "note.txt"
    note.write_text("Bread, milk.", encoding="utf-8")
    code, (entry,) = printed(capsys, str(note))
    assert (code, entry["problems"][0]["code"]) == (2, "format-not-known")


def test_a_folder_stands_for_the_files_in_it_that_bear_the_name_of_a_format(capsys: Any, file: Path) -> None:
    (file.parent / "README.md").write_text("# Free Map", encoding="utf-8")
    inner = file.parent / "inner"
    inner.mkdir()
    (inner / "publiccode.yaml").write_text("name: x", encoding="utf-8")
    code, entries = printed(capsys, str(file.parent))
    assert [entry["file"] for entry in entries] == [str(inner / "publiccode.yaml"), str(file)]
    assert [entry["valid"] for entry in entries] == [False, True]
    assert code == 1


def test_standard_input_is_read_as_the_format_named(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": io.BytesIO(VALID.encode())}))
    code, (entry,) = printed(capsys, "-", "--as", "publiccode")
    assert (code, entry["valid"]) == (0, True)


def test_a_file_that_is_far_too_large_is_refused_without_being_read(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "publiccode.yml"
    with path.open("wb") as large:
        large.truncate(100 * 1024 * 1024)
    code, (entry,) = printed(capsys, str(path))
    assert (code, entry["format"]) == (1, "publiccode")
    assert entry["problems"][0]["code"] == "too-much-size"


def test_people_read_file_line_column_and_what_to_do(capsys: Any, file: Path) -> None:
    file.write_text(VALID.replace("name: Free Map\n", "", 1), encoding="utf-8")
    assert main(["check", str(file), "--lang", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{file}:")
    assert "error" in lines[0]
    assert lines[-1] == f"{file}: not valid (publiccode.yml)"


def test_files_that_it_names_are_looked_for_where_it_lies_among_others(capsys: Any, file: Path) -> None:
    file.write_text(VALID + "logo: img/logo.svg\n", encoding="utf-8")
    # Alone it was taken out of its repository: what it names is elsewhere, not missing.
    assert printed(capsys, str(file))[1][0]["valid"]
    (file.parent / "README.md").write_text("# Free Map", encoding="utf-8")
    code, (entry,) = printed(capsys, str(file))
    assert (code, [one["code"] for one in entry["problems"]]) == (1, ["file-missing"])
    (file.parent / "img").mkdir()
    (file.parent / "img" / "logo.svg").write_text("<svg/>", encoding="utf-8")
    assert printed(capsys, str(file))[1][0]["valid"]


@pytest.mark.parametrize("named", ["../logo.svg", "img/logo.svg"])
def test_no_file_outside_of_its_folder_is_looked_at(capsys: Any, tmp_path: Path, named: str) -> None:
    inside = tmp_path / "inside"
    (inside / "img").mkdir(parents=True)
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (inside / "img" / "logo.svg").symlink_to(tmp_path / "logo.svg")
    (inside / "README.md").write_text("# Free Map", encoding="utf-8")
    path = inside / "publiccode.yml"
    path.write_text(VALID + f"logo: {named}\n", encoding="utf-8")
    assert [one["code"] for one in printed(capsys, str(path))[1][0]["problems"]] == ["file-missing"]


def test_what_shares_the_name_of_a_format_is_said_to_be_what_it_is(capsys: Any, tmp_path: Path) -> None:
    for name in ("funding.json", "other.json"):
        path = tmp_path / name
        path.write_text('{"opRetro": {"projectId": "0x1"}}', encoding="utf-8")
        code, (entry,) = printed(capsys, str(path), "--lang", "en")
        assert (code, entry["format"], entry["valid"]) == (1, None, False)
        assert "Optimism RetroPGF" in entry["problems"][0]["message"]


def test_a_folder_without_any_cannot_be_checked(capsys: Any, tmp_path: Path) -> None:
    code, (entry,) = printed(capsys, str(tmp_path))
    assert (code, entry["problems"][0]["code"]) == (2, "cannot-read")


def test_what_a_file_says_is_no_command_to_the_terminal(capsys: Any, file: Path) -> None:
    file.write_text(VALID.replace("stable", '"\\e[2J\\a"'), encoding="utf-8")
    assert main(["check", str(file), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_a_repaired_file_that_cannot_be_written_is_said_so(capsys: Any, file: Path) -> None:
    file.write_text(VALID.replace("AGPL-3.0-or-later", "agpl v3 or later"), encoding="utf-8")
    file.with_name("publiccode.fixed.yml").mkdir()
    assert main(["check", str(file), "--fix", "--json"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_of_thousands_of_problems_the_first_are_told_and_the_others_counted(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text("id,url,manifest_json\n" + '1,x,"{}"\n' * 1_000, encoding="utf-8")
    _code, (entry,) = printed(capsys, str(path), "--lang", "en")
    assert (entry["format"], entry["valid"], len(entry["problems"])) == ("funding-directory", False, 1_001)
    assert entry["problems"][-1]["code"] == "more-problems"
    assert "2,000 more" in entry["problems"][-1]["message"]


def test_an_export_of_several_is_found_in_its_folder_and_a_folder_without_any_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.codemeta.json").write_text('{"@context": "https://w3id.org/codemeta/3.0", "name": "Map"}')
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["check", str(tmp_path), "--json"]) == 1
    assert [one["format"] for one in json.loads(capsys.readouterr().out)] == ["codemeta"]
    assert main(["check", str(empty), "--json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)[0]["problems"]
    assert "Is a directory" not in found["message"]

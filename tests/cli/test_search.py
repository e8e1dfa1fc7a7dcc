"""`communs search`: results on standard output, one document a line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from communs.cli.house import ROOT


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    run(folder, "migrate")
    run(folder, "import", "commons", str(ROOT / "seed" / "commons.jsonl"))
    return folder


def run(folder: Path, *arguments: str, text: str = "", lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT / "src"),
        "COMMUNS_DATA": str(folder),
        "LANG": lang,
    }
    return subprocess.run(
        [sys.executable, "-m", "communs", *arguments],
        input=text,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def documents(folder: Path, *arguments: str, text: str = "") -> list[dict[str, Any]]:
    done = run(folder, "search", *arguments, "--json", text=text)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_query_gives_one_document(data: Path) -> None:
    (found,) = documents(data, "carte collaborative du monde", "--limit", "3")
    first = found["results"][0]
    assert {"id", "name", "kind", "url", "score", "why"} <= first.keys()
    assert "openstreetmap" in [result["id"] for result in found["results"]]
    assert len(found["results"]) <= 3 <= found["total"]


def test_queries_on_standard_input_are_answered_line_by_line(data: Path) -> None:
    found = documents(data, "-", "--in", "commons", text="Videokonferenz\n\nxyzzyplugh\nkartografia\n")
    assert [bool(one["results"]) for one in found] == [True, False, False, True]
    assert all(result["catalogue"] == "commons" for one in found for result in one["results"])


def test_for_people_it_says_why(data: Path) -> None:
    done = run(data, "search", "openstretmap")
    assert "Did you mean: openstreetmap" in done.stdout
    assert "Found by" in done.stdout
    assert "Nothing found" in run(data, "search", "xyzzyplugh").stdout


def test_a_word_with_a_dash_is_left_out_wherever_it_stands(data: Path) -> None:
    with_it, *_ = documents(data, "openstreetmap")
    assert "openstreetmap" in [one["id"] for one in with_it["results"]]
    for arguments in (("map", "-openstreetmap"), ("-openstreetmap", "map"), ("map -openstreetmap",)):
        (found,) = documents(data, *arguments, "--limit", "100")
        assert found["results"]
        assert "openstreetmap" not in [one["id"] for one in found["results"]]
    alone = run(data, "search", "-openstreetmap")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "It only says what to leave out: add a word to look for." in alone.stdout
    assert "usage: communs search" in run(data, "search", "-h").stdout


def test_words_need_no_quotes(data: Path) -> None:
    assert documents(data, "open", "map", "--limit", "3") == documents(data, "open map", "--limit", "3")


@pytest.mark.parametrize(
    "arguments", [("map", "--limit", "0"), ("map", "--limit", "many"), ("map", "--in", "nowhere"), ()]
)
def test_wrong_arguments_are_refused_with_the_remedy(data: Path, arguments: tuple[str, ...]) -> None:
    done = run(data, "search", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr


def test_a_line_without_end_is_refused(data: Path) -> None:
    done = run(data, "search", "-", "--json", text="map\n" + "a" * 5000 + "\n")
    assert done.returncode == 1
    assert "line 2" in done.stderr


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "search", "map")
    assert done.returncode == 1
    assert "communs migrate" in done.stderr


def test_a_language_of_the_terminal_that_the_machine_does_not_have_breaks_nothing(data: Path) -> None:
    for lang in ("fr_FR.UTF-8", "xx_XX.UTF-8"):
        done = run(data, "search", "openstreetmap", "--limit", "1", lang=lang)
        assert done.returncode == 0, done.stderr
        assert ("Trouvé par" if lang.startswith("fr") else "Found by") in done.stdout


def test_a_language_that_is_none_is_refused(data: Path) -> None:
    done = run(data, "search", "carte", "--lang", "french")
    assert done.returncode == 2
    assert "french is no code of two letters" in done.stderr

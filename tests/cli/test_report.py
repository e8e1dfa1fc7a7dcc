"""`communs report`: a result as a folder that stands for itself."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main

RULES = [["mes"], ["phragmen"], ["greedy"], ["maximin"], ["proportional"], ["lottery", "--seed", "x"], ["welfare"]]
FILES = {"index.html", "result.json", "rounds.csv", "comparison.csv"}


def report(vote: str, folder: Path, *options: str) -> str:
    assert main(["report", vote, "-o", str(folder), "--lang", "en", *options]) == 0
    return (folder / "index.html").read_text(encoding="utf-8")


def test_the_folder_holds_a_page_a_result_and_two_tables(vote: str, tmp_path: Path, capsys: Any) -> None:
    folder = tmp_path / "a new" / "folder"
    page = report(vote, folder)
    assert {path.name for path in folder.iterdir()} == FILES
    assert "A park for the old town" in page
    assert capsys.readouterr().out == ""
    assert main(["verify", "allocation", str(folder / "result.json"), vote]) == 0
    with (folder / "rounds.csv").open(encoding="utf-8-sig", newline="") as rounds:
        assert [row["Project"] for row in csv.DictReader(rounds)] == ["A park for the old town", "Books on wheels"]
    with (folder / "comparison.csv").open(encoding="utf-8-sig", newline="") as comparison:
        assert next(csv.DictReader(comparison))["Rule"] == "Method of equal shares"


def test_the_page_asks_nothing_of_anybody_and_runs_nothing(vote: str, tmp_path: Path) -> None:
    page = report(vote, tmp_path)
    assert not re.search(r"<script|<link|<img|@import|https?://(?!www\.w3\.org/)", page)
    assert "url(" not in page


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_every_rule_has_its_page(vote: str, tmp_path: Path, rule: list[str]) -> None:
    page = report(vote, tmp_path, "--rule", *rule, "--rules", "mes")
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["rule"] in page
    assert "communs verify allocation" in page
    names = {"park": "A park for the old town", "library": "Books on wheels", "kitchen": "A kitchen for all"}
    rounds = (tmp_path / "rounds.csv").read_text(encoding="utf-8")
    assert all((names[id_] + "," in rounds) == bool(result["amounts"].get(id_)) for id_ in names)


def test_the_page_is_in_french_when_asked(vote: str, tmp_path: Path) -> None:
    assert main(["report", vote, "-o", str(tmp_path), "--lang", "fr"]) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "Ce qui a manqué" in page
    assert "What was lacking" not in page


def test_what_the_others_lacked_can_be_left_out(vote: str, tmp_path: Path) -> None:
    assert 'id="lacking"' in report(vote, tmp_path)
    assert 'id="lacking"' not in report(vote, tmp_path, "--no-lacking")


def test_names_are_text_and_cells_are_no_formulas(vote: str, tmp_path: Path, save: Any) -> None:
    text = Path(vote).read_text(encoding="utf-8")
    hostile = save("hostile.pb", text.replace("A park for the old town", "=1+1<script>alert(1)</script>"))
    assert "<script>" not in report(hostile, tmp_path)
    assert ",=1" not in (tmp_path / "rounds.csv").read_text(encoding="utf-8")
    assert "'=1+1" in (tmp_path / "rounds.csv").read_text(encoding="utf-8")


def test_the_bytes_are_the_same_under_any_hash_seed_and_no_site_is_set_up(
    process: Any, vote: str, tmp_path: Path
) -> None:
    for seed in ("0", "7"):
        data = tmp_path / "data"
        asked = ("report", vote, "-o", str(tmp_path / seed), "--lang", "fr")
        done = process(*asked, PYTHONHASHSEED=seed, COMMUNS_DATA=str(data))
        assert done.returncode == 0, done.stderr.decode()
        assert not data.exists()
    for name in FILES:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "7" / name).read_bytes()


def test_a_folder_that_cannot_be_made_is_said_to_be_so(vote: str, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert main(["report", vote, "-o", str(tmp_path / "taken")]) == 1
    assert "Name another folder." in capsys.readouterr().err


def test_nothing_is_written_where_nothing_is_counted(vote: str, tmp_path: Path, save: Any) -> None:
    broken = save("broken.pb", Path(vote).read_text(encoding="utf-8").replace(";600;", ";x;"))
    for asked in ([broken], [vote, "--rules", "dictator"], ["/dev/zero"]):
        assert main(["report", *asked, "-o", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()

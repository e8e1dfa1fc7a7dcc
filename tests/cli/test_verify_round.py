"""`communs verify round`: a stranger checks a round from its two files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from communs.cli import main
from communs.core.rounds import OUTCOME_FILE, ROUND_FILE, files_of
from communs.testing.rounds import made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in files_of(made()).items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def verify(*words: str | Path) -> int:
    return main(["verify", "round", *map(str, words)])


def test_a_folder_and_its_files_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder) == 0
    told = capsys.readouterr().out
    assert told.startswith("Holds: Autumn round, 4 ballots of 5 people by proportional.")
    assert made().round.opening in told
    assert verify(folder / ROUND_FILE) == 0
    assert verify(folder / ROUND_FILE, folder / OUTCOME_FILE, "--opening", made().round.opening) == 0


def test_what_does_not_follow_is_told_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = (folder / OUTCOME_FILE).read_bytes()
    (folder / OUTCOME_FILE).write_bytes(data.replace(b'"granted":{"atlas":26667', b'"granted":{"atlas":26668'))
    assert verify(folder) == 1
    told = capsys.readouterr()
    assert told.err.startswith("granted.atlas: 26668")
    assert told.out.startswith("Does not hold: ")


def test_another_opening_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--opening", "0" * 64) == 1
    assert "was published" in capsys.readouterr().err


def test_one_json_document_says_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is True
    assert told["totals"] == {"pot": 100_001, "paid": 57_482, "unclaimed": 42_519, "carry_over": 0}
    (folder / ROUND_FILE).write_bytes((folder / ROUND_FILE).read_bytes().replace(b'"seed":"5', b'"seed":"6'))
    assert verify(folder, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], [problem["code"] for problem in told["problems"]]) == (False, ["seed"])


@pytest.mark.parametrize("data", [b"", b"\xff\x00", b"{}", b"[1]", b"\x7fELF"])
def test_a_file_that_is_no_round_is_no_traceback(data: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ROUND_FILE).write_bytes(data)
    assert verify(folder) == 2
    assert "round.json cannot be read" in capsys.readouterr().err
    assert verify(folder, "--json") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path) == 2
    assert ROUND_FILE in capsys.readouterr().err

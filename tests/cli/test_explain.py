"""`communs explain`: why a project was funded or was not, and where a voter's share went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communs.cli import main

RULES = [["mes"], ["phragmen"], ["greedy"], ["maximin"], ["proportional"], ["lottery", "--seed", "x"], ["welfare"]]


def test_the_rounds_are_told_in_their_order(document: Any, vote: str, capsys: Any) -> None:
    found = document("explain", vote)
    assert [one["project"] for one in found] == ["park", "library"]
    assert found[0]["price"] == "60000/7"
    assert main(["explain", vote, "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1. A park for the old town is funded. Cost: 600 EUR. Supporters: 7. Next was Fifty trees."


def test_a_project_that_is_funded_has_its_round(document: Any, vote: str) -> None:
    found = document("explain", vote, "--project", "library")
    assert (found["number"], found["supporters"], found["price"]) == (2, 4, "7500/1")


def test_a_project_that_is_not_funded_lacked_something(document: Any, vote: str, capsys: Any) -> None:
    found = document("explain", vote, "--project", "trees")
    assert (found["more_voters"], found["enough_cost"], found["voters_proven"]) == (1, 2597, True)
    assert main(["explain", vote, "--project", "trees", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("One more voter who chooses only Fifty trees would have funded it.\n")


def test_an_unknown_project_is_said_to_be_so(capsys: Any, vote: str) -> None:
    assert main(["explain", vote, "--project", "castle"]) == 1
    assert f"{vote}: castle is no project of this election." in capsys.readouterr().err


def test_a_voter_is_found_by_id_and_then_by_place(document: Any, vote: str, capsys: Any) -> None:
    found = document("explain", vote, "--voter", "v6")
    assert (found["supports"], found["funded"], found["voters"]) == (["park", "kitchen"], ["park"], 2)
    assert found["payments"] == [{"project": "park", "amount": "60000/7"}]
    assert document("explain", vote, "--voter", "6") == found
    assert main(["explain", vote, "--voter", "6", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Your share of the budget: ≈ 90.91 EUR.\n")
    assert "the ballot at place 6" in printed.err


@pytest.mark.parametrize("voter", ["v12", "12", "0", "-1", "", "9" * 5000])
def test_an_unknown_voter_is_said_to_be_so(capsys: Any, vote: str, voter: str) -> None:
    assert main(["explain", vote, f"--voter={voter}"]) == 1
    assert "votes in this file. Give a voter_id of the file, or a place from 1 to 11." in capsys.readouterr().err


def test_two_voters_of_the_same_projects_are_told_apart_by_their_points(document: Any, points: str) -> None:
    first, second = (document("explain", points, "--voter", voter) for voter in ("v1", "v2"))
    assert first["supports"] == second["supports"]
    assert first["payments"] != second["payments"]
    assert first["voters"] == second["voters"] == 1


def test_two_rankings_of_the_same_projects_are_told_apart(document: Any, save: Any) -> None:
    text = '{"kind": "ordinal", "budget": 9, "projects": [{"id": "a", "cost": 3}, {"id": "b", "cost": 3}, '
    text += '{"id": "c", "cost": 3}], "ballots": [["a", "b", "c"], ["c", "b", "a"]]}'
    path = save("ranked.json", text)
    assert document("explain", path, "--voter", "1")["supports"] == ["a", "b", "c"]
    assert document("explain", path, "--voter", "2")["supports"] == ["c", "b", "a"]


def test_voters_of_tables_are_found_by_their_names(document: Any, save: Any) -> None:
    tables = ("--projects", save("p.csv", "project,cost\na,4\nb,4\n"), "--budget", "8")
    ballots = save("b.csv", "voter,project\nana,a\nben,b\n")
    assert document("explain", ballots, "--voter", "ben", *tables)["supports"] == ["b"]
    assert document("explain", ballots, "--voter", "1", *tables)["supports"] == ["a"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_every_rule_is_explained(document: Any, vote: str, capsys: Any, rule: list[str]) -> None:
    funded = document("allocate", vote, "--rule", *rule)["amounts"]
    for project in ("park", "library", "kitchen", "trees"):
        found = document("explain", vote, "--rule", *rule, "--project", project)
        assert ("number" in found) == bool(funded.get(project))
    assert document("explain", vote, "--rule", *rule, "--voter", "v1")["supports"] == ["park", "trees"]
    assert main(["explain", vote, "--rule", *rule, "--voter", "v1", "--lang", "fr"]) == 0
    assert capsys.readouterr().out


def test_the_bytes_are_the_same_under_any_hash_seed(process: Any, vote: str) -> None:
    asked = ("explain", vote, "--project", "trees", "--json")
    assert len({process(*asked, PYTHONHASHSEED=seed).stdout for seed in ("0", "7")}) == 1


def test_standard_input_is_read(process: Any, vote: str) -> None:
    done = process("explain", "-", "--voter", "v1", "--lang", "en", stdin=Path(vote).read_bytes())
    assert done.returncode == 0
    assert done.stdout.decode().endswith("Left: ≈ 5.19 EUR.\n")


@pytest.mark.parametrize("name", ["/nowhere.pb", "/dev/zero", "/"])
def test_what_is_no_file_is_refused(capsys: Any, name: str) -> None:
    assert main(["explain", name]) == 1
    assert capsys.readouterr().err.startswith(f"{name} ")


def test_one_thing_is_asked_at_a_time(vote: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["explain", vote, "--voter", "v1", "--project", "park"])
    assert ended.value.code == 2

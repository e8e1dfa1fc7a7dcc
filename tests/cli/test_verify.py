"""`communs verify`: what follows from its source holds, and any change of it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main
from communs.core.allocation import equal_shares, from_pb
from communs.core.allocation.composition import College, weighing

Change = Callable[[dict[str, Any]], object]
COUNTED = [
    *(["--rule", "mes"], ["--rule", "mes", "--completion", "add1"], ["--rule", "mes", "--completion", "utilitarian"]),
    *(["--rule", "mes", "--completion", "add1-utilitarian"], ["--rule", "mes", "--completion", "phragmen"]),
    *(["--rule", "phragmen"], ["--rule", "phragmen", "--overshoot", "skip"], ["--rule", "greedy"]),
    *(["--rule", "maximin"], ["--rule", "proportional"], ["--rule", "proportional", "--up-to-costs"]),
    *(["--rule", "lottery", "--seed", "Paris 2026"], ["--rule", "welfare"]),
]
CHANGES: dict[str, Change] = {
    "one project more": lambda one: one["selected"].append("trees"),
    "one project less": lambda one: one["selected"].pop(),
    "another order": lambda one: one["selected"].reverse(),
    "a cent less": lambda one: one["amounts"].update(park=59_999),
    "an amount for nobody": lambda one: one["amounts"].update(nobody=1),
    "another file": lambda one: one.update(input_sha256="0" * 64),
    "another price": lambda one: one["certificate"]["rounds"][0].update(rho="1/8"),
    "another endowment": lambda one: one["certificate"].update(endowment="100001/11"),
    "a purchase left out": lambda one: one["certificate"]["rounds"].pop(),
    "a purchase twice": lambda one: one["certificate"]["rounds"].append(one["certificate"]["rounds"][0]),
    "another utility": lambda one: one["parameters"].update(utility="cardinality"),
    "no certificate": lambda one: one.pop("certificate"),
    "no parameters": lambda one: one.pop("parameters"),
    "nothing in it": lambda one: one["certificate"].clear(),
    "a price without end": lambda one: one["certificate"]["rounds"][0].update(rho="1/0"),
    "a price that is a list": lambda one: one["certificate"]["rounds"][0].update(rho=[1]),
    "decimals that are a text": lambda one: one.update(decimals="two"),
    "a rule of amounts": lambda one: one.update(rule="median-1"),
    "a parameter that nobody knows": lambda one: one["parameters"].update(bonus="1"),
    "a utility that nobody knows": lambda one: one["parameters"].update(utility="kosten"),
    "a utility that the ballots do not speak": lambda one: one["parameters"].update(utility="score"),
    "a completion that nobody knows": lambda one: one["parameters"].update(completion={"name": "all"}),
    "a step that nothing takes": lambda one: one["parameters"]["completion"].update(step="1/1"),
    "an order of ties that nobody knows": lambda one: one["parameters"].update(ties="by name"),
    "a round told in another way": lambda one: one["rounds"][0].update(supporters=6),
    "a round left out": lambda one: one["rounds"].pop(),
    "a tie that nobody met": lambda one: one["ties"].append({"round": 1, "tied": ["park", "trees"], "won": "park"}),
}
CHANGES_OF_AMOUNTS: dict[str, Change] = {
    "a cent more": lambda one: one["amounts"].update(maps=one["amounts"]["maps"] + 1),
    "a cent moved": lambda one: one["amounts"].update(maps=one["amounts"]["maps"] + 1, wiki=one["amounts"]["wiki"] - 1),
    "another pot": lambda one: one["parameters"].update(pot=2000),
    "another sum": lambda one: one["certificate"].update(paid=0),
    "another order": lambda one: one["selected"].reverse(),
    "another table": lambda one: one.update(input_sha256="0" * 64),
    "more decimals": lambda one: one.update(decimals=3),
    "no amounts": lambda one: one.pop("amounts"),
    "a surplus that nobody knows": lambda one: one["parameters"].update(surplus="burn"),
    "a parameter that nobody knows": lambda one: one["parameters"].update(bonus=1),
    "a round told in another way": lambda one: one["rounds"][0].update(amount=one["rounds"][0]["amount"] + 1),
    "a tie that went wrong": lambda one: one["ties"].append({"round": 1, "tied": ["maps", "wiki"], "won": "wiki"}),
}


@pytest.fixture
def result(document: Any, save: Any) -> Any:
    """`result(file, …)`: the path of what `allocate` says of it, changed by `change`."""

    def counted(*arguments: str, change: Change = lambda one: None) -> str:
        found = document("allocate", *arguments)
        change(found)
        return str(save("result.json", json.dumps(found)))

    return counted


@pytest.mark.parametrize("options", COUNTED, ids=" ".join)
def test_what_follows_from_an_election_holds(capsys: Any, result: Any, vote: str, options: list[str]) -> None:
    assert main(["verify", "allocation", result(vote, *options), vote]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Holds: ")
    assert printed.err == ""


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_a_result_is_caught(capsys: Any, result: Any, vote: str, change: str) -> None:
    path = result(vote, change=CHANGES[change])
    assert main(["verify", "allocation", path, vote]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Does not hold: ")


def test_a_vote_more_is_caught(capsys: Any, result: Any, vote: str, save: Any) -> None:
    other = save("other.pb", Path(vote).read_text(encoding="utf-8") + "v12;trees\n")
    assert main(["verify", "allocation", result(vote), other]) == 1
    assert "Does not hold" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--rule", "quadratic", "--variant", "pairwise:25"], ["--rule", "median"]])
def test_what_follows_from_a_table_holds_and_each_change_is_caught(
    capsys: Any, result: Any, gifts: str, options: list[str]
) -> None:
    asked = (gifts, *options, "--pot", "30")
    assert main(["verify", "allocation", result(*asked), gifts]) == 0
    capsys.readouterr()
    for change in CHANGES_OF_AMOUNTS.values():
        assert main(["verify", "allocation", result(*asked, change=change), gifts]) == 1
        assert capsys.readouterr().err.startswith("Does not hold: ")


def test_a_table_with_other_columns_is_checked_as_it_was_read(capsys: Any, result: Any, save: Any) -> None:
    table = save("gifts.csv", "who;what;much\nana;maps;100\nben;maps;100\n")
    read = ("--columns", "who,what,much", "--decimals", "0")
    path = result(table, "--rule", "quadratic", "--pot", "150", *read)
    assert main(["verify", "allocation", path, table, *read]) == 0
    assert main(["verify", "allocation", path, table]) == 1
    assert "decimals" in capsys.readouterr().err


def test_what_a_check_leaves_open_is_said(capsys: Any, result: Any, vote: str) -> None:
    for options, words in (
        (["--completion", "add1"], "Made again: the "),
        (["--rule", "welfare"], "No other projects are worth more."),
        (["--rule", "lottery", "--seed", "x"], "published before"),
    ):
        path = result(vote, *options)
        capsys.readouterr()
        assert main(["verify", "allocation", path, vote]) == 0
        assert words in capsys.readouterr().out.splitlines()[1]


def test_a_composition_of_colleges_is_checked_with_the_file_of_each(capsys: Any, save: Any, vote: str) -> None:
    ballots = Path(vote).read_text(encoding="utf-8")
    other = save("other.pb", ballots[: ballots.index("v3;")])
    colleges = [
        College(name, Fraction(weight), from_pb(Path(file).read_bytes()))
        for name, weight, file in (("people", 2, vote), ("states", 1, other))
    ]
    path = save("result.json", weighing(colleges, equal_shares).to_json().decode())
    assert main(["verify", "allocation", path, vote, other]) == 0
    assert capsys.readouterr().out.startswith("Holds: ")
    assert main(["verify", "allocation", path, other, vote]) == 1
    assert "the file of people is another one" in capsys.readouterr().err
    assert main(["verify", "allocation", path, vote]) == 1
    assert "there are 2 colleges" in capsys.readouterr().err


def test_a_rule_that_nobody_knows_is_said_to_have_no_check(capsys: Any, result: Any, vote: str) -> None:
    path = result(vote, change=lambda one: one.update(rule="made-up-1"))
    assert main(["verify", "allocation", path, vote]) == 1
    said = capsys.readouterr().err
    assert "no check is written for the rule 'made-up-1'" in said
    assert "Does not hold" not in said


def test_an_election_as_json_and_as_tables_is_checked(capsys: Any, result: Any, save: Any) -> None:
    json_ = save("vote.json", '{"budget": 5, "projects": [{"id": "a", "cost": 1.5}], "ballots": [["a"], []]}')
    assert main(["verify", "allocation", result(json_), json_]) == 0
    tables = ("--projects", save("p.csv", "project,cost\na,1.5\n"), "--budget", "5")
    ballots = save("b.csv", "voter,project\nana,a\nben,\n")
    assert main(["verify", "allocation", result(ballots, *tables), ballots, *tables]) == 0
    assert capsys.readouterr().out.startswith("Holds: 1 project follows")


def test_a_vote_without_voters_is_checked(result: Any, vote: str, save: Any) -> None:
    text = Path(vote).read_text(encoding="utf-8")
    nobody = save("nobody.pb", text[: text.index("v1;")])
    assert main(["verify", "allocation", result(nobody), nobody]) == 0
    forged = result(nobody, change=lambda one: one["selected"].append("park"))
    assert main(["verify", "allocation", forged, nobody]) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "[{}]", "12", "[" * 100_000, '{"rule": []}', "{}"])
def test_what_is_no_result_is_refused(capsys: Any, save: Any, vote: str, content: str) -> None:
    assert main(["verify", "allocation", save("result.json", content), vote]) == 1
    assert capsys.readouterr().out == ""


def test_a_missing_file_a_folder_and_a_device_are_refused(capsys: Any, result: Any, vote: str) -> None:
    path = result(vote)
    for source in ("/nowhere", "/", "/dev/zero"):
        assert main(["verify", "allocation", path, source]) == 1
        assert main(["verify", "allocation", source, vote]) == 1
        assert source in capsys.readouterr().err


def test_a_result_comes_through_a_pipe(process: Any, vote: str) -> None:
    counted = process("allocate", vote, "--json")
    done = process("verify", "allocation", "-", vote, stdin=counted.stdout)
    assert (done.returncode, done.stderr) == (0, b"")

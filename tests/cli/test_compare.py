"""`communs compare`: one election under several rules, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communs.cli import main
from communs.cli.compare import RULES

KEYS = {
    *("name", "selected", "cost", "budget_used", "served", "excluded", "mean_cost", "mean_count", "effective"),
    "official",
}


def test_the_rules_stand_in_the_order_asked_with_what_was_decided_last(document: Any, vote: str) -> None:
    found = document("compare", vote, "--rules", "greedy,mes,greedy, mes+utilitarian")
    assert [one["name"] for one in found] == ["greedy", "mes", "mes+utilitarian", "official"]
    assert all(set(one) == KEYS for one in found)
    greedy, mes, _more, official = found
    assert (greedy["excluded"], mes["excluded"]) == ("4/11", "0/1")
    assert official["selected"] == ["park", "trees"]
    assert greedy["official"] == {"both": ["park", "trees"], "only_here": [], "only_there": []}


def test_the_rules_of_the_house_are_compared_unless_others_are_named(document: Any, vote: str) -> None:
    assert [one["name"] for one in document("compare", vote)] == [*RULES.split(","), "official"]


def test_where_nothing_is_marked_there_is_no_official_column(document: Any, points: str) -> None:
    found = document("compare", points, "--rules", "mes")
    assert [one["official"] for one in found] == [None]


def test_a_rule_that_divides_spends_no_more_than_there_is(document: Any, vote: str) -> None:
    (found, _official) = document("compare", vote, "--rules", "proportional")
    assert found["cost"] == 100_000
    assert found["budget_used"] == "1/1"


def test_the_order_of_ties_goes_to_the_rules_that_have_ties(document: Any, save: Any) -> None:
    text = '{"budget": 1, "projects": [{"id": "a", "cost": 1}, {"id": "b", "cost": 1}], "ballots": [["a"], ["b"]]}'
    path, asked = save("tied.json", text), ("--rules", "greedy,welfare")
    won = {document("compare", path, *asked, "--ties", f"hash:{seed}")[0]["selected"][0] for seed in "abcdef"}
    assert won == {"a", "b"}


def test_the_text_is_a_table_and_progress_stays_off_it(capsys: Any, vote: str) -> None:
    assert main(["compare", vote, "--rules", "mes,greedy"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].startswith("rule      funded  spent    of the budget  voters with nothing")
    assert [line.split()[0] for line in lines[1:]] == ["mes", "greedy", "official"]
    assert printed.err == "mes …\ngreedy …\n"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("", "Name at least one rule"),
        (",", "Name at least one rule"),
        ("mes,dictator", "dictator is no rule"),
        ("mes+more", "more is no completion"),
        ("greedy+add1", "greedy takes no completion"),
        ("lottery", "needs a seed"),
    ],
)
def test_a_rule_that_does_not_exist_is_refused(capsys: Any, vote: str, rules: str, said: str) -> None:
    assert main(["compare", vote, "--rules", rules]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_a_broken_file_is_refused_with_its_place(capsys: Any, vote: str, save: Any) -> None:
    path = save("broken.pb", Path(vote).read_text(encoding="utf-8").replace(";600;", ";x;"))
    assert main(["compare", path]) == 1
    assert f"{path}:9:6: " in capsys.readouterr().err


def test_the_bytes_are_the_same_under_any_hash_seed_and_through_a_pipe(process: Any, vote: str) -> None:
    by_name = {process("compare", vote, "--json", PYTHONHASHSEED=seed).stdout for seed in ("0", "7")}
    piped = process("compare", "-", "--json", stdin=Path(vote).read_bytes()).stdout
    assert by_name == {piped}

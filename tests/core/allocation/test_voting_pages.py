"""The examples on the pages of equal shares, Phragmén and greedy are run as they stand, and their tables too."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.equal_shares import (
    NONE,
    RULE,
    Add1,
    Add1Utilitarian,
    Completion,
    PhragmenCompletion,
    Utilitarian,
    equal_shares,
)
from communs.core.allocation.greedy import RULE as GREEDY
from communs.core.allocation.greedy import greedy
from communs.core.allocation.phragmen import RULE as PHRAGMEN
from communs.core.allocation.phragmen import Stop, phragmen

PAGES = Path(__file__).resolve().parents[3] / "docs" / "rules"
RULES = {"equal-shares": RULE, "phragmen": PHRAGMEN, "greedy": GREEDY}
COMPLETIONS: dict[str, Completion] = {
    "none": NONE,
    "add1": Add1(),
    "utilitarian": Utilitarian(),
    "phragmen": PhragmenCompletion(),
    "add1-utilitarian": Add1Utilitarian(),
}
ELECTION = Instance.from_rows(
    [Project("garden", 90), Project("lights", 120), Project("path", 150), Project("pool", 150)],
    360,
    [["garden", "path", "pool"]] * 3 + [["garden", "pool"]] * 4 + [["path"]] * 3 + [["garden", "lights"]] * 2,
)


def table(page: str, heading: str) -> Iterator[dict[str, str]]:
    """The rows of the table of a page that has this heading."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    lines = text[text.index(heading) :].partition("\n\n")[0].splitlines()
    names, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in rows:
        yield dict(zip(names, row, strict=True))


@pytest.mark.parametrize("page", RULES)
def test_the_examples_hold_and_the_page_says_what_it_must(page: str) -> None:
    path = PAGES / f"{page}.md"
    outcome = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 5
    assert outcome.failed == 0
    text = path.read_text(encoding="utf-8")
    for words in (f"`{RULES[page]}`", "What it is good for", "guaranteed", "Steps", "Worked table", "Counter-example"):
        assert words in text


def test_the_rounds_of_equal_shares_are_those_of_the_table() -> None:
    rounds = equal_shares(ELECTION).rounds
    for row, one in zip(table("equal-shares", "| round |"), rounds, strict=True):
        assert row["project"] == one["project"]
        assert int(row["supporters"]) == one["supporters"]
        assert row["they have"] == one["money"]
        assert row["each pays at most"] == one["price"]
        assert int(row["how many pay that"]) == one["in_full"]
        assert row["ρ"] == one["rho"]
        assert (row["next would have been"] or None) == one["runner_up"]
        assert (row["by"] or None) == one["margin"]


@pytest.mark.parametrize("row", list(table("equal-shares", "| completion | funded")), ids=lambda row: row["completion"])
def test_completions_fund_what_the_table_says(row: dict[str, str]) -> None:
    result = equal_shares(ELECTION, completion=COMPLETIONS[row["completion"]])
    assert ", ".join(result.selected) == row["funded"]
    assert result.certificate["endowment"] == row["voter has at the end of Add1"]


def test_every_completion_is_on_the_page_with_its_parameters() -> None:
    rows = list(table("equal-shares", "| completion | what happens"))
    assert [row["completion"] for row in rows] == list(COMPLETIONS)
    assert all(COMPLETIONS[row["completion"]].parameters()["name"] == row["completion"] for row in rows)
    (add1,) = (row["parameters"] for row in rows if row["completion"] == "add1")
    assert all(name.partition("_")[0] in add1 for name in Add1().parameters() if name != "name")


def test_the_rounds_of_phragmen_are_those_of_the_table() -> None:
    rounds = phragmen(ELECTION, Stop.SKIP).rounds
    for row, one in zip(table("phragmen", "| round |"), rounds, strict=True):
        assert row["project"] == one["project"]
        assert int(row["supporters"]) == one["supporters"]
        assert row["load"] == one["load"]
        assert (row["next would have been"] or None) == one["runner_up"]
        assert (row["by"] or None) == one["margin"]


def test_the_rounds_of_greedy_are_those_of_the_table() -> None:
    rounds = greedy(ELECTION).rounds
    for row, one in zip(table("greedy", "| round |"), rounds, strict=True):
        assert (row["project"], int(row["voters"]), int(row["left"])) == (
            one["project"],
            one["supporters"],
            one["left"],
        )


def test_the_counter_examples_are_true() -> None:
    """Of Add1: one step more funds three projects for 390. Of greedy: two fifths of the voters get nothing."""
    proof = equal_shares(ELECTION, completion=Add1()).certificate["completion"]
    assert proof["next"]["endowment"] == "41/1"
    costs = dict(zip(ELECTION.ids, ELECTION.costs, strict=True))
    assert sum(costs[one["project"]] for one in proof["next"]["rounds"]) == 390
    split = Instance.from_rows([Project(id_, 50) for id_ in "abcd"], 100, [["a", "b"]] * 3 + [["c", "d"]] * 2)
    assert greedy(split).selected == ("a", "b")
    assert equal_shares(split).selected == ("a",)
    assert Fraction(equal_shares(split).rounds[0]["money"]) == 60

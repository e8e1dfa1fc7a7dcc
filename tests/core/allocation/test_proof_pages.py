"""The pages of maximin support, checks, explanations and welfare: examples and tables are run as they stand."""

from __future__ import annotations

import doctest
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from communs.core.allocation import maximin, welfare
from communs.core.allocation.axioms.finding import find_prices
from communs.core.allocation.axioms.representation import ejr_plus
from communs.core.allocation.comparing import compare
from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.equal_shares import equal_shares
from communs.core.allocation.explaining import deciding, miss
from communs.core.allocation.greedy import greedy
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility

PAGES = Path(__file__).resolve().parents[3] / "docs" / "rules"
IDENTIFIERS = {
    "maximin-support": maximin.RULE,
    "fairness-checks": "ejr-plus-1",
    "explanations": "explanations-1",
    "welfare": welfare.RULE,
}
RULES: dict[str, Callable[[Instance], Result]] = {
    "equal-shares": equal_shares,
    "phragmen": phragmen,
    "greedy": greedy,
    "maximin-support": maximin_support,
}
ELECTION = Instance.from_rows(
    [Project("garden", 90), Project("lights", 120), Project("path", 150), Project("pool", 150)],
    360,
    [["garden", "path", "pool"]] * 3 + [["garden", "pool"]] * 4 + [["path"]] * 3 + [["garden", "lights"]] * 2,
)
VILLAGE = Instance.from_rows(
    [Project("field", 40), Project("hall", 40), Project("garden", 40)], 100, [["field", "hall"]] * 6 + [["garden"]] * 4
)


def table(page: str, heading: str) -> Iterator[dict[str, str]]:
    """The rows of the table of a page that has this heading."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    lines = text[text.index(heading) :].partition("\n\n")[0].splitlines()
    names, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in rows:
        yield dict(zip(names, row, strict=True))


@pytest.mark.parametrize("page", IDENTIFIERS)
def test_the_examples_hold_and_the_page_says_what_it_must(page: str) -> None:
    path = PAGES / f"{page}.md"
    outcome = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 5
    assert outcome.failed == 0
    text = path.read_text(encoding="utf-8")
    for words in (
        f"`{IDENTIFIERS[page]}`",
        "What it is good for",
        "guaranteed",
        "Steps",
        "Worked table",
        "Counter-example",
    ):
        assert words in text


def test_the_rounds_of_maximin_support_are_those_of_the_table() -> None:
    result = maximin_support(ELECTION)
    rows = table("maximin-support", "| round |")
    for row, one, proof in zip(rows, result.rounds, result.certificate["rounds"], strict=True):
        assert (row["project"], int(row["supporters"]), row["load"]) == (one["project"], one["supporters"], one["load"])
        assert (row["next would have been"] or None) == one["runner_up"]
        assert (row["by"] or None) == one["margin"]
        assert row["proof: these cost each voter as much"] == ", ".join(proof["tight"])


@pytest.mark.parametrize("row", list(table("fairness-checks", "| funded |")), ids=lambda row: row["funded"])
def test_checks_find_what_the_table_says(row: dict[str, str]) -> None:
    funded = row["funded"].split(", ")
    found = ejr_plus(VILLAGE, funded).shortfalls
    assert ", ".join(one.project for one in found) == row["EJR+ fails at"]
    assert {str(one.voters) for one in found} == set(row["group"].split())
    assert {str(one.owed) for one in found} == set(row["is owed"].split())
    prices = find_prices(VILLAGE, funded)
    assert (str(prices.answer), prices.project) == (row["prices"], row["shown by"])


@pytest.mark.parametrize("row", list(table("explanations", "| rule | not funded |")), ids=str)
def test_projects_lacked_what_the_table_says(row: dict[str, str]) -> None:
    rule = RULES[row["rule"]]
    one = miss(ELECTION, rule(ELECTION), deciding(rule), row["not funded"])
    assert (one.more_voters, one.enough_cost) == (int(row["more voters"]), int(row["at a cost of"]))
    assert one.voters_proven
    assert one.cost_proven


def test_rules_compare_as_the_table_says() -> None:
    columns = compare(ELECTION, RULES)
    for row, one in zip(table("explanations", "| rule | funded |"), columns, strict=True):
        assert (row["rule"], row["funded"]) == (one.name, ", ".join(one.selected))
        assert (int(row["cost"]), int(row["voters served"])) == (one.cost, one.served)
        assert Fraction(row["exclusion ratio"]) == one.excluded
        assert Fraction(row["money for a voter's choices"]) == one.mean_cost
        assert Fraction(row["projects"]) == one.mean_count


def test_the_most_welfare_is_what_the_table_says() -> None:
    for row in table("welfare", "| utility |"):
        result = welfare.welfare(ELECTION, Utility(row["utility"]))
        assert ", ".join(result.selected) == row["funded"]
        assert result.certificate["utility"] == int(row["worth"])

"""The tables on the pages of the money rules are run as they stand."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.composition import College, averaging, combined
from communs.core.allocation.dividing import Pot, Surplus, divide
from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.lottery import Unfitting, lottery
from communs.core.allocation.median import Absent, Middle, Quantile, median
from communs.core.allocation.proportional import proportional
from communs.core.allocation.quadratic import STANDARD, ConnectedClusters, Pairwise, ProfileClusters, quadratic
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import Limits

PAGES = Path(__file__).resolve().parents[3] / "docs" / "rules"
RULES = ("quadratic", "median", "proportional", "lottery", "composition")
MODULES = (*RULES, "amounts", "amounts_csv", "dividing", "waterfilling", "quadratic.roots")


def rows(page: str, first: str) -> Iterator[dict[str, str]]:
    """The table of a page whose header begins so."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    lines = text[text.index(f"| {first} |") :].partition("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in cells[2:]:
        yield dict(zip(cells[0], row, strict=True))


def numbers(text: str) -> dict[str, int]:
    """ "a 40, b 20" """
    return {name: int(value) for name, value in (part.split() for part in text.split(",") if part.strip())}


@pytest.mark.parametrize("row", list(rows("quadratic", "variant")), ids=lambda row: row["variant"])
def test_the_table_of_quadratic_funding_holds(row: dict[str, str]) -> None:
    gifts = [("Ana", "maps", 400), ("Ben", "maps", 900), ("Eve", "tower", 1_000_000)]
    gifts += [("Cleo", "zine", 100), ("Dan", "zine", 100)]
    gifts += [(donor, "food", 100) for donor in ("Ana", "Ben", "Cleo", "Dan")]
    variant: Any = {
        "standard": lambda: STANDARD,
        "pairwise": lambda: Pairwise(Fraction(row["M"])),
        "profile-clusters": ProfileClusters,
        "connected-clusters": ConnectedClusters,
    }[row["variant"]]()
    result = quadratic(Amounts.from_rows(gifts), 1_200, variant)
    ideals = {line["project"]: line["ideal"] for line in result.rounds}
    assert ideals == {name: int(row.get(f"ideal of {name}", 0)) for name in ("maps", "zine", "food", "tower")}
    assert result.amounts == {name: int(row[name]) for name in ("maps", "zine", "food", "tower")}
    assert result.certificate["unspent"] == int(row["not spent"])


@pytest.mark.parametrize("row", list(rows("median", "q")), ids=lambda row: " ".join(row.values()))
def test_the_table_of_median_grants_holds(row: dict[str, str]) -> None:
    said = [(f"v{n}", "maps", amount) for n, amount in enumerate((100, 300, 500, 700))]
    amounts = Amounts.from_rows(said, people=[f"v{n}" for n in range(5)])
    quantile = Quantile(Fraction(row["q"]), Middle(row["middle"]), Absent(row["absent"]))
    assert median(amounts, int(row["pot"]), quantile).amounts == {"maps": int(row["maps"])}


@pytest.mark.parametrize("row", list(rows("proportional", "pot")), ids=lambda row: " ".join(row.values()))
def test_the_table_of_proportional_division_holds(row: dict[str, str]) -> None:
    limits = Limits(numbers(row["floors"]), numbers(row["caps"]))
    pot = Pot.of(int(row["pot"]), "abc", limits, Surplus.SPEND, order_of(LEXICOGRAPHIC, "abc"))
    division = divide(pot, [3, 2, 1])
    assert division.amounts == tuple(int(row[name]) for name in "abc")
    assert division.unspent == int(row["not spent"])


@pytest.mark.parametrize("row", list(rows("lottery", "seed")), ids=lambda row: " ".join(row.values()))
def test_the_table_of_the_lottery_holds(row: dict[str, str]) -> None:
    projects = [Project("maps", 500), Project("food", 300), Project("tools", 300)]
    election = Instance.from_rows(projects, 700, [])
    result = lottery(election, row["seed"], numbers(row["tickets"]) or None, unfitting=Unfitting(row["unfitting"]))
    assert ", ".join(line["project"] for line in result.rounds) == row["drawn"]
    assert ", ".join(result.selected) == row["funded"]


def test_the_tables_of_composition_hold() -> None:
    table = list(rows("composition", "college | weight | voters"))
    colleges = [
        College(
            row["college"],
            Fraction(row["weight"]),
            Instance.from_rows([Project("p", 1)], 1, [["p"]] * int(row["voters"])),
        )
        for row in table
    ]
    sizes = combined(colleges).sizes.tolist()
    assert [size // int(row["voters"]) for size, row in zip(sizes, table, strict=True)] == [
        int(row["each ballot counts"]) for row in table
    ]
    *said, mean = rows("composition", "college | weight | votes for")
    projects = [Project(name, 0) for name in ("maps", "food", "tools")]
    apart = [
        College(
            row["college"],
            Fraction(row["weight"]),
            Instance.from_rows(projects, 1_000, [[name.strip()] for name in row["votes for"].split(",")]),
        )
        for row in said
    ]
    for college, row in zip(apart, said, strict=True):
        assert proportional(college.ballots).amounts == {one.id: int(row[one.id]) for one in projects}
    assert averaging(apart, proportional).amounts == {one.id: int(mean[one.id]) for one in projects}


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"communs.core.allocation.{name}")).failed == 0


@pytest.mark.parametrize("name", RULES)
def test_each_page_says_what_a_page_must_say(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"Identifier: `{importlib.import_module(f'communs.core.allocation.{name}').RULE}`" in page
    for words in ("What it is good for", "What is guaranteed", "Counter-example", "Stated semantics"):
        assert words in page

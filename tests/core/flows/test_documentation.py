"""The rule's page is run as it stands: its examples, and its tables line by line."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import communs.core.flows as package
from communs.core.flows import Graph, Limits, flow

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules" / "flows.md"
MODULES = sorted(module.name for module in pkgutil.walk_packages(package.__path__, "communs.core.flows."))
GRAPH = Graph.from_rows([
    ("atlas", "engine", 3), ("atlas", "fonts", 1), ("engine", "compiler", 2), ("engine", "parser", 1),
    ("compiler", "runtime", 1), ("runtime", "compiler", 1),
])  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "as above": {},
    "engine declines": {"declined": ["engine"]},
    "fonts declines": {"declined": ["fonts"]},
    "compiler and runtime decline": {"declined": ["compiler", "runtime"]},
    "parser is excluded": {"excluded": ["parser"]},
    "at least 500": {"limits": Limits(minimum=500)},
    "at most 3000": {"limits": Limits(cap=3000)},
}


def table(head: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is called so."""
    _before, _head, after = PAGE.read_text(encoding="utf-8").partition(f"| {head} |")
    for line in after.splitlines()[2:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_on_the_rules_page_hold() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 5
    assert outcome.failed == 0


def test_the_page_names_the_rule_and_what_it_must_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for words in (package.RULE, "Guarantees", "Steps", "Worked table", "Counter-example", "good for"):
        assert words in page
    assert f"{package.SEEDS_MAX:,} minor units" in page
    assert f"{package.KEEP_MIN:,} millionths" in page


def test_the_worked_table_is_what_the_code_gives() -> None:
    result = flow(GRAPH, {"atlas": 10_000}, 500_000)
    rows = [
        [
            name,
            *map(str, (result.totals[at], result.totals[at] - result.left[at], result.kept[at], result.amounts[name])),
        ]
        for at, name in enumerate(GRAPH.ids)
    ]
    assert list(table("node")) == rows


def test_the_table_of_those_who_decline_is_what_the_code_gives() -> None:
    rows = list(table("what is asked"))
    assert [row[0] for row in rows] == list(ASKED)
    for asked, *cells in rows:
        result = flow(GRAPH, {"atlas": 10_000}, 500_000, **ASKED[asked])
        assert cells == [*(str(result.amounts.get(name, 0)) for name in GRAPH.ids), str(result.returned)], asked

"""The rule's page and the README are run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import communs.core.receipts as package
from communs.core.receipts import (
    INVARIANTS,
    RULE,
    RULES,
    Cancellation,
    Receipt,
    check,
    in_order,
    in_words,
    verify,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules" / "receipts.md"
MODULES = sorted(module.name for module in pkgutil.walk_packages(package.__path__, "communs.core.receipts."))


def table(head: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is called so."""
    _before, _head, after = PAGE.read_text(encoding="utf-8").partition(f"\n| {head} |")
    for line in after.splitlines()[2:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def page_receipts(receipt: Receipt) -> dict[str, Receipt]:
    found = {}
    for number, issued, gift, cents, cancelled, replaced_by, replaces in table("receipt"):
        gone = Cancellation(date.fromisoformat(cancelled), "Remboursement", replaced_by) if cancelled else None
        found[number] = replace(
            receipt, number=number, issued_on=date.fromisoformat(issued), gifts=(gift,), minor=int(cents),
            replaces=replaces, cancelled=gone,
        )  # fmt: skip
    return found


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_readme_runs() -> None:
    readme = Path(package.__path__[0]) / "README.md"
    assert doctest.testfile(str(readme), module_relative=False).failed == 0


def test_the_page_names_every_rule_and_invariant_in_its_words_and_its_order() -> None:
    assert [name for name, _what in table("rule")] == list(RULES)
    assert list(table("name")) == [[one.name, one.sentence] for one in INVARIANTS]
    page = PAGE.read_text(encoding="utf-8")
    for words in (f"Identifier: `{RULE}`", "What it is good for", "What is guaranteed", "Counter-examples"):
        assert words in page


def test_the_worked_table_keeps_the_rule(receipt: Receipt) -> None:
    receipts = page_receipts(receipt)
    assert len(receipts) == 6
    assert list(verify(in_order(receipts.values()))) == []
    given = {number: replace(one, given_on=min(one.issued_on, date(2026, 2, 1))) for number, one in receipts.items()}
    assert [problem for one in given.values() for problem in check(one)] == []
    in_force = [one.number for one in receipts.values() if one.cancelled is None]
    assert "In force: {}, {} and {}.".format(*in_force) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", list(table("what is done")), ids=lambda row: row[0])
def test_what_the_page_says_is_found_is_found_by_that_name(row: list[str], receipt: Receipt) -> None:
    (number, _, done), names = row[0].partition(" "), row[1]
    receipts = page_receipts(receipt)
    changed = receipts[number]
    match done.split():
        case ["deleted"]:
            del receipts[number]
        case ["no", "longer", "cancelled"]:
            receipts[number] = replace(changed, cancelled=None)
        case ["for", gift]:
            receipts[number] = replace(changed, gifts=(gift,))
        case ["issued", day]:
            receipts[number] = replace(changed, issued_on=date.fromisoformat(day))
        case _:
            pytest.fail(f"The page says something new: {done}")
    found = {problem.rule for problem in verify(in_order(receipts.values()))}
    assert found == {name.strip() for name in names.split(",") if name.strip()}


@pytest.mark.parametrize("row", list(table("cents")), ids=lambda row: row[0])
def test_amounts_in_words_are_as_the_page_says(row: list[str]) -> None:
    cents, french, english = row
    assert (in_words(int(cents)), in_words(int(cents), "en")) == (french, english)

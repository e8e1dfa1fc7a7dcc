"""The examples of the rule's page and of the docstrings are run as they stand."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import communs.core.matching as package
from communs.core import texts

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules" / "matching.md"
MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    module = importlib.import_module(f"communs.core.matching.{name}")
    assert doctest.testmod(module).failed == 0


def test_examples_in_the_texts_module_hold() -> None:
    assert doctest.testmod(texts).failed == 0


def test_examples_on_the_rules_page_hold() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 10
    assert outcome.failed == 0


def test_the_page_names_the_rule_and_what_it_must_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for words in (package.RULE, "Guarantees", "Steps", "Worked table", "Counter-example"):
        assert words in page

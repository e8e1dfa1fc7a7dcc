"""The rule page and the README say what the code does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import communs.core.openness as package
from communs.core.openness import COMMUNITY_FIELDS, GOVERNANCE_FIELDS, RULE_SET
from communs.core.openness.rules_licence import RULE_OF_KIND
from communs.core.openness.rules_people import RULES

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "rules" / "commons-test.md"
README = ROOT / "src" / "communs" / "core" / "openness" / "README.md"


MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"communs.core.openness.{name}")).failed == 0


def test_the_worked_examples_of_the_rule_page_hold() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert failed == 0
    assert tried > 15


def test_every_rule_stands_on_the_rule_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rules = {rule.id for rule in RULES} | set(RULE_OF_KIND.values()) | {"licence.stated", "licence.model_parts"}
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in page] == []
    assert f"`{RULE_SET}`" in page


def test_every_field_and_choice_stands_in_the_readme() -> None:
    readme = README.read_text(encoding="utf-8")
    for group, fields in (("governance", GOVERNANCE_FIELDS), ("community", COMMUNITY_FIELDS)):
        for field in fields:
            assert f"`{group}.{field.name}`" in readme
            assert field.question in readme
            assert [choice.value for choice in field.choices if f"`{choice.value}`" not in readme] == []


def test_every_choice_has_an_answer() -> None:
    fields = {field.name: field for field in (*GOVERNANCE_FIELDS, *COMMUNITY_FIELDS)}
    for rule in RULES:
        answers = {rule.read(choice.value) for choice in fields[rule.field].choices}
        assert answers in ({"yes", "no"}, set())

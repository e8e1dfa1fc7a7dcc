"""The examples in the docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

PACKAGE = importlib.import_module("communs.core.identity")
MODULES = sorted(module.name for module in pkgutil.walk_packages(PACKAGE.__path__, f"{PACKAGE.__name__}."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0

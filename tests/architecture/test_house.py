"""The plan of the house, held by tools: who imports whom, how large things get, what stands nowhere."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from communs.cli.house import ROOT

SOURCE = ROOT / "src" / "communs"
# An app knows only those before it.
ORDER = ("kit", "accounts", "register", "funding", "foundation", "following")
FUNCTION_LINES_MAX = 70
MODULE_LINES_MAX = 400
MEDIAN_LINES_MAX = 150
# Tables of names and sentences are long because the world is.
TABLES = {"core/matching/messages.py", "core/matching/names.py"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its place, migrations left out."""
    paths = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: Any) -> int:
    return int(node.end_lineno - node.lineno + 1)


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_foreign_keys_follow_the_order_of_the_apps() -> None:
    """Foreign keys written as strings escape the import contracts."""
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ORDER:
            continue
        here = ORDER.index(model._meta.app_label)
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                continue
            target: Any = field.related_model
            label = target._meta.app_label
            if label in ORDER and ORDER.index(label) > here:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong


def test_every_app_has_its_place_in_the_order() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("communs.") and config.models}
    assert ours == set(ORDER)


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{place}:{function.lineno} {function.name} has {length(function)} lines"
        for place, tree in modules().items()
        for function in functions(tree)
        if length(function) > FUNCTION_LINES_MAX
    ]
    assert not long


def test_modules_stay_small() -> None:
    sizes = {place: len((SOURCE / place).read_text(encoding="utf-8").splitlines()) for place in modules()}
    large = {place: size for place, size in sizes.items() if size > MODULE_LINES_MAX and place not in TABLES}
    assert not large
    assert statistics.median(size for size in sizes.values() if size) <= MEDIAN_LINES_MAX


def test_ninety_five_functions_of_a_hundred_fit_half_a_screen() -> None:
    lengths = sorted(length(function) for tree in modules().values() for function in functions(tree))
    assert lengths[int(len(lengths) * 0.95)] <= 40


def test_only_the_command_line_and_benchmarks_print() -> None:
    found = [
        f"{place}:{node.lineno}"
        for place, tree in modules().items()
        if not place.startswith("cli/") and place != "testing/bench.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not found


def test_one_guard_stands_before_every_request_that_leaves_the_house() -> None:
    """`kit/fetch` for addresses that people give us; the command line and benchmarks ask only their own server."""
    tools = {"httpx", "requests", "urllib.request", "http.client", "aiohttp", "urllib3"}
    found = {place for place, tree in modules().items() if tools & set(imported(tree))}
    assert {place for place in found if not place.startswith("kit/fetch/")} <= {"cli/serve.py", "testing/pages.py"}


def test_the_core_reads_no_clock_and_throws_no_dice() -> None:
    forbidden = {"today", "now", "utcnow", "random", "uuid4", "token_urlsafe"}
    found = [
        f"{place}:{node.lineno} {node.func.attr}"
        for place, tree in modules().items()
        if place.startswith("core/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in forbidden
    ]
    assert not found


def test_pages_open_no_transactions_and_actions_take_no_request() -> None:
    wrong = []
    for place, tree in modules().items():
        parts = Path(place).with_suffix("").parts
        if "pages" in parts and "django.db.transaction" in {f"{module}.transaction" for module in imported(tree)}:
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            if "transaction" in names:
                wrong.append(f"{place} opens a transaction")
        if "actions" in parts:
            wrong += [
                f"{place}:{function.lineno} takes a request"
                for function in functions(tree)
                if "request" in {argument.arg for argument in function.args.args}
            ]
    assert not wrong


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later_in_the_source(word: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".html", ".css"} and f"{word}" in path.read_text(encoding="utf-8")
    ]
    assert not found


def test_every_package_of_ours_says_what_it_is_for() -> None:
    folders = [SOURCE / "kit", SOURCE / "web", SOURCE / "cli", SOURCE / "testing", SOURCE / "core"]
    folders += [
        path for root in ("apps", "core") for path in (SOURCE / root).iterdir() if (path / "__init__.py").exists()
    ]
    missing = [str(folder.relative_to(SOURCE)) for folder in folders if not (folder / "README.md").is_file()]
    assert not missing

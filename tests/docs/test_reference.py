"""Documentation that cannot rot: what is generated is current, and everything there is is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from communs.cli import VERBS
from communs.cli.dev_reference import FOLDER, page_patterns, reference
from communs.cli.house import ROOT
from communs.core import flows, matching, openness
from communs.kit.results import sentences
from communs.web.config import VARIABLES

DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["commands.md", "settings.md", "api.md", "pages.md"])
def test_the_generated_pages_are_current(name: str) -> None:
    assert page(name) == reference()[name], "run: communs dev docs"


def test_nothing_else_stands_in_the_generated_folder() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(reference())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb: str) -> None:
    text = page("commands.md")
    assert f"## communs {verb}\n" in text
    assert f"usage: communs {verb} " in text


def test_every_option_says_what_it_does() -> None:
    """An option without a line of help shows as a line of its own with nothing behind it."""
    lines = page("commands.md").splitlines()
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if re.fullmatch(r"  --?\S+( [A-Z=/|-]+)?", line) and not following.startswith("      ")
    ]
    assert not bare


@pytest.mark.parametrize("name", [name for name, _default, _meaning in VARIABLES])
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in page("settings.md")


def test_every_setting_that_is_read_is_in_the_table() -> None:
    source = (ROOT / "src/communs/web/config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:COMMUNS_[A-Z_]+|DATABASE_URL))"', source))
    assert read == {name for name, _default, _meaning in VARIABLES}


def test_every_page_is_documented() -> None:
    text = page("pages.md")
    missing = [name for name, address, _meaning in page_patterns() if f"| `{address}` | `{name}` |" not in text]
    assert not missing


def rules() -> list[str]:
    """The identifiers of the rules of the core, as they stand in its code."""
    named = re.compile(r"^RULE(?:_SET)?(?:: Final)? = \"(.+)\"$", re.MULTILINE)
    modules = (ROOT / "src/communs/core").rglob("*.py")
    return sorted({rule for path in modules for rule in named.findall(path.read_text(encoding="utf-8"))})


def test_the_rules_are_found() -> None:
    assert {matching.RULE, openness.RULE_SET, flows.RULE, *sentences.RULES, "composition-1", "median-1"} <= set(rules())


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_its_page(rule: str) -> None:
    pages = [path for path in (DOCS / "rules").glob("*.md") if f"`{rule}`" in path.read_text(encoding="utf-8")]
    assert len(pages) == 1


def test_every_page_can_be_reached_from_the_first_one() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    folders = {"rules", "decisions"}
    unreachable = [
        str(path.relative_to(DOCS))
        for path in DOCS.rglob("*.md")
        if path.name != "README.md"
        and path.parent.name not in folders
        and f"({path.relative_to(DOCS).as_posix()})" not in index
    ]
    assert not unreachable
    assert all(f"]({folder})" in index for folder in folders)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in Path(DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))

"""Every link in the documentation leads somewhere, every example runs, every command shown exists."""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from communs import __version__
from communs.cli import VERBS
from communs.cli.house import ROOT
from communs.core.standards.publiccode import read

SKIPPED = {".venv", ".venv-dev", "node_modules", ".pytest_cache", ".hypothesis", ".git"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def pages() -> list[Path]:
    found = [path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts)]
    return sorted(found)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> Iterator[str]:
    for found, text in BLOCK.findall(path.read_text(encoding="utf-8")):
        if found == language:
            yield text


def anchors(path: Path) -> set[str]:
    """The anchors of the headings of a page, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", pages(), ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        address, _hash, anchor = link.partition("#")
        if address.startswith(("http://", "https://", "mailto:")):
            continue
        target = (path.parent / address).resolve() if address else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize(
    "path", [path for path in pages() if any(">>>" in b for b in blocks(path, "python"))], ids=named
)
def test_python_examples_give_what_they_say(path: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(path, "python")), {}, named(path), str(path), lineno=0
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    printed: list[str] = []
    runner.run(examples, out=printed.append)
    assert runner.failures == 0, "".join(printed)


@pytest.mark.parametrize("path", pages(), ids=named)
def test_commands_shown_exist(path: Path) -> None:
    wrong = []
    for block in blocks(path, "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] in {"./communs", "communs"} and words[1] not in VERBS:
                wrong.append(line)
    assert not wrong


def test_the_examples_are_there_to_be_run() -> None:
    assert any(">>>" in block for block in blocks(ROOT / "docs/howto/match-in-python.md", "python"))


def test_the_first_screen_of_the_readme_says_what_it_is_and_how_to_start() -> None:
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:24])
    assert "./communs demo" in first
    assert "./communs test" in first


def test_our_own_publiccode_is_read_without_a_complaint() -> None:
    document = read((ROOT / "publiccode.yml").read_bytes())
    assert not document.problems
    assert document.records[0]["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]
    assert f"softwareVersion: {__version__}\n" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")


def test_the_licence_is_the_one_that_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"]
    assert declared == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")


def test_the_changelog_names_the_version() -> None:
    assert f"## {__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

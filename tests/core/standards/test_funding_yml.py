"""FUNDING.yml: platforms, handles and the links they stand for."""

from __future__ import annotations

import pytest

from communs.core.standards import funding_yml
from communs.core.standards.formats import Sample
from communs.core.standards.funding_yml.platforms import PLATFORMS

GOOD = """\
# ways to give
github: [atlas, map-er]
open_collective: atlas
tidelift: npm/atlas
ko_fi: # none
custom: ["https://example.org/give"]
"""


def codes(text: str) -> list[tuple[str, str, str]]:
    return [(found.path, found.code, found.severity) for found in funding_yml.read(text).problems]


def test_handles_become_links() -> None:
    document = funding_yml.read(GOOD)
    assert codes(GOOD) == []
    record = document.records[0]
    assert record["name"] is None
    assert [link["url"] for link in record["funding"]["links"]] == [
        "https://github.com/sponsors/atlas",
        "https://github.com/sponsors/map-er",
        "https://opencollective.com/atlas",
        "https://tidelift.com/funding/github/npm/atlas",
        "https://example.org/give",
    ]


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_page_of_a_handle_leads_back_to_the_handle(name: str) -> None:
    handle = "npm/atlas" if name == "tidelift" else "atlas"
    assert PLATFORMS[name].handle_in(PLATFORMS[name].address(handle)) == handle


FAULTS = [
    ("bitcoin: x\n", ("bitcoin", "unknown-key", "error")),
    ("ko-fi: x\n", ("ko-fi", "unknown-key", "error")),
    ("github: [a, b, c, d, e]\n", ("github", "too-many", "error")),
    ("patreon: [a, b]\n", ("patreon", "too-many", "error")),
    ("github: https://github.com/sponsors/atlas\n", ("github", "not-a-handle", "error")),
    ("custom: example.org/give\n", ("custom", "not-an-address", "warning")),
    ("custom: to me\n", ("custom", "not-an-address", "error")),
    ("custom: {a: b}\n", ("custom", "not-text", "error")),
    ("github: ''\n", ("github", "empty", "warning")),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_each_fault_has_place_grade_and_remedy(text: str, expected: tuple[str, str, str]) -> None:
    assert codes(text) == [expected]
    assert funding_yml.read(text).problems[0].say_fix()


def test_a_template_with_nothing_filled_in_says_so() -> None:
    assert codes("github:\npatreon:\n") == [("", "nothing", "warning")]


def test_the_repaired_file_is_valid_and_keeps_comments() -> None:
    broken = """\
github: https://github.com/sponsors/atlas  # us
opencollective: https://opencollective.com/atlas
custom: [www.example.org/give]
bitcoin: abc
"""
    assert (
        funding_yml.repair(broken)
        == """\
github: atlas  # us
open_collective: atlas
custom: [https://www.example.org/give]
# bitcoin: abc
"""
    )
    assert funding_yml.repair(GOOD) == GOOD


def test_other_yaml_is_not_taken_for_funding() -> None:
    assert funding_yml.recognise(Sample(GOOD))
    assert not funding_yml.recognise(Sample("on: push\njobs:\n  test:\n    runs-on: x\n"))
    assert not funding_yml.recognise(Sample("github:\n  token: x\n"))


def test_what_is_no_package_is_told_how_one_is_written() -> None:
    (found,) = funding_yml.read("tidelift: tinymap\n").problems
    assert (found.code, found.say_fix(str)) == (
        "not-a-handle",
        "Write the registry and the package, such as npm/left-pad.",
    )

"""The examples of the rule's page are run as they stand, and its tables are those of the code."""

import doctest
from pathlib import Path

import pytest

from communs.core.search import analysis, finding, planning

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = DOCS / "rules" / "search.md"


@pytest.mark.parametrize("path", [PAGE, DOCS / "howto" / "search.md"], ids=lambda path: path.name)
def test_examples_hold(path: Path) -> None:
    outcome = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 2
    assert outcome.failed == 0


def test_the_weights_on_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    weights, factors = planning.WEIGHTS, planning.KIND_FACTORS
    for line in (
        f"| the word itself | {weights['word']} |",
        f"of its root only | {weights['form']} · {weights['family']} · {weights['root']} |",
        f"(half for a loose label) | {weights['concept']} |",
        f"| what a product that is named does | {weights['does']} |",
        f"| a word spelled nearly like it | {weights['spelling']} |",
        f"| a word that begins like it | {weights['begins']} |",
        f"two steps up | {weights['broader']} · {weights['beyond']} |",
        f"| a kind of recipient | {factors['recipient']} |",
        f'("manage", "publish") | {factors["action"]} |',
        f'("platform", "data", "tool") | {factors["form"]} |',
        f'("nearest", "today", "keep") | {factors["little"]} |',
        f"where the record only hints at it | {weights['hinted']} |",
        f"says at least {analysis.SURE_MIN:.0%}".replace("%", " %"),
        f"surest answers less than {planning.COVERAGE_MIN} %",
        f"less than {finding.NEAR_MIN} % of a query",
        f"less than {finding.BESIDE_BEST} % of what",
        f"know {finding.UNKNOWN_SHARE} % of that",
        f"`f / (f + {analysis.K1} × ({1 - analysis.B:g} + {analysis.B} × L / {analysis.AVERAGE_LENGTH:g}))`",
    ):
        assert line in page, line


def test_the_page_says_what_it_must() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for words in ("Guarantees", "Steps", "Worked example", "Counter-example", "What it is good for"):
        assert f"## {words}" in page

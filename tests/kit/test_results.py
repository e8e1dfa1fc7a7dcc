"""The page of a result: right in figures, plain in words, in both languages, and fit for everybody's eyes."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from communs.core.allocation import BallotKind, Instance, Project, Result, equal_shares, phragmen
from communs.core.allocation.axioms.representation import ejr_plus
from communs.core.allocation.comparing import column
from communs.core.allocation.explaining import deciding, misses
from communs.core.allocation.rules import RULES, Choice, rule_of
from communs.kit.results import charts, sentences
from communs.kit.results.files import page, table_csv
from communs.kit.results.report import REPLAYED, Report

LONG = "A name that goes on and on, with every street it touches: Main Street, Mill Lane, the old railway, the new one"
CHOICES = {"lottery": Choice(seed="x")}
BYTES_MAX = 250_000


def election(*, budget: int = 100_000) -> Instance:
    projects = [Project("park", 60_000, LONG), Project("library", 30_000, "Books <on> wheels")]
    projects += [Project("kitchen", 25_000), Project("trees", 20_000, "Fifty trees")]
    ballots = [["park", "trees"]] * 5 + [["park", "kitchen"]] * 2 + [["library"]] * 3 + [["library", "kitchen"]]
    return Instance.from_rows(projects, budget, ballots, decimals=2, currency="EUR")


def report(instance: Instance, rule: Callable[[Instance], Result] = equal_shares) -> Report:
    result = rule(instance)
    in_parts = result.rule == "proportional-1"
    return Report(
        title="A small vote",
        instance=instance,
        result=result,
        columns=(column(instance, "mes", result), column(instance, "mes+add1", result)),
        misses=() if in_parts else misses(instance, result, deciding(rule), tries=0),
        representation=None if in_parts else ejr_plus(instance, result.selected),
        file="vote.pb",
    )


class Elements(HTMLParser):
    """Counts the elements of a page."""

    count = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.count += 1


def test_the_rounds_say_who_paid_what_and_who_was_next() -> None:
    table = report(election()).rounds()
    assert [row[0] for row in table.rows] == [LONG, "Books <on> wheels"]
    assert table.rows[0][1:6] == ("1", "€600", "7", "€636.36", "€85.71")
    assert table.rows[0][6] == "Fifty trees"


def test_every_name_is_text_and_long_ones_are_cut_only_where_they_are_not_the_subject() -> None:
    text = page(report(election()))
    assert "Books &lt;on&gt; wheels" in text
    assert f'<th scope="row">{LONG}</th>' in text


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("budget", [100_000, 1_000, 0])
def test_every_rule_has_a_page_even_where_nothing_is_funded(name: str, budget: int) -> None:
    made = report(election(budget=budget), rule_of(name, CHOICES.get(name, Choice())))
    text = page(made)
    assert ('id="rounds"' in text) == bool(made.rounds().rows)
    assert all(made.result.amounts[made.instance.ids[_place(made, row[0])]] for row in made.rounds().rows)
    assert made.result.rule in sentences.RULES
    assert made.result.rule in sentences.PLAIN
    assert sentences.OF_VERBS[name] == made.result.rule


def _place(made: Report, name: str) -> int:
    return [one.name or one.id for one in made.instance.projects].index(name)


def test_every_rule_that_is_said_to_be_replayed_is() -> None:
    from communs.cli.verify import OF_ELECTIONS

    assert set(OF_ELECTIONS) == REPLAYED


def test_a_tie_is_told_with_whether_another_choice_matters() -> None:
    projects = [Project("north", 50, "North"), Project("south", 50, "South")]
    made = report(Instance.from_rows(projects, 50, [["north"], ["south"]]), phragmen)
    text = page(made)
    assert 'id="ties"' in text
    assert '<th scope="row">North, South</th>' in text


def test_an_election_with_points_has_no_split_of_who_paid_in_full() -> None:
    projects = [Project("a", 60), Project("b", 40)]
    made = Instance.from_rows(projects, 100, [{"a": 3, "b": 1}, {"a": 1, "b": 3}], BallotKind.SCORING)
    assert charts.funded(made, rule_of("mes")(made)).part_label == ""


def test_what_was_lacking_is_proven_or_said_to_be_at_most() -> None:
    text = page(report(election()))
    assert "<td>1</td><td>€25.97</td>" in text
    assert "at most" in page(report(election(), rule_of("mes", Choice(completion="add1"))))


def test_a_group_that_gets_less_than_its_share_is_named() -> None:
    assert "A group got less than its share: 4 voters support “Books &lt;on&gt; wheels”" in page(
        report(election(), rule_of("greedy"))
    )


def test_the_page_is_in_french_to_the_last_word_of_the_house() -> None:
    with translation.override("fr"):
        french = page(report(election()))
    english = page(report(election()))
    assert '<html lang="fr">' in french
    heads = re.findall(r"<(?:h2|th scope=\"col\")>([^<]+)<", english)
    assert heads
    assert not [head for head in heads if f">{head}<" in french and head != "Budget"]


def test_a_large_election_stays_a_small_file() -> None:
    projects = [Project(f"p{number}", 10_000 + number, f"{LONG} {number}") for number in range(200)]
    ballots = [[f"p{(voter * step) % 200}" for step in (1, 3, 7)] for voter in range(1, 500)]
    instance = Instance.from_rows(projects, 1_000_000, [list(dict.fromkeys(one)) for one in ballots], decimals=2)
    made = report(instance, rule_of("greedy"))
    text = page(made)
    assert len(text.encode()) < BYTES_MAX
    assert len(charts.funded(instance, made.result).rows) == charts.BARS_MAX
    elements = Elements()
    elements.feed(text)
    assert elements.count < 3000


def test_tables_are_csv_with_nothing_that_a_spreadsheet_runs() -> None:
    instance = Instance.from_rows([Project("a", 1, "=1+1")], 1, [["a"]])
    lines = table_csv(report(instance).rounds()).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Project,Round,")
    assert lines[1].startswith("'=1+1,1,")


def test_many_values_of_a_parameter_are_counted_not_listed() -> None:
    said = dict(sentences.parameters({"tickets": {str(one): 1 for one in range(50)}, "seed": "x", "limits": {}}))
    assert said == {"tickets": "50 values, in result.json", "seed": "x"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_barrier_nothing_asked_and_nothing_wider_than_the_screen(
    browser: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    asked: list[str] = []
    for name in ("mes", "proportional", "lottery"):
        file = tmp_path / f"{name}.html"
        file.write_text(page(report(election(), rule_of(name, CHOICES.get(name, Choice())))), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened = context.new_page()
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(file.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        opened.add_script_tag(content=str(Axe().axe_script))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = opened.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]
        context.close()
        assert [violation["id"] for violation in found] == []
    assert all(address.startswith("file:") for address in asked)

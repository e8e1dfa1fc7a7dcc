"""From the list to an answer and back, in a real browser, with and without JavaScript, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEED = Path(__file__).resolve().parents[2] / "seed"


@pytest.fixture
def seeded(transactional_db: None) -> None:
    """The real records."""
    from communs.cli.import_ import import_file

    import_file("commons", SEED / "commons.jsonl")
    import_file("opportunities", SEED / "opportunities.jsonl")


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request: Any, browser: Any, live_server: Any, seeded: None) -> Iterator[Any]:
    """A page of a new visitor. Errors on the console fail the test."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=request.param == "with scripts")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def total(page: Any) -> int:
    return int(page.locator("h1").inner_text().split()[0].replace(",", ""))


def test_a_visitor_finds_what_fits_answers_and_compares(page: Any) -> None:
    page.goto("/en/funding/")
    everything = total(page)
    page.get_by_label("a commons as a collective").check()
    page.get_by_role("button", name="Show these").click()
    assert 0 < total(page) < everything

    page.goto("/en/funding/")
    page.get_by_label("Name of your commons").fill("Decidim")
    page.get_by_role("button", name="See what fits").click()
    page.wait_for_url("**/en/funding/?for=decidim")
    assert "Decidim" in page.locator("h1").inner_text()

    page.get_by_role("link", name="The questions that decide").click()
    page.wait_for_url("**/en/funding/for/decidim/")
    open_before = page.locator("#ask h2").inner_text()
    question = page.get_by_role("group", name="Can you write the application in English?")
    question.get_by_label("Yes").check()
    page.get_by_role("button", name="Take these answers into account").click()
    assert "Your answers are kept" in page.locator(".messages").inner_text()
    assert "Can you write the application in English?" in page.locator("dl").inner_text()
    assert page.locator("#ask h2").inner_text() != open_before

    page.goto("/en/funding/nlnet-ngi0-commons-fund/for/decidim/")
    assert "One question decides" in page.locator("#answer h2").inner_text()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="See the answer").click()
    assert "You fit what they ask" in page.locator("#answer h2").inner_text()

    page.get_by_role("link", name="Français").click()
    assert "Vous remplissez les conditions" in page.locator("#answer h2").inner_text()

    page.goto("/en/funding/?for=decidim")
    for box in page.locator(".rows input[type=checkbox]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare those ticked").click()
    assert page.locator("thead th").count() == 2
    assert "For this commons" in page.locator("tbody").inner_text()


def test_a_no_says_what_would_change_it_and_leads_to_hosts(page: Any) -> None:
    page.goto("/fr/funding/for/?q=OpenStreetMap&opportunity=nlnet-ngi0-commons-fund")
    page.wait_for_url("**/fr/funding/nlnet-ngi0-commons-fund/for/openstreetmap/")
    page.goto("/en/funding/for/openstreetmap/")
    refusals = page.locator("#no .rows li")
    assert refusals.count() > 0
    refusals.first.get_by_role("link").click()
    assert page.locator("#answer h2").inner_text().startswith("Not ")
    assert page.locator("#answer li").count() > 0
    assert page.locator("td.not").count() > 0

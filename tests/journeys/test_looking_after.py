"""What people do around one entry, without scripts: propose, decide, lock, hide, appoint, discuss, go back."""

from __future__ import annotations

from typing import Any

import pytest

from communs.kit.records import actions
from communs.kit.records.actions import Author

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/en/commons/free-map/"


@pytest.fixture
def free_map(eva: Any) -> Any:
    from communs.apps.register.models import Commons

    return actions.create(Commons, "free-map", {"name": "Free Map", "kind": "data"}, Author(eva))


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def said(page: Any) -> str:
    return str(page.locator(".messages").inner_text())


def test_a_member_proposes_an_editor_takes_a_part_and_goes_back(
    free_map: Any, bob: Any, eva: Any, signed_in: Any
) -> None:
    member, editor = signed_in(bob), signed_in(eva)
    member.goto(f"{PAGE}edit/")
    member.get_by_label("Name required").fill("Freer Map")
    member.get_by_label("Website").fill("https://map.example/")
    press(member, "Propose")
    assert "Your proposal is public" in said(member)

    editor.goto(f"{PAGE}proposals/")
    editor.locator("main .rows a").first.click()
    editor.get_by_label("Website").uncheck()
    press(editor, "Accept what is ticked")
    assert editor.locator("h1").inner_text() == "Freer Map"
    assert editor.locator(".crumbs a").count() == 1, "the page leads to itself"

    editor.get_by_role("link", name="History").click()
    editor.locator("main .rows a").last.click()
    press(editor, "Go back to what was shown then")
    assert "Restored." in said(editor)
    member.goto(PAGE)
    assert member.locator("h1").inner_text() == "Free Map"


def test_an_editor_locks_hides_confirms_and_appoints(free_map: Any, bob: Any, eva: Any, signed_in: Any) -> None:
    member, editor = signed_in(bob), signed_in(eva)
    member.goto(f"{PAGE}discussion/")
    member.get_by_label("Your contribution").fill("Who draws *this*?")
    press(member, "Publish")
    assert member.locator(".said em").inner_text() == "this"
    member.goto(f"{PAGE}steward/")
    member.get_by_label("What ties you to it").fill("I draw it")
    press(member, "Ask to look after it")

    editor.goto(f"{PAGE}sources/")
    press(editor, "Lock “Name”")
    assert "Locked" in said(editor)
    editor.get_by_role("link", name="History").click()
    assert "Name" in editor.locator("main .rows li").first.inner_text()
    editor.goto("/en/commons/queue/")
    assert "I draw it" in editor.locator("main").inner_text()
    press(editor, "Grant")
    member.goto(f"{PAGE}steward/")
    assert "Bob" in member.locator("main .rows").inner_text()

    editor.goto(f"{PAGE}remove/")
    editor.get_by_label("Why").fill("twice here")
    press(editor, "Remove")
    editor.goto(PAGE)
    press(editor, "Confirm and make public")
    member.goto(PAGE)
    assert member.locator("h1").inner_text() == "Free Map"

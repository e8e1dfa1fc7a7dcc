"""What no editor has confirmed is seen by editors alone: on every page, export, feed and search."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from communs.apps.funding import queries
from communs.kit.gates import NotThere, Refused, Right

SECRET = "Unconfirmed treasure"


def body(response: Any) -> str:
    return (b"".join(response) if response.streaming else response.content).decode()


@pytest.fixture(autouse=True)
def _hidden(make: Any, atlas: Any, open_fund: Any, settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0
    make("hidden", visibility="unconfirmed", titles__en=SECRET, summaries__en=SECRET, kind="grant")
    make("removed", visibility="removed", titles__en=SECRET)


LISTS = (
    "/en/funding/",
    "/en/funding/?q=treasure&closed=1",
    "/en/funding/?for=atlas",
    "/en/funding/export.csv",
    "/en/funding/export.json?closed=1",
    "/en/funding/feed.atom",
    "/en/funding/for/atlas/",
    "/en/funding/for/atlas/export.csv",
    "/en/funding/for/atlas/export.json",
    "/en/funding/compare/?id=hidden&id=removed",
    "/en/search/?q=treasure",
    "/en/",
)
PAGES = ("", "history/", "sources/", "discussion/", "proposals/", "feed.atom", "edit/", "for/atlas/", "history/1/")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_no_list_shows_it(client: Client, signed_in: Any, bob: Any, path: str, who: str) -> None:
    response = (client if who == "visitor" else signed_in(bob)).get(path)
    assert response.status_code == 200
    assert SECRET not in body(response)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("public_id", ["hidden", "removed"])
def test_its_pages_are_not_there_for_others(
    client: Client, signed_in: Any, bob: Any, eva: Any, page: str, public_id: str
) -> None:
    path = f"/en/funding/{public_id}/{page}"
    assert client.get(path).status_code == 404
    assert signed_in(bob).get(path).status_code == 404
    assert signed_in(eva).get(path).status_code == 200


def test_it_is_asked_for_in_no_figure(today: Any) -> None:
    assert queries.home_figures(today)["total"] == 1
    assert [row.title for row in queries.recently_changed(10)] == ["Fund open-fund"]
    assert queries.search("treasure AND hidden", 10)[1].total == 0


RIGHTS = {
    "public": {
        "visitor": "see",
        "member": "see propose",
        "editor": "see propose edit moderate",
        "administrator": "all",
    },
    "unconfirmed": {"visitor": "", "member": "", "editor": "see propose edit moderate", "administrator": "all"},
    "removed": {"visitor": "", "member": "", "editor": "see propose edit moderate", "administrator": "all"},
}


@pytest.mark.parametrize("visibility", list(RIGHTS))
def test_the_gate_lets_each_role_do_what_the_table_says(
    visibility: str, bob: Any, eva: Any, adam: Any, make: Any
) -> None:
    from django.contrib.auth.models import AnonymousUser

    make("thing", visibility=visibility)
    people = {"visitor": AnonymousUser(), "member": bob, "editor": eva, "administrator": adam}
    for role, allowed in RIGHTS[visibility].items():
        for right in Right:
            may = allowed == "all" or right.value in allowed.split()
            if may:
                assert queries.get_opportunity(people[role], "thing", right).public_id == "thing"
                continue
            with pytest.raises(Refused if allowed else NotThere):
                queries.get_opportunity(people[role], "thing", right)


def test_a_person_who_was_shut_out_has_no_more_rights_than_a_visitor(bob: Any, eva: Any) -> None:
    eva.is_active = False
    with pytest.raises(NotThere):
        queries.get_opportunity(eva, "hidden")
    with pytest.raises(Refused):
        queries.get_opportunity(eva, "open-fund", Right.PROPOSE)

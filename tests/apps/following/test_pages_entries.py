"""From the other pages: one line each that leads to following just what is looked at, and keeps the filters."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from .conftest import Make


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    def made(person: Any) -> Client:
        fresh = Client()
        fresh.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return fresh

    return made


@pytest.fixture
def records(opportunity: Make, commons: Make) -> None:
    opportunity("one", closes="2099-12-24", countries=["FR"], summaries__en="Water for all")
    commons("atlas", summaries__en="Maps of water")


def links(path: str, client: Client | None = None) -> list[dict[str, list[str]]]:
    """The parameters of the links to follow on a page; each leads to a page that is there."""
    client = client or Client()
    response = client.get(path)
    assert response.status_code == 200
    found = [html.unescape(link) for link in re.findall(r'href="(/en/follow/\?[^"]*)"', response.content.decode())]
    for link in found:
        followed = client.get(link).content.decode()
        assert "Where do you want to start?" not in followed
    return [parse_qs(urlsplit(link).query) for link in found]


def asks(**parameters: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in parameters.items()}


@pytest.mark.usefixtures("records")
def test_lists_keep_what_was_searched_for() -> None:
    (funding,) = links("/en/funding/?q=water&country=FR&country=BE&sort=title")
    assert (funding["what"], funding["in"], funding["q"]) == (["search"], ["funding"], ["water"])
    assert sorted(funding["country"]) == ["BE", "FR"]
    (commons,) = links("/en/commons/?q=water&kind=software")
    assert commons == asks(what="search", q="water", kind="software") | {"in": ["commons"]}
    assert links("/en/funding/") == [asks(what="search") | {"in": ["funding"]}]


@pytest.mark.usefixtures("records")
def test_a_list_seen_for_a_commons_leads_to_money_for_it() -> None:
    money = asks(what="money_for", id="atlas")
    assert links("/en/funding/?for=atlas&country=FR") == [money]
    assert links("/en/funding/for/atlas/") == [money]
    assert links("/en/funding/calendar/?for=atlas") == [money]
    assert links("/en/funding/changes/?for=atlas") == [money]


@pytest.mark.usefixtures("records")
def test_dates_and_changes_lead_to_a_search_with_its_filters() -> None:
    search = asks(what="search", country="FR") | {"in": ["funding"]}
    assert links("/en/funding/calendar/?country=FR&month=2099-12") == [search | {"month": ["2099-12"]}]
    assert links("/en/funding/changes/?country=FR") == [search]


@pytest.mark.usefixtures("records")
def test_each_part_of_the_search_page_can_be_followed() -> None:
    found = links("/en/search/?q=water")
    assert sorted(link["in"][0] for link in found) == ["commons", "funding"]
    assert all(link["q"] == ["water"] for link in found)


@pytest.mark.usefixtures("records")
def test_entries_offer_the_digest_beside_the_letter_on_each_change(bob: Any, signed_in: Any) -> None:
    fund, atlas = "/en/funding/one/", "/en/commons/atlas/"
    for client in (Client(), signed_in(bob)):
        assert links(fund, client) == [asks(what="opportunity", id="one")]
        assert links(atlas, client) == [asks(what="money_for", id="atlas"), asks(what="commons", id="atlas")]
        for path in (fund, atlas):
            is_member = client.session.get("_auth_user_id") is not None
            button = "<button" in client.get(path).content.decode().partition("A letter on each change")[0][-30:]
            assert button == is_member


def test_what_is_not_public_offers_nothing_to_follow(opportunity: Make, eva: Any, signed_in: Any) -> None:
    opportunity("hidden", "unconfirmed")
    assert links("/en/funding/hidden/", signed_in(eva)) == []

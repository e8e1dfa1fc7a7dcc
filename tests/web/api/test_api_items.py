"""One commons, one opportunity: what they carry, and what they never carry."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from communs.apps.funding.queries import get_opportunity
from communs.apps.register.queries import get_commons
from communs.kit.records.actions import Author, state
from communs.kit.records.models import Method

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")


def test_a_commons_carries_its_values_and_where_each_comes_from(ask: Ask, adam: Any) -> None:
    item = ask("commons/open-food-facts").json()
    values = get_commons(adam, "open-food-facts").values
    assert item["name"] == "Open Food Facts"
    assert item["steward"]["form"] == values["steward.form"]
    assert item["licences"] == values["licences"]
    assert item["summaries"]["fr"] == values["summaries.fr"]
    spoken_for = {field for source in item["sources"] for field in source["fields"]}
    assert spoken_for == set(values)
    assert all(source["licence"] for source in item["sources"])


def test_a_commons_carries_its_test_and_relations_only_when_read_alone(ask: Ask) -> None:
    alone = ask("commons/openstreetmap").json()
    listed = next(item for item in ask("commons").json()["items"] if item["id"] == "openstreetmap")
    assert {rule["group"] for rule in alone["test"]["rules"]} == {"licence", "governance", "community"}
    assert alone["test"]["verdict"] == alone["verdict"]
    assert {name: value for name, value in alone.items() if name not in {"test", "relations"}} == listed


def test_an_opportunity_has_a_page_here_and_a_page_of_the_funder(ask: Ask) -> None:
    item = ask("opportunities/nlnet-ngi0-commons-fund").json()
    assert item["url"].endswith("/en/funding/nlnet-ngi0-commons-fund/")
    assert item["link"] == "https://nlnet.nl/commonsfund/"
    assert item["windows"][0]["model"] == "cutoffs"


def test_moments_are_written_with_their_zone(ask: Ask) -> None:
    assert datetime.fromisoformat(ask("commons/wikipedia").json()["updated_at"]).tzinfo is not None


def test_people_are_never_named(ask: Ask, alice: Any) -> None:
    commons = get_commons(alice, "wikipedia")
    state(commons, {"homepage": "https://example.org/"}, Author(alice, Method.STEWARD), note="by me")
    item = ask("commons/wikipedia").json()
    assert item["homepage"] == "https://example.org/"
    assert "those who look after it" in {source["name"] for source in item["sources"]}
    text = json.dumps(item)
    assert "alice" not in text.lower()
    assert "by me" not in text


def test_nothing_depends_on_the_language_of_the_browser_or_on_who_is_signed_in(
    ask: Ask, client: Any, adam: Any
) -> None:
    state(get_commons(adam, "wikipedia"), {"homepage": "https://example.org/"}, Author(adam))
    plain = ask("commons/wikipedia").content
    assert ask("commons/wikipedia", accept_language="fr").content == plain
    client.force_login(adam)
    assert ask("commons/wikipedia").content == plain


def test_a_record_with_values_of_another_shape_is_answered_all_the_same(ask: Ask, adam: Any) -> None:
    odd = {"languages": "fr", "funded_by": [1, {"name": "X"}], "categories_publiccode": {"a": 1}}
    state(get_commons(adam, "wikipedia"), odd, Author(adam))
    item = ask("commons/wikipedia").json()
    assert item["languages"] == []
    assert item["funded_by"] == [{"name": "X"}]
    assert item["categories_publiccode"] == []


def test_a_changed_record_has_another_etag(ask: Ask, adam: Any) -> None:
    path = "opportunities/nlnet-ngi0-commons-fund"
    before = ask(path)
    assert ask(path, if_none_match=before["ETag"]).status_code == 304
    state(get_opportunity(adam, "nlnet-ngi0-commons-fund"), {"themes": ["maps"]}, Author(adam))
    after = ask(path, if_none_match=before["ETag"])
    assert after.status_code == 200
    assert after.json()["themes"] == ["maps"]


@pytest.mark.parametrize(
    "path", ["commons/nothing", "commons/%00", "commons/a%20b", "opportunities/nothing", "commons/é"]
)
def test_an_id_that_leads_nowhere_is_a_404_in_the_form_of_the_api(ask: Ask, path: str) -> None:
    response = ask(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404

"""Lists: cursors, filters, and what never appears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.register.importing import import_commons
from communs.apps.register.queries import get_commons, public_commons
from communs.kit.records.actions import merge, set_visibility
from communs.kit.records.files import Placed
from communs.kit.records.models import Visibility

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")


def add(*public_ids: str) -> None:
    import_commons(
        [Placed(name, {"id": name, "name": name, "kind": "data"}) for name in public_ids], now=timezone.now()
    )


def test_a_list_answers_items_and_the_cursor_of_what_follows(ask: Ask) -> None:
    first = ask("commons?limit=2").json()
    assert len(first["items"]) == 2
    second = ask(f"commons?limit=2&cursor={first['next']}").json()
    assert {item["id"] for item in first["items"]}.isdisjoint(item["id"] for item in second["items"])


def test_the_pages_together_hold_every_public_record_once(everything: Callable[[str], list[Any]]) -> None:
    ids = [item["id"] for item in everything("commons?limit=2")]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(public_commons().values_list("public_id", flat=True))


def test_the_last_page_says_that_nothing_follows(ask: Ask) -> None:
    assert ask("commons?limit=100").json()["next"] is None


def test_records_added_while_someone_reads_come_last_and_move_nothing(ask: Ask) -> None:
    first = ask("commons?limit=3").json()
    add("aaa-first-by-name")
    rest = ask(f"commons?limit=100&cursor={first['next']}").json()["items"]
    assert rest[-1]["id"] == "aaa-first-by-name"
    read = [item["id"] for item in [*first["items"], *rest]]
    assert sorted(read) == sorted(public_commons().values_list("public_id", flat=True))


def test_a_record_removed_while_someone_reads_breaks_no_cursor(ask: Ask, adam: Any) -> None:
    first = ask("commons?limit=2").json()
    last = get_commons(adam, first["items"][-1]["id"])
    set_visibility(last, Visibility.REMOVED, adam)
    rest = ask(f"commons?limit=100&cursor={first['next']}").json()["items"]
    assert len(rest) == public_commons().count() - 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=data", {"openstreetmap", "open-food-facts"}),
        ("kind=data&kind=knowledge", {"openstreetmap", "open-food-facts", "wikipedia"}),
        ("kind=data&country=FR", {"open-food-facts"}),
        ("q=food", {"open-food-facts"}),
        ("q=FOOD%20facts", {"open-food-facts"}),
        ("kind=nothing-like-it", set()),
    ],
)
def test_filters_widen_within_and_narrow_across(ask: Ask, query: str, expected: set[str]) -> None:
    assert {item["id"] for item in ask(f"commons?limit=100&{query}").json()["items"]} == expected


def test_opportunities_are_filtered_as_on_the_page(ask: Ask) -> None:
    everything = ask("opportunities?limit=100").json()["items"]
    grants = ask("opportunities?limit=100&kind=grant").json()["items"]
    assert grants
    assert [item["id"] for item in grants] == [item["id"] for item in everything if item["kind"] == "grant"]


def test_closed_opportunities_are_there_and_can_be_chosen_by_status(ask: Ask) -> None:
    everything = ask("opportunities?limit=100").json()["items"]
    closed = ask("opportunities?limit=100&status=closed").json()["items"]
    assert [item["id"] for item in closed] == [item["id"] for item in everything if item["status"] == "closed"]


@pytest.mark.parametrize("hidden", [Visibility.UNCONFIRMED, Visibility.REMOVED])
def test_what_is_not_public_never_appears(ask: Ask, adam: Any, hidden: Visibility) -> None:
    commons = get_commons(adam, "wikipedia")
    set_visibility(commons, hidden, adam)
    assert "wikipedia" not in {item["id"] for item in ask("commons?limit=100").json()["items"]}
    assert ask("commons/wikipedia").status_code == 404
    assert ask("match?commons=wikipedia").status_code == 404


def test_what_is_merged_leaves_the_list_and_leads_to_its_target(ask: Ask, adam: Any) -> None:
    merge(get_commons(adam, "wikimedia-commons"), get_commons(adam, "openstreetmap"), adam)
    assert "wikimedia-commons" not in {item["id"] for item in ask("commons?limit=100").json()["items"]}
    response = ask("commons/wikimedia-commons")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/commons/openstreetmap")
    assert ask("match?commons=wikimedia-commons").json()["commons"]["id"] == "openstreetmap"


def test_a_list_costs_the_same_few_queries_however_long(
    ask: Ask, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    ask("commons?limit=100")
    with django_assert_max_num_queries(6):
        ask("commons?limit=3")
    add(*(f"another-{number}" for number in range(30)))
    ask("commons?limit=1")
    with django_assert_max_num_queries(6):
        assert len(ask("commons?limit=100").json()["items"]) > 30


def test_a_client_that_has_it_already_gets_304(ask: Ask) -> None:
    first = ask("commons?limit=2")
    assert ask("commons?limit=2", if_none_match=first["ETag"]).status_code == 304
    assert ask("commons?limit=2", if_modified_since=first["Last-Modified"]).status_code == 304
    assert ask("commons?limit=3", if_none_match=first["ETag"]).status_code == 200


def test_a_removal_makes_a_list_newer(ask: Ask, adam: Any) -> None:
    commons = get_commons(adam, "wikipedia")
    earlier = timezone.now() - timedelta(hours=1)
    public_commons().update(updated_at=earlier)
    before = ask("commons?limit=2")
    set_visibility(commons, Visibility.REMOVED, adam)
    assert ask("commons?limit=2", if_modified_since=before["Last-Modified"]).status_code == 200

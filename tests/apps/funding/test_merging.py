"""Two entries of one opportunity: suggested, seen side by side, merged, separated, or declared not the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.apps.funding import actions, queries
from communs.apps.funding.models import LikelySame, Opportunity
from communs.kit.records.actions import Impossible, statements_of

PAGE = "/en/funding/bikes/merge/"
BIKES: dict[str, Any] = {
    "titles__fr": "Aide à l'achat de vélos cargos pour les artisans",
    "funder__name": "Région Bretagne",
    "countries": ["FR-BRE"],
}


@pytest.fixture
def pair(make: Callable[..., Any]) -> tuple[Opportunity, Opportunity]:
    return make("bikes", titles__en="", **BIKES, amount__max=2000, amount__currency="EUR"), make(
        "bikes-again", titles__en="", **BIKES, url="https://www.bretagne.example/velos", amount__max=3000,
        amount__currency="EUR",
    )  # fmt: skip


@pytest.fixture
def editor(eva: Any, signed_in: Callable[[Any], Client]) -> Client:
    return signed_in(eva)


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_pairs_that_look_alike_wait_for_editors_with_the_reasons(
    editor: Client, pair: Any, make: Callable[..., Any]
) -> None:
    make("normandy", titles__en="", **{**BIKES, "countries": ["FR-NOR"], "funder__name": "Région Normandie"})
    assert actions.renew_suggestions() == 1
    found = queries.likely_pairs().get()
    assert {found.one.public_id, found.other.public_id} == {"bikes", "bikes-again"}
    page = shown(editor, "/en/funding/queue/")
    assert "/en/funding/bikes/merge/?with=bikes-again" in page
    assert "The same title." in page
    assert "normandy" not in page


def test_looking_again_writes_only_what_changed(pair: Any, make: Callable[..., Any]) -> None:
    actions.renew_suggestions()
    before = LikelySame.objects.get()
    actions.renew_suggestions()
    assert LikelySame.objects.get().found_at == before.found_at
    actions.remove(pair[1], None, "gone")
    assert actions.renew_suggestions() == 0
    assert not LikelySame.objects.exists()


def test_both_entries_are_shown_side_by_side_before_anything_happens(editor: Client, pair: Any) -> None:
    page = shown(editor, f"{PAGE}?with=bikes-again")
    assert "They differ in one field" in page
    assert page.count("2,000") >= 1
    assert page.count("3,000") >= 1
    assert "The same funder." in page
    assert "/en/funding/bikes-again/merge/?with=bikes" in page
    assert not Opportunity.objects.exclude(merged_into=None).exists()


def test_merging_keeps_both_origins_and_separating_restores_both_exactly(editor: Client, pair: Any) -> None:
    one, other = pair
    before = [(row.values, row.title) for row in Opportunity.objects.order_by("pk")]
    response = editor.post(PAGE, {"other": "bikes-again", "note": "the same page"})
    assert response["Location"] == "/en/funding/bikes-again/"
    other.refresh_from_db()
    assert {statement.subject_id for statement in statements_of(other)} == {one.pk, other.pk}
    assert other.values["url"] == "https://www.bretagne.example/velos"
    assert Client().get("/en/funding/bikes/").status_code == 302
    assert "bikes/separate/" in shown(editor, "/en/funding/bikes-again/")
    assert "separate" not in shown(Client(), "/en/funding/bikes-again/")
    editor.post("/en/funding/bikes/separate/")
    assert [(row.values, row.title) for row in Opportunity.objects.order_by("pk")] == before
    assert editor.post("/en/funding/bikes/separate/").status_code == 409


def test_not_the_same_is_remembered(editor: Client, pair: Any) -> None:
    actions.renew_suggestions()
    editor.post(PAGE, {"other": "bikes-again", "distinct": "1"})
    assert actions.renew_suggestions() == 0
    assert not queries.likely_pairs().exists()
    assert queries.suggested_for(pair[0]) == []
    assert LikelySame.objects.get().person is not None


def test_the_merge_page_of_an_entry_suggests_others(editor: Client, pair: Any) -> None:
    page = shown(editor, PAGE)
    assert "?with=bikes-again" in page
    assert "The same places." in page


def test_only_editors_merge_and_hidden_entries_stay_hidden(
    pair: Any, bob: Any, signed_in: Callable[[Any], Client]
) -> None:
    member = signed_in(bob)
    for step in (PAGE, "/en/funding/bikes/separate/", "/en/funding/queue/look-for-duplicates/"):
        assert member.post(step, {"other": "bikes-again"}).status_code == 403
    assert member.get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code in {302, 403}
    assert not Opportunity.objects.exclude(merged_into=None).exists()


def test_an_entry_is_not_merged_with_itself(editor: Client, pair: Any) -> None:
    assert editor.get(f"{PAGE}?with=bikes").status_code == 409
    assert editor.post(PAGE, {"other": "bikes"}).status_code == 409
    assert editor.get(f"{PAGE}?with=no-such-thing").status_code == 404
    with pytest.raises(Impossible):
        actions.declare_distinct(pair[0], pair[0], None)


def test_the_button_of_the_queue_leaves_the_look_to_the_worker(editor: Client, pair: Any) -> None:
    assert editor.post("/en/funding/queue/look-for-duplicates/").status_code == 302

"""Records keep what they are found by; the index in memory follows every change; nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.apps.register import queries
from communs.apps.register.models import Commons
from communs.core.search import version
from communs.kit import search
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Method

Make = Callable[..., Commons]


@pytest.fixture
def make(eva: Any) -> Make:
    """A public commons that an editor has described."""

    def made(public_id: str, name: str, summary: str = "", lang: str = "en") -> Commons:
        values = {"name": name, "kind": "software", **({f"summaries.{lang}": summary} if summary else {})}
        commons: Commons = actions.create(Commons, public_id, values, Author(eva, Method.EDITOR))
        return Commons.objects.get(pk=commons.pk)

    return made


def found(text: str) -> list[str]:
    rows, _results = queries.search(text, 10, ("en",))
    return [row.public_id for row in rows]


def test_a_record_is_found_as_soon_as_it_is_written_and_no_longer_than_it_is_there(make: Make) -> None:
    assert found("vaccination") == []
    commons = make("jabs", "Jabs", "Carnet de vaccination", "fr")
    assert found("Impfpass") == ["jabs"]
    Commons.objects.filter(pk=commons.pk).update(visibility="removed", sequence=commons.sequence + 1)
    assert found("Impfpass") == []


def test_equal_answers_stand_in_the_order_of_the_list(make: Make) -> None:
    for public_id, name in (("zb", "Zebra crossing"), ("zc", "Apple crossing"), ("za", "Zebra crossing")):
        make(public_id, name)
    assert found("crossing") == ["zc", "za", "zb"]


def test_a_search_asks_the_database_for_its_rows_alone(make: Make) -> None:
    make("one", "Water map")
    found("water")
    with CaptureQueriesContext(connection) as asked:
        assert found("water map") == ["one"]
    assert len(asked) == 2  # has anything changed, and the rows


def test_what_was_stored_under_other_rules_is_found_all_the_same_and_worked_out_anew(make: Make) -> None:
    commons = make("jabs", "Jabs", "Carnet de vaccination", "fr")
    before = Commons.objects.get(pk=commons.pk)
    Commons.objects.filter(pk=commons.pk).update(
        search_version=0, search_terms="", search_text="", sequence=commons.sequence + 1
    )
    assert found("Impfpass") == ["jabs"]
    assert search.bring_up_to_date() == 1
    assert search.bring_up_to_date() == 0
    after = Commons.objects.get(pk=commons.pk)
    assert after.search_version == version()
    assert (after.search_terms, after.search_text) == (before.search_terms, before.search_text)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)


def test_a_list_is_filtered_and_searched_at_once(make: Make, client: Any) -> None:
    make("one", "Water map", "Maps of drinking water")
    make("two", "Water game", "A game about water")
    page = client.get("/en/commons/?q=Trinkwasser&kind=software").content.decode()
    assert "/en/commons/one/" in page
    assert client.get("/en/commons/?q=Trinkwasser&kind=data").content.decode().count("/en/commons/one/") == 0
    exported = b"".join(client.get("/en/commons/export.csv?q=Trinkwasser")).decode()
    assert "Water map" in exported

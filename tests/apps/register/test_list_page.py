"""The list of commons: filters by plain links, search, order, exports, and a steady number of queries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communs.apps.register import queries
from communs.apps.register.models import Commons
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Visibility

LIST = "/en/commons/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def few(make: Callable[..., Commons]) -> None:
    make("atlas", name="Atlas", kind="data", languages=["fr"], licences=[{"spdx": "ODbL-1.0"}], countries=["FR"])
    make("editor", name="Editor", kind="software", languages=["de"], licences=[{"spdx": "MIT"}], countries=["DE"])
    make("eclair", name="Éclair", kind="software", licences=[{"spdx": "AGPL-3.0-only"}], steward__form="cooperative")


def titles(page: str) -> list[str]:
    return [
        part.split("</a>")[0].split(">")[-1] for part in page.split("<h2>")[1:] if 'href="/en/commons/' in part[:60]
    ]


def shown(client: Client, query: str = "") -> list[str]:
    return titles(client.get(LIST + query).content.decode())


def test_everything_public_is_listed_in_the_order_of_names(
    client: Client, few: None, hidden: Commons, gone: Commons
) -> None:
    assert shown(client) == ["Atlas", "Éclair", "Editor"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=software", ["Éclair", "Editor"]),
        ("?kind=software&kind=data", ["Atlas", "Éclair", "Editor"]),
        ("?kind=software&language=de", ["Editor"]),
        ("?country=FR", ["Atlas"]),
        ("?form=cooperative", ["Éclair"]),
        ("?licence=permissive", ["Editor"]),
        ("?licence=copyleft", ["Atlas", "Éclair"]),
        ("?verdict=commons", []),
        ("?verdict=open_at_least", ["Atlas", "Éclair", "Editor"]),
        ("?q=ECLAIR", ["Éclair"]),
        ("?q=editor+software", ["Editor"]),
        ("?q=editor+AND+zzz-nothing", []),
        ("?q=zzz-nothing", []),
        ("?kind=nonsense", []),
        ("?nonsense=1&page=99&sort=evil", ["Atlas", "Éclair", "Editor"]),
        ("?sort=kind", ["Atlas", "Éclair", "Editor"]),
        ("?sort=recent", ["Éclair", "Editor", "Atlas"]),
    ],
)
def test_filters_words_and_order_stand_in_the_address(
    client: Client, few: None, query: str, expected: list[str]
) -> None:
    assert shown(client, query) == expected


def test_a_change_is_seen_at_once(client: Client, few: None, eva: Any) -> None:
    assert "Globe" not in shown(client)
    actions.state(Commons.objects.get(public_id="atlas"), {"name": "Globe"}, Author(eva))
    assert "Globe" in shown(client)
    actions.set_visibility(Commons.objects.get(public_id="atlas"), Visibility.REMOVED, eva)
    assert "Globe" not in shown(client)


def test_names_and_summaries_are_in_the_readers_language(client: Client, free_map: Commons) -> None:
    assert "Une carte que chacun peut dessiner." in client.get("/fr/commons/").content.decode()
    assert "A map that anyone may draw." in client.get(LIST).content.decode()


def test_a_summary_in_another_language_says_which(client: Client, make: Callable[..., Commons]) -> None:
    make("mapa", summaries__pl="Mapa świata")
    assert '<p lang="pl">Mapa świata</p>' in client.get(LIST).content.decode()


def test_an_empty_answer_says_what_would_fill_it(client: Client, few: None) -> None:
    page = client.get(LIST + "?kind=suite&q=nothing").content.decode()
    assert "No commons answers all of this." in page
    assert "/en/commons/new/" in page


def test_the_number_of_queries_is_small_and_does_not_grow_with_rows(
    client: Client, make: Callable[..., Commons], bob: Any, sign_in: Callable[[Any], Client]
) -> None:
    def counted(reader: Client) -> int:
        reader.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(LIST).status_code == 200
        return len(captured)

    make("one", kind="data", licences=[{"spdx": "MIT"}])
    member = sign_in(bob)
    first = counted(client), counted(member)
    for number in range(30):
        make(f"row-{number}", kind="data", licences=[{"spdx": "MIT"}])
    assert (counted(client), counted(member)) == first
    assert max(first) <= 12


def test_pages_hold_twenty_rows(client: Client, make: Callable[..., Commons]) -> None:
    for number in range(23):
        make(f"row-{number:02}")
    assert len(shown(client)) == 20
    assert shown(client, "?page=2") == ["row-20", "row-21", "row-22"]


def test_a_value_that_looks_like_markup_stays_text(client: Client, make: Callable[..., Commons]) -> None:
    make("evil", name="<script>alert(1)</script>", countries=["<b>"], licences=[{"spdx": "<i>x</i>"}])
    for path in (
        LIST,
        "/en/commons/evil/",
        "/en/commons/evil/sources/",
        "/en/commons/evil/history/",
        LIST + "?q=<script>",
    ):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<b>" not in page
        assert "<i>x</i>" not in page


def read(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_exports_hold_the_same_rows_as_the_filters_and_no_person(
    client: Client, few: None, hidden: Commons, free_map: Commons
) -> None:
    records = json.loads(read(client.get("/en/commons/export.json?kind=data")))
    assert [record["id"] for record in records] == ["atlas", "free-map"]
    assert records[1]["licences"] == [{"part": "data", "spdx": "ODbL-1.0"}]
    rows = list(csv.DictReader(io.StringIO(read(client.get("/en/commons/export.csv")).removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == ["atlas", "eclair", "editor", "free-map"]
    assert rows[3]["licences"] == "data: ODbL-1.0"
    everything = read(client.get("/en/commons/export.json")) + json.dumps(rows)
    assert "Eva" not in everything
    assert "@" not in everything
    assert "rumour" not in everything


def test_an_empty_export_is_still_valid(client: Client, db: None) -> None:
    assert json.loads(read(client.get("/en/commons/export.json"))) == []


def test_a_cell_that_a_spreadsheet_would_run_is_text(client: Client, make: Callable[..., Commons]) -> None:
    make("formula", name="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in read(client.get("/en/commons/export.csv"))


def test_the_feed_of_changes_is_atom_with_ids_that_stay(client: Client, few: None, hidden: Commons) -> None:
    english = ET.fromstring(client.get("/en/commons/recent.atom").content)  # noqa: S314 - our own answer
    french = ET.fromstring(client.get("/fr/commons/recent.atom").content)  # noqa: S314
    ids = [entry.findtext(f"{ATOM}id") for entry in english.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 3
    assert ids == [entry.findtext(f"{ATOM}id") for entry in french.iter(f"{ATOM}entry")]


def test_search_puts_the_name_that_was_typed_first(make: Callable[..., Commons], db: None) -> None:
    make("atlas-tools", name="An atlas toolbox")
    make("atlas", name="Atlas")
    make("atlas-of", name="Atlas of paths")
    rows, results = queries.search("atlas", 10)
    assert rows[0].title == "Atlas"
    assert {row.title for row in rows[1:]} == {"Atlas of paths", "An atlas toolbox"}
    assert results.total == 3
    assert queries.search("  ", 10)[0] == []
    rows, results = queries.search("atlas", 2)
    assert (len(rows), results.total) == (2, 3)


def test_the_figures_for_the_home_page_count_what_is_public(few: None, hidden: Commons) -> None:
    assert queries.home_figures() == {"total": 3, "kinds": 2, "commons": 0}
    assert [row.title for row in queries.recently_changed(2)] == ["Éclair", "Editor"]

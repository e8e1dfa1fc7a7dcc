"""Up to four side by side."""

from __future__ import annotations

from typing import Any

from django.test import Client

URL = "/en/funding/compare/"


def test_four_at_the_most_stand_side_by_side(client: Client, make: Any) -> None:
    ids = [make(f"f{number}").public_id for number in range(5)]
    page = client.get(URL, {"id": [*ids, "f0"]})
    assert [column["title"] for column in page.context["columns"]] == ["Fund f0", "Fund f1", "Fund f2", "Fund f3"]
    assert "the first four are shown" in page.content.decode()


def test_each_row_has_a_cell_for_each_column(client: Client, open_fund: Any, french_fund: Any) -> None:
    page = client.get(URL, {"id": ["open-fund", "french-fund"]})
    rows = {row["label"]: row["cells"] for row in page.context["rows"]}
    assert rows["Amount"] == ["not stated", "€1,000 to €5,000"]
    assert rows["Legal form"] == ["no legal form needed", "legal form needed, a fiscal host will do"]
    assert all(len(cells) == 2 for cells in rows.values())


def test_with_a_commons_the_answers_stand_first(client: Client, open_fund: Any, french_fund: Any, atlas: Any) -> None:
    page = client.get(URL, {"id": ["open-fund", "french-fund"], "for": "atlas"})
    assert [verdict.result for verdict in page.context["rows"][0]["verdicts"]] == ["eligible", "ask"]


def test_what_is_not_public_is_said_to_be_missing(client: Client, open_fund: Any, make: Any) -> None:
    make("hidden", visibility="unconfirmed", titles__en="Secret name")
    page = client.get(URL, {"id": ["open-fund", "hidden", "nothing"]}).content.decode()
    assert "2 of them are not there" in page
    assert "Secret name" not in page


def test_with_nothing_chosen_it_says_how_to_choose(client: Client, db: None) -> None:
    assert "mark up to four" in client.get(URL).content.decode()


def test_one_can_be_left_out(client: Client, open_fund: Any, french_fund: Any, atlas: Any) -> None:
    page = client.get(URL, {"id": ["open-fund", "french-fund"], "for": "atlas"})
    assert page.context["columns"][0]["without_url"] == "?id=french-fund&for=atlas"

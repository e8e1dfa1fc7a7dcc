"""The list as CSV, JSON and Atom: the same filters, public facts, nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

from django.test import Client

ATOM = "{http://www.w3.org/2005/Atom}"


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_csv_holds_what_the_filters_leave(client: Client, open_fund: Any, french_fund: Any) -> None:
    found = rows(client.get("/en/funding/export.csv?legal_entity=needed"))
    assert [row["id"] for row in found] == ["french-fund"]
    assert (found[0]["amount_max"], found[0]["currency"], found[0]["applicants"]) == ("5000", "EUR", "association")
    assert found[0]["status"] == "open"


def test_no_cell_is_taken_for_a_formula(client: Client, make: Any) -> None:
    make("trap", titles__en='=HYPERLINK("http://evil")', funder__name="@cmd")
    found = rows(client.get("/en/funding/export.csv"))[0]
    assert found["title"].startswith("'=")
    assert found["funder"] == "'@cmd"


def test_json_holds_every_public_value(client: Client, french_fund: Any) -> None:
    document = json.loads(body(client.get("/en/funding/export.json")))
    item = document["items"][0]
    assert (item["id"], item["amount"]["max"], item["titles"]) == ("french-fund", 5000, {"en": "Fund french-fund"})
    assert "evidence" not in item


def test_the_feed_is_valid_and_its_ids_are_stable(client: Client, open_fund: Any, make: Any) -> None:
    make("odd", titles__en="Bell \x07 & <b>", summaries__en="ok")
    first = ElementTree.fromstring(body(client.get("/en/funding/feed.atom")))  # noqa: S314 - our own output
    ids = [entry.findtext(f"{ATOM}id") for entry in first.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 2
    again = ElementTree.fromstring(body(client.get("/fr/funding/feed.atom")))  # noqa: S314 - our own output
    assert [entry.findtext(f"{ATOM}id") for entry in again.findall(f"{ATOM}entry")] == ids


def test_a_list_that_is_empty_is_a_valid_file(client: Client, db: None) -> None:
    assert json.loads(body(client.get("/en/funding/export.json")))["items"] == []
    assert rows(client.get("/en/funding/export.csv")) == []

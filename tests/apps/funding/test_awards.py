"""Who funded what: awards come in once, are listed with totals, found by commons and funder, and go out again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communs.apps.funding import queries
from communs.apps.funding.importing_awards import import_awards
from communs.apps.funding.models import Award, AwardFunder
from communs.apps.funding.queries import AwardBrowse
from communs.core.money import Money
from communs.core.standards.threesixtygiving import read
from communs.kit.records.files import BadRecord, Placed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def award(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"360G-example-{number}",
        "title": f"Grant number {number}",
        "currency": "GBP",
        "amount_minor": 100_050 * number,
        "awarded_on": f"20{14 + number}-06-05",
        "funder": {"name": "Example Foundation", "org_id": "GB-CHC-1000001"},
        "recipient": {"kind": "organisation", "name": "Free Map Association", "org_id": "GB-COH-0100"},
        "programmes": [{"title": "Open things"}],
        **changes,
    }


PERSON = award(3, recipient={"kind": "individual", "name": "Jo Example"}, title="Grant to Jo Example", currency="EUR")


def bring_in(*records: dict[str, Any]) -> Any:
    return import_awards([Placed(f"file[{n}]", record) for n, record in enumerate(records)], now=NOW)


@pytest.fixture
def known(db: None) -> None:
    bring_in(award(1), award(2, recipient={"name": "Other Body"}), PERSON)


@pytest.mark.django_db
def test_a_second_run_writes_nothing() -> None:
    first = bring_in(award(1), award(2), PERSON)
    assert (first.new, first.changed, first.unchanged, first.refused) == (3, 0, 0, [])
    before = list(Award.objects.order_by("pk").values())
    with CaptureQueriesContext(
        connection,
    ) as caught:
        second = bring_in(award(1), award(2), PERSON)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 3)
    assert list(Award.objects.order_by("pk").values()) == before
    assert not [q["sql"] for q in caught if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert AwardFunder.objects.count() == 1


def test_a_changed_award_follows_its_source_and_keeps_what_was_said(known: None) -> None:
    found = bring_in(award(1, amount_minor=7))
    assert (found.new, found.changed) == (0, 1)
    row = Award.objects.get(key="360G-example-1")
    assert row.amount_minor == 7
    assert [earlier["record"]["amount_minor"] for earlier in row.earlier] == [100_050]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "x" * 301},
        {"amount_minor": 12.5},
        {"amount_minor": True},
        {"amount_minor": 10**30},
        {"currency": "Euro"},
        {"funder": {}},
        {"recipient": None},
        {"awarded_on": "05/06/2014"},
    ],
)
def test_a_bad_award_is_refused_with_place_and_remedy_and_the_others_are_taken(wrong: dict[str, Any]) -> None:
    report = bring_in(award(1, **wrong), award(2))
    assert report.new == 1
    [(place, problem, remedy)] = report.refused
    assert (place, bool(problem), bool(remedy)) == ("file[0]", True, True)
    passed_on = import_awards([BadRecord("line 4", "not JSON", "Correct it")], now=NOW)
    assert passed_on.refused == [("line 4", "not JSON", "Correct it")]


def test_people_are_counted_and_never_named(known: None) -> None:
    row = Award.objects.get(recipient_kind="individual")
    assert "Jo Example" not in json.dumps([row.record, row.title, row.search_text, row.recipient_name])
    for address in ("/en/funding/awards/", f"/en/funding/awards/{row.public_id}/", "/api/v1/awards"):
        page = Client().get(address)
        assert page.status_code == 200
        assert b"Jo Example" not in page.content
    assert "Award to a person" in Client().get("/en/funding/awards/").content.decode()


def test_totals_are_kept_by_currency_in_exact_minor_units(known: None) -> None:
    totals = queries.award_totals(queries.awards(AwardBrowse()))
    assert [(total.money, total.awards) for total in totals] == [
        (Money(300_150, "GBP"), 2),
        (Money(300_150, "EUR"), 1),
    ]
    assert "£3,001.50" in Client().get("/en/funding/awards/").content.decode()
    assert "3\u202f001,50\u00a0£" in Client().get("/fr/funding/awards/").content.decode()


def test_filters_narrow_count_and_can_be_searched(known: None) -> None:
    client = Client()
    assert "Grant number 2" not in client.get("/en/funding/awards/?year=2015").content.decode()
    assert "Grant number 1" not in client.get("/en/funding/awards/?q=other+body").content.decode()
    assert "No award fits" in client.get("/en/funding/awards/?q=nothing-like-it").content.decode()
    assert client.get("/en/funding/awards/?year=x&page=99&sort=odd&funder=none&q=%00").status_code == 200
    counts = queries.award_counts(AwardBrowse({"year": ["2015"]}))
    assert counts["year"] == {"2017": 1, "2016": 1, "2015": 1}
    assert counts["currency"] == {"GBP": 1}


def test_a_funder_has_a_page_with_totals_and_a_chart_that_states_its_finding(known: None) -> None:
    funder = AwardFunder.objects.get()
    page = Client().get(f"/en/funding/awards/by/{funder.public_id}/").content.decode()
    assert "3 awards of Example Foundation" in page
    assert "Most was given in 2016: £2,001" in page
    assert "<svg" in page
    assert Client().get("/en/funding/awards/by/nobody/").status_code == 404
    assert Client().get("/en/funding/awards/nothing/").status_code == 404


def test_a_list_page_asks_few_questions_however_many_awards_there_are(known: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            Client().get("/en/funding/awards/?sort=largest")
        return len(caught)

    few = asked()
    bring_in(*(award(9, id=f"more-{number}") for number in range(60)))
    assert asked() == few <= 12


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"steward__name": "FREE MAP association"}, "The recipient is called exactly so."),
        ({"identifiers__org_id": "GB-COH-0100"}, "The recipient has the same identifier."),
        ({"repository": "https://codeberg.org/free/map"}, "The award names its source repository."),
    ],
)
def test_money_received_is_shown_where_the_recipient_is_the_very_same(
    said: dict[str, str], because: str, make_commons: Callable[..., Any]
) -> None:
    bring_in(award(1, url="https://codeberg.org/Free/Map.git"), award(2, recipient={"name": "Free Map Friends"}))
    make_commons("a-map", name="A map", **said)
    page = Client().get("/en/funding/for/a-map/received/").content.decode()
    assert because in page
    assert "Grant number 1" in page
    assert "Grant number 2" not in page


def test_a_name_that_is_merely_alike_does_not_count(known: None, make_commons: Callable[..., Any]) -> None:
    commons = make_commons("a-map", name="Free Map", steward__name="The Free Map Association")
    assert queries.received_by(commons) == []
    assert "No award to it is known here." in Client().get("/en/funding/for/a-map/received/").content.decode()


def test_an_opportunity_leads_to_the_past_awards_of_its_very_funder(known: None, make: Callable[..., Any]) -> None:
    make("same", funder__name="example FOUNDATION")
    make("other", funder__name="Example Foundation of Elsewhere")
    assert "3 past awards" in Client().get("/en/funding/same/").content.decode()
    assert "past award" not in Client().get("/en/funding/other/").content.decode()


def test_what_came_in_goes_out_as_a_package_that_reads_back_the_same(known: None) -> None:
    response = Client().get("/en/funding/awards/export.json?currency=GBP")
    document = read(response.content)
    assert document.is_valid
    assert {record["id"] for record in document.records} == {"360G-example-1", "360G-example-2"}
    assert {record["amount_minor"] for record in document.records} == {100_050, 200_100}


def test_the_api_pages_through_awards_and_answers_conditionally(known: None) -> None:
    client = Client()
    first = client.get("/api/v1/awards?limit=2")
    document = first.json()
    assert [item["key"] for item in document["items"]] == ["360G-example-1", "360G-example-2"]
    rest = client.get(f"/api/v1/awards?limit=2&cursor={document['next']}").json()
    assert [item["recipient"] for item in rest["items"]] == [{"kind": "individual"}]
    assert rest["next"] is None
    assert client.get("/api/v1/awards?limit=2", headers={"If-None-Match": first["ETag"]}).status_code == 304
    one = document["items"][0]
    assert client.get(f"/api/v1/awards/{one['id']}").json() == one
    funder = one["funder"]["id"]
    assert len(client.get(f"/api/v1/awards?funder={funder}&year=2015").json()["items"]) == 1
    assert client.get("/api/v1/awards/none").status_code == 404
    assert client.get("/api/v1/awards?colour=red").status_code == 422

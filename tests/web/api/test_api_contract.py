"""Every answer is what openapi.json promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from communs.apps.foundation import naming
from communs.apps.foundation.actions import ballots, closing, proof
from communs.apps.foundation.actions import books as ledger
from communs.apps.funding.actions import keep_gap_figures
from communs.apps.funding.importing_awards import import_awards
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature
from communs.kit.records.files import Placed
from communs.testing import money_out, votes

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")

ANSWERS = [
    ("/api/v1/commons", "commons?limit=100"),
    ("/api/v1/commons", "commons?kind=data&country=FR"),
    ("/api/v1/commons", "commons?limit=0"),
    ("/api/v1/commons/{public_id}", "commons/openstreetmap"),
    ("/api/v1/commons/{public_id}", "commons/nothing"),
    ("/api/v1/opportunities", "opportunities?limit=100"),
    ("/api/v1/opportunities", "opportunities?nothing=1"),
    ("/api/v1/opportunities/{public_id}", "opportunities/nlnet-ngi0-commons-fund"),
    ("/api/v1/opportunities/{public_id}", "opportunities/nothing"),
    ("/api/v1/awards", "awards"),
    ("/api/v1/awards", "awards?nothing=1"),
    ("/api/v1/awards/{public_id}", "awards/360g-example-1-9487b1f7"),
    ("/api/v1/awards/{public_id}", "awards/nothing"),
    ("/api/v1/gap", "gap"),
    ("/api/v1/search", "search?q=Kartografie"),
    ("/api/v1/search", "search?q=openstretmap&in=commons&lang=fr&limit=3"),
    ("/api/v1/search", "search?q=xyzzyplugh"),
    ("/api/v1/search", "search"),
    ("/api/v1/search", "search?q=map&in=nowhere"),
    ("/api/v1/gap", "gap?nothing=1"),
    ("/api/v1/gap/{month}", "gap/2020-01"),
    ("/api/v1/gap/{month}", "gap/2020-02"),
    ("/api/v1/match", "match?commons=openstreetmap"),
    ("/api/v1/match", "match?commons=openstreetmap&lang=fr&answer.hosted=no"),
    ("/api/v1/match", "match?commons=nothing"),
    ("/api/v1/match", "match"),
    ("/api/v1/foundation/funds", "foundation/funds"),
    ("/api/v1/foundation/funds", "foundation/funds?nothing=1"),
    ("/api/v1/foundation/entries", "foundation/entries?kind=pay-in"),
    ("/api/v1/foundation/entries", "foundation/entries?kind=spaceship"),
    ("/api/v1/foundation/rounds", "foundation/rounds"),
    ("/api/v1/foundation/rounds", "foundation/rounds?nothing=1"),
    ("/api/v1/foundation/rounds/{slug}", "foundation/rounds/spring"),
    ("/api/v1/foundation/rounds/{slug}", "foundation/rounds/nothing"),
    ("/api/v1/foundation/checkpoint", "foundation/checkpoint"),
    ("/api/v1/foundation/consistency", "foundation/consistency?old=1&new=1"),
    ("/api/v1/foundation/consistency", "foundation/consistency?old=2&new=1"),
    ("/api/v1/foundation/consistency", "foundation/consistency"),
]


def promised(document: dict[str, Any], path: str, method: str, response: Any) -> dict[str, Any]:
    """The schema that the document gives for this status and media type, with the definitions it refers to."""
    answers = document["paths"][path][method]["responses"]
    assert str(response.status_code) in answers, f"{response.status_code} is not documented"
    media = response["Content-Type"].partition(";")[0]
    schema: dict[str, Any] = answers[str(response.status_code)]["content"][media]["schema"]
    return {**schema, "components": document["components"]}


POSTED = [
    (path, asked, body)
    for path in ("/api/v1/check", "/api/v1/import/preview")
    for asked, body in (
        ("?name=publiccode.yml", b'publiccodeYmlVersion: "0"\nname: Free Map\nplatforms: web\n'),
        ("?name=funding.json&lang=fr", b'{"version": "v1.1.0", "entity": '),
        ("?name=notes.txt", b"Nothing of any format"),
        ("?format=spaceship", b"{}"),
    )
] + [("/api/v1/foundation/checkpoint/cosignatures", "", b"no note")]


@pytest.fixture
def award(db: None) -> None:
    """One award to an organisation."""
    grant = {
        "id": "360G-example-1",
        "title": "Servers",
        "currency": "GBP",
        "amount_minor": 125_050,
        "awarded_on": "2024-06-05",
        "funder": {"name": "Example Foundation", "org_id": "GB-CHC-1000001"},
        "recipient": {"name": "Free Map", "org_id": "GB-COH-0100"},
        "programmes": [{"title": "Open things"}],
    }
    report = import_awards([Placed("awards.json:1", grant)], now=timezone.now())
    assert (report.new, report.refused.total) == (1, 0)


@pytest.fixture
def month(few: None) -> None:
    """The figures of the gap, kept for January 2020."""
    assert keep_gap_figures(date(2020, 1, 1))


@pytest.fixture
def books(db: None, settings: Any, tmp_path: Path) -> None:
    """One gift in one fund, in the signed log."""
    settings.DATA = tmp_path
    fund = Fund("open", Nature.UNRESTRICTED, "Open")
    accounts = (Account("main", AccountKind.BANK, "EUR"), Account("gifts", AccountKind.INCOME, "EUR"))
    ledger.open_period(date(2026, 1, 1), date(2026, 12, 31))
    ledger.open_fund(fund, now=timezone.now())
    for account in accounts:
        ledger.open_account(account, now=timezone.now())
    lines = [("main", "open", 500, "EUR"), ("gifts", "open", -500, "EUR")]
    ledger.record(ledger.entry("g", EntryKind.PAY_IN, lines, on=date(2026, 3, 1), now=timezone.now()))
    proof.put_into_log()
    proof.sign(timezone.now())


@pytest.fixture
def decided(books: None, few: None) -> None:
    """A round in which one person voted, with its result."""
    cast = money_out.people()
    ledger.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=timezone.now())
    for account in (naming.grants("EUR"),):
        ledger.open_account(account, now=timezone.now())
    lines = [("main", "city", 500_000, "EUR"), ("gifts", "city", -500_000, "EUR")]
    ledger.record(ledger.entry("c", EntryKind.PAY_IN, lines, on=date(2026, 3, 1), now=timezone.now()))
    made = votes.opened(cast, most=1)
    first = made.options.order_by("commons")[0].commons
    ballots.cast(made, cast["Tom"], {first: 10}, votes.DURING)
    closing.close(made.slug, votes.AFTER)


@pytest.mark.usefixtures("award", "month", "books", "decided")
@pytest.mark.parametrize(("path", "asked"), ANSWERS)
def test_an_answer_is_what_the_document_promises(ask: Ask, path: str, asked: str) -> None:
    document = ask("openapi.json").json()
    response = ask(asked)
    Draft202012Validator(promised(document, path, "get", response)).validate(response.json())


@pytest.mark.parametrize("body", [{"name": "Map", "kind": "data"}, {"kind": "spaceship"}, []])
def test_an_answer_to_a_record_is_what_the_document_promises(client: Client, ask: Ask, body: object) -> None:
    document = ask("openapi.json").json()
    response = client.post("/api/v1/match", data=json.dumps(body), content_type="application/json")
    Draft202012Validator(promised(document, "/api/v1/match", "post", response)).validate(response.json())


@pytest.mark.parametrize(("path", "asked", "body"), POSTED)
def test_an_answer_to_a_file_is_what_the_document_promises(
    client: Client, ask: Ask, path: str, asked: str, body: bytes
) -> None:
    document = ask("openapi.json").json()
    response = client.post(path + asked, data=body, content_type="application/octet-stream")
    Draft202012Validator(promised(document, path, "post", response)).validate(response.json())


def test_an_award_is_answered_in_full(award: None, ask: Ask) -> None:
    assert [one["id"] for one in ask("awards").json()["items"]] == ["360g-example-1-9487b1f7"]
    assert ask("awards/360g-example-1-9487b1f7").status_code == 200


def test_problems_stand_under_their_own_media_type(ask: Ask) -> None:
    for methods in ask("openapi.json").json()["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


def test_every_address_of_the_document_is_tried_here(ask: Ask) -> None:
    assert {path for path, *_asked in (*ANSWERS, *POSTED)} == set(ask("openapi.json").json()["paths"])

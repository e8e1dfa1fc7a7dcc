"""Pages of those who keep the foundation: what waits, proposing, deciding, closing a year."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communs.apps.foundation import naming
from communs.apps.foundation.models import Decision, Entry, Fund, Period
from communs.apps.foundation.queries import books as queries
from communs.testing import money_out as house

pytestmark = pytest.mark.django_db
MAIN = naming.bank("EUR").id
FUND = {
    "nature": "restricted", "title_en": "Ministry", "title_fr": "Ministère", "slug": "ministry",
    "purpose_en": "Maps for all", "purpose_fr": "Des cartes pour tous", "funder": "Ministry of Maps",
    "convention": "2026-4", "return_clause": "Unspent money goes back.",
}  # fmt: skip
MOVE = {
    "kind": "release", "source": "city", "target": "open", "account": MAIN, "amount": "1 250,50",
    "document": "Letter 3", "reason": "The map is done",
}  # fmt: skip


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000})
    return people


def at(name: str, *values: Any) -> str:
    return reverse(f"foundation:{name}", args=values)


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(client: Client, place: str, data: dict[str, str]) -> Any:
    page = client.get(place).content.decode()
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return client.post(place, {**data, "token": found.group(1)})


def decide(cast: dict[str, Any]) -> str:
    """Bea and Ben approve the latest decision; what its page says then."""
    one = Decision.objects.latest("pk")
    for name in ("Bea", "Ben"):
        client_of(cast[name]).post(at("decision-approve", one.public_id))
    return client_of(cast["Tom"]).get(at("decision", one.public_id)).content.decode()


def test_only_those_with_an_office_see_the_pages(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    assert sent(tom, at("fund-new"), FUND).status_code == 302
    one = Decision.objects.get().public_id
    proposing = [at(name) for name in ("fund-new", "move", "take-back", "overdraft-new")]
    proposing.append(at("period-close", "2026-01-01"))
    looking = [at("keep"), at("periods"), at("decisions"), at("decisions-export", "csv"), at("decision", one)]
    for place in (*proposing, *looking):
        assert Client().get(place).status_code == 302, place
        for name in ("Nobody", "Admin"):
            assert client_of(cast[name]).get(place).status_code == 403, place
        assert tom.get(place).status_code == 200, place
    for place in proposing:
        assert client_of(cast["Bea"]).get(place).status_code == 403, place
    for place in (*looking, at("decision-approve", one), at("decision-refuse", one)):
        assert client_of(cast["Bea"]).get(place).status_code == 200, place
    assert tom.get(at("decision-approve", one)).status_code == 403


def test_a_fund_from_the_form_to_the_public_page(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    wrong = sent(tom, at("fund-new"), {**FUND, "convention": "", "opens_on": "2026-05-01", "closes_on": "2026-04-01"})
    assert "A restricted fund needs this." in wrong.content.decode()
    assert "It closes before it opens." in wrong.content.decode()
    assert sent(tom, at("fund-new"), FUND).status_code == 302
    here = client_of(cast["Bea"]).get(at("keep")).content.decode()
    assert "1 decision waits for your word" in here
    assert "Open the fund “Ministry”" in here
    assert "carried out" in decide(cast)
    assert "Unspent money goes back." in Client().get(at("fund", "ministry")).content.decode()
    assert "Nothing waits for you" in client_of(cast["Bea"]).get(at("keep")).content.decode()


def test_a_form_sent_again_is_one_decision_and_with_something_else_409(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    data = {**FUND, "token": "00000000-0000-4000-8000-000000000001"}
    for _twice in range(2):
        assert tom.post(at("fund-new"), data).status_code == 302
    assert Decision.objects.count() == 1
    assert tom.post(at("fund-new"), {**data, "funder": "Another"}).status_code == 409


def test_money_is_released_with_its_document_in_public(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    assert "Choose two different funds." in sent(tom, at("move"), {**MOVE, "target": "city"}).content.decode()
    assert "is no amount" in sent(tom, at("move"), {**MOVE, "amount": "much"}).content.decode()
    assert sent(tom, at("move"), MOVE).status_code == 302
    assert "Release €1,250.50 from City" in decide(cast)
    row = Entry.objects.get(kind="release")
    assert queries.account_balance(MAIN, "open") == 10_000 + 125_050
    said = Client().get(at("entry", row.public_id)).content.decode()
    assert "Letter 3" in said
    assert "The map is done" in said


def test_what_the_books_refuse_is_told_and_the_decision_stays_open(cast: dict[str, Any]) -> None:
    sent(client_of(cast["Tom"]), at("move"), {**MOVE, "amount": "99999"})
    one = Decision.objects.get()
    client_of(cast["Bea"]).post(at("decision-approve", one.public_id))
    answer = client_of(cast["Ben"]).post(at("decision-approve", one.public_id))
    assert answer.status_code == 409
    assert "city" in answer.content.decode()
    assert "approved by one" in client_of(cast["Ben"]).get(at("decision", one.public_id)).content.decode()


def test_an_entry_is_taken_back_by_the_address_of_its_page(cast: dict[str, Any]) -> None:
    tom, grant = client_of(cast["Tom"]), Entry.objects.get(key="grant-maps")
    place = f"https://example.org{at('entry', grant.public_id)}"
    wrong = sent(tom, at("take-back"), {"entry": "the grant", "reason": "x"})
    assert "This is no number of an entry." in wrong.content.decode()
    nowhere = sent(tom, at("take-back"), {"entry": "00000000-0000-4000-8000-000000000001", "reason": "x"})
    assert "There is no such entry." in nowhere.content.decode()
    assert sent(tom, at("take-back"), {"entry": place, "reason": "granted twice"}).status_code == 302
    decide(cast)
    assert Entry.objects.get(kind="reversal").reverses == grant


def test_refusing_and_withdrawing_say_why(cast: dict[str, Any]) -> None:
    tom, bea = client_of(cast["Tom"]), client_of(cast["Bea"])
    sent(tom, at("fund-new"), FUND)
    first = Decision.objects.latest("pk").public_id
    bea.post(at("decision-refuse", first), {"reason": "no agreement was signed"})
    assert "no agreement was signed" in tom.get(at("decision", first)).content.decode()
    sent(tom, at("fund-new"), FUND)
    second = Decision.objects.latest("pk").public_id
    assert client_of(cast["Tina"]).post(at("decision-withdraw", second), {"reason": "x"}).status_code == 403
    tom.post(at("decision-withdraw", second), {"reason": "a typing mistake"})
    assert "a typing mistake" in bea.get(at("decision", second)).content.decode()
    assert not Fund.objects.filter(slug="ministry").exists()
    rows = json.loads(b"".join(tom.get(at("decisions-export", "json"))))
    assert [row["state"] for row in rows] == ["withdrawn", "refused"]
    assert "2 decisions" in tom.get(at("decisions")).content.decode()
    assert "1 decision" in tom.get(at("decisions") + "?state=refused").content.decode()
    lines = b"".join(tom.get(at("decisions-export", "csv") + "?state=refused")).decode()
    assert lines.count("open-fund") == 1
    assert "Tom" not in lines


def test_a_year_is_opened_at_once_and_closed_by_two(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    assert client_of(cast["Bea"]).post(at("periods")).status_code == 403
    assert tom.post(at("periods")).status_code == 302
    assert Period.objects.count() == 2
    page = tom.get(at("period-close", "2026-01-01")).content.decode()
    assert "no statement reaches" in page
    assert "A later period is open." in page
    assert "Open the next year" not in tom.get(at("periods")).content.decode()
    sent(tom, at("period-close", "2026-01-01"), {})
    one = Decision.objects.get().public_id
    client_of(cast["Bea"]).post(at("decision-approve", one))
    answer = client_of(cast["Ben"]).post(at("decision-approve", one))
    assert answer.status_code == 409
    assert "no statement reaches" in answer.content.decode()
    assert tom.get(at("period-close", "2020-01-01")).status_code == 404


def test_my_page_leads_there_for_those_who_hold_an_office(cast: dict[str, Any]) -> None:
    house.reserved(cast, "maps")
    said = client_of(cast["Tom"]).get(reverse("accounts:me")).content.decode()
    assert "1 approved payout to send to the bank" in said
    assert at("keep") in said
    assert at("keep") not in client_of(cast["Nobody"]).get(reverse("accounts:me")).content.decode()

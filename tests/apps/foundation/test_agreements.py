"""Agreements with public funders: decided by two like everything else; then their fund opens and their money comes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from communs.apps.foundation import naming
from communs.apps.foundation.actions import books, deciding, gifts
from communs.apps.foundation.actions.funds import FundWanted
from communs.apps.foundation.models import Agreement, Decision, Fund, Gift
from communs.apps.foundation.queries import rounds
from communs.apps.foundation.queries.agreements import dues
from communs.apps.foundation.queries.decisions import State
from communs.apps.foundation.queries.gifts import open_funds
from communs.apps.foundation.queries.keeping import waiting_for
from communs.kit.gates import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out, votes
from communs.testing.money_in import NOW

pytestmark = pytest.mark.django_db
LIST = "/en/foundation/agreements/"


@pytest.fixture
def cast() -> dict[str, Any]:
    house.funds()
    return money_out.people()


def proposed(cast: dict[str, Any], wanted: Any = None, key: UUID = house.AGREED) -> Decision:
    return deciding.propose(cast["Tom"], key, "agreement", wanted or house.agreement(), "", NOW)


def agreed(cast: dict[str, Any]) -> Agreement:
    one = proposed(cast)
    assert [deciding.approve(cast[name], one.public_id, NOW) for name in ("Bea", "Ben")] == [State.APPROVED, State.DONE]
    return Agreement.objects.get(decision=one)


def test_the_second_approval_makes_the_agreement_its_fund_and_its_gift(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    deciding.approve(cast["Bea"], one.public_id, NOW)
    assert not Agreement.objects.exists()
    assert not Fund.objects.filter(slug="lyon-2026").exists()
    deciding.approve(cast["Ben"], one.public_id, NOW)
    deciding.approve(cast["Ben"], one.public_id, NOW)  # twice is once
    made = Agreement.objects.get()
    fund = made.gift.fund
    assert (fund.slug, fund.nature, fund.convention) == ("lyon-2026", "restricted", "2026-17")
    assert (fund.return_clause, made.eligible) == ("It goes back to the city", "Maps of the city")
    assert [(str(one.due_on), one.minor) for one in made.tranches.order_by("number")] == [
        ("2026-09-01", 5_000_000),
        ("2027-09-01", 2_000_050),
    ]
    assert (made.gift.kind, made.gift.giver.name) == ("grant", "City of Lyon")
    assert one.steps.get(number=2).outcome == "lyon-2026"


def test_rounds_offer_no_other_commons_than_the_agreement_is_for(cast: dict[str, Any]) -> None:
    votes.commons("atlas", "wiki")
    votes.commons("tables", kind="data")
    one = proposed(cast, replace(house.agreement(), eligible_query="?kind=data"))
    for name in ("Bea", "Ben"):
        deciding.approve(cast[name], one.public_id, NOW)
    bound = votes.prepared(cast, fund="lyon-2026")
    free = votes.prepared(cast, fund="city", slug="free")
    assert [known.public_id for known in rounds.eligible(bound)] == ["tables"]
    assert {known.public_id for known in rounds.eligible(free)} == {"atlas", "wiki", "tables"}
    client = Client()
    client.force_login(cast["Tom"])
    page = re.sub(r"\s+", " ", client.get(f"/en/foundation/rounds/{bound.slug}/").content.decode())
    assert "One commons can be chosen." in page
    assert "2 commons of the filters are left out by it." in page
    fund = client.get("/en/foundation/funds/lyon-2026/").content.decode()
    assert "?kind=data" in fund
    assert "Maps of the city" in fund


def test_what_is_due_is_told_with_what_of_it_has_come(cast: dict[str, Any]) -> None:
    made = agreed(cast)
    found = dues(made, 6_000_000, date(2027, 10, 1))
    assert [(one.minor, one.came, one.is_late) for one in found] == [
        (5_000_000, 5_000_000, False), (2_000_050, 1_000_000, True),
    ]  # fmt: skip
    assert not any(one.is_late for one in dues(made, 0, date(2026, 9, 1)))


def test_a_list_that_filters_nothing_is_no_list(cast: dict[str, Any]) -> None:
    votes.commons("atlas")
    client = Client()
    client.force_login(cast["Tom"])
    for typed, said in (("all of them", "filters nothing"), ("/en/commons/?kind=data", "No commons of the register")):
        page = client.post("/en/foundation/agreements/new/", {"eligible_query": typed}).content.decode()
        assert said in page


def test_an_agreement_that_one_refuses_opens_nothing(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    deciding.approve(cast["Bea"], one.public_id, NOW)
    deciding.refuse(cast["Ben"], one.public_id, "not signed", NOW)
    with pytest.raises(Impossible):
        deciding.approve(cast["Bo"], one.public_id, NOW)
    assert not Fund.objects.filter(slug="lyon-2026").exists()
    assert not Agreement.objects.exists()


def test_what_cannot_be_agreed_is_not_proposed(cast: dict[str, Any]) -> None:
    fine = house.agreement()
    for wanted in (
        replace(fine, tranches=()), replace(fine, tranches=(("2026-09-01", 0),)), replace(fine, convention=""),
        replace(fine, tranches=(("2026-09-01", 10**10 + 1),)), replace(fine, slug="open"),
    ):  # fmt: skip
        with pytest.raises(Impossible):
            proposed(cast, wanted)
    with pytest.raises(Refused):
        deciding.propose(cast["Bea"], uuid4(), "agreement", fine, "", NOW)
    assert proposed(cast).pk == proposed(cast).pk
    with pytest.raises(books.KeyTaken):
        proposed(cast, house.agreement(2027))


def test_a_second_approval_fails_where_its_fund_was_opened_meanwhile(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    deciding.approve(cast["Bea"], one.public_id, NOW)
    wanted = FundWanted("lyon-2026", "unrestricted", {"en": "Lyon", "fr": "Lyon"})
    other = deciding.propose(cast["Tom"], uuid4(), "open-fund", wanted, "", NOW)
    for name in ("Bea", "Ben"):
        deciding.approve(cast[name], other.public_id, NOW)
    with pytest.raises(Impossible, match="another name"):
        deciding.approve(cast["Ben"], one.public_id, NOW)
    assert (one.steps.count(), Agreement.objects.count()) == (1, 0)


def test_its_money_comes_by_transfer_into_its_fund_which_nobody_else_gives_to(cast: dict[str, Any]) -> None:
    gift = agreed(cast).gift
    assert gifts.received_by_transfer(gift.reference, 5_000_000, "EUR", house.DAY, "line-9", NOW)
    assert house.balance(naming.income("EUR").id, "lyon-2026") == -5_000_000
    assert "lyon-2026" not in {fund.slug for fund in open_funds(house.DAY)}
    house.sound()


def test_it_waits_for_the_board_among_the_other_decisions(cast: dict[str, Any]) -> None:
    proposed(cast)
    assert [(one.what, one.count) for one in waiting_for(cast["Bea"], NOW)] == [("decisions", 1)]


MAKE = "INSERT INTO foundation_agreement (decision_id, gift_id, eligible) VALUES ({decision}, {gift}, 'x')"


def test_raw_sql_makes_no_agreement_that_two_did_not_approve(cast: dict[str, Any]) -> None:
    one, gift = proposed(cast), house.gift()
    deciding.approve(cast["Bea"], one.public_id, NOW)
    refused("decided", MAKE.format(decision=one.pk, gift=gift.pk))
    fund = deciding.propose(cast["Tom"], uuid4(), "open-fund", FundWanted("x", "unrestricted", {"en": "X"}), "", NOW)
    for name in ("Bea", "Ben"):
        deciding.approve(cast[name], fund.public_id, NOW)
    refused("decided", MAKE.format(decision=fund.pk, gift=gift.pk))


def test_raw_sql_changes_nothing_of_an_agreement(cast: dict[str, Any]) -> None:
    made = agreed(cast)
    refused("append-only", "UPDATE foundation_agreement SET eligible = 'everything'")
    refused("append-only", "DELETE FROM foundation_tranche")
    refused("append-only", "UPDATE foundation_tranche SET minor = 1")
    more = "INSERT INTO foundation_tranche (agreement_id, number, due_on, minor) VALUES ({one}, 3, '2028-09-01', 1)"
    refused("decided", more.format(one=made.pk))


def refused(rule: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match=f"^{rule}: "), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def filled(**more: str) -> dict[str, str]:
    return {
        "token": str(uuid4()), "funder": "City of Lyon", "convention": "2026-17", "slug": "lyon-2026",
        "title_en": "Maps for Lyon", "title_fr": "Des cartes pour Lyon", "purpose_en": "Maps", "purpose_fr": "Cartes",
        "eligible": "Maps of the city", "return_clause": "It goes back",
        "tranches": "2026-09-01 50000\n2027-09-01: 20 000,50", **more,
    }  # fmt: skip


def as_one(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("path", ["", "new/"])
def test_agreements_are_for_offices(client: Client, cast: dict[str, Any], path: str) -> None:
    assert client.get(LIST + path).status_code == 302
    assert as_one(client, cast["Admin"]).get(LIST + path).status_code == 403
    assert as_one(client, cast["Tom"]).get(LIST + path).status_code == 200


def test_it_is_written_down_decided_and_looked_at_on_pages(client: Client, cast: dict[str, Any]) -> None:
    where = as_one(client, cast["Tom"]).post(LIST + "new/", filled()).headers["Location"]
    page = text(client.get(where))
    assert "Agree with City of Lyon: “Maps for Lyon”" in page
    assert "€70,000.50" in page
    assert "Not decided yet" in text(client.get(LIST))
    for name in ("Bea", "Ben"):
        assert as_one(client, cast[name]).post(f"{where}approve/").status_code == 302
    assert as_one(client, cast["Bo"]).post(f"{where}refuse/", {"reason": "late"}).status_code == 409
    listed = text(client.get(LIST))
    assert "Not decided yet" not in listed
    assert "€70,000.50" in listed
    (at,) = re.findall(r'href="(/en/foundation/agreements/[0-9a-f-]{36}/)"', listed)
    assert at in text(client.get(where))
    gift = Gift.objects.get(kind="grant")
    assert gifts.received_by_transfer(gift.reference, 5_000_000, "EUR", house.DAY, "line-9", NOW)
    page = text(client.get(at))
    assert "€50,000 have come" in page
    assert gift.reference in page
    assert "It goes back" in page


def test_a_form_with_mistakes_names_them_and_keeps_what_was_typed(client: Client, cast: dict[str, Any]) -> None:
    wrong = filled(tranches="soon: much", opens_on="2027-01-01", closes_on="2026-01-01", funder="")
    page = text(as_one(client, cast["Tom"]).post(LIST + "new/", wrong))
    for words in ("“soon: much” is no day and amount", "It closes before it opens", "Des cartes pour Lyon"):
        assert words in page
    assert not Decision.objects.exists()


def test_agreements_are_taken_along_with_their_tranches(client: Client, cast: dict[str, Any]) -> None:
    made = agreed(cast)
    client.force_login(cast["Tom"])
    assert f'href="{LIST}export.json"' in client.get(LIST).content.decode()
    (row,) = json.loads(b"".join(client.get(LIST + "export.json")))
    assert row == {
        "agreement": str(made.decision.public_id), "fund": "lyon-2026", "funder": made.gift.fund.funder,
        "convention": "2026-17", "amount_minor": 7_000_050, "currency": "EUR",
        "tranches": "2026-09-01:5000000 2027-09-01:2000050",
    }  # fmt: skip
    assert "lyon-2026" in b"".join(client.get(LIST + "export.csv")).decode()
    client.force_login(cast["Nobody"])
    assert client.get(LIST + "export.csv").status_code == 403

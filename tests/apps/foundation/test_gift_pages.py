"""The pages of money in: giving without an account, the page of a gift, what those who hold an office do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from communs.apps.accounts.models import Letter
from communs.apps.foundation.actions import gifts
from communs.apps.foundation.models import Gift, Giver, Refund
from communs.apps.foundation.pages.drawn_code import draw_code
from communs.core.standards.creditor_reference import format_reference
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW

pytestmark = pytest.mark.django_db
GIVE = "/en/foundation/give/"


@pytest.fixture(autouse=True)
def funds() -> None:
    house.funds()


@pytest.fixture
def cast() -> dict[str, Any]:
    return money_out.people()


def filled(**more: Any) -> dict[str, Any]:
    return {"token": str(uuid4()), "fund": "open", "amount": "12,50", "every": "", "way": "transfer", **more}


def as_one(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_somebody_gives_without_an_account(client: Client) -> None:
    assert "For trying out only" in text(client.get(GIVE))
    answer = client.post(GIVE, filled())
    gift = Gift.objects.get()
    assert answer.headers["Location"] == f"/en/foundation/gift/{gift.token}/"
    page = client.get(answer.headers["Location"])
    shown = text(page)
    assert format_reference(gift.reference) in shown
    assert "FR14 2004 1010 0505 0001 3M02 606" in shown
    assert "€12.50" in shown
    assert "<svg" in shown
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "same-origin"


def test_a_form_that_is_sent_twice_is_one_gift(client: Client) -> None:
    said = filled()
    first, again = client.post(GIVE, said), client.post(GIVE, said)
    assert first.headers["Location"] == again.headers["Location"]
    assert Gift.objects.count() == 1
    assert client.post(GIVE, {**said, "amount": "13"}).status_code == 409


def test_nothing_is_added_for_the_platform_unless_somebody_says_so(client: Client) -> None:
    page = text(client.get(GIVE))
    assert re.search(r'<input type="text" name="tip"[^>]*>', page)
    assert "value" not in re.search(r'<input type="text" name="tip"[^>]*>', page)[0]  # type: ignore[index]
    client.post(GIVE, filled())
    assert [one.what for one in Gift.objects.get().parts.all()] == ["gift"]
    client.post(GIVE, filled(tip="1"))
    assert [one.minor for one in Gift.objects.latest("pk").parts.order_by("number")] == [1_250, 100]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "much"}, "Write an amount in euros"),
        ({"amount": "0.5"}, "Give at least one euro"),
        ({"amount": "99999999"}, "too high for this page"),
        ({"kind": "pledge"}, "Say on which day you mean to give"),
        ({"fund": "nowhere"}, "Select a valid choice"),
        ({"way": "stripe"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client: Client, wrong: dict[str, str], said: str) -> None:
    assert said in text(client.post(GIVE, filled(**wrong)))
    assert Gift.objects.count() == 0


def test_name_and_address_are_asked_for_a_receipt_only(client: Client, settings: Any) -> None:
    assert 'name="town"' not in text(client.get(GIVE))
    settings.FOUNDATION = house.IDENTITY
    assert "A receipt without it is not accepted" in text(client.post(GIVE, filled(wants_receipt="on")))
    client.post(GIVE, filled(name="Durand", town="Lyon"))
    assert Giver.objects.latest("pk").name == ""
    client.post(GIVE, filled(wants_receipt="on", name="Durand", town="Lyon", postcode="69001"))
    assert Giver.objects.latest("pk").town == "Lyon"


def test_the_page_goes_by_mail_to_who_wants_it_and_not_again_and_again(client: Client) -> None:
    for _number in range(6):
        client.post(GIVE, filled(email="ada@example.org"))
    letters = Letter.objects.all()
    assert letters.count() == gifts.LETTERS_AN_HOUR_MAX
    assert Gift.objects.earliest("pk").token in letters.earliest("pk").text


def test_the_page_of_a_gift_says_what_has_come_and_leads_to_the_receipt(client: Client, settings: Any) -> None:
    settings.FOUNDATION = house.IDENTITY
    gift = house.paid(5_000, giver=house.ADA)
    page = text(client.get(f"/en/foundation/gift/{gift.token}/"))
    assert "€50 have arrived" in page
    answer = client.get(f"/en/foundation/gift/{gift.token}/receipt-2026-000001.pdf")
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/en/foundation/gift/{gift.token}/receipt-2026-000002.pdf").status_code == 404


def test_nobody_guesses_the_page_of_a_gift(client: Client) -> None:
    gift = house.gift()
    for guess in (gift.token[:-1], str(gift.public_id), gift.reference, "x"):
        assert client.get(f"/en/foundation/gift/{guess}/").status_code == 404


def test_who_gave_erases_what_we_know(client: Client) -> None:
    gift = house.paid(5_000, giver=house.ADA)
    at = f"/en/foundation/gift/{gift.token}/forget/"
    assert "Erase" in text(client.get(at))
    assert Giver.objects.get().name == "Durand"
    client.post(at)
    assert Giver.objects.get().name == ""


def test_a_transfer_that_has_not_come_is_reminded_of_once() -> None:
    house.gift(giver=gifts.GiverSaid("fr", "ada@example.org"))
    house.paid(100, giver=gifts.GiverSaid("fr", "bob@example.org"))
    assert gifts.remind(NOW + timedelta(days=9)) == 0
    assert gifts.remind(NOW + timedelta(days=11)) == 1
    assert gifts.remind(NOW + timedelta(days=12)) == 0
    assert Letter.objects.filter(to="ada@example.org").count() == 2


def test_the_code_holds_what_it_was_given() -> None:
    drawn = draw_code(b"BCD\n002\n1\nSCT\n\nMaps\nBE72000000001616")
    assert drawn.size > 20
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", drawn.path)


OFFICE = ["gifts/", "gifts/export/csv", "gifts/export/json"]


@pytest.mark.parametrize("path", OFFICE)
def test_what_is_for_offices_is_for_offices(client: Client, cast: dict[str, Any], path: str) -> None:
    assert client.get(f"/en/foundation/{path}").status_code == 302
    assert as_one(client, cast["Admin"]).get(f"/en/foundation/{path}").status_code == 403
    assert as_one(client, cast["Tom"]).get(f"/en/foundation/{path}").status_code == 200


def test_the_list_finds_a_gift_and_the_export_names_nobody(client: Client, cast: dict[str, Any]) -> None:
    gift = house.paid(5_000, giver=house.ADA)
    house.gift(700)
    page = as_one(client, cast["Tom"])
    for words in (gift.reference, format_reference(gift.reference), "durand", "ada@example.org", gift.public_id.hex):
        assert "1 gift<" in text(page.get("/en/foundation/gifts/", {"q": words}))
    assert "1 gift<" in text(page.get("/en/foundation/gifts/?came=no"))
    for kind in ("csv", "json"):
        export = b"".join(page.get(f"/en/foundation/gifts/export/{kind}").streaming_content).decode()  # type: ignore[attr-defined]
        assert gift.reference in export
        assert "Durand" not in export
        assert "ada@" not in export


def test_a_refund_is_proposed_and_approved_on_pages(client: Client, cast: dict[str, Any]) -> None:
    gift = house.paid(5_000, giver=house.ADA)
    at = f"/en/foundation/payments/{gift.pay_ins.get().pk}/give-back/"
    said = {"token": str(uuid4()), "amount": "20", "reason": "given twice"}
    where = as_one(client, cast["Tom"]).post(at, said).headers["Location"]
    assert "Approve" not in text(client.get(where)).split("What you can do")[-1].split("Do not")[0]
    assert as_one(client, cast["Bea"]).post(where, {"approve": "1"}).status_code == 302
    assert Refund.objects.get().state == "succeeded"
    assert "To be paid out" in text(client.get(where))
    assert "€20 to be given back" in text(client.get(f"/en/foundation/gifts/{gift.public_id}/"))


def test_a_refund_of_too_much_is_said_in_the_form_and_what_waits_is_counted(
    client: Client, cast: dict[str, Any]
) -> None:
    gift = house.paid(5_000, giver=house.ADA)
    at = f"/en/foundation/payments/{gift.pay_ins.get().pk}/give-back/"
    tom = as_one(client, cast["Tom"])
    page = text(tom.post(at, {"token": str(uuid4()), "amount": "60", "reason": "given twice"}))
    assert "more than what is left" in page
    assert 'value="given twice"' in page
    where = tom.post(at, {"token": str(uuid4()), "amount": "20", "reason": "x"}).headers["Location"]
    assert "€30 of it are left" in text(tom.get(at))
    assert "€50" in text(tom.get(where))


def test_pages_stand_in_french(client: Client) -> None:
    gift = house.gift()
    assert client.get("/fr/foundation/give/").status_code == 200
    assert "Votre don" in text(client.get(f"/fr/foundation/gift/{gift.token}/"))


def test_what_a_page_says_of_a_provider_that_nobody_has_run(client: Client, settings: Any) -> None:
    from communs.core.providers.settings import HelloAssoSettings, ProviderSettings

    settings.PAYMENT_PROVIDERS = ProviderSettings(HelloAssoSettings("x", "x", "x"))
    assert "Connected, and not yet run against the live service: HelloAsso." in text(client.get(GIVE))

"""Somebody gives, in a browser without scripts and without an account: by transfer, and through HelloAsso."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.foundation.actions import gifts, inbox
from communs.apps.foundation.models import Gift
from communs.apps.foundation.payment_clients import forget_clients
from communs.testing import money_in as house
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _funds(settings: Any) -> None:
    house.funds()
    settings.FOUNDATION = house.IDENTITY


@pytest.fixture
def helloasso(tmp_path: Any, settings: Any) -> Iterator[Simulation]:
    if not CONTRACT.is_file():
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    with simulating("helloasso", tmp_path / "helloasso.sqlite3", CONTRACT, KEY) as simulation:
        settings.PAYMENT_PROVIDERS = house.helloasso_settings(simulation)
        settings.ALLOW_PRIVATE_ADDRESSES = True
        yield simulation
        forget_clients()


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_a_gift_by_transfer_from_the_form_to_the_receipt(visitor: Any) -> None:
    page = visitor()
    page.goto("/en/foundation/give/open/")
    page.get_by_label("Amount in euros").fill("25")
    page.get_by_label("I want a receipt").check()
    press(page, "Go on")
    assert "things to correct" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Amount in euros").input_value() == "25"
    page.get_by_label("Name, or name of the company").fill("Durand")
    page.get_by_label("Postcode").fill("69001")
    page.get_by_label("Town").fill("Lyon")
    press(page, "Go on")

    assert page.locator("h1").inner_text() == "Your gift of €25"
    assert page.get_by_role("img", name="Code for banking apps").is_visible()
    gift = Gift.objects.get()
    shown = re.sub(r"\s", "", page.locator("main").inner_text())
    assert gift.reference in shown
    assert "FR1420041010050500013M02606" in shown

    assert gifts.received_by_transfer(gift.reference, 2_500, "EUR", timezone.localdate(), "line-1", timezone.now())
    page.reload()
    assert "€25 have arrived" in page.locator("main").inner_text()
    link = page.get_by_role("link", name=re.compile(r"^\d{4}-000001$"))
    assert page.request.get(link.get_attribute("href")).body().startswith(b"%PDF")


def test_a_monthly_gift_says_how_to_set_up_a_standing_order(visitor: Any) -> None:
    page = visitor()
    page.goto("/en/foundation/give/")
    page.get_by_label("Amount in euros").fill("5")
    page.get_by_label("Every month").check()
    press(page, "Go on")
    assert page.get_by_role("heading", name="Set up a standing order at your bank").is_visible()
    press(page, "I will give no more")
    assert "We expect nothing more" in page.locator("main").inner_text()


def test_a_gift_through_helloasso_until_its_word_comes(visitor: Any, helloasso: Simulation) -> None:
    page = visitor()
    page.goto("/en/foundation/give/open/")
    assert "not yet run against the live service" in page.locator("main").inner_text()
    page.get_by_label("Amount in euros").fill("40")
    page.get_by_label("HelloAsso").check()
    press(page, "Go on")
    press(page, "Prepare the payment at HelloAsso")
    leads_to = page.get_by_role("link", name="Pay €40 with HelloAsso").get_attribute("href")
    assert leads_to.startswith("https://www.helloasso.com/")

    helloasso.admin("pay", url=leads_to)
    for one in helloasso.admin("deliver"):
        body = base64.b64decode(one["body"])
        assert page.request.post("/hooks/helloasso", data=body, headers=one["headers"]).status == 200
    inbox.follow(timezone.now())
    page.reload()
    assert "€40 have arrived" in page.locator("main").inner_text()
    house.sound()

"""Payouts of providers on statements of the bank: exact by number and amount, else suggested, never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communs.apps.foundation.actions import bank as bank_actions
from communs.apps.foundation.actions import reconciling
from communs.apps.foundation.models import BankLine, Settlement
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries.payouts import bank_accounts
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people()
    money_out.found(people, {})
    return people


def waits(number: str, minor: int, provider: str = "stripe") -> Settlement:
    """A payout that a provider says it made; without payments, so that its own entries are none."""
    return Settlement.objects.create(
        provider=provider, object_id=number, currency="EUR", heard_at=NOW, posted_at=NOW, minor=minor
    )


def booked(cast: dict[str, Any], folder: Path, minor: int, **said: str) -> BankLine:
    bank = money_out.Bank(folder)
    bank.ask("deposit", str(minor), day="2026-03-04", **said)
    bank_actions.receive(cast["Tom"], "file.xml", bank.statement(), NOW)
    reconciling.reconcile(bank_accounts()[0], NOW)
    return queries.lines().get()


@pytest.mark.parametrize("minor", [12_731, -1_675])
def test_a_line_that_names_a_payout_of_a_provider_is_that_payout(
    cast: dict[str, Any], tmp_path: Path, minor: int
) -> None:
    row = waits("po_1015", minor)
    waits("po_1016", minor)
    line = booked(cast, tmp_path, minor, name="STRIPE PAYMENTS EUROPE", text="STRIPE po_1015")
    row.refresh_from_db()
    assert (getattr(line, "what", ""), row.line) == ("settlement", line)
    house.sound()


@pytest.mark.parametrize(
    ("number", "minor", "text"),
    [("po_1015", 12_730, "STRIPE po_1015"), ("1015", 12_731, "invoice 1015"), ("po_1015", 12_731, "po_10155")],
)
def test_another_amount_or_a_number_that_could_be_anything_is_not_enough(
    cast: dict[str, Any], tmp_path: Path, number: str, minor: int, text: str
) -> None:
    row = waits(number, 12_731)
    line = booked(cast, tmp_path, minor, name="Somebody", text=text)
    row.refresh_from_db()
    assert (getattr(line, "what", ""), row.line) == ("unidentified", None)


def test_without_its_number_it_is_suggested_and_a_person_says_so(cast: dict[str, Any], tmp_path: Path) -> None:
    row = waits("po_1015", 12_731)
    line = booked(cast, tmp_path, 12_731, name="Stripe Technology Europe", text="SEPA 4711")
    assert [(one.what, one.target) for one in queries.suggest(line)] == [("settlement", "po_1015")]
    with pytest.raises(Impossible):
        reconciling.decide(cast["Tom"], line.pk, reconciling.Said("settlement", "po_9"), NOW)
    client = Client()
    client.force_login(cast["Tom"])
    at = f"/en/foundation/bank/lines/{line.pk}/"
    assert "A payout of a payment provider" in client.get(at).content.decode()
    assert client.post(at, {"what": "settlement", "settlement": "po_1015"}).status_code == 302
    row.refresh_from_db()
    assert row.line == line
    house.sound()


def test_it_is_not_offered_where_none_waits_for_the_amount(cast: dict[str, Any], tmp_path: Path) -> None:
    waits("po_1015", 12_731)
    line = booked(cast, tmp_path, 500, name="Stripe", text="po_1015")
    client = Client()
    client.force_login(cast["Tom"])
    assert "A payout of a payment provider" not in client.get(f"/en/foundation/bank/lines/{line.pk}/").content.decode()

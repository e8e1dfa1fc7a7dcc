"""Bank details at which the bank does not pay: in force no more, told to stewards, given and confirmed anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from communs.apps.accounts.models import Letter
from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, payees, payouts, reconciling
from communs.apps.foundation.models import DetailsSetAside, Payee
from communs.apps.foundation.queries import payouts as queries
from communs.apps.register.actions import appoint_steward
from communs.apps.register.models import Commons
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db
MUSIC = naming.commons("music", "EUR").id


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000, "music": 3_000})
    commons = Commons(public_id="music", name="Music", created_at=NOW, updated_at=NOW, version=0)
    commons.project()
    commons.save()
    appoint_steward(commons, people["Nobody"], by=None)
    return people


def refused(cast: dict[str, Any], tmp_path: Path) -> Payee:
    """A payout to a closed account, which the bank refuses with AC04."""
    theirs = house.Bank(tmp_path)
    batch, _made = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data), reject=house.CLOSED)
    bank.receive(cast["Tom"], "report.xml", theirs.report(batch.ident), NOW)
    return Payee.objects.get(slug=MUSIC)


def test_they_are_in_force_no_more(cast: dict[str, Any], tmp_path: Path) -> None:
    payee = refused(cast, tmp_path)
    row = DetailsSetAside.objects.get()
    assert (row.details.iban, row.payout.payee) == (house.CLOSED, payee)
    assert "AC04" in row.reason
    assert queries.details_of(payee) is None
    assert payee.pk not in queries.details_in_force()
    with pytest.raises(Impossible, match="does not pay there"):
        payouts.propose(cast["Tom"], "again", [payouts.Wanted(MUSIC, "city", 100)], NOW)


def test_what_was_in_force_before_is_not_again(cast: dict[str, Any], tmp_path: Path) -> None:
    payee = Payee.objects.get(slug=MUSIC)
    assert payee.details.count() == 1
    house.give(cast, "music", house.IBANS[3])
    house.give(cast, "music", house.CLOSED)
    refused(cast, tmp_path)
    assert queries.details_of(payee) is None


def test_stewards_are_written_to_and_new_ones_are_confirmed_by_two(cast: dict[str, Any], tmp_path: Path) -> None:
    payee = refused(cast, tmp_path)
    (letter,) = Letter.objects.filter(to="nobody@example.org")
    assert "The account is closed. (AC04" in letter.text
    assert f"/foundation/payees/{MUSIC}/" in letter.text
    assert house.CLOSED not in letter.text
    given = payees.give(cast["Nobody"], MUSIC, payees.Given("Music", house.IBANS[3], "Wien", "AT"), NOW)
    assert queries.details_of(payee) is None
    with pytest.raises(Impossible):
        payouts.propose(cast["Tom"], "k", [payouts.Wanted(MUSIC, "city", 100)], NOW)
    payees.confirm(cast["Tom"], given.pk, NOW)
    assert queries.details_of(payee) == given
    payouts.propose(cast["Tom"], "k", [payouts.Wanted(MUSIC, "city", 100)], NOW)
    assert list(queries.set_aside_details()) == []


def test_the_same_account_can_be_given_again_where_the_bank_was_wrong(cast: dict[str, Any], tmp_path: Path) -> None:
    payee = refused(cast, tmp_path)
    house.give(cast, "music", house.CLOSED)
    found = queries.details_of(payee)
    assert found is not None
    assert found.iban == house.CLOSED
    assert payee.details.count() == 2


def test_a_return_sets_aside_only_for_what_lies_with_the_account(cast: dict[str, Any], tmp_path: Path) -> None:
    theirs = house.Bank(tmp_path)
    batch, (payout,) = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    theirs.ask("return", payout.public_id.hex, day="2026-03-04", reason="MS03")
    bank.receive(cast["Tom"], "s.xml", theirs.statement(), NOW)
    reconciling.reconcile(queries.bank_accounts()[0], NOW)
    assert queries.state_of(payout) == "returned"
    assert not DetailsSetAside.objects.exists()


def test_payouts_that_wait_go_nowhere(cast: dict[str, Any], tmp_path: Path) -> None:
    house.reserved(cast, "music", minor=500, key="before")
    (waits,) = queries.payouts("reserved")
    (proposed,) = payouts.propose(cast["Tom"], "more", [payouts.Wanted(MUSIC, "city", 100)], NOW)
    refused(cast, tmp_path)
    with pytest.raises(Impossible, match="waits for new ones"):
        payouts.approve(cast["Bea"], proposed.public_id, NOW)
    with pytest.raises(Impossible, match="waits for new ones"):
        payouts.submit(cast["Tom"], "f", payouts.FileWanted("bank-main-eur", (waits.public_id,), NOW.date()), NOW)
    payouts.withdraw(cast["Tom"], waits.public_id, "closed account", NOW)


def test_raw_sql_pays_nobody_there(cast: dict[str, Any], tmp_path: Path) -> None:
    house.reserved(cast, "music", minor=500, key="before")
    (waits,) = queries.payouts("reserved")
    payee = refused(cast, tmp_path)
    columns = "key, body_sha256, payee_id, details_id, account_id, fund_id, minor, currency, text, proposed_by_id"
    again = (
        f"INSERT INTO foundation_payout (public_id, {columns}, proposed_at) "  # noqa: S608 - no value is in it
        f"SELECT '00000000000000000000000000000001', 'x', body_sha256, payee_id, details_id, account_id, fund_id, 1, "
        f"currency, text, proposed_by_id, proposed_at FROM foundation_payout WHERE payee_id = {payee.pk} LIMIT 1"
    )
    step = (
        "INSERT INTO foundation_payoutstep (payout_id, number, state, at, reason, batch_id, person_id) "  # noqa: S608
        f"SELECT {waits.pk}, 5, 'submitted', at, '', batch_id, person_id FROM foundation_payoutstep "
        "WHERE state = 'submitted' LIMIT 1"
    )
    for statement in (
        again, step, "DELETE FROM foundation_detailssetaside", "UPDATE foundation_detailssetaside SET reason = 'x'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_pages_say_so(cast: dict[str, Any], tmp_path: Path, client: Client) -> None:
    refused(cast, tmp_path)
    client.force_login(cast["Tom"])
    for path, words in (
        ("payees/", "The bank does not pay there"),
        (f"payees/{MUSIC}/", "set aside"),
        ("payouts/propose/", "the bank does not pay there: new bank details first"),
        ("keep/", "1 account at which the bank does not pay"),
    ):
        assert words in client.get(f"/en/foundation/{path}").content.decode(), path
    client.force_login(cast["Nobody"])
    page = client.get(f"/en/foundation/payees/{MUSIC}/").content.decode()
    assert "The account is closed" in page
    assert house.CLOSED not in page.replace(" ", "")

"""Receipts: issued in the transaction that posts the gift, without a gap, cancelled and issued anew, kept for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from communs.apps.foundation.actions import back, gifts, receipts
from communs.apps.foundation.identity import Identity
from communs.apps.foundation.models import Gift, PayIn, Receipt
from communs.apps.foundation.queries import receipts as queries
from communs.cli.receipts import write_year
from communs.core.receipts import check, in_order, verify
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import ADA, NOW

NEXT_YEAR = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def funds(db: None, settings: Any) -> None:
    house.funds()
    settings.FOUNDATION = house.IDENTITY


def numbers() -> list[str]:
    return [queries.number_of(row) for row in queries.receipts()]


def sound() -> None:
    found = [queries.as_said(row) for row in queries.receipts()]
    assert [problem for one in found for problem in check(one)] == []
    assert list(verify(in_order(found))) == []


def give_back(gift: Gift, minor: int) -> None:
    cast, key = money_out.people(), uuid4()
    back.propose(cast["Tom"], key, gift.pay_ins.get().pk, minor, "please", NOW)
    back.approve(cast["Bea"], key, NOW)


def test_a_gift_that_has_come_has_a_receipt_and_not_before() -> None:
    gift = house.gift(giver=ADA)
    assert numbers() == []
    gifts.received_by_transfer(gift.reference, 5_000, "EUR", house.DAY, "line-1", NOW)
    row = queries.as_said(Receipt.objects.get())
    assert (row.number, row.minor, row.donor.name, row.donor.given_names) == ("2026-000001", 5_000, "Durand", "Ada")
    assert (row.given_on, row.body.name) == (house.DAY, "Fondation des communs")
    sound()


def test_a_gift_twice_told_of_has_one_receipt() -> None:
    gift = house.gift(giver=ADA)
    for _time in range(3):
        house.hear(gift)
    assert numbers() == ["2026-000001"]


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "event"},
        {"kind": "membership", "counterpart": "a magazine"},
        {"giver": gifts.GiverSaid("fr", "ada@example.org", wants_receipt=True)},
        {"giver": gifts.GiverSaid("fr", name="Durand", town="Lyon", postcode="69001")},
    ],
)
def test_what_is_paid_in_exchange_or_wants_none_has_none(more: dict[str, Any]) -> None:
    house.paid(5_000, **{"giver": ADA, **more})
    assert numbers() == []


def test_a_membership_without_a_counterpart_has_one_and_with_one_of_the_foundation_has_none(settings: Any) -> None:
    house.paid(2_000, "line-1", kind="membership", giver=ADA)
    settings.FOUNDATION = Identity(**{**_said(house.IDENTITY), "membership_gives": "a magazine"})
    house.paid(2_000, "line-2", kind="membership", giver=ADA)
    assert numbers() == ["2026-000001"]


def _said(identity: Any) -> dict[str, Any]:
    return {name: getattr(identity, name) for name in identity.__slots__}


def test_without_a_foundation_that_signs_there_is_none(settings: Any) -> None:
    settings.FOUNDATION = Identity()
    house.paid(5_000, giver=ADA)
    assert numbers() == []


def test_a_number_is_not_used_up_by_what_fails() -> None:
    house.paid(1_000, "line-1", giver=ADA)
    with transaction.atomic():
        house.paid(2_000, "line-2", giver=ADA)
        assert len(numbers()) == 2
        transaction.set_rollback(True)
    house.paid(3_000, "line-3", giver=ADA)
    assert numbers() == ["2026-000001", "2026-000002"]
    sound()


def test_a_refund_of_a_part_cancels_and_issues_anew_keeping_both() -> None:
    give_back(house.paid(5_000, giver=ADA), 2_000)
    old, new = [queries.as_said(row) for row in queries.receipts()]
    assert old.cancelled is not None
    assert (old.minor, old.cancelled.replaced_by, new.minor, new.replaces) == (5_000, new.number, 3_000, old.number)
    sound()


def test_a_refund_of_all_cancels_and_issues_none() -> None:
    give_back(house.paid(5_000, giver=ADA), 5_000)
    (row,) = [queries.as_said(row) for row in queries.receipts()]
    assert row.cancelled is not None
    assert row.cancelled.replaced_by == ""
    sound()


def test_a_lost_dispute_cancels_too() -> None:
    gift = house.gift(giver=ADA)
    house.hear(gift)
    house.hear(gift, disputes=(house.dispute("d1", 5_000, "lost"),))
    assert Receipt.objects.get().cancelled_on is not None
    sound()


def test_what_repeats_has_one_a_year_and_what_comes_back_changes_it(tmp_path: Path) -> None:
    gift = house.paid(1_000, "line-3", giver=ADA, every="month")
    for month in (4, 5):
        gifts.received_by_transfer(gift.reference, 1_000, "EUR", date(2026, month, 1), f"line-{month}", NOW)
    assert numbers() == []
    said: list[str] = []
    assert write_year(2026, tmp_path, NEXT_YEAR, said.append) == (1, 1)
    assert write_year(2026, tmp_path, NEXT_YEAR, said.append) == (0, 1)
    row = queries.as_said(Receipt.objects.get())
    assert (row.number, row.minor, row.given_on, row.given_until) == (
        "2027-000001", 3_000, date(2026, 3, 1), date(2026, 5, 1),
    )  # fmt: skip
    (file,) = tmp_path.iterdir()
    assert file.read_bytes().startswith(b"%PDF")
    pay_in = PayIn.objects.order_by("pk")[1]
    cast, key = money_out.people(), uuid4()
    back.propose(cast["Tom"], key, pay_in.pk, 1_000, "please", NEXT_YEAR)
    back.approve(cast["Bea"], key, NEXT_YEAR)
    assert [row.minor for row in queries.receipts()] == [3_000, 2_000]
    sound()


BROKEN = [
    (
        "append-only",
        "UPDATE foundation_receipt SET number = number + 1, cancelled_on = issued_on, cancelled_because = 'x'",
    ),
    ("append-only", "DELETE FROM foundation_receipt"),
    ("append-only", "UPDATE foundation_receipted SET minor = 1"),
    ("kept", "UPDATE foundation_receipt SET cancelled_on = '2026-12-31'"),
    ("kept", "UPDATE foundation_receipt SET cancelled_on = '2026-01-01', cancelled_because = 'x'"),
    (
        "no-gap",
        (
            "INSERT INTO foundation_receipt (series_id, number, minor, given_on, issued_on, said, cancelled_because) "
            "SELECT series_id, number + 2, minor, given_on, issued_on, said, cancelled_because FROM foundation_receipt"
        ),
    ),
    (
        "one-in-force",
        (
            "INSERT INTO foundation_receipted (receipt_id, pay_in_id, minor) "
            "SELECT r.id, p.id, 1 FROM foundation_receipt r, foundation_payin p"
        ),
    ),
]


@pytest.mark.parametrize(("rule", "statement"), BROKEN)
def test_the_database_refuses_raw_sql_that_breaks_a_rule(rule: str, statement: str) -> None:
    house.paid(5_000, giver=ADA)
    with pytest.raises(DatabaseError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_receipts_are_printed_in_both_languages() -> None:
    house.paid(5_000, giver=ADA)
    from communs.apps.foundation.printing import printer

    row = queries.as_said(Receipt.objects.get())
    assert printer().pdf(row, "fr") != printer().pdf(row, "en")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap() -> None:
    made = [house.gift(1_000, giver=ADA) for _number in range(12)]
    _at_once([lambda one=one: _take(one) for one in made])  # type: ignore[misc]
    assert len(numbers()) == 12
    sound()
    house.sound()


def _take(gift: Gift) -> None:
    gifts.received_by_transfer(gift.reference, 1_000, "EUR", house.DAY, f"line-{gift.pk}", NOW)


def _at_once(calls: list[Callable[[], None]]) -> None:
    """Each in a thread of its own, with a connection of its own."""
    failed: list[BaseException] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> None:
        try:
            barrier.wait()
            call()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_issuing_is_of_one_giver(settings: Any) -> None:
    settings.FOUNDATION = Identity()
    pay_in = house.paid(5_000, giver=ADA).pay_ins.get()
    assert receipts.issue([pay_in], NOW) is None

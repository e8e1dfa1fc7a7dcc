"""Giving: what is written down first, what a transfer brings, what goes back, and what nobody can change afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from communs.apps.accounts.models import Letter
from communs.apps.foundation import naming
from communs.apps.foundation.actions import back, bank, gifts, hearing, reconciling
from communs.apps.foundation.actions import books as book_actions
from communs.apps.foundation.actions.books import KeyTaken, NotRecorded
from communs.apps.foundation.models import BankAccount, Dispute, Gift, Giver, PayIn, Refund
from communs.apps.foundation.queries import books
from communs.core.ledger import Fund, Nature
from communs.core.providers import PayInNews
from communs.core.standards.creditor_reference import check_reference
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW, balance

pytestmark = pytest.mark.django_db
INCOME, FEES, DONORS = naming.income("EUR").id, naming.fees("EUR").id, naming.donor("EUR").id
HELD = naming.clearing("stripe", "EUR").id


@pytest.fixture(autouse=True)
def funds() -> None:
    house.funds()


@pytest.fixture
def cast() -> dict[str, Any]:
    return money_out.people()


def test_a_gift_is_written_down_once_under_its_key() -> None:
    key = uuid4()
    first, again = house.gift(key=key), house.gift(key=key)
    assert (first.pk, Gift.objects.count()) == (again.pk, 1)
    assert len(check_reference(first.reference)) == 25
    with pytest.raises(KeyTaken):
        house.gift(6_000, key=key)


def test_a_gift_needs_an_amount_a_fund_and_a_way_that_there_is() -> None:
    with pytest.raises(Impossible):
        house.gift(0)
    with pytest.raises(NotThere):
        house.gift(fund="nowhere")
    with pytest.raises(Impossible):
        house.gift(way="helloasso")


def test_a_transfer_with_the_reference_is_the_gift() -> None:
    house.paid(5_000)
    assert (balance(house.OUR_BANK), balance(INCOME)) == (5_000, -5_000)
    house.sound()


def test_a_line_of_the_bank_is_posted_once() -> None:
    made = house.paid(5_000)
    assert gifts.received_by_transfer(made.reference, 5_000, "EUR", house.DAY, "line-1", NOW)
    assert balance(house.OUR_BANK) == 5_000


def test_a_standing_order_makes_a_payment_of_every_line() -> None:
    made = house.paid(1_000, every="month")
    for month in (4, 5):
        assert gifts.received_by_transfer(made.reference, 1_000, "EUR", date(2026, month, 1), f"line-{month}", NOW)
    assert made.pay_ins.count() == 3
    assert balance(INCOME) == -3_000


def test_what_is_added_for_the_platform_is_a_posting_of_its_own() -> None:
    made = house.gift(5_000, tip_minor=500)
    gifts.received_by_transfer(made.reference, 5_500, "EUR", house.DAY, "whole", NOW)
    assert (balance(INCOME), balance(INCOME, "platform")) == (-5_000, -500)
    gifts.received_by_transfer(made.reference, 5_000, "EUR", house.DAY, "part", NOW)
    assert (balance(INCOME), balance(INCOME, "platform")) == (-10_000, -500)
    house.sound()


def test_a_reference_that_is_not_ours_posts_nothing() -> None:
    made = house.gift()
    assert not gifts.received_by_transfer("RF18539007547034", 5_000, "EUR", house.DAY, "line-1", NOW)
    assert not gifts.received_by_transfer(made.reference[:-1] + "?", 5_000, "EUR", house.DAY, "line-1", NOW)
    assert not gifts.received_by_transfer(made.reference, 5_000, "CHF", house.DAY, "line-1", NOW)
    assert not gifts.received_by_transfer(made.reference, -5_000, "EUR", house.DAY, "line-1", NOW)
    assert PayIn.objects.count() == 0


def test_a_statement_of_the_bank_brings_gifts_in(cast: dict[str, Any], tmp_path: Any) -> None:
    theirs = money_out.Bank(tmp_path)
    bank.add_account(cast["Tom"], bank.AccountWanted("open", "Fondation", money_out.OURS, "Paris", "FR"), NOW)
    made = house.gift(2_500, fund="city")
    theirs.ask("deposit", "2500", day="2026-03-04", name="Ada", ref=made.reference)
    theirs.ask("deposit", "700", day="2026-03-05", name="Bob", text=f"gift {made.reference[:9]} {made.reference[9:]}")
    bank.receive(cast["Tom"], "file.xml", theirs.statement(), NOW)
    row = BankAccount.objects.select_related("account", "fund").get()
    reconciling.reconcile(row, NOW)
    assert balance(INCOME, "city") == -3_200
    assert [one.line.name for one in made.pay_ins.order_by("pk")] == ["Ada", "Bob"]
    house.sound()


def test_money_before_the_year_was_opened_waits_for_nobody() -> None:
    made = house.gift()
    assert gifts.received_by_transfer(made.reference, 5_000, "EUR", date(2027, 1, 2), "line-1", NOW)
    house.sound()


def test_a_fee_is_a_posting_of_its_own_and_comes_when_it_is_known() -> None:
    made = house.gift()
    house.hear(made, fee=None)
    house.hear(made, fee=130)
    house.hear(made, fee=130)
    assert (balance(HELD), balance(FEES), balance(INCOME)) == (4_870, 130, -5_000)


@pytest.mark.parametrize("state", ["created", "pending", "authorised", "refused", "expired"])
def test_what_has_not_come_is_not_booked(state: str) -> None:
    house.hear(house.gift(), state)
    assert books.balances() == {}


def test_news_in_any_order_and_twice_make_the_same_entries() -> None:
    made = house.gift()
    for state in ("paid-out-to-bank", "pending", "settled", "paid-out-to-bank", "created"):
        house.hear(made, state, settlement="po1" if state == "paid-out-to-bank" else "")
    assert PayIn.objects.get().state == "paid-out-to-bank"
    assert balance(INCOME) == -5_000


def test_news_that_nothing_explains_wait_for_a_person() -> None:
    made = house.gift()
    house.hear(made, "refused")
    row = house.hear(made, "settled")
    assert row.state == "refused"
    assert "person" in row.doubt
    assert house.hear(house.gift(), number="p2", state="pending", doubt="ask them").doubt == "ask them"
    assert books.balances() == {}


def test_a_payment_without_a_gift_is_held_until_somebody_knows() -> None:
    stray = PayInNews("stripe", "p9", "", None, "settled", 700, "EUR", NOW)
    hearing.hear(stray, NOW)
    assert balance(naming.unidentified("EUR").id, "general") == -700
    house.sound()


def test_a_refund_reverses_the_gift_first_then_what_was_added() -> None:
    made = house.gift(5_000, tip_minor=500)
    house.hear(made, refunds=(house.refund("r1", 4_000),))
    assert (balance(INCOME), balance(INCOME, "platform")) == (-1_000, -500)
    both = (house.refund("r1", 4_000), house.refund("r2", 1_200))
    house.hear(made, refunds=both)
    house.hear(made, refunds=both)
    assert (balance(INCOME), balance(INCOME, "platform")) == (0, -300)
    house.sound()


def test_a_refund_that_failed_changes_nothing() -> None:
    made = house.gift()
    house.hear(made, refunds=(house.refund("r1", 5_000, "submitted"),))
    house.hear(made, refunds=(house.refund("r1", 5_000, "failed"),))
    assert balance(INCOME) == -5_000


def test_an_open_dispute_holds_the_money_and_a_lost_one_takes_it() -> None:
    made = house.gift(fund="city")
    house.hear(made, disputes=(house.dispute("d1", 5_000),))
    assert books.reserved() == {("city", "EUR"): 5_000}
    house.hear(made, disputes=(house.dispute("d1", 5_000, "lost"),))
    assert books.reserved() == {}
    assert (balance(INCOME, "city"), balance(HELD, "city")) == (0, 0)
    house.sound()


def test_a_dispute_that_is_won_or_told_of_no_more_leaves_the_money() -> None:
    for number, later in enumerate(((house.dispute("d1", 5_000, "won"),), ())):
        made = house.gift(fund="city")
        house.hear(made, number=f"p{number}", disputes=(house.dispute("d1", 5_000),))
        house.hear(made, number=f"p{number}", disputes=later)
    assert books.reserved() == {}
    assert [row.state for row in Dispute.objects.all()] == ["won", "won"]
    assert balance(INCOME, "city") == -10_000


def test_what_the_fund_has_spent_the_general_fund_bears() -> None:
    made = house.gift(fund="city")
    house.hear(made)
    _grants()
    money_out.owe("maps", 5_000)
    book_actions.open_fund(Fund("general", Nature.UNRESTRICTED), now=NOW)
    funded = house.gift(10_000, fund="general")
    house.hear(funded, number="p2")
    row = house.hear(made, disputes=(house.dispute("d1", 5_000, "lost"),))
    assert row.disputes.get().lost_minor == 5_000
    assert balance(FEES, "general") == 5_000
    assert balance(HELD, "general") == 5_000  # of 10,000
    assert books.owned()["city", "EUR"] == 0
    house.sound()


def _grants() -> None:
    book_actions.open_account(naming.grants("EUR"), now=NOW)


def test_two_people_give_a_transfer_back(cast: dict[str, Any]) -> None:
    pay_in = house.paid(5_000).pay_ins.get()
    key = uuid4()
    proposed = back.propose(cast["Tom"], key, pay_in.pk, 2_000, "twice", NOW)
    assert back.propose(cast["Tom"], key, pay_in.pk, 2_000, "twice", NOW).pk == proposed.pk
    with pytest.raises(Impossible):
        back.propose(cast["Tom"], uuid4(), pay_in.pk, 3_001, "more than is left", NOW)
    with pytest.raises(Refused):
        back.approve(cast["Tina"], key, NOW)
    assert balance(INCOME) == -5_000
    back.approve(cast["Bea"], key, NOW)
    back.approve(cast["Ben"], key, NOW)
    assert (balance(INCOME), balance(DONORS)) == (-3_000, -2_000)
    assert Refund.objects.get().approved_by == cast["Bea"]
    house.sound()


def test_a_refund_that_the_fund_cannot_pay_is_not_approved(cast: dict[str, Any]) -> None:
    pay_in = house.paid(5_000, fund="city").pay_ins.get()
    _grants()
    money_out.owe("maps", 4_000)
    key = uuid4()
    back.propose(cast["Tom"], key, pay_in.pk, 2_000, "please", NOW)
    with pytest.raises(NotRecorded):
        back.approve(cast["Bea"], key, NOW)
    assert Refund.objects.get().state == "requested"


def test_a_refund_is_refused_by_the_board_or_taken_back(cast: dict[str, Any]) -> None:
    pay_in = house.paid(5_000).pay_ins.get()
    for who in ("Tom", "Bea"):
        key = uuid4()
        back.propose(cast["Tom"], key, pay_in.pk, 5_000, "please", NOW)
        assert back.refuse(cast[who], key, NOW).state == "failed"
    back.propose(cast["Tom"], uuid4(), pay_in.pk, 5_000, "please", NOW)
    with pytest.raises(Refused):
        back.refuse(cast["Nobody"], Refund.objects.latest("pk").public_id, NOW)


BROKEN = [
    ("append-only", "UPDATE foundation_gift SET fund_id = fund_id + 1"),
    ("append-only", "UPDATE foundation_gift SET every = 'year'"),
    ("append-only", "DELETE FROM foundation_giftpart"),
    ("append-only", "UPDATE foundation_giftpart SET minor = 1"),
    ("forward", "UPDATE foundation_payin SET state = 'pending'"),
    ("append-only", "UPDATE foundation_payin SET object_id = 'x'"),
    ("append-only", "UPDATE foundation_payin SET gift_id = NULL"),
    ("append-only", "UPDATE foundation_payin SET minor = minor + 1"),
    ("append-only", "DELETE FROM foundation_payinentry"),
    ("append-only", "UPDATE foundation_refund SET minor = 1"),
    ("four-eyes", "UPDATE foundation_refund SET state = 'succeeded'"),
    ("four-eyes", "UPDATE foundation_refund SET approved_by_id = proposed_by_id"),
    ("four-eyes", "UPDATE foundation_refund SET approved_by_id = {admin}"),
]


@pytest.mark.parametrize(("rule", "statement"), BROKEN)
def test_the_database_refuses_raw_sql_that_breaks_a_rule(cast: dict[str, Any], rule: str, statement: str) -> None:
    pay_in = house.paid(5_000).pay_ins.get()
    back.propose(cast["Tom"], uuid4(), pay_in.pk, 2_000, "twice", NOW)
    with pytest.raises(DatabaseError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(admin=cast["Admin"].pk))


def test_who_gave_is_erased_and_the_gift_stays() -> None:
    made = house.paid(5_000, giver=house.ADA)
    gifts.forget_giver(made)
    row = Giver.objects.get()
    assert (row.email, row.name, row.town) == ("", "", "")
    assert balance(INCOME) == -5_000


def test_letters_that_wait_when_somebody_is_erased_are_not_sent() -> None:
    made = house.paid(5_000, giver=house.ADA)
    about = {"to": house.ADA.email, "subject": "Your gift"}
    Letter.objects.all().delete()
    Letter.objects.create(**about, text=f"Look at /foundation/gift/{made.token}/")
    other = Letter.objects.create(**about, text="Something else")
    gifts.forget_giver(made)
    assert list(Letter.objects.all()) == [other]

"""Nothing that a provider says waits for money of ours: what no fund can bear is uncovered until one can."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from communs.apps.foundation import naming
from communs.apps.foundation.actions import back, bearing, books, hearing, identifying, settling
from communs.apps.foundation.actions import bank as bank_actions
from communs.apps.foundation.models import Entry, Settlement
from communs.apps.foundation.payment_clients import forget_clients
from communs.apps.foundation.queries import pay_ins
from communs.apps.foundation.queries.books import owned
from communs.core.providers import PayInNews
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW, balance
from communs.testing.payments import KEY, Simulation, simulating

pytestmark = pytest.mark.django_db
ASIDE, FEES, HELD = naming.unidentified("EUR").id, naming.fees("EUR").id, naming.clearing("stripe", "EUR").id
MISSING = naming.uncovered("EUR").id
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def cast() -> dict[str, Any]:
    """People with offices, two funds; that of the account at the bank has what nobody claims, and nothing else."""
    house.funds()
    people = money_out.people()
    wanted = bank_actions.AccountWanted("open", "Fondation", money_out.OURS, "Paris", "FR")
    bank_actions.add_account(people["Tom"], wanted, NOW)
    return people


def test_a_fee_that_no_fund_can_bear_is_uncovered_until_one_can() -> None:
    house.from_elsewhere("p1", 5_000, fee=100)
    assert (balance(ASIDE), balance(HELD), balance(FEES), balance(MISSING)) == (-5_000, 4_900, 0, 100)
    house.sound()
    assert bearing.cover(LATER) == 0
    house.paid(60)
    assert bearing.cover(LATER) == 1
    assert (balance(FEES), balance(MISSING), owned()["open", "EUR"]) == (60, 40, 0)
    house.paid(500, "line-2")
    assert [bearing.cover(LATER), bearing.cover(LATER)] == [1, 0]
    assert (balance(FEES), balance(MISSING), owned()["open", "EUR"]) == (100, 0, 460)
    house.sound()


@pytest.mark.parametrize("covered", [0, 60, 100])
def test_it_goes_with_the_gift_that_the_payment_is_made(cast: dict[str, Any], covered: int) -> None:
    pay_in = house.from_elsewhere("p1", 5_000, fee=100)
    if covered:
        house.paid(covered)
        bearing.cover(NOW)
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), LATER)
    bearing.cover(LATER)
    assert (balance(FEES), balance(MISSING), balance(HELD)) == (0, 0, 0)
    assert (balance(FEES, "city"), balance(HELD, "city"), owned()["city", "EUR"]) == (100, 4_900, 4_900)
    house.sound()


def test_a_loss_that_no_fund_can_bear_is_uncovered_until_one_can() -> None:
    made = house.gift(fund="city")
    house.hear(made)
    books.reserve("a grant", "city", 5_000, "EUR", NOW)
    row = house.hear(made, disputes=(house.dispute("d1", 5_000, "lost"),))
    assert row.disputes.get().lost_minor == 5_000
    assert (owned()["city", "EUR"], balance(HELD, "city"), balance(HELD), balance(MISSING)) == (5_000,) * 2 + (
        -5_000,
        5_000,
    )
    house.sound()
    house.paid(7_000)
    bearing.cover(LATER)
    assert (balance(MISSING), owned()["open", "EUR"]) == (0, 2_000)
    house.sound()


def test_what_is_promised_is_not_taken_to_cover() -> None:
    house.from_elsewhere("p1", 5_000, fee=100)
    house.paid(150)
    books.reserve("a grant", "open", 80, "EUR", NOW)
    bearing.cover(LATER)
    assert balance(MISSING) == 30
    house.sound()


def test_a_payment_of_nothing_is_heard_and_books_nothing() -> None:
    row = house.from_elsewhere("p1", 0)
    assert (row.state, row.entries.count(), pay_ins.outside(pay_ins.Asked("all")).count()) == ("settled", 0, 0)
    row = hearing.hear(PayInNews("stripe", "p2", "", None, "settled", -5, "EUR", NOW), NOW)
    assert (row.entries.count(), "below zero" in row.doubt) == (0, True)


@pytest.mark.parametrize("seed", range(8))
def test_in_whatever_order_costs_and_gifts_come_the_books_end_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    fees = [(f"p{number}", chance.randrange(1, 200)) for number in range(6)]
    given = [house.gift(chance.randrange(1, 200)) for _number in range(chance.randrange(1, 6))]
    acts = [*fees, *given]

    def end() -> tuple[int, ...]:
        for act in acts:
            if isinstance(act, tuple):
                house.from_elsewhere(act[0], 5_000, fee=act[1])
            else:
                house.hear(act, number=f"g{act.pk}")
            if chance.random() < 0.5:
                bearing.cover(LATER)
        bearing.cover(LATER)
        house.sound()
        return balance(FEES), balance(MISSING), balance(HELD), owned().get(("open", "EUR"), 0)

    ends = []
    for _again in range(2):
        with transaction.atomic():
            ends.append(end())
            transaction.set_rollback(True)
        chance.shuffle(acts)
    assert ends[0] == ends[1]
    assert ends[0][1] == max(0, sum(fee for _name, fee in fees) - sum(one.parts.get().minor for one in given))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with simulating("stripe", tmp_path_factory.mktemp("books") / "stripe.sqlite3", KEY) as simulation:
        yield simulation


@pytest.fixture
def stripe(running: Simulation, settings: Any) -> Iterator[Simulation]:
    running.admin("reset")
    forget_clients()
    settings.PAYMENT_PROVIDERS = house.stripe_settings(running)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    yield running
    forget_clients()


def test_what_a_payout_costs_and_no_fund_can_bear_holds_up_no_payout(stripe: Simulation) -> None:
    payment = stripe.admin("give", minor=5_000)
    stripe.admin("dispute", payment=payment)
    stripe.admin("dispute-end", payment=payment, status="won")
    stripe.admin("pay-out")
    house.deliver(stripe, "stripe")
    row = Settlement.objects.get()
    assert (row.problem, row.minor) == ("", 5_000 - 100 - 1_500)
    assert (balance(HELD), balance(MISSING), balance(FEES)) == (0, 1_600, 0)
    assert settling.settle(stripe.now()) == 0
    assert Entry.objects.filter(key__endswith=":uncovered").count() == 2
    house.sound()


def test_a_refund_that_was_taken_for_refused_and_was_made_is_booked_once(cast: dict[str, Any]) -> None:
    made, key = house.gift(fund="city"), uuid4()
    pay_in = house.hear(made)
    back.propose(cast["Tom"], key, pay_in.pk, 2_000, "please", NOW)
    back.approve(cast["Bea"], key, NOW)
    back.provider_refuses(key, "no", NOW)
    for _again in range(2):
        row = house.hear(made, refunds=(house.refund("r1", 2_000, intent=key),))
    assert (row.doubt, balance(naming.income("EUR").id, "city")) == ("", -3_000)
    assert sorted(one.state for one in row.refunds.all()) == ["failed", "succeeded"]
    house.sound()

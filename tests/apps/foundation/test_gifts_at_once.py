"""Two workers, two clicks, two people at the same moment: what is done once is done once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from communs.apps.foundation import naming
from communs.apps.foundation.actions import back, gifts
from communs.apps.foundation.models import Gift, PayIn, Refund
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


@pytest.fixture(autouse=True)
def funds() -> None:
    house.funds()


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Each in a thread of its own, with a connection of its own; what went wrong."""
    failed: list[BaseException] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
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
    return failed


def test_a_form_sent_many_times_at_once_is_one_gift() -> None:
    key = uuid4()
    assert at_once(*[partial(house.gift, key=key)] * TIMES) == []
    assert Gift.objects.count() == 1


def test_the_same_news_many_times_at_once_are_booked_once() -> None:
    made = house.gift(5_000, tip_minor=500)
    told = partial(house.hear, made, fee=100, refunds=(house.refund("r1", 700),))
    assert at_once(*[told] * TIMES) == []
    assert PayIn.objects.count() == 1
    assert house.balance(naming.clearing("stripe", "EUR").id) == 5_000 - 100 - 700
    house.sound()


def test_a_line_of_the_bank_taken_in_twice_at_once_is_one_payment() -> None:
    made = house.gift()
    call = partial(gifts.received_by_transfer, made.reference, 5_000, "EUR", house.DAY, "line-1", NOW)
    assert at_once(*[call] * TIMES) == []
    assert house.balance(house.OUR_BANK) == 5_000
    house.sound()


def test_a_refund_approved_by_two_at_once_goes_back_once() -> None:
    cast: dict[str, Any] = money_out.people()
    pay_in, key = house.paid(5_000).pay_ins.get(), uuid4()
    back.propose(cast["Tom"], key, pay_in.pk, 5_000, "please", NOW)
    assert at_once(*[partial(back.approve, cast[name], key, NOW) for name in ("Bea", "Ben", "Bo")]) == []
    assert house.balance(naming.donor("EUR").id) == -5_000
    assert Refund.objects.get().state == "succeeded"
    house.sound()


def test_refunds_proposed_at_once_never_exceed_what_came() -> None:
    cast = money_out.people()
    pay_in = house.paid(5_000).pay_ins.get()
    failed = at_once(*[partial(back.propose, cast["Tom"], uuid4(), pay_in.pk, 2_000, "please", NOW) for _n in range(5)])
    assert len(failed) == 3
    assert sum(row.minor for row in Refund.objects.all()) == 4_000

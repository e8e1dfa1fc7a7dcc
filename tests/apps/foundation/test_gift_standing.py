"""What who gives reads on the page of their gift, whatever became of the money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from communs.apps.foundation.actions import back, gifts
from communs.apps.foundation.models import Gift
from communs.apps.foundation.payment_clients import forget_clients
from communs.core.providers.settings import HelloAssoSettings, ProviderSettings, StripeSettings
from communs.testing import money_in as house
from communs.testing import money_out

pytestmark = pytest.mark.django_db
PAGE = "https://checkout.stripe.com/c/pay/cs_1"


@pytest.fixture(autouse=True)
def site(settings: Any) -> Any:
    forget_clients()
    stripe, helloasso = StripeSettings("sk_of_the_test"), HelloAssoSettings("x", "x", "x")
    settings.PAYMENT_PROVIDERS = ProviderSettings(helloasso, stripe)
    house.funds()
    yield
    forget_clients()


def by_stripe(**more: Any) -> Gift:
    """A gift whose payer may pay at Stripe."""
    made = house.gift(5_000, **{"way": "stripe", **more})
    Gift.objects.filter(pk=made.pk).update(begun_id="cs_1", begun_url=PAGE)
    return Gift.objects.get(pk=made.pk)


def seen(client: Client, gift: Gift, language: str = "en") -> str:
    answer = client.get(f"/{language}/foundation/gift/{gift.token}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_while_a_payment_is_under_way_nobody_is_led_to_pay_twice(client: Client) -> None:
    gift = by_stripe()
    assert PAGE in seen(client, gift)
    house.hear(gift, "created")
    assert PAGE in seen(client, gift)  # a card was declined: another one may be tried
    house.hear(gift, "pending", means="sepa-debit")
    page = seen(client, gift)
    assert PAGE not in page
    assert "Prepare" not in page
    assert "Stripe has asked your bank for a direct debit" in page
    assert "nothing to pay again" in page
    house.hear(gift, "authorised", means="card")
    assert "Stripe waits for an answer" in seen(client, gift)


def test_what_did_not_work_may_be_tried_again(client: Client) -> None:
    gift = by_stripe()
    house.hear(gift, "refused")
    assert "Nothing has arrived yet" in seen(client, gift)
    assert PAGE in seen(client, gift)
    Gift.objects.update(begun_until=timezone.now() - timedelta(hours=1))
    page = seen(client, gift)
    assert PAGE not in page
    assert "Prepare the payment at Stripe" in page


def test_what_was_paid_out_to_our_bank_is_received_to_who_gave(client: Client) -> None:
    gift = by_stripe()
    house.hear(gift, "paid-out-to-bank")
    page = seen(client, gift)
    assert "€50 have arrived. Thank you." in page
    assert ">Received<" in page
    assert "Paid out" not in page
    assert "This has been paid" in page


def test_a_dispute_is_told_and_nobody_is_thanked_for_what_went_back(client: Client) -> None:
    gift = by_stripe()
    house.hear(gift, "paid-out-to-bank")
    house.hear(gift, "paid-out-to-bank", disputes=(house.dispute("d1", 5_000),))
    page = seen(client, gift)
    assert "€50 have arrived, of which €50 are disputed" in page
    assert "€50 are disputed, and held until that is decided" in page
    assert "Thank you" not in page
    assert "This has been paid" not in page
    assert PAGE not in page
    house.hear(gift, "paid-out-to-bank", disputes=(house.dispute("d1", 5_000, "lost"),))
    page = seen(client, gift)
    assert "€50 arrived, and all of it went back" in page
    assert ">Gone back<" in page
    assert "give again" in page
    for said in ("Thank you", "This has been paid", ">Received<", PAGE):
        assert said not in page


def test_a_dispute_that_was_won_leaves_the_gift(client: Client) -> None:
    gift = by_stripe()
    house.hear(gift)
    house.hear(gift, disputes=(house.dispute("d1", 5_000),))
    house.hear(gift, disputes=(house.dispute("d1", 5_000, "won"),))
    page = seen(client, gift)
    assert "€50 have arrived. Thank you." in page
    assert "€50 were disputed, and stay" in page


def test_a_part_that_went_back_is_no_longer_counted(client: Client) -> None:
    gift = by_stripe()
    house.hear(gift)
    house.hear(gift, refunds=(house.refund("r1", 2_000),))
    page = seen(client, gift)
    assert "€30 of the €50 that arrived stay. Thank you." in page
    assert "€20 were paid back" in page


def test_a_transfer_that_is_owed_back_goes_back(client: Client) -> None:
    cast = money_out.people()
    gift = house.paid(5_000)
    made = back.propose(cast["Tom"], uuid4(), gift.pay_ins.get().pk, 5_000, "given twice", house.NOW)
    back.approve(cast["Bea"], made.public_id, house.NOW)
    page = seen(client, gift)
    assert "€50 arrived, and all of it goes back to you" in page
    assert "Thank you" not in page


def test_ways_to_pay_are_labels_and_providers_have_names(client: Client) -> None:
    page = " ".join(client.get("/en/foundation/give/").content.decode().split())
    assert "Card or direct debit, through Stripe" in page
    assert "Card or direct debit, through HelloAsso" in page
    assert page.count("not yet run against the live service") == 1
    assert "Pay €50 with Stripe" in seen(client, by_stripe())


def test_a_pledge_says_its_day_and_whether_somebody_reminds(client: Client) -> None:
    day, ada = date(2027, 2, 1), gifts.GiverSaid("en", "ada@example.org")
    quiet = house.gift(kind="pledge", due_on=day)
    told = house.gift(kind="pledge", due_on=day, giver=ada)
    for gift in (quiet, told):
        assert "You pledged it for 1 February 2027: make the transfer on that day, or earlier" in seen(client, gift)
    assert "nobody reminds you" in seen(client, quiet)
    assert "nothing has arrived 10 days after 1 February 2027, we write to you once" in seen(client, told)
    assert gifts.remind(house.NOW.replace(year=2027, month=2, day=10)) == 0
    assert gifts.remind(house.NOW.replace(year=2027, month=2, day=11)) == 1
    later = by_stripe(kind="pledge", due_on=day, giver=ada)
    assert "Nothing is taken by itself then, and nobody reminds you" in seen(client, later)
    assert gifts.remind(house.NOW.replace(year=2027, month=3)) == 0


def test_what_repeats_says_what_follows_and_when_it_is_over(client: Client) -> None:
    gift = by_stripe(every="month")
    house.hear(gift)
    page = seen(client, gift)
    assert "Stripe takes €50 every month by itself" in page
    assert "I will give no more</button>" in page
    assert "This has been paid" not in page


def test_a_number_of_payments_is_counted_down(client: Client) -> None:
    gift = house.gift(5_000, way="helloasso", every="year", times=3)
    for number, state in (("p1", "settled"), ("p2", "created"), ("p3", "created")):
        house.hear(gift, state, number=number)
    page = seen(client, gift)
    assert "1 of 3 payments have been taken. HelloAsso takes the others by itself, the last about 1 March 2028" in page
    assert page.count("<li>€50") == 1  # those to come are no payments yet
    for number in ("p2", "p3"):
        house.hear(gift, number=number)
    page = seen(client, gift)
    assert "This was the last payment: nothing more is taken" in page
    assert "I will give no more" not in page

"""Notifications that come five times, in no order, an hour late, or never; and those that HelloAsso never sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from communs.core.providers import Authenticity, Refunding
from communs.kit.providers import HelloAsso
from communs.testing.payments import Simulation, Site, pay_in

pytestmark = pytest.mark.corpora  # the contract of HelloAsso is not in this repository

DAY = timedelta(days=1)


def a_day_of(simulation: Simulation, plan: dict[str, Any]) -> Site:
    """Gifts, a direct debit, a refusal, a refund, a payout, a dispute after it; then a sweep. What the site then knows.

    The site hears what is delivered after every step, with the faults of `plan`.
    """
    simulation.admin("reset")
    simulation.admin("plan", **plan)
    start, client = simulation.now(), simulation.helloasso()
    site = Site(client)

    def listen() -> None:
        for headers, body in simulation.notifications():
            site.receive(headers, body, simulation.now())

    numbers = []
    for number, how in enumerate(
        ({}, {"means": "Sepa", "state": "WaitingBankValidation"}, {"state": "Refused"}, {}, {})
    ):
        begun = client.begin(pay_in(1000 * (number + 1), intent=UUID(int=number + 1)))
        numbers += simulation.admin("pay", url=begun.redirect_url, **how)["payments"]
        listen()
    simulation.admin("step", payment=numbers[1], state="Authorized", money="Transfered")
    listen()
    client.refund(Refunding(UUID(int=99), str(numbers[3]), 4000, "EUR"))
    simulation.admin("refund-done", payment=numbers[3])
    listen()
    simulation.admin("cash-out")
    listen()
    simulation.admin("step", payment=numbers[4], state="Contested", money="Contested")
    listen()
    simulation.admin("clock", minutes=61)
    listen()
    site.sweep(start)
    return site


@pytest.mark.parametrize(
    "plan",
    [
        {"copies": 5, "shuffle": True, "seed": 1},
        {"copies": 5, "shuffle": True, "lose": 0.1, "delay_minutes": 60, "seed": 2},
        {"copies": 3, "shuffle": True, "lose": 0.5, "delay_minutes": 60, "seed": 3},
        {"lose": 1.0},
    ],
    ids=["five times in no order", "a tenth lost and an hour late", "half lost", "none arrives"],
)
def test_whatever_happens_to_notifications_the_site_ends_up_knowing_the_same(
    helloasso: Simulation, plan: dict[str, Any]
) -> None:
    in_order = a_day_of(helloasso, {})
    assert a_day_of(helloasso, plan).told() == in_order.told()
    assert sorted(in_order.states.values()) == ["paid-out-to-bank"] * 3 + ["refused", "settled"]
    assert list(in_order.refunds.values()) == [("succeeded", 4000)]
    assert list(in_order.disputes.values()) == ["opened"]


def test_a_forged_notification_changes_nothing_and_nobody_is_asked(client: HelloAsso, helloasso: Simulation) -> None:
    begun = client.begin(pay_in())
    site = Site(client)
    exchanges = helloasso.admin("judge")["exchanges"]
    headers, body = helloasso.forged(eventType="Payment", data={"id": int(begun.provider_id), "state": "Authorized"})
    assert site.receive(headers, body, helloasso.now()).authenticity is Authenticity.FORGED
    assert site.receive({}, body + b" ", helloasso.now()).authenticity is Authenticity.FORGED  # not signed at all
    assert site.states == {}
    assert helloasso.admin("judge")["exchanges"] == exchanges


def test_without_a_key_a_notification_is_a_hint_and_what_it_says_is_not_believed(helloasso: Simulation) -> None:
    client = helloasso.helloasso(signature_key="")
    begun = client.begin(pay_in(1000))
    helloasso.admin("pay", url=begun.redirect_url, state="Refused")
    helloasso.admin("plan", lose=1.0)
    site = Site(client)
    payment = int(next(iter(client.changed(helloasso.now() - DAY))).object_id)
    # Anybody may write this, and claim what they like of a payment that there is, or that there is not.
    for number in (payment, 999_999):
        body = f'{{"eventType": "Payment", "data": {{"id": {number}, "state": "Authorized", "amount": 9}}}}'.encode()
        assert site.receive({}, body, helloasso.now()).authenticity is Authenticity.UNSIGNED
    assert site.states == {str(payment): "refused"}
    assert site.news[str(payment)].minor == 1000


def test_notifications_of_forms_and_of_the_organisation_concern_no_money(client: HelloAsso) -> None:
    hint = client.read({}, b'{"eventType": "Form", "data": {"formSlug": "libre"}}', datetime.now(UTC))
    assert (hint.kind, hint.object_id, client.follow(hint)) == ("other", "", ())


def test_an_order_is_followed_to_all_its_payments(client: HelloAsso, helloasso: Simulation) -> None:
    intent = uuid4()
    begun = client.begin(pay_in(2500, intent=intent))
    helloasso.admin("pay", url=begun.redirect_url)
    for headers, body in helloasso.notifications():
        hint = client.read(headers, body, helloasso.now())
        assert hint.authenticity is Authenticity.SIGNED
        assert [(news.intent, news.minor) for news in client.follow(hint)] == [(intent, 2500)]

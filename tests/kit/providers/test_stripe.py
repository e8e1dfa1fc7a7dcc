"""Stripe's client, behind the same protocol, against a simulator of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from communs.core.providers import (
    Authenticity,
    Ending,
    Every,
    PayInNews,
    Refunding,
    Refused,
    Stopping,
    Terms,
    Unavailable,
    Unknown,
    Unread,
)
from communs.kit.providers import Stripe
from communs.testing.payments import Simulation, Site, long_ago, pay_in


def paid(striped: Stripe, stripe: Simulation, minor: int = 5000, **how: object) -> PayInNews:
    begun = striped.begin(pay_in(minor))
    stripe.admin("pay", url=begun.redirect_url, **how)
    (news,) = striped.fetch(begun.provider_id)
    return news


def refunding(news: PayInNews, minor: int) -> Refunding:
    return Refunding(uuid4(), news.object_id, minor, news.currency)


def test_a_gift_is_begun_paid_and_read_back_with_its_intent_and_fee(striped: Stripe, stripe: Simulation) -> None:
    asked = pay_in()
    begun = striped.begin(asked)
    assert begun.expires_at is not None
    assert striped.fetch(begun.provider_id) == ()
    stripe.admin("pay", url=begun.redirect_url)
    (news,) = striped.fetch(begun.provider_id)
    assert (news.intent, news.begun_id, news.state, news.means) == (asked.intent, begun.provider_id, "settled", "card")
    assert (news.minor, news.fee, news.tip) == (5000, 100, 0)


def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(striped: Stripe, stripe: Simulation) -> None:
    stripe.admin("faults", what="lose-answer")
    stripe.admin("faults", what="status-after", status=500)
    begun = striped.begin(pay_in())
    stripe.admin("pay", url=begun.redirect_url)
    assert stripe.calls("POST", "/checkout/sessions") == [200, 200, 200]
    assert len(stripe.admin("judge")["movements"]) == 1
    assert len(list(striped.changed(long_ago(stripe)))) == 1


def test_where_every_answer_is_lost_it_is_unknown_and_beginning_again_is_the_same_pay_in(
    striped: Stripe, stripe: Simulation
) -> None:
    asked = pay_in()
    stripe.admin("faults", what="lose-answer", times=4)
    with pytest.raises(Unknown):
        striped.begin(asked)
    first, second = striped.begin(asked), striped.begin(asked)
    assert first == second


def test_the_same_key_with_another_amount_is_refused(striped: Stripe) -> None:
    intent = uuid4()
    striped.begin(pay_in(1000, intent))
    with pytest.raises(Refused) as caught:
        striped.begin(pay_in(2000, intent))
    assert caught.value.code == "idempotency_error"


def test_nothing_was_done_where_the_provider_only_said_too_many(striped: Stripe, stripe: Simulation) -> None:
    stripe.admin("faults", what="status", status=429, times=4)
    with pytest.raises(Unavailable):
        striped.begin(pay_in())
    assert stripe.waits == [0.375, 0.75, 1.5]


def test_a_direct_debit_is_pending_then_settled_and_may_be_taken_back_for_eight_weeks(
    striped: Stripe, stripe: Simulation
) -> None:
    news = paid(striped, stripe, means="sepa_debit")
    assert (news.state, news.means, news.fee) == ("pending", "sepa-debit", None)
    stripe.admin("step", payment=news.object_id, works=True)
    (news,) = striped.fetch(news.begun_id)
    assert news.state == "settled"
    assert news.at_risk_until == (stripe.now() + timedelta(days=56)).date()


def test_a_direct_debit_that_comes_back_is_refused_for_good_and_a_declined_card_is_not(
    striped: Stripe, stripe: Simulation
) -> None:
    debit = paid(striped, stripe, means="sepa_debit")
    stripe.admin("step", payment=debit.object_id, works=False)
    card = paid(striped, stripe, works=False)
    site = Site(striped)
    site.sweep(long_ago(stripe))
    assert site.states == {debit.object_id: "refused", card.object_id: "created"}


def test_a_page_that_ran_out_is_expired_however_it_is_heard_of(striped: Stripe, stripe: Simulation) -> None:
    tried, untried = striped.begin(pay_in()), striped.begin(pay_in())
    stripe.admin("pay", url=tried.redirect_url, works=False)
    for begun in (tried, untried):
        stripe.admin("expire", url=begun.redirect_url)
    site = Site(striped)
    for headers, body in stripe.notifications():
        site.receive(headers, body, stripe.now())
    site.sweep(long_ago(stripe))
    assert set(site.states.values()) == {"expired"}
    assert [news.state for news in striped.fetch(untried.provider_id)] == ["expired"]


@pytest.mark.parametrize(
    ("currency", "minor", "amount"), [("JPY", 1250, "1250"), ("UGX", 1250, "125000"), ("EUR", 1250, "1250")]
)
def test_amounts_are_in_the_smallest_unit_of_each_currency(
    striped: Stripe, stripe: Simulation, currency: str, minor: int, amount: str
) -> None:
    begun = striped.begin(pay_in(minor, currency=currency))
    stripe.admin("pay", url=begun.redirect_url)
    (news,) = striped.fetch(begun.provider_id)
    assert (news.minor, news.currency) == (minor, currency)
    assert [row[3] for row in stripe.admin("judge")["movements"]] == [int(amount)]


def test_a_payment_every_month_goes_on_bearing_the_intent_of_the_first(striped: Stripe, stripe: Simulation) -> None:
    asked = pay_in(1000, terms=Terms(Every.MONTH))
    begun = striped.begin(asked)
    stripe.admin("pay", url=begun.redirect_url)
    stripe.admin("renew", url=begun.redirect_url)
    assert [(news.intent, news.state) for news in striped.fetch(begun.provider_id)] == [(asked.intent, "settled")] * 2
    assert len(striped.find(asked.intent, long_ago(stripe))) == 2
    with pytest.raises(Refused, match="no number of payments"):
        striped.begin(pay_in(terms=Terms(Every.MONTH, 3)))


def test_a_refund_is_given_once_though_its_answer_was_lost_and_equal_parts_do_not_collapse(
    striped: Stripe, stripe: Simulation
) -> None:
    news = paid(striped, stripe)
    one, two = refunding(news, 2000), refunding(news, 2000)
    stripe.admin("faults", what="lose-answer", path="/refunds", times=4)
    with pytest.raises(Unknown):
        striped.refund(one)
    for back in (one, two, one):
        after = striped.refund(back)
    assert [(refund.intent, refund.minor) for refund in after.refunds] == [(two.intent, 2000), (one.intent, 2000)]


def test_what_was_given_back_cannot_be_given_back_again(striped: Stripe, stripe: Simulation) -> None:
    news = paid(striped, stripe)
    striped.refund(refunding(news, 5000))
    stripe.admin("refund-done", payment=news.object_id)
    with pytest.raises(Refused) as caught:
        striped.refund(refunding(news, 5000))
    assert caught.value.code == "charge_already_refunded"


def test_a_payout_says_what_it_consists_of_and_a_dispute_after_it_is_a_dispute(
    striped: Stripe, stripe: Simulation
) -> None:
    news = paid(striped, stripe)
    striped.refund(refunding(news, 1000))
    stripe.admin("refund-done", payment=news.object_id)
    payout = stripe.admin("pay-out")
    settlement = striped.settlement(payout)
    assert [(line.object_id, line.kind, line.net) for line in settlement.lines] == [
        (news.object_id, "refund", -1000), (news.object_id, "payment", 4900),
    ]  # fmt: skip
    assert settlement.minor == 3900
    site = Site(striped)
    site.sweep(long_ago(stripe))
    assert (site.states, site.news[news.object_id].settlement) == ({news.object_id: "paid-out-to-bank"}, payout)
    stripe.admin("dispute", payment=news.object_id)
    site.sweep(long_ago(stripe))
    assert list(site.disputes.values()) == ["opened"]
    stripe.admin("dispute-end", payment=news.object_id, status="lost")
    site.sweep(long_ago(stripe))
    assert (list(site.disputes.values()), site.states) == (["lost"], {news.object_id: "paid-out-to-bank"})


def a_day_of(simulation: Simulation, plan: dict[str, Any]) -> Site:
    simulation.admin("reset")
    simulation.admin("plan", **plan)
    start, client = simulation.now(), simulation.stripe()
    site = Site(client)

    def listen() -> None:
        for headers, body in simulation.notifications():
            site.receive(headers, body, simulation.now())

    payments = []
    for number, how in enumerate(({}, {"means": "sepa_debit"}, {"means": "sepa_debit"}, {})):
        begun = client.begin(pay_in(1000 * (number + 1), intent=UUID(int=number + 1)))
        payments.append(simulation.admin("pay", url=begun.redirect_url, **how))
        listen()
    simulation.admin("step", payment=payments[1], works=True)
    simulation.admin("step", payment=payments[2], works=False)
    listen()
    client.refund(Refunding(UUID(int=99), payments[3], 1500, "EUR"))
    simulation.admin("refund-done", payment=payments[3])
    listen()
    simulation.admin("pay-out")
    listen()
    simulation.admin("dispute", payment=payments[0])
    listen()
    simulation.admin("clock", minutes=61)
    listen()
    site.sweep(start)
    return site


@pytest.mark.parametrize(
    "plan",
    [{"copies": 5, "shuffle": True, "lose": 0.1, "delay_minutes": 60, "seed": 4}, {"lose": 1.0}],
    ids=["five times, in no order, late, a tenth lost", "none arrives"],
)
def test_whatever_happens_to_notifications_the_site_ends_up_knowing_the_same(
    stripe: Simulation, plan: dict[str, Any]
) -> None:
    in_order = a_day_of(stripe, {})
    assert a_day_of(stripe, plan).told() == in_order.told()
    assert sorted(in_order.states.values()) == ["paid-out-to-bank"] * 3 + ["refused"]
    assert list(in_order.disputes.values()) == ["opened"]


def test_forged_and_old_notifications_change_nothing_and_nobody_is_asked(striped: Stripe, stripe: Simulation) -> None:
    news = paid(striped, stripe)
    notification = stripe.notifications()[0]
    site, exchanges = Site(striped), stripe.admin("judge")["exchanges"]
    about = {"object": {"object": "payment_intent", "id": news.object_id, "status": "succeeded"}}
    forged = stripe.forged(id="evt_1", object="event", type="payment_intent.succeeded", data=about)
    late = stripe.now() + timedelta(minutes=6)
    for (headers, body), at in ((forged, stripe.now()), (({}, forged[1]), stripe.now()), (notification, late)):
        assert site.receive(headers, body, at).authenticity is Authenticity.FORGED
    assert (site.states, stripe.admin("judge")["exchanges"]) == ({}, exchanges)


def test_a_sweep_over_more_time_than_events_are_kept_reads_the_lists_too(striped: Stripe, stripe: Simulation) -> None:
    news = paid(striped, stripe)
    payout = stripe.admin("pay-out")
    site = Site(striped)
    site.sweep(stripe.now() - timedelta(days=40))
    assert (site.states, site.news[news.object_id].settlement) == ({news.object_id: "paid-out-to-bank"}, payout)
    assert stripe.calls("GET", "/v1/disputes") == [200]


def test_one_that_cannot_be_read_holds_up_no_other(striped: Stripe, stripe: Simulation) -> None:
    numbers = [stripe.admin("give", minor=1_000 + number) for number in range(3)]
    stripe.admin("faults", what="garbled", method="GET", path=f"payment_intents/{numbers[1]}", text="no JSON")
    told: list[str] = []
    with pytest.raises(Unread) as unread:
        told.extend(news.object_id for news in striped.changed(long_ago(stripe)))
    assert (told, unread.value.objects) == ([numbers[0], numbers[2]], (("payment", numbers[1]),))


def monthly(striped: Stripe, stripe: Simulation, **how: Any) -> tuple[Stopping, str]:
    """Somebody gives every month, and has paid once; the page they paid on."""
    asked = pay_in(1000, terms=Terms(Every.MONTH))
    begun = striped.begin(asked)
    stripe.admin("pay", url=begun.redirect_url, **how)
    return Stopping(asked.intent, begun.provider_id), begun.redirect_url


def test_what_repeats_is_stopped_once_and_stripe_takes_no_more(striped: Stripe, stripe: Simulation) -> None:
    stopping, url = monthly(striped, stripe)
    stripe.admin("renew", url=url)
    assert striped.stop(stopping) is Ending.STOPPED
    assert striped.stop(stopping) is Ending.STOPPED
    assert stripe.admin("renew", url=url) == ""
    assert stripe.calls("DELETE", "/subscriptions/") == [200]
    assert [row[0] for row in stripe.admin("judge")["movements"]] == ["paid", "paid"]


@pytest.mark.parametrize(
    "fault", [{"what": "lose-answer"}, {"what": "lose-request"}, {"what": "status-after", "status": 500}]
)
def test_a_stop_whose_answer_was_lost_is_asked_for_again_and_what_had_ended_is_stopped(
    striped: Stripe, stripe: Simulation, fault: dict[str, Any]
) -> None:
    stopping, url = monthly(striped, stripe)
    stripe.admin("faults", method="DELETE", times=2, **fault)
    assert striped.stop(stopping) is Ending.STOPPED
    assert stripe.admin("renew", url=url) == ""


def test_a_stop_that_nobody_answered_is_unknown_and_then_looked_up(striped: Stripe, stripe: Simulation) -> None:
    stopping, _url = monthly(striped, stripe)
    stripe.admin("faults", what="lose-answer", method="DELETE", times=4)
    with pytest.raises(Unknown):
        striped.stop(stopping)
    assert striped.stop(stopping) is Ending.STOPPED


def test_a_subscription_is_found_by_a_payment_where_its_page_is_not_known(striped: Stripe, stripe: Simulation) -> None:
    stopping, url = monthly(striped, stripe)
    (news,) = striped.fetch(stopping.begun_id)
    assert striped.stop(Stopping(stopping.intent, "", (news.object_id,))) is Ending.STOPPED
    assert stripe.admin("renew", url=url) == ""


def test_where_nobody_has_paid_nothing_repeats_and_the_page_is_closed(striped: Stripe, stripe: Simulation) -> None:
    asked = pay_in(1000, terms=Terms(Every.MONTH))
    begun = striped.begin(asked)
    stopping = Stopping(asked.intent, begun.provider_id)
    assert striped.stop(stopping) is Ending.NOTHING
    assert stripe.admin("pay", url=begun.redirect_url) == ""
    assert striped.stop(stopping) is Ending.NOTHING
    assert striped.stop(Stopping(uuid4(), "")) is Ending.NOTHING


def test_a_stop_that_stripe_refuses_is_refused(striped: Stripe, stripe: Simulation) -> None:
    stopping, url = monthly(striped, stripe)
    stripe.admin("faults", what="status", status=403, method="DELETE")
    with pytest.raises(Refused):
        striped.stop(stopping)
    assert stripe.admin("renew", url=url)

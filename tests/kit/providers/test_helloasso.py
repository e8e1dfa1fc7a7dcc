"""HelloAsso's client against a process that judges every exchange by HelloAsso's own contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from communs.core.providers import (
    Ending,
    Every,
    Payer,
    PayInNews,
    Refunding,
    Refused,
    Stopping,
    Terms,
    Unavailable,
    Unknown,
    Unread,
)
from communs.kit.providers import HelloAsso
from communs.testing.payments import Simulation, Site, long_ago, pay_in

pytestmark = pytest.mark.corpora  # the contract of HelloAsso is not in this repository


def paid(client: HelloAsso, helloasso: Simulation, minor: int = 5000, **how: object) -> PayInNews:
    """A pay-in that was begun and paid."""
    begun = client.begin(pay_in(minor))
    helloasso.admin("pay", url=begun.redirect_url, **how)
    (news,) = client.fetch(begun.provider_id)
    return news


def refunding(news: PayInNews, minor: int, known: frozenset[str] = frozenset()) -> Refunding:
    return Refunding(uuid4(), news.object_id, minor, news.currency, known)


def test_a_gift_is_begun_paid_and_read_back_with_its_intent(client: HelloAsso, helloasso: Simulation) -> None:
    asked = pay_in(payer=Payer("ada@example.org", "Ada", "Lovelace", country="FRA"), may_debit=True)
    begun = client.begin(asked)
    assert client.fetch(begun.provider_id) == ()  # nobody has paid yet
    helloasso.admin("pay", url=begun.redirect_url, tip=300)
    (news,) = client.fetch(begun.provider_id)
    assert (news.intent, news.begun_id, news.state) == (asked.intent, begun.provider_id, "settled")
    assert (news.minor, news.tip, news.fee, news.currency, news.doubt) == (5000, 300, 0, "EUR", "")


def test_payments_to_come_are_news_of_their_own(client: HelloAsso, helloasso: Simulation) -> None:
    asked = replace(pay_in(1000, terms=Terms(Every.MONTH, 3)), begun_on=helloasso.now().date())
    begun = client.begin(asked)
    helloasso.admin("pay", url=begun.redirect_url)
    assert [news.state for news in client.fetch(begun.provider_id)] == ["settled", "created", "created"]
    assert {news.intent for news in client.fetch(begun.provider_id)} == {asked.intent}


def test_a_direct_debit_settles_late_and_says_how_long_it_may_be_taken_back(
    client: HelloAsso, helloasso: Simulation
) -> None:
    news = paid(client, helloasso, means="Sepa", state="WaitingBankValidation", money="MoneyIn")
    assert (news.state, news.means) == ("pending", "sepa-debit")
    helloasso.admin("step", payment=int(news.object_id), state="Authorized", money="Transfered")
    (news,) = client.fetch(news.begun_id)
    assert news.state == "settled"
    assert news.at_risk_until == (helloasso.now() + timedelta(days=56)).date()


def test_what_helloasso_does_not_do_is_refused_before_anybody_is_called(
    client: HelloAsso, helloasso: Simulation
) -> None:
    for asked in (pay_in(currency="CHF"), pay_in(terms=Terms(Every.MONTH))):
        with pytest.raises(Refused):
            client.begin(asked)
    assert helloasso.admin("judge")["exchanges"] == 0


def test_a_refusal_says_what_helloasso_said(client: HelloAsso) -> None:
    with pytest.raises(Refused, match="a term is not after today") as caught:
        client.begin(pay_in(1000, terms=Terms(Every.MONTH, 3)))  # begun in January
    assert caught.value.code == "ArgumentInvalid"


def test_one_token_serves_many_calls_and_a_new_one_is_taken_when_it_runs_out(
    client: HelloAsso, helloasso: Simulation
) -> None:
    begun = client.begin(pay_in())
    client.fetch(begun.provider_id)
    assert len(helloasso.calls("POST", "/oauth2/token")) == 1
    helloasso.admin("clock", minutes=40)
    client.fetch(begun.provider_id)
    assert helloasso.calls("POST", "/oauth2/token") == [200, 200]
    assert 401 in helloasso.calls("GET", "/checkout-intents")


def test_an_answer_that_is_lost_is_looked_for_and_not_begun_again(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin("faults", what="lose-answer", path="/checkout-intents")
    asked = pay_in()
    with pytest.raises(Unknown):
        client.begin(asked)
    assert helloasso.calls("POST", "/checkout-intents") == [200]
    # Nobody was told the address of the first: nothing comes in by it, and the intent may be begun again.
    assert client.find(asked.intent, long_ago(helloasso)) == ()
    begun = client.begin(asked)
    helloasso.admin("pay", url=begun.redirect_url)
    (news,) = client.find(asked.intent, long_ago(helloasso))
    assert news.state == "settled"


def test_a_server_error_on_a_change_is_unknown_and_not_sent_again(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin("faults", what="status-after", status=502, path="/checkout-intents")
    with pytest.raises(Unknown):
        client.begin(pay_in())
    assert len(helloasso.calls("POST", "/checkout-intents")) == 1


def test_a_limit_is_waited_for_as_long_as_asked(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin(
        "faults", what="status", status=429, times=2, headers={"Retry-After": "3"}, path="/checkout-intents"
    )
    client.begin(pay_in())
    assert helloasso.waits == [3.0, 3.0]
    assert helloasso.calls("POST", "/checkout-intents") == [429, 429, 200]


def test_a_long_limit_is_told_instead_of_waited_for(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin("faults", what="status", status=429, headers={"Retry-After": "90"}, path="/checkout-intents")
    with pytest.raises(Unavailable) as caught:
        client.begin(pay_in())
    assert (caught.value.retry_after_s, helloasso.waits) == (90.0, [])


def test_readings_are_asked_again_after_errors_and_lost_answers(client: HelloAsso, helloasso: Simulation) -> None:
    begun = client.begin(pay_in())
    helloasso.admin("faults", method="GET", what="status", status=503)
    helloasso.admin("faults", method="GET", what="lose-answer")
    assert client.fetch(begun.provider_id) == ()
    assert len(helloasso.waits) == 2


def test_parts_are_given_back_once_each_though_they_are_equal(client: HelloAsso, helloasso: Simulation) -> None:
    news = paid(client, helloasso)
    after_one = client.refund(refunding(news, 2000))
    (first,) = after_one.refunds
    assert (first.state, first.minor) == ("submitted", 2000)
    after_two = client.refund(refunding(news, 2000, known=frozenset({first.object_id})))
    assert [refund.minor for refund in after_two.refunds] == [2000, 2000]
    with pytest.raises(Refused, match="1000 EUR are left"):
        client.refund(refunding(news, 1500, known=frozenset(refund.object_id for refund in after_two.refunds)))


def test_a_refund_whose_answer_was_lost_is_not_paid_twice(client: HelloAsso, helloasso: Simulation) -> None:
    news = paid(client, helloasso)
    back = refunding(news, 5000)
    helloasso.admin("faults", what="lose-answer", path="/refund")
    with pytest.raises(Unknown):
        client.refund(back)
    after = client.refund(back)
    assert [refund.minor for refund in after.refunds] == [5000]
    given = [row for row in helloasso.admin("judge")["movements"] if row[0] == "refund"]
    assert given == [["refund", after.refunds[0].object_id, str(news.intent), -5000]]


def test_what_was_given_back_cannot_be_given_back_again(client: HelloAsso, helloasso: Simulation) -> None:
    news = paid(client, helloasso)
    (refund,) = client.refund(refunding(news, 5000)).refunds
    helloasso.admin("refund-done", payment=int(news.object_id))
    (now,) = client.fetch(news.begun_id)
    assert (now.state, now.refunds[0].state) == ("settled", "succeeded")
    with pytest.raises(Refused, match="0 EUR are left"):
        client.refund(refunding(news, 5000, known=frozenset({refund.object_id})))
    assert len(helloasso.calls("POST", "/refund")) == 1


def test_a_refund_that_helloasso_gave_up_is_seen_as_failed(client: HelloAsso, helloasso: Simulation) -> None:
    news = paid(client, helloasso)
    client.refund(refunding(news, 2000))
    helloasso.admin("refund-done", payment=int(news.object_id), status="Error")
    site = Site(client)
    site.sweep(long_ago(helloasso))
    assert [state for state, _minor in site.refunds.values()] == ["failed"]


def test_a_payout_is_read_to_the_cent_from_amounts_with_decimals(client: HelloAsso, helloasso: Simulation) -> None:
    amounts = [1999, 2907, 110, 100_000_29]
    ids = {paid(client, helloasso, minor).object_id: minor for minor in amounts}
    number = str(helloasso.admin("cash-out")["cash_out"])
    settlement = client.settlement(number)
    assert {line.object_id: line.gross for line in settlement.lines} == ids
    assert settlement.minor == sum(amounts)
    site = Site(client)
    site.sweep(long_ago(helloasso))
    assert set(site.states.values()) == {"paid-out-to-bank"}
    assert {news.settlement for news in site.news.values()} == {number}


def test_a_dispute_after_the_payout_is_a_dispute_and_the_payment_stays_paid_out(
    client: HelloAsso, helloasso: Simulation
) -> None:
    news = paid(client, helloasso)
    helloasso.admin("cash-out")
    site = Site(client)
    site.sweep(long_ago(helloasso))
    helloasso.admin("step", payment=int(news.object_id), state="Contested", money="Contested")
    site.sweep(long_ago(helloasso))
    assert site.states == {news.object_id: "paid-out-to-bank"}
    assert list(site.disputes.values()) == ["opened"]


def test_gifts_made_on_helloassos_own_forms_are_swept_too(client: HelloAsso, helloasso: Simulation) -> None:
    for kind, form in (("Donation", "libre"), ("Membership", "2026"), ("Event", "fete"), ("CrowdFunding", "cartes")):
        helloasso.admin("give", minor=1500, form_type=kind, form=form)
    helloasso.admin("give", minor=9999, state="Registered")  # cash, only written down there
    found = list(client.changed(long_ago(helloasso)))
    assert [(news.form, news.minor, news.begun_id, news.intent) for news in found] == [
        (f"{kind}/{form}", 1500, "", None)
        for kind, form in (("Donation", "libre"), ("Membership", "2026"), ("Event", "fete"), ("CrowdFunding", "cartes"))
    ]


def test_a_sweep_asks_for_every_page_and_only_for_what_changed(client: HelloAsso, helloasso: Simulation) -> None:
    for _number in range(130):
        helloasso.admin("give", minor=100)
    since = long_ago(helloasso)
    assert len({news.object_id for news in client.changed(since)}) == 130
    pages = len(helloasso.calls("GET", "/organizations/association-pour-les-communs/payments"))
    assert pages == 3  # the last one is empty
    helloasso.admin("clock", hours=2)
    helloasso.admin("give", minor=200)
    assert [news.minor for news in client.changed(helloasso.now() - timedelta(hours=1))] == [200]


def test_a_sweep_from_far_back_finds_what_is_not_sorted_as_asked(client: HelloAsso, helloasso: Simulation) -> None:
    start = helloasso.now()
    first = helloasso.admin("give", minor=100)["payments"][0]
    for _number in range(120):
        helloasso.admin("give", minor=100)
    helloasso.admin("clock", days=3)
    helloasso.admin("step", payment=first, money="WaitingForCashOutConfirmation")
    helloasso.admin("plan", sorts_by_date_only=True)
    assert str(first) in {news.object_id for news in client.changed(start)}


OURS = (
    '{"order": {"organizationSlug": "association-pour-les-communs"}, "id": 7, "state": "Authorized", "amount": 1000, '
    '"date": "2026-03-01T00:00:00Z"}'
)


@pytest.mark.parametrize(
    "garbled",
    [
        {"text": "no JSON"},
        {"text": "[" * 100_000},
        {"text": OURS.replace("1000", "1" + "0" * 30)},
        {"text": OURS.replace("2026-03-01", "9999-12-31")},
        {"text": OURS.replace('"id": 7', f'"id": {"7" * 200}')},
        {"zeros": 5_000_000, "times": 9},
    ],
)
def test_one_that_cannot_be_read_holds_up_no_other(
    client: HelloAsso, helloasso: Simulation, garbled: dict[str, object]
) -> None:
    numbers = [str(helloasso.admin("give", minor=1_000)["payments"][0]) for _number in range(3)]
    helloasso.admin("faults", what="garbled", method="GET", path=f"/v5/payments/{numbers[1]}", **garbled)
    told: list[str] = []
    with pytest.raises(Unread) as unread:
        told.extend(news.object_id for news in client.changed(long_ago(helloasso)))
    assert (told, unread.value.objects) == ([numbers[0], numbers[2]], (("payment", numbers[1]),))


def test_where_the_provider_is_away_the_sweep_ends_and_begins_there_again(
    client: HelloAsso, helloasso: Simulation
) -> None:
    for _number in range(5):
        helloasso.admin("give", minor=1_000)
    helloasso.admin("faults", what="status", method="GET", path="/v5/payments/", times=99, status=503)
    with pytest.raises(Unavailable):
        list(client.changed(long_ago(helloasso)))
    assert len(set(helloasso.calls("GET", "/v5/payments/"))) == 1
    asked = {where for _verb, where, _status in helloasso.admin("judge")["calls"] if "/v5/payments/" in where}
    assert len(asked) == 3


def test_texts_are_such_as_a_database_keeps(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin("give", minor=1_000, email="a\0b@example.org")
    (news,) = client.changed(long_ago(helloasso))
    assert news.payer_email == "ab@example.org"


def test_an_answer_that_drips_is_given_up(client: HelloAsso, helloasso: Simulation) -> None:
    helloasso.admin("give", minor=1_000)
    helloasso.admin("faults", what="slow", method="GET", path="/payments", times=9, pause_s=0.5)
    client._caller._policy = replace(client._caller._policy, timeout_s=0.5)
    with pytest.raises(Unavailable):
        list(client.changed(long_ago(helloasso)))


def monthly(client: HelloAsso, helloasso: Simulation, **how: object) -> tuple[Stopping, list[int]]:
    """Somebody gives in three parts, and has paid the first; the numbers of all three."""
    asked = replace(pay_in(1000, terms=Terms(Every.MONTH, 3)), begun_on=helloasso.now().date())
    begun = client.begin(asked)
    made = helloasso.admin("pay", url=begun.redirect_url, **how)
    return Stopping(asked.intent, begun.provider_id), made["payments"]


def test_what_repeats_is_stopped_once_and_helloasso_takes_no_more(client: HelloAsso, helloasso: Simulation) -> None:
    stopping, (_first, second, third) = monthly(client, helloasso)
    assert helloasso.admin("step", payment=second, state="WaitingBankWithdraw")
    assert client.stop(stopping) is Ending.STOPPED
    assert client.stop(stopping) is Ending.STOPPED
    assert not helloasso.admin("step", payment=third, state="WaitingBankWithdraw")
    assert [news.state for news in client.fetch(stopping.begun_id)] == ["settled", "pending", "cancelled"]
    assert helloasso.calls("POST", "/cancel") == [200]
    assert len(helloasso.admin("judge")["movements"]) == 1


@pytest.mark.parametrize("what", ["lose-answer", "status-after"])
def test_a_stop_whose_answer_was_lost_is_unknown_and_then_looked_up(
    client: HelloAsso, helloasso: Simulation, what: str
) -> None:
    stopping, _numbers = monthly(client, helloasso)
    helloasso.admin("faults", what=what, path="/cancel", status=500)
    with pytest.raises(Unknown):
        client.stop(stopping)
    assert client.stop(stopping) is Ending.STOPPED
    assert helloasso.calls("POST", "/cancel") == [200]


def test_a_stop_that_never_arrived_is_asked_for_again(client: HelloAsso, helloasso: Simulation) -> None:
    stopping, (_first, second, _third) = monthly(client, helloasso)
    helloasso.admin("faults", what="lose-request", path="/cancel")
    with pytest.raises(Unknown):
        client.stop(stopping)
    assert client.stop(stopping) is Ending.STOPPED
    assert not helloasso.admin("step", payment=second, state="WaitingBankWithdraw")


def test_an_order_is_found_by_a_payment_while_its_checkout_does_not_name_it(
    client: HelloAsso, helloasso: Simulation
) -> None:
    stopping, numbers = monthly(client, helloasso, means="Sepa", state="Pending", money="MoneyIn")
    assert client.stop(stopping) is Ending.NOTHING
    assert client.stop(replace(stopping, payments=(str(numbers[0]),))) is Ending.STOPPED
    assert not helloasso.admin("step", payment=numbers[1], state="WaitingBankWithdraw")


def test_where_nobody_has_paid_nothing_repeats(client: HelloAsso) -> None:
    asked = pay_in(1000)
    assert client.stop(Stopping(asked.intent, client.begin(asked).provider_id)) is Ending.NOTHING
    assert client.stop(Stopping(asked.intent, "")) is Ending.NOTHING


def test_a_stop_that_helloasso_refuses_is_refused(client: HelloAsso, helloasso: Simulation) -> None:
    stopping, (_first, second, _third) = monthly(client, helloasso)
    helloasso.admin("faults", what="status", status=403, path="/cancel")
    with pytest.raises(Refused):
        client.stop(stopping)
    assert helloasso.admin("step", payment=second, state="WaitingBankWithdraw")

"""What providers send: kept and answered at once, followed later in any order. The provider is a process of its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from communs.apps.foundation import naming
from communs.apps.foundation.actions import asking, back, hearing, inbox, reconciling
from communs.apps.foundation.actions import bank as bank_actions
from communs.apps.foundation.models import BankLine, Dispute, Gift, Notification, PayIn, Refund, Settlement, Sweep
from communs.apps.foundation.payment_clients import clients, forget_clients
from communs.apps.foundation.queries.books import reserved
from communs.core.providers import Authenticity, Hint, Refunding
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW, balance
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating

pytestmark = pytest.mark.django_db
INCOME, HELD, WAY = naming.income("EUR").id, naming.clearing("helloasso", "EUR").id, "clearing-on-its-way-eur"
HERE = asking.Addresses("https://communs.example.org/", "https://communs.example.org/", "https://communs.example.org/")
HOOK = "/hooks/helloasso"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    if not CONTRACT.is_file():
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    with simulating("helloasso", tmp_path_factory.mktemp("books") / "helloasso.sqlite3", CONTRACT, KEY) as simulation:
        yield simulation


def _connected(provider: Simulation, settings: Any, how: Any) -> Iterator[Simulation]:
    """A provider with empty books, connected to a site that has funds; afterwards it judges what it was asked."""
    provider.admin("reset")
    forget_clients()
    settings.PAYMENT_PROVIDERS = how
    settings.ALLOW_PRIVATE_ADDRESSES = True
    house.funds()
    yield provider
    forget_clients()
    judged = provider.admin("judge")
    assert judged["violations"] == []
    assert all(times == 1 for times in judged["paid_per_intent"].values()), "somebody paid twice"


@pytest.fixture
def theirs(running: Simulation, settings: Any) -> Iterator[Simulation]:
    """HelloAsso with empty books, connected to a site that has funds."""
    yield from _connected(running, settings, house.helloasso_settings(running))


def begun(theirs: Simulation, minor: int = 5_000, **more: Any) -> Gift:
    made = house.gift(minor, way="helloasso", **more)
    return asking.begin(made, HERE, theirs.now())


def pay(theirs: Simulation, made: Gift, **how: Any) -> int:
    """Somebody pays; the provider's number of the payment."""
    return int(theirs.admin("pay", url=made.begun_url, **how)["payments"][0])


def test_a_notification_leads_to_the_gift(theirs: Simulation) -> None:
    made = begun(theirs)
    pay(theirs, made)
    assert house.deliver(theirs, "helloasso") > 0
    assert (balance(HELD), balance(INCOME)) == (5_000, -5_000)
    assert made.pay_ins.get().state == "settled"
    house.sound()


def test_begun_twice_is_one_page(theirs: Simulation) -> None:
    made = begun(theirs)
    assert asking.begin(made, HERE, theirs.now()).begun_url == made.begun_url
    assert theirs.calls("POST", "checkout-intents") == [200]


def test_an_answer_that_was_lost_is_looked_for_before_it_is_asked_again(theirs: Simulation) -> None:
    made = house.gift(way="helloasso")
    theirs.admin("faults", what="lose-answer", path="checkout-intents")
    with pytest.raises(Impossible):
        asking.begin(made, HERE, theirs.now())
    made.refresh_from_db()
    assert made.asked_at is not None
    again = asking.begin(made, HERE, theirs.now())
    pay(theirs, again)
    house.deliver(theirs, "helloasso")
    assert balance(INCOME) == -5_000


def test_what_was_lost_is_found_by_the_sweep(theirs: Simulation) -> None:
    theirs.admin("plan", lose=1.0)
    pay(theirs, begun(theirs))
    assert house.deliver(theirs, "helloasso") == 0
    before = theirs.now()
    assert inbox.sweep(before) == 1
    assert balance(INCOME) == -5_000
    assert Sweep.objects.get().watermark == before


def test_a_forged_notification_is_kept_and_changes_nothing(theirs: Simulation) -> None:
    made = begun(theirs)
    number = pay(theirs, made)
    headers, body = theirs.forged(eventType="Payment", data={"id": number})
    row = inbox.receive("helloasso", headers, body, theirs.now())
    assert row is not None
    assert row.state == "forged"
    house.work(theirs)
    assert PayIn.objects.count() == 0
    house.deliver(theirs, "helloasso")
    assert balance(INCOME) == -5_000


def test_a_forged_one_never_takes_the_place_of_the_real_one(theirs: Simulation) -> None:
    pay(theirs, begun(theirs))
    headers, body = theirs.notifications()[0]
    forged = inbox.receive("helloasso", {"x-ha-signature": "00"}, body, theirs.now())
    real = inbox.receive("helloasso", headers, body, theirs.now())
    assert forged is not None
    assert real is not None
    assert (forged.state, real.state) == ("forged", "waiting")


def test_what_is_no_notification_is_kept_and_what_is_too_long_is_not(theirs: Simulation) -> None:
    row = inbox.receive("helloasso", {}, b"hello", theirs.now())
    assert row is not None
    assert (row.state, bytes(row.body)) == ("unreadable", b"hello")
    with pytest.raises(NotThere):
        inbox.receive("helloasso", {}, b"x" * (inbox.BODY_MAX + 1), theirs.now())
    with pytest.raises(NotThere):
        inbox.receive("nobody", {}, b"{}", theirs.now())


def test_the_address_answers_at_once_and_keeps_the_bytes(theirs: Simulation, client: Client) -> None:
    pay(theirs, begun(theirs))
    for headers, body in theirs.notifications():
        for _copy in range(3):
            answer = client.post(HOOK, body, content_type="application/json", headers=headers)
            assert (answer.status_code, answer.content) == (200, b"")
        assert bytes(Notification.objects.latest("pk").body) == body
    assert balance(INCOME) == 0
    inbox.follow(timezone.now())
    assert balance(INCOME) == -5_000


def test_who_sends_too_much_without_a_signature_is_told_to_wait(
    theirs: Simulation, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = settings.PAYMENT_PROVIDERS
    settings.PAYMENT_PROVIDERS = replace(wanted, helloasso=replace(wanted.helloasso, signature_key=""))
    monkeypatch.setattr(inbox, "A_MINUTE_MAX", 3)
    sent = [b'{"eventType": "Payment", "data": {"id": %d}}' % number for number in range(5)]
    answers = [client.post(HOOK, body, content_type="application/json") for body in sent]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert Notification.objects.count() == 3


@pytest.mark.parametrize(("path", "status"), [("/hooks/nobody", 404), (HOOK, 405)])
def test_the_address_is_for_providers_alone(theirs: Simulation, client: Client, path: str, status: int) -> None:
    answer = client.get(path) if status == 405 else client.post(path, b"{}", content_type="application/json")
    assert answer.status_code == status


def test_what_cannot_be_followed_now_is_tried_again_later(theirs: Simulation) -> None:
    pay(theirs, begun(theirs))
    headers, body = theirs.notifications()[0]
    inbox.receive("helloasso", headers, body, theirs.now())
    theirs.admin("faults", what="status", method="GET", path="/v5/payments/", status=400)
    assert inbox.follow(theirs.now()) == 0
    row = Notification.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert "400" in row.problem
    assert inbox.follow(theirs.now()) == 0
    assert inbox.follow(theirs.now() + timedelta(minutes=1)) == 1
    assert balance(INCOME) == -5_000


def test_what_the_provider_pays_out_is_on_its_way_until_the_bank_has_it(theirs: Simulation, tmp_path: Any) -> None:
    cast = money_out.people()
    bank_actions.add_account(
        cast["Tom"], bank_actions.AccountWanted("open", "Fondation", money_out.OURS, "Paris", "FR"), NOW
    )
    pay(theirs, begun(theirs, 5_000, tip_minor=500))
    pay(theirs, begun(theirs, 3_000, fund="city"))
    number = str(theirs.admin("cash-out")["cash_out"])
    house.deliver(theirs, "helloasso")
    row = Settlement.objects.get()
    assert (row.object_id, row.minor) == (number, 8_500)
    assert (balance(WAY), balance(WAY, "city"), balance(WAY, "platform"), balance(HELD)) == (5_000, 3_000, 500, 0)
    theirs_bank = money_out.Bank(tmp_path)
    theirs_bank.ask("deposit", "8500", day="2026-03-04", name="HelloAsso", ref=number)
    bank_actions.receive(cast["Tom"], "file.xml", theirs_bank.statement(), NOW)
    line = BankLine.objects.get()
    assert reconciling.reconcile(line.bank_account, NOW).decided == 1
    assert line.decisions.get().what == "settlement"
    assert (balance(house.OUR_BANK), balance(house.OUR_BANK, "city"), balance(WAY)) == (5_000, 3_000, 0)
    house.sound()


def test_two_people_give_back_and_the_provider_does_it_once(theirs: Simulation) -> None:
    cast = money_out.people()
    made = begun(theirs, 5_000)
    number = pay(theirs, made)
    house.deliver(theirs, "helloasso")
    key = uuid4()
    back.propose(cast["Tom"], key, made.pay_ins.get().pk, 2_000, "twice", NOW)
    assert asking.ask_providers(theirs.now()) == 0
    back.approve(cast["Bea"], key, NOW)
    assert reserved() == {("open", "EUR"): 2_000}
    theirs.admin("faults", what="lose-answer", path="/refund")
    asking.ask_providers(theirs.now())
    asking.ask_providers(theirs.now())
    asking.ask_providers(theirs.now())
    assert theirs.calls("POST", "/refund") == [200]
    assert Refund.objects.get().state == "submitted"
    theirs.admin("refund-done", payment=number)
    house.deliver(theirs, "helloasso")
    assert (Refund.objects.get().state, reserved()) == ("succeeded", {})
    assert (balance(INCOME), balance(HELD)) == (-3_000, 3_000)
    house.sound()


@pytest.mark.parametrize("fault", [{"what": "garbled", "text": "{"}, {"what": "status", "status": 400}])
def test_what_cannot_be_looked_up_is_no_refusal(theirs: Simulation, fault: dict[str, Any]) -> None:
    cast = money_out.people()
    made = begun(theirs, 5_000)
    number = pay(theirs, made)
    house.deliver(theirs, "helloasso")
    key = uuid4()
    back.propose(cast["Tom"], key, made.pay_ins.get().pk, 2_000, "please", NOW)
    back.approve(cast["Bea"], key, NOW)
    theirs.admin("faults", what="lose-answer", path="/refund")
    asking.ask_providers(theirs.now())  # it is given back, and nobody hears of it
    theirs.admin("faults", **{"method": "GET", "path": "/v5/payments/", **fault})
    asking.ask_providers(theirs.now())
    assert (Refund.objects.get().state, reserved()) == ("requested", {("open", "EUR"): 2_000})
    asking.ask_providers(theirs.now())
    theirs.admin("refund-done", payment=number)
    house.deliver(theirs, "helloasso")
    assert (Refund.objects.get().state, balance(INCOME), made.pay_ins.get().doubt) == ("succeeded", -3_000, "")
    assert theirs.calls("POST", "/refund") == [200]


def test_one_that_makes_trouble_of_its_own_holds_up_no_other(
    theirs: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = pay(theirs, begun(theirs, 5_000))
    pay(theirs, begun(theirs, 700))
    real = hearing.hear

    def hear(news: Any, now: Any) -> Any:
        if news.object_id == str(bad):
            raise OverflowError("something that nobody thought of")
        return real(news, now)

    monkeypatch.setattr(inbox, "hear", hear)
    theirs.admin("plan", lose=1.0)
    house.deliver(theirs, "helloasso")
    inbox.sweep(theirs.now())
    inbox.sweep(theirs.now())
    for headers, body in theirs.notifications():
        inbox.receive("helloasso", headers, body, theirs.now())
    house.work(theirs)
    assert balance(INCOME) == -700
    waiting = Notification.objects.filter(state="waiting", object_id=str(bad), event_id__startswith="sweep:")
    assert "OverflowError" in waiting.get().problem
    monkeypatch.undo()
    Notification.objects.update(next_at=theirs.now())
    house.work(theirs)
    assert balance(INCOME) == -5_700


@pytest.mark.parametrize("number", ["1\\u0000", "\\ud800", "9" * 300])
def test_what_no_database_keeps_is_answered_too(theirs: Simulation, client: Client, number: str) -> None:
    body = b'{"eventType": "Other\\u0000", "data": {"id": "' + number.encode() + b'"}}'
    answer = client.post(HOOK, body, content_type="application/json", headers={"x-ha-signature": "\xe9"})
    assert answer.status_code == 200
    assert bytes(Notification.objects.get().body) == body


def test_what_was_given_back_already_is_not_given_back_again(theirs: Simulation) -> None:
    cast = money_out.people()
    made = begun(theirs)
    pay(theirs, made)
    house.deliver(theirs, "helloasso")
    pay_in = made.pay_ins.get()
    key = uuid4()
    back.propose(cast["Tom"], key, pay_in.pk, 5_000, "please", NOW)
    back.approve(cast["Bea"], key, NOW)
    theirs.admin("step", payment=int(pay_in.object_id), state="Refunded")
    asking.ask_providers(theirs.now())
    house.deliver(theirs, "helloasso")
    assert balance(INCOME) == 0
    assert sum(row.minor for row in Refund.objects.filter(state="succeeded")) == 5_000
    assert reserved() == {}


def test_a_dispute_after_the_payout_shows_the_loss(theirs: Simulation) -> None:
    cast = money_out.people()
    made = begun(theirs, 5_000)
    number = pay(theirs, made)
    theirs.admin("cash-out")
    house.deliver(theirs, "helloasso")
    theirs.admin("step", payment=number, state="Contested")
    house.deliver(theirs, "helloasso")
    assert reserved() == {("open", "EUR"): 5_000}
    back.lose(cast["Bea"], Dispute.objects.get().pk, theirs.now())
    assert (balance(HELD), balance(WAY), balance(INCOME)) == (-5_000, 5_000, 0)
    assert reserved() == {}
    house.sound()


def test_terms_are_payments_of_their_own(theirs: Simulation) -> None:
    made = begun(theirs, 1_000, every="month", times=3)
    pay(theirs, made)
    house.deliver(theirs, "helloasso")
    assert sorted(one.state for one in made.pay_ins.all()) == ["created", "created", "settled"]
    assert balance(INCOME) == -1_000


def test_raw_sql_changes_no_notification_and_no_payment(theirs: Simulation) -> None:
    pay(theirs, begun(theirs))
    house.deliver(theirs, "helloasso")
    for statement in (
        "UPDATE foundation_notification SET event_id = 'x'",
        "DELETE FROM foundation_notification",
        "UPDATE foundation_payin SET state = 'created'",
        "DELETE FROM foundation_payinstep",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def _play(theirs: Simulation, seed: int, heard: Callable[[], object]) -> None:
    """Gifts, refunds, a dispute, payouts and what comes after them: the same acts for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    paid = []
    for _one in range(7):
        minor, tip = chance.randrange(100, 9_000), chance.choice((0, 0, 300))
        key, fund = UUID(int=chance.getrandbits(128)), chance.choice(("open", "city"))
        made = house.gift(minor, fund, key, way="helloasso", tip_minor=tip)
        made = asking.begin(made, HERE, theirs.now())
        paid.append((pay(theirs, made, money=chance.choice(("Transfered", "MoneyIn"))), minor + tip))
        heard()
    refunded, partly, late, disputed = chance.sample(paid, 4)
    for number, _total in (refunded, partly, late, disputed):
        theirs.admin("step", payment=number, money="Transfered")
        heard()
    _give_back(theirs, chance, *refunded)
    _give_back(theirs, chance, partly[0], chance.randrange(1, 100))
    _give_back(theirs, chance, partly[0], chance.randrange(1, partly[1] - 99) if partly[1] > 100 else 1)
    heard()
    theirs.admin("step", payment=disputed[0], state="Contested")
    heard()
    theirs.admin("cash-out")
    heard()
    _give_back(theirs, chance, late[0], 60)
    theirs.admin("step", payment=disputed[0], state="Authorized")
    heard()
    theirs.admin("cash-out")
    heard()


def _give_back(theirs: Simulation, chance: random.Random, number: int, minor: int) -> None:
    """The provider's staff gives money back, of which nobody here knows before it says so."""
    wanted = Refunding(UUID(int=chance.getrandbits(128)), str(number), minor, "EUR", _known(theirs, number))
    clients()["helloasso"].refund(wanted)
    theirs.admin("refund-done", payment=number)


def _known(theirs: Simulation, number: int) -> frozenset[str]:
    found = clients()["helloasso"].follow(Hint("helloasso", "x", "payment", str(number), Authenticity.UNSIGNED))
    return frozenset(refund.object_id for news in found for refund in news.refunds)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_repeated_and_lost_notifications_end_in_the_same_books(theirs: Simulation, seed: int) -> None:
    with transaction.atomic():
        _play(theirs, seed, lambda: house.deliver(theirs, "helloasso"))
        in_order = house.trial()
        house.sound()
        transaction.set_rollback(True)
    theirs.admin("reset")
    forget_clients()
    theirs.admin("plan", copies=5, shuffle=True, lose=0.1, delay_minutes=55, seed=seed)
    _play(theirs, seed, lambda: None)
    theirs.admin("clock", minutes=60)
    assert house.deliver(theirs, "helloasso") > 20
    inbox.sweep(theirs.now())
    house.work(theirs)
    assert house.trial() == in_order
    assert in_order.count("\n") > 6
    house.sound()


@pytest.mark.parametrize("seed", [4])
def test_a_sweep_alone_ends_in_the_same_books(theirs: Simulation, seed: int) -> None:
    with transaction.atomic():
        _play(theirs, seed, lambda: house.deliver(theirs, "helloasso"))
        in_order = house.trial()
        transaction.set_rollback(True)
    theirs.admin("reset")
    forget_clients()
    theirs.admin("plan", lose=1.0)
    _play(theirs, seed, lambda: None)
    inbox.sweep(theirs.now())
    house.work(theirs)
    assert house.trial() == in_order


@pytest.fixture(scope="module")
def running_stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with simulating("stripe", tmp_path_factory.mktemp("books") / "stripe.sqlite3", KEY) as simulation:
        yield simulation


@pytest.fixture
def stripe(running_stripe: Simulation, settings: Any) -> Iterator[Simulation]:
    yield from _connected(running_stripe, settings, house.stripe_settings(running_stripe))


def _play_stripe(theirs: Simulation, seed: int, heard: Callable[[], object]) -> None:
    """As `_play`: cards and direct debits, fees, refunds, disputes that are won and lost, two payouts."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    paid = []
    for number in range(7):
        key, fund = UUID(int=chance.getrandbits(128)), chance.choice(("open", "city"))
        tip = chance.choice((0, 300))
        made = house.gift(chance.randrange(500, 9_000), fund, key, way="stripe", tip_minor=tip)
        made = asking.begin(made, HERE, theirs.now())
        means = "sepa_debit" if number % 3 == 0 else "card"
        paid.append(str(theirs.admin("pay", url=made.begun_url, means=means)))
        if means == "sepa_debit":
            theirs.admin("step", payment=paid[-1], works=number != 6)
        heard()
    won, lost, refunded, partly = chance.sample(paid[:6], 4)
    for payment in (won, lost):
        theirs.admin("dispute", payment=payment)
    heard()
    for payment, minor in ((partly, 100), (partly, 150), (refunded, 500)):
        wanted = Refunding(UUID(int=chance.getrandbits(128)), payment, minor, "EUR")
        clients()["stripe"].refund(wanted)
        theirs.admin("refund-done", payment=payment)
    heard()
    theirs.admin("pay-out")
    heard()
    theirs.admin("dispute-end", payment=won, status="won")
    theirs.admin("dispute-end", payment=lost, status="lost")
    heard()
    made = house.gift(1_000, "open", UUID(int=chance.getrandbits(128)), way="stripe")
    theirs.admin("pay", url=asking.begin(made, HERE, theirs.now()).begun_url)
    heard()
    theirs.admin("pay-out")  # heard of by the payment that goes with it
    heard()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_holds_for_a_provider_with_fees_and_disputes(stripe: Simulation, seed: int) -> None:
    with transaction.atomic():
        _play_stripe(stripe, seed, lambda: house.deliver(stripe, "stripe"))
        in_order = house.trial()
        house.sound()
        transaction.set_rollback(True)
    stripe.admin("reset")
    forget_clients()
    stripe.admin("plan", copies=5, shuffle=True, lose=0.1, seed=seed)
    _play_stripe(stripe, seed, lambda: None)
    house.deliver(stripe, "stripe")
    inbox.sweep(stripe.now())
    house.work(stripe)
    assert house.trial() == in_order
    assert "fees-eur" in in_order
    # What the provider has no more is on its way, dispute by dispute and fee by fee.
    assert {fund: balance(naming.clearing("stripe", "EUR").id, fund) for fund in ("open", "city", "platform")} == {
        "open": 0, "city": 0, "platform": 0,
    }  # fmt: skip
    house.sound()

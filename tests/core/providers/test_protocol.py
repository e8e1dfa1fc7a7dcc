"""What pay-ins may be asked for, what is read from JSON, and when a signature holds."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.ledger.states import DISPUTE, PAY_IN, REFUND
from communs.core.money import EXPONENTS
from communs.core.providers import Authenticity, Every, PayIn, Refunding, Refused, Terms, Unreadable, helloasso, stripe
from communs.core.providers.reading import Said, loaded
from communs.core.providers.settings import HOSTS, read_settings
from communs.core.providers.signatures import of_time_and_body, of_whole_body
from communs.core.providers.stripe_amounts import from_stripe, to_stripe

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOME = "https://communs.example.org"


def pay_in(minor: int = 100, label: str = "A gift", home: str = HOME, terms: Terms | None = None) -> PayIn:
    return PayIn(uuid4(), minor, "EUR", label, home, home, home, date(2026, 1, 31), terms=terms)


def test_what_makes_no_sense_is_refused_with_a_remedy() -> None:
    for wrong in (
        lambda: pay_in(0),
        lambda: pay_in(label=" "),
        lambda: pay_in(home="javascript:alert(1)"),
        lambda: Terms(Every.MONTH, 1),
        lambda: Refunding(uuid4(), "1", 0, "EUR"),
    ):
        with pytest.raises(Refused) as caught:
            wrong()
        assert caught.value.remedy


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(2, 36), st.sampled_from(Every))
def test_terms_come_in_order_and_each_in_its_own_month(first: date, times: int, every: Every) -> None:
    days = Terms(every, times).days(first)
    months = [day.year * 12 + day.month for day in (first, *days)]
    step = 1 if every is Every.MONTH else 12
    assert months == list(range(months[0], months[0] + step * times, step))
    assert all(day.day <= first.day for day in days)


def test_every_word_of_every_provider_is_a_word_of_the_ledger() -> None:
    assert len(helloasso.STATES) == 21
    assert set(helloasso.STATES.values()) - {"by the state of the money", "none"} <= set(PAY_IN.steps)
    assert len(helloasso.MONEY) == 10
    assert set(helloasso.MONEY.values()) | set(stripe.STATES.values()) <= set(PAY_IN.steps)
    assert set(helloasso.OPERATIONS.values()) | set(stripe.REFUNDS.values()) <= set(REFUND.steps)
    assert set(stripe.DISPUTES.values()) == set(DISPUTE.steps)


@given(st.integers(1, 10**12), st.sampled_from(sorted(EXPONENTS)))
def test_stripes_amounts_and_ours_are_the_same_money(minor: int, currency: str) -> None:
    try:
        amount = to_stripe(minor, currency)
    except Refused:
        # Of a currency with three decimals the last has to be zero, and MGA is written with none.
        assert minor % 100
        assert EXPONENTS[currency] == 3 or currency == "MGA"
    else:
        assert from_stripe(amount, currency) == minor


def test_amounts_with_decimals_are_read_exactly_or_not_at_all() -> None:
    said = loaded(b'{"a": 100000.29, "b": 0.1, "c": 19.99, "d": 12, "e": 0.005, "f": 1e400, "g": null}', "row")
    assert [said.cents(name) for name in "abcdg"] == [10_000_029, 10, 1999, 1200, 0]
    for name in "ef":
        with pytest.raises(Unreadable, match=f"row.{name} is no amount"):
            said.cents(name)


@given(st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2))
def test_every_amount_of_cents_survives(amount: Decimal) -> None:
    assert loaded(f'{{"a": {amount}}}'.encode(), "row").cents("a") == int(amount * 100)


def test_what_is_not_as_agreed_is_named_by_its_place() -> None:
    said = Said({"data": {"payments": [{"amount": 1}, {"amount": True}]}, "at": "tomorrow"}, "answer")
    data = said.inner("data")
    assert data is not None
    with pytest.raises(Unreadable, match=r"answer\.data\.payments\.1\.amount is no whole number"):
        [payment.whole("amount") for payment in data.each("payments")]
    with pytest.raises(Unreadable, match=r"answer\.at is no time"):
        said.moment("at")
    for body in (b"[1]", b"", b"\xff", b"[" * 100_000):
        with pytest.raises(Unreadable):
            loaded(body, "answer")


def test_times_with_seven_decimals_and_offsets_are_read() -> None:
    said = Said({"a": "2024-06-07T14:11:15.7442115+02:00", "b": "2024-06-07T12:11:15", "c": 1_717_762_275}, "x")
    assert {said.moment(name).replace(microsecond=0) for name in "abc"} == {
        datetime(2024, 6, 7, 12, 11, 15, tzinfo=UTC)
    }


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_a_signature_holds_for_its_bytes_and_key_only(body: bytes, key: str) -> None:
    right = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    assert of_whole_body(key, body, right.upper()) is Authenticity.SIGNED
    for given_, about in ((right, body + b" "), (right[:-1], body), ("", body), ("é", body)):
        assert of_whole_body(key, about, given_) is Authenticity.FORGED


def test_a_signature_with_a_time_holds_for_five_minutes_both_ways() -> None:
    at = int(NOW.timestamp())
    right = hmac.new(b"key", f"{at}.body".encode(), hashlib.sha256).hexdigest()
    for header, now, said in (
        (f"t={at},v1={right}", NOW, Authenticity.SIGNED),
        (f"t={at},v1={'0' * 64},v1={right},v0=x", NOW + timedelta(minutes=5), Authenticity.SIGNED),
        (f"t={at},v1={right}", NOW + timedelta(seconds=301), Authenticity.FORGED),
        (f"t={at},v1={right}", NOW - timedelta(seconds=301), Authenticity.FORGED),
        (f"t={at},t={at},v1={right}", NOW, Authenticity.FORGED),
        (f"t={at},v0={right}", NOW, Authenticity.FORGED),
        ("t=,v1=", NOW, Authenticity.FORGED),
        ("", NOW, Authenticity.FORGED),
    ):
        assert of_time_and_body("key", b"body", header, now) is said
    assert of_time_and_body("", b"body", "", NOW) is Authenticity.UNSIGNED


def test_the_documented_example_of_a_notification_is_read() -> None:
    """HelloAsso's published sample of a paid checkout, in what we read of it."""
    body = b"""{"data": {"order": {"id": 22707, "formSlug": "default", "formType": "Checkout"}, "id": 15222,
                "amount": 1000, "state": "Authorized"}, "eventType": "Payment", "metadata": {"id": 75698555}}"""
    hint = helloasso.hint_of({}, body, "")
    assert (hint.kind, hint.object_id, hint.authenticity) == ("payment", "15222", Authenticity.UNSIGNED)
    assert hint.event_id == hashlib.sha256(body).hexdigest()


def test_a_notification_that_names_another_address_is_refused() -> None:
    for number in ('"1/refund"', '"../orders/1"', "true", "null", "-1", "12345678901"):
        with pytest.raises(Refused):
            helloasso.hint_of({}, f'{{"eventType": "Payment", "data": {{"id": {number}}}}}'.encode(), "")


def settings(**given_: str) -> tuple[object, list[str]]:
    problems: list[str] = []
    found = read_settings(lambda name: given_.get(name.removeprefix("COMMUNS_"), ""), problems)
    return found, problems


def test_without_settings_there_is_no_provider() -> None:
    assert settings() == (read_settings(lambda _name: "", []), [])


def test_settings_say_what_is_missing_by_its_name() -> None:
    _found, problems = settings(HELLOASSO_CLIENT_ID="id", STRIPE_WEBHOOK_SECRET="whsec")
    assert [problem.split()[0] for problem in problems] == [
        "COMMUNS_HELLOASSO_ORGANISATION", "COMMUNS_HELLOASSO_CLIENT_SECRET", "COMMUNS_STRIPE_SECRET_KEY",
    ]  # fmt: skip


def test_payments_go_to_hosts_that_were_named_only() -> None:
    stripe_ = {"STRIPE_SECRET_KEY": "sk", "STRIPE_WEBHOOK_SECRET": "whsec"}
    _found, problems = settings(**stripe_, STRIPE_URL="https://api.stripe.com.example.org")
    assert len(problems) == 1
    assert problems[0].startswith("COMMUNS_STRIPE_URL leads to api.stripe.com.example.org: name it in ")
    assert settings(**stripe_, STRIPE_URL="https://pay.example.org", PROVIDER_HOSTS="pay.example.org, ")[1] == []
    assert "api.helloasso-sandbox.com" in HOSTS


def test_secrets_are_not_shown() -> None:
    found, _problems = settings(STRIPE_SECRET_KEY="sk_live", STRIPE_WEBHOOK_SECRET="whsec_live")
    assert "live" not in repr(found)


@pytest.mark.parametrize("said", sorted(helloasso.STATES))
@pytest.mark.parametrize("money", [*sorted(helloasso.MONEY), ""])
def test_money_is_claimed_only_where_helloasso_says_so_and_explains_it(said: str, money: str) -> None:
    payment = {"id": 1, "amount": 500, "date": "2026-03-02T09:00:00Z", "state": said, "paymentMeans": "Card"}
    order = Said({"formType": "Donation", "formSlug": "libre"}, "order")
    shown = Said(payment | ({"cashOutState": money} if money else {}), "payment")
    news = helloasso.payment_news(shown, order, "", None)
    if said in {"Registered", "AuthorizedPreprod", "NoDonation"}:
        assert news is None
        return
    assert news is not None
    has_money = news.state in {"authorised", "settled", "paid-out-to-bank"}
    assert has_money == (said in {"Authorized", "Refunding", "Refunded", "Contested"})
    assert bool(news.doubt) == (said in helloasso.DOUBTFUL)
    assert PAY_IN.hear("created", news.state) == news.state
    assert sum(refund.minor for refund in news.refunds) == (500 if said == "Refunded" else 0)
    assert bool(news.disputes) == (said == "Contested")


def test_a_word_that_helloasso_adds_one_day_is_no_money_and_a_person_is_asked() -> None:
    shown = Said({"id": 1, "amount": 500, "date": "2026-03-02T09:00:00Z", "state": "Blessed"}, "payment")
    news = helloasso.payment_news(shown, Said({}, "order"), "7", None)
    assert news is not None
    assert (news.state, "Blessed" in news.doubt) == ("pending", True)


def test_what_does_not_add_up_is_no_money_and_a_tip_is_not_ours() -> None:
    shown = {"id": 1, "amount": 500, "amountTip": 50, "date": "2026-03-02T09:00:00Z", "state": "Authorized"}
    for share, minor, doubts in ((500, 500, False), (450, 450, False), (400, 500, True)):
        payment = Said(shown | {"cashOutState": "Transfered", "items": [{"shareAmount": share}]}, "payment")
        news = helloasso.payment_news(payment, Said({}, "order"), "7", None)
        assert news is not None
        assert (news.minor, bool(news.doubt), news.state) == (minor, doubts, "pending" if doubts else "settled")

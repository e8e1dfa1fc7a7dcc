"""Stripe in our words: what it says of payments, refunds, disputes, payouts, notifications. Facts of its docs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from communs.core.providers.asking import INTENT, PayIn, Refunding
from communs.core.providers.news import (
    Authenticity,
    DisputeNews,
    Hint,
    PayInNews,
    RefundNews,
    Settlement,
    SettlementLine,
    at_risk_until,
)
from communs.core.providers.outcomes import Refused
from communs.core.providers.reading import Said, loaded
from communs.core.providers.signatures import header, of_time_and_body
from communs.core.providers.stripe_amounts import from_stripe, to_stripe

NAME: Final = "stripe"
VERSION: Final = "2024-06-20"
"""The version of the interface that this module reads; sent with every call, whatever the account is set to."""
LABEL_MAX: Final = 250

STATES: Final[Mapping[str, str]] = MappingProxyType({
    "requires_payment_method": "created",  # the payer may still pay on the same page, by another card
    "requires_confirmation": "created",
    "requires_action": "created",
    "processing": "pending",  # a direct debit that was handed in
    "requires_capture": "authorised",
    "succeeded": "settled",
    "canceled": "cancelled",
})  # fmt: skip
REFUNDS: Final[Mapping[str, str]] = MappingProxyType({
    "pending": "submitted", "requires_action": "submitted", "succeeded": "succeeded", "failed": "failed",
    "canceled": "failed",
})  # fmt: skip
DISPUTES: Final[Mapping[str, str]] = MappingProxyType({
    "needs_response": "opened", "under_review": "opened", "won": "won", "lost": "lost",
})  # fmt: skip
"""Other words are of inquiries, which move no money."""
HAS_ENDED: Final = frozenset({"canceled", "incomplete_expired"})
"""States of a subscription that takes nothing any more."""
LINES: Final[Mapping[str, str]] = MappingProxyType({
    "charge": "payment", "payment": "payment", "refund": "refund", "payment_refund": "refund",
    "refund_failure": "refund-undone", "payment_failure_refund": "refund-undone", "stripe_fee": "fee",
    "adjustment": "dispute",
})  # fmt: skip


def session_fields(pay_in: PayIn) -> dict[str, str]:
    """The form that begins a pay-in. Raises `Refused` for what Stripe does not do."""
    if pay_in.terms is not None and pay_in.terms.times is not None:
        raise Refused(
            "Stripe's checkout knows no number of payments.", "Leave it open, or use a provider that counts payments."
        )
    price = "line_items[0][price_data]"
    fields = {
        "mode": "subscription" if pay_in.terms else "payment",
        "success_url": pay_in.return_url,
        "cancel_url": pay_in.back_url,
        "client_reference_id": str(pay_in.intent),
        "line_items[0][quantity]": "1",
        f"{price}[currency]": pay_in.currency.lower(),
        f"{price}[unit_amount]": str(to_stripe(pay_in.minor, pay_in.currency)),
        f"{price}[product_data][name]": pay_in.label.strip()[:LABEL_MAX],
        "payment_method_types[0]": "card",
    }
    if pay_in.may_debit and pay_in.currency == "EUR":
        fields["payment_method_types[1]"] = "sepa_debit"
    if pay_in.payer.email:
        fields["customer_email"] = pay_in.payer.email
    inside = "payment_intent_data"
    if pay_in.terms:
        inside = "subscription_data"
        fields[f"{price}[recurring][interval]"] = str(pay_in.terms.every)
    elif pay_in.is_donation:
        fields["submit_type"] = "donate"
    for name, text in pay_in.told.items():
        fields[f"metadata[{name}]"] = fields[f"{inside}[metadata][{name}]"] = text
    return fields


def refund_fields(refunding: Refunding) -> dict[str, str]:
    """The form that gives money back."""
    return {
        "payment_intent": refunding.pay_in,
        "amount": str(to_stripe(refunding.minor, refunding.currency)),
        f"metadata[{INTENT}]": str(refunding.intent),
    }


def intent_of(payment: Said) -> UUID | None:
    """Our intent: on the payment itself, or on the subscription that its invoice belongs to."""
    invoice = payment.inner("invoice")
    details = invoice.inner("subscription_details") if invoice else None
    for holder in (payment, details):
        metadata = holder.inner("metadata") if holder else None
        if metadata is not None and (found := metadata.uuid(INTENT)) is not None:
            return found
    return None


def is_refused_for_good(payment: Said) -> bool:
    """A direct debit that came back from the bank: unlike with a card, there is no second try on the same page."""
    charge = payment.inner("latest_charge")
    return (
        payment.text("status") == "requires_payment_method"
        and charge is not None
        and charge.text("status", "") == "failed"
        and _means(charge) == "sepa-debit"
    )


def payment_news(
    payment: Said, session: Said | None, refunds: Sequence[Said], disputes: Sequence[Said], payout: str
) -> PayInNews:
    """What is known of a payment. `session`: the page it was paid on, where that was asked for."""
    currency, said = payment.text("currency").upper(), payment.text("status")
    state = STATES.get(said, "pending")
    doubt = "" if said in STATES else f"Stripe calls this payment “{said}”, a word we do not know: ask Stripe."
    if is_refused_for_good(payment):
        state = "refused"
    if session is not None and session.text("status", "") == "expired" and state in {"created", "pending", "cancelled"}:
        state = "expired"
    if payout and state == "settled":
        state = "paid-out-to-bank"
    charge = payment.inner("latest_charge")
    means = _means(charge) if charge else ""
    fee, fee_doubt = _fee(charge, currency) if charge else (None, "")
    amount = payment.whole("amount")
    if said == "succeeded":
        amount = payment.whole("amount_received", amount)
    intent = intent_of(payment)
    email, name = _payer(charge) if charge and intent is None else ("", "")
    return PayInNews(
        NAME, payment.id("id"), session.id("id") if session else "", intent,
        state, from_stripe(amount, currency), currency, (charge or payment).moment("created"),
        fee=fee, refunds=tuple(_refund(one, currency) for one in refunds),
        disputes=tuple(_disputes(disputes, currency)),
        settlement=payout if state == "paid-out-to-bank" else "", means=means,
        at_risk_until=at_risk_until(means, _debited_on(charge)) if charge else None,
        payer_email=email, payer_name=name, said=said, doubt=doubt or fee_doubt,
    )  # fmt: skip


def _payer(charge: Said) -> tuple[str, str]:
    """E-mail address and name of who paid at an address of Stripe's own, such as a payment link."""
    said = charge.inner("billing_details")
    return (said.text("email", ""), said.text("name", "")) if said else ("", "")


def unpaid_news(session: Said) -> PayInNews | None:
    """A page on which nobody paid: news only once it can no longer be used."""
    if session.text("status", "") != "expired":
        return None
    currency, metadata = session.text("currency", "").upper(), session.inner("metadata")
    intent = metadata.uuid(INTENT) if metadata else None
    minor = from_stripe(session.whole("amount_total", 0), currency) if currency else 0
    at = session.moment("expires_at" if session.has("expires_at") else "created")
    return PayInNews(
        NAME, session.id("id"), session.id("id"), intent, "expired", minor, currency, at, said="session expired"
    )


def _means(charge: Said) -> str:
    details = charge.inner("payment_method_details")
    said = details.text("type", "") if details else ""
    return {"card": "card", "sepa_debit": "sepa-debit"}.get(said, "other" if said else "")


def _debited_on(charge: Said) -> date:
    details = charge.inner("payment_method_details")
    debit = details.inner("sepa_debit") if details else None
    if debit is not None and debit.has("expected_debit_date"):
        return debit.moment("expected_debit_date").date()
    return charge.moment("created").date()


def _fee(charge: Said, currency: str) -> tuple[int | None, str]:
    """The fee, once Stripe has booked the payment; none, with a doubt, where it booked another currency."""
    booked = charge.inner("balance_transaction")
    if booked is None:
        return None, ""
    if booked.text("currency").upper() != currency:
        said = f"{booked.whole('amount')} {booked.text('currency').upper()} with a fee of {booked.whole('fee')}"
        return None, f"Stripe changed this payment into {said}, in its smallest units: book the exchange."
    return from_stripe(booked.whole("fee", 0), currency), ""


def _refund(refund: Said, currency: str) -> RefundNews:
    metadata = refund.inner("metadata")
    return RefundNews(
        refund.id("id"),
        REFUNDS.get(refund.text("status", ""), "submitted"),
        from_stripe(refund.whole("amount"), currency),
        refund.moment("created"),
        metadata.uuid(INTENT) if metadata else None,
    )


def _disputes(disputes: Sequence[Said], currency: str) -> Iterator[DisputeNews]:
    for dispute in disputes:
        if state := DISPUTES.get(dispute.text("status"), ""):
            minor = from_stripe(dispute.whole("amount"), currency)
            yield DisputeNews(dispute.id("id"), state, minor, dispute.moment("created"))


def settlement_of(payout: Said, booked: Sequence[Said]) -> Settlement:
    """A payout with what it consists of. The payout itself, which Stripe lists among its parts, is left out."""
    currency = payout.text("currency").upper()
    lines = tuple(
        SettlementLine(
            _about(line),
            _line_kind(line),
            from_stripe(line.whole("amount"), currency),
            from_stripe(line.whole("fee", 0), currency),
        )
        for line in booked
        if line.text("type") != "payout"
    )
    arrives = payout.moment("arrival_date" if payout.has("arrival_date") else "created")
    return Settlement(NAME, payout.id("id"), currency, arrives, lines)


def _line_kind(line: Said) -> str:
    kind = LINES.get(line.text("type"), "other")
    if kind == "dispute":
        category = line.text("reporting_category", "")
        return {"dispute": "dispute", "dispute_reversal": "dispute-won"}.get(category, "other")
    return kind


def _about(line: Said) -> str:
    """The payment a line is about, where its source says so."""
    source = line.inner("source")
    return (source.id("payment_intent") or source.id("id")) if source else line.id("source")


def hint_of(headers: Mapping[str, str], body: bytes, key: str, now: datetime) -> Hint:
    """What a notification points at: a payment, a page, a payout, or nothing that concerns money. Raises `Refused`."""
    event = loaded(body, "Stripe's notification")
    authenticity = of_time_and_body(key, body, header(headers, "stripe-signature"), now)
    kind, object_id = pointed_at(event)
    return Hint(NAME, event.text("id"), kind, object_id, authenticity)


def pointed_at(event: Said) -> tuple[str, str]:
    """The kind and id of what an event is about: payment, page, payout, or other."""
    data = event.inner("data")
    about = data.inner("object") if data else None
    if about is None:
        return "other", ""
    kind = about.text("object", "")
    if kind == "payment_intent":
        return "payment", about.id("id")
    if kind in {"charge", "refund", "dispute"} and about.has("payment_intent"):
        return "payment", about.id("payment_intent")
    return {"checkout.session": "page", "payout": "payout"}.get(kind, "other"), about.id("id")


def is_id(text: str) -> bool:
    """Whether a text may stand in an address as one of Stripe's ids."""
    return 0 < len(text) <= 255 and text.isascii() and text.replace("_", "").isalnum()


def is_worth_following(hint: Hint) -> bool:
    return (
        hint.authenticity is not Authenticity.FORGED
        and hint.kind in {"payment", "page", "payout"}
        and is_id(hint.object_id)
    )

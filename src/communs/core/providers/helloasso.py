"""HelloAsso v5 in our words: what it says of a payment, a payout, a notification. Facts of its published contract.

Each payment has two states, one of the payment and one of the money (its cash-out). "Settled" is said once the money
stands on the organisation's account at HelloAsso, "paid out to bank" once it has been cashed out. What its contract
does not explain is never money: it stays pending, with a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from communs.core.providers.asking import INTENT, PayIn
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
from communs.core.providers.reading import Said, loaded, loaded_list
from communs.core.providers.signatures import fingerprint, header, of_whole_body

NAME: Final = "helloasso"
CURRENCY: Final = "EUR"
LABEL_MAX: Final = 250
_BY_MONEY: Final = "by the state of the money"
_NO_MONEY_OF_OURS: Final = "none"

STATES: Final[Mapping[str, str]] = MappingProxyType({
    "Init": "created",
    "Pending": "created",  # a later payment of an order, its day not come yet
    "Waiting": "pending",
    "WaitingAuthentication": "pending",
    "WaitingBankValidation": "pending",
    "WaitingBankWithdraw": "pending",
    "Authorized": _BY_MONEY,
    "Refunding": _BY_MONEY,
    "Refunded": _BY_MONEY,
    "Contested": _BY_MONEY,
    "Refused": "refused",
    "Error": "refused",
    "Canceled": "cancelled",
    "Deleted": "cancelled",
    "Abandoned": "expired",
    "Unknown": "pending",
    "Corrected": "pending",
    "Inconsistent": "pending",
    "Registered": _NO_MONEY_OF_OURS,  # cash, a cheque: written down at HelloAsso, never held there
    "AuthorizedPreprod": _NO_MONEY_OF_OURS,  # a trial
    "NoDonation": _NO_MONEY_OF_OURS,
})  # fmt: skip
DOUBTFUL: Final = frozenset({"Unknown", "Corrected", "Inconsistent"})
MONEY: Final[Mapping[str, str]] = MappingProxyType({
    "MoneyIn": "authorised",
    "CantTransferReceiverFull": "authorised",
    "TransferInProgress": "authorised",
    "Unknown": "authorised",
    "Transfered": "settled",
    "WaitingForCashOutConfirmation": "settled",
    "Refunding": "settled",  # what is given back had come; the refund is an object of its own
    "Refunded": "settled",
    "Contested": "settled",
    "CashedOut": "paid-out-to-bank",
})  # fmt: skip
TO_COME: Final = frozenset({"Pending", "Init"})
"""States of payments that HelloAsso means to take on a later day."""
_ASKED_BACK: Final = frozenset({"Refunding", "Refunded", "Contested"})
OPERATIONS: Final[Mapping[str, str]] = MappingProxyType({
    "Init": "requested", "Processing": "submitted", "Unknown": "submitted", "Processed": "succeeded",
    "Error": "failed", "InternalError": "failed", "Refused": "failed", "Aborted": "failed", "Canceled": "failed",
})  # fmt: skip
MEANS: Final[Mapping[str, str]] = MappingProxyType({"Card": "card", "Sepa": "sepa-debit", "BankTransfer": "transfer"})
LINES: Final[Mapping[str, str]] = MappingProxyType({
    "MonthlyDonation": "payment", "OneTimeDonation": "payment", "OneTimePayment": "payment",
    "MultipleInstalmentPayment": "payment", "AdditionalDonation": "payment", "OrganizationTip": "fee",
    "ContestationCancelled": "dispute-won", "RefundCancelled": "refund-undone", "Credit": "other", "Debit": "other",
})  # fmt: skip


def checkout_body(pay_in: PayIn) -> dict[str, Any]:
    """The body that begins a pay-in. Raises `Refused` for what HelloAsso does not do."""
    if pay_in.currency != CURRENCY:
        raise Refused(
            f"HelloAsso takes euros only, not {pay_in.currency}.", "Offer this pay-in through another provider."
        )
    if pay_in.terms is not None and pay_in.terms.times is None:
        raise Refused(
            "HelloAsso's checkout knows no payment without an end.",
            "Say how many payments there will be, or use another provider.",
        )
    days = pay_in.terms.days(pay_in.begun_on) if pay_in.terms else ()
    body: dict[str, Any] = {
        "totalAmount": pay_in.minor * (1 + len(days)),
        "initialAmount": pay_in.minor,
        "itemName": pay_in.label.strip()[:LABEL_MAX],
        "backUrl": pay_in.back_url,
        "errorUrl": pay_in.error_url,
        "returnUrl": pay_in.return_url,
        "containsDonation": pay_in.is_donation,
        "metadata": pay_in.told,
    }
    if days:
        body["terms"] = [{"amount": pay_in.minor, "date": f"{day.isoformat()}T00:00:00Z"} for day in days]
    if pay_in.may_debit:
        body["paymentOptions"] = {"enableSepa": True}
    payer = pay_in.payer
    told = {
        "firstName": payer.first_name, "lastName": payer.last_name, "email": payer.email, "companyName": payer.company,
        "address": payer.address, "zipCode": payer.postcode, "city": payer.city, "country": payer.country,
    }  # fmt: skip
    if given := {name: text for name, text in told.items() if text}:
        body["payer"] = given
    return body


def intent_of(checkout: Said) -> UUID | None:
    """Our intent, in what HelloAsso kept for us."""
    metadata = checkout.inner("metadata")
    return metadata.uuid(INTENT) if metadata else None


def payment_news(payment: Said, order: Said, begun_id: str, intent: UUID | None) -> PayInNews | None:
    """What is known of a payment of an order; None where no money ever passes through HelloAsso."""
    said, money = payment.text("state"), payment.text("cashOutState", "")
    state = STATES.get(said, "pending")
    if state == _NO_MONEY_OF_OURS:
        return None
    minor, doubt = _for_us(payment)
    if said in DOUBTFUL or said not in STATES:
        doubt = f"HelloAsso calls this payment “{said}”, which its contract does not explain: ask HelloAsso."
    if state == _BY_MONEY:
        state = _by_money(said, money, payment.has("idCashOut"))
    at, tip = _moment(payment, order), payment.whole("amountTip", 0)
    means = MEANS.get(payment.text("paymentMeans", ""), "other")
    email, name = ("", "") if begun_id else _payer(payment)
    return PayInNews(
        NAME, payment.id("id"), begun_id, intent,
        "pending" if doubt else state, minor, CURRENCY, at,
        fee=0, tip=tip, refunds=_refunds(payment, said, minor, at), disputes=_disputes(payment, said, minor, at),
        settlement=payment.id("idCashOut") if state == "paid-out-to-bank" else "", means=means,
        at_risk_until=at_risk_until(means, payment.moment("date").date()),
        form="" if begun_id else f"{order.text('formType', '')}/{order.text('formSlug', '')}",
        payer_email=email, payer_name=name, said=f"{said}/{money}" if money else said, doubt=doubt,
    )  # fmt: skip


def _payer(payment: Said) -> tuple[str, str]:
    """E-mail address and name of who filled in a form of HelloAsso's."""
    payer = payment.inner("payer")
    if payer is None:
        return "", ""
    names = [payer.text(name, "") for name in ("firstName", "lastName", "company")]
    return payer.text("email", ""), " ".join(filter(None, names))


def _by_money(said: str, money: str, has_cash_out: bool) -> str:
    """How far the money of an authorised payment has come, also where it was asked back since."""
    reached = MONEY.get(money, "authorised")
    if said == "Authorized" and money not in _ASKED_BACK:
        return reached
    # Once contested or given back, a payment keeps the number of the payout it went with, where it went with one.
    return "paid-out-to-bank" if has_cash_out or reached == "paid-out-to-bank" else "settled"


def _for_us(payment: Said) -> tuple[int, str]:
    """What of a payment is for the organisation, and a doubt where its parts do not add up."""
    amount, tip = payment.whole("amount"), payment.whole("amountTip", 0)
    shares = [item.whole("shareAmount", 0) for item in payment.each("items")]
    if not shares or sum(shares) == amount:
        return amount, ""
    if sum(shares) == amount - tip:
        return amount - tip, ""
    return amount, f"The items of this payment add up to {sum(shares)}, its amount is {amount}: ask HelloAsso."


def _moment(payment: Said, order: Said) -> datetime:
    for place in (payment, order):
        meta = place.inner("meta")
        if meta is not None and meta.has("updatedAt"):
            return meta.moment("updatedAt")
    return payment.moment("date")


def changed_at(payment: Said) -> datetime:
    """When a payment of a list changed last."""
    return _moment(payment, payment.inner("order") or payment)


def _refunds(payment: Said, said: str, minor: int, at: datetime) -> tuple[RefundNews, ...]:
    found = []
    for operation in payment.each("refundOperations"):
        meta = operation.inner("meta")
        when = meta.moment("updatedAt") if meta and meta.has("updatedAt") else at
        state = OPERATIONS.get(operation.text("status", ""), "submitted")
        found.append(RefundNews(operation.id("id"), state, operation.whole("amount"), when))
    given_back = sum(refund.minor for refund in found if refund.state != "failed")
    if said == "Refunded" and given_back < minor:
        # HelloAsso itself gave the rest back, and keeps no operation of it.
        found.append(RefundNews(f"rest-of-{payment.id('id')}", "succeeded", minor - given_back, at))
    return tuple(found)


def _disputes(payment: Said, said: str, minor: int, at: datetime) -> tuple[DisputeNews, ...]:
    if said != "Contested":
        return ()
    return (DisputeNews(f"contest-of-{payment.id('id')}", "opened", minor, at),)


def settlement_of(body: bytes, cash_out_id: str) -> Settlement:
    """A cash-out, from its export. Its amounts are euros with decimals, read exactly. Raises `Refused`."""
    rows = loaded_list(body, f"HelloAsso's cash-out {cash_out_id}")
    if not rows:
        raise Refused(f"HelloAsso's cash-out {cash_out_id} has no payments.", "Look at it on HelloAsso's own pages.")
    lines = tuple(SettlementLine(row.id("paymentId"), _kind(row), _signed(row), 0) for row in rows)
    return Settlement(NAME, cash_out_id, CURRENCY, rows[0].moment("cashOutDate"), lines)


def _kind(row: Said) -> str:
    kind = LINES.get(row.text("operationType", ""), "other")
    if row.text("operationType", "") != "Debit":
        return kind
    return {"Refunded": "refund", "PartiallyRefunded": "refund", "Contested": "dispute"}.get(
        row.text("paymentStatus", ""), "other"
    )


def _signed(row: Said) -> int:
    return row.cents("credit") - row.cents("debit")


def hint_of(headers: Mapping[str, str], body: bytes, key: str) -> Hint:
    """What a notification points at: a payment, an order, or nothing that concerns money. Raises `Refused`."""
    said = loaded(body, "HelloAsso's notification")
    kind, data = said.text("eventType").lower(), said.inner("data")
    authenticity = of_whole_body(key, body, header(headers, "x-ha-signature"))
    object_id = data.id("id") if data else ""
    if kind not in {"payment", "order"}:
        kind, object_id = "other", ""
    elif not is_number(object_id):
        raise Refused("HelloAsso's notification names no payment and no order.", "Nothing is to be done about it.")
    return Hint(NAME, fingerprint(body), kind, object_id, authenticity)


def is_number(text: str) -> bool:
    """Whether a text may stand in an address as one of HelloAsso's ids.

    >>> is_number("4711"), is_number("4711/refund"), is_number("٤")
    (True, False, False)
    """
    return re.fullmatch(r"[0-9]{1,10}", text) is not None


def is_worth_following(hint: Hint) -> bool:
    return hint.authenticity is not Authenticity.FORGED and hint.kind in {"payment", "order"}

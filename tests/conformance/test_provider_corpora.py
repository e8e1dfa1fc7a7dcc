"""Real exchanges with Stripe, recorded by Liberapay (CC0), and HelloAsso's published words, as golden inputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from communs.core.providers import helloasso, stripe
from communs.core.providers.reading import Said

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
CASSETTES = sorted((CORPORA / "fund" / "liberapay").glob("*.yml"))
CONTRACT = CORPORA / "fund" / "helloasso" / "helloasso-v5-openapi.json"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(
        not CASSETTES or not CONTRACT.is_file(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"
    ),
]


@cache
def answers() -> list[dict[str, Any]]:
    """Every object that Stripe answered with, in all recordings."""
    return [
        json.loads(exchange["response"]["body"]["string"])
        for path in CASSETTES
        for exchange in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
        if "api.stripe.com" in exchange["request"]["uri"] and exchange["response"]["status"]["code"] == 200
    ]


def of_kind(kind: str) -> Iterator[dict[str, Any]]:
    return (answer for answer in answers() if answer.get("object") == kind)


def full(payment: dict[str, Any]) -> Said:
    """A payment as we ask for it today: with its charge, and what was booked of it, inside."""
    charges = {charge["id"]: charge for charge in of_kind("charge")}
    booked = {line["id"]: line for line in of_kind("balance_transaction")}
    inside = {charge["id"]: charge for charge in payment.get("charges", {}).get("data", ())} | charges
    charge = dict(inside.get(payment["latest_charge"]) or {}) or None
    if charge and charge["balance_transaction"]:
        charge["balance_transaction"] = booked.get(charge["balance_transaction"])
    return Said({**payment, "latest_charge": charge}, "payment")


def test_every_recorded_payment_is_read() -> None:
    seen = [(payment, stripe.payment_news(full(payment), None, (), (), "")) for payment in of_kind("payment_intent")]
    assert len(seen) >= 15
    assert {news.state for _payment, news in seen} == {"pending", "authorised", "settled"}
    for payment, news in seen:
        assert news.doubt == ""
        assert (news.minor, news.currency) == (payment["amount"], payment["currency"].upper())
        assert news.means in {"card", "sepa-debit", ""}


def test_a_recorded_direct_debit_says_how_long_it_may_be_taken_back_and_what_it_cost() -> None:
    debits = [charge for charge in of_kind("charge") if charge["payment_method_details"]["type"] == "sepa_debit"]
    fees = {line["source"]: line["fee"] for line in of_kind("balance_transaction")}
    paid = [charge for charge in debits if charge["status"] == "succeeded"]
    assert paid
    for charge in paid:
        payment = {
            "id": charge["payment_intent"] or "pi_none",
            "amount": charge["amount"], "amount_received": charge["amount"],
            "currency": charge["currency"], "status": "succeeded", "created": charge["created"],
            "latest_charge": charge["id"],
        }  # fmt: skip
        news = stripe.payment_news(full(payment), None, (), (), "")
        assert news.at_risk_until is not None
        assert (news.at_risk_until - news.at.date()).days >= 56
        if charge["id"] in fees:
            assert news.fee == fees[charge["id"]]


def test_recorded_refunds_are_read() -> None:
    payment = next(of_kind("payment_intent"))
    refunds = [Said(refund, "refund") for refund in of_kind("refund")]
    assert refunds
    news = stripe.payment_news(full({**payment, "currency": "eur"}), None, refunds, (), "")
    assert {refund.state for refund in news.refunds} == {"succeeded"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PaymentState", helloasso.STATES),
        ("PaymentCashOutState", helloasso.MONEY),
        ("OperationState", helloasso.OPERATIONS),
    ],
)
def test_every_word_of_helloassos_contract_has_a_meaning_and_none_is_ours_alone(
    name: str, words: dict[str, str]
) -> None:
    schemas = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
    assert set(words) == set(schemas[f"HelloAsso.Api.V5.Common.Models.Enums.{name}"]["enum"])


def test_every_operation_of_a_cash_out_has_a_kind() -> None:
    schemas = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
    name = "HelloAsso.Api.V5.Common.Models.Payment.CashoutExport.CashoutExportPaymentOperation"
    assert set(helloasso.LINES) == set(schemas[name]["enum"])

"""Stripe's client against a stand-in that others wrote: localstripe, where COMMUNS_LOCALSTRIPE names its program.

It wants an environment of its own: `python -m venv V; V/bin/pip install localstripe`, and name `V/bin/localstripe`.
It has payments, direct debits, refunds, events and signed notifications, but no checkout pages, disputes or keys.
"""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from communs.core.providers import INTENT, Authenticity, Refunding, Refused
from communs.kit.providers import Caller, Patience, Stripe
from communs.testing.payments import Site

PROGRAM = os.environ.get("COMMUNS_LOCALSTRIPE", "")
SECRET = "whsec_of_the_test"
HERE = ("127.0.0.0/8", "::1/128")

pytestmark = pytest.mark.skipif(not PROGRAM, reason="no localstripe: name its program in COMMUNS_LOCALSTRIPE")


@dataclass
class Local:
    """The stand-in, what it notified, and our client."""

    url: str
    received: queue.Queue[tuple[dict[str, str], bytes]]
    client: Stripe

    def post(self, path: str, **form: str) -> dict[str, Any]:
        """What the payer's browser would ask of Stripe."""
        answer = httpx.post(self.url + path, data=form, auth=("sk_test_1", ""), trust_env=False)
        found: dict[str, Any] = answer.raise_for_status().json() if answer.content else {}
        return found

    def pays(self, minor: int, intent: str, **method: str) -> str:
        made = self.post("/v1/payment_methods", **method)
        payment = {"amount": str(minor), "currency": "eur", "payment_method": made["id"], "confirm": "true"}
        return str(self.post("/v1/payment_intents", **payment, **{f"metadata[{INTENT}]": intent})["id"])


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    received: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            pass

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [PROGRAM, "--from-scratch", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    process.stdout.readline()  # it says so when it listens
    caller = Caller(f"http://localhost:{port}", frozenset({"localhost"}), Patience(timeout_s=10), HERE)
    try:
        found = Local(f"http://localhost:{port}", received, Stripe(caller, "sk_test_1", SECRET))
        address = f"http://127.0.0.1:{receiver.server_address[1]}/"
        httpx.post(f"{found.url}/_config/webhooks/ours", json={"url": address, "secret": SECRET}, trust_env=False)
        yield found
    finally:
        caller.close()
        process.terminate()
        process.communicate(timeout=20)
        receiver.shutdown()
        receiver.server_close()


CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2040",
    "card[cvc]": "123",
}
DEBIT = {"type": "sepa_debit", "sepa_debit[iban]": "FR1420041010050500013M02606", "billing_details[name]": "Ada"}


def test_a_card_and_a_direct_debit_are_heard_of_by_signed_notifications(local: Local) -> None:
    intents = [str(uuid4()), str(uuid4())]
    payments = [local.pays(1000, intents[0], **CARD), local.pays(2000, intents[1], **DEBIT)]
    site = Site(local.client)
    while len(site.states) < 2:
        headers, body = local.received.get(timeout=20)
        assert site.receive(headers, body, datetime.now(UTC)).authenticity is Authenticity.SIGNED
    assert {str(news.intent): (news.state, news.minor) for news in site.news.values()} == {
        intents[0]: ("settled", 1000), intents[1]: ("settled", 2000),
    }  # fmt: skip
    assert set(site.states) == set(payments)


def test_a_sweep_finds_what_no_notification_told_and_a_refund_is_given_once(local: Local) -> None:
    payment = local.pays(5000, str(uuid4()), **CARD)
    site, back = Site(local.client), Refunding(uuid4(), payment, 2000, "EUR")
    for _again in range(2):  # it knows no keys: what keeps us from giving twice is looking first
        local.client.refund(back)
    site.sweep(datetime.now(UTC) - timedelta(hours=1))
    assert site.states == {payment: "settled"}
    assert list(site.refunds.values()) == [("succeeded", 2000)]


def test_what_it_refuses_is_refused_to_us(local: Local) -> None:
    with pytest.raises(Refused, match="no payment"):
        local.client.refund(Refunding(uuid4(), "pi_none", 2000, "EUR"))

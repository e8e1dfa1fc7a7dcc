"""Stripe, simulated: `python -m simulators.stripe BOOKS WEBHOOK_SECRET` from the folder `tests`.

Written from Stripe's public documentation of version 2024-06-20. No published contract judges it, so it proves less
than the one of HelloAsso. `POST /_admin/VERB` does what payers, banks and Stripe do: see `Stripe.act`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from simulators.serving import Asked, Said, Simulator, Sorry, serve

VERSION = "2024-06-20"
SESSION_FIELDS = re.compile(
    r"mode|success_url|cancel_url|client_reference_id|customer_email|submit_type|payment_method_types\[[0-9]\]"
    r"|line_items\[0\]\[(quantity|price_data\]\[(currency|unit_amount|product_data\]\[name|recurring\]\[interval))\]"
    r"|(metadata|payment_intent_data\]?\[metadata\]|subscription_data\[metadata\])\[[a-z_]{1,40}\]"
)
LISTS = {
    "checkout/sessions": ("session", {"payment_intent"}),
    "payment_intents": ("payment", {"created[gte]"}),
    "refunds": ("refund", {"payment_intent", "created[gte]"}),
    "disputes": ("dispute", {"payment_intent", "created[gte]"}),
    "events": ("event", {"created[gte]"}),
    "payouts": ("payout", {"created[gte]"}),
    "balance_transactions": ("booked", {"payout"}),
    "invoices": ("invoice", {"subscription"}),
    "subscriptions": ("subscription", {"created[gte]"}),
}
KIND = {
    "cs": "session",
    "pi": "payment",
    "ch": "charge",
    "re": "refund",
    "po": "payout",
    "txn": "booked",
    "in": "invoice",
}


class Stripe(Simulator):
    def __init__(self, books: Path, secret: str) -> None:
        super().__init__(books)
        self.secret = secret

    def signed(self, raw: bytes, forged: bool = False) -> dict[str, str]:
        key, at = "of somebody else" if forged else self.secret, int(self.now.timestamp())
        right = hmac.new(key.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={right},v0={'0' * 64}"}

    def check_request(self, asked: Asked) -> list[str]:
        wrong = []
        if asked.headers.get("stripe-version") != VERSION:
            wrong.append("no Stripe-Version, or another one")
        if asked.method in {"POST", "DELETE"} and not asked.headers.get("idempotency-key"):
            wrong.append("a change without an Idempotency-Key")
        return wrong

    def answer(self, asked: Asked) -> Said:
        if not asked.headers.get("authorization", "").startswith("Bearer sk_"):
            raise _sorry(401, "invalid_request_error", "Invalid API Key")
        if asked.method == "POST":
            return self._once(asked)
        if asked.method == "DELETE":  # its keys have no effect here: it is once by itself
            return Said(200, self._end(asked.path.removeprefix("/v1/subscriptions/")))
        path = asked.path.removeprefix("/v1/")
        if path in LISTS:
            return Said(200, self._list(asked, path))
        collection, _slash, object_id = path.rpartition("/")
        if collection in LISTS:
            return Said(200, self._expanded(self._thing(LISTS[collection][0], object_id), asked, ""))
        raise _sorry(404, "invalid_request_error", f"Unrecognized request URL {asked.path}")

    def _once(self, asked: Asked) -> Said:
        """The same key brings the same answer; with another body it is refused."""
        key, body = asked.headers["idempotency-key"], asked.body.decode()
        before = self.get("key", key)
        if before is not None:
            if before["body"] != body:
                raise _sorry(400, "idempotency_error", "Keys can only be used with the same parameters")
            return Said(before["status"], before["answer"])
        form = dict(parse_qsl(body, keep_blank_values=True))
        try:
            if page := re.fullmatch(r"/v1/checkout/sessions/(cs_[0-9]+)/expire", asked.path):
                made = self._close(page[1])
            else:
                made = {"/v1/checkout/sessions": self._begin, "/v1/refunds": self._refund}[asked.path](form)
            said = Said(200, made)
        except Sorry as sorry:
            said = sorry.said
        self.put("key", key, {"body": body, "status": said.status, "answer": said.body})
        return said

    def _begin(self, form: dict[str, str]) -> dict[str, Any]:
        if unknown := [name for name in form if not SESSION_FIELDS.fullmatch(name)]:
            raise _sorry(400, "parameter_unknown", f"Received unknown parameter: {unknown[0]}")
        price = "line_items[0][price_data]"
        number, minor = self.next_number(), int(form[f"{price}[unit_amount]"])
        if minor <= 0 or form["mode"] not in {"payment", "subscription"}:
            raise _sorry(400, "parameter_invalid_integer", "This value must be greater than or equal to 1.")
        session = {
            "id": f"cs_{number}", "object": "checkout.session", "url": f"https://checkout.stripe.com/c/pay/cs_{number}",
            "created": self._time(), "expires_at": self._time() + 86_400, "status": "open", "mode": form["mode"],
            "amount_total": minor, "currency": form[f"{price}[currency]"], "payment_intent": None, "subscription": None,
            "metadata": _metadata(form, "metadata"),
        }  # fmt: skip
        inside = "payment_intent_data" if form["mode"] == "payment" else "subscription_data"
        self.put("inside", session["id"], _metadata(form, f"{inside}[metadata]"))
        self.put("session", session["id"], session)
        return session

    def _close(self, page: str) -> dict[str, Any]:
        session = self._thing("session", page)
        if session["status"] != "open":
            raise _sorry(400, "", 'Only Checkout Sessions with a status in ["open"] can be expired.')
        self._expire(session["url"])
        return self._thing("session", page)

    def _end(self, number: str) -> dict[str, Any]:
        """A subscription takes no more; what was taken stays. One that has ended is no more there to be ended."""
        subscription = self._thing("subscription", number)
        if subscription["status"] == "canceled":
            raise _sorry(404, "resource_missing", f"No such subscription: '{number}'")
        subscription |= {"status": "canceled", "canceled_at": self._time(), "ended_at": self._time()}
        self.put("subscription", number, subscription)
        self._event("customer.subscription.deleted", subscription)
        return subscription

    def _refund(self, form: dict[str, str]) -> dict[str, Any]:
        payment = self._thing("payment", form["payment_intent"])
        charge = self._thing("charge", payment["latest_charge"]) if payment["latest_charge"] else None
        if charge is None or charge["status"] != "succeeded":
            raise _sorry(400, "charge_not_refundable", "This PaymentIntent has no successful charge to refund.")
        if charge["refunded"]:
            raise _sorry(400, "charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
        amount = int(form["amount"])
        if amount > charge["amount"] - charge["amount_refunded"]:
            raise _sorry(400, "amount_too_large", "Refund amount is greater than unrefunded amount on charge")
        refund = {
            "id": f"re_{self.next_number()}", "object": "refund", "amount": amount, "currency": payment["currency"],
            "payment_intent": payment["id"], "charge": charge["id"], "created": self._time(), "status": "pending",
            "metadata": _metadata(form, "metadata"),
        }  # fmt: skip
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.put("charge", charge["id"], charge)
        self.put("refund", refund["id"], refund)
        self.book("refund", refund["id"], payment["metadata"].get("communs_intent", ""), -amount)
        self._event("charge.refunded", charge)
        return refund

    def _list(self, asked: Asked, path: str) -> dict[str, Any]:
        kind, filters = LISTS[path]
        things = self.all(kind)[::-1]
        for name, value in asked.query:
            if name in filters:
                things = [thing for thing in things if _fits(thing, name, value)]
            elif name not in {"limit", "starting_after", "expand[]"}:
                raise _sorry(400, "parameter_unknown", f"Received unknown parameter: {name}")
        if after := asked.first("starting_after"):
            ids = [thing["id"] for thing in things]
            things = things[ids.index(after) + 1 :]
        limit = int(asked.first("limit", "10"))
        page = [self._expanded(thing, asked, "data.") for thing in things[:limit]]
        return {"object": "list", "url": asked.path, "has_more": len(things) > limit, "data": page}

    def _expanded(self, thing: dict[str, Any], asked: Asked, prefix: str) -> dict[str, Any]:
        thing = dict(thing)
        for name, value in asked.query:
            if name == "expand[]":
                self._expand(thing, value.removeprefix(prefix).split("."))
        return thing

    def _expand(self, thing: dict[str, Any], path: list[str]) -> None:
        if path[0] not in thing:
            raise _sorry(400, "invalid_request_error", f"This property cannot be expanded ({path[0]})")
        inner = thing[path[0]]
        if isinstance(inner, str):
            inner = thing[path[0]] = self._thing(KIND[inner.split("_")[0]], inner)
        if inner is not None and path[1:]:
            self._expand(inner, path[1:])

    def act(self, verb: str, wish: dict[str, Any]) -> Any:
        return {
            "pay": self._pay, "give": self._give, "renew": self._renew, "step": self._step, "expire": self._expire,
            "refund-done": self._refund_done, "dispute": self._dispute, "dispute-end": self._dispute_end,
            "pay-out": self._pay_out,
        }[verb](**wish)  # type: ignore[operator]  # fmt: skip

    def _pay(self, url: str, means: str = "card", works: bool = True) -> str:
        """A payer on a page: a card pays at once or is declined, a direct debit is on its way for days."""
        session = next(one for one in self.all("session") if one["url"] == url)
        if session["status"] == "expired":
            return ""  # the page says that it can no longer be paid on
        subscription = f"sub_{session['id']}" if session["mode"] == "subscription" else None
        payment = self._new_payment(session, means, works, subscription)
        if works or means == "sepa_debit":
            session |= {"status": "complete", "subscription": subscription}
            if subscription:
                self.put("subscription", subscription, {
                    "id": subscription, "object": "subscription", "status": "active", "created": self._time(),
                    "metadata": self.get("inside", session["id"]) or {},
                })  # fmt: skip
            self._event("checkout.session.completed", session)
        if subscription is None:
            session["payment_intent"] = payment["id"]
        self.put("session", session["id"], session)
        return str(payment["id"])

    def _give(self, minor: int, means: str = "card", currency: str = "eur") -> str:
        """Somebody pays by a link of ours at Stripe, which began nothing through the API."""
        number = self.next_number()
        session = {
            "id": f"cs_{number}", "object": "checkout.session", "url": "", "status": "complete", "mode": "payment",
            "created": self._time(), "expires_at": self._time() + 86_400, "amount_total": minor, "currency": currency,
            "subscription": None, "metadata": {},
        }  # fmt: skip
        payment = self._new_payment(session, means, True, None)
        self.put("session", session["id"], session | {"payment_intent": payment["id"]})
        self._event("checkout.session.completed", session | {"payment_intent": payment["id"]})
        return str(payment["id"])

    def _renew(self, url: str) -> str:
        """A subscription takes its next payment, unless it has ended; the page it was begun on does not say so."""
        session = next(one for one in self.all("session") if one["url"] == url)
        if self._thing("subscription", session["subscription"])["status"] == "canceled":
            return ""
        return str(self._new_payment(session, "card", True, session["subscription"])["id"])

    def _new_payment(
        self, session: dict[str, Any], means: str, works: bool, subscription: str | None
    ) -> dict[str, Any]:
        number, inside = self.next_number(), self.get("inside", session["id"]) or {}
        payment: dict[str, Any] = {
            "id": f"pi_{number}", "object": "payment_intent", "amount": session["amount_total"], "amount_received": 0,
            "currency": session["currency"], "created": self._time(), "status": "processing", "invoice": None,
            "latest_charge": f"ch_{number}", "metadata": {} if subscription else inside,
        }  # fmt: skip
        if subscription:
            payment["invoice"] = f"in_{number}"
            invoice = {
                "id": payment["invoice"], "object": "invoice", "subscription": subscription,
                "subscription_details": {"metadata": inside}, "payment_intent": payment["id"], "created": self._time(),
            }  # fmt: skip
            self.put("invoice", invoice["id"], invoice)
        charge = {
            "id": f"ch_{number}", "object": "charge", "amount": payment["amount"], "amount_refunded": 0, "paid": False,
            "currency": payment["currency"], "created": self._time(), "payment_intent": payment["id"],
            "status": "pending", "disputed": False, "refunded": False, "balance_transaction": None,
            "payment_method_details": {"type": means},
        }  # fmt: skip
        self.put("charge", charge["id"], charge)
        self.put("payment", payment["id"], payment)
        if means == "card":
            self._step(payment["id"], works)
        else:
            self._event("payment_intent.processing", payment)
        return self._thing("payment", payment["id"])

    def _step(self, payment: str, works: bool) -> None:
        """A charge succeeds, or fails."""
        found = self._thing("payment", payment)
        charge = self._thing("charge", found["latest_charge"])
        if works:
            found |= {"status": "succeeded", "amount_received": found["amount"]}
            booked = f"txn_{self.next_number()}"
            charge |= {"status": "succeeded", "paid": True, "balance_transaction": booked}
            self._book_in(booked, "charge", charge["id"], charge["amount"], charge["amount"] * 15 // 1000 + 25)
            self.book("paid", payment, found["metadata"].get("communs_intent", ""), found["amount"])
        else:
            found["status"], charge["status"] = "requires_payment_method", "failed"
        self.put("charge", charge["id"], charge)
        self.put("payment", payment, found)
        self._event("payment_intent.succeeded" if works else "payment_intent.payment_failed", found)

    def _book_in(self, number: str, kind: str, source: str, amount: int, fee: int = 0, category: str = "") -> None:
        currency = self._thing(KIND[source.split("_", maxsplit=1)[0]], source)["currency"] if source else "eur"
        self.put("booked", number, {
            "id": number, "object": "balance_transaction", "type": kind, "reporting_category": category or kind,
            "amount": amount, "fee": fee, "net": amount - fee, "currency": currency, "source": source,
            "created": self._time(), "payout": None,
        })  # fmt: skip

    def _expire(self, url: str) -> None:
        session = next(one for one in self.all("session") if one["url"] == url)
        session["status"] = "expired"
        self.put("session", session["id"], session)
        if session["payment_intent"]:
            payment = self._thing("payment", session["payment_intent"])
            payment["status"] = "canceled"
            self.put("payment", payment["id"], payment)
            self._event("payment_intent.canceled", payment)
        self._event("checkout.session.expired", session)

    def _refund_done(self, payment: str, status: str = "succeeded") -> None:
        waiting = [one for one in self.all("refund") if one["status"] == "pending"]
        refund = next(one for one in waiting if one["payment_intent"] == payment)
        charge = self._thing("charge", refund["charge"])
        refund["status"] = status
        self.put("refund", refund["id"], refund)
        if status == "succeeded":
            self._book_in(f"txn_{self.next_number()}", "refund", refund["id"], -refund["amount"])
        else:
            charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
            self.put("charge", charge["id"], charge)
            self.book("refund-undone", refund["id"], "", refund["amount"])
        self._event("charge.refund.updated", refund)

    def _dispute(self, payment: str, status: str = "needs_response") -> None:
        found = self._thing("payment", payment)
        charge = self._thing("charge", found["latest_charge"])
        charge["disputed"] = True
        self.put("charge", charge["id"], charge)
        dispute = {
            "id": f"dp_{self.next_number()}", "object": "dispute", "amount": charge["amount"], "created": self._time(),
            "currency": charge["currency"], "charge": charge["id"], "payment_intent": payment, "status": status,
        }  # fmt: skip
        self.put("dispute", dispute["id"], dispute)
        number = f"txn_{self.next_number()}"
        self._book_in(number, "adjustment", charge["id"], -charge["amount"], 1500, "dispute")
        self.book("dispute", payment, "", -charge["amount"])
        self._event("charge.dispute.created", dispute)

    def _dispute_end(self, payment: str, status: str) -> None:
        dispute = next(one for one in self.all("dispute") if one["payment_intent"] == payment)
        dispute["status"] = status
        self.put("dispute", dispute["id"], dispute)
        if status == "won":
            number = f"txn_{self.next_number()}"
            self._book_in(number, "adjustment", dispute["charge"], dispute["amount"], 0, "dispute_reversal")
        self._event("charge.dispute.closed", dispute)

    def _pay_out(self, currency: str = "eur") -> str:
        number, total = f"po_{self.next_number()}", 0
        payout = {"id": number, "object": "payout", "status": "paid", "currency": currency, "created": self._time()}
        waiting = [one for one in self.all("booked") if one["payout"] is None and one["currency"] == currency]
        for one in waiting:
            self.put("booked", one["id"], {**one, "payout": number})
            total += one["net"]
        self.put("payout", number, {**payout, "amount": total, "arrival_date": self._time() + 86_400})
        own = f"txn_{self.next_number()}"
        self._book_in(own, "payout", number, -total)
        self.put("booked", own, {**self._thing("booked", own), "payout": number})
        self._event("payout.paid", self._thing("payout", number))
        return number

    def _event(self, kind: str, about: dict[str, Any]) -> None:
        number = f"evt_{self.next_number()}"
        event = {"id": number, "object": "event", "type": kind, "created": self._time(), "data": {"object": about}}
        self.put("event", number, event)
        self.notify(event)

    def _time(self) -> int:
        return int(self.now.timestamp())

    def _thing(self, kind: str, thing_id: str) -> dict[str, Any]:
        found = self.get(kind, thing_id)
        if found is None:
            raise _sorry(404, "resource_missing", f"No such {kind}: '{thing_id}'")
        return found


def _metadata(form: dict[str, str], name: str) -> dict[str, str]:
    start = f"{name}["
    return {key[len(start) : -1]: text for key, text in form.items() if key.startswith(start)}


def _fits(thing: dict[str, Any], name: str, value: str) -> bool:
    return bool(thing["created"] >= int(value)) if name == "created[gte]" else thing.get(name) == value


def _sorry(status: int, code: str, message: str) -> Sorry:
    return Sorry(
        status, json.loads(json.dumps({"error": {"type": "invalid_request_error", "code": code, "message": message}}))
    )


if __name__ == "__main__":
    serve(Stripe(Path(sys.argv[1]), sys.argv[2]))

"""HelloAsso, simulated: `python -m simulators.helloasso BOOKS CONTRACT [SIGNATURE_KEY]` from the folder `tests`.

CONTRACT is HelloAsso's OpenAPI document. Every request and every answer is held to it; what breaks it stands in the
judge's `violations`. `POST /_admin/VERB` does what payers, banks and HelloAsso's staff do: see `HelloAsso.act`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from simulators.contract import Contract
from simulators.serving import Asked, Said, Simulator, Sorry, serve

SLUG = "association-pour-les-communs"
CLIENT, SECRET = "client-of-the-test", "secret-of-the-test"
TOKEN_S = 1800
FAILED = {"Error", "InternalError", "Refused", "Aborted", "Canceled"}


class HelloAsso(Simulator):
    def __init__(self, books: Path, contract: Path, signature_key: str = "") -> None:
        super().__init__(books)
        self.contract, self.signature_key = Contract(contract), signature_key

    def signed(self, raw: bytes, forged: bool = False) -> dict[str, str]:
        key = "of somebody else" if forged else self.signature_key
        if not self.signature_key:
            return {}
        return {"x-ha-signature": hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()}

    def check_request(self, asked: Asked) -> list[str]:
        if asked.path == "/oauth2/token":
            return []
        return self.contract.request(asked.method, asked.path.removeprefix("/v5"), asked.query, asked.body)

    def check_answer(self, asked: Asked, said: Said) -> list[str]:
        if asked.path == "/oauth2/token":
            return []
        return self.contract.answer(asked.method, asked.path.removeprefix("/v5"), said.status, said.body)

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/oauth2/token":
            return self._token({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        token = self.get("token", asked.headers.get("authorization", "").removeprefix("Bearer "))
        if token is None or token["until"] < self.now.isoformat():
            raise Sorry(401, {"message": "Unauthorized"})
        for pattern, method, answer in (
            (rf"/v5/organizations/{SLUG}/checkout-intents", "POST", self._begin),
            (rf"/v5/organizations/{SLUG}/checkout-intents/([0-9]+)", "GET", self._checkout),
            (rf"/v5/organizations/{SLUG}/payments", "GET", self._payments),
            (rf"/v5/organizations/{SLUG}/cash-out/([0-9]+)/export", "GET", self._cash_out),
            (r"/v5/payments/([0-9]+)", "GET", self._payment),
            (r"/v5/payments/([0-9]+)/refund", "POST", self._refund),
            (r"/v5/orders/([0-9]+)", "GET", self._order),
            (r"/v5/orders/([0-9]+)/cancel", "POST", self._cancel),
        ):
            found = re.fullmatch(pattern, asked.path)
            if found and asked.method == method:
                return Said(200, answer(asked, *found.groups()))
        raise Sorry(404, {"message": "not here"})

    def _token(self, form: dict[str, str]) -> Said:
        if form.get("grant_type") == "refresh_token":
            is_known = (
                self.get("refresh", form.get("refresh_token", "")) is not None and form.get("client_id") == CLIENT
            )
        else:
            is_known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if not is_known:
            raise Sorry(401, {"error": "invalid_client"})
        number = self.next_number()
        until = self.now + timedelta(seconds=TOKEN_S)
        self.put("token", f"access-{number}", {"until": until.isoformat()})
        self.put("refresh", f"refresh-{number}", {})
        said = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        return Said(200, {**said, "token_type": "bearer", "expires_in": TOKEN_S})

    def _begin(self, asked: Asked) -> Any:
        body = json.loads(asked.body)
        terms = body.get("terms") or []
        wrong = []
        if body["totalAmount"] != body["initialAmount"] + sum(term["amount"] for term in terms):
            wrong.append("totalAmount is not the sum of its terms")
        if body["initialAmount"] <= 0 or any(term["date"] <= self.now.isoformat() for term in terms):
            wrong.append("a term is not after today, or an amount not above zero")
        if len(json.dumps(body.get("metadata"))) > 20_000:
            wrong.append("metadata is too long")
        if wrong:
            raise Sorry(400, {"errors": [{"code": "ArgumentInvalid", "message": said} for said in wrong]})
        number = self.next_number()
        url = f"https://www.helloasso.com/checkout/{number}/{hashlib.sha256(str(number).encode()).hexdigest()[:12]}"
        self.put("checkout", number, {"id": number, "redirectUrl": url, "asked": body, "order": None})
        return {"id": number, "redirectUrl": url}

    def _checkout(self, asked: Asked, number: str) -> Any:
        found = self._thing("checkout", number)
        said = {"id": found["id"], "redirectUrl": found["redirectUrl"], "metadata": found["asked"].get("metadata")}
        if found["order"] is not None:
            payments = self._of_order(found["order"])
            if any(payment["state"] not in {"Refused", "Pending"} for payment in payments):
                said["order"] = self._order_detail(found["order"], asked)
        return said

    def _order(self, asked: Asked, number: str) -> Any:
        self._thing("order", number)
        return self._order_detail(int(number), asked)

    def _cancel(self, _asked: Asked, number: str) -> None:
        """No payment to come is taken any more; nothing is given back. The contract knows an answer without a body."""
        self._thing("order", number)
        for payment in self._of_order(int(number)):
            if payment["state"] == "Pending":
                payment["state"] = "Canceled"
                self._change(payment)

    def _order_detail(self, number: int, asked: Asked) -> Any:
        payments = self._of_order(number)
        shown = []
        for payment in payments:
            one = self._shown(payment, asked)
            del one["order"], one["payer"]
            one["items"] = [
                {name: item[name] for name in ("id", "shareAmount", "shareItemAmount")} for item in one["items"]
            ]
            shown.append(one)
        order = self._thing("order", number)
        total = sum(payment["amount"] for payment in payments)
        return {**order, "payments": shown, "amount": {"total": total, "vat": 0, "discount": 0}}

    def _of_order(self, number: int) -> list[dict[str, Any]]:
        return [payment for payment in self.all("payment") if payment["order"]["id"] == number]

    def _payments(self, asked: Asked) -> Any:
        payments = self.all("payment")
        if since := asked.first("from"):
            payments = [payment for payment in payments if payment["date"] >= since]
        by = {"UpdateDate": lambda payment: payment["meta"]["updatedAt"]}.get(
            "" if self.plan.get("sorts_by_date_only") else asked.first("sortField"), lambda payment: payment["date"]
        )
        payments.sort(key=by, reverse=asked.first("sortOrder", "Desc") == "Desc")
        size = int(asked.first("pageSize", "20"))
        token = asked.first("continuationToken")
        start = int(token) if token else (int(asked.first("pageIndex", "1")) - 1) * size
        page = [self._shown(payment, asked) for payment in payments[start : start + size]]
        return {
            "data": page,
            "pagination": {
                "pageSize": size,
                "totalCount": len(payments),
                "pageIndex": start // size + 1,
                "totalPages": -(-len(payments) // size),
                "continuationToken": str(start + len(page)),
            },
        }

    def _payment(self, asked: Asked, number: str) -> Any:
        return self._shown(self._thing("payment", number), asked)

    def _shown(self, payment: dict[str, Any], asked: Asked) -> dict[str, Any]:
        operations = payment["refundOperations"]
        if asked.first("withFailedRefundOperation") != "true":
            operations = [one for one in operations if one["status"] not in FAILED]
        return {**payment, "refundOperations": operations}

    def _refund(self, asked: Asked, number: str) -> Any:
        payment = self._thing("payment", number)
        if payment["state"] not in {"Authorized", "Refunding"}:
            said = {"code": "PaymentNotRefundable", "message": "This payment cannot be refunded"}
            raise Sorry(400, {"errors": [said]})
        given = sum(one["amount"] for one in payment["refundOperations"] if one["status"] not in FAILED)
        amount = int(asked.first("amount", "0")) or payment["amount"]
        if amount > payment["amount"] - given:
            said = {"code": "RefundAmountTooHigh", "message": "More than what is left"}
            raise Sorry(400, {"errors": [said]})
        now, refund = self.now.isoformat(), self.next_number()
        payment["refundOperations"].append(
            {"id": refund, "amount": amount, "amountTip": 0, "status": "Processing", "meta": _meta(now)}
        )
        if given + amount == payment["amount"]:
            payment["state"] = "Refunding"
        self._change(payment)
        self.book("refund", refund, self._intent(payment), -amount)
        return {
            "id": refund, "amount": amount, "cancelOrder": asked.first("cancelOrder") == "true", "creationDate": now,
            "state": "Processing", "sendRefundMail": asked.first("sendRefundMail", "true") == "true",
            "paymentId": int(number),
        }  # fmt: skip

    def _cash_out(self, _asked: Asked, number: str) -> Any:
        return self._thing("cash-out", number)["rows"]

    def act(self, verb: str, wish: dict[str, Any]) -> Any:
        return {
            "pay": self._pay, "give": self._give, "step": self._step, "refund-done": self._refund_done,
            "cash-out": self._pay_out,
        }[verb](**wish)  # type: ignore[operator]  # fmt: skip

    def _pay(
        self, url: str, means: str = "Card", state: str = "Authorized", money: str = "Transfered", tip: int = 0
    ) -> Any:
        """A payer at an address that `begin` returned. Nobody can pay at one that was never told to anybody."""
        found = next(one for one in self.all("checkout") if one["redirectUrl"] == url)
        asked = found["asked"]
        amounts = [(asked["initialAmount"], self.now.isoformat())]
        amounts += [(term["amount"], term["date"]) for term in asked.get("terms") or ()]
        payer = asked.get("payer") or {}
        told = {name: payer[name] for name in ("email", "firstName", "lastName", "city", "country") if name in payer}
        order = self._new_order("Checkout", "default", told, sum(amount for amount, _on in amounts), found["id"])
        found["order"] = order["id"]
        self.put("checkout", found["id"], found)
        numbers = []
        for number, (amount, on) in enumerate(amounts):
            first = number == 0
            numbers.append(
                self._new_payment(
                    order, amount, on, means, state if first else "Pending", money if first else "", tip if first else 0
                )
            )
        return {"order": order["id"], "payments": numbers}

    def _give(
        self, minor: int, form_type: str = "Donation", form: str = "libre", state: str = "Authorized", email: str = ""
    ) -> Any:
        """A gift by one of HelloAsso's own forms, which we never began."""
        payer = {"firstName": "Ada", "lastName": "Durand", **({"email": email} if email else {})}
        order = self._new_order(form_type, form, payer, minor, None)
        return {
            "order": order["id"],
            "payments": [self._new_payment(order, minor, self.now.isoformat(), "Card", state)],
        }

    def _new_order(
        self, form_type: str, form: str, payer: dict[str, Any], minor: int, checkout: int | None
    ) -> dict[str, Any]:
        number, now = self.next_number(), self.now.isoformat()
        order: dict[str, Any] = {
            "id": number, "date": now, "formSlug": form, "formType": form_type, "organizationName": "Communs",
            "organizationSlug": SLUG, "organizationType": "Association1901", "organizationIsUnderColucheLaw": False,
            "meta": _meta(now), "payer": payer,
            "items": [
                {"id": number, "amount": minor, "type": "Donation", "state": "Processed", "priceCategory": "Pwyw"},
            ],
        }  # fmt: skip
        if checkout is not None:
            order["checkoutIntentId"] = checkout
        self.put("order", number, order)
        return order

    def _new_payment(
        self,
        order: dict[str, Any],
        minor: int,
        on: str,
        means: str,
        state: str,
        money: str = "Transfered",
        tip: int = 0,
    ) -> int:
        number = self.next_number()
        light = {name: value for name, value in order.items() if name not in {"payer", "items"}}
        item = {"id": order["id"], "amount": minor, "type": "Donation", "state": "Processed"}
        payment: dict[str, Any] = {
            "id": number, "order": light, "payer": order["payer"], "amount": minor, "amountTip": tip, "date": on,
            "paymentMeans": means, "installmentNumber": 1, "state": state, "meta": _meta(self.now.isoformat()),
            "refundOperations": [], "items": [{**item, "shareAmount": minor, "shareItemAmount": minor}],
        }  # fmt: skip
        if money:
            payment["cashOutState"] = money
        self._change(payment)
        if state == "Authorized":
            self.book("paid", number, self._intent(payment), minor)
        return number

    def _change(self, payment: dict[str, Any]) -> None:
        payment["meta"]["updatedAt"] = self.now.isoformat()
        self.put("payment", payment["id"], payment)
        said: dict[str, Any] = {"eventType": "Payment", "data": payment}
        if payment["order"].get("checkoutIntentId"):
            checkout = self._thing("checkout", payment["order"]["checkoutIntentId"])
            said["metadata"] = checkout["asked"].get("metadata")
        self.notify(said)
        self.notify({"eventType": "Order", "data": {**self._thing("order", payment["order"]["id"]), "payments": []}})

    def _step(self, payment: int, state: str = "", money: str = "") -> bool:
        """A payment goes on: the bank answers, the money moves, the payer contests. One that was cancelled does not."""
        found = self._thing("payment", payment)
        before = found["state"]
        if before == "Canceled":
            return False
        found["state"], found["cashOutState"] = state or before, money or found.get("cashOutState", "Transfered")
        self._change(found)
        if found["state"] == "Authorized" and before not in {"Authorized", "Contested", "Refunding"}:
            self.book("paid", payment, self._intent(found), found["amount"])
        if found["state"] == "Contested" and before != "Contested":
            self.book("dispute", payment, self._intent(found), -found["amount"])
        if found["state"] == "Authorized" and before == "Contested":
            self.book("dispute-won", payment, self._intent(found), found["amount"])
        return True

    def _refund_done(self, payment: int, status: str = "Processed") -> None:
        """HelloAsso carries out, or gives up, the last refund of a payment."""
        found = self._thing("payment", payment)
        operation = found["refundOperations"][-1]
        operation["status"], operation["meta"] = status, _meta(self.now.isoformat())
        done = sum(one["amount"] for one in found["refundOperations"] if one["status"] == "Processed")
        found["state"] = "Refunded" if done == found["amount"] else "Authorized"
        self._change(found)
        if status in FAILED:
            self.book("refund-undone", operation["id"], self._intent(found), operation["amount"])

    def _pay_out(self) -> Any:
        """All that may go, to the bank of the organisation."""
        number, now, rows = self.next_number(), self.now.isoformat(), []
        for payment in self.all("payment"):
            if payment["state"] != "Authorized" or payment.get("cashOutState") != "Transfered":
                continue
            payment |= {"cashOutState": "CashedOut", "idCashOut": number, "cashOutDate": now}
            self._change(payment)
            rows.append(_row(payment, number, now, "OneTimeDonation", "credit", payment["amount"]))
            rows += [
                _row(payment, number, now, "Debit", "debit", one["amount"])
                for one in payment["refundOperations"]
                if one["status"] == "Processed"
            ]
        self.put("cash-out", number, {"rows": rows})
        return {"cash_out": number}

    def _intent(self, payment: dict[str, Any]) -> str:
        checkout = self.get("checkout", payment["order"].get("checkoutIntentId") or "")
        return str(((checkout or {}).get("asked", {}).get("metadata") or {}).get("communs_intent", ""))

    def _thing(self, kind: str, number: object) -> dict[str, Any]:
        found = self.get(kind, number)
        if found is None:
            raise Sorry(404, {"message": f"no {kind} {number}"})
        return found


def _meta(now: str) -> dict[str, str]:
    return {"createdAt": now, "updatedAt": now}


def _row(payment: dict[str, Any], number: int, now: str, operation: str, side: str, cents: int) -> dict[str, Any]:
    is_partial = 0 < sum(one["amount"] for one in payment["refundOperations"]) < payment["amount"]
    return {
        "campaignType": payment["order"]["formType"], "campaignName": "Communs", "operationType": operation,
        side: cents / 100, "orderId": payment["order"]["id"], "paymentId": payment["id"],
        "paymentDate": payment["date"],
        "paymentMethod": payment["paymentMeans"], "paymentStatus": "PartiallyRefunded" if is_partial else "Paid",
        "cashOutDate": now, "cashOutId": number,
    }  # fmt: skip


if __name__ == "__main__":
    serve(HelloAsso(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4]))

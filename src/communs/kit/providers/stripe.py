"""Stripe, spoken to. What its words mean stands in `communs.core.providers.stripe`.

Every change is sent under our intent as its idempotency key, so that it may be sent again for a day. Stripe's lists are
by when something was made; what changed is found by its events, which it keeps for thirty days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from communs.core.providers import (
    Abilities,
    Begun,
    Ending,
    Hint,
    PayIn,
    PayInNews,
    Refunding,
    Refused,
    Settlement,
    SettlementLine,
    Stopping,
    Unavailable,
    Unknown,
    Unreadable,
)
from communs.core.providers import stripe as words
from communs.core.providers.reading import Said, loaded
from communs.kit.providers.calling import Call, Caller, Reply
from communs.kit.providers.trying import LOOK_AGAIN_S, NotThere, Trying

PAGE: Final = 100
PAGES_MAX: Final = 1000
OVERLAP: Final = timedelta(minutes=10)
EVENTS_KEPT: Final = timedelta(days=29)
BUSY_S: Final = 2.0
STILL_S: Final = 60.0
Query = tuple[tuple[str, str], ...]
_IN_FULL: Final[Query] = (("expand[]", "latest_charge.balance_transaction"), ("expand[]", "invoice"))


class Stripe:
    """A `communs.core.providers.Provider`. `secret_key` speaks for us; `webhook_secret` signs notifications."""

    name = words.NAME
    abilities = Abilities(
        currencies=None, has_finite_terms=False, has_open_terms=True, keeps_keys_for=timedelta(hours=24), signs=True
    )

    def __init__(self, caller: Caller, secret_key: str, webhook_secret: str = "") -> None:
        self._caller, self._webhook_secret = caller, webhook_secret
        self._headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": words.VERSION}

    def begin(self, pay_in: PayIn) -> Begun:
        form = words.session_fields(pay_in)
        key = f"{pay_in.intent}-{pay_in.after}" if pay_in.after else str(pay_in.intent)
        reply = self._send(Call("POST", "/v1/checkout/sessions", form=form, key=key))
        try:
            said = loaded(reply.body, "Stripe's page")
            begun, url = said.text("id"), said.text("url")
            until = said.moment("expires_at") if said.has("expires_at") else None
        except Unreadable as error:
            raise Unknown(error.why) from error
        if urlsplit(url).scheme not in {"https", urlsplit(self._caller.base).scheme}:
            raise Refused(f"Stripe sends the payer to {url[:80]}, which is not https.", "Ask Stripe.")
        return Begun(begun, url, until)

    def fetch(self, begun_id: str) -> tuple[PayInNews, ...]:
        session = self._get(f"/v1/checkout/sessions/{_safe(begun_id)}")
        if session is None:
            raise Refused(f"Stripe has no page “{begun_id[:40]}” of ours.", "Check its number.")
        return tuple(self._of_session(session))

    def follow(self, hint: Hint) -> tuple[PayInNews, ...]:
        if not words.is_worth_following(hint):
            return ()
        return tuple(self._all_of({(hint.kind, hint.object_id): None}))

    def changed(self, since: datetime) -> Iterator[PayInNews]:
        since -= OVERLAP
        about: dict[tuple[str, str], None] = {}
        after = (("created[gte]", str(int(since.timestamp()))),)
        if datetime.now(UTC) - since > EVENTS_KEPT:
            for path, kind, name in _MADE:
                for one in self._list(path, after):
                    about[(kind, one.id(name))] = None
        for event in self._list("/v1/events", after):
            about[words.pointed_at(event)] = None
        # Stripe lists the newest first.
        yield from self._all_of(dict.fromkeys(reversed(about)))

    def find(self, intent: UUID, since: datetime) -> tuple[PayInNews, ...]:
        return tuple(news for news in self.changed(since) if news.intent == intent)

    def refund(self, refunding: Refunding) -> PayInNews:
        try:
            before = self._must_have(refunding.pay_in)
        except NotThere:
            raise
        except Refused as error:  # it says nothing of whether money went back already: nobody may take it for a no
            raise Unavailable(str(error), LOOK_AGAIN_S) from error
        if any(refund.intent == refunding.intent for refund in before.refunds):
            return before
        if refunding.currency != before.currency:
            raise Refused(
                f"This payment is in {before.currency}, not {refunding.currency}.", "Give back its own currency."
            )
        self._send(Call("POST", "/v1/refunds", form=words.refund_fields(refunding), key=str(refunding.intent)))
        try:
            return self._must_have(refunding.pay_in)
        except (Unavailable, Unreadable) as error:
            raise Unknown(error.why) from error

    def stop(self, stopping: Stopping) -> Ending:
        begun = stopping.begun_id
        session = self._get(f"/v1/checkout/sessions/{_safe(begun)}") if begun else None
        subscription = session.id("subscription") if session else ""
        if not (subscription := subscription or self._subscription_of(stopping.payments)):
            if session is not None and session.text("status", "") == "open":
                self._close(begun, stopping.intent)
            return Ending.NOTHING
        if not self._has_ended(subscription):
            path = f"/v1/subscriptions/{_safe(subscription)}"
            call = Call("DELETE", path, headers=self._headers, key=f"stop-{stopping.intent}")
            reply = self._caller.send(call)
            if reply.status != 404:  # it is not there, or was ended already
                _checked(reply)
            try:
                still = not self._has_ended(subscription)
            except (Unavailable, Unreadable) as error:
                raise Unknown(error.why) from error
            if still:
                raise Unavailable("Stripe said yes, and the subscription goes on.", STILL_S)
        return Ending.STOPPED

    def settlement(self, object_id: str) -> Settlement:
        payout = self._get(f"/v1/payouts/{_safe(object_id)}")
        if payout is None:
            raise Refused(f"Stripe has no payout “{object_id[:40]}” of ours.", "Check its number.")
        if payout.text("status") in {"failed", "canceled"}:
            raise Refused(f"Stripe's payout {object_id} did not arrive.", "Look at it on Stripe's own pages.")
        return words.settlement_of(payout, list(self._booked(object_id)))

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Hint:
        return words.hint_of(headers, body, self._webhook_secret, now)

    def close(self) -> None:
        self._caller.close()

    def _all_of(self, about: Mapping[tuple[str, str], None]) -> Iterator[PayInNews]:
        """Payments, pages and payouts, read anew; each payment once. Raises `Unread` when all the rest was told."""
        trying = Trying()
        payments: dict[str, Said | None] = {object_id: None for kind, object_id in about if kind == "payment"}
        paid_out: dict[str, str] = {}
        payouts = [one for one in about if one[0] == "payout" and words.is_id(one[1])]
        for (_kind, payout_id), lines in trying.each(payouts, self._paid_lines):
            paid_out |= {line.object_id: payout_id for line in lines}
        payments |= dict.fromkeys(paid_out)
        for _page, found in trying.each([one for one in about if one[0] == "page"], self._page):
            session, ids = found or (None, [])
            payments |= dict.fromkeys(ids, session)
            if session is not None and not ids and (unpaid := words.unpaid_news(session)) is not None:
                yield unpaid
        wanted = [("payment", one) for one in payments if one.startswith("pi_")]
        for _payment, news in trying.each(wanted, lambda one: self._payment(one, paid_out.get(one, ""), payments[one])):
            if news is not None:
                yield news
        trying.end()

    def _paid_lines(self, payout_id: str) -> list[SettlementLine]:
        payout = self._get(f"/v1/payouts/{payout_id}")
        if payout is None or payout.text("status") != "paid":
            return []
        lines = words.settlement_of(payout, list(self._booked(payout_id))).lines
        return [line for line in lines if line.kind == "payment"]

    def _page(self, page_id: str) -> tuple[Said, list[str]] | None:
        """A page and the payments made on it."""
        session = self._get(f"/v1/checkout/sessions/{_safe(page_id)}")
        return None if session is None else (session, self._ids_of(session))

    def _of_session(self, session: Said) -> Iterator[PayInNews]:
        ids = self._ids_of(session)
        if not ids and (news := words.unpaid_news(session)) is not None:
            yield news
        for payment_id in ids:
            if (found := self._payment(payment_id, "", session)) is not None:
                yield found

    def _ids_of(self, session: Said) -> list[str]:
        """The payments made on a page: one, or those of the subscription that was begun on it."""
        ids = [session.id("payment_intent")]
        if subscription := session.id("subscription"):
            invoices = self._list("/v1/invoices", (("subscription", subscription),))
            ids = [invoice.id("payment_intent") for invoice in invoices][::-1]
        return [one for one in ids if one]

    def _payment(self, payment_id: str, payout: str, session: Said | None = None) -> PayInNews | None:
        payment = self._get(f"/v1/payment_intents/{_safe(payment_id)}", _IN_FULL)
        if payment is None:
            return None
        of_it = (("payment_intent", payment_id),)
        if session is None and payment.text("status") in {"canceled", "requires_payment_method"}:
            session = next(iter(self._list("/v1/checkout/sessions", of_it)), None)
        charge = payment.inner("latest_charge")
        refunds = list(self._list("/v1/refunds", of_it)) if charge and charge.flag("paid") else []
        disputes = list(self._list("/v1/disputes", of_it)) if charge and charge.flag("disputed") else []
        return words.payment_news(payment, session, refunds, disputes, payout)

    def _close(self, page_id: str, intent: UUID) -> None:
        """Have a page that nobody has paid on yet be no longer paid on."""
        try:
            self._send(Call("POST", f"/v1/checkout/sessions/{page_id}/expire", form={}, key=f"close-{intent}"))
        except Refused as error:
            raise Unavailable(f"The page cannot be closed: {error.why}", STILL_S) from error

    def _subscription_of(self, payments: tuple[str, ...]) -> str:
        for payment_id in payments:
            payment = self._get(f"/v1/payment_intents/{_safe(payment_id)}", (("expand[]", "invoice"),))
            invoice = payment.inner("invoice") if payment else None
            if invoice is not None and (found := invoice.id("subscription")):
                return found
        return ""

    def _has_ended(self, subscription: str) -> bool:
        said = self._get(f"/v1/subscriptions/{_safe(subscription)}")
        return said is None or said.text("status", "") in words.HAS_ENDED

    def _must_have(self, payment_id: str) -> PayInNews:
        news = self._payment(payment_id, "")
        if news is None:
            raise NotThere(f"Stripe has no payment “{payment_id[:40]}” of ours.", "Check its number.")
        return news

    def _booked(self, payout_id: str) -> Iterator[Said]:
        return self._list("/v1/balance_transactions", (("payout", payout_id), ("expand[]", "data.source")))

    def _list(self, path: str, query: Query) -> Iterator[Said]:
        """Everything in a list, page after page; nothing where there is no such list."""
        last = ""
        for _number in range(PAGES_MAX):
            after = (("starting_after", last),) if last else ()
            page = self._get(path, (*query, ("limit", str(PAGE)), *after))
            if page is None:
                return
            found = list(page.each("data"))
            yield from found
            if not found or not page.flag("has_more"):
                return
            last = found[-1].id("id")
        raise Refused(f"Stripe's {path} has more than {PAGE * PAGES_MAX} rows.", "Sweep more often, from later on.")

    def _get(self, path: str, query: Query = ()) -> Said | None:
        reply = self._caller.send(Call("GET", path, query=query, headers=self._headers))
        return None if reply.status == 404 else loaded(_checked(reply).body, f"Stripe's {path}")

    def _send(self, call: Call) -> Reply:
        sent = Call(call.method, call.path, form=call.form, headers=self._headers, key=call.key)
        return _checked(self._caller.send(sent))


_MADE: Final = (
    ("/v1/payment_intents", "payment", "id"),
    ("/v1/refunds", "payment", "payment_intent"),
    ("/v1/disputes", "payment", "payment_intent"),
    ("/v1/payouts", "payout", "id"),
)
"""What is asked for where events are kept no more: what was made since, which is less than what changed since."""


def _safe(object_id: str) -> str:
    """An id that may stand in an address. Raises `Refused`."""
    if not words.is_id(object_id):
        raise Refused(f"“{object_id[:40]}” is no id of Stripe.", "Give one as Stripe writes it.")
    return object_id


def _checked(reply: Reply) -> Reply:
    if reply.is_fine:
        return reply
    try:
        error = loaded(reply.body, "Stripe's refusal").inner("error")
    except Unreadable:
        error = None
    code = (error.text("code", "") or error.text("type", "")) if error else ""
    said = error.text("message", "")[:300] if error else ""
    if reply.status == 409 and code != "idempotency_error":
        raise Unavailable("Stripe is still busy with the same request.", BUSY_S)
    if reply.status in {401, 403}:
        raise Refused("Stripe does not accept our key.", "Check the secret key in the settings, and its rights.", code)
    raise Refused(f"Stripe answered {reply.status}: {said or 'no reason given'}", "See to what it says.", code)

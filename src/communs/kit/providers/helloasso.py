"""HelloAsso v5, spoken to. What its words mean stands in `communs.core.providers.helloasso`.

HelloAsso knows no idempotency keys. A checkout whose answer was lost is not sent again by itself: `find` looks for it,
and an address that nobody was told cannot be paid at. A refund whose answer was lost is recognised by its amount among
those of its payment that belong to no other intent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit
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
    Stopping,
    Unavailable,
    Unknown,
    Unreadable,
)
from communs.core.providers import helloasso as words
from communs.core.providers.reading import Said, loaded
from communs.kit.providers.calling import Call, Caller, Reply
from communs.kit.providers.tokens import Tokens
from communs.kit.providers.trying import LOOK_AGAIN_S, NotThere, Trying

PAGE: Final = 100
PAGES_MAX: Final = 1000
OVERLAP: Final = timedelta(minutes=10)
"""Looked at again before each watermark: the provider's clock is not ours."""
STILL_S: Final = 300.0
"""Before it is asked again why it still lists payments to come."""
WITH_FAILED: Final = (("withFailedRefundOperation", "true"),)


class HelloAsso:
    """A `communs.core.providers.Provider`. `organisation`: its name in HelloAsso's addresses.

    `signature_key`: what notifications are signed with, where HelloAsso gave one; "" otherwise.
    """

    name = words.NAME
    abilities = Abilities(
        currencies=frozenset({words.CURRENCY}),
        has_finite_terms=True,
        has_open_terms=False,
        keeps_keys_for=timedelta(0),
        signs=False,
    )

    def __init__(self, caller: Caller, tokens: Tokens, organisation: str, signature_key: str = "") -> None:
        self._caller, self._tokens, self._organisation = caller, tokens, organisation
        self._home = f"/v5/organizations/{quote(organisation, safe='')}"
        self._signature_key = signature_key
        if signature_key:
            self.abilities = replace(self.abilities, signs=True)

    def begin(self, pay_in: PayIn) -> Begun:
        body = words.checkout_body(pay_in)
        reply = self._send(Call("POST", f"{self._home}/checkout-intents", json=body))
        try:
            said = loaded(reply.body, "HelloAsso's checkout")
            begun, url = str(said.whole("id")), said.text("redirectUrl")
        except Unreadable as error:
            raise Unknown(error.why) from error
        if urlsplit(url).scheme not in {"https", urlsplit(self._caller.base).scheme}:
            raise Refused(f"HelloAsso sends the payer to {url[:80]}, which is not https.", "Ask HelloAsso.")
        return Begun(begun, url, None)

    def fetch(self, begun_id: str) -> tuple[PayInNews, ...]:
        checkout = self._checkout(begun_id)
        order = checkout.inner("order") if checkout else None
        if checkout is None or order is None or not self._is_ours(order):
            return ()
        intent = words.intent_of(checkout)
        found = (words.payment_news(payment, order, begun_id, intent) for payment in order.each("payments"))
        return tuple(news for news in found if news is not None)

    def follow(self, hint: Hint) -> tuple[PayInNews, ...]:
        if not words.is_worth_following(hint) or not words.is_number(hint.object_id):
            return ()
        if hint.kind == "payment":
            ids = [hint.object_id]
        else:
            order = self._get(f"/v5/orders/{hint.object_id}")
            ids = [payment.id("id") for payment in order.each("payments")] if order else []
        return tuple(news for payment_id in ids if (news := self._payment(payment_id, {})) is not None)

    def changed(self, since: datetime) -> Iterator[PayInNews]:
        intents: dict[str, UUID | None] = {}
        trying = Trying()
        ids = [("payment", payment_id) for payment_id in self._changed_ids(since)]
        for _payment, news in trying.each(ids, lambda one: self._payment(one, intents)):
            if news is not None:
                yield news
        trying.end()

    def find(self, intent: UUID, since: datetime) -> tuple[PayInNews, ...]:
        return tuple(news for news in self.changed(since) if news.intent == intent)

    def refund(self, refunding: Refunding) -> PayInNews:
        try:
            before = self._must_have(refunding.pay_in)
        except NotThere:
            raise
        except Refused as error:  # it says nothing of whether money went back already: nobody may take it for a no
            raise Unavailable(str(error), LOOK_AGAIN_S) from error
        theirs = [refund for refund in before.refunds if refund.state != "failed"]
        if any(refund.minor == refunding.minor and refund.object_id not in refunding.known for refund in theirs):
            return before
        left = before.minor - sum(refund.minor for refund in theirs)
        if refunding.currency != before.currency or refunding.minor > left:
            raise Refused(
                f"{refunding.minor} {refunding.currency} cents were to go back, and {left} {before.currency} are left.",
                "Give back no more than what is left.",
            )
        query = [("sendRefundMail", "true"), ("comment", f"{refunding.intent} {refunding.reason}".strip()[:200])]
        if refunding.minor != before.minor:
            query.append(("amount", str(refunding.minor)))
        self._send(Call("POST", f"/v5/payments/{refunding.pay_in}/refund", query=tuple(query)))
        try:
            return self._must_have(refunding.pay_in)
        except (Unavailable, Unreadable) as error:
            raise Unknown(error.why) from error

    def stop(self, stopping: Stopping) -> Ending:
        order_id = self._order_of(stopping)
        if not order_id:
            return Ending.NOTHING
        if self._are_to_come(order_id):
            self._send(Call("POST", f"/v5/orders/{order_id}/cancel"))
            try:
                still = self._are_to_come(order_id)
            except (Unavailable, Unreadable) as error:
                raise Unknown(error.why) from error
            if still:
                raise Unavailable("HelloAsso said yes, and still lists payments to come.", STILL_S)
        return Ending.STOPPED

    def settlement(self, object_id: str) -> Settlement:
        if not words.is_number(object_id):
            raise Refused(f"“{object_id[:40]}” is no cash-out of HelloAsso.", "Give its number.")
        reply = self._send(Call("GET", f"{self._home}/cash-out/{object_id}/export"))
        return words.settlement_of(reply.body, object_id)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Hint:
        return words.hint_of(headers, body, self._signature_key)

    def close(self) -> None:
        self._caller.close()

    def _changed_ids(self, since: datetime) -> list[str]:
        """Ids of payments that changed since then, the oldest change first.

        Newest first is how they are asked for: what changes meanwhile then comes twice at worst, and the filter by date
        is not used, which is one of when a payment was made.
        """
        ids: dict[str, None] = {}
        token, limit = "", since - OVERLAP
        for number in range(1, PAGES_MAX + 1):
            where = ("continuationToken", token) if token else ("pageIndex", str(number))
            query = (("pageSize", str(PAGE)), ("sortField", "UpdateDate"), ("sortOrder", "Desc"), where)
            page = self._must_get(f"{self._home}/payments", query)
            payments = list(page.each("data"))
            ids.update((payment.id("id"), None) for payment in payments if words.changed_at(payment) >= limit)
            pages = page.inner("pagination")
            last, token = token, pages.text("continuationToken", "") if pages else ""
            is_end = not token and number >= (pages.whole("totalPages", 0) if pages else 0)
            if not payments or is_end or (token and token == last) or words.changed_at(payments[-1]) < limit:
                return [*ids][::-1]
        raise Refused(
            f"More than {PAGE * PAGES_MAX} payments changed since {since.date()}.", "Sweep more often, from later on."
        )

    def _payment(self, payment_id: str, intents: dict[str, UUID | None]) -> PayInNews | None:
        """A payment as it stands; None where it is not there, not ours, or no money of ours. `intents` are kept."""
        if not words.is_number(payment_id):
            return None
        payment = self._get(f"/v5/payments/{payment_id}", WITH_FAILED)
        order = payment.inner("order") if payment else None
        if payment is None or order is None or not self._is_ours(order):
            return None
        begun_id = order.id("checkoutIntentId")
        if begun_id and begun_id not in intents:
            checkout = self._checkout(begun_id)
            intents[begun_id] = words.intent_of(checkout) if checkout else None
        return words.payment_news(payment, order, begun_id, intents.get(begun_id))

    def _order_of(self, stopping: Stopping) -> str:
        """The order that was made on a page of ours: "" where nobody has paid there, so that nothing repeats.

        A checkout names its order late, where the payer's bank takes days: a payment does so from the beginning.
        """
        checkout = self._checkout(stopping.begun_id) if stopping.begun_id else None
        order = checkout.inner("order") if checkout else None
        for payment_id in stopping.payments if order is None else ():
            payment = self._get(f"/v5/payments/{payment_id}") if words.is_number(payment_id) else None
            order = (payment.inner("order") if payment else None) or order
        return order.id("id") if order is not None and self._is_ours(order) else ""

    def _are_to_come(self, order_id: str) -> bool:
        order = self._get(f"/v5/orders/{order_id}") if words.is_number(order_id) else None
        if order is None or not self._is_ours(order):
            raise Refused(f"HelloAsso has no order “{order_id[:40]}” of ours.", "Look at it on HelloAsso's own pages.")
        return any(payment.text("state") in words.TO_COME for payment in order.each("payments"))

    def _must_have(self, payment_id: str) -> PayInNews:
        news = self._payment(payment_id, {})
        if news is None:
            raise NotThere(f"HelloAsso has no payment “{payment_id[:40]}” of ours.", "Check the number of the payment.")
        return news

    def _checkout(self, begun_id: str) -> Said | None:
        if not words.is_number(begun_id):
            raise Refused(f"“{begun_id[:40]}” is no checkout of HelloAsso.", "Give its number.")
        return self._get(f"{self._home}/checkout-intents/{begun_id}", WITH_FAILED)

    def _is_ours(self, order: Said) -> bool:
        """Whether an order is of our organisation: a notification may name any number."""
        return order.text("organizationSlug", "").lower() == self._organisation.lower()

    def _get(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> Said | None:
        """What stands there; None where there is nothing, or nothing for us."""
        reply = self._authorised(Call("GET", path, query=query))
        return None if reply.status in {403, 404} else loaded(self._checked(reply).body, f"HelloAsso's {path}")

    def _must_get(self, path: str, query: tuple[tuple[str, str], ...]) -> Said:
        return loaded(self._send(Call("GET", path, query=query)).body, f"HelloAsso's {path}")

    def _send(self, call: Call) -> Reply:
        return self._checked(self._authorised(call))

    def _authorised(self, call: Call) -> Reply:
        """The answer, asked for again once with a new token where the old one was refused: that did nothing."""
        token = self._tokens.access()
        reply = self._caller.send(_with(call, token))
        return reply if reply.status != 401 else self._caller.send(_with(call, self._tokens.access(stale=token)))

    def _checked(self, reply: Reply) -> Reply:
        if reply.is_fine:
            return reply
        code, said = _error(reply.body)
        if "MFA" in code or "NotEnrolled" in code:
            raise Refused(
                "HelloAsso wants a second factor for this.",
                "Do it on HelloAsso's pages: we shall see it there.",
                code,
            )
        raise Refused(f"HelloAsso answered {reply.status}: {said}", "See to what it says, then ask again.", code)


def _with(call: Call, token: str) -> Call:
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {token}"})


def _error(body: bytes) -> tuple[str, str]:
    """The code and the message of a refusal, which come in several shapes."""
    try:
        said = loaded(body, "HelloAsso's refusal")
        found = [*said.each("errors"), said]
        code = next((one.id("code") for one in found if one.id("code")), "")
        return code, next((one.id("message") for one in found if one.id("message")), "no reason given")[:300]
    except Unreadable:
        return "", "no reason given"

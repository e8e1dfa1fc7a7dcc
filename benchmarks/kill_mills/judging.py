"""Whether everything is there that was answered, and whether our books say what those of providers and bank say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Sum

from communs.apps.foundation import naming
from communs.apps.foundation.models import (
    BankFile,
    Entry,
    Gift,
    Notification,
    PayIn,
    PayInEntry,
    Payout,
    PayoutBatch,
    PayoutStep,
    Posting,
    Round,
)
from communs.apps.foundation.queries import bank as bank_queries
from communs.apps.foundation.queries import payouts as payout_queries
from kill_mills.people import House, rows_of

_HELD = {
    "stripe": "SELECT coalesce(sum(json_extract(body, '$.net')), 0) FROM thing"
    " WHERE kind = 'booked' AND json_extract(body, '$.payout') IS NULL",
    "helloasso": "SELECT coalesce(sum(json_extract(body, '$.amount')), 0) FROM thing"
    " WHERE kind = 'payment' AND json_extract(body, '$.cashOutState') = 'Transfered'",
}


class Judge:
    """Looks only; what it has seen of notifications it need not read again."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._bodies: set[str] = set()
        self._last = 0

    def lost(self, kept: Sequence[tuple[str, Any]]) -> Iterator[str]:
        """Acts that were answered as done and are not there, or not wholly."""
        for kind, what in kept:
            if not getattr(self, f"_has_{kind}")(*what):
                yield f"lost: {kind} {what}"

    def _has_gift(self, key: str, token: str, minor: int, way: str) -> bool:
        gift = Gift.objects.filter(public_id=key, token=token, way=way).first()
        return gift is not None and sum(part.minor for part in gift.parts.all()) == minor

    def _has_notification(self, provider: str, digest: str) -> bool:
        if (wanted := f"{provider}:{digest}") not in self._bodies:
            self._read(self._last)
        if wanted not in self._bodies:
            self._read(0)  # numbers may have been given out in another order than they were kept
        return wanted in self._bodies

    def _read(self, after: int) -> None:
        for number, name, body in Notification.objects.filter(pk__gt=after).values_list("pk", "provider", "body"):
            self._bodies.add(f"{name}:{hashlib.sha256(bytes(body)).hexdigest()}")
            self._last = max(self._last, number)

    def _has_proposed(self, key: str) -> bool:
        return Payout.objects.filter(key__startswith=f"{key}:", steps__number=1).exists()

    def _has_approved(self, who: str, ids: Sequence[str]) -> bool:
        steps = PayoutStep.objects.filter(state="approved", person__name=who, payout__public_id__in=ids)
        return steps.count() == len(ids)

    def _has_file(self, ident: str, sha256: str) -> bool:
        batch = PayoutBatch.objects.filter(ident=ident, sha256=sha256).first()
        if batch is None or hashlib.sha256(bytes(batch.data)).hexdigest() != sha256:
            return False
        return PayoutStep.objects.filter(batch=batch, state="submitted").count() == batch.count

    def _has_taken(self, sha256: str) -> bool:
        return BankFile.objects.filter(sha256=sha256).exists()

    def _has_closed(self, slug: str) -> bool:
        found = Round.objects.filter(slug=slug, state=Round.State.PUBLISHED, result__isnull=False).first()
        return found is not None and found.files.exists()

    def half(self) -> Iterator[str]:
        """What no reader may ever see: an entry that is not sealed, a payout without its first step."""
        if count := Entry.objects.filter(sealed=False).count():
            yield f"unsealed: {count}"
        if count := Payout.objects.filter(steps__isnull=True).count():
            yield f"payouts without a step: {count}"

    def whole(self, ibans: dict[str, str]) -> Iterator[str]:
        """Everything, when all is at rest: by provider, at the bank, by payee, by round."""
        for name in self.house.providers:
            yield from self._provider(name)
        yield from self._bank()
        yield from self._payees(ibans)
        for one in Round.objects.exclude(state=Round.State.PUBLISHED):
            yield f"{one.slug}: {one.state}"
        for one in Round.objects.select_related("result__entry"):
            if one.result.paid_minor + one.result.unclaimed_minor + one.result.carried_minor != one.pot_minor:
                yield f"{one.slug}: its shares are not the pot"
            if Entry.objects.filter(document__startswith=f"round {one.slug},", kind="grant").count() != 1:
                yield f"{one.slug}: not one grant"

    def _provider(self, name: str) -> Iterator[str]:
        simulation, books = self.house.providers[name]
        judged = simulation.admin("judge")
        yield from (f"{name}: {one}" for one in judged["violations"][:5])
        yield from (f"{name}: {n} payments for {key}" for key, n in judged["paid_per_intent"].items() if n != 1)
        theirs = {number: minor for what, number, _intent, minor in judged["movements"] if what == "paid"}
        booked = PayInEntry.objects.filter(what="gift", pay_in__provider=name, entry__sealed=True)
        ours = dict(booked.values_list("pay_in__object_id", "pay_in__minor"))
        if ours != theirs or booked.count() != len(theirs):
            there = f"{len(theirs)} payments, {sum(theirs.values())}"
            yield f"{name} has {there}; the books {booked.count()}, {sum(ours.values())}"
        income = -_moved(f"pay-in:{name}:", naming.income("EUR").id)
        if income != sum(theirs.values()):
            yield f"{name} took {sum(theirs.values())}, the books say {income}"
        if doubts := PayIn.objects.filter(provider=name).exclude(doubt="").count():
            yield f"{name}: {doubts} payments in doubt"
        held = rows_of(books, _HELD[name])[0][0]
        if held != balance(naming.clearing(name, "EUR").id):
            yield f"{name} holds {held}, the books say {balance(naming.clearing(name, 'EUR').id)}"

    def _bank(self) -> Iterator[str]:
        bank = self.house.bank
        theirs = bank.rows("SELECT (SELECT opening FROM account) + coalesce(sum(minor), 0) FROM moves")[0][0]
        ours = balance(naming.bank("EUR").id)
        if theirs != ours:
            yield f"the bank has {theirs}, the books {ours}"
        if way := balance(naming.clearing("on-its-way", "EUR").id):
            yield f"on its way: {way}"
        if aside := balance(naming.unidentified("EUR").id):
            yield f"put aside: {aside}"
        if waiting := bank_queries.lines(bank_queries.TO_DECIDE).count():
            yield f"lines that wait for a person: {waiting}"

    def _payees(self, ibans: dict[str, str]) -> Iterator[str]:
        paid = self.house.bank.ask("paid")
        yield from (f"the bank paid {one} {n} times" for one, n in paid.items() if n != 1)
        moved = payout_queries.payouts(payout_queries.State.CONFIRMED, payout_queries.State.RETURNED)
        ours = {one.hex for one in moved.values_list("public_id", flat=True)}
        if ours != set(paid):
            yield f"the bank paid {len(paid)} payouts, the books {len(ours)}"
        net = dict(self.house.bank.rows("SELECT iban, -sum(minor) FROM moves WHERE msg <> '' GROUP BY iban"))
        for account, iban in ibans.items():
            granted = -_moved("", account, kind="grant")
            if net.get(iban, 0) != granted or balance(account):
                yield f"{account}: granted {granted}, paid by the bank {net.get(iban, 0)}, owed {-balance(account)}"

    def told(self) -> str:
        """What was compared, for the report."""
        pay_ins = PayIn.objects.filter(state__in=("settled", "paid-out-to-bank"))
        minor = pay_ins.aggregate(total=Sum("minor"))["total"] or 0
        out = payout_queries.payouts(payout_queries.State.CONFIRMED).count()
        return (
            f"lost, half there, twice, or unlike the books of providers and bank ({pay_ins.count():,} payments of "
            f"€{minor // 100:,}, {out:,} payouts, {Round.objects.count()} rounds, {Entry.objects.count():,} entries)"
        )


def balance(account: str) -> int:
    """What stands on an account, over all funds."""
    return _moved("", account)


def _moved(key: str, account: str, **more: str) -> int:
    """What entries whose key begins so put on an account, over all funds."""
    named = {f"entry__{name}": value for name, value in more.items()}
    found = Posting.objects.filter(account__slug=account, entry__sealed=True, entry__key__startswith=key, **named)
    return int(found.aggregate(total=Sum("minor"))["total"] or 0)

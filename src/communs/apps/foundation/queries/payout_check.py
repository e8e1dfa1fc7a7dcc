"""What must hold between payouts, their files and the books, beyond the order of steps: for `communs verify ledger`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from uuid import UUID

from communs.apps.foundation.models import Entry, Payout, PayoutBatch, PayoutStep
from communs.apps.foundation.queries.payouts import payouts, payouts_in
from communs.core.ledger import EntryKind, Problem
from communs.core.ledger.rules import grounds
from communs.core.standards.pain001 import read_orders

State = PayoutStep.State
AT_ONCE: Final = 500
FILES_KEPT: Final = 1000
"""Of so many files a process remembers, by the hash of their bytes, what they ask for: a hash too."""


def money_out_problems() -> Iterator[Problem]:
    """What is wrong with payouts beside the books, and with files beside their payouts."""
    yield from _in_the_books()
    yield from _of_nobody()
    for batch in PayoutBatch.objects.select_related("bank_account").order_by("pk").iterator(chunk_size=1):
        yield from _in_the_file(batch)


def _in_the_books() -> Iterator[Problem]:
    """A payout that was paid has its entry, one that came back has the reversal of it, and no other has either."""
    some: list[Payout] = []
    for payout in payouts().order_by("pk").iterator(chunk_size=AT_ONCE):
        some.append(payout)
        if len(some) == AT_ONCE:
            yield from _entries_of(some)
            some = []
    yield from _entries_of(some)


def _entries_of(some: Iterable[Payout]) -> Iterator[Problem]:
    wanted: dict[str, Payout] = {}
    for payout in some:
        key = f"payout:{payout.public_id}"
        wanted |= {key: payout, f"{key}:returned": payout}
    kept = Entry.objects.filter(key__in=wanted, sealed=True).prefetch_related("postings")
    there = {entry.key: entry for entry in kept}
    for key, payout in wanted.items():
        came_back = key.endswith(":returned")
        states = (State.RETURNED,) if came_back else (State.CONFIRMED, State.RETURNED)
        is_due, entry = getattr(payout, "state", "") in states, there.get(key)
        if is_due != (entry is not None):
            yield Problem(grounds.PAID_ONCE, str(payout.public_id), *grounds.PAID_AND_NOT)
        elif entry is not None and _owed_back(payout, entry) != (-payout.minor if came_back else payout.minor):
            yield Problem(grounds.PAID_ONCE, str(payout.public_id), *grounds.PAID_OTHERWISE)


def _owed_back(payout: Payout, entry: Entry) -> int:
    """How much less the account of the payout owes in its fund by this entry: minor units."""
    place = (payout.account_id, payout.fund_id, payout.currency)
    return sum(one.minor for one in entry.postings.all() if (one.account_id, one.fund_id, one.currency) == place)


def _of_nobody() -> Iterator[Problem]:
    """An entry that pays out names a payout."""
    some: dict[str, UUID] = {}
    posted = Entry.objects.filter(kind=EntryKind.PAYOUT, sealed=True).order_by("pk").values_list("key", "public_id")
    for key, public_id in posted.iterator(chunk_size=AT_ONCE):
        some[key] = public_id
        if len(some) == AT_ONCE:
            yield from _without_payout(some)
            some = {}
    yield from _without_payout(some)


def _without_payout(some: dict[str, UUID]) -> Iterator[Problem]:
    named = {key: number for key in some if (number := _payout_of(key)) is not None}
    there = set(Payout.objects.filter(public_id__in=named.values()).values_list("public_id", flat=True))
    for key, public_id in some.items():
        if named.get(key) not in there:
            yield Problem(grounds.PAID_ONCE, str(public_id), *grounds.PAID_FOR_NOTHING)


def _payout_of(key: str) -> UUID | None:
    what, _colon, name = key.partition(":")
    try:
        return UUID(name) if what == "payout" and str(UUID(name)) == name else None
    except ValueError:
        return None


def _in_the_file(batch: PayoutBatch) -> Iterator[Problem]:
    """A file asks for what its payouts say, once each, from the account it says; its bytes are those that were made."""
    sha256 = hashlib.sha256(bytes(batch.data)).hexdigest()
    payer = batch.bank_account.iban
    wanted = sorted((str(one.public_id), one.minor, one.currency, one.details.iban, payer) for one in payouts_in(batch))
    same_sum = (batch.count, batch.total_minor) == (len(wanted), sum(one[1] for one in wanted))
    if sha256 != batch.sha256 or not same_sum or _asked(batch.pk, sha256) != _told(wanted):
        yield Problem(grounds.FILE_AS_SENT, batch.ident, *grounds.OTHER_FILE)


@lru_cache(maxsize=FILES_KEPT)
def _asked(number: int, _sha256: str) -> str:
    """What a file asks for, as a hash; empty for no file of orders. Read once a process: ten thousand take seconds."""
    found = read_orders(bytes(PayoutBatch.objects.get(pk=number).data))
    if not found.is_valid:
        return ""
    return _told(
        sorted(
            (str(one.intent), one.amount.minor, one.amount.currency, one.payee.iban, order.payer.iban)
            for order in found.orders
            for one in order.transfers
        )
    )


def _told(orders: list[tuple[str, int, str, str, str]]) -> str:
    return hashlib.sha256(json.dumps(orders).encode()).hexdigest()

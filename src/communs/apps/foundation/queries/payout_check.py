"""What must hold between payouts, their files and the books, beyond the order of steps: for `communs verify ledger`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from communs.apps.foundation.models import Entry, Payout, PayoutBatch, PayoutStep
from communs.apps.foundation.queries.payouts import payouts, payouts_in
from communs.core.ledger import Problem
from communs.core.standards.pain001 import read_orders
from communs.core.texts import N_

State = PayoutStep.State
AT_ONCE: Final = 500
IN_THE_BOOKS: Final = "paid-once"
IN_THE_FILE: Final = "file-as-sent"


def money_out_problems() -> Iterator[Problem]:
    """What is wrong with payouts beside the books, and with files beside their payouts."""
    yield from _in_the_books()
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
        states = (State.RETURNED,) if key.endswith(":returned") else (State.CONFIRMED, State.RETURNED)
        is_due, entry = getattr(payout, "state", "") in states, there.get(key)
        if is_due != (entry is not None):
            message = N_("It has an entry in the books, and has not been paid, or the reverse.")
            yield Problem(IN_THE_BOOKS, str(payout.public_id), message, N_("Hold its steps against the statements."))
        elif entry is not None and payout.minor not in {abs(one.minor) for one in entry.postings.all()}:
            message = N_("Its entry in the books has another amount.")
            yield Problem(IN_THE_BOOKS, str(payout.public_id), message, N_("Hold its steps against the statements."))


def _in_the_file(batch: PayoutBatch) -> Iterator[Problem]:
    """A file asks for what its payouts say, and its bytes are those that were made."""
    data = bytes(batch.data)
    asked = {
        (one.intent, one.amount.minor, one.payee.iban) for order in read_orders(data).orders for one in order.transfers
    }
    wanted = {(one.public_id, one.minor, one.details.iban) for one in payouts_in(batch)}
    if hashlib.sha256(data).hexdigest() != batch.sha256 or asked != wanted:
        message = N_("The file for the bank does not say what its payouts say.")
        yield Problem(IN_THE_FILE, batch.ident, message, N_("Do not send it. Ask the bank what it has received."))

"""What the bank says of payouts: paid, refused, came back, or nothing for too long. Each is a step, and an entry.

Money leaves the books when a statement shows that it has left the bank. Until then it stays reserved.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import entry, record
from communs.apps.foundation.actions.payees import set_aside
from communs.apps.foundation.actions.payouts import add_step, lock
from communs.apps.foundation.models import BankFile, BankLine, Entry, Payout, PayoutStep
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.books import open_period
from communs.core.ledger import PAYOUT, Contradiction, EntryKind, Transition

State = PayoutStep.State
ACTOR: Final = "bank"
UNHEARD_MAX: Final = 500


def days(booked_on: date, now: datetime) -> tuple[date, date | None]:
    """The day an entry counts for, and the day it belongs to where that day's period was closed before we knew."""
    if open_period(booked_on) is not None or booked_on >= now.date():
        return booked_on, None
    return now.date(), booked_on


def paid(payout: Payout, line: BankLine, now: datetime) -> Entry:
    """A statement shows that the bank has paid: confirm it, and take it out of the books. Raises `Contradiction`."""
    with transaction.atomic():
        locked = lock(payout.public_id)
        _hear(locked, State.CONFIRMED, now, line=line)
        on, happened_on = days(line.booked_on, now)
        bank = line.bank_account.account.slug
        account, fund, code = locked.account.slug, locked.fund.slug, locked.currency
        postings = [(account, fund, locked.minor, code), (bank, fund, -locked.minor, code)]
        told = Transition("bank", locked.public_id.hex, State.CONFIRMED)
        key = f"payout:{locked.public_id}"
        said = {"actor": ACTOR, "transition": told, "happened_on": happened_on}
        done = record(entry(key, EntryKind.PAYOUT, postings, on=on, now=now, **said))
        return Entry.objects.get(public_id=done.id)


def came_back(payout: Payout, line: BankLine, now: datetime) -> Entry:
    """A statement shows that a payout came back: it is owed again. Raises `Contradiction`."""
    with transaction.atomic():
        locked = lock(payout.public_id)
        _hear(locked, State.RETURNED, now, line=line, reason=line.reason)
        set_aside(locked, line.reason, now)
        was = Entry.objects.get(key=f"payout:{locked.public_id}")
        on, happened_on = days(line.booked_on, now)
        bank = line.bank_account.account.slug
        account, fund, code = locked.account.slug, locked.fund.slug, locked.currency
        postings = [(bank, fund, locked.minor, code), (account, fund, -locked.minor, code)]
        told = Transition("bank", locked.public_id.hex, State.RETURNED)
        said = {"actor": ACTOR, "transition": told, "happened_on": happened_on, "reverses": str(was.public_id)}
        key = f"payout:{locked.public_id}:returned"
        done = record(entry(key, EntryKind.REVERSAL, postings, on=on, now=now, **said))
        return Entry.objects.get(public_id=done.id)


def refused(payout: Payout, reason: str, file: BankFile, now: datetime) -> bool:
    """The bank will not pay: what was reserved is free again. False where that was known. Raises `Contradiction`."""
    with transaction.atomic():
        locked = lock(payout.public_id)
        if queries.state_of(locked) == State.REFUSED:
            return False
        _hear(locked, State.REFUSED, now, file=file, reason=reason[:400])
        set_aside(locked, reason, now)
        return True


def unheard(now: datetime) -> int:
    """Mark payouts of which the bank has said nothing for too long, so that people ask it; how many there were."""
    late = queries.due_to_ask(now)[:UNHEARD_MAX]
    count = 0
    for payout in late:
        with transaction.atomic():
            locked = lock(payout.public_id)
            if queries.state_of(locked) == State.SUBMITTED:
                add_step(locked, State.UNKNOWN, now)
                count += 1
    return count


def _hear(payout: Payout, news: str, now: datetime, **said: object) -> None:
    """The step for news of the bank, which must be one that may come next."""
    state = queries.state_of(payout)
    if not PAYOUT.may(state, news):
        message = _("A payout that is “{before}” cannot become “{after}”. Ask the bank, and let a person decide.")
        raise Contradiction(message.format(before=State(state).label, after=State(news).label))
    add_step(payout, news, now, **said)

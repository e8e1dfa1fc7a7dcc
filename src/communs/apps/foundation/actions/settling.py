"""What providers pay out to our bank: posted line by line to what is on its way, then found on a statement."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db import transaction

from communs.apps.foundation import naming
from communs.apps.foundation.actions.bearing import bear
from communs.apps.foundation.actions.hearing import hear
from communs.apps.foundation.actions.pay_ins import fee_fund, parts_of
from communs.apps.foundation.actions.places import by_fund, general_fund, on_its_way, post
from communs.apps.foundation.models import BankLine, PayIn, Posting, SettledPart, Settlement
from communs.apps.foundation.payment_clients import clients
from communs.apps.foundation.queries.books import account_of
from communs.core.ledger import EntryKind
from communs.core.providers import Authenticity, Hint, Provider, ProviderError
from communs.core.providers import Settlement as Told
from communs.core.providers.news import SettlementLine

log = logging.getLogger("communs.foundation")
AT_ONCE_MAX: Final = 50


def settle(now: datetime) -> int:
    """Ask for the payouts that were heard of, and post them; how many were."""
    waiting = Settlement.objects.filter(posted_at=None).order_by("heard_at", "pk")[:AT_ONCE_MAX]
    return sum(_settle(row, now) for row in list(waiting))


def _settle(row: Settlement, now: datetime) -> bool:
    client = clients().get(row.provider)
    if client is None:
        return False
    try:
        told = client.settlement(row.object_id)
        _hear_missing(client, told, now)
        with transaction.atomic():
            locked = Settlement.objects.select_for_update().get(pk=row.pk)
            if locked.posted_at is None:
                _post(locked, told, now)
    except Exception as error:
        # People see why, and it waits; whatever it is, it holds up no other.
        if not isinstance(error, ProviderError):
            log.warning("a payout of %s waits", row.provider, exc_info=error)
        Settlement.objects.filter(pk=row.pk).update(problem=str(error)[:300])
        return False
    return True


def _hear_missing(client: Provider, told: Told, now: datetime) -> None:
    """Payments of the payout that we have not heard of yet: look at them first."""
    ids = [line.object_id for line in told.lines if line.kind == "payment" and line.object_id]
    known = set(
        PayIn.objects.filter(provider=told.provider, object_id__in=ids, entries__what="gift").values_list(
            "object_id", flat=True
        )
    )
    for one in dict.fromkeys(ids):
        if one not in known:
            for news in client.follow(Hint(told.provider, f"settlement:{one}", "payment", one, Authenticity.UNSIGNED)):
                hear(news, now)


def _post(row: Settlement, told: Told, now: datetime) -> None:
    ids = [line.object_id for line in told.lines if line.kind == "payment" and line.object_id]
    paid = PayIn.objects.filter(provider=row.provider, object_id__in=ids).order_by("pk")
    list(paid.select_for_update().values_list("pk"))  # none of them is identified meanwhile
    lines = [part for number, line in enumerate(told.lines) for part in _parts(row, number, line, now)]
    clearing, way, key = naming.clearing(row.provider, row.currency), on_its_way(row.currency), key_of(row)
    for fund, minor in by_fund(lines).items():
        post(f"{key}:{fund}", EntryKind.SETTLEMENT, [(way, fund, minor), (clearing, fund, -minor)], told.at.date(), now)
    fees = sum(-line.net if line.kind == "fee" else line.fee for line in told.lines if line.kind != "payment")
    if fees:
        bear(f"{key}:fee", fees, clearing, told.at.date(), now)
    paid.filter(settlement="").update(settlement=row.object_id)
    row.minor, row.posted_at, row.problem = told.minor, now, ""
    row.save(update_fields=["minor", "posted_at", "problem"])


def _parts(row: Settlement, number: int, line: SettlementLine, now: datetime) -> Iterator[tuple[str, int]]:
    """What a line moves, by fund. What is nobody's gift yet is written down, to go to its fund once that is known."""
    found = PayIn.objects.filter(provider=row.provider, object_id=line.object_id).select_related("gift__fund")
    pay_in = found.first() if line.object_id else None
    if pay_in is None or (line.kind != "payment" and _was_lost(pay_in)):
        yield general_fund(row.currency, now), line.net
        return
    fee = line.fee if line.kind == "payment" else 0
    if pay_in.gift is None:
        SettledPart.objects.create(settlement=row, number=number, pay_in=pay_in, gross=line.gross, fee=fee)
    yield from moved(pay_in, line.gross, fee, now)
    if line.fee != fee:  # that of a payment is posted with the payment; any other is posted below
        yield general_fund(row.currency, now), fee - line.fee


def moved(pay_in: PayIn, gross: int, fee: int, now: datetime) -> Iterator[tuple[str, int]]:
    """What a line of a payment moves, by fund, with the payment's own fee.

    What goes back wholly goes back part by part, otherwise out of the gift itself.
    """
    parts = [(fund, minor) for _what, fund, minor in parts_of(pay_in, now)]
    sign = 1 if gross > 0 else -1
    if sum(minor for _fund, minor in parts) == abs(gross):
        yield from ((fund, sign * minor) for fund, minor in parts)
    else:
        yield parts[0][0], gross
    if fee:
        yield fee_fund(pay_in) or parts[0][0], -fee


def _was_lost(pay_in: PayIn) -> bool:
    return pay_in.entries.filter(what="loss").exists()


def arrived(wanted: Settlement, line: BankLine, on: date, now: datetime) -> bool:
    """A line of the bank is this payout of a provider: it has arrived. False where the amount differs, or it had."""
    waiting = Settlement.objects.select_for_update().filter(posted_at__isnull=False, line=None, minor=line.minor)
    row = waiting.filter(pk=wanted.pk, currency=line.bank_account.account.currency).first()
    if row is None:
        return False
    way, key = on_its_way(row.currency), key_of(row)
    bank = account_of(line.bank_account.account)
    there = Posting.objects.filter(entry__key__startswith=f"{key}:", account__slug=way.id, entry__sealed=True)
    for fund, moved in by_fund(there.values_list("fund__slug", "minor")).items():
        post(f"bank:{key}:{fund}", EntryKind.SETTLEMENT, [(bank, fund, moved), (way, fund, -moved)], on, now)
    row.line = line
    row.save(update_fields=["line"])
    return True


def key_of(row: Settlement) -> str:
    """What the keys of its entries begin with."""
    return f"settlement:{row.provider}:{row.object_id}"

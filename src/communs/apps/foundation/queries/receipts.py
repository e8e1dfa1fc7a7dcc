"""Reads of receipts: as rows, as the rules and the printer see them, what of a payment is left to be receipted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from communs.apps.foundation.models import Dispute, Gift, PayIn, PayInEntry, Receipt, Receipted, Refund
from communs.core.receipts import (
    Address,
    Article,
    Body,
    Cancellation,
    Category,
    Donor,
    Payment,
    Signature,
    write_number,
)
from communs.core.receipts import Receipt as ReceiptSaid

READ_AT_ONCE: Final = 500
HAS_MONEY: Final = ("settled", "paid-out-to-bank")


def receipts() -> QuerySet[Receipt]:
    """Receipts with their series, in the order of their numbers."""
    return Receipt.objects.select_related("series", "replaces", "replaced_by").order_by("series", "number")


def of_gift(gift: Gift) -> list[Receipt]:
    """The receipts of a gift, cancelled ones too, the latest first."""
    numbers = Receipted.objects.filter(pay_in__gift=gift).values("receipt")
    return list(receipts().filter(pk__in=numbers).order_by("-pk"))


def given_in(year: int) -> QuerySet[Receipt]:
    """Receipts in force for gifts that arrived in a year, whenever they were issued."""
    return receipts().filter(given_on__year=year, cancelled_on=None)


def left_of(pay_in: PayIn) -> int:
    """What of a payment is a gift that stays: without what was given back."""
    done = sum(one.minor for one in pay_in.refunds.all() if one.state == Refund.State.SUCCEEDED)
    lost = sum(one.minor for one in pay_in.disputes.all() if one.state == Dispute.State.LOST)
    return pay_in.minor - done - lost


def without_receipt(year: int) -> Iterator[Gift]:
    """Gifts that repeat, with payments of a year that no receipt in force covers."""
    waiting = _waiting(date(year, 1, 1), date(year, 12, 31)).filter(gift=OuterRef("pk"))
    found = Gift.objects.exclude(every="").filter(Exists(waiting)).select_related("giver", "fund").order_by("pk")
    yield from found.iterator(chunk_size=READ_AT_ONCE)


def unreceipted(gift: Gift, first: date, last: date) -> QuerySet[PayIn]:
    """Payments of a gift in these days that no receipt in force covers."""
    return _waiting(first, last).filter(gift=gift).select_related("gift__giver").order_by("came_on", "pk")


def _waiting(first: date, last: date) -> QuerySet[PayIn]:
    covered = Receipted.objects.filter(pay_in=OuterRef("pk"), receipt__cancelled_on=None)
    booked = PayInEntry.objects.filter(pay_in=OuterRef("pk"), what="gift")
    found = PayIn.objects.filter(state__in=HAS_MONEY, came_on__gte=first, came_on__lte=last)
    return found.filter(~Exists(covered), Exists(booked))


def number_of(row: Receipt) -> str:
    """The number as it is printed."""
    return write_number(row.series.year, row.number)


def as_said(row: Receipt) -> ReceiptSaid:
    """A receipt as the rules and the printer see it."""
    said: dict[str, Any] = row.said
    body, donor = dict(said["body"]), dict(said["donor"])
    body["address"], donor["address"] = Address(**body["address"]), Address(**donor["address"])
    body["articles"] = frozenset(Article(one) for one in body["articles"])
    body["category"] = Category(body["category"])
    replaced_by = getattr(row, "replaced_by", None) if row.pk else None
    gone = None
    if row.cancelled_on is not None:
        gone = Cancellation(row.cancelled_on, row.cancelled_because, number_of(replaced_by) if replaced_by else "")
    gifts = [str(number) for number in row.covers.order_by("pay_in").values_list("pay_in", flat=True)] if row.pk else []
    return ReceiptSaid(
        number=number_of(row),
        body=Body(**body),
        donor=Donor(**donor),
        articles=frozenset(Article(one) for one in said["articles"]),
        minor=row.minor,
        given_on=row.given_on,
        issued_on=row.issued_on,
        signature=Signature(**said["signature"]),
        payment=Payment(said["payment"]),
        given_until=row.given_until,
        gifts=tuple(gifts),
        is_membership=bool(said["is_membership"]),
        replaces=number_of(row.replaces) if row.replaces else "",
        cancelled=gone,
    )

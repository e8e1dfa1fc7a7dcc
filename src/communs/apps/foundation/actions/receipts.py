"""Receipts for gifts: issued in the transaction that posts the gift, cancelled and issued anew when a part goes back.

Who issues one holds the row of its series until that transaction ends: the next number waits, and none is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from communs.apps.foundation.models import Gift, PayIn, Receipt, Receipted, ReceiptSeries
from communs.apps.foundation.queries import receipts as queries
from communs.core.receipts import Address as ReceiptAddress
from communs.core.receipts import Article, Body, Donor, Payment, Signature, check

BACK: Final = "A part of the gift was given back."
BACK_WHOLLY: Final = "The gift was given back."


def issue_at_once(pay_in: PayIn, now: datetime) -> Receipt | None:
    """The receipt of a payment that has come, where one is wanted and may be given. One a year for what repeats."""
    if pay_in.gift is None or pay_in.gift.every or not may_have(pay_in.gift):
        return None
    return issue([pay_in], now)


def may_have(gift: Gift) -> bool:
    """Whether receipts are given here, and for this gift: none for what was paid in exchange for something."""
    giver = getattr(gift, "giver", None)
    return bool(
        settings.FOUNDATION.gives_receipts
        and giver is not None
        and giver.wants_receipt
        and giver.name
        and not gift.counterpart
        and gift.currency == "EUR"
        and gift.kind != Gift.Kind.GRANT
    )


def issue(pay_ins: Sequence[PayIn], now: datetime, replaces: Receipt | None = None) -> Receipt | None:
    """A receipt for payments of one giver, what is left of them; None where nothing is left or it may not be given."""
    left = [(one, queries.left_of(one)) for one in pay_ins]
    left = [(one, minor) for one, minor in left if minor > 0]
    if not left:
        return None
    gift = left[0][0].gift
    identity = settings.FOUNDATION
    if gift is None or identity.body is None or identity.signature is None:
        return None
    said = _said(gift, identity.body, identity.signature) if replaces is None else dict(replaces.said)
    with transaction.atomic():
        series = _series(identity.body, now.date().year)
        days = sorted(one.came_on or now.date() for one, _minor in left)
        last = series.receipts.order_by("-number").values_list("number", flat=True).first() or 0
        row = Receipt(
            series=series,
            number=last + 1,
            minor=sum(minor for _one, minor in left),
            given_on=days[0],
            given_until=days[-1] if days[-1] != days[0] else None,
            issued_on=max(now.date(), days[-1]),
            said=said,
            replaces=replaces,
        )
        if check(queries.as_said(row)):
            return None  # what is missing is told where the giver asks for it
        row.save()
        Receipted.objects.bulk_create([Receipted(receipt=row, pay_in=one, minor=minor) for one, minor in left])
        return row


def _series(body: Body, year: int) -> ReceiptSeries:
    """The series of a body and a year, locked until the transaction ends."""
    row, _made = ReceiptSeries.objects.get_or_create(body=body.key, year=year)
    return ReceiptSeries.objects.select_for_update().get(pk=row.pk)


def _said(gift: Gift, body: Body, signature: Signature) -> dict[str, Any]:
    """What the receipt says of body, giver and signature, as JSON values."""
    giver = gift.giver
    donor = Donor(
        giver.name,
        ReceiptAddress(giver.street, giver.postcode, giver.town, giver.country),
        giver.given_names,
        giver.is_company,
        giver.legal_form,
        giver.siren,
    )
    wanted = Article.COMPANIES if giver.is_company else Article.INCOME
    articles = sorted({wanted} & body.articles)
    said_body = {**asdict(body), "articles": sorted(body.articles)}
    return {
        "body": said_body, "donor": asdict(donor), "signature": asdict(signature), "articles": articles,
        "payment": Payment.TRANSFER.value, "language": giver.language,
        "is_membership": gift.kind == Gift.Kind.MEMBERSHIP,
        "gift": str(gift.public_id),
    }  # fmt: skip


def after_giving_back(pay_in: PayIn, now: datetime) -> Receipt | None:
    """Cancel the receipt of a payment of which a part went back, and issue one for what is left. Both are kept."""
    covered = Receipted.objects.filter(pay_in=pay_in, receipt__cancelled_on=None).select_related("receipt").first()
    if covered is None:
        return None
    old = Receipt.objects.select_for_update().get(pk=covered.receipt_id)
    if old.cancelled_on is not None:
        return None
    pay_ins = [one.pay_in for one in old.covers.select_related("pay_in__gift__giver")]
    left = sum(queries.left_of(one) for one in pay_ins)
    old.cancelled_on = max(now.date(), old.issued_on)
    old.cancelled_because = BACK if left > 0 else BACK_WHOLLY
    old.save(update_fields=["cancelled_on", "cancelled_because"])
    return issue(pay_ins, now, replaces=old)


def issue_year(year: int, now: datetime) -> Iterator[Receipt]:
    """Receipts for gifts that repeat, one a gift and year, for what has none yet; each in a transaction of its own."""
    for gift in queries.without_receipt(year):
        with transaction.atomic():
            Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
            pay_ins = list(queries.unreceipted(gift, date(year, 1, 1), date(year, 12, 31)))
            row = issue(pay_ins, now) if pay_ins and may_have(gift) else None
        if row is not None:
            yield row

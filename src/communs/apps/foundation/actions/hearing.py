"""News of a provider, whole: the payment, its refunds and disputes, the payout it went with; one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from communs.apps.foundation import naming
from communs.apps.foundation.actions.back import hear_disputes, hear_refund
from communs.apps.foundation.actions.pay_ins import HAS_MONEY, Moment, book, go_on, lock
from communs.apps.foundation.models import PayIn, Settlement
from communs.core.providers import PayInNews


def hear(news: PayInNews, now: datetime) -> PayIn:
    """Take in what a provider says of a payment. Raises `NotRecorded`, `Contradiction`: then nothing was taken in.

    A payment with a doubt is written down and not booked: a person has to look.
    """
    with transaction.atomic():
        pay_in = lock(news, now)
        is_late = news.at < pay_in.told_at
        go_on(pay_in, news, now)
        when = Moment(news.at.date(), now)
        if pay_in.minor < 0 and not pay_in.doubt:
            pay_in.doubt = (
                f"An amount below zero: {pay_in.minor} {pay_in.currency} in smallest units. Ask the provider."
            )
            pay_in.save(update_fields=["doubt"])
        # What costs nothing, as a ticket that is free, is written down too and has no place in the books.
        if pay_in.state in HAS_MONEY and pay_in.minor and not pay_in.doubt:
            book(pay_in, news.fee, when, naming.clearing(pay_in.provider, pay_in.currency))
            for refund in news.refunds:
                hear_refund(pay_in, refund, when)
            if not is_late:
                hear_disputes(pay_in, news, when)
        if pay_in.settlement:
            _expect(pay_in, now)
        return pay_in


def _expect(pay_in: PayIn, now: datetime) -> None:
    """The payment went with a payout of its provider: write the payout down, to be asked for."""
    Settlement.objects.get_or_create(
        provider=pay_in.provider,
        object_id=pay_in.settlement,
        defaults={"currency": pay_in.currency, "heard_at": now},
    )

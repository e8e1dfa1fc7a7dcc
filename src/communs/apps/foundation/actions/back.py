"""Money that goes back to who gave it: refunds that two people decide, refunds and disputes that providers tell of."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions import receipts
from communs.apps.foundation.actions.books import NAMES, KeyTaken, NotRecorded, give_up, reserve
from communs.apps.foundation.actions.pay_ins import HAS_MONEY, Moment, take_back, taken_back
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.models import Dispute, Payer, PayIn, Refund
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.giving_back import keys_of
from communs.apps.foundation.queries.receipts import left_of
from communs.core.ledger import DISPUTE, REFUND, Account, Contradiction
from communs.core.providers import PayInNews, RefundNews
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

log = logging.getLogger("communs.foundation")
State = Refund.State


def propose(by: Any, key: UUID, pay_in: int, minor: int, reason: str, now: datetime) -> Refund:
    """Propose to give a part of a payment back. The same key is the same refund.

    Raises `Refused`, `NotThere`, `Impossible`, `KeyTaken`.
    """
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        row = lock_pay_in(pay_in)
        there = Refund.objects.filter(public_id=key).first()
        if there is not None:
            if (there.pay_in_id, there.minor) != (row.pk, minor):
                raise KeyTaken(str(key))
            return there
        if row.state not in HAS_MONEY:
            raise Impossible(_("Nothing has come in that could go back."))
        waiting = row.refunds.exclude(state__in=(State.SUCCEEDED, State.FAILED)).values_list("minor", flat=True)
        left = row.minor - taken_back(row) - sum(waiting)
        if not 0 < minor <= left:
            raise Impossible(_("That is more than what is left of this payment, or nothing."))
        return Refund.objects.create(
            public_id=key,
            pay_in=row,
            state=State.REQUESTED,
            minor=minor,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )


def approve(by: Any, public_id: UUID, now: datetime) -> Refund:
    """Approve what another proposed: the money is held, then goes back. Twice is once.

    To a transfer it is owed until the treasurer pays it out; a provider is asked by the worker.
    Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded` where the fund has not enough.
    """
    require(by, Duty.APPROVE)
    with refusals_told(), transaction.atomic():
        refund = _lock(public_id)
        if refund.approved_at is not None:
            return refund
        if refund.proposed_by_id in {None, by.pk}:
            raise Impossible(_("Somebody else has to approve it: not who proposed it."))
        if refund.state != State.REQUESTED:
            raise Impossible(_("This refund is over."))
        refund.approved_by, refund.approved_at = by, now
        refund.save(update_fields=["approved_by", "approved_at"])
        pay_in = refund.pay_in
        if pay_in.provider == BANK:
            _go_on(refund, State.SUBMITTED)
            _give_back(refund, Moment(now.date(), now), naming.donor(pay_in.currency))
        elif pay_in.gift is not None:
            reserve(hold_of(refund), pay_in.gift.fund.slug, refund.minor, pay_in.currency, now)
        return refund


def refuse(by: Any, public_id: UUID, now: datetime) -> Refund:
    """Refuse, or take back, a refund that nobody approved yet. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.LOOK)
    with transaction.atomic():
        refund = _lock(public_id)
        if by.pk != refund.proposed_by_id:
            require(by, Duty.APPROVE)
        if refund.state != State.REQUESTED or refund.approved_at is not None:
            raise Impossible(_("This refund is approved already, or over."))
        _go_on(refund, State.FAILED)
        return refund


def hear_refund(pay_in: PayIn, news: RefundNews, when: Moment) -> None:
    """What a provider says of a refund of a locked payment: ours, or one that was begun on its own pages."""
    refund = _refund_of(pay_in, news, when.now)
    if not refund.object_id:
        refund.object_id = news.object_id
        refund.save(update_fields=["object_id"])
    try:
        state = REFUND.hear(refund.state, news.state)
    except Contradiction as error:
        pay_in.doubt = str(error)[:500]
        pay_in.save(update_fields=["doubt"])
        return
    if state == refund.state:
        return
    if state == State.SUCCEEDED:
        give_up(hold_of(refund), when.now)
        _give_back(refund, when, naming.clearing(pay_in.provider, pay_in.currency))
        return
    _go_on(refund, state)
    if state == State.FAILED:
        give_up(hold_of(refund), when.now)


def _refund_of(pay_in: PayIn, news: RefundNews, now: datetime) -> Refund:
    known = pay_in.refunds.filter(object_id=news.object_id).first()
    if known is None and news.intent is not None:
        # One that was taken for refused, and was made all the same, is told of as one that the provider began.
        ours = pay_in.refunds.filter(public_id=news.intent)
        known = ours.exclude(state=State.FAILED, object_id="").first()
    elif known is None:
        # A provider that keeps no key of ours: ours is the one of this amount that was asked for and has no name yet.
        ours = pay_in.refunds.filter(object_id="", minor=news.minor, approved_at__isnull=False)
        known = ours.exclude(state=State.FAILED).order_by("pk").first()
    if known is not None:
        return known
    public_id = uuid5(NAMES, f"refund:{pay_in.provider}:{pay_in.object_id}:{news.object_id}")
    return Refund.objects.create(
        public_id=public_id, pay_in=pay_in, object_id=news.object_id, state=State.REQUESTED, minor=news.minor,
        proposed_at=now,
    )  # fmt: skip


def _give_back(refund: Refund, when: Moment, held: Account) -> None:
    """Post a refund that has happened, and give the receipt that is right now."""
    pay_in = refund.pay_in
    refund.lost_minor = take_back(pay_in, refund.minor, keys_of(refund), when, held)
    refund.save(update_fields=["lost_minor"])
    _go_on(refund, State.SUCCEEDED)
    _gone(pay_in, when)


def _gone(pay_in: PayIn, when: Moment) -> None:
    if left_of(pay_in) <= 0:
        Payer.objects.filter(pay_in=pay_in).delete()  # nobody will ask any more whose gift it was
    receipts.after_giving_back(pay_in, when.now)


def _go_on(refund: Refund, state: str) -> None:
    refund.state = state
    if state in {State.SUBMITTED, State.SUCCEEDED}:
        refund.problem = ""  # whatever it was, it is over
    refund.save(update_fields=["state", "problem"])


def hold_of(refund: Refund) -> str:
    """The name of what is held of the fund until the money has gone."""
    return f"refund:{refund.public_id}"


def hold_of_dispute(row: Dispute) -> str:
    """The name of what is held of the fund while a dispute is open, and of what is posted when it is lost."""
    return f"dispute:{row.pay_in.provider}:{row.object_id}"


def hear_disputes(pay_in: PayIn, news: PayInNews, when: Moment) -> None:
    """Disputes of a locked payment. One that a provider no longer tells of was won."""
    told = {one.object_id: one for one in news.disputes}
    for one in told.values():
        row, _made = Dispute.objects.get_or_create(
            pay_in=pay_in,
            object_id=one.object_id,
            defaults={"state": DISPUTE.start, "minor": one.minor, "told_at": one.at},
        )
        _hear_dispute(row, one.state, when)
    for row in pay_in.disputes.filter(state=Dispute.State.OPENED).exclude(object_id__in=list(told)):
        _hear_dispute(row, Dispute.State.WON, when)


def _hear_dispute(row: Dispute, news: str, when: Moment) -> None:
    pay_in, hold = row.pay_in, hold_of_dispute(row)
    state = DISPUTE.hear(row.state, news)
    if state == Dispute.State.OPENED:
        _hold(pay_in, hold, row.minor, when.now)
        return
    if state == row.state:
        return
    give_up(hold, when.now)
    if state == Dispute.State.LOST:
        held = naming.clearing(pay_in.provider, pay_in.currency)
        row.lost_minor = take_back(pay_in, row.minor, hold, when, held)
    row.state = state
    row.save(update_fields=["state", "lost_minor"])
    if state == Dispute.State.LOST:
        _gone(pay_in, when)


def _hold(pay_in: PayIn, key: str, minor: int, now: datetime) -> None:
    """Keep a part of the fund from being granted while a dispute is open, as far as it is there."""
    if pay_in.gift is None:
        return
    try:
        reserve(key, pay_in.gift.fund.slug, minor, pay_in.currency, now)
    except NotRecorded:
        log.warning("%s goes back or is disputed, and its fund has less than that", pay_in)


def hold_what_may_go(pay_in: PayIn, now: datetime) -> None:
    """Hold of the fund of a payment that was identified what goes back or is disputed by then."""
    if pay_in.provider == BANK:
        return
    for refund in pay_in.refunds.filter(state__in=(State.REQUESTED, State.SUBMITTED), approved_at__isnull=False):
        _hold(pay_in, hold_of(refund), refund.minor, now)
    for dispute in pay_in.disputes.filter(state=Dispute.State.OPENED):
        _hold(pay_in, hold_of_dispute(dispute), dispute.minor, now)


def lose(by: Any, number: int, now: datetime) -> None:
    """Say that a dispute is lost, where the provider has no word for it. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.APPROVE)
    with transaction.atomic():
        row = (
            Dispute.objects.select_for_update(of=("self",))
            .select_related("pay_in__gift__fund")
            .filter(pk=number)
            .first()
        )
        if row is None:
            raise NotThere
        if row.state != Dispute.State.OPENED:
            raise Impossible(_("This dispute is over."))
        lock_pay_in(row.pay_in_id)
        _hear_dispute(row, Dispute.State.LOST, Moment(now.date(), now))


def provider_refuses(public_id: UUID, why: str, now: datetime) -> None:
    """The provider will not give it back: what was held is free, and people see why."""
    with transaction.atomic():
        refund = _lock(public_id)
        refund.problem = why[:300]
        refund.save(update_fields=["problem"])
        if refund.state == State.REQUESTED:
            _go_on(refund, State.FAILED)
            give_up(hold_of(refund), now)


def _lock(public_id: UUID) -> Refund:
    found = Refund.objects.filter(public_id=public_id).values_list("pay_in_id", flat=True).first()
    if found is None:
        raise NotThere
    lock_pay_in(found)
    return Refund.objects.select_related("pay_in__gift__fund").get(public_id=public_id)


def lock_pay_in(number: int) -> PayIn:
    """A payment, locked until the transaction ends. Raises `NotThere`."""
    locked = PayIn.objects.select_for_update(of=("self",)).select_related("gift__fund")
    found = locked.filter(pk=number).first()
    if found is None:
        raise NotThere
    return found

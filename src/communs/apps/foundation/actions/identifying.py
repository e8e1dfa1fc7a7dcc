"""Payments made on a page of the provider's own: a person says whose they are or for what, and the books say it too.

Such a payment was put aside in the general fund. What was posted then is reversed and posted anew for the gift; where
the provider has paid it out since, the money changes funds where it lies by now. All in one transaction, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions import gifts, receipts
from communs.apps.foundation.actions.back import lock_pay_in
from communs.apps.foundation.actions.books import NAMES
from communs.apps.foundation.actions.pay_ins import HAS_MONEY, Moment, keep, parts_of
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.places import by_fund, on_its_way, post
from communs.apps.foundation.actions.settling import key_of
from communs.apps.foundation.actions.several import Outcome, each
from communs.apps.foundation.models import Dispute, Gift, Payer, PayIn, Refund, Settlement
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.queries.books import account_of
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.receipts import left_of
from communs.core.ledger import Account, AccountKind, EntryKind
from communs.core.standards.creditor_reference import check_reference
from communs.core.standards.refusals import Refusal
from communs.kit.records.actions import Impossible

KINDS: Final = (Gift.Kind.DONATION, Gift.Kind.MEMBERSHIP, Gift.Kind.EVENT)


@dataclass(frozen=True, slots=True)
class GiftWanted:
    """The gift that a payment is to be: for which fund, and of which kind (`KINDS`)."""

    fund: str
    kind: str = Gift.Kind.DONATION


def attach(by: Any, number: int, reference: str, now: datetime) -> PayIn:
    """Say that a payment is of a gift that was written down, by its reference. The same again is once.

    Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded`.
    """
    return _identify(by, number, lambda _pay_in: _gift_by(reference), now)


def make_gift(by: Any, number: int, wanted: GiftWanted, now: datetime) -> PayIn:
    """Make a gift of a payment: from who paid, as the provider says. Again, it is the same gift.

    Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded`.
    """
    if wanted.kind not in KINDS:
        raise Impossible(_("Choose what kind of gift it is."))
    return _identify(by, number, lambda pay_in: _made_of(pay_in, wanted, now), now)


def make_gifts(by: Any, numbers: Sequence[int], wanted: GiftWanted, now: datetime) -> list[Outcome]:
    """Make gifts of many payments, all for one fund, each by itself. Raises `Refused`, `Impossible` for too many."""
    require(by, Duty.KEEP)
    return each(numbers, lambda number: make_gift(by, number, wanted, now))


def forget_payer(by: Any, number: int) -> None:
    """Erase who paid, where they ask for it before anybody knows what for. Raises `Refused`."""
    require(by, Duty.KEEP)
    Payer.objects.filter(pay_in=number).delete()


def _identify(by: Any, number: int, gift_for: Callable[[PayIn], Gift], now: datetime) -> PayIn:
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        settlement = _lock_settlement(number)
        pay_in = lock_pay_in(number)
        gift = gift_for(pay_in)
        if pay_in.gift_id == gift.pk:
            return pay_in
        _check(pay_in, gift)
        pay_in.gift = gift
        pay_in.save(update_fields=["gift"])
        _post_anew(pay_in, settlement, now)
        Payer.objects.filter(pay_in=pay_in).delete()
        receipts.issue_at_once(pay_in, now)
        return pay_in


def _lock_settlement(number: int) -> Settlement | None:
    """The payout that a payment went with, posted or not, locked before the payment: as who posts it does."""
    where = PayIn.objects.filter(pk=number).exclude(settlement="").values_list("provider", "settlement").first()
    if where is None:
        return None
    locked = Settlement.objects.select_for_update(of=("self",)).select_related("line__bank_account__account__fund")
    return locked.filter(provider=where[0], object_id=where[1]).first()


def _check(pay_in: PayIn, gift: Gift) -> None:
    if pay_in.gift_id is not None or pay_in.provider == BANK:
        raise Impossible(_("It is known already whose payment this is. Give it back where that is wrong."))
    if pay_in.state not in HAS_MONEY or not pay_in.entries.filter(what="gift").exists():
        raise Impossible(_("Its money is not in the books yet. Look at it again when the provider has said more."))
    if gift.currency != pay_in.currency:
        raise Impossible(_("The gift is in another currency than the payment."))
    is_going_back = pay_in.refunds.exclude(state=Refund.State.FAILED).exists()
    if is_going_back or pay_in.disputes.exclude(state=Dispute.State.WON).exists() or left_of(pay_in) != pay_in.minor:
        raise Impossible(_("A part of it goes back, or has gone back, or is disputed. Give back the rest too."))


def _gift_by(reference: str) -> Gift:
    try:
        found = Gift.objects.select_related("fund").filter(reference=check_reference(reference)).first()
    except Refusal:
        found = None
    if found is None:
        raise Impossible(_("There is no gift with this reference. Copy it from the page of the gift."))
    return found


def gift_of(pay_in: PayIn) -> UUID:
    """The number that the gift made of a payment has, whenever it is made."""
    return uuid5(NAMES, f"gift-of:{pay_in.provider}:{pay_in.object_id}")


def _made_of(pay_in: PayIn, wanted: GiftWanted, now: datetime) -> Gift:
    payer = Payer.objects.filter(pay_in=pay_in).first() or Payer()
    # No receipt: the provider gives them for payments on its own pages.
    giver = gifts.GiverSaid((get_language() or "en")[:2], payer.email, name=payer.name)
    said = gifts.Wanted(wanted.fund, pay_in.minor, wanted.kind, pay_in.provider, pay_in.currency, giver=giver)
    gift, made = gifts.write_down(gift_of(pay_in), said, now)
    if not made and (gift.fund.slug, gift.kind) != (wanted.fund, wanted.kind):
        raise Impossible(_("A gift was made of it already, for another fund or of another kind."))
    return gift


def _post_anew(pay_in: PayIn, settlement: Settlement | None, now: datetime) -> None:
    """Take back what was posted when nobody knew whose it was, and post it as the gift that it is."""
    held = naming.clearing(pay_in.provider, pay_in.currency)
    when, key = Moment(pay_in.came_on or now.date(), now), f"identified:{pay_in.provider}:{pay_in.object_id}"
    general, fee = _undo(pay_in, key, when)
    parts = list(parts_of(pay_in, now))
    income, fees = naming.income(pay_in.currency), naming.fees(pay_in.currency)
    for what, fund, minor in parts:
        lines = [(held, fund, minor), (income, fund, -minor)]
        _done, row = post(f"{key}:{what}", EntryKind.PAY_IN, lines, when.on, now)
        keep(pay_in, row, what)
    if fee:
        lines = [(held, parts[0][1], -fee), (fees, parts[0][1], fee)]
        _done, row = post(f"{key}:fee", EntryKind.FEE, lines, when.on, now)
        keep(pay_in, row, "fee")
    by_place = [(general, -pay_in.minor), *((fund, minor) for _what, fund, minor in parts)]
    _move_cash(pay_in, settlement, held, [*by_place, (general, fee), (parts[0][1], -fee)], now)


def _undo(pay_in: PayIn, key: str, when: Moment) -> tuple[str, int]:
    """Reverse the payment and its fee where they were put aside: the fund that had them, and the fee."""
    fund, fee = "", 0
    for one in pay_in.entries.filter(what__in=("gift", "fee")).select_related("entry").order_by("pk"):
        postings = list(one.entry.postings.select_related("account__fund", "fund").order_by("position"))
        fund = postings[0].fund.slug
        fee += sum(each.minor for each in postings if one.what == "fee" and each.account.kind == AccountKind.FEES)
        lines = [(account_of(each.account), each.fund.slug, -each.minor) for each in postings]
        said = {"reverses": str(one.entry.public_id)}
        _done, row = post(f"{key}:{one.what}:undone", EntryKind.REVERSAL, lines, when.on, when.now, **said)
        keep(pay_in, row, "undone")
    return fund, fee


def _move_cash(
    pay_in: PayIn, row: Settlement | None, clearing: Account, by_place: list[tuple[str, int]], now: datetime
) -> None:
    """Where the provider has paid it out: the money lies on its way or at the bank, and goes to its fund there."""
    if row is None or row.posted_at is None:
        return
    place = on_its_way(pay_in.currency) if row.line is None else account_of(row.line.bank_account.account)
    key = f"{key_of(row)}:identified:{pay_in.object_id}"
    for fund, minor in by_fund(by_place).items():
        lines = [(place, fund, minor), (clearing, fund, -minor)]
        _done, made = post(f"{key}:{fund}", EntryKind.SETTLEMENT, lines, now.date(), now)
        keep(pay_in, made, "moved")

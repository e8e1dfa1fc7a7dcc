"""Payments made on a page of the provider's own: a person says whose they are or for what, and the books say it too.

Such a payment was put aside in the general fund. What is left of it is reversed and posted anew for the gift; where
the provider has paid it out since, the money changes funds where it lies by now. All in one transaction, once.
What goes back or is disputed meanwhile goes on as of any gift: that much is held of its fund.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions import gifts, receipts
from communs.apps.foundation.actions.back import hold_what_may_go, lock_pay_in
from communs.apps.foundation.actions.books import NAMES
from communs.apps.foundation.actions.pay_ins import HAS_MONEY, Moment, Part, book_fee, keep, parts_of, taken_back
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.places import by_fund, on_its_way, post
from communs.apps.foundation.actions.settling import key_of, moved
from communs.apps.foundation.actions.several import Outcome, each
from communs.apps.foundation.models import Gift, Payer, PayIn, Refund, Settlement
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.queries.books import account_of
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.receipts import left_of
from communs.core.ledger import Account, EntryKind
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
        pay_in = lock_pay_in(number)
        gift = gift_for(pay_in)
        if pay_in.gift_id == gift.pk:
            return pay_in
        _check(pay_in, gift)
        pay_in.gift = gift
        pay_in.save(update_fields=["gift"])
        _post_anew(pay_in, now)
        hold_what_may_go(pay_in, now)
        Payer.objects.filter(pay_in=pay_in).delete()
        receipts.issue_at_once(pay_in, now)
        return pay_in


def _check(pay_in: PayIn, gift: Gift) -> None:
    if pay_in.gift_id is not None or pay_in.provider == BANK:
        raise Impossible(_("It is known already whose payment this is. Give it back where that is wrong."))
    if pay_in.state not in HAS_MONEY or not pay_in.entries.filter(what="gift").exists():
        raise Impossible(_("Its money is not in the books yet. Look at it again when the provider has said more."))
    if gift.currency != pay_in.currency:
        raise Impossible(_("The gift is in another currency than the payment."))
    going = pay_in.refunds.filter(state__in=(Refund.State.REQUESTED, Refund.State.SUBMITTED))
    if left_of(pay_in) <= sum(going.values_list("minor", flat=True)):
        raise Impossible(_("All of it goes back, or has gone back: nothing is left that could be a gift."))


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


def _post_anew(pay_in: PayIn, now: datetime) -> None:
    """Take back what was posted when nobody knew whose it was, and post what is left as the gift that it is."""
    held, gone = naming.clearing(pay_in.provider, pay_in.currency), taken_back(pay_in)
    when, key = Moment(pay_in.came_on or now.date(), now), f"identified:{pay_in.provider}:{pay_in.object_id}"
    general, fee = _undo(pay_in, key, gone, when)
    parts, income = list(parts_of(pay_in, now)), naming.income(pay_in.currency)
    for what, fund, minor in _without(parts, gone):
        lines = [(held, fund, minor), (income, fund, -minor)]
        _done, row = post(f"{key}:{what}", EntryKind.PAY_IN, lines, when.on, now)
        keep(pay_in, row, what)
    if fee:
        book_fee(pay_in, f"{key}:fee", parts[0][1], fee, when, held)
    _move_cash(pay_in, general, held, now)


def _without(parts: Sequence[Part], gone: int) -> Iterator[Part]:
    """What is left of a payment by parts: what has gone back is of the gift first, as with any payment."""
    for what, fund, minor in parts:
        taken = min(gone, minor)
        gone -= taken
        if minor > taken:
            yield what, fund, minor - taken


def _undo(pay_in: PayIn, key: str, gone: int, when: Moment) -> tuple[str, int]:
    """Reverse what is left of the payment, and its fee, where they were put aside: the fund of both, and the fee."""
    fund, fee, held = "", 0, naming.clearing(pay_in.provider, pay_in.currency).id
    for one in pay_in.entries.filter(what__in=("gift", "fee")).select_related("entry").order_by("pk"):
        postings = list(one.entry.postings.select_related("account__fund", "fund").order_by("position"))
        fund = postings[0].fund.slug
        fee -= sum(each.minor for each in postings if one.what == "fee" and each.account.slug == held)
        less = gone if one.what == "gift" else 0
        lines = [
            (account_of(each.account), each.fund.slug, less - each.minor if each.minor > 0 else -less - each.minor)
            for each in postings
        ]
        said = {"reverses": str(one.entry.public_id)}
        _done, row = post(f"{key}:{one.what}:undone", EntryKind.REVERSAL, lines, when.on, when.now, **said)
        keep(pay_in, row, "undone")
    return fund, fee


def _move_cash(pay_in: PayIn, general: str, clearing: Account, now: datetime) -> None:
    """Where the provider has paid it out: the money lies on its way or at the bank, and goes to its fund there.

    Its payouts are locked after the payment: whoever posts one has been waiting for the payment, or is done.
    """
    rows = Settlement.objects.select_for_update(of=("self",)).select_related("line__bank_account__account__fund")
    for row in rows.filter(pk__in=pay_in.settled_parts.values("settlement")).order_by("pk"):
        place = on_its_way(pay_in.currency) if row.line is None else account_of(row.line.bank_account.account)
        by_place: list[tuple[str, int]] = []
        for part in row.parts.filter(pay_in=pay_in).order_by("number"):
            by_place += [(general, part.fee - part.gross), *moved(pay_in, part.gross, part.fee, now)]
        for fund, minor in by_fund(by_place).items():
            lines = [(place, fund, minor), (clearing, fund, -minor)]
            key = f"{key_of(row)}:identified:{pay_in.object_id}:{fund}"
            _done, made = post(key, EntryKind.SETTLEMENT, lines, now.date(), now)
            keep(pay_in, made, "moved")

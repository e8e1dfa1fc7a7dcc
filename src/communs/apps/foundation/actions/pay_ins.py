"""What providers say of payments, and the entries that it makes: in any order, any number of times, once each.

Every entry has a key of its own, made of the provider's names for things; `PayInEntry` says what each is of a payment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Sum

from communs.apps.foundation import naming
from communs.apps.foundation.actions import receipts
from communs.apps.foundation.actions.bearing import bear, unless_spent
from communs.apps.foundation.actions.books import NotRecorded
from communs.apps.foundation.actions.places import general_fund, post
from communs.apps.foundation.models import Dispute, Entry, Gift, Payer, PayIn, PayInEntry, PayInStep, Refund
from communs.core.ledger import PAY_IN, Account, AccountKind, Contradiction, EntryKind, Transition
from communs.core.providers import PayInNews

HAS_MONEY: Final = ("settled", "paid-out-to-bank")
Part = tuple[str, str, int]
"""What ("gift" or "tip"), fund, minor units."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, and when we heard of it."""

    on: date
    now: datetime


def lock(news: PayInNews, now: datetime) -> PayIn:
    """The payment that news are about, written down where it is new, locked until the transaction ends."""
    values = {
        "gift": gift_of(news), "state": PAY_IN.start, "minor": news.minor, "currency": news.currency,
        "told_at": news.at, "form": news.form[:200],
    }  # fmt: skip
    row, made = PayIn.objects.get_or_create(provider=news.provider, object_id=news.object_id, defaults=values)
    if made:
        _step(row, PAY_IN.start, news.at, now)
    return PayIn.objects.select_for_update(of=("self",)).select_related("gift__fund").get(pk=row.pk)


def gift_of(news: PayInNews) -> Gift | None:
    """The gift that a payment was made for, by our own name for it or by the provider's."""
    found = None
    if news.intent is not None:
        found = Gift.objects.filter(public_id=news.intent).first()
    if found is None and news.begun_id:
        found = Gift.objects.filter(way=news.provider, begun_id=news.begun_id).first()
    return found


def go_on(pay_in: PayIn, news: PayInNews, now: datetime) -> None:
    """Take the news in: the state goes forward, and what is known besides is written down."""
    try:
        state = PAY_IN.hear(pay_in.state, news.state)
    except Contradiction as error:
        pay_in.doubt, state = str(error)[:500], pay_in.state
    else:
        pay_in.doubt = news.doubt[:500]
    if pay_in.gift is None:
        pay_in.gift = gift_of(news)
    if pay_in.state not in HAS_MONEY:
        pay_in.minor = news.minor
    if state != pay_in.state:
        _step(pay_in, state, news.at, now)
    pay_in.state = state
    pay_in.told_at = max(pay_in.told_at, news.at)
    pay_in.means = news.means[:20] or pay_in.means
    pay_in.at_risk_until = news.at_risk_until or pay_in.at_risk_until
    pay_in.settlement = news.settlement[:100] or pay_in.settlement
    pay_in.save()
    if pay_in.gift is None and (news.payer_email or news.payer_name):
        said = {"email": news.payer_email[:254], "name": news.payer_name[:200]}
        Payer.objects.update_or_create(pay_in=pay_in, defaults=said)


def _step(pay_in: PayIn, state: str, told_at: datetime, now: datetime) -> None:
    number = 1 + pay_in.steps.count()
    PayInStep.objects.create(pay_in=pay_in, number=number, state=state, told_at=told_at, heard_at=now)


def book(pay_in: PayIn, fee: int | None, when: Moment, held: Account) -> None:
    """Post a payment whose money is there: the gift, what was added for the platform, the fee. Each once."""
    there = set(pay_in.entries.values_list("what", flat=True))
    code, key = pay_in.currency, f"pay-in:{pay_in.provider}:{pay_in.object_id}"
    to = naming.income(code) if pay_in.gift is not None else naming.unidentified(code)
    parts = list(parts_of(pay_in, when.now))
    for what, fund, minor in parts if "gift" not in there else ():
        told = Transition(pay_in.provider, pay_in.object_id, "settled") if what == "gift" else None
        name = key if what == "gift" else f"{key}:{what}"
        lines = [(held, fund, minor), (to, fund, -minor)]
        _done, row = post(name, EntryKind.PAY_IN, lines, when.on, when.now, transition=told)
        keep(pay_in, row, what)
    if fee and "fee" not in there:
        book_fee(pay_in, f"{key}:fee", parts[0][1], fee, when, held)
    if "gift" not in there:
        pay_in.came_on = when.on
        pay_in.save(update_fields=["came_on"])
        receipts.issue_at_once(pay_in, when.now)


def book_fee(pay_in: PayIn, key: str, fund: str, fee: int, when: Moment, held: Account) -> str:
    """A fee is borne by the fund of the gift; by the general fund where that has spent the money already. By which."""
    try:
        lines = [(held, fund, -fee), (naming.fees(pay_in.currency), fund, fee)]
        _done, row = post(key, EntryKind.FEE, lines, when.on, when.now)
    except NotRecorded as error:
        unless_spent(error)
        row = bear(f"{key}:general", fee, held, when.on, when.now)
    keep(pay_in, row, "fee")
    return fee_fund(pay_in) or fund


def fee_fund(pay_in: PayIn) -> str | None:
    """The fund out of whose money the fee of a payment was taken; None where none was posted."""
    found = pay_in.entries.filter(what="fee").exclude(entry__reversals__of_pay_in__what="undone")
    return found.values_list("entry__postings__fund__slug", flat=True).first()


def parts_of(pay_in: PayIn, now: datetime) -> Iterator[Part]:
    """What of a payment is for whom. What was added for the platform counts when the whole amount came."""
    if pay_in.gift is None:
        yield "gift", general_fund(pay_in.currency, now), pay_in.minor
        return
    parts = [
        (one.what, one.fund.slug, one.minor) for one in pay_in.gift.parts.select_related("fund").order_by("number")
    ]
    if sum(minor for _what, _fund, minor in parts) == pay_in.minor:
        yield from parts
    else:
        yield "gift", pay_in.gift.fund.slug, pay_in.minor


def taken_back(pay_in: PayIn) -> int:
    """What of a payment has gone back, by refunds and by disputes."""
    done = pay_in.refunds.filter(state=Refund.State.SUCCEEDED).aggregate(minor=Sum("minor"))["minor"] or 0
    lost = pay_in.disputes.filter(state=Dispute.State.LOST).aggregate(minor=Sum("minor"))["minor"] or 0
    return int(done) + int(lost)


def take_back(pay_in: PayIn, minor: int, key: str, when: Moment, held: Account) -> int:
    """Reverse a part of a payment: of the gift first, then of what was added. The answer: what its fund no longer had.

    That is borne by the general fund, so that no fund falls below its floor. `held`: where the money goes out.
    """
    # What was put aside, and identified since, stands in an entry after it, without what had gone back by then.
    brought = pay_in.entries.filter(what__in=("gift", "tip")).select_related("entry").order_by("pk")
    parts = [(one, *_brought(one.entry)) for one in brought.exclude(entry__reversals__of_pay_in__what="undone")]
    left, lost = minor, 0
    start = taken_back(pay_in) - (pay_in.minor - sum(came for *_where, came in parts))
    for one, account, fund, came in parts:
        take = min(left, max(came - start, 0))
        start = max(start - came, 0)
        if take:
            lost += _reverse(pay_in, one, (account, fund, take), f"{key}:{one.what}", when, held)
            left -= take
    if left:
        pay_in.doubt = f"More went back than came: {left} {pay_in.currency} in smallest units. Ask {pay_in.provider}."
        pay_in.save(update_fields=["doubt"])
    return lost


def _brought(entry: Entry) -> tuple[str, str, int]:
    """Account, fund and amount of what an entry brought in."""
    one = entry.postings.select_related("account", "fund").get(minor__lt=0)
    return one.account.slug, one.fund.slug, -one.minor


def _reverse(pay_in: PayIn, of: PayInEntry, place: tuple[str, str, int], key: str, when: Moment, held: Account) -> int:
    account, fund, take = place
    code = pay_in.currency
    other = naming.income(code) if account == naming.income(code).id else naming.unidentified(code)
    try:
        lines = [(other, fund, take), (held, fund, -take)]
        back = str(of.entry.public_id)
        _done, row = post(key, EntryKind.REVERSAL, lines, when.on, when.now, reverses=back)
    except NotRecorded as error:
        if held.kind is not AccountKind.CLEARING:
            raise  # nothing has gone yet: people decide, and the fund has to have it
        unless_spent(error)
        keep(pay_in, bear(f"{key}:lost", take, held, when.on, when.now), "loss")
        return take
    keep(pay_in, row, "back")
    return 0


def keep(pay_in: PayIn, row: Entry, what: str) -> None:
    """Write down what an entry is of a payment."""
    PayInEntry.objects.get_or_create(entry=row, defaults={"pay_in": pay_in, "what": what})

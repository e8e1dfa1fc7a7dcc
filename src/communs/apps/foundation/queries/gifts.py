"""Reads of money in: gifts with what came of them, payments that wait for a person, refunds, the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from communs.apps.foundation.models import (
    Agreement,
    BankAccount,
    Dispute,
    Entry,
    Fund,
    Gift,
    Notification,
    PayIn,
    Refund,
    Settlement,
    Stop,
    Sweep,
)
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.standards.creditor_reference import check_reference
from communs.core.standards.refusals import Refusal
from communs.kit.gates import NotThere

REFUND_OPEN: Final = (Refund.State.REQUESTED, Refund.State.SUBMITTED)
HAS_MONEY: Final = ("settled", "paid-out-to-bank")
KINDS: Final = Gift.Kind
EVERY: Final = Gift.Every
STATES: Final = PayIn.State
DISPUTES: Final = Dispute.State
STOPS: Final = Stop.State
OPEN_MAX: Final = 100
OVERDUE_MAX: Final = 1000
PLATFORM: Final = "platform"


def open_funds(today: date) -> list[Fund]:
    """Funds that anybody may give to: neither closed, nor those of a public funder, nor that of the platform."""
    agreed = Agreement.objects.filter(gift__fund=OuterRef("pk"))
    found = Fund.objects.filter(Q(closes_on=None) | Q(closes_on__gte=today)).exclude(slug=PLATFORM)
    return list(found.filter(~Exists(agreed)).order_by("pk")[:OPEN_MAX])


def takes_gifts(fund: Fund, today: date) -> bool:
    """Whether anybody may give to a fund."""
    return fund.slug in {one.slug for one in open_funds(today)}


def gifts(kept: Q | None = None) -> QuerySet[Gift]:
    """Gifts with `promised` and `came` (minor units), the latest first."""
    promised = Gift.objects.filter(pk=OuterRef("pk")).annotate(sum=Sum("parts__minor")).values("sum")
    came = (
        PayIn.objects.filter(gift=OuterRef("pk"), state__in=HAS_MONEY)
        .order_by()
        .values("gift")
        .annotate(sum=Sum("minor"))
        .values("sum")
    )
    found = Gift.objects.annotate(promised=Subquery(promised), came=Coalesce(Subquery(came), Value(0)))
    return found.filter(kept or Q()).select_related("fund").order_by("-made_at", "-pk")


def nothing_came(rows: QuerySet[Gift]) -> QuerySet[Gift]:
    """Those of `gifts()` of which nothing has come."""
    return rows.filter(Q(("came", 0)))


def search(text: str) -> Q:
    """What a person who keeps the books types: a reference, a number, a name, an address."""
    words = text.strip()[:100]
    try:
        return Q(reference=check_reference(words))
    except Refusal:
        pass
    try:
        return Q(public_id=UUID(hex=words))
    except ValueError:
        return (
            Q(reference__icontains="".join(words.split()))
            | Q(giver__name__icontains=words)
            | Q(giver__email__icontains=words)
            | Q(pay_ins__object_id=words)
        )


def get_gift(person: Any, public_id: UUID) -> Gift:
    """A gift, for who holds an office. Raises `Refused`, `NotThere`."""
    require(person, Duty.LOOK)
    found = gifts(Q(public_id=public_id)).select_related("giver").first()
    if found is None:
        raise NotThere
    return found


def gift_of_token(token: str) -> Gift:
    """The gift whose secret address this is. Raises `NotThere`."""
    found = gifts(Q(token=token)).select_related("giver").first()
    if found is None:
        raise NotThere
    return found


def pay_ins_of(gift: Gift) -> list[PayIn]:
    """The payments of a gift with everything that became of them."""
    return list(gift.pay_ins.prefetch_related("steps", "refunds", "disputes", "entries__entry").order_by("pk"))


def stop_of(gift: Gift) -> Stop | None:
    """The stop that a provider is asked for, or was."""
    return Stop.objects.select_related("asked_by").filter(gift=gift).first()


def not_stopped() -> QuerySet[Stop]:
    """Stops that a provider refused, or has not answered though it was asked, the oldest first."""
    silent = Q(state=Stop.State.ASKED, tries__gt=0)
    found = Stop.objects.filter(Q(state=Stop.State.REFUSED) | silent)
    return found.select_related("gift__fund").order_by("asked_at", "pk")


def get_pay_in(person: Any, number: int) -> PayIn:
    """A payment, for who keeps the books. Raises `Refused`, `NotThere`."""
    require(person, Duty.KEEP)
    found = PayIn.objects.select_related("gift__fund").filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def open_refunds() -> QuerySet[Refund]:
    """Refunds that are proposed or under way, the oldest first."""
    waiting = Refund.objects.filter(state__in=REFUND_OPEN)
    return waiting.select_related("pay_in__gift__fund", "proposed_by", "approved_by").order_by("proposed_at", "pk")


def get_refund(person: Any, public_id: UUID) -> Refund:
    """A refund, for who holds an office. Raises `Refused`, `NotThere`."""
    require(person, Duty.LOOK)
    found = Refund.objects.select_related("pay_in__gift__fund", "proposed_by", "approved_by").filter(
        public_id=public_id
    )
    row = found.first()
    if row is None:
        raise NotThere
    return row


def entries_of(pay_in: PayIn) -> list[Entry]:
    """The entries of the books that a payment made, in their order."""
    return list(Entry.objects.filter(of_pay_in__pay_in=pay_in).order_by("sequence"))


@dataclass(frozen=True, slots=True)
class Flow:
    """How word of providers stands: how many notifications wait, were forged, could not be read; the sweeps."""

    waiting: int
    failing: int
    forged: int
    unreadable: int
    unsettled: int
    sweeps: tuple[Sweep, ...]


def flow() -> Flow:
    """How word of providers stands."""
    states = dict(Notification.objects.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    return Flow(
        states.get("waiting", 0),
        Notification.objects.filter(state="waiting").exclude(problem="").count(),
        states.get("forged", 0),
        states.get("unreadable", 0),
        Settlement.objects.filter(posted_at=None).count(),
        tuple(Sweep.objects.order_by("provider")),
    )


def our_account(currency: str) -> BankAccount | None:
    """The account of the foundation at its bank that takes gifts, as the books have it."""
    found = BankAccount.objects.filter(account__currency=currency).select_related("account")
    return found.order_by("pk").first()


def overdue(today: date, after: timedelta) -> list[tuple[Gift, date]]:
    """Transfers that were to come on a day that is over for so long, and of which nobody was reminded; with the day."""
    waiting = Gift.objects.filter(way=Gift.TRANSFER, stopped_at=None, reminded_on=None).exclude(giver__email="")
    last = PayIn.objects.filter(gift=OuterRef("pk")).order_by("-came_on").values("came_on")[:1]
    found = waiting.annotate(last_on=Subquery(last)).select_related("giver").prefetch_related("parts").order_by("pk")
    late: list[tuple[Gift, date]] = []
    for gift in found.iterator(chunk_size=500):
        due_on = _due_on(gift, getattr(gift, "last_on", None))
        if due_on is not None and due_on + after <= today:
            late.append((gift, due_on))
            if len(late) >= OVERDUE_MAX:
                break
    return late


def _due_on(gift: Gift, last_on: date | None) -> date | None:
    """When the next transfer is to come; None where none is."""
    if last_on is None:
        return gift.due_on or gift.made_at.date()
    if not gift.every:
        return None
    return last_on + timedelta(days=31 if gift.every == Gift.Every.MONTH else 366)

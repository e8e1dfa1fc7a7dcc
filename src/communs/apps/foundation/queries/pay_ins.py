"""Payments that no gift of ours began, made on a page of the provider's own: whose they are, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from communs.apps.foundation.models import Dispute, Fund, Gift, Payer, PayIn, PayInEntry, Refund
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.queries.bank import fold
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.gifts import gifts
from communs.kit.gates import NotThere

HAS_MONEY: Final = ("settled", "paid-out-to-bank")
STANDINGS: Final = ("waiting", "doubtful", "identified", "back", "all")
SUGGESTIONS_MAX: Final = 5
LOOKED_AT_MAX: Final = 500
BEFORE, AFTER = timedelta(days=90), timedelta(days=7)
"""A gift of the same amount is suggested where it was meant so long before the payment, or so long after it."""
FORMS_MAX: Final = 200
_WAITS: Final = Q(gift=None, doubt="", back__lt=F("minor"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which payments: how they stand (`STANDINGS`), from where, on which days, with which words or amount."""

    standing: str = "waiting"
    provider: str = ""
    form: str = ""
    text: str = field(default="", repr=False)
    since: date | None = None
    until: date | None = None
    minor: int | None = None


def outside(asked: Asked | None = None) -> QuerySet[PayIn]:
    """Payments from elsewhere, with `is_identified` and `back` (minor units that have gone back); the latest first."""
    wanted = asked or Asked()
    undone = PayInEntry.objects.filter(pay_in=OuterRef("pk"), what="undone")
    given = _sum(Refund.objects.filter(state=Refund.State.SUCCEEDED))
    lost = _sum(Dispute.objects.filter(state=Dispute.State.LOST))
    found = PayIn.objects.exclude(provider=BANK).annotate(is_identified=Exists(undone), back=given + lost)
    found = found.filter(Q(gift=None, state__in=HAS_MONEY, minor__gt=0) | Q(("is_identified", True)) | ~Q(doubt=""))
    found = found.filter(*_filters(wanted)).select_related("gift__fund", "payer")
    return found.order_by(F("came_on").desc(nulls_first=True), "-pk")


def _sum(rows: QuerySet[Any]) -> Coalesce:
    """Minor units of refunds or disputes of a payment."""
    of_it = rows.filter(pay_in=OuterRef("pk")).order_by().values("pay_in").annotate(total=Sum("minor"))
    return Coalesce(Subquery(of_it.values("total")), Value(0))


def _filters(asked: Asked) -> list[Q]:
    standing = {
        "waiting": _WAITS,
        "doubtful": ~Q(doubt=""),
        "identified": Q(("is_identified", True)),
        "back": Q(gift=None, back__gte=F("minor")),
    }
    text = asked.text.strip()[:100]
    said = {
        "provider": asked.provider, "form": asked.form, "came_on__gte": asked.since, "came_on__lte": asked.until,
        "minor": asked.minor,
    }  # fmt: skip
    kept = [Q((name, value)) for name, value in said.items() if value not in {"", None}]
    if asked.standing in standing:
        kept.append(standing[asked.standing])
    if text:
        kept.append(Q(object_id=text) | Q(payer__email__icontains=text) | Q(payer__name__icontains=text))
    return kept


def get_outside(person: Any, number: int, duty: Duty = Duty.LOOK) -> PayIn:
    """A payment from elsewhere. Raises `Refused`, `NotThere`."""
    require(person, duty)
    found = outside(Asked("all")).filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def places() -> list[tuple[str, str, int]]:
    """Provider, form, and how many payments wait from there; the most first."""
    rows: QuerySet[Any] = outside().order_by().values_list("provider", "form")
    counted = rows.annotate(n=Count("pk", distinct=True)).order_by("-n", "provider", "form")
    return [(provider, form, n) for provider, form, n in counted[:FORMS_MAX]]


@dataclass(frozen=True, slots=True)
class Usual:
    """The fund that most payments of a form were for, and how many were."""

    fund: Fund
    count: int


def usual_fund(provider: str, form: str) -> Usual | None:
    """For which fund people have said that payments of a form are; None where nobody has, or there is no form."""
    if not form:
        return None
    said: QuerySet[Any] = PayIn.objects.filter(provider=provider, form=form).exclude(gift=None).order_by()
    most = said.values_list("gift__fund").annotate(n=Count("pk")).order_by("-n", "gift__fund").first()
    return None if most is None else Usual(Fund.objects.get(pk=most[0]), most[1])


@dataclass(frozen=True, slots=True)
class Likely:
    """A gift that a payment may be of, and why: names of `REASONS`, in order."""

    gift: Gift
    reasons: tuple[str, ...]


def suggest(pay_in: PayIn) -> list[Likely]:
    """Gifts that a payment may be of: the same address speaks for one, or two other things together. Never decided."""
    payer = getattr(pay_in, "payer", None) or Payer()
    day = pay_in.told_at
    alike = Q(("promised", pay_in.minor), ("came", 0)) & Q(made_at__gte=day - BEFORE, made_at__lte=day + AFTER)
    if payer.email:
        alike |= Q(giver__email__iexact=payer.email) & (Q(("came", 0)) | ~Q(every=""))
    usual = usual_fund(pay_in.provider, pay_in.form)
    found = []
    for gift in gifts(alike & Q(currency=pay_in.currency)).select_related("giver")[:LOOKED_AT_MAX]:
        reasons = tuple(_reasons(pay_in, payer, gift, usual))
        if "email" in reasons or len(reasons) > 1:
            found.append(Likely(gift, reasons))
    return sorted(found, key=lambda one: -len(one.reasons))[:SUGGESTIONS_MAX]


def _reasons(pay_in: PayIn, payer: Payer, gift: Any, usual: Usual | None) -> list[str]:
    giver = getattr(gift, "giver", None)
    found = ["email"] if payer.email and giver and giver.email.casefold() == payer.email.casefold() else []
    if (gift.promised, gift.came) == (pay_in.minor, 0):
        found.append("amount")
    if payer.name and giver and giver.name and fold(giver.name) in fold(payer.name):
        found.append("name")
    if gift.way == pay_in.provider:
        found.append("way")
    if usual is not None and usual.fund.pk == gift.fund_id:
        found.append("form")
    return found

"""Money that goes back to who gave it: how far it has come, and what somebody who is paid for it is owed at most.

What came by transfer is owed when two people have decided, on its way when the bank was asked, and paid back when a
statement shows it. What came by a provider it gives back itself, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from communs.apps.foundation.models import BankLine, LineDecision, Payee, Posting, Refund
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.queries.payouts import AT_BANK, State, payouts
from communs.core.ledger import AccountKind

OVER = (State.REFUSED, State.RETURNED, State.WITHDRAWN)
"""States of payouts that paid nothing, and never will."""


class Standing(StrEnum):
    """How far money that goes back has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    OWED = "owed"
    ON_ITS_WAY = "on-its-way"
    PAID_BACK = "paid-back"
    FAILED = "failed"


_OF_PROVIDERS = {
    Refund.State.SUBMITTED: Standing.ON_ITS_WAY,
    Refund.State.SUCCEEDED: Standing.PAID_BACK,
    Refund.State.FAILED: Standing.FAILED,
}


def standings_of(refunds: Iterable[Refund]) -> dict[int, Standing]:
    """How refunds stand, by their row. `refunds`: with their payment."""
    found, by_transfer = {}, []
    for one in refunds:
        if one.state == Refund.State.REQUESTED:
            found[one.pk] = Standing.PROPOSED if one.approved_at is None else Standing.APPROVED
        elif one.pay_in.provider == BANK and one.state == Refund.State.SUCCEEDED:
            by_transfer.append(one)
        else:
            found[one.pk] = _OF_PROVIDERS[Refund.State(one.state)]
    sent = _sent(Q(payee__refund__in=by_transfer), "payee__refund") if by_transfer else {}
    return found | {one.pk: _by_transfer(one.minor, sent.get(one.pk, {})) for one in by_transfer}


def not_paid_back() -> QuerySet[Refund]:
    """Refunds that people decided and whose money has not gone back yet, the oldest first."""
    sent = payouts(State.CONFIRMED).filter(payee__refund=OuterRef("pk")).order_by().values("payee__refund")
    paid = Coalesce(Subquery(sent.annotate(total=Sum("minor")).values("total")), Value(0))
    owed = Q(state=Refund.State.SUCCEEDED, pay_in__provider=BANK, paid__lt=F("minor"))
    waits = Q(state__in=(Refund.State.REQUESTED, Refund.State.SUBMITTED))
    found = Refund.objects.annotate(paid=paid).filter(owed | waits)
    return found.select_related("pay_in__gift__fund", "proposed_by", "approved_by").order_by("proposed_at", "pk")


def standing_of_line(line: BankLine) -> Standing:
    """How a line stands that was decided to be given back."""
    return _by_transfer(line.minor, _sent(Q(payee__line=line), "payee__line").get(line.pk, {}))


def _sent(kept: Q, of: str) -> dict[int, dict[str, int]]:
    """Minor units by state of the payouts, by what they are for."""
    rows = payouts().filter(kept).order_by().values_list(of, "state").annotate(total=Sum("minor"))
    found: dict[int, dict[str, int]] = {}
    for number, state, total in rows:
        found.setdefault(number, {})[state] = int(total)
    return found


def _by_transfer(minor: int, sent: dict[str, int]) -> Standing:
    if sent.get(State.CONFIRMED, 0) >= minor:
        return Standing.PAID_BACK
    return Standing.ON_ITS_WAY if any(sent.get(state) for state in AT_BANK) else Standing.OWED


def payees_of(found: Refund | BankLine) -> list[Payee]:
    """Who was written down to be paid for it."""
    rows: QuerySet[Payee] = found.payees.select_related("account")
    return list(rows.order_by("pk"))


def without_payee() -> QuerySet[Refund]:
    """Refunds that are owed by transfer and of which nobody has written down to whom."""
    return not_paid_back().filter(state=Refund.State.SUCCEEDED, payees=None)


def line_of(what: Refund | BankLine | None) -> BankLine | None:
    """The line of the bank that brought what goes back; None where it came another way."""
    return what.pay_in.line if isinstance(what, Refund) else what


def is_for_one(payee: Payee) -> bool:
    """Whether somebody is owed one thing and no more: a refund, a line of the bank."""
    return payee.refund_id is not None or payee.line_id is not None


def due_in_all(payee: Payee) -> int:
    """The one thing that somebody is owed, whatever was paid of it; 0 for who is not owed one thing."""
    if payee.refund is not None:
        return payee.refund.minor
    return 0 if payee.line is None else payee.line.minor


def owed_to(payee: Payee) -> dict[int, int]:
    """What somebody is owed at most, by fund: what was posted for their refund or line."""
    kept = Q(entry__key__startswith=keys_of(payee.refund)) if payee.refund else Q(entry__in=_entries(payee))
    found = Posting.objects.filter(kept, account__kind=AccountKind.DONOR, minor__lt=0, entry__sealed=True)
    rows = found.order_by().values_list("fund").annotate(total=Sum("minor"))
    return {fund: -int(total) for fund, total in rows}


def taken_by(payee: Payee) -> dict[int, int]:
    """What payouts have paid somebody or may still pay, by fund."""
    living = [state for state in State.values if state not in OVER]
    found = payouts(*living).filter(payee=payee).order_by().values_list("fund").annotate(total=Sum("minor"))
    return {fund: int(total) for fund, total in found}


def keys_of(refund: Refund) -> str:
    """What the keys of its entries begin with."""
    return f"refund:{refund.pay_in.provider}:{refund.pay_in.object_id}:{refund.object_id or refund.public_id}"


def _entries(payee: Payee) -> list[int]:
    decisions = LineDecision.objects.filter(line=payee.line, what=LineDecision.What.GIVE_BACK)
    return [number for number in decisions.values_list("entry", flat=True) if number is not None]

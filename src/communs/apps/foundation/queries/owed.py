"""What is owed to whom, by account and fund, and how much of it can still be proposed to be paid."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum

from communs.apps.foundation.models import Balance, BankDetails, Payee
from communs.apps.foundation.queries import giving_back
from communs.apps.foundation.queries.payouts import OPEN, State, details_in_force, open_by_place, payouts
from communs.core.ledger import AccountKind
from communs.core.money import Money


@dataclass(frozen=True, slots=True)
class Owed:
    """What an account owes out of a fund: `minor` in all, `open` of it in payouts that are on their way already."""

    account: str
    kind: str
    owner: str
    fund: str
    currency: str
    minor: int
    open: int
    payee: Payee | None
    details: BankDetails | None

    @property
    def left(self) -> int:
        """What can still be proposed."""
        return max(0, self.minor - self.open)

    @property
    def key(self) -> str:
        """How a form names this row."""
        return f"{self.payee.slug if self.payee else self.account}:{self.fund}"

    @property
    def money(self) -> Money:
        """What can still be proposed, as money."""
        return Money(self.left, self.currency)


def owed(to: str = "") -> list[Owed]:
    """What is owed to commons and to people who gave, or `to` one owner of accounts; the largest first."""
    kinds = (AccountKind.COMMONS, AccountKind.DONOR)
    columns = ("account_id", "account__slug", "account__kind", "account__owner", "fund_id", "fund__slug")
    there = Balance.objects.filter(account__kind__in=kinds, **({"account__owner": to} if to else {}))
    kept = there.values_list(*columns, "account__currency")
    waiting, payees, in_force = open_by_place(), _payees(), details_in_force()
    found: list[Owed] = []
    for account, slug, kind, owner, fund, fund_slug, currency, total in kept.annotate(total=Sum("minor")):
        if total >= 0:
            continue
        minor, is_open = -int(total), waiting.get((account, fund), 0)
        for payee, own in payees.get(account) or [_NOBODY]:
            details = in_force.get(payee.pk) if payee else None
            if own is None:
                found.append(Owed(slug, kind, owner, fund_slug, currency, minor, is_open, payee, details))
            elif fund in own.left or fund in own.open:
                left, of_own = min(own.left.get(fund, 0), minor - is_open), own.open.get(fund, 0)
                found.append(Owed(slug, kind, owner, fund_slug, currency, left + of_own, of_own, payee, details))
    return sorted(found, key=lambda row: (-row.left, row.account, row.fund, row.key))


@dataclass(frozen=True, slots=True)
class _Own:
    """What somebody who is owed one thing can still be paid, and what is on its way, by fund."""

    left: dict[int, int]
    open: dict[int, int]


_ONE_THING = Q(payee__refund__isnull=False) | Q(payee__line__isnull=False)
_NOBODY: tuple[Payee | None, _Own | None] = (None, None)


def _payees() -> dict[int, list[tuple[Payee | None, _Own | None]]]:
    """Payees by their account; without those for whose one thing payouts have been made already, and paid."""
    done = payouts(State.CONFIRMED).filter(_ONE_THING).order_by().values_list("payee").annotate(total=Sum("minor"))
    paid = {number: int(total) for number, total in done}
    found: dict[int, list[tuple[Payee | None, _Own | None]]] = {}
    for payee in Payee.objects.select_related("refund__pay_in", "line"):
        if paid.get(payee.pk, 0) >= giving_back.due_in_all(payee) > 0:
            continue
        own = _own(payee) if giving_back.is_for_one(payee) else None
        found.setdefault(payee.account_id, []).append((payee, own))
    return found


def _own(payee: Payee) -> _Own:
    taken, due = giving_back.taken_by(payee), giving_back.owed_to(payee)
    left = {fund: minor - taken.get(fund, 0) for fund, minor in due.items() if minor > taken.get(fund, 0)}
    waiting = payouts(*OPEN).filter(payee=payee).order_by().values_list("fund").annotate(total=Sum("minor"))
    return _Own(left, {fund: int(total) for fund, total in waiting})

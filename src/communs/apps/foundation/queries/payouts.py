"""Reads of money out: what is owed to whom, payouts with their states and steps, the files they went to the bank in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from communs.apps.foundation.models import (
    Balance,
    BankAccount,
    BankDetails,
    Payee,
    Payout,
    PayoutBatch,
    PayoutStep,
)
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.ledger import AccountKind, Step
from communs.kit.gates import NotThere

State = PayoutStep.State
OPEN: Final = (State.PROPOSED, State.APPROVED, State.RESERVED, State.SUBMITTED, State.UNKNOWN)
"""States in which a payout may still be paid."""
AT_BANK: Final = (State.SUBMITTED, State.UNKNOWN)
ASK_AFTER: Final = timedelta(days=5)
"""SEPA transfers are booked within a banking day: after this, the bank has to be asked."""
READ_AT_ONCE: Final = 2000
READY_MAX: Final = 10_000


def _with_state() -> QuerySet[Any]:
    last = PayoutStep.objects.filter(payout=OuterRef("pk")).order_by("-number")
    return Payout.objects.annotate(state=Subquery(last.values("state")[:1]), since=Subquery(last.values("at")[:1]))


def payouts(*states: str) -> QuerySet[Payout]:
    """Payouts with their `state` and `since` when, the latest first; all, or those in some states."""
    found = _with_state()
    if states:
        found = found.filter(state__in=states)
    return found.select_related("payee", "account", "fund", "details", "proposed_by").order_by("-proposed_at", "-pk")


def get_payout(person: Any, public_id: UUID, duty: Duty = Duty.LOOK) -> Payout:
    """A payout with its `state`, for somebody with this duty. Raises `Refused`, `NotThere`."""
    require(person, duty)
    found = payouts().filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def counts() -> dict[str, int]:
    """How many payouts there are in each state."""
    return dict(_with_state().values_list("state").annotate(n=Count("pk")))


def to_approve(person: Any) -> QuerySet[Payout]:
    """Payouts that wait for an approval and that a person may approve, the oldest first."""
    mine = PayoutStep.objects.filter(payout=OuterRef("pk"), person=person)
    found = payouts(State.PROPOSED, State.APPROVED).filter(~Exists(mine)).exclude(payee__person=person)
    approvals = PayoutStep.objects.filter(payout=OuterRef("pk"), state=State.APPROVED, number__gte=3)
    return found.filter(~Exists(approvals)).order_by("proposed_at", "pk")


def totals_of(found: QuerySet[Payout]) -> list[dict[str, Any]]:
    """What payouts add up to, by currency."""
    rows: QuerySet[Any] = found.order_by("currency").values("currency")
    return list(rows.annotate(minor=Sum("minor")))


def states_of(numbers: Iterable[int]) -> dict[int, str]:
    """The states of many payouts, by their row."""
    return dict(_with_state().filter(pk__in=list(numbers)).values_list("pk", "state"))


def state_of(payout: Payout) -> str:
    """The state of a payout now."""
    last = PayoutStep.objects.filter(payout=payout).order_by("-number").values_list("state", flat=True).first()
    return last or ""


def steps_of(payout: Payout) -> list[PayoutStep]:
    """Its steps, as they happened."""
    return list(payout.steps.select_related("person", "batch", "line", "file").order_by("number"))


def steps() -> Iterator[Step]:
    """Every step of every payout as the rules see it, streamed: payout by payout, as they happened."""
    columns = ("payout__public_id", "state", "person_id", "batch_id")
    found = PayoutStep.objects.order_by("payout_id", "number").values_list(*columns)
    for public_id, state, person, batch in found.iterator(chunk_size=READ_AT_ONCE):
        by = "" if person is None else f"person:{person}"
        yield Step(str(public_id), state, by, public_id.hex if batch is not None else "")


def open_by_place() -> dict[tuple[int, int], int]:
    """Minor units of payouts that may still be paid, by account and fund."""
    found: dict[tuple[int, int], int] = {}
    for account, fund, minor in _with_state().filter(state__in=OPEN).values_list("account", "fund", "minor"):
        found[account, fund] = found.get((account, fund), 0) + minor
    return found


def left_by_place() -> dict[tuple[int, int], int]:
    """Minor units that are owed and not under way yet, by account and fund."""
    kinds = (AccountKind.COMMONS, AccountKind.DONOR)
    kept = Balance.objects.filter(account__kind__in=kinds).values_list("account", "fund").annotate(total=Sum("minor"))
    waiting = open_by_place()
    return {(account, fund): -int(total) - waiting.get((account, fund), 0) for account, fund, total in kept}


def details_in_force() -> dict[int, BankDetails]:
    """By payee, the bank details that were confirmed last; none where the bank says that nobody is paid there."""
    confirmed = BankDetails.objects.filter(confirmed_at__isnull=False).select_related("set_aside")
    last = {details.payee_id: details for details in confirmed.order_by("confirmed_at", "pk")}
    return {number: details for number, details in last.items() if not is_set_aside(details)}


def details_of(payee: Payee) -> BankDetails | None:
    """The bank details of a payee that are in force."""
    confirmed = payee.details.filter(confirmed_at__isnull=False).select_related("set_aside")
    last = confirmed.order_by("-confirmed_at", "-pk").first()
    return None if last is None or is_set_aside(last) else last


def is_set_aside(details: BankDetails) -> bool:
    """Whether the bank says that nobody can be paid there."""
    return getattr(details, "set_aside", None) is not None


def set_aside_details() -> QuerySet[BankDetails]:
    """Bank details that were set aside and that nothing newer has taken the place of, with why; the latest first."""
    newer = BankDetails.objects.filter(payee=OuterRef("payee"), pk__gt=OuterRef("pk"))
    found = BankDetails.objects.filter(~Exists(newer), set_aside__isnull=False)
    return found.select_related("payee__account", "set_aside").order_by("-set_aside__at")


def waiting_details() -> QuerySet[BankDetails]:
    """Bank details that wait for a second person: the last given of each payee."""
    newer = BankDetails.objects.filter(payee=OuterRef("payee"), pk__gt=OuterRef("pk"))
    found = BankDetails.objects.filter(~Exists(newer), confirmed_at=None)
    return found.select_related("payee__account", "given_by").order_by("given_at")


def ready(currency: str = "EUR") -> list[Payout]:
    """Reserved payouts that the next file can hold, the oldest first."""
    return list(payouts(State.RESERVED).filter(currency=currency).order_by("proposed_at", "pk")[:READY_MAX])


def due_to_ask(now: datetime) -> QuerySet[Payout]:
    """Payouts of which the bank has said nothing for too long: it has to be asked, and nothing is sent again."""
    late = Q(state=State.UNKNOWN) | Q(state=State.SUBMITTED, since__lt=now - ASK_AFTER)
    return payouts(*AT_BANK).filter(pk__in=_with_state().filter(late).values("pk"))


def batches() -> QuerySet[PayoutBatch]:
    """Files of orders, the latest first, without their bytes."""
    return (
        PayoutBatch.objects.defer("data").select_related("bank_account__account", "made_by").order_by("-made_at", "-pk")
    )


def get_batch(person: Any, ident: str, duty: Duty = Duty.LOOK) -> PayoutBatch:
    """A file of orders. Raises `Refused`, `NotThere`."""
    require(person, duty)
    found = PayoutBatch.objects.select_related("bank_account__account").filter(ident=ident).first()
    if found is None:
        raise NotThere
    return found


def payouts_in(batch: PayoutBatch) -> QuerySet[Payout]:
    """The payouts that a file asks for, with their states."""
    return payouts().filter(steps__batch=batch).order_by("proposed_at", "pk")


def bank_accounts() -> list[BankAccount]:
    """The foundation's accounts at banks."""
    return list(BankAccount.objects.select_related("account", "fund").order_by("account__slug"))


def by_end_to_end(text: str) -> Payout | None:
    """The payout that a bank names, with its `state`; None where the text is no name of ours."""
    try:
        public_id = UUID(hex=text)
    except ValueError:
        return None
    return payouts().filter(public_id=public_id).first() if len(text) == 32 else None

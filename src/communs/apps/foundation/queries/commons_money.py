"""The money of one commons as the books have it: what is owed to it now, and every entry that changed that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Sum

from communs.apps.foundation.models import Account, Balance, BankDetails, Posting
from communs.core.ledger import AccountKind

KINDS: Final = (AccountKind.COMMONS, AccountKind.UNCLAIMED)
MOVES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Move:
    """An entry that changed what a commons is owed or waits for: minor units, above zero what it gained."""

    entry: UUID
    on: date
    kind: str
    currency: str
    minor: int


def moves_of(commons: str) -> list[Move]:
    """The latest entries that changed what a commons has; an accepted share that stays with it changes nothing."""
    on_its_accounts = Posting.objects.filter(
        entry__sealed=True, account__owner=f"commons:{commons}", account__kind__in=[one.value for one in KINDS]
    )
    columns = ("entry__public_id", "entry__effective_on", "entry__kind", "currency")
    found = on_its_accounts.order_by("-entry__sequence").values_list("entry__sequence", *columns)
    summed = found.annotate(total=Sum("minor")).exclude(total=0)[:MOVES_SHOWN]
    return [Move(entry, on, kind, currency, -int(total)) for _number, entry, on, kind, currency, total in summed]


def account_of(commons: str) -> str:
    """The name of the account that says what is owed to a commons; "" before anything was."""
    owned = Account.objects.filter(owner=f"commons:{commons}", kind=AccountKind.COMMONS)
    return owned.order_by("pk").values_list("slug", flat=True).first() or ""


def has_details_waiting(commons: str) -> bool:
    """Whether bank details were given that nobody has confirmed yet."""
    given = BankDetails.objects.filter(payee__account__owner=f"commons:{commons}").order_by("-pk").first()
    return given is not None and given.confirmed_at is None


@dataclass(frozen=True, slots=True)
class ForSteward:
    """Minor units of a commons that wait for its stewards: to be accepted, or to be told where they are paid."""

    commons: str
    currency: str
    minor: int
    is_unclaimed: bool


def money_waiting_for(ids: Collection[str]) -> list[ForSteward]:
    """What of these commons waits for their stewards, by commons; nothing of one that is being paid."""
    owners = {f"commons:{one}": one for one in ids}
    if not owners:
        return []
    told = BankDetails.objects.filter(payee__account__owner__in=owners).values_list("payee__account__owner", flat=True)
    has_details = set(told)
    there = Balance.objects.filter(account__owner__in=owners, account__kind__in=[one.value for one in KINDS])
    columns = ("account__owner", "account__kind", "account__currency")
    found = there.values_list(*columns).annotate(total=Sum("minor")).filter(total__lt=0).order_by(*columns)
    return [
        ForSteward(owners[owner], currency, -int(total), kind == AccountKind.UNCLAIMED)
        for owner, kind, currency, total in found
        if kind == AccountKind.UNCLAIMED or owner not in has_details
    ]

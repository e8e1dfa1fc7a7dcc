"""Who bears what a provider took: the fund it was for, else the general fund, and nobody as long as that cannot.

What a provider says has happened, whatever our funds have: it is always taken in. What no fund can bear stands as
*uncovered*, on an account beside the money with providers, until the general fund has enough.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Sum

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import NotRecorded
from communs.apps.foundation.actions.places import general_fund, post
from communs.apps.foundation.models import Balance, Entry, Fund
from communs.apps.foundation.queries.books import account_balance, standing_of
from communs.core.ledger import Account, EntryKind

SPENT: Final = frozenset({"floor", "reserved"})
"""Rules by which the books say that a fund no longer has the money."""


def unless_spent(error: NotRecorded) -> None:
    """Go on where a fund has not the money. Raises any other refusal again."""
    if not error.problems or {problem.invariant for problem in error.problems} - SPENT:
        raise error


def bear(key: str, minor: int, held: Account, happened: date, now: datetime) -> Entry:
    """Post what went out of `held` and no other fund bears: a cost of the general fund, or uncovered.

    `minor`: above zero for what was taken. Raises `NotRecorded`, `KeyTaken`, for no reason of money.
    """
    general, code = general_fund(held.currency, now), held.currency
    try:
        lines = [(naming.fees(code), general, minor), (held, general, -minor)]
        return post(key, EntryKind.FEE, lines, happened, now)[1]
    except NotRecorded as error:
        unless_spent(error)
    lines = [(naming.uncovered(code), general, minor), (held, general, -minor)]
    return post(f"{key}:uncovered", EntryKind.FEE, lines, happened, now)[1]


def cover(now: datetime) -> int:
    """Have funds bear what is uncovered, as far as they can by now; how many entries that made.

    As much as can be, not cost by cost: so that the books end the same in whatever order costs became known. Where more
    is covered than was uncovered, since a cost went to another fund, it is given back.
    """
    there = Balance.objects.filter(account__slug__startswith=naming.UNCOVERED).values_list("account__currency", "fund")
    places = there.annotate(total=Sum("minor")).exclude(total=0).order_by("account__currency", "fund")
    return sum(_cover(code, fund, now) for code, fund, _total in list(places))


def _cover(code: str, number: int, now: datetime) -> bool:
    with transaction.atomic():
        fund = Fund.objects.select_for_update(no_key=True).get(pk=number)
        account = naming.uncovered(code)
        minor = account_balance(account.id, fund.slug)
        if minor > 0 and fund.floor_minor is not None:
            can = sum(one.available for one in standing_of(fund) if one.currency == code)
            minor = max(0, min(minor, can))
        if not minor:
            return False
        prefix = f"covered:{code}:{fund.slug}:"
        key = f"{prefix}{1 + Entry.objects.filter(key__startswith=prefix).count()}"
        lines = [(naming.fees(code), fund.slug, minor), (account, fund.slug, -minor)]
        post(key, EntryKind.FEE, lines, now.date(), now)
        return True

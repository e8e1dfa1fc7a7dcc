"""Where money of gifts stands: funds, accounts and periods that are opened when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import Recorded, entry, open_account, open_fund, open_period, record
from communs.apps.foundation.actions.payout_news import days
from communs.apps.foundation.models import BankAccount, Entry, Fund, Period
from communs.core.ledger import Account, EntryKind, Nature
from communs.core.ledger import Fund as FundSaid

GENERAL, PLATFORM = "general", "platform"
ACTOR: Final = "gifts"
Line = tuple[Account, str, int]
"""Account, fund, minor units: a debit above zero."""


def general_fund(currency: str, now: datetime) -> str:
    """The fund that has what nobody claims, and bears what others cannot: that of the account at the bank.

    Without one, a fund that has no floor: what a provider has taken is gone, whether or not there is money for it.
    """
    account = BankAccount.objects.filter(account__slug=naming.bank(currency).id).select_related("fund").first()
    if account is not None:
        return account.fund.slug
    return _fund(
        FundSaid(GENERAL, Nature.UNRESTRICTED, floor_minor=None), {"en": "General fund", "fr": "Fonds général"}, now
    )


def platform_fund(now: datetime) -> str:
    """The fund that has what people add for the platform."""
    return _fund(FundSaid(PLATFORM, Nature.DESIGNATED), {"en": "The platform", "fr": "La plateforme"}, now)


def _fund(said: FundSaid, titles: dict[str, str], now: datetime) -> str:
    if not Fund.objects.filter(slug=said.id).exists():
        open_fund(said, now=now, titles=titles)
    return said.id


def on_its_way(currency: str) -> Account:
    """Paid out by a provider, and not on a statement of the bank yet."""
    return naming.clearing(naming.ON_ITS_WAY, currency)


def post(
    key: str, kind: EntryKind, lines: Sequence[Line], happened: date, now: datetime, **said: Any
) -> tuple[Recorded, Entry]:
    """Record an entry; its accounts are opened where they are not there, and the year of its day too."""
    for account, _fund_slug, _minor in lines:
        open_account(account, now=now)
    open_year(happened)
    on, happened_on = days(happened, now)
    open_year(on)
    postings = [(account.id, fund, minor, account.currency) for account, fund, minor in lines]
    done = record(entry(key, kind, postings, on=on, now=now, actor=ACTOR, happened_on=happened_on, **said))
    return done, Entry.objects.get(public_id=done.id)


def open_year(day: date) -> None:
    """The calendar year of a day, where no period holds it: a gift on the first of January waits for nobody."""
    if not Period.objects.filter(starts_on__lte=day, ends_on__gte=day).exists():
        year = Period.objects.filter(starts_on__year__lte=day.year, ends_on__year__gte=day.year)
        if not year.exists():
            open_period(date(day.year, 1, 1), date(day.year, 12, 31))


def by_fund(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums by fund, without those that are zero."""
    sums: dict[str, int] = {}
    for fund, minor in lines:
        sums[fund] = sums.get(fund, 0) + minor
    return {fund: minor for fund, minor in sorted(sums.items()) if minor}

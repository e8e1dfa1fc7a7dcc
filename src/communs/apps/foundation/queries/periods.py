"""Periods, and what has to hold before one is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from communs.apps.foundation.models import BankAccount, BankStatement, Period
from communs.apps.foundation.queries import bank
from communs.apps.foundation.queries.proof import last_verification
from communs.apps.foundation.queries.public import number_of_entries
from communs.core.money import Money
from communs.kit import formats
from communs.kit.gates import NotThere

PERIODS_MAX = 200


@dataclass(frozen=True, slots=True)
class Check:
    """Something that has to hold before a period is closed, in words that say how it stands."""

    holds: bool
    words: str


def periods() -> list[Period]:
    """All periods, the latest first."""
    return list(Period.objects.order_by("-starts_on")[:PERIODS_MAX])


def get_period(first: str) -> Period:
    """A period by its first day ("2026-01-01"). Raises `NotThere`."""
    try:
        found = Period.objects.filter(starts_on=date.fromisoformat(first)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotThere
    return found


def closing_checks(period: Period, now: datetime) -> list[Check]:
    """The period is over, another is open, the books are sound, and say of each bank account what the bank says."""
    is_over = period.ends_on < now.date()
    goes_on = Period.objects.filter(starts_on__gt=period.ends_on, closed_at=None).exists()
    return [
        Check(is_over, _("Its last day is over.") if is_over else _("It is not over yet. Wait for its last day.")),
        Check(goes_on, _("A later period is open.") if goes_on else _("No later period is open. Open the next year.")),
        _sound(),
        *(_at_bank(account, period) for account in BankAccount.objects.select_related("account").order_by("pk")),
    ]


def _sound() -> Check:
    found = last_verification()
    if found is None or found.entries != number_of_entries():
        return Check(False, _("The books were not verified since the last entry. That is done before they are closed."))
    if found.number:
        return Check(False, _("The books break a rule of theirs: see the public accounts."))
    return Check(True, _("The books are verified, and keep every rule."))


def _at_bank(account: BankAccount, period: Period) -> Check:
    """The last statement in the period ends with what the books have; one reaches its end, so that it is the last."""
    name, currency = account.account.slug, account.account.currency
    of_it = BankStatement.objects.filter(bank_account=account, closing_on__isnull=False, closing_minor__isnull=False)
    last = of_it.filter(closing_on__lte=period.ends_on).order_by("-closing_on", "-pk").first()
    reaches = of_it.filter(Q(closing_on__gte=period.ends_on)).exists()
    if last is None or last.closing_minor is None or not reaches:
        why = _("{account}: no statement reaches {day}. Take in the statements up to that day and the next.")
        return Check(False, why.format(account=name, day=formats.day(period.ends_on)))
    booked = bank.booked_on(account, period.ends_on)
    said = {"account": name, "bank": _amount(last.closing_minor, currency), "books": _amount(booked, currency)}
    if booked != last.closing_minor:
        why = _("{account}: the bank has {bank}, the books {books}. Decide the lines that wait.")
        return Check(False, why.format(**said))
    return Check(True, _("{account}: the bank and the books have {bank}.").format(**said))


def _amount(minor: int, currency: str) -> str:
    sign = "−" if minor < 0 else ""
    return sign + formats.amount(Money(abs(minor), currency).major, currency)

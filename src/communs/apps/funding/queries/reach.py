"""What the gap is counted by, as filters of the list: who can hold the money, how much there is, how old it is.

Each answer follows from what an opportunity states and, for its age, from the day; the rule stands in
`docs/rules/gap.md`. What is not stated is an answer of its own, never nothing.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from communs.apps.funding.vocabulary import Age, Reach, Size
from communs.core.matching import Opportunity
from communs.core.matching.vocabulary import LEGAL_PERSONS

COMPARABLE = frozenset({"EUR", "USD", "GBP", "CHF"})
"""Currencies whose units are of the same order, so that one scale of sizes holds for them without an exchange rate."""

# The largest amount of each class, in whole units of the currency it is published in.
_UP_TO = (
    (Decimal(5_000), Size.TO_5K),
    (Decimal(50_000), Size.TO_50K),
    (Decimal(250_000), Size.TO_250K),
    (Decimal(1_000_000), Size.TO_1M),
)
_YOUNGER_THAN = ((6, Age.TO_6), (12, Age.TO_12), (24, Age.TO_24))


def gap_facets(opportunity: Opportunity) -> dict[str, tuple[str, ...]]:
    """The filters that do not depend on the day."""
    return {
        "reach": (reach_of(opportunity),),
        "size": (size_of(opportunity),),
        "pot": (pot_of(opportunity) or "unknown",),
        "unsaid": _unsaid(opportunity),
    }


def reach_of(opportunity: Opportunity) -> str:
    """Who can hold the money, the first that applies: a group, a group with a host, one person, a legal person."""
    needs_form = opportunity.legal_entity == "yes"
    if not needs_form and _takes(opportunity, "informal_collective"):
        return Reach.INFORMAL
    if opportunity.fiscal_host == "yes" or _takes(opportunity, "hosted_collective"):
        return Reach.HOSTED
    if not needs_form and _takes(opportunity, "individual"):
        return Reach.PERSON
    if needs_form or _only_legal_persons(opportunity.applicants) or _only_legal_persons(opportunity.payees):
        return Reach.LEGAL_PERSON
    return Reach.UNKNOWN


def size_of(opportunity: Opportunity) -> str:
    """The most that one can get, as a class; what is published in another currency is not converted."""
    money = opportunity.money
    amount = None if money is None else money.maximum if money.maximum is not None else money.minimum
    if money is None or amount is None or not money.currency:
        return Size.UNKNOWN
    if money.currency not in COMPARABLE:
        return Size.OTHER_CURRENCY
    return next((size for limit, size in _UP_TO if amount <= limit), Size.OVER_1M)


def pot_of(opportunity: Opportunity) -> str:
    """The currency of the money there is in all; empty where no sum, or no currency, is stated."""
    money = opportunity.money
    return money.currency if money is not None and money.pot is not None else ""


def age_of(last_confirmed: str, today: date) -> str:
    """How long ago it was last confirmed. Of a month or a year the last day counts: "older" is never a guess.

    >>> str(age_of("2025", date(2026, 6, 30))), str(age_of("2025", date(2026, 7, 1)))
    ('to_6', 'to_12')
    """
    seen = _last_day(last_confirmed)
    if seen is None:
        return Age.NEVER
    months = (today.year - seen.year) * 12 + today.month - seen.month - (today.day < seen.day and not _ends(today))
    return next((age for limit, age in _YOUNGER_THAN if months < limit), Age.OVER_24)


def _takes(opportunity: Opportunity, form: str) -> bool:
    """Whether this form may apply and, where they say who may be paid, be paid."""
    return form in opportunity.applicants and (not opportunity.payees or form in opportunity.payees)


def _only_legal_persons(forms: tuple[str, ...]) -> bool:
    return bool(forms) and LEGAL_PERSONS.issuperset(forms)


def _unsaid(opportunity: Opportunity) -> tuple[str, ...]:
    stated: Mapping[str, object] = {
        "funds_what": opportunity.funds_what,
        "country": opportunity.places,
        "kind": opportunity.kind,
        "language": opportunity.languages,
    }
    return tuple(name for name, value in stated.items() if not value)


def _last_day(text: str) -> date | None:
    """The last day of a year, a month or a day; None where it is no date."""
    parts = text.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    try:
        return date(year, month, int(parts[2]) if len(parts) > 2 else calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _ends(day: date) -> bool:
    """Whether it is the last day of its month: a month after 31 January is over on 28 February."""
    return day.day == calendar.monthrange(day.year, day.month)[1]

"""The books of a small foundation, entries written in words, and a history that keeps every invariant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from communs.core.ledger import (
    Account,
    AccountKind,
    Books,
    Entry,
    EntryKind,
    Fund,
    Nature,
    Period,
    Posting,
    Transition,
    posted,
)

Make = Callable[..., Entry]
KINDS = {
    "main": AccountKind.BANK, "provider": AccountKind.CLEARING, "unknown": AccountKind.UNIDENTIFIED,
    "ana": AccountKind.DONOR, "maps": AccountKind.COMMONS, "capital": AccountKind.CAPITAL, "income": AccountKind.INCOME,
    "grants": AccountKind.GRANTS, "fees": AccountKind.FEES, "transfer": AccountKind.TRANSFER,
    "conversion": AccountKind.CONVERSION,
}  # fmt: skip
RELEASED = "main city -700, transfer city 700, main open 700, transfer open -700"
EXCHANGED = "main open -1100, conversion open 1100, dollars open 1200 USD, conversion-usd open -1200 USD"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def small_books() -> Books:
    accounts = [Account(name, kind, "EUR") for name, kind in KINDS.items()]
    accounts += [
        Account(
            "food", AccountKind.UNCLAIMED, "EUR", expires_on=date(2026, 6, 30), destination="the reserve of the fund"
        ),
        Account("dollars", AccountKind.BANK, "USD"),
        Account("conversion-usd", AccountKind.CONVERSION, "USD"),
        Account("yen", AccountKind.BANK, "JPY"),
        Account("income-yen", AccountKind.INCOME, "JPY"),
    ]
    funds = [
        Fund("open", Nature.UNRESTRICTED),
        Fund("city", Nature.RESTRICTED, funder="The city", convention="2026-17"),
    ]
    closed = Period(date(2025, 1, 1), date(2025, 12, 31), datetime(2026, 2, 1, tzinfo=UTC))
    return Books.of(accounts, funds, [Period(date(2026, 1, 1), date(2026, 12, 31)), closed])


def entry(number: int, kind: str, said: str, currency: str = "EUR", **more: Any) -> Entry:
    """`said`: “main city 100, income city -100”, in smallest units; a fourth word is another currency."""
    postings = []
    for part in said.split(","):
        account, fund, minor, *other = part.split()
        postings.append(Posting(account, fund, int(minor), other[0] if other else currency))
    given = {"effective_on": date(2026, 3, 1), "recorded_at": NOON + timedelta(minutes=number), **more}
    given = {"id": f"e{number:04}", "key": f"k{number:04}", **given}
    return Entry(kind=EntryKind(kind), postings=tuple(postings), **given)


def plain_history() -> list[Entry]:
    told = Transition("helloasso", "payment 7", "Authorized")
    july = date(2026, 7, 1)
    return [
        entry(1, "pay-in", "provider city 10000, income city -10000", transition=told, memo='"Bread; & roses" (1)'),
        entry(2, "settlement", "main city 9800, fees city 200, provider city -10000"),
        entry(3, "pay-in", "main open 5000, unknown open -5000"),
        entry(4, "identification", "unknown open 5000, income open -5000", happened_on=date(2025, 12, 30)),
        entry(5, "grant", "grants city 3000, maps city -2000, food city -1000", memo="Round 1"),
        entry(6, "payout", "maps city 1500, main city -1500"),
        entry(7, "claim", "food city 400, maps city -400"),
        entry(8, "release", RELEASED, document="Minutes 4"),
        entry(9, "conversion", EXCHANGED),
        entry(10, "reversal", "provider city -300, income city 300", reverses="e0001"),
        entry(11, "pay-in", "yen open 300, income-yen open -300", "JPY"),
        entry(12, "expiry", "food city 600, grants city -600", effective_on=july),
        entry(13, "reversal", "income open 500, ana open -500", reverses="e0004"),
        entry(14, "payout", "ana open 500, main open -500"),
    ]  # fmt: skip


@pytest.fixture
def books() -> Books:
    return small_books()


@pytest.fixture
def make() -> Make:
    return entry


@pytest.fixture
def history() -> list[Entry]:
    return plain_history()


@pytest.fixture
def after() -> Callable[[Iterable[Entry]], Books]:
    """The small books after entries."""

    def post(entries: Iterable[Entry]) -> Books:
        now = small_books()
        for one in entries:
            now = posted(now, one)
        return now

    return post

"""Books with a place of every sort, for tests that try everything: entries written in short."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from communs.apps.foundation.actions import books as actions
from communs.core.ledger import Account, AccountKind, Entry, EntryKind, Fund, Nature

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
KINDS = tuple(AccountKind)
FUNDS = ("city", "region", "open", "board")
Lines = list[tuple[str, str, int]]


def open_places() -> None:
    """An account of each kind, one in dollars, one of a single fund; four funds; a closed year and two open ones."""
    closed = actions.open_period(date(2025, 1, 1), date(2025, 12, 31))
    actions.close_period(closed, datetime(2026, 1, 15, tzinfo=UTC))
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_period(date(2027, 1, 1), date(2027, 12, 31))
    bound: dict[str, Any] = {"nature": Nature.RESTRICTED, "convention": "2026-17"}
    for fund in (
        Fund("city", **bound),
        Fund("region", **bound, floor_minor=100),
        Fund("open", Nature.UNRESTRICTED),
        Fund("board", Nature.DESIGNATED, floor_minor=None),
    ):
        actions.open_fund(fund, now=NOW)
    expires = {"expires_on": date(2026, 7, 1), "destination": "open"}
    for kind in KINDS:
        more: dict[str, Any] = expires if kind is AccountKind.UNCLAIMED else {}
        actions.open_account(Account(kind.value, kind, "EUR", **more), now=NOW)
    actions.open_account(Account("dollars", AccountKind.BANK, "USD"), now=NOW)
    actions.open_account(Account("lent", AccountKind.BANK, "EUR", overdraft_minor=50), now=NOW)
    actions.open_account(Account("own", AccountKind.INCOME, "EUR", fund="city"), now=NOW)


def entry(key: str, kind: EntryKind | str, lines: Lines, currency: str = "EUR", **more: Any) -> Entry:
    postings = [(*line, currency) for line in lines]
    return actions.entry(key, EntryKind(kind), postings, **{"on": DAY, "now": NOW, **more})


def gift(key: str = "gift", minor: int = 10_000, fund: str = "city") -> Entry:
    return entry(key, "pay-in", [("bank", fund, minor), ("income", fund, -minor)])

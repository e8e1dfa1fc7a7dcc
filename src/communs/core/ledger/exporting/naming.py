"""One account name for each account of each fund, that hledger and Beancount both accept, and no two share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from communs.core.ledger.accounts import Account
from communs.core.ledger.books import Balances, Books
from communs.core.ledger.kinds import HELD, OWED, AccountKind
from communs.core.money import Money

_ROOTS: Final = {AccountKind.INCOME: "Income", AccountKind.GRANTS: "Expenses", AccountKind.FEES: "Expenses"}


def named(account: Account, fund: str) -> str:
    """The name of a fund's part of an account.

    >>> named(Account("main", AccountKind.BANK, "EUR"), "open-maps")
    'Assets:Bank:Main:Open-maps'
    """
    root = _ROOTS.get(account.kind, "Equity")
    root = "Assets" if account.kind in HELD else "Liabilities" if account.kind in OWED else root
    # Names are small letters, digits and hyphens, so that a capital at the front keeps them apart.
    return ":".join((root, _capital(account.kind.value), _capital(account.id), _capital(fund)))


def amount(minor: int, currency: str) -> str:
    """Whole units with all decimals of the currency, and its code."""
    return f"{Money(minor, currency).major:f} {currency}"


def one_line(text: str) -> str:
    """A text without line breaks and control characters."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())


def asserted(balances: Balances, books: Books) -> Iterator[tuple[str, str]]:
    """Name and amount of every balance, by name."""
    rows = (
        (named(books.accounts[name], fund), minor, books.accounts[name].currency)
        for (name, fund), minor in balances.items()
    )
    for name, minor, currency in sorted(rows):
        yield name, amount(minor, currency)


class Until:
    """Balances and the last day, kept while entries go by: so that a journal can end with what must come out."""

    def __init__(self) -> None:
        self.balances: dict[tuple[str, str], int] = {}
        self.last_on = date.min

    def add(self, account: str, fund: str, minor: int, on: date) -> bool:
        """Whether this is the first posting of the fund on the account."""
        first = (account, fund) not in self.balances
        self.balances[account, fund] = self.balances.get((account, fund), 0) + minor
        self.last_on = max(self.last_on, on)
        return first


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]

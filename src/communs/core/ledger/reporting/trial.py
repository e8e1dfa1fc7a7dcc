"""The trial balance: each account of each fund, what it had, what was posted, what it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.money import Money


@dataclass(frozen=True, slots=True)
class TrialRow:
    """Minor units; `opening` and `closing` are debits less credits."""

    account: str
    fund: str
    currency: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit


def trial_balance(
    entries: Iterable[Entry], books: Books, first_on: date = date.min, last_on: date = date.max
) -> tuple[TrialRow, ...]:
    """Rows by account and fund; entries in any order give the same rows. Raises `KeyError` for an unknown account."""
    sums: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        if entry.effective_on > last_on:
            continue
        for one in entry.postings:
            row = sums.setdefault((one.account, one.fund), [0, 0, 0])
            if entry.effective_on < first_on:
                row[0] += one.minor
            else:
                row[1 if one.minor > 0 else 2] += abs(one.minor)
    return tuple(
        TrialRow(account, fund, books.accounts[account].currency, *row) for (account, fund), row in sorted(sums.items())
    )


def trial_text(rows: Iterable[TrialRow]) -> str:
    """The rows as lines that two runs can be compared by, byte for byte, amounts in whole units."""
    lines = ["account,fund,currency,opening,debit,credit,closing"]
    for row in rows:
        amounts = (Money(minor, row.currency).major for minor in (row.opening, row.debit, row.credit, row.closing))
        lines.append(",".join((row.account, row.fund, row.currency, *(f"{amount:f}" for amount in amounts))))
    return "\n".join(lines) + "\n"

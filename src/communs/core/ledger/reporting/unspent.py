"""Year end: what restricted funds had, got, spent and still have.

Unspent restricted money is a debt of the foundation, not a gain of the year. In French accounts (ANC 2018-06, art.
132-1 and following) what is newly unspent is carried over (*report en fonds dédiés*), and what is spent of earlier
years is taken back (*utilisation*). Older money is spent first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.ledger.kinds import OF_THE_FUND, AccountKind, Nature

_SPENT = {AccountKind.GRANTS, AccountKind.FEES}


@dataclass(slots=True)
class Unspent:
    """One restricted fund in one currency over a year, in minor units. All but `exchanged` are zero or more, as a rule.

    `returned`: given back to who gave. `moved_in`, `moved_out`: releases and reclassifications. `exchanged`: more or
    less in this currency by conversions.
    """

    fund: str
    currency: str
    opening: int = 0
    received: int = 0
    returned: int = 0
    spent: int = 0
    moved_in: int = 0
    moved_out: int = 0
    exchanged: int = 0
    last_spent_on: date | None = None

    @property
    def closing(self) -> int:
        """What is unspent, to be shown as a debt."""
        came = self.received + self.moved_in + self.exchanged
        return self.opening + came - self.returned - self.spent - self.moved_out

    @property
    def used(self) -> int:
        """What of the opening went out in the year: the oldest money first."""
        out = max(self.spent, 0) + self.returned + self.moved_out + max(-self.exchanged, 0)
        return min(max(self.opening, 0), out)

    @property
    def carried_over(self) -> int:
        """What the year added: opening − used + carried over = closing."""
        return self.closing - self.opening + self.used

    def add(self, kind: AccountKind, minor: int, on: date) -> None:
        """`minor` above zero: the fund has more."""
        if kind in _SPENT:
            self.spent -= minor
            self.last_spent_on = max(self.last_spent_on or on, on) if minor < 0 else self.last_spent_on
        elif kind is AccountKind.TRANSFER:
            self.moved_in += max(minor, 0)
            self.moved_out += max(-minor, 0)
        elif kind is AccountKind.CONVERSION:
            self.exchanged += minor
        else:
            self.received += max(minor, 0)
            self.returned += max(-minor, 0)


def unspent(entries: Iterable[Entry], books: Books, first_on: date, last_on: date) -> tuple[Unspent, ...]:
    """Restricted funds by name and currency. `last_spent_on` looks back over all entries, so that idle money shows."""
    found: dict[tuple[str, str], Unspent] = {}
    for entry in entries:
        if entry.effective_on > last_on:
            continue
        for one in entry.postings:
            account, fund = books.accounts[one.account], books.funds[one.fund]
            if fund.nature is not Nature.RESTRICTED or account.kind not in OF_THE_FUND:
                continue
            row = found.setdefault((fund.id, account.currency), Unspent(fund.id, account.currency))
            if entry.effective_on >= first_on:
                row.add(account.kind, -one.minor, entry.effective_on)
                continue
            row.opening -= one.minor
            if account.kind in _SPENT and one.minor > 0:
                row.last_spent_on = max(row.last_spent_on or entry.effective_on, entry.effective_on)
    return tuple(row for _place, row in sorted(found.items()))

"""Books: the accounts, funds and periods, and of what was posted before as much as a new entry is checked against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from communs.core.ledger.accounts import Account, Fund, Period, in_order
from communs.core.ledger.entries import Entry, Transition
from communs.core.ledger.kinds import OF_THE_FUND

Balances = Mapping[tuple[str, str], int]
"""Minor units by account and fund: debits less credits."""
Owned = Mapping[tuple[str, str], int]
"""Minor units by fund and currency: what is owed to the fund itself."""


@dataclass(frozen=True, slots=True)
class Books:
    """To check one entry, give what it touches: balances, what funds own and have reserved, its key, its family.

    `stated` and `published` are balances kept elsewhere (a table, the public pages) that must be the recomputed ones.
    """

    accounts: Mapping[str, Account]
    funds: Mapping[str, Fund]
    periods: tuple[Period, ...]
    balances: Balances = field(default_factory=dict)
    owned: Owned = field(default_factory=dict)
    reserved: Owned = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    """The body's hash of each key that was used."""
    transitions: frozenset[Transition] = frozenset()
    families: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """By the id of an entry: that entry, then what was reversed of it so far."""
    stated: Balances | None = None
    published: Balances | None = None

    @classmethod
    def of(cls, accounts: Iterable[Account], funds: Iterable[Fund], periods: Iterable[Period]) -> Books:
        """Books in which nothing was posted yet."""
        return cls({one.id: one for one in accounts}, {one.id: one for one in funds}, in_order(periods))


def balances_of(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Balances by account and fund; memory for accounts, not for entries."""
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        for one in entry.postings:
            found[one.account, one.fund] = found.get((one.account, one.fund), 0) + one.minor
    return found


def owned_of(balances: Balances, books: Books) -> dict[tuple[str, str], int]:
    """What is owed to each fund itself, by fund and currency."""
    found: dict[tuple[str, str], int] = {}
    for (name, fund), minor in balances.items():
        account = books.accounts.get(name)
        if account is not None and account.kind in OF_THE_FUND:
            found[fund, account.currency] = found.get((fund, account.currency), 0) - minor
    return found


def posted(books: Books, entry: Entry) -> Books:
    """The books after an entry that `check` found nothing wrong with. For small books: all of them are copied."""
    balances = dict(books.balances)
    for (name, fund), minor in balances_of([entry]).items():
        balances[name, fund] = balances.get((name, fund), 0) + minor
    original = entry.reverses or entry.id
    transitions = books.transitions | ({entry.transition} if entry.transition is not None else set())
    return replace(
        books,
        balances=balances,
        owned=owned_of(balances, books),
        keys={**books.keys, entry.key: entry.body_sha256},
        transitions=transitions,
        families={**books.families, original: (*books.families.get(original, ()), entry)},
    )

"""Custody: what is held at banks and providers, and to whom it is owed. The two are the same, or something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from communs.core.ledger.books import Balances, Books
from communs.core.ledger.kinds import HELD, OF_THE_FUND


@dataclass(frozen=True, slots=True)
class Custody:
    """Of one currency, in minor units. `held`: by account. `owed`: to funds by name, to others by kind of account."""

    currency: str
    held: Mapping[str, int]
    owed_to_funds: Mapping[str, int]
    owed_to_others: Mapping[str, int]

    @property
    def held_minor(self) -> int:
        return sum(self.held.values())

    @property
    def owed_minor(self) -> int:
        return sum(self.owed_to_funds.values()) + sum(self.owed_to_others.values())

    @property
    def holds(self) -> bool:
        return self.held_minor == self.owed_minor

    def against(self, stated: Mapping[str, int]) -> dict[str, int]:
        """What statements of banks and providers say more than the books, by account, where they differ."""
        more = {name: minor - self.held.get(name, 0) for name, minor in stated.items()}
        return {name: minor for name, minor in sorted(more.items()) if minor}


def custody(balances: Balances, books: Books) -> tuple[Custody, ...]:
    """One for each currency, in the order of their codes. Raises `KeyError` for an unknown account."""
    found: dict[str, tuple[dict[str, int], dict[str, int], dict[str, int]]] = {}
    for (name, fund), minor in sorted(balances.items()):
        account = books.accounts[name]
        held, to_funds, to_others = found.setdefault(account.currency, ({}, {}, {}))
        if account.kind in HELD:
            held[name] = held.get(name, 0) + minor
        elif account.kind in OF_THE_FUND:
            to_funds[fund] = to_funds.get(fund, 0) - minor
        else:
            to_others[account.kind.value] = to_others.get(account.kind.value, 0) - minor
    return tuple(Custody(currency, *sides) for currency, sides in sorted(found.items()))

"""What stands on a bank statement. Amounts are signed: what came in is positive, what went out negative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from communs.core.money import Money
from communs.core.standards.iso20022.reasons import Reason
from communs.core.standards.problems import Problem


@dataclass(frozen=True, slots=True)
class Balance:
    """`kind`: OPBD opening, PRCD previous closing, CLBD closing, CLAV available, ITBD interim …; `on`: its day."""

    kind: str
    amount: Money
    on: date | None
    line: int = 1


@dataclass(frozen=True, slots=True)
class Counterparty:
    """The other side, as far as the bank says. `ultimate`: on whose behalf, or for whom."""

    name: str = ""
    iban: str = ""
    ultimate: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment in an entry. `amount` is None where the bank states none for it.

    `end_to_end`: the key of the payer, empty where there is none. `order`, `group`: the file and the group of an order
    of ours. `reference`: a creditor reference. `texts`: lines as the payer wrote them. `returned`: why it came back.
    """

    amount: Money | None
    end_to_end: str = ""
    instruction: str = ""
    order: str = ""
    group: str = ""
    mandate: str = ""
    bank_reference: str = ""
    counterparty: Counterparty = Counterparty()
    reference: str = ""
    texts: tuple[str, ...] = ()
    purpose: str = ""
    code: str = ""
    returned: Reason | None = None
    line: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Payments booked as one sum: `count` and `total` as the bank states them, None where it does not."""

    order: str = ""
    group: str = ""
    count: int | None = None
    total: Money | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement. `status`: BOOK is final, PDNG and INFO are not money yet.

    `is_reversal`: it takes an earlier entry back; its sign is already the one it has on the account. `code`: what kind
    of business it is, e.g. PMNT-RCDT-ESCT, or the bank's own code.
    """

    amount: Money
    status: str
    booked_on: date | None
    valued_on: date | None = None
    reference: str = ""
    bank_reference: str = ""
    is_reversal: bool = False
    code: str = ""
    text: str = ""
    batches: tuple[Batch, ...] = ()
    payments: tuple[Payment, ...] = ()
    line: int = 1

    @property
    def is_booked(self) -> bool:
        """Whether the money has moved."""
        return self.status == "BOOK"


@dataclass(frozen=True, slots=True)
class Statement:
    """`account`: its IBAN, or the bank's own number. `number`: the electronic one, which counts up by one."""

    id: str = ""
    number: str = ""
    made_at: datetime | None = None
    account: str = ""
    currency: str = ""
    balances: tuple[Balance, ...] = ()
    entries: tuple[Entry, ...] = ()
    line: int = 1

    def balance(self, *kinds: str) -> Balance | None:
        """The first balance of the first of `kinds` that there is."""
        return next((one for kind in kinds for one in self.balances if one.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Statements:
    """A file of them. With an error in `problems`, entries may be missing: then import nothing from it."""

    version: str = ""
    id: str = ""
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_valid(self) -> bool:
        """No error."""
        return not any(found.severity == "error" for found in self.problems)

"""Bank statements (camt.053.001.02 and .08): balances, entries, the payments in them, and returns with their reasons.

Not read: limits, interest, cards, charges beside an entry; what is booked is in the entries.
"""

from __future__ import annotations

from communs.core.standards.camt053.reading import read_statements
from communs.core.standards.camt053.statements import (
    Balance,
    Batch,
    Counterparty,
    Entry,
    Payment,
    Statement,
    Statements,
)

__all__ = ["Balance", "Batch", "Counterparty", "Entry", "Payment", "Statement", "Statements", "read_statements"]

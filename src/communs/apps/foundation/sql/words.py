"""What both dialects say alike: conditions from the rule's own tables, and the names of refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communs.core.ledger.kinds import FLOORED, HELD, MOVES, OF_THE_FUND, TOUCHES, EntryKind


def listed(kinds: Iterable[str]) -> str:
    """`('a', 'b')`: a list of SQL."""
    return "(" + ", ".join(f"'{kind}'" for kind in sorted(kinds)) + ")"


FLOORED_SQL: Final = listed(FLOORED)
HELD_SQL: Final = listed(HELD)
FUNDS_SQL: Final = listed(OF_THE_FUND)
MOVES_SQL: Final = listed(MOVES)
MOVES_OR_BACK_SQL: Final = listed(MOVES | {EntryKind.REVERSAL})
GIFTS_SQL: Final = listed({EntryKind.PAY_IN, EntryKind.IDENTIFICATION})

BLANK: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""Of which a text that says nothing is made: what `str.strip` takes away."""


def in_kind(entry_kind: str, account_kind: str) -> str:
    """A condition: an entry of this kind may touch an account of that kind."""
    cases = " ".join(f"WHEN '{kind}' THEN {account_kind} IN {listed(touched)}" for kind, touched in TOUCHES.items())
    return f"(CASE {entry_kind} {cases} ELSE false END)"


SAYS: Final = {
    "sealing": "an entry is recorded unsealed, then sealed in order",
    "append-only": "what is sealed is never changed or deleted: post a reversal",
    "whole-amounts": "a posting is not a whole number of smallest units",
    "balanced": "the postings of the entry do not add up to zero in each fund and currency",
    "known-places": "a posting is not in the currency or the fund of its account",
    "in-kind": "the entry touches an account that its kind is not for",
    "one-fund": "the entry moves money between funds",
    "documented": "money moves between funds without a document, or is released from a fund that is not restricted",
    "decided": "what is done is what two of the board approved, once",
    "open-period": "the day is in no open period, or is not a day",
    "expired": "unclaimed shares cannot expire yet",
    "one-transition": "what a provider tells, or an id, was recorded under another key",
    "mirrors": "the reversal takes back more than is left of an entry, or reverses a reversal",
    "floor": "an account would be overdrawn or a fund overspent",
    "reserved": "the fund would have less than is reserved",
    "period": "a period overlaps another, or was closed already",
    "kept-balances": "balances are kept by sealing alone",
    "once": "what has this unique key is there already, and nothing takes its place",
}


def says(name: str) -> str:
    """`name: sentence`, as the database says it."""
    return f"{name}: {SAYS[name]}".replace("'", "''")

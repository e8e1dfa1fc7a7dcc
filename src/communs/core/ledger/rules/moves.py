"""What every entry that moves money between funds keeps: two people decided it, this entry, and no other one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from communs.core.ledger.entries import Entry
from communs.core.ledger.kinds import MOVES
from communs.core.ledger.rules.payouts import APPROVALS
from communs.core.ledger.rules.watching import Problem
from communs.core.texts import N_

MOVE_RULES: Final = {
    "decided": N_("Money moves between funds as two people decided, each time, and the entry says what they decided."),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided under an entry's key. `lines`: what moves (account, fund, minor units); `reverses`: an entry."""

    kind: str
    approvals: int
    document: str = ""
    lines: tuple[tuple[str, str, int], ...] = ()
    reverses: str = ""


def verify_moves(moves: Iterable[tuple[Entry, Decided | None]], between: Container[str]) -> Iterator[Problem]:
    """What is wrong with releases, reclassifications and what takes those back, each with what was decided.

    `between`: the accounts on which what a fund gave to another stands.
    """
    for entry, decided in moves:
        if decided is None or decided.kind != entry.kind.value:
            message = N_("It moves money between funds, and no decision has its key.")
            yield Problem("decided", entry.id, message, N_("Take it back, and let two of the board decide it."))
        elif decided.approvals < APPROVALS:
            message, values = N_("It was approved by {number} people."), {"number": str(decided.approvals)}
            yield Problem("decided", entry.id, message, N_("Let two of the board decide it, or take it back."), values)
        elif _other(entry, decided, between):
            message = N_("It is not what was decided under its key.")
            yield Problem("decided", entry.id, message, N_("Take it back, and post what was decided."))


def _other(entry: Entry, decided: Decided, between: Container[str]) -> bool:
    if entry.kind not in MOVES:
        return entry.reverses != decided.reverses
    moved = sorted((one.account, one.fund, one.minor) for one in entry.postings if one.account not in between)
    return entry.document != decided.document or moved != sorted(decided.lines)

"""Batches of money: a file for the bank, a round that closes. The books are checked before and after each.

Not to be called inside a transaction: what is checked is what has been committed, and the log is written after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from communs.apps.foundation.actions import closing, proof
from communs.apps.foundation.actions.proof import NotSound
from communs.apps.foundation.queries import rounds as round_queries
from communs.apps.foundation.queries.books import entries

CHECKED_AT_ONCE_MAX: Final = 20_000
"""Entries that are all checked while somebody waits: about a second. Of more, what came since the last check is."""
__all__ = ["NotSound", "close_due", "in_sound_books"]
T = TypeVar("T")


def in_sound_books(do: Callable[[], T], now: datetime) -> T:
    """Do a batch between two checks of the books. Raises `NotSound` before anything is done, or right after it."""
    _require_sound(now)
    done = do()
    _require_sound(now)
    return done


def close_due(now: datetime) -> dict[str, Any]:
    """Close every round whose end has come, between two checks; then sign the log. By slug the round, or the fault."""
    if not round_queries.due(now).exists():
        return {}
    done = in_sound_books(lambda: closing.close_due(now), now)
    proof.put_into_log()
    proof.sign(now)
    return done


def _require_sound(now: datetime) -> None:
    if entries().count() <= CHECKED_AT_ONCE_MAX:
        proof.require_sound(now)
        return
    proof.require_new_sound(now)

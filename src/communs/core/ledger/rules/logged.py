"""What the log of the public accounts keeps of the books: every entry, in the order of sealing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communs.core.ledger.rules.watching import Problem
from communs.core.texts import N_

LOG_RULES: Final = {
    "in-the-log": N_("Every entry before the last one in the log has its place there."),
}


def verify_logged(entries: int, places: int) -> Iterator[Problem]:
    """What is wrong with the log. `entries`: sealed up to the last one that it has; `places`: how many it has."""
    if entries != places:
        message = N_("The log has {places} entries up to its last one, and the books have {entries}.")
        values = {"places": str(places), "entries": str(entries)}
        yield Problem("in-the-log", "log", message, N_("Look for the entries that were passed over."), values)

"""What a record says of its own status, held against its days: mirrors keep "open" for years."""

from __future__ import annotations

from typing import Final

from communs.core.standards.feeds.records import Opportunity
from communs.core.texts import N_

STATUSES: Final = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}

STALE: Final = (
    N_("The status says “{value}”, but the days say otherwise on {day}: {found}. The days count."),
    N_("Fetch the record anew from the portal itself."),
)
NOT_DATED: Final = (
    N_("The status says “{value}”, but the record does not say when; the days count."),
    N_("Look at the portal before you rely on it."),
)
UNKNOWN: Final = (
    N_("The status code “{value}” is not known; the days count."),
    N_("Nothing to do, unless the code is misspelt."),
)


def check_status(made: Opportunity, known: str) -> None:
    """Tell a status that its own days contradict. `known`: a day (YYYY-MM-DD) that is known to have come, or empty."""
    code = made.row.raw("status")
    if not code:
        return
    claim = STATUSES.get(code)
    if claim is None:
        made.row.tell("status", "status-unknown", "note", UNKNOWN, value=code)
        return
    contradiction = _contradiction(claim, made, known)
    if contradiction:
        made.row.tell("status", "status-stale", "warning", STALE, value=claim, day=known, found=contradiction)
    elif not made.seen and claim != "closed":
        made.row.tell("status", "status-not-dated", "warning", NOT_DATED, value=claim)


def _contradiction(claim: str, made: Opportunity, known: str) -> str:
    closes = max((window["closes"] or "" for window in made.windows), default="")
    opens = min((window["opens"] or "" for window in made.windows), default="")
    if claim != "closed" and closes and closes < known:
        return f"closed since {closes}"
    if claim == "forthcoming" and opens and opens <= known:
        return f"open since {opens}"
    if claim == "open" and opens and known and known < opens and known == made.seen:
        return f"opens on {opens}"
    return f"closes on {closes}" if claim == "closed" and known and closes > known else ""

"""How the columns of an opportunity follow from its values."""

from __future__ import annotations

from datetime import date
from typing import Any

from communs.kit.search import search_text


def project_opportunity(opportunity: Any) -> None:
    """Set title, kind, funder, closing date and search text from `opportunity.values`."""
    facts = opportunity.facts
    titles, summaries = facts.get("titles", {}), facts.get("summaries", {})
    funder = facts.get("funder", {})
    opportunity.title = str(titles.get("en") or next(iter(titles.values()), ""))[:500]
    opportunity.kind = facts.get("kind", "")
    opportunity.funder_name = str(funder.get("name", ""))[:300]
    opportunity.closes_on = next_closing(facts.get("windows", []))
    opportunity.last_confirmed = facts.get("last_confirmed", "")
    opportunity.search_text = search_text(
        opportunity.public_id,
        *titles.values(),
        *summaries.values(),
        opportunity.funder_name,
        facts.get("programme", ""),
        *facts.get("themes", []),
    )


def next_closing(windows: list[dict[str, str]]) -> date | None:
    """The last exact closing day among the windows, None when there is none (which is the normal case)."""
    days = [window["closes"][:10] for window in windows if len(window.get("closes") or "") >= 10]
    try:
        return max((date.fromisoformat(day) for day in days), default=None)
    except ValueError:
        return None

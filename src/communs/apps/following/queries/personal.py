"""What in following is a person's own, for their page and the export of personal data."""

from __future__ import annotations

from typing import Any

from communs.apps.following import links
from communs.apps.following.queries.subscriptions import followed, subscriptions_of
from communs.apps.following.vocabulary import Standing
from communs.kit.records.feeds import absolute

ROWS_MAX = 100


def follows_of(person: Any) -> list[tuple[str, str, str]]:
    """What a person follows by e-mail: (text, address, note)."""
    rows = []
    for subscription in subscriptions_of(person)[:ROWS_MAX]:
        note = str(subscription.get_state_display()) if subscription.state == Standing.ASKED else ""
        address = links.page("mine", subscription.token).removeprefix(absolute(""))
        rows.append((followed(subscription).label, address, note))
    return rows


def rows_of_person(person: Any) -> list[dict[str, Any]]:
    """Every subscription of a person, with what it mutes and how many events it was told."""
    return [
        {
            "follows": {
                "what": row.interest.what,
                "catalogue": row.interest.catalogue,
                "query": row.interest.query,
                "label": followed(row).label,
            },
            "email": row.email,
            "language": row.language,
            "time_zone": row.time_zone,
            "rhythm": row.rhythm,
            "weekday": row.weekday,
            "state": row.state,
            "asked_at": row.asked_at,
            "confirmed_at": row.confirmed_at,
            "muted": row.mutes.count(),
            "told": row.deliveries.count(),
        }
        for row in subscriptions_of(person)
    ]

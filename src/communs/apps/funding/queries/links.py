"""Which addresses of opportunities are to be looked at, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from communs.apps.funding.models import LinkCheck, Opportunity
from communs.apps.funding.vocabulary import LINK_FIELDS
from communs.kit.records.models import Visibility

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Link:
    """One address of one opportunity, with the moment it was last looked at."""

    opportunity_id: int
    url: str
    checked_at: datetime | None
    is_flagged: bool


def links_due(limit: int, before: datetime) -> list[Link]:
    """At most `limit` addresses not looked at since `before`: flagged ones first, then the longest unseen."""
    due = [link for link in _links() if link.checked_at is None or link.checked_at < before]
    due.sort(key=lambda link: (not link.is_flagged, link.checked_at is not None, link.checked_at, link.url))
    return due[:limit]


def problems_of(opportunity: Any) -> list[LinkCheck]:
    """The addresses of this opportunity that did not answer at the last look, and that it still has."""
    urls = addresses(opportunity.values)
    return [check for check in opportunity.link_checks.order_by("pk") if check.link_problem and check.url in urls]


def link_problems() -> int:
    """How many addresses are flagged."""
    return LinkCheck.objects.exclude(link_problem="").count()


def addresses(values: dict[str, Any]) -> list[str]:
    """The distinct addresses of an opportunity, in the order of `LINK_FIELDS`."""
    found = (values.get(field) for field in LINK_FIELDS)
    return list(dict.fromkeys(url for url in found if isinstance(url, str) and 0 < len(url) <= 500))


def _links() -> Iterator[Link]:
    checks = {
        (subject, url): (checked_at, bool(problem))
        for subject, url, checked_at, problem in LinkCheck.objects.values_list(
            "subject_id", "url", "link_checked_at", "link_problem"
        )
    }
    rows = Opportunity.objects.filter(merged_into=None).exclude(visibility=Visibility.REMOVED).order_by("pk")
    for pk, values in rows.values_list("pk", "values").iterator(chunk_size=CHUNK):
        for url in addresses(values):
            checked_at, flagged = checks.get((pk, url), (None, False))
            yield Link(pk, url, checked_at, flagged)

"""Reading what the crawl knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from communs.apps.register.crawling.asking import Host
from communs.apps.register.models import CrawledHost, CrawledRepository


@dataclass(frozen=True, slots=True)
class Figures:
    """How the repositories stand together. `in_trouble`: the last look gave no answer, by reason."""

    states: dict[str, int]
    in_trouble: dict[str, int]
    invalid: int
    checked_at: datetime | None

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.states.values())


def due(now: datetime, limit: int, public_ids: list[str] | None = None) -> list[CrawledRepository]:
    """Repositories to look at, at most `limit`, the longest due first, hosts by turns; or those of some commons."""
    rows = CrawledRepository.objects.select_related("commons")
    if public_ids is not None:
        chosen = list(rows.filter(commons__public_id__in=public_ids).order_by("pk")[:limit])
    else:
        chosen = list(rows.filter(next_at__lte=now).order_by("next_at", "pk")[:limit])
    by_host: dict[str, int] = Counter()
    turns = []
    for row in chosen:
        by_host[row.host] += 1
        turns.append((by_host[row.host], row))
    return [row for _turn, row in sorted(turns, key=lambda turn: turn[0])]


def next_due(pks: list[int]) -> datetime | None:
    """When the first of these is due."""
    found: datetime | None = (
        CrawledRepository.objects.filter(pk__in=pks).order_by("next_at").values_list("next_at", flat=True).first()
    )
    return found


def crawled(commons: Any) -> CrawledRepository | None:
    """How the repository of a commons stands; None where it was never looked at."""
    return CrawledRepository.objects.filter(commons=commons).first()


def find_host(name: str) -> Host:
    """What is known of a host from earlier passes."""
    row = CrawledHost.objects.filter(pk=name).first()
    if row is None:
        return Host(name)
    return Host(name, row.forge, row.wait_until, row.api_wait_until, row.robots, row.robots_at)


def figures() -> Figures:
    """How all repositories stand."""
    rows = CrawledRepository.objects.all()
    return Figures(
        dict(rows.values_list("state").annotate(Count("pk")).order_by("state")),
        dict(rows.exclude(trouble="").values_list("trouble").annotate(Count("pk")).order_by("trouble")),
        rows.filter(Q(files__publiccode__state="invalid") | Q(files__publiccode__state="unreadable")).count(),
        rows.aggregate(last=Max("checked_at"))["last"],
    )

"""A clock that tests set, and passes over a forge on this machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from communs.apps.register.crawling import crawl as crawling
from communs.apps.register.crawling import queries
from communs.kit.fetch import Policy

WITHIN = Policy(timeout_s=5.0, bytes_max=1_048_576, also_allowed=("127.0.0.1/32",))
RULES = "# Governance\n\n" + "Decisions are taken by those who contribute, in public, by consent. " * 6
WAY_IN = "# Contributing\n\n" + "Everyone can take part: write to the list, then send a change. " * 6


def publiccode(url: str, name: str = "Thing", licence: str = "EUPL-1.2", **more: str) -> str:
    """A small file that can be used."""
    lines = [f"{key}: {value}" for key, value in more.items()]
    return "\n".join(
        [
            "publiccodeYmlVersion: '0.4'",
            f"name: {name}",
            f"url: {url}",
            "platforms: [web]",
            "developmentStatus: stable",
            "softwareType: standalone/web",
            "description:",
            "  en:",
            "    shortDescription: Does a thing for everyone.",
            "    longDescription: " + "It does a thing, for everyone who needs that thing done well. " * 4,
            "    features: [one thing]",
            "legal:",
            f"  license: {licence}",
            "maintenance:",
            "  type: community",
            "  contacts:",
            "    - name: Somebody Invented",
            "localisation:",
            "  localisationReady: true",
            "  availableLanguages: [en]",
            *lines,
            "",
        ]
    )


class Clock:
    """What time it is; `later` moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


def look_at(commons: Any, clock: Clock, **how: Any) -> Any:
    """Crawl this commons alone, due or not; how its repository stands then."""
    crawling.crawl(1, public_ids=[commons.public_id], within=WITHIN, now=clock, **how)
    return queries.crawled(commons)


def values(commons: Any) -> dict[str, Any]:
    """What is shown of a commons now."""
    found: dict[str, Any] = type(commons)._default_manager.get(pk=commons.pk).values
    return found

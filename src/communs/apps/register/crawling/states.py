"""How a repository stands after each look (pure): every sequence of answers ends in the state that the last ones show.

| what was seen | state | note |
|---|---|---|
| the repository | active | whatever it was before |
| nothing there (404, 410, 451) | missing; gone once seen so again a day later | being there in between starts anew |
| another repository at its address | replaced | its files are not read |
| no answer, or "later" (429, 5xx, timeouts) | as before | asked again, at growing distances |
| a refusal (401, 403, robots.txt, a private address) | as before | asked again in a week |
"""

from __future__ import annotations

import enum
import zlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

GONE_AFTER: Final = timedelta(days=1)
SOONEST: Final = timedelta(hours=20)
LATEST: Final = timedelta(days=7)
RETRY_FIRST: Final = timedelta(hours=1)
REFUSED_AGAIN: Final = timedelta(days=7)
# A repository that has been still for a time is looked at less often: a fiftieth of that time later.
STILL_DIVISOR: Final = 50
FAILURES_COUNTED: Final = 30_000


class Seen(enum.Enum):
    """What one look at a repository gave."""

    FOUND = "found"
    NOT_FOUND = "not-found"
    OTHER = "other"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a repository stands: `state` of `CrawledRepository.State`, and what keeps us from knowing better."""

    state: str = "new"
    missing_since: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    failures: int = 0


def after(before: Standing, seen: Seen, now: datetime, trouble: str = "") -> Standing:
    """The standing once `seen` was seen."""
    if seen in {Seen.LATER, Seen.REFUSED}:
        return replace(
            before,
            trouble=trouble or seen.value,
            trouble_since=before.trouble_since or now,
            failures=min(before.failures + 1, FAILURES_COUNTED),
        )
    if seen is Seen.FOUND:
        return Standing("active", trouble=trouble, trouble_since=(before.trouble_since or now) if trouble else None)
    if seen is Seen.OTHER:
        return Standing("replaced")
    since = before.missing_since or now
    return Standing("gone" if now - since >= GONE_AFTER else "missing", missing_since=since)


def next_look(
    standing: Standing, seen: Seen, now: datetime, *, key: str, active_on: str = "", wait_s: float = 0.0
) -> datetime:
    """When to look again. `key` spreads the moments of different repositories."""
    if seen is Seen.REFUSED:
        pause = REFUSED_AGAIN
    elif seen is Seen.LATER:
        pause = min(RETRY_FIRST * 2 ** min(standing.failures - 1, 8), LATEST)
    elif standing.state == "missing":
        # Not before a day is over, and as soon as it is: until then nobody knows.
        return max(now + timedelta(hours=1), (standing.missing_since or now) + GONE_AFTER)
    elif standing.state in {"gone", "replaced"}:
        pause = LATEST
    elif standing.trouble:
        pause = RETRY_FIRST
    else:
        pause = min(max(_still_for(active_on, now) / STILL_DIVISOR, SOONEST), LATEST)
    return max(now + pause * _spread(key), now + timedelta(seconds=wait_s))


def _still_for(active_on: str, now: datetime) -> timedelta:
    try:
        return max(now.date() - date.fromisoformat(active_on), timedelta())
    except ValueError:
        return timedelta()


def _spread(key: str) -> float:
    """0.9 to 1.1, always the same for one repository: those registered together are not all due at once."""
    return 0.9 + (zlib.crc32(key.encode()) % 1000) / 5000

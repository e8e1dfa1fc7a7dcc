"""A pass over the repositories that are due: ask, read, store, one after the other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from communs.apps.register.crawling import queries
from communs.apps.register.crawling.actions import READER, Outcome, record_visit, register_repositories, store_hosts
from communs.apps.register.crawling.asking import BYTES_MAX, TIMEOUT_S, Asker, Manners
from communs.apps.register.crawling.states import Seen
from communs.apps.register.crawling.visiting import Known, Visit, visit
from communs.apps.register.models import CrawledRepository
from communs.core.standards.forges import Facts, read_place
from communs.kit.fetch import ANYWHERE, Policy, Session

log = logging.getLogger("communs.crawl")
LIMIT_OF_CHORE: Final = 500
SECONDS_OF_CHORE: Final = 1_800.0
# One pass at a time for the whole site, however many processes: the lease is renewed with every repository.
LEASE: Final = "communs-crawl"
LEASE_S: Final = 300
WAIT_MAX: Final = timedelta(hours=2)


class Busy(Exception):
    """Another process is crawling."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One repository that was looked at."""

    public_id: str
    url: str
    outcome: Outcome
    trouble: str
    files: dict[str, str]


@dataclass(slots=True)
class Report:
    """What one pass did. `answers`: how many came back, `unchanged`: those that said that nothing had changed."""

    looked: list[Looked] = field(default_factory=list)
    answers: int = 0
    unchanged: int = 0
    seconds: float = 0.0

    @property
    def changed(self) -> int:
        """Repositories that were found otherwise than before."""
        return sum(one.outcome.is_changed for one in self.looked)

    @property
    def written(self) -> int:
        """Commons about which something new was said."""
        return sum(one.outcome.is_written for one in self.looked)


def policy() -> Policy:
    """What a request may do. Private addresses only where the operator has allowed them (COMMUNS_ALLOW_PRIVATE=1)."""
    allowed = ANYWHERE if settings.ALLOW_PRIVATE_ADDRESSES else ()
    return Policy(timeout_s=TIMEOUT_S, bytes_max=BYTES_MAX, also_allowed=allowed)


def crawl(  # noqa: PLR0913 - what a pass depends on is handed in, so that it can be tried without waiting
    limit: int,
    *,
    public_ids: list[str] | None = None,
    within: Policy | None = None,
    manners: Manners | None = None,
    now: Callable[[], datetime] = timezone.now,
    seconds_max: float | None = None,
    waits: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    progress: Callable[[Looked], None] = lambda _looked: None,
) -> Report:
    """Look at what is due, at most `limit` repositories; or at those of some commons, due or not.

    `waits`: go on until hosts that want to be left alone can be asked again. `within`: what requests may do (`policy`).
    Raises `Busy` while another process crawls.
    """
    if not cache.add(LEASE, "taken", LEASE_S):
        raise Busy
    report, start = Report(), time.monotonic()
    try:
        register_repositories(now())
        with Session(within or policy()) as session:
            ask = Asker(session, manners or _manners(), find_host=queries.find_host, now=now, sleep=sleep)
            rows = queries.due(now(), limit, public_ids)
            while rows:
                later = _pass(rows, ask, report, now, progress, _ends(start, seconds_max))
                rows = _wait_for(later, now, sleep) if waits else []
            report.answers, report.unchanged = ask.answers, ask.unchanged
    finally:
        cache.delete(LEASE)
    report.seconds = time.monotonic() - start
    return report


def crawl_due() -> Report | None:
    """The daily chore of the worker: a bounded number of repositories in a bounded time."""
    try:
        return crawl(LIMIT_OF_CHORE, seconds_max=SECONDS_OF_CHORE)
    except Busy:
        return None


def _manners() -> Manners:
    return Manners(tokens=getattr(settings, "FORGE_TOKENS", {}))


def _ends(start: float, seconds_max: float | None) -> float:
    return start + seconds_max if seconds_max is not None else float("inf")


def _pass(
    rows: list[CrawledRepository],
    ask: Asker,
    report: Report,
    now: Callable[[], datetime],
    progress: Callable[[Looked], None],
    ends_at: float,
) -> list[CrawledRepository]:
    """Look at each; those that have to wait for their host."""
    later = []
    for row in rows:
        if time.monotonic() > ends_at:
            break
        cache.touch(LEASE, LEASE_S)
        found, outcome = _one(row, ask, now)
        store_hosts(ask.hosts.values())
        if found.trouble == "wait":
            later.append(row)
        looked = _looked(row, found, outcome)
        report.looked.append(looked)
        progress(looked)
    return later


def _one(row: CrawledRepository, ask: Asker, now: Callable[[], datetime]) -> tuple[Visit, Outcome]:
    """Look at one repository and store what was found; a fault of our own is logged and stops none of the others."""
    try:
        found = visit(known(row), ask)
        return found, record_visit(row, found, now())
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s could not be read", row.url)
        found = Visit(Seen.LATER, "fault")
        return found, record_visit(row, found, now())


def _wait_for(
    later: list[CrawledRepository], now: Callable[[], datetime], sleep: Callable[[float], None]
) -> list[CrawledRepository]:
    """Those that had to wait, once they may be asked again; none where that would take too long."""
    pks = [row.pk for row in later]
    until = queries.next_due(pks)
    if until is None or until - now() > WAIT_MAX:
        return []
    while (left_s := (until - now()).total_seconds()) > 0:
        cache.touch(LEASE, LEASE_S)
        sleep(min(left_s, LEASE_S / 4))
    return [row for row in queries.due(now(), len(pks)) if row.pk in set(pks)]


def known(row: CrawledRepository) -> Known:
    """What is known before a look; nothing of the contents where the rules that read them are newer."""
    place = read_place(row.url)
    is_current = row.reader == READER
    return Known(
        row.url,
        place,
        row.forge_id,
        Facts.from_json(row.facts) if row.facts else None,
        row.files if is_current else {},
        row.validators if is_current else {},
    )


def _looked(row: CrawledRepository, found: Visit, outcome: Outcome) -> Looked:
    fresh = CrawledRepository.objects.only("url", "files").get(pk=row.pk)
    states = {role: str(entry["state"]) for role, entry in fresh.files.items()}
    return Looked(row.commons.public_id, fresh.url, outcome, found.trouble, states)

"""Asking hosts politely: one request at a time, with a pause between two of one host, as long as each host allows."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from communs import __version__
from communs.core.standards.forges import FORGES, Request, Robots, is_spent, wait_s
from communs.kit.fetch import Answer, Problem, Session

AGENT: Final = "communs"
USER_AGENT: Final = f"{AGENT}/{__version__} (crawl of registered commons)"
BYTES_MAX: Final = 1_048_576
TIMEOUT_S: Final = 20.0
DELAY_S: Final = 0.5
JITTER: Final = 0.3
ROBOTS_KEPT: Final = timedelta(days=1)
ROBOTS_LENGTH_MAX: Final = 100_000
# This machine asks nobody for politeness towards itself.
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Wait:
    """Not asked: the host wants to be left alone for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Not asked: the host's robots.txt does not want it."""


Got = Answer | Problem | Wait | Forbidden


@dataclass(slots=True)
class Host:
    """What is known of a host. `api_wait_until`: until its API counts anew. `is_changed`: to be stored."""

    name: str
    forge: str = ""
    wait_until: datetime | None = None
    api_wait_until: datetime | None = None
    robots: str = ""
    robots_at: datetime | None = None
    is_changed: bool = False
    asked_at: float | None = None
    rules: Robots | None = None


@dataclass(frozen=True, slots=True)
class Manners:
    """`delay_s` between two requests to one host. `tokens` by host. `heeds_robots`: not for what a person asks for."""

    delay_s: float = DELAY_S
    heeds_robots: bool = True
    tokens: Mapping[str, str] = field(default_factory=dict)


class Asker:
    """Asks on behalf of one pass, and counts. `find_host` gives what is known of a host from earlier passes."""

    def __init__(
        self,
        session: Session,
        manners: Manners,
        *,
        find_host: Callable[[str], Host] = Host,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.session, self.manners, self.now = session, manners, now
        self._find_host, self._sleep = find_host, sleep
        self.hosts: dict[str, Host] = {}
        self.answers = 0
        self.unchanged = 0
        self.ends_at: float | None = None  # of time.monotonic; nothing is asked later

    def host(self, name: str) -> Host:
        """What is known of a host, read once a pass."""
        if name not in self.hosts:
            self.hosts[name] = self._find_host(name)
        return self.hosts[name]

    def get(self, asked: Request, validators: list[str] | None = None, forge: str = "", of_host: str = "") -> Got:
        """Ask, unless the host does not want it now. `forge` and `of_host` name whose token goes with it."""
        if self.ends_at is not None and time.monotonic() > self.ends_at:
            return Problem("slow")
        host = self.host(urlsplit(asked.url).netloc)
        if (left_s := self._waits_s(host, is_api=asked.is_api)) > 0:
            return Wait(left_s)
        if not asked.is_api and self.manners.heeds_robots:
            told = self._robots(host, asked.url)
            if not isinstance(told, Robots):
                return told
            if not told.allows(asked.url):
                return Forbidden()
        headers = {"User-Agent": USER_AGENT, **asked.headers}
        secret = self.manners.tokens.get(of_host, "")
        if asked.is_api and secret and forge:
            headers |= FORGES[forge].token(secret)
        etag, modified = (validators or ["", ""])[:2]
        return self._ask(host, asked.url, etag, modified, headers)

    def _waits_s(self, host: Host, *, is_api: bool) -> float:
        """Seconds for which a host wants to be left alone."""
        untils = [host.wait_until, host.api_wait_until if is_api else None]
        return max([0.0, *((until - self.now()).total_seconds() for until in untils if until)])

    def _ask(self, host: Host, url: str, etag: str, modified: str, headers: Mapping[str, str]) -> Got:
        self._pause(host)
        answer = self.session.fetch(url, etag, modified, headers)
        host.asked_at = time.monotonic()
        if isinstance(answer, Problem):
            return answer
        self.answers += 1
        self.unchanged += answer.status == 304
        now = self.now()
        seconds = wait_s(answer.status, answer.headers, answer.retry_after_s, now.timestamp())
        if seconds:
            host.is_changed = True
            # What is counted is the use of the API; who says "later" without counting wants to be left alone at all.
            if answer.retry_after_s is None and is_spent(answer.headers):
                host.api_wait_until = now + timedelta(seconds=seconds)
            else:
                host.wait_until = now + timedelta(seconds=seconds)
            if answer.status in {403, 429, 503}:
                return Wait(seconds)
        return answer

    def _pause(self, host: Host) -> None:
        if host.asked_at is None or urlsplit(f"//{host.name}").hostname in _LOCAL:
            return
        delay_s = max(self.manners.delay_s, host.rules.delay_s if host.rules else 0.0)
        delay_s *= 1 + random.uniform(-JITTER, JITTER)  # noqa: S311 - not a secret
        left_s = host.asked_at + delay_s - time.monotonic()
        if left_s > 0:
            self._sleep(left_s)

    def _robots(self, host: Host, url: str) -> Robots | Got:
        """The rules of a host, read once a day. Where they cannot be had for a fault of the host, nothing is asked."""
        now = self.now()
        if host.robots_at is None or now - host.robots_at > ROBOTS_KEPT:
            split = urlsplit(url)
            got = self._ask(host, f"{split.scheme}://{split.netloc}/robots.txt", "", "", {"User-Agent": USER_AGENT})
            if not isinstance(got, Answer) or got.status >= 500:
                return Problem("robots", f"HTTP {got.status}") if isinstance(got, Answer) else got
            text = got.body.decode("utf-8", errors="replace").replace("\x00", "") if got.status == 200 else ""
            host.robots, host.robots_at, host.is_changed = text[:ROBOTS_LENGTH_MAX], now, True
            host.rules = None
        if host.rules is None:
            host.rules = Robots.read(host.robots, AGENT)
        return host.rules


def json_of(answer: Answer) -> Any:
    """The body as JSON; None where it is none, or was cut."""
    if not answer.is_whole:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None

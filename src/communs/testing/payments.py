"""Simulated payment providers as processes of their own, and the smallest site that hears of them, for tests."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from communs.cli.house import ROOT
from communs.core.ledger.states import DISPUTE, PAY_IN, REFUND
from communs.core.providers import Hint, PayIn, PayInNews, Provider
from communs.kit.fetch import Policy, Problem, Sender
from communs.kit.providers import Caller, HelloAsso, Patience, Stripe, Tokens

TESTS = ROOT / "tests"
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
CONTRACT = CORPORA / "fund" / "helloasso" / "helloasso-v5-openapi.json"
HERE = ("127.0.0.1/32",)
KEY = "key that signs notifications"
BEGUN_ON = date(2026, 1, 31)


@dataclass
class Simulation:
    """A simulated provider, and what can be done to it from behind."""

    url: str
    waits: list[float] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)

    def admin(self, verb: str, **wish: Any) -> Any:
        """What payers, banks and the provider's staff do: see `act` and `_administer` in `tests/simulators`."""
        found = Sender(Policy(timeout_s=20, bytes_max=4_000_000, also_allowed=HERE))
        try:
            answer = found.send("POST", f"{self.url}/_admin/{verb}", json=wish)
        finally:
            found.close()
        if isinstance(answer, Problem) or answer.status != 200:
            raise RuntimeError(f"{verb}: {answer}")
        return json.loads(answer.body)["result"]

    @property
    def patience(self) -> Patience:
        """As usual, but the waits are written down instead of waited for."""
        return Patience(sleep=self.waits.append, chance=lambda: 0.5, timeout_s=10.0)

    def caller(self) -> Caller:
        self.callers.append(Caller(self.url, frozenset({"127.0.0.1"}), self.patience, HERE))
        return self.callers[-1]

    def now(self) -> datetime:
        return datetime.fromisoformat(self.admin("clock"))

    def notifications(self) -> list[tuple[dict[str, str], bytes]]:
        return [(one["headers"], base64.b64decode(one["body"])) for one in self.admin("deliver")]

    def forged(self, **body: Any) -> tuple[dict[str, str], bytes]:
        one = self.admin("forge", **body)
        return one["headers"], base64.b64decode(one["body"])

    def helloasso(self, signature_key: str = KEY) -> HelloAsso:
        """A client of its own, as a site has it."""
        caller = self.caller()
        tokens = Tokens(caller, "client-of-the-test", "secret-of-the-test")
        return HelloAsso(caller, tokens, "association-pour-les-communs", signature_key)

    def stripe(self) -> Stripe:
        return Stripe(self.caller(), "sk_of_the_test", KEY)

    def calls(self, method: str, path: str) -> list[int]:
        """The statuses of the calls that arrived."""
        return [status for verb, where, status in self.admin("judge")["calls"] if verb == method and path in where]


@contextmanager
def simulating(module: str, *arguments: str | Path) -> Iterator[Simulation]:
    """Run a simulator until the block ends."""
    command = [sys.executable, "-m", f"simulators.{module}", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - for tests
        simulation = Simulation(process.stdout.readline().strip())
        yield simulation
        for caller in simulation.callers:
            caller.close()
    finally:
        process.communicate("", timeout=20)


def pay_in(minor: int = 5000, intent: UUID | None = None, currency: str = "EUR", **more: Any) -> PayIn:
    home = "https://communs.example.org/give"
    return PayIn(intent or uuid4(), minor, currency, "A gift", home, f"{home}/back", f"{home}/error", BEGUN_ON, **more)


@dataclass
class Site:
    """What a site does with news, in its smallest form: states go forward, whatever order news come in."""

    provider: Provider
    states: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, tuple[str, int]] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    news: dict[str, PayInNews] = field(default_factory=dict)

    def hear(self, news: PayInNews) -> None:
        known = self.states.get(news.object_id, PAY_IN.start)
        self.states[news.object_id] = PAY_IN.hear(known, news.state)
        self.news[news.object_id] = news
        for refund in news.refunds:
            state, _minor = self.refunds.get(refund.object_id, (REFUND.start, 0))
            self.refunds[refund.object_id] = (REFUND.hear(state, refund.state), refund.minor)
        for dispute in news.disputes:
            self.disputes[dispute.object_id] = DISPUTE.hear(
                self.disputes.get(dispute.object_id, "opened"), dispute.state
            )

    def receive(self, headers: dict[str, str], body: bytes, now: datetime) -> Hint:
        hint = self.provider.read(headers, body, now)
        if hint.event_id not in self.seen:
            self.seen.add(hint.event_id)
            for news in self.provider.follow(hint):
                self.hear(news)
        return hint

    def sweep(self, since: datetime) -> None:
        for news in self.provider.changed(since):
            self.hear(news)

    def told(self) -> tuple[object, ...]:
        """Everything this site knows, to be compared."""
        return tuple(sorted(each.items()) for each in (self.states, self.refunds, self.disputes))


def long_ago(simulation: Simulation) -> datetime:
    return simulation.now() - timedelta(days=1)

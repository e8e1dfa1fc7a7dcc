"""A site at work whose processes are killed at random moments, started again, and looked at."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections
from django.utils import timezone

from communs.apps.foundation import tasks
from communs.apps.foundation.models import Notification, PayoutBatch, Round, Settlement, Verification
from communs.apps.foundation.queries import payouts as payout_queries
from communs.cli.house import say
from communs.kit.models import Chore
from communs.testing.kills import free_port, kill, kill_postgres
from communs.testing.postgres import start_postgres
from kill_mills import site
from kill_mills.judging import Judge, balance
from kill_mills.people import AT, Giver, House, HouseBank, Notifier, Treasurer
from kill_mills.processes import READY_MAX_S, Moment, Processes, wait_for
from kill_mills.visiting import Traffic

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNDER_WAY = "begun and not ended"  # a chore empties this when it ends
MONEY_CHORES = ("close-rounds", "follow-payments", "keep-public-log", "sweep-payments")
SETTLED_AFTER_MAX = 60
GIVERS = 2
NEXT_WEB_S = 6.0
"""Sooner after another, the server waits before it starts a web process anew."""
State = payout_queries.State


class Killing:
    """The site, its mills, and what was found. A context: all of it ends with it."""

    def __init__(self, folder: Path, providers: Any, size: tuple[int, int]) -> None:
        port = free_port()
        self.folder, self.traffic, self.size, self.providers = folder, Traffic(port), size, providers
        self.processes = Processes(folder, port)
        self.hits: Counter[str] = Counter()
        self.rounds_left: Counter[str] = Counter()
        """As what a round stood there when the command that closed it was killed."""
        self.missed, self.rounds, self.checked = 0, 0, 0
        self.told, self.web_killed_at = "", 0.0
        self.problems: list[str] = []
        self.pages_s, self.acts_s, self.plain_s, self.workers_s = (list[float]() for _ in range(4))
        self.moments = {name: Moment(0.1) for name in ("closing", *MONEY_CHORES)} | {"request": Moment(0.02)}

    def __enter__(self) -> Killing:
        now = timezone.now()
        self.cast = site.found(now)
        self.ibans = site.payees_and_voters(self.cast, self.size, now)
        opening = site.CITY_MINOR + site.OPEN_MINOR
        self.bank = HouseBank(self.folder, opening, site.first_day(now))
        self.house = House(self.traffic, self.bank, self.providers, site.sessions(self.cast))
        self.judge_ = Judge(self.house)
        self.plain_s.append(self.processes.serve())
        self._start_worker(MONEY_CHORES)
        self._next_round()
        self._start_mills()
        return self

    def __exit__(self, *_error: object) -> None:
        self.traffic.stop.set()
        self.processes.end_all()
        self.bank.end()
        if self.problems:
            kept = f"{self.folder}-kept"
            shutil.copytree(self.folder, kept, ignore=shutil.ignore_patterns(".s.*"))
            say(f"Look into {kept}: the site, its log (site.log), the books of the bank.")

    def _start_mills(self) -> None:
        self.treasurer = Treasurer(self.house, 1, list(self.ibans.values()))
        self.notifier = Notifier(self.house, 2)
        self.mills = [self.treasurer, self.notifier, *(Giver(self.house, 3 + n) for n in range(GIVERS))]
        for mill in self.mills:
            mill.start()

    # One point

    def one(self, kind: str, chance: random.Random) -> bool:
        """Kill once, start again, look; whether something was broken off by it."""
        if kind == "a web process":
            if time.monotonic() - self.web_killed_at < NEXT_WEB_S:
                return False
            self.web_killed_at = time.monotonic()
        if kind == "the worker":
            was_hit = self._kill_worker(chance)
        elif kind == "closing a round":
            was_hit = self._kill_closing(chance)
        else:
            was_hit = self._kill_request(kind, chance)
        self.hits[kind] += was_hit
        self.missed += not was_hit
        self.processes.keep()
        self._look(kind)
        if not all(mill.is_alive() for mill in self.mills):
            raise RuntimeError(f"Somebody stopped asking: {self.problems[-5:]}")
        self._let_arrive()
        self._next_round()
        return was_hit

    def _look(self, kind: str) -> None:
        there = len(self.traffic.kept)
        found = [*self.judge_.lost(self.traffic.kept[self.checked : there]), *self.judge_.half()]
        self._tell(f"{one} (after: {kind})" for one in found + self.traffic.faults)
        self.traffic.faults.clear()
        self.checked = there

    def _tell(self, problems: Iterable[str]) -> None:
        for one in problems:
            self.problems.append(one)
            say(one[:500])

    def _kill_request(self, kind: str, chance: random.Random) -> bool:
        """Kill what serves people while an act is under way."""
        wait_for(lambda: self.processes.keep() and self.traffic.posts > 0)
        self.moments["request"].wait(chance)
        web = self.processes.web()
        if not (self.traffic.posts and web):
            return False
        broken, killed_at = self.traffic.broken, time.perf_counter()
        server = self.processes.server
        assert server is not None
        if kind == "a web process":
            kill([chance.choice(web)])
        elif kind == "the server's first process":
            kill([server.pid])
            server.wait()
        elif kind == "the database":
            kill_postgres(self.folder / "postgres")
            start_postgres(self.folder / "postgres").start()
            self._reconnect()
        else:
            self.processes.end(server)
            if kind == "server and worker":
                self.processes.end(self.processes.worker)
        self.processes.serve()
        self.pages_s.append(time.perf_counter() - killed_at)
        if wait_for(lambda: self.processes.keep() and self.traffic.act_began > killed_at) >= READY_MAX_S:
            self._tell([f"no act succeeds in {READY_MAX_S:.0f} s (after: {kind})"])
        self.acts_s.append(time.perf_counter() - killed_at)
        if kind == "server and worker":
            self._start_worker(MONEY_CHORES)
        was_hit = self.traffic.broken > broken or kind == "the database"
        self.moments["request"].learn(was_hit=was_hit)
        return was_hit

    def _kill_worker(self, chance: random.Random) -> bool:
        """Kill the worker while it does a chore."""
        name = chance.choice(MONEY_CHORES)
        moment = self.moments[name]
        self._start_worker([name])
        wait_for(lambda: bool(self._taken([name])))
        moment.wait(chance)
        self.processes.end(self.processes.worker)
        was_hit = bool(self._taken([name]) and Chore.objects.get(pk=name).problem == UNDER_WAY)
        moment.learn(was_hit=was_hit)
        killed_at = time.perf_counter()
        self._start_worker(MONEY_CHORES)
        wait_for(lambda: bool(self._taken(MONEY_CHORES)))
        self.workers_s.append(time.perf_counter() - killed_at)
        return was_hit

    def _kill_closing(self, chance: random.Random) -> bool:
        """Kill the command that closes a round."""
        slug = f"round-{self.rounds}"
        before = Verification.objects.count()
        words = ["round", "close", *([slug] if chance.random() < 0.5 else [])]
        process = self.processes.command = self.processes.begin(*words)
        wait_for(lambda: process.poll() is not None or Verification.objects.count() > before)
        self.moments["closing"].wait(chance)
        was_hit = process.poll() is None
        self.processes.end(process)
        was_hit = was_hit and process.returncode == -signal.SIGKILL
        self.moments["closing"].learn(was_hit=was_hit)
        if was_hit:
            self.rounds_left[Round.objects.get(slug=slug).state] += 1
        if process.returncode == 0:
            self.traffic.keep("closed", slug)
        elif not was_hit:
            self._tell([f"{' '.join(words)} ended with {process.returncode}"])
        return was_hit

    # Around it

    def _start_worker(self, due: Iterable[str]) -> None:
        """A worker that finds these chores due: it looks once a minute, and at its start."""
        self.processes.end(self.processes.worker)
        Chore.objects.filter(name__in=MONEY_CHORES).update(taken_at=timezone.now() + timedelta(days=1))
        for name in due:
            Chore.objects.update_or_create(pk=name, defaults={"taken_at": LONG_AGO, "problem": UNDER_WAY})
        Notification.objects.filter(state="waiting").update(next_at=timezone.now())
        self.processes.worker = self.processes.begin("worker")

    def _taken(self, names: Iterable[str]) -> list[str]:
        return list(Chore.objects.filter(name__in=names).exclude(taken_at=LONG_AGO).values_list("pk", flat=True))

    def _reconnect(self) -> None:
        def is_there() -> bool:
            connections.close_all()
            try:
                return Chore.objects.count() >= 0
            except OperationalError:
                return False

        wait_for(is_there)

    def _next_round(self) -> None:
        """There is always a round to close."""
        slug = f"round-{self.rounds}"
        if self.rounds == 0 or Round.objects.get(slug=slug).state == Round.State.PUBLISHED:
            if self.rounds:
                self.traffic.keep("closed", slug)
            self.rounds += 1
            site.round_over(self.cast, self.rounds, timezone.now())

    def _let_arrive(self) -> None:
        """What providers paid out comes to the bank once we know of it."""
        posted = set(Settlement.objects.filter(posted_at__isnull=False).values_list("provider", "object_id"))
        for one in [one for one in self.house.arriving if one[:2] in posted]:
            self.house.arriving.remove(one)
            self.bank.deposit(one[2], one[1], one[0])

    def verify(self) -> None:
        """Every rule of the books, by the command that everybody has."""
        done = self.processes.ask("verify", "ledger", "--json")
        if done.returncode:
            self._tell([f"verify ledger: {done.stdout[-600:]}"])

    # The end

    def settle(self) -> None:
        """No more kills: everything goes its way until nothing waits any more."""
        self.traffic.stop.set()
        for mill in self.mills:
            mill.join(timeout=120)
        self.traffic.stop.clear()
        self.processes.serve()
        self.processes.end(self.processes.worker)
        # A report that was on its way to us when all was stopped may be about any file.
        self.treasurer.unreported = [row[0] for row in self.bank.rows("SELECT DISTINCT msg FROM rejected")]
        for number in range(SETTLED_AFTER_MAX):
            for name, (simulation, _books) in self.providers.items():
                simulation.admin("plan", tick_s=0)
                simulation.admin("clock", minutes=1)
                if number == 1:
                    self.notifier.pay_out(name)
            self.notifier.turn()
            Notification.objects.filter(state="waiting").update(next_at=timezone.now())
            for chore in (tasks.follow_payments, tasks.sweep_payments, tasks.close_rounds, tasks.keep_log):
                chore()
            self._let_arrive()
            self._hand_over_all()
            self.treasurer.turn()
            if number > 1 and self._is_at_rest():
                break
        self._look("all")
        self._tell(self.judge_.lost(self.traffic.kept))

    def _hand_over_all(self) -> None:
        """Files of which no answer came stand on the site: whoever finds one hands it over. The bank says all again."""
        known = {row[0] for row in self.bank.rows("SELECT msg FROM files")}
        waiting = [one for one in PayoutBatch.objects.values_list("ident", flat=True) if one not in known]
        self.treasurer.unsent = [self.treasurer.tom.get(f"{AT}/payouts/files/{one}.xml").body for one in waiting]
        path = self.folder / "all.xml"
        self.bank.ask(
            "statement", (self.bank.day - timedelta(days=20)).isoformat(), self.bank.day.isoformat(), str(path)
        )
        self.treasurer.tom.hand_in(f"{AT}/bank/import/", "all.xml", path.read_bytes())

    def _is_at_rest(self) -> bool:
        return not (
            Notification.objects.filter(state="waiting").exists()
            or Settlement.objects.filter(posted_at=None).exists()
            or self.house.arriving
            or any(balance(account) for account in self.ibans)
            or payout_queries.payouts(State.PROPOSED, State.APPROVED, State.RESERVED, *payout_queries.AT_BANK).exists()
        )

    def judge(self) -> None:
        """Against the books of providers and bank."""
        self._tell(self.judge_.whole(self.ibans))
        self.told = self.judge_.told()

    def start_plainly(self) -> None:
        """A start of the server that no kill went before."""
        server = self.processes.server
        assert server is not None
        server.terminate()
        server.wait(timeout=30)
        self.plain_s.append(self.processes.serve())

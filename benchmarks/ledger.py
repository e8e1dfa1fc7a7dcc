"""The ledger's speed: durable entries, one transaction each, on SQLite and from sixteen clients on PostgreSQL.

Run: `python benchmarks/ledger.py [--db postgres] [--smoke] [--seconds N] [--hordak PYTHON] [--pgledger FILE]`. Every entry is
committed to disk before the next one (SQLite: synchronous=FULL; PostgreSQL: fsync and synchronous_commit on), written
through `actions.books.record` and held to every rule; each client is a process. Controls of the same run: bare
statements that write as many rows and check nothing; `--hordak` names a Python that has django-hordak, `--pgledger` the
SQL file of pgledger. At the end all entries are verified.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from peers.ledger_peers import bare, pgledger  # noqa: E402

from communs.testing.bench import Line, report, set_up  # noqa: E402

CLIENTS = 16
BAR_SQLITE, BAR_POSTGRESQL, BAR_HOT, BAR_MS = 300, 1_500, 1_500, 5.0
FUNDS, COMMONS, HOT = 20, 200, 10
ASKED = 2_000
NOW, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), date(2026, 3, 1)
Work = Callable[[int], Iterator[Callable[[], object]]]


def opened() -> None:
    """A period, funds that have something, accounts."""
    from communs.apps.foundation.actions import books as actions
    from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature

    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    for number in range(FUNDS):
        bound = Fund(f"fund-{number}", Nature.RESTRICTED, f"Fund {number}", convention=f"2026-{number}")
        actions.open_fund(bound, now=NOW)
    kinds = [("main", AccountKind.BANK), ("gifts", AccountKind.INCOME), ("grants", AccountKind.GRANTS)]
    kinds += [(f"commons-{number}", AccountKind.COMMONS) for number in range(COMMONS)]
    kinds += [(f"hot-{number}", AccountKind.CLEARING) for number in range(HOT)]
    for name, kind in kinds:
        actions.open_account(Account(name, kind, "EUR"), now=NOW)
    for number in range(FUNDS):
        lines = [("main", f"fund-{number}", 10**12, "EUR"), ("gifts", f"fund-{number}", -(10**12), "EUR")]
        actions.record(actions.entry(f"begin:{number}", EntryKind.PAY_IN, lines, on=DAY, now=NOW))


def gifts(client: int) -> Iterator[Callable[[], object]]:
    """Gifts to twenty funds."""
    for number in _forever():
        fund = f"fund-{(number + client) % FUNDS}"
        yield _entry(f"gift:{client}:{number}", "pay-in", ("main", fund, 500), ("gifts", fund, -500))


def mixed(client: int) -> Iterator[Callable[[], object]]:
    """Gifts, grants and payouts of twenty funds: two thirds of them lower something that has a floor."""
    for number in _forever():
        at = number + client * 7
        fund, commons = f"fund-{at % FUNDS}", f"commons-{at % COMMONS}"
        yield _entry(f"in:{client}:{number}", "pay-in", ("main", fund, 500), ("gifts", fund, -500))
        yield _entry(f"grant:{client}:{number}", "grant", ("grants", fund, 300), (commons, fund, -300))
        yield _entry(f"out:{client}:{number}", "payout", (commons, fund, 300), ("main", fund, -300))


def hot(client: int) -> Iterator[Callable[[], object]]:
    """From one of ten accounts to another, in one fund, both ways."""
    chance = random.Random(client)  # noqa: S311 - repeatable on purpose
    for number in _forever():
        one, other = chance.sample(range(HOT), 2)
        yield _entry(f"hot:{client}:{number}", "settlement", (f"hot-{one}", "fund-0", 5), (f"hot-{other}", "fund-0", -5))


def one_fund(client: int) -> Iterator[Callable[[], object]]:
    """Grants out of one fund: each has to know what the one before has left."""
    for number in _forever():
        lines = (("grants", "fund-0", 3), (f"commons-{client}", "fund-0", -3))
        yield _entry(f"one:{client}:{number}", "grant", *lines)


def _forever() -> Iterator[int]:
    start = time.time_ns()
    while True:
        yield start
        start += 1


def _entry(key: str, kind: str, *lines: tuple[str, str, int]) -> Callable[[], object]:
    from communs.apps.foundation.actions import books as actions
    from communs.core.ledger import EntryKind

    postings = [(account, fund, minor, "EUR") for account, fund, minor in lines]
    return lambda: actions.record(actions.entry(key, EntryKind(kind), postings, on=DAY, now=NOW))


def crowd(work: Work, clients: int, seconds: float) -> float:
    """Entries a second that clients got an answer for, each a process that goes on with its own work."""
    from django.db import connections

    connections.close_all()
    context = get_context("fork")
    ready, answers = context.Barrier(clients + 1), context.SimpleQueue()

    def run(client: int) -> None:
        steps, count = work(client), 0
        next(steps)()  # connected
        ready.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            next(steps)()
            count += 1
        answers.put(count)

    processes = [context.Process(target=run, args=(client,)) for client in range(clients)]
    for process in processes:
        process.start()
    ready.wait()
    start = time.perf_counter()
    counts = [answers.get() for _ in processes]
    taken = time.perf_counter() - start
    for process in processes:
        process.join()
    return sum(counts) / taken


def balance_p99_ms() -> float:
    """Of two thousand questions for the balance of one account in one fund."""
    from communs.apps.foundation.queries import books

    chance, times = random.Random(2026), []  # noqa: S311 - repeatable on purpose
    for _ in range(ASKED):
        account = chance.choice(("main", "gifts", "grants", f"commons-{chance.randrange(COMMONS)}"))
        start = time.perf_counter()
        books.account_balance(account, f"fund-{chance.randrange(FUNDS)}")
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[int(ASKED * 0.99)]


if __name__ == "__main__":
    import sys
    set_up(sys.argv[1])
    opened()
    for w in (gifts, hot, mixed, one_fund):
        n = 1 if sys.argv[1] == "sqlite" else 16
        print(w.__name__, n, crowd(w, n, float(sys.argv[2])), os.getloadavg(), flush=True)
    from communs.apps.foundation.queries.books import verify_books
    print(list(verify_books())[:5])

"""The ledger's speed: durable entries, one transaction each, on SQLite and from sixteen clients on PostgreSQL.

Run: `python benchmarks/ledger.py [--db postgres] [--smoke] [--hordak PYTHON] [--pgledger FILE]`. Every entry is
committed to disk before the next one (SQLite: synchronous=FULL; PostgreSQL: fsync and synchronous_commit on), written through `actions.books.record` and held to every rule; each client is a process. Controls of the same run: bare
statements that write as many rows and check nothing; `--hordak` names a Python that has django-hordak, `--pgledger` the
SQL file of pgledger. At the end all entries are verified.
"""  # noqa: E501

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks" / "peers")]

from ledger_peers import bare, bare_file, hordak, pgledger  # noqa: E402

from communs.testing.bench import Line, report, set_up  # noqa: E402

CLIENTS, WARM = 16, 10
BAR_SQLITE, BAR_POSTGRESQL, BAR_HOT, BAR_MS = 300, 1_500, 1_500, 5.0
FUNDS, COMMONS, HOT = 20, 200, 10
ASKED = 2_000
LEGS = 2_000
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


# Clearing accounts: what providers hold has no floor. Grants out of one fund are the figure of what has one.
def hot(client: int) -> Iterator[Callable[[], object]]:
    """From one of ten accounts to another, in one fund, both ways."""
    chance = random.Random(client)  # noqa: S311 - repeatable on purpose
    for number in _forever():
        one, other = chance.sample(range(HOT), 2)
        yield _entry(
            f"hot:{client}:{number}", "settlement", (f"hot-{one}", "fund-0", 5), (f"hot-{other}", "fund-0", -5)
        )


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


class Server:
    """PostgreSQL's processes; on SQLite there are none."""

    def __init__(self, folder: Path) -> None:
        file = folder / "postgres" / "postmaster.pid"
        self.first = int(file.read_text().split()[0]) if file.exists() else None

    def taken_s(self) -> float:
        """Seconds of a processor that they have taken so far."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat") if self.first else ():
            try:
                said = path.read_text().rsplit(")", 1)[1].split()
            except OSError:  # It has ended meanwhile.
                continue
            if self.first in (int(path.parent.name), int(said[1])):
                ticks += sum(map(int, said[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def crowd(work: Work, clients: int, seconds: float, server: Server) -> tuple[float, float, float]:
    """Entries a second that clients got an answer for, each a process that goes on with its own work.

    Then the milliseconds of a processor that one entry takes in a client, and in the server: they say more than the
    clock where others work too. Each client has recorded a few before, so that nobody measures how they begin.
    """
    from django.db import connections

    connections.close_all()
    context = get_context("fork")
    ready, answers = context.Barrier(clients + 1), context.SimpleQueue()

    def run(client: int) -> None:
        steps, count = work(client), 0
        for _ in range(WARM):
            next(steps)()
        ready.wait()
        begun, end = time.process_time(), time.perf_counter() + seconds
        while time.perf_counter() < end:
            next(steps)()
            count += 1
        answers.put((count, time.process_time() - begun))
        ready.wait()  # The server's part in it is still there to be read.

    processes = [context.Process(target=run, args=(client,)) for client in range(clients)]
    for process in processes:
        process.start()
    ready.wait()
    start, server_s = time.perf_counter(), server.taken_s()
    counts, clients_s = (sum(one) for one in zip(*(answers.get() for _ in processes), strict=True))
    taken, server_s = time.perf_counter() - start, server.taken_s() - server_s
    ready.wait()
    for process in processes:
        process.join()
    return counts / taken, clients_s * 1000 / counts, server_s * 1000 / counts


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


def filled(first: int, postings: int) -> None:
    """Grants of two thousand postings each."""
    from communs.apps.foundation.actions import books as actions
    from communs.core.ledger import EntryKind

    for number in range(first, first + postings // LEGS):
        fund = f"fund-{number % FUNDS}"
        pairs = [
            (("grants", fund, 3, "EUR"), (f"commons-{leg % COMMONS}", fund, -3, "EUR")) for leg in range(LEGS // 2)
        ]
        lines = [line for pair in pairs for line in pair]
        actions.record(actions.entry(f"fill:{number}", EntryKind.GRANT, lines, on=DAY, now=NOW))


def balances(postings: int) -> list[Line]:
    """How long one balance takes with a tenth of the postings, and with all of them."""
    tenth = postings // 10
    filled(0, tenth)
    few_ms = balance_p99_ms()
    filled(tenth, postings - tenth)
    many_ms = balance_p99_ms()
    return [
        Line(f"balance, p99, with {tenth:,} postings", f"{few_ms:.2f} ms", "", None),
        Line(f"balance, p99, with {postings:,} postings", f"{many_ms:.2f} ms", f"≤ {BAR_MS:.0f} ms", many_ms <= BAR_MS),
    ]


def timed(what: str, work: Work, clients: int, asked: argparse.Namespace, server: Server, bar: int = 0) -> Line:
    """One figure, with the time of processors that an entry takes."""
    rate, client_ms, server_ms = crowd(work, clients, asked.seconds, server)
    told = f"{rate:,.0f}/s; {client_ms:.2f} + {server_ms:.2f} ms of a processor each; load {os.getloadavg()[0]:.0f}"
    return Line(what, told, f"≥ {bar:,}/s" if bar else "", rate >= bar if bar else None)


def on_sqlite(asked: argparse.Namespace, folder: Path) -> list[Line]:
    """One process, as SQLite lets one write at a time; four that wait for each other."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        durable = {1: "NORMAL", 2: "FULL"}.get(cursor.fetchone()[0], "?")
    alone = Server(folder)
    return [
        Line("synchronous", durable, "FULL", durable == "FULL"),
        timed(
            "control: one row a transaction in a bare file",
            lambda _client: bare_file(folder / "bare.sqlite"),
            1,
            asked,
            alone,
        ),
        timed("gifts, one client", gifts, 1, asked, alone, BAR_SQLITE),
        timed("gifts, grants and payouts, one client", mixed, 1, asked, alone),
        timed("control again", lambda _client: bare_file(folder / "bare-again.sqlite"), 1, asked, alone),
        timed("gifts, grants and payouts, four clients", mixed, 4, asked, alone),
    ]


def on_postgresql(asked: argparse.Namespace, folder: Path) -> list[Line]:
    """Sixteen clients at once, and the peers that were named."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        durable = "/".join(cursor.fetchone())
    address, together = os.environ["DATABASE_URL"], Server(folder)
    clients = f"{CLIENTS} clients"
    lines = [
        Line("fsync and synchronous_commit", durable, "on/on", durable == "on/on"),
        timed(f"control: bare statements, {clients}", bare(address), CLIENTS, asked, together),
        timed(f"gifts to {FUNDS} funds, {clients}", gifts, CLIENTS, asked, together, BAR_POSTGRESQL),
        timed(f"gifts, grants, payouts of {FUNDS} funds, {clients}", mixed, CLIENTS, asked, together),
        timed(f"{HOT} hot accounts, {clients}", hot, CLIENTS, asked, together, BAR_HOT),
        timed(f"grants out of one fund, one after the other, {clients}", one_fund, CLIENTS, asked, together),
    ]
    if asked.pgledger:
        work = pgledger(address, Path(asked.pgledger))
        lines.append(timed(f"pgledger, {HOT} hot accounts, {clients}", work, CLIENTS, asked, together))
    if asked.hordak:
        rate = hordak(address, asked.hordak, CLIENTS, asked.seconds)
        lines.append(
            Line(
                f"django-hordak, {HOT} hot accounts, {clients}",
                f"{rate:,.0f}/s; load {os.getloadavg()[0]:.0f}",
                "",
                None,
            )
        )
    return lines


def main() -> int:
    """Print the figures; 1 where the books are not sound afterwards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each figure")
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--hordak", default="", help="a Python that has django-hordak and psycopg")
    parser.add_argument("--pgledger", default="", help="the SQL file of pgledger")
    asked = parser.parse_args()
    if asked.smoke:
        asked.seconds, asked.postings = 0.5, 20 * LEGS
    folder = set_up(asked.db)
    opened()
    lines = (on_sqlite if asked.db == "sqlite" else on_postgresql)(asked, folder)
    lines += balances(asked.postings)
    from communs.apps.foundation.queries.books import verify_books

    wrong = [problem.render() for problem in verify_books()]
    lines.append(Line("what is wrong in the books afterwards", f"{len(wrong)}", "0", not wrong))
    report(f"The ledger, {asked.db}", lines, smoke=asked.smoke)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Processes that record are killed at random moments (SIGKILL): what was answered stays, the rest is whole or absent.

Run: `python benchmarks/kill.py [--db postgres] [--points N] [--smoke]`. Each point: a process records gifts, grants,
payouts and batches of them, and writes a line to a pipe as each is answered; at a random moment it is killed (on
PostgreSQL every fifth time the whole server is, with all its processes). Then, in a new process: the time until the
first entry is recorded again (the server's start included), every answered entry is there, a batch is there as a whole
or not at all, nothing is unsealed, asking again under the same keys makes nothing twice, and at the end
all invariants hold over all entries. A killed process is not a power cut: what the system has not yet written to disk
survives it.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.testing.bench import Line, report, set_up  # noqa: E402
from communs.testing.kills import kill_postgres  # noqa: E402
from communs.testing.postgres import start_postgres  # noqa: E402

POINTS, POINTS_SMOKE = 1_000, 20
VERIFIED_EACH = 50
SERVER_EACH = 5
LIVES_MS = (1, 400)
BAR_S = 5.0
BATCH = 4
NOW, DAY = datetime(2026, 3, 1, 12, tzinfo=UTC), date(2026, 3, 1)


def opened() -> None:
    """A fund with money, a commons to pay."""
    from communs.apps.foundation.actions import books as actions
    from communs.core.ledger import Account, AccountKind, Fund, Nature

    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=NOW)
    for name, kind in (
        ("bank", AccountKind.BANK),
        ("income", AccountKind.INCOME),
        ("grants", AccountKind.GRANTS),
        ("maps", AccountKind.COMMONS),
    ):
        actions.open_account(Account(name, kind, "EUR"), now=NOW)


def as_advised() -> None:
    """As docs/howto/run-a-site.md advises, and what setting up has written is on the disk: that is not measured."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'")
        cursor.execute("CHECKPOINT")


def step(life: int, number: int) -> list[Any]:
    """The entries of one request: a gift, a grant out of it, its payout, or all of them in one batch."""
    from communs.apps.foundation.actions import books as actions
    from communs.core.ledger import EntryKind

    kinds = (
        (EntryKind.PAY_IN, "bank", "income", 9),
        (EntryKind.GRANT, "grants", "maps", 5),
        (EntryKind.PAYOUT, "maps", "bank", 5),
    )
    which = kinds if number % BATCH == 3 else (kinds[number % BATCH],)
    return [
        actions.entry(
            f"{life}:{number}:{kind}", kind, [(debit, "city", minor, "EUR"), (credit, "city", -minor, "EUR")],
            on=DAY, now=NOW,
        )
        for kind, debit, credit, minor in which
    ]  # fmt: skip


def live(life: int, answers: int) -> None:
    """Record without end; say after each request that it was answered."""
    from communs.apps.foundation.actions import books as actions

    number = 0
    while True:
        actions.record_all(step(life, number))
        os.write(answers, b"%d\n" % number)
        number += 1


def killed(life: int, chance: random.Random, folder: Path | None) -> int:
    """One process from its first request to its sudden end: how many requests were answered.

    `folder`: of the server, which is killed first; the process that records may then end by itself.
    """
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            live(life, writing)
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], 60)  # The first answer, so that it is killed at work and not at its start.
    time.sleep(chance.randint(*LIVES_MS) / 1000)
    if folder is not None:
        kill_postgres(folder / "postgres")
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if folder is None and not os.WIFSIGNALED(status):
        raise RuntimeError("The process that records failed by itself; its reason is above.")
    with os.fdopen(reading, "rb") as said:
        return len(said.read().split())


def problems_after(life: int, answered: int) -> list[str]:
    """What is lost, half there, or done twice after one life. The request after the last answer may be there or not."""
    from communs.apps.foundation.actions import books as actions
    from communs.apps.foundation.models import Entry

    found = []
    there = set(Entry.objects.filter(key__startswith=f"{life}:", sealed=True).values_list("key", flat=True))
    wanted = [{entry.key for entry in step(life, number)} for number in range(answered + 2)]
    found += [f"lost: {life}:{number}" for number, keys in enumerate(wanted[:answered]) if not keys <= there]
    if wanted[answered] & there and not wanted[answered] <= there:
        found.append(f"half there: {life}:{answered}")
    found += [f"from nowhere: {key}" for key in there - set().union(*wanted[: answered + 1])]
    if Entry.objects.filter(sealed=False).exists():
        found.append(f"unsealed: after {life}")
    for number in range(max(0, answered - BATCH), answered + 1):  # As somebody does whose page never answered.
        again = actions.record_all(step(life, number))
        if number < answered and not all(one.again for one in again):
            found.append(f"twice: {life}:{number}")
    return found


def wait_until_ready(life: int) -> None:
    """Record an entry as soon as the database lets us. Raises `OperationalError` after a minute."""
    from django.db import OperationalError, connections

    from communs.apps.foundation.actions import books as actions

    end = time.perf_counter() + 60
    while True:
        try:
            actions.record(step(-life, 0)[0])
        except OperationalError:
            if time.perf_counter() > end:
                raise
            connections.close_all()
            time.sleep(0.02)
        else:
            return


def one_point(life: int, chance: random.Random, folder: Path | None) -> tuple[list[str], int, float]:
    """What was wrong, how many requests were answered, seconds until ready. `folder`: the server is killed too."""
    answered = killed(life, chance, folder)
    start = time.perf_counter()
    if folder is not None:
        start_postgres(folder / "postgres").start()
    wait_until_ready(life)
    ready_s = time.perf_counter() - start
    return problems_after(life, answered), answered, ready_s


def points(count: int, database: str, folder: Path) -> tuple[list[str], list[int], list[float]]:
    """All points; everything is verified now and then, and at the end."""
    from communs.apps.foundation.queries.books import verify_books

    chance = random.Random(2026)  # noqa: S311 - repeatable on purpose
    found, answers, times = list[str](), list[int](), list[float]()
    for life in range(1, count + 1):
        is_server = database == "postgres" and life % SERVER_EACH == 0
        wrong, answered, seconds = one_point(life, chance, folder if is_server else None)
        found += wrong
        answers.append(answered)
        times.append(seconds)
        if life % VERIFIED_EACH == 0 or life == count:
            found += [problem.render() for problem in verify_books()]
            print(f"{life} points, {sum(answers):,} answered, {len(found)} problems", file=sys.stderr, flush=True)
    return found, answers, times


def main() -> int:
    """Print the figures; 1 where anything was lost, half there or done twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    asked = parser.parse_args()
    count = POINTS_SMOKE if asked.smoke else asked.points
    folder = set_up(asked.db)
    opened()
    if asked.db == "postgres":
        as_advised()
    found, answers, times = points(count, asked.db, folder)
    for one in found[:20]:
        print(one, file=sys.stderr)
    load = f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
    whole = f", {count // SERVER_EACH} of them the whole server" if asked.db == "postgres" else ""
    report(f"Killed while recording, {asked.db}", [
        Line(f"points{whole}", f"{count:,}; {load}", "", None),
        Line("requests answered before", f"{sum(answers):,}", "", None),
        Line("lost, half there, twice, or an invariant broken", f"{len(found)}", "0", not found),
        Line("ready again, worst", f"{max(times):.2f} s", f"≤ {BAR_S:.0f} s", max(times) <= BAR_S),
    ], smoke=asked.smoke)  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())

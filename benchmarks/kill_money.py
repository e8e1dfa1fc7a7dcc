"""Server, worker, commands and database are killed (SIGKILL) while money comes in, is shared out and is paid out.

Run: `python benchmarks/kill_money.py [--db postgres] [--points N] [--minutes N] [--smoke]`. A real site (`communs
serve`, `worker`, `round close`), payment providers and a bank as processes of their own, and three mills over HTTP
(`kill_mills`). A point counts only where something was under way and was broken off: a request that got no
answer, a chore or a command that had begun its work and had not ended it. Nine of ten workers and commands are forked
from a process that has loaded the code. After every point all that was answered is there and nothing is half written;
now and then, and at the end, every rule of the books holds; at the end the books of providers and bank, which are their
own, say what ours say: everything paid is booked once, everything owed was paid once. The data lie where TMPDIR says. A
killed process is not a power cut: what the system has not yet written to disk survives it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.testing.bench import Line, report, set_up  # noqa: E402
from communs.testing.payments import CONTRACT, KEY, simulating  # noqa: E402

POINTS, POINTS_SMOKE = 1_000, 10
COMMONS, VOTERS, COMMONS_SMOKE, VOTERS_SMOKE = 50, 500, 8, 20
VERIFIED_EACH, TOLD_EACH, MINUTES = 50, 10, 120.0
PLAIN_STARTS = 3
BAR_S = 5.0
SHARES = {"a web process": 20, "the server": 6, "the server's first process": 2, "server and worker": 2,
          "the worker": 35, "closing a round": 35}  # fmt: skip
DATABASE_SHARE = 15  # besides, on PostgreSQL


def simulated(stack: ExitStack, folder: Path) -> dict[str, Any]:
    """The providers that can be played here (HelloAsso's contract is not in the repository)."""
    wanted: dict[str, tuple[str | Path, ...]] = {"stripe": (KEY,)}
    if CONTRACT.is_file():
        wanted["helloasso"] = (CONTRACT, KEY)
    found = {}
    for name, more in wanted.items():
        books = folder / f"{name}.sqlite3"
        found[name] = (stack.enter_context(simulating(name, books, *more)), books)
    return found


def settings_for(providers: dict[str, Any]) -> dict[str, str]:
    """What the site is told of them."""
    said = {
        "COMMUNS_PROVIDER_HOSTS": "127.0.0.1", "COMMUNS_ALLOW_PRIVATE": "1",
        "COMMUNS_STRIPE_SECRET_KEY": "sk_of_the_test", "COMMUNS_STRIPE_WEBHOOK_SECRET": KEY,
        "COMMUNS_STRIPE_URL": providers["stripe"][0].url,
    }  # fmt: skip
    if "helloasso" in providers:
        said |= {
            "COMMUNS_HELLOASSO_ORGANISATION": "association-pour-les-communs",
            "COMMUNS_HELLOASSO_CLIENT_ID": "client-of-the-test",
            "COMMUNS_HELLOASSO_CLIENT_SECRET": "secret-of-the-test", "COMMUNS_HELLOASSO_SIGNATURE_KEY": KEY,
            "COMMUNS_HELLOASSO_URL": providers["helloasso"][0].url,
        }  # fmt: skip
    return said


def all_points(killing: Any, wanted: int, kinds: dict[str, int], most_s: float) -> None:
    """Kill until so many points were hit, or the time is over."""
    chance = random.Random(2026)  # noqa: S311 - repeatable as far as processes are
    names, weights, first = list(kinds), list(kinds.values()), list(kinds)  # each kind at least once
    end = time.monotonic() + most_s
    while sum(killing.hits.values()) < wanted and time.monotonic() < end:
        if not killing.one(first.pop() if first else chance.choices(names, weights)[0], chance):
            continue
        done = sum(killing.hits.values())
        if done % VERIFIED_EACH == 0:
            killing.verify()
        if done % TOLD_EACH == 0:
            print(f"{done} points, {killing.traffic.answered:,} acts, {len(killing.problems)} problems",
                  file=sys.stderr, flush=True)  # fmt: skip


def main() -> int:
    """Print the figures; 1 where anything was lost, half there, done twice, or differs from what others say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no point begins after so many")
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    asked = parser.parse_args()
    count = POINTS_SMOKE if asked.smoke else asked.points
    size = (COMMONS_SMOKE, VOTERS_SMOKE) if asked.smoke else (COMMONS, VOTERS)
    kinds = SHARES | ({"the database": DATABASE_SHARE} if asked.db == "postgres" else {})
    with ExitStack() as stack:
        theirs = Path(stack.enter_context(TemporaryDirectory(prefix="communs-providers-")))
        providers = simulated(stack, theirs)
        os.environ.update(settings_for(providers))
        folder = set_up(asked.db, cache_seconds=300)
        from kill_mills.killing import Killing

        killing = stack.enter_context(Killing(folder, providers, size))
        all_points(killing, count, kinds, 60 * asked.minutes)
        killing.settle()
        killing.verify()
        killing.judge()
        for _time in range(0 if asked.smoke else PLAIN_STARTS):
            killing.start_plainly()
    load = f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
    points = ", ".join(f"{number} {name}" for name, number in killing.hits.items())
    pages, acts = (sorted(one) or [0.0] for one in (killing.pages_s, killing.acts_s))
    plain, workers = sorted(killing.plain_s), sorted(killing.workers_s) or [0.0]
    left = ", ".join(f"{number} {state}" for state, number in killing.rounds_left.items())
    report(f"Killed while money moves, {asked.db}", [
        Line(f"points ({points})", f"{sum(killing.hits.values()):,}; {load}", "", None),
        Line("rounds stood there, when the command that closes them was killed, as", left, "", None),
        Line("besides: killed when nothing was under way any more", f"{killing.missed:,}", "", None),
        Line("acts answered (forms, notifications, files of the bank)", f"{killing.traffic.answered:,}", "", None),
        Line(killing.told, f"{len(killing.problems)} problems", "0", not killing.problems),
        Line("the first page again: median, worst", f"{pages[len(pages) // 2]:.1f} s, {pages[-1]:.1f} s",
             f"≤ {BAR_S:.0f} s", pages[-1] <= BAR_S),
        Line("the next act succeeds: median, worst", f"{acts[len(acts) // 2]:.1f} s, {acts[-1]:.1f} s",
             f"≤ {BAR_S:.0f} s", acts[-1] <= BAR_S),
        Line("the worker does its next chore: median, worst",
             f"{workers[len(workers) // 2]:.1f} s, {workers[-1]:.1f} s", "", None),
        Line("control: a start that follows no kill: best, worst", f"{plain[0]:.1f} s, {plain[-1]:.1f} s", "", None),
    ], smoke=asked.smoke)  # fmt: skip
    return 1 if killing.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

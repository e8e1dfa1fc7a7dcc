"""Run the whole test suite on SQLite and on PostgreSQL, both at once where there are two processors or more.

Where both run whole, tests that are the same on both (of `core`, of the demonstration) run once, beside them. Without
DATABASE_URL a throw-away PostgreSQL server is started from the installed wheel. Further arguments go to pytest:
`communs test -k matching`. One database only: `communs test --db sqlite`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import IO

from communs.cli.house import ROOT, say
from communs.core.search import compile_vocabulary
from communs.web.messages import compile_messages

# What is the same on both databases: the core, the house's own rules, its texts and calls to providers know none, nor
# do commands over files; the demonstration is always on its own SQLite file.
ONCE = [
    "tests/core",
    "tests/architecture",
    "tests/docs",
    "tests/kit/providers",
    "tests/kit/test_fetch.py",
    "tests/kit/test_results.py",
    "tests/apps/foundation/test_keeping_demo.py",
    "tests/cli/test_demo.py",
    *(
        f"tests/cli/test_{verb}.py"
        for verb in (
            "allocate",
            "check",
            "compare",
            "cosign",
            "explain",
            "flow",
            "hostile_files",
            "ledger",
            "report",
            "verify",
            "verify_round",
        )
    ),
]
EACH = [f"--ignore={path}" for path in ONCE]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", choices=["sqlite", "postgres"], help="one database instead of both")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="...", help="arguments for pytest")


def run(options: argparse.Namespace) -> int:
    databases = [options.db] if options.db else ["sqlite", "postgres"]
    # Before the suites start: two of them must not write the same files.
    compile_messages()
    compile_vocabulary()
    at_once = len(databases) > 1 and (os.cpu_count() or 1) > 1
    results = _all_at_once(options.pytest) if at_once else {name: _run(name, options.pytest) for name in databases}
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        say(f"Failed on {' and '.join(failed)}.")
    return int(bool(failed))


def _run(database: str, arguments: list[str]) -> bool:
    say(f"── the suite on {database}")
    return _told(database, time.monotonic(), _start(database, arguments))


def _all_at_once(arguments: list[str]) -> dict[str, bool]:
    """SQLite before the reader's eyes; what the others say is kept and shown at the end."""
    beside = {"postgres": arguments} if arguments else {"postgres": EACH, "once": ONCE}
    with ExitStack() as stack:
        started = time.monotonic()
        kept = {name: stack.enter_context(tempfile.TemporaryFile()) for name in beside}
        processes = {name: _start(name, given, kept[name]) for name, given in beside.items()}
        try:
            results = {"sqlite": _run("sqlite", arguments or EACH)}
            for process in processes.values():
                process.wait()
        finally:
            for process in processes.values():
                process.kill()
        for name, process in processes.items():
            say(f"── the suite on {name}" if name != "once" else "── what is the same on both")
            kept[name].seek(0)
            sys.stdout.buffer.write(kept[name].read())
            sys.stdout.flush()
            results[name] = _told(name, started, process)
        return results


def _start(database: str, arguments: list[str], output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", f"--db={'sqlite' if database == 'once' else database}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)


def _told(database: str, started: float, process: subprocess.Popen[bytes]) -> bool:
    code = process.wait()
    say(f"── {database}: {time.monotonic() - started:.0f} s")
    return code == 0

"""Run the whole test suite on SQLite and on PostgreSQL, both at once where there are two processors or more.

Without DATABASE_URL a throw-away PostgreSQL server is started from the installed wheel. Further arguments go to
pytest: `communs test -k matching`. One database only: `communs test --db sqlite`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from typing import IO

from communs.cli.house import ROOT, say
from communs.web.messages import compile_messages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", choices=["sqlite", "postgres"], help="one database instead of both")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="...", help="arguments for pytest")


def run(options: argparse.Namespace) -> int:
    databases = [options.db] if options.db else ["sqlite", "postgres"]
    # Before the suites start: two of them must not write the same files.
    compile_messages()
    at_once = len(databases) > 1 and (os.cpu_count() or 1) > 1
    results = _both_at_once(options.pytest) if at_once else {name: _run(name, options.pytest) for name in databases}
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        say(f"Failed on {' and '.join(failed)}.")
    return int(bool(failed))


def _run(database: str, arguments: list[str]) -> bool:
    say(f"── the suite on {database}")
    return _told(database, time.monotonic(), _start(database, arguments))


def _both_at_once(arguments: list[str]) -> dict[str, bool]:
    """SQLite before the reader's eyes; what PostgreSQL says is kept and shown at the end."""
    with tempfile.TemporaryFile() as kept:
        started = time.monotonic()
        process = _start("postgres", arguments, kept)
        try:
            sqlite = _run("sqlite", arguments)
            process.wait()
        finally:
            process.kill()
        say("── the suite on postgres")
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
        return {"sqlite": sqlite, "postgres": _told("postgres", started, process)}


def _start(database: str, arguments: list[str], output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", f"--db={database}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)


def _told(database: str, started: float, process: subprocess.Popen[bytes]) -> bool:
    code = process.wait()
    say(f"── {database}: {time.monotonic() - started:.0f} s")
    return code == 0

"""Run the whole test suite on SQLite, then on PostgreSQL.

Without DATABASE_URL a throw-away PostgreSQL server is started from the installed wheel. Further arguments go to
pytest: `communs test -k matching`. One database only: `communs test --db sqlite`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from communs.cli.house import ROOT, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", choices=["sqlite", "postgres"], help="one database instead of both")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="...", help="arguments for pytest")


def run(options: argparse.Namespace) -> int:
    databases = [options.db] if options.db else ["sqlite", "postgres"]
    failed = []
    for database in databases:
        start = time.monotonic()
        say(f"── the suite on {database}")
        command = [sys.executable, "-m", "pytest", f"--db={database}", *options.pytest]
        if subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode:
            failed.append(database)
        say(f"── {database}: {time.monotonic() - start:.0f} s")
    if failed:
        say(f"Failed on {' and '.join(failed)}.")
    return int(bool(failed))

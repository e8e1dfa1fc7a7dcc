"""What the benchmark scripts share: a data folder and database of their own, and the report."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from communs.testing.postgres import start_postgres


def read_options(description: str) -> argparse.Namespace:
    """`--smoke` for a small quick run, `--db` for the database."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    return parser.parse_args()


def set_up(database: str, *, cache_seconds: int = 0) -> Path:
    """An empty site in a temporary data folder, on SQLite or a throw-away PostgreSQL; returns the folder."""
    folder = Path(tempfile.mkdtemp(prefix="communs-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["COMMUNS_DATA"] = str(folder / "data")
    os.environ["COMMUNS_CACHE_SECONDS"] = str(cache_seconds)
    os.environ.pop("DATABASE_URL", None)
    if database == "postgres":
        server = start_postgres(folder / "postgres")
        atexit.register(server.cleanup)
        os.environ["DATABASE_URL"] = server.get_uri()
    from communs.cli.house import bring_up_to_date
    from communs.cli.house import set_up as set_up_django

    set_up_django()
    bring_up_to_date()
    return folder


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what was measured, the bar, and whether it was reached (None: no bar in this run)."""

    what: str
    figure: str
    bar: str
    reached: bool | None


def report(title: str, lines: Sequence[Line], *, smoke: bool) -> None:
    """Print the figures as a table that can be pasted into benchmarks/README.md."""
    print(f"\n{title}{' (smoke: too small for the bars)' if smoke else ''}\n")
    print("| what | figure | bar | |")
    print("|---|---|---|---|")
    for line in lines:
        mark = "" if smoke or line.reached is None else "reached" if line.reached else "MISSED"
        print(f"| {line.what} | {line.figure} | {line.bar} | {mark} |")
    sys.stdout.flush()

"""Read commons, opportunities or dependencies from files into the site.

  communs import commons FILE…         records in the shape of seed/commons.jsonl
  communs import opportunities FILE…   records in the shape of seed/opportunities.jsonl
  communs import dependencies FILE…    edges in the shape of seed/dependencies.csv

Files are JSON Lines (one record a line), or JSON ending in .json. Ids are kept as public ids. A second run of the same
file writes nothing; a bad record is refused with its place and the remedy, and the others are taken.
Exit code 1 when a record was refused.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communs.cli.house import Failure, add_data_argument, bring_up_to_date, say, set_up

if TYPE_CHECKING:
    from communs.kit.records.importing import ImportReport

REFUSED_SHOWN_MAX = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("what", choices=["commons", "opportunities", "dependencies"])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON document with the figures")


def run(options: argparse.Namespace) -> int:
    paths = [Path(name) for name in options.files]
    for path in paths:
        if not path.is_file():
            raise Failure(f"{path} is not a file.")
    set_up()
    bring_up_to_date()
    reports = {str(path): import_file(options.what, path) for path in paths}
    if options.json:
        print(json.dumps({"files": {name: _figures(report) for name, report in reports.items()}}, ensure_ascii=False))
    for name, report in reports.items():
        _tell(name, report, to_stdout=not options.json)
    return int(any(report.refused for report in reports.values()))


def import_file(what: str, path: Path) -> ImportReport:
    """Import one file. Raises `Failure` when it cannot be read."""
    from django.utils import timezone

    from communs.apps.funding.importing import import_opportunities
    from communs.apps.register.importing import import_commons, import_dependencies
    from communs.kit.records.files import BadRecord, read_records

    try:
        if what == "dependencies":
            return import_dependencies(path)
        write = import_commons if what == "commons" else import_opportunities
        return write(read_records(path), now=timezone.now(), progress=_progress())
    except (OSError, UnicodeDecodeError, BadRecord) as error:
        raise Failure(f"{path} cannot be read: {error}") from error


def import_seed(folder: Path) -> None:
    """The files that a new site starts from, each only if this database has not read that very file."""
    from communs.kit.records.seen import is_read, mark_read

    for what, name in (
        ("commons", "commons.jsonl"),
        ("dependencies", "dependencies.csv"),
        ("opportunities", "opportunities.jsonl"),
    ):
        path = folder / name
        if not is_read(path):
            report = import_file(what, path)
            logging.getLogger("communs.import").info(
                "%s",
                name,
                extra={"new": report.new, "changed": report.changed, "refused": len(report.refused)},
            )
            mark_read(path)


def _progress() -> Callable[[int], None]:
    """A counter on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _count: None
    return lambda count: print(f"\r{count} records read", end="", file=sys.stderr, flush=True)


def _figures(report: ImportReport) -> dict[str, Any]:
    refused = [{"place": place, "problem": problem, "remedy": remedy} for place, problem, remedy in report.refused]
    return {"new": report.new, "changed": report.changed, "unchanged": report.unchanged, "refused": refused}


def _tell(name: str, report: ImportReport, *, to_stdout: bool) -> None:
    line = (
        f"{name}: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{len(report.refused)} refused"
    )
    print(line, file=sys.stdout if to_stdout else sys.stderr)
    for place, problem, remedy in report.refused[:REFUSED_SHOWN_MAX]:
        say(f"  {place}: {problem}. {remedy}.")
    if len(report.refused) > REFUSED_SHOWN_MAX:
        say(f"  … and {len(report.refused) - REFUSED_SHOWN_MAX} more (--json lists all)")

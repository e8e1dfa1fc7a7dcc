"""Read commons, opportunities, awards or dependencies from files, folders or addresses into the site.

  communs import commons FILE|FOLDER|URL…         record files, publiccode.yml, codemeta.json, funding.json, …
  communs import opportunities FILE|FOLDER|URL…   record files, and the feeds of those who publish calls
  communs import awards FILE|FOLDER|URL…          360Giving
  communs import dependencies FILE…               edges in the shape of seed/dependencies.csv

Record files are JSON Lines (one record a line) or JSON, in the shape of seed/commons.jsonl and
seed/opportunities.jsonl; their ids are kept as public ids. Every other format that `communs check` knows is recognised
by its contents. Of a folder those files are read that are of a known format and hold what was asked for.

Every import is a run of a source, which the site shows under /sources/. The source is named with --source; otherwise
it is called like the file. A second run of the same content writes nothing. A bad record is refused with its place and
the remedy, and the others are taken. What a list no longer holds is marked as no longer listed, never deleted; a list
that holds less than half of what it held before is not believed (--accept-fewer).
Exit code 1 when a record was refused or a run failed.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communs.cli.house import Failure, add_data_argument, bring_up_to_date, is_address, say, set_up
from communs.core.standards.formats import FORMATS

if TYPE_CHECKING:
    from communs.kit.records.importing import ImportReport

REFUSED_SHOWN_MAX = 20
SEED_LICENCE = "CC0-1.0"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("what", choices=["commons", "opportunities", "awards", "dependencies"])
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a file, a folder, or an address that starts with http"
    )
    parser.add_argument("--source", metavar="NAME", default="", help="who says so (default: the name of the file)")
    parser.add_argument(
        "--licence", metavar="LICENCE", default="", help="of the source's data, as the source states it"
    )
    parser.add_argument("--as", dest="format", choices=list(FORMATS), default="", help="the format, if it is known")
    parser.add_argument("--accept-fewer", action="store_true", help="believe a list that holds far less than before")
    parser.add_argument("--json", action="store_true", help="print one JSON document with the figures")


def run(options: argparse.Namespace) -> int:
    for name in options.files:
        path = Path(name)
        if not is_address(name) and not path.exists():
            raise Failure(f"{path} is not a file.")
        if options.what == "dependencies" and not path.is_file():
            raise Failure(f"{path} is not a file.")
    set_up()
    bring_up_to_date()
    from communs.cli.import_runs import import_all

    done = import_all(
        options.what,
        options.files,
        source=options.source,
        licence=options.licence,
        format_name=options.format,
        accepts_fewer=options.accept_fewer,
        progress=_progress(),
    )
    if options.json:
        print(json.dumps(_document(done), ensure_ascii=False))
    for name, report in done.items():
        _tell(name, report, to_stdout=not options.json)
    return int(any(report.refused or report.problem for report in done.values()))


def import_file(what: str, path: Path, licence: str = "") -> ImportReport:
    """Import one file, in a run of its own. Raises `Failure` when it cannot be read."""
    from communs.cli.import_runs import import_all

    return import_all(what, [str(path)], licence=licence, progress=_progress())[str(path)]


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
            report = import_file(what, path, SEED_LICENCE)
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


def _document(done: dict[str, ImportReport]) -> dict[str, Any]:
    """The figures by file, and what came of each run."""
    from communs.kit.models import Run

    ids = {report.run for report in done.values() if report.run is not None}
    runs = Run.objects.select_related("source").filter(pk__in=ids).order_by("pk")
    figures = ("new", "changed", "unchanged", "gone", "back", "refused", "contradictions", "problem")
    said = {
        str(one.pk): {
            "source": one.source.key,
            "licence": one.licence,
            "state": one.state,
            **{name: getattr(one, name) for name in figures},
        }
        for one in runs
    }
    return {"files": {name: _figures(report) for name, report in done.items()}, "runs": said}


def _figures(report: ImportReport) -> dict[str, Any]:
    refused = [{"place": place, "problem": problem, "remedy": remedy} for place, problem, remedy in report.refused]
    figures: dict[str, Any] = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    return {**figures, "refused": refused, "refused_total": report.refused.total, "run": report.run}


def _tell(name: str, report: ImportReport, *, to_stdout: bool) -> None:
    gone = f", {report.gone} no longer listed" if report.gone else ""
    line = (
        f"{name}: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.refused.total} refused{gone}"
    )
    print(line, file=sys.stdout if to_stdout else sys.stderr)
    if report.problem and not report.refused:
        say(f"  {report.problem}")
    if report.remarks:
        say(f"  {report.remarks} faults in what was taken: `communs check` tells them, with what to do.")
    if report.contradictions:
        say(f"  {report.contradictions} values contradict what people decided: see /sources/reviews/.")
    for place, problem, remedy in report.refused[:REFUSED_SHOWN_MAX]:
        say(f"  {place}: {problem}. {remedy}.")
    if report.refused.total > REFUSED_SHOWN_MAX:
        say(f"  … and {report.refused.total - REFUSED_SHOWN_MAX} more (--json lists them)")

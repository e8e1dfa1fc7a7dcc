"""Write the public accounts as files that others read.

  communs ledger export --format hledger -o books.journal      then: hledger -f books.journal check --strict
  communs ledger export --format beancount -o books.beancount  then: bean-check books.beancount
  communs ledger export --format ndjson -o books.jsonl         then: communs verify ledger books.jsonl
  communs ledger export --format csv --fund city --from 2026-01-01 --to 2026-12-31

What is personal (the memo of a gift, who recorded an entry) is left out, unless --private is given, which is for the
auditor and never for publication. Millions of postings take no more memory than ten.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up

FORMATS = ("hledger", "beancount", "csv", "ndjson")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION", help="what to do: export")
    export = kinds.add_parser("export", help="write entries to a file or to standard output")
    add_data_argument(export)
    export.add_argument("--format", choices=FORMATS, default="ndjson", help="default: ndjson")
    export.add_argument("-o", "--out", metavar="FILE", help="default: standard output")
    export.add_argument("--fund", metavar="FUND", default="", help="entries that touch this fund")
    export.add_argument("--kind", metavar="KIND", default="", help="entries of this kind: pay-in, grant, payout, …")
    export.add_argument("--from", dest="first_on", type=_day, metavar="DAY", help="from this day on: 2026-01-01")
    export.add_argument("--to", dest="last_on", type=_day, metavar="DAY", help="until this day")
    export.add_argument("--private", action="store_true", help="with what is personal; never to be published")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    _write(_lines(options), options.out)
    if options.out:
        say(f"{options.out} is written.")
    return 0


def _lines(options: argparse.Namespace) -> Iterator[str]:
    from communs.apps.foundation.exporting.entries import lines, written
    from communs.apps.foundation.queries import books, public

    asked = public.Asked(
        fund=options.fund, kind=options.kind, first_on=options.first_on, last_on=options.last_on
    )  # fmt: skip
    if options.private:
        return written(options.format, books.read_kept(public.kept(asked)))
    return lines(options.format, asked)


def _write(lines: Iterable[str], out: str | None) -> None:
    if not out:
        sys.stdout.writelines(lines)
        return
    path = Path(out)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        # Whole or not at all: a reader never finds half a file under the name.
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Failure(f"{out} cannot be written: {error.strerror or error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day: write it as 2026-01-31") from None

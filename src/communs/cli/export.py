"""Write what is public: everything for another site or a spreadsheet, or single commons in the formats of the field.

  communs export commons > commons.ndjson            every public commons with its sources: another site can import it
  communs export opportunities --as csv              one row a record, for spreadsheets
  communs export commons openstreetmap --as publiccode
  communs export commons --as codemeta --out FOLDER  a file for each commons that can be written so

--as: ndjson (the default), csv, and for commons publiccode, codemeta, funding-json and json-ld. With several commons a
format that holds only one is written into a folder, a file each. What a format demands and nobody has said yet is never
invented: such a commons is left out, and the message says what is missing.
Exit code 1 when something could not be written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up

LINES = ("ndjson", "csv")
FILES = ("publiccode", "codemeta", "funding-json", "json-ld")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("what", choices=["commons", "opportunities", "awards"])
    parser.add_argument("ids", nargs="*", metavar="ID", help="public ids (default: everything public)")
    parser.add_argument("--as", dest="format", choices=[*LINES, *FILES], default="ndjson", help="default: ndjson")
    words = "where a format demands what is not known, write a neutral value marked “to confirm”"
    parser.add_argument("--assume", action="store_true", help=words)
    parser.add_argument("--out", metavar="PATH", help="a file, or a folder for formats that hold one commons each")


def run(options: argparse.Namespace) -> int:
    if options.format in FILES and options.what != "commons":
        raise Failure(f"--as {options.format} is for commons: use ndjson or csv for {options.what}.")
    set_up()
    need_database()
    if options.format in LINES:
        _write(_lines(options.what, options.format, options.ids), options.out)
        return 0
    return _files(options.ids, options)


def _lines(what: str, form: str, ids: list[str]) -> Iterator[str]:
    from communs.web.data import FILES as DATA

    data = DATA[what]
    return data.lines(ids or None) if form == "ndjson" else data.rows(ids or None)


def _write(lines: Iterable[str], out: str | None) -> None:
    if not out:
        sys.stdout.writelines(lines)
        return
    path = Path(out)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        # Whole or not at all: a reader never finds half a file under the name.
        part.replace(path)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}") from error


def _files(ids: list[str], options: argparse.Namespace) -> int:
    from communs.apps.register.exporting import CannotExport, written_as
    from communs.apps.register.queries import public_commons

    form, out = options.format, options.out
    rows = public_commons().order_by("public_id")
    chosen = list(rows.filter(public_id__in=ids)) if ids else rows.iterator(chunk_size=500)
    if ids and (missing := set(ids) - {commons.public_id for commons in chosen}):
        raise Failure(f"No public commons is called {', '.join(sorted(missing))}.")
    if len(ids) != 1 and not out:
        raise Failure(f"--as {form} writes one commons a file: name a folder with --out.")
    done, left = 0, 0
    for commons in chosen:
        try:
            text = written_as(commons, form, assume=options.assume)
        except CannotExport as problem:
            left += 1
            say(f"{commons.public_id}: {problem}")
            continue
        done += 1
        _write([text], _target(commons, form, out, single=len(ids) == 1))
    if len(ids) != 1:
        say(f"{done} written, {left} left out.")
    return int(left > 0)


def _target(commons: Any, form: str, out: str | None, *, single: bool) -> str | None:
    """Where one commons goes: the file named, or `ID.publiccode.yml` in the folder."""
    if out is None:
        return None
    path = Path(out)
    if single and not path.is_dir():
        return out
    path.mkdir(parents=True, exist_ok=True)
    from communs.apps.register.exporting import FORMS

    return str(path / f"{commons.public_id}.{FORMS[form]}")

"""Write everything that the site knows into one file.

  communs backup communs-2026-08-01.tar.gz

The file holds every table as JSON Lines and a manifest with their SHA-256; it can be restored on SQLite and on
PostgreSQL alike, whichever it came from. Sessions, waiting tasks and caches are left out. It contains what people
entrusted to the site (addresses, password hashes): keep it as you keep the database. The site may run meanwhile.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from communs.cli.house import add_data_argument, need_database, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("file", metavar="FILE", help="the file to write, e.g. communs.tar.gz; it must not exist yet")
    parser.add_argument("--json", action="store_true", help="print the manifest as one JSON document")


def run(options: argparse.Namespace) -> int:
    from communs.cli.archive import write_archive

    set_up()
    need_database()
    path = Path(options.file)
    manifest = write_archive(path)
    if options.json:
        print(json.dumps(manifest, ensure_ascii=False))
    rows = sum(entry["rows"] for entry in manifest["tables"])
    say(f"{path}: {rows} rows of {len(manifest['tables'])} tables, {path.stat().st_size} bytes")
    return 0

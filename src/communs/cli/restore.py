"""Read a file written by `communs backup` into an empty site.

  communs restore communs-2026-08-01.tar.gz
  communs restore --replace communs-2026-08-01.tar.gz     in place of everything the site holds now

The whole file is checked against its manifest before anything is written, and all of it is written in one
transaction: a damaged file changes nothing. Stop the site before, start it again after; people sign in anew.
The file must come from the same version of the tables: otherwise install that version, restore, then update.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from communs.cli.house import Failure, add_data_argument, bring_up_to_date, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("file", metavar="FILE", help="a file written by communs backup")
    parser.add_argument(
        "--replace", action="store_true", help="delete what the site holds now, and put this in its place"
    )


def run(options: argparse.Namespace) -> int:
    from communs.cli.archive import load_archive, read_manifest, rows_in_the_way

    set_up()
    path = Path(options.file)
    manifest = read_manifest(path)
    bring_up_to_date()
    check_tables(manifest)
    in_the_way = rows_in_the_way()
    if in_the_way and not options.replace:
        raise Failure(
            f"This site is not empty ({', '.join(in_the_way[:4])} …): name another data folder, or use --replace."
        )
    load_archive(path, manifest)
    rows = sum(entry["rows"] for entry in manifest["tables"])
    made_at = manifest["made_at"][:16].replace("T", " ")
    say(f"{rows} rows of {made_at} UTC are in place. Start the site again if it was running.")
    return _books_are_sound()


def _books_are_sound() -> int:
    """Hold the books that were restored to every rule: a backup of books that lie is said to be one."""
    from itertools import islice

    from communs.apps.foundation.queries.books import verify_books

    problems = list(islice(verify_books(), 5))
    for problem in problems:
        say(problem.render())
    if problems:
        say("The books in this backup break their rules: communs verify ledger names everything. Use an earlier one.")
    return 1 if problems else 0


def check_tables(manifest: dict[str, Any]) -> None:
    """Raise `Failure` unless the file's tables are those of this version."""
    from communs.cli.archive import applied_migrations

    here, there = set(applied_migrations()), set(manifest["migrations"])
    if here == there:
        return
    version = manifest["version"]
    if there - here:
        raise Failure(f"The file comes from a newer communs ({version}): update this one first. Nothing was changed.")
    raise Failure(
        f"The file comes from an older communs: restore it with version {version}, then update. Nothing was changed."
    )

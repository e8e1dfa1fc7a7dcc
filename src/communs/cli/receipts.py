"""Issue the receipts of a year and write all that are in force as PDF.

Gifts given once have their receipt as soon as they arrive. Those that repeat have one for the whole year: issued here,
once, after its end. Safe to break off and to run again: what was issued is not issued twice, what was written is
written again with the same bytes.

examples:
  communs receipts --year 2026 --to receipts-2026      in French, the text of the law
  communs receipts --year 2026 --to out --language en
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up

EVERY = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--year", type=int, required=True, help="the year in which the gifts arrived")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the files are written")
    parser.add_argument("--language", choices=("fr", "en"), default="fr", help="fr is the text of the law")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    from django.conf import settings
    from django.utils import timezone

    now = timezone.now()
    if not settings.FOUNDATION.gives_receipts:
        raise Failure("This site gives no receipts: set COMMUNS_FOUNDATION_SIGNED_BY and what communs doctor asks for.")
    if not 2000 <= options.year <= now.year:
        raise Failure(f"There is no year {options.year} to receipt. Give one up to {now.year}.")
    if options.year == now.year:
        raise Failure(f"{options.year} is not over: what repeats is receipted for whole years.")
    issued, written = write_year(options.year, options.to, now, say, options.language)
    print(f"{issued} receipts issued, {written} written to {options.to}")
    return 0


def write_year(
    year: int, folder: Path, now: datetime, tell: Callable[[str], None], language: str = "fr"
) -> tuple[int, int]:
    """How many were issued, and how many files written. `tell`: progress."""
    from communs.apps.foundation.actions import receipts as actions
    from communs.apps.foundation.printing import printer
    from communs.apps.foundation.queries import receipts

    folder.mkdir(parents=True, exist_ok=True)
    issued = 0
    for issued, _row in enumerate(actions.issue_year(year, now), 1):
        if issued % EVERY == 0:
            tell(f"{issued} issued")
    written, total = 0, receipts.given_in(year).count()
    for written, row in enumerate(receipts.given_in(year).iterator(chunk_size=EVERY), 1):
        path = folder / f"{receipts.number_of(row)}.pdf"
        part = path.with_suffix(".part")
        part.write_bytes(printer().pdf(receipts.as_said(row), language))
        part.replace(path)  # whole or not at all, whenever this is broken off
        if written % EVERY == 0 or written == total:
            tell(f"{written} of {total} written")
    return issued, written

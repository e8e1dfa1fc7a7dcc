"""Open and close rounds, and take their files.

  communs round open autumn-2026            a round that two members of the board approved
  communs round close                       every round whose end has come; the worker does this by itself
  communs round close autumn-2026           this one
  communs round export autumn-2026 DIR      its files; then: communs verify round DIR

Whatever interrupts a closing, it goes on where it ended when it is called again, and nothing is decided twice.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION", help="open, close or export")
    for name, line in (("open", "open a round"), ("close", "close rounds"), ("export", "write the files of a round")):
        one = kinds.add_parser(name, help=line)
        add_data_argument(one)
        one.add_argument("round", nargs="?" if name == "close" else None, metavar="ROUND", help="name in the address")
        if name == "export":
            one.add_argument("folder", metavar="DIR", help="a folder, made where it is not there")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    return {"open": _open, "close": _close, "export": _export}[options.action](options)


def _open(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from communs.apps.foundation.actions.rounds import open_round

    done = _told(lambda: open_round(options.round, timezone.now()), options.round)
    print(f"{done.slug} is open: {done.voters} people on the roll. Opening {done.opening_sha256}")
    return 0


def _close(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from communs.apps.foundation.actions import batches, closing

    now = timezone.now()
    try:
        if options.round:
            close = lambda: _told(lambda: closing.close(options.round, now), options.round)  # noqa: E731
            found = {options.round: batches.in_sound_books(close, now)}
        else:
            found = batches.close_due(now)
    except batches.NotSound as error:
        raise Failure(f"The books do not keep their rules, so nothing more is done:\n{error}") from error
    if not found:
        say("No round has come to its end.")
    failed = False
    for slug, done in found.items():
        if isinstance(done, Exception):
            say(f"{slug}: {done}")
            failed = True
        else:
            print(f"{slug}: {_result(done)}")
    return int(failed)


def _result(done: Any) -> str:
    from communs.core.money import Money

    result, currency = done.result, done.currency
    paid, waits, stays = (
        Money(minor, currency) for minor in (result.paid_minor, result.unclaimed_minor, result.carried_minor)
    )
    told = f"{paid} are granted and accepted, {waits} wait to be accepted, {stays} stay in the fund"
    return f"ballots: {result.ballots}; {told}"


def _export(options: argparse.Namespace) -> int:
    from communs.apps.foundation.queries.round_files import files_named

    files = files_named(options.round)
    if not files:
        raise Failure(f"“{options.round}” is no round that was decided. Look at /foundation/rounds/ for its name.")
    folder = Path(options.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise Failure(f"{folder} cannot be written: {error.strerror or error}") from error
    print(f"{folder}: {', '.join(files)}")
    return 0


def _told(work: Any, slug: str) -> Any:
    """What `work` gives; what stands in its way as a failure of the command."""
    from communs.apps.foundation.actions.books import NotRecorded
    from communs.apps.foundation.actions.closing import Tampered
    from communs.core.rounds import InvalidRound
    from communs.kit.gates import NotThere
    from communs.kit.records.actions import Impossible

    try:
        return work()
    except NotThere as error:
        raise Failure(f"“{slug}” is no round. Look at /foundation/rounds/ for its name.") from error
    except (Impossible, NotRecorded, Tampered, InvalidRound) as error:
        raise Failure(str(error)) from error

"""`communs verify ledger`: every rule of the books, a line each, over the database or over a file that was exported."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

from communs.cli.elections import print_json
from communs.cli.house import add_data_argument, core_messages, say, terminal_language
from communs.core.ledger import INVARIANTS, RULE, InvalidLine, Problem
from communs.core.texts import Translate

PROBLEMS_SHOWN = 20


@dataclass
class Found:
    """What was looked at, and what is wrong, by the name of the rule. At most twenty of each rule are kept."""

    what: str
    rules: dict[str, str]
    number: dict[str, int] = field(default_factory=dict)
    first: dict[str, list[Problem]] = field(default_factory=dict)
    entries: int = 0
    seconds: float = 0.0

    def add(self, problem: Problem) -> None:
        """One thing that is wrong."""
        self.number[problem.invariant] = self.number.get(problem.invariant, 0) + 1
        kept = self.first.setdefault(problem.invariant, [])
        if len(kept) < PROBLEMS_SHOWN:
            kept.append(problem)


def add_ledger_arguments(parser: argparse.ArgumentParser) -> None:
    """What `communs verify ledger` is given."""
    add_data_argument(parser)
    words = "JSON lines, as the public accounts are exported; without it, the database of this site"
    parser.add_argument("file", metavar="FILE.jsonl", nargs="?", help=words)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run_ledger(options: argparse.Namespace) -> int:
    """0: every rule holds; 1: one does not; 2: the file is not there or cannot be read."""
    start = time.perf_counter()
    try:
        found = _of_file(Path(options.file)) if options.file else _of_database()
    except (OSError, InvalidLine) as error:
        say(f"{options.file}: {getattr(error, 'strerror', None) or error}")
        return 2
    found.seconds = time.perf_counter() - start
    _print_document(found) if options.json else _print_lines(found, core_messages(terminal_language()))
    return int(bool(found.number))


def _of_file(path: Path) -> Found:
    from communs.cli.ledger_files import LedgerFile
    from communs.core.ledger import verify

    file = LedgerFile(path)
    # A file says nothing of what is kept elsewhere.
    rules = {one.name: one.sentence for one in INVARIANTS if one.name not in {"kept-balances", "public-totals"}}
    found = Found(str(path), rules)
    for problem in verify(file.read, file.books, rules):
        found.add(problem)
    found.entries = file.count
    return found


def _of_database() -> Found:
    from communs.cli.house import need_database, set_up

    set_up()
    need_database()
    from django.conf import settings

    from communs.apps.foundation.queries import books, public, verifying

    found = Found(str(settings.DATABASES["default"]["NAME"]), verifying.RULES)
    with books.one_moment():
        for problem in verifying.everything():
            found.add(problem)
    found.entries = public.number_of_entries()
    return found


def _print_lines(found: Found, translate: Translate) -> None:
    for name, sentence in found.rules.items():
        wrong = found.number.get(name, 0)
        print(f"{'✗' if wrong else '✓'} {name:<15} {translate(sentence)}")
        for problem in found.first.get(name, ()):
            print(f"    {problem.render(translate)}")
        if wrong > PROBLEMS_SHOWN:
            print(f"    … and {wrong - PROBLEMS_SHOWN:,} more")
    holds = "Does not hold" if found.number else "Holds"
    print(f"{holds}: {found.entries:,} entries of {found.what} by {RULE}, in {found.seconds:.1f} s.")


def _print_document(found: Found) -> None:
    print_json(
        {
            "rule": RULE,
            "holds": not found.number,
            "entries": found.entries,
            "invariants": [
                {
                    "name": name,
                    "sentence": sentence,
                    "holds": name not in found.number,
                    "problems": found.number.get(name, 0),
                    "first": [problem.render() for problem in found.first.get(name, ())],
                }
                for name, sentence in found.rules.items()
            ],
        }
    )

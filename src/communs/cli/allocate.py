"""Decide who is funded: count an election, or divide a pot, with a certificate that anybody can check.

  communs allocate FILE.pb                                    equal shares, as the ballots speak
  communs allocate FILE.pb --rule mes --completion add1       with a little more for each voter until the money is spent
  communs allocate FILE.pb --rule greedy --votes-min 100      most votes first, from 100 votes on
  communs allocate FILE.pb --ties hash:SEED --json > RESULT.json
  communs allocate *.pb --json                                one list, in the order of the files
  communs allocate VOTES.csv --projects PROJECTS.csv --budget 5000
  communs allocate GIFTS.csv --rule quadratic --pot 10000 --variant pairwise:25

Elections are Pabulib files (.pb), JSON (told by what is in it), or two tables. Rules that count them: mes (the method
of equal shares), phragmen, greedy, maximin, proportional, lottery, welfare. Rules that divide a pot by a table of
amounts: quadratic, median. docs/rules says what each does and is good for.
--json prints {"selected", "amounts", "rule", "parameters", "input_sha256", "currency", "decimals", "rounds", "ties",
"certificate", "file", "notes"}; amounts are whole numbers of the smallest unit, rational numbers are texts "a/b". Notes
say how doubtful things in an election were taken (a project named twice on a ballot, one that costs more than there
is), as communs check --json does; they are told on standard error too.
Exit code 1 when a file cannot be read or counted: what is wrong is told with line and remedy, the others are counted.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from communs.cli.election_notes import notes_as_json, say_notes
from communs.cli.elections import Counted, add_election_arguments, counted, money, print_json, read_election
from communs.cli.gifts import Divided, add_pot_arguments, divided, pot_rule, refuse_pot_arguments
from communs.cli.house import Failure, say
from communs.cli.rule_options import add_rule_arguments, choice_of, named_rule
from communs.cli.terminal import harmless
from communs.core.allocation.pot_rules import POT_RULES

PROGRESS_AFTER_S = 1.0
SAID_MAX = 8
Decided = Counted | Divided


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="elections or tables; - for standard input")
    add_rule_arguments(parser, tuple(POT_RULES))
    add_election_arguments(parser)
    add_pot_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document, for several files a list")


def run(options: argparse.Namespace) -> int:
    decide = _deciding(options)
    documents, failed, said_at = [], 0, time.monotonic()
    for number, name in enumerate(options.files, 1):
        try:
            decided = decide(name)
        except Failure as wrong:
            say(harmless(str(wrong)))
            failed += 1
        else:
            if isinstance(decided, Counted):
                say_notes(decided.election)
            if options.json:
                documents.append(_document(decided))
            else:
                _print(decided)
        if time.monotonic() - said_at > PROGRESS_AFTER_S and number < len(options.files):
            said_at = time.monotonic()
            say(f"{number} of {len(options.files)} files")
    if len(options.files) > 1 and options.json:
        print_json(documents)
    elif documents:
        print_json(documents[0])
    return 1 if failed else 0


def _deciding(options: argparse.Namespace) -> Callable[[str], Decided]:
    """What is done with each file. Raises `Failure` where the options do not go together."""
    if options.rule in POT_RULES:
        if options.projects is not None or options.budget is not None or options.currency is not None:
            raise Failure(f"{options.rule} reads one table of amounts: --projects, --budget, --currency do not apply.")
        dividing = pot_rule(options)
        return lambda name: divided(name, dividing, options)
    refuse_pot_arguments(options)
    counting = named_rule(options.rule, choice_of(options))
    return lambda name: counted(read_election(name, options), counting)


def _document(decided: Decided) -> dict[str, Any]:
    notes = notes_as_json(decided.election) if isinstance(decided, Counted) else []
    return {**decided.document(), "notes": notes}


def _print(decided: Decided) -> None:
    """A result as a table to read."""
    result = decided.result
    title, names, whole = _about(decided)
    print(harmless(f"{title}: {result.rule}, {said(result.parameters)}"))
    given = [id_ for id_ in result.selected if id_ in result.amounts]
    amounts = {id_: money(result.amounts[id_], result.decimals, result.currency) for id_ in given}
    width = max(map(len, amounts.values()), default=0)
    for id_, amount in amounts.items():
        print(harmless(f"  {amount:>{width}}  {id_}  {names.get(id_, '')}".rstrip()))
    spent = money(sum(result.amounts.values()), result.decimals, result.currency)
    print(f"{len(given)} of {len(names)} projects, {spent} of {money(whole, result.decimals, result.currency)}.")
    for tie in result.ties:
        matters = {True: " Another choice changes the result.", False: " The result is the same either way.", None: ""}
        print(harmless(f"Tie in round {tie.round}: {', '.join(tie.tied)}; {tie.won} won.{matters[tie.changes_result]}"))
    sys.stdout.flush()


def _about(decided: Decided) -> tuple[str, Mapping[str, str], int]:
    """What was decided on: its title, the projects with their names, and how much there was."""
    if isinstance(decided, Divided):
        return decided.file, dict.fromkeys(decided.result.amounts, ""), int(decided.result.parameters["pot"])
    instance = decided.election.instance
    return decided.election.title, {one.id: one.name for one in instance.projects}, instance.budget


def said(parameters: object) -> str:
    """Parameters on one line; those that hold nothing are left out, and what is said of many projects is only counted.

    >>> said({"pot": 5, "limits": {"caps": {}}, "votes_min": 3})
    'pot 5, votes min 3'
    """
    if isinstance(parameters, Mapping) and len(parameters) > SAID_MAX:
        return f"({len(parameters)} of them)"
    if isinstance(parameters, Mapping):
        told = ((name.replace("_", " "), said(value)) for name, value in parameters.items())
        return ", ".join(f"{name} {value}" for name, value in told if value)
    return str(parameters)

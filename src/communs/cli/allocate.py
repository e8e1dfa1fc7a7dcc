"""Count an election: who is funded by which rule, with a certificate that anybody can check.

  communs allocate FILE.pb                                    equal shares, as the ballots speak
  communs allocate FILE.pb --rule mes --completion add1       with a little more for each voter until the money is spent
  communs allocate FILE.pb --rule greedy --votes-min 100      most votes first, from 100 votes on
  communs allocate FILE.pb --ties hash:SEED --json > RESULT.json
  communs allocate *.pb --json                                one list, in the order of the files

Files are Pabulib elections (.pb) or the JSON that communs writes. Rules: mes (the method of equal shares), phragmen,
greedy, maximin, proportional, lottery; docs/rules says what each does and is good for.
--json prints {"selected", "amounts", "rule", "parameters", "input_sha256", "currency", "decimals", "rounds", "ties",
"certificate", "file"} a file; amounts are whole numbers of the smallest unit, rational numbers are texts "a/b".
Exit code 1 when a file cannot be counted; what is wrong in it is told with line and remedy.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from communs.cli.elections import (
    Counted,
    add_rule_arguments,
    choice_of,
    counted,
    named_rule,
    print_json,
    read_election,
)
from communs.cli.house import say

PROGRESS_AFTER_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="elections; - for standard input")
    add_rule_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document, for several files a list")


def run(options: argparse.Namespace) -> int:
    rule = named_rule(options.rule, choice_of(options))
    results = []
    started = time.monotonic()
    for number, name in enumerate(options.files, 1):
        results.append(counted(read_election(name), rule))
        if time.monotonic() - started > PROGRESS_AFTER_S and len(options.files) > 1:
            say(f"{number} of {len(options.files)} files")
        if not options.json:
            _print(results[-1])
    if options.json:
        documents = [one.document() for one in results]
        print_json(documents if len(options.files) > 1 else documents[0])
    return 0


def _print(one: Counted) -> None:
    """A result as a table to read."""
    election, result = one.election, one.result
    names = {project.id: project.name for project in election.instance.projects}
    money = election.money
    print(f"{election.title}: {result.rule}, {_said(result.parameters)}")
    width = max((len(money(amount)) for amount in result.amounts.values()), default=0)
    for id_ in _funded(one):
        print(f"  {money(result.amounts[id_]):>{width}}  {id_}  {names.get(id_, '')}".rstrip())
    spent = sum(result.amounts.values())
    count = len(_funded(one))
    print(f"{count} of {len(names)} projects, {money(spent)} of {money(election.instance.budget)}.")
    for tie in result.ties:
        matters = {True: "another choice changes the result", False: "the result is the same either way", None: ""}
        print(f"Tie in round {tie.round}: {', '.join(tie.tied)}; {tie.won} won. {matters[tie.changes_result]}".rstrip())
    sys.stdout.flush()


def _funded(one: Counted) -> Sequence[str]:
    """The projects that receive something, in the order of the result."""
    listed = one.result.selected or tuple(id_ for id_, amount in one.result.amounts.items() if amount)
    return [id_ for id_ in listed if id_ in one.result.amounts]


def _said(parameters: object) -> str:
    """Parameters on one line."""
    if isinstance(parameters, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in parameters.items())
    return str(parameters)

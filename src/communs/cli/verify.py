"""Check what somebody else worked out, with code that shares nothing with what worked it out.

  communs verify allocation RESULT.json FILE.pb       does this result follow from this election?
  communs verify allocation RESULT.json GIFTS.csv     do these amounts follow from this table?
  communs verify allocation RESULT.json A.pb B.pb     and this composition from the votes of these colleges, in order?
  communs verify round DIR                            do the two files of a round of the foundation hold, hash by hash?
  communs verify ledger [FILE.jsonl]                  do the books keep every rule (of this site, or of an export)?
  communs verify log https://books.example.org/log    does a log of public accounts tell one story?

The checks need nothing but Python and import nothing of what they check, so they can be read and run by themselves:
  python src/communs/core/allocation/verify.py RESULT.json FILE.pb
  python src/communs/core/allocation/verify_amounts.py RESULT.json GIFTS.csv
Every rule of communs allocate is checked, and compositions of them. An election that is no .pb file is first written as
one. A parameter that is missing, or that nobody knows, does not hold. The parameters are told, for they belong to what
is checked: compare them with those that were announced; what a check leaves open is told besides. Exit code 1 when
something does not hold, and what that is.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from communs.cli.allocate import said
from communs.cli.check_files import bytes_of
from communs.cli.elections import add_election_arguments, read_election
from communs.cli.gifts import add_table_arguments, decimals_of
from communs.cli.house import Failure, say
from communs.cli.verify_ledger import add_ledger_arguments, run_ledger
from communs.cli.verify_log import add_log_arguments, run_log
from communs.cli.verify_round import add_round_arguments, run_round
from communs.core.allocation import verify, verify_amounts, verify_told
from communs.core.allocation.amounts_csv import COLUMNS

DIGITS_MAX = 200_000
"""Exact prices may have more digits than Python reads unasked (4,300), not more than this."""
OF_ELECTIONS = (*verify.RULES, "composition-1")
OF_TABLES = ("quadratic-1", "median-1")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT", help="what is checked")
    allocation = kinds.add_parser("allocation", help="a result of communs allocate --json")
    allocation.add_argument("result", metavar="RESULT.json", help="the result; - for standard input")
    allocation.add_argument(
        "sources", nargs="+", metavar="FILE", help="the election or table that it is said to follow from"
    )
    add_election_arguments(allocation)
    add_table_arguments(allocation)
    add_round_arguments(kinds.add_parser("round", help="the two files of a round of the foundation"))
    add_ledger_arguments(kinds.add_parser("ledger", help="the books, rule by rule"))
    add_log_arguments(kinds.add_parser("log", help="a transparency log, by a stranger"))


def run(options: argparse.Namespace) -> int:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(DIGITS_MAX)
    try:
        others = {"round": run_round, "ledger": run_ledger, "log": run_log}
        return others.get(options.kind, _told)(options)
    finally:
        sys.set_int_max_str_digits(before)


def _told(options: argparse.Namespace) -> int:
    result = _result(options.result)
    try:
        notes = _check(result, options)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as wrong:
        what = str(wrong) if type(wrong) is ValueError else f"the result is not complete ({wrong!r:.200})"
        say(f"Does not hold: {what}.")
        return 1
    receiving, sources = len(result["selected"]), ", ".join(options.sources)
    projects = "1 project follows" if receiving == 1 else f"{receiving} projects follow"
    print(f"Holds: {projects} from {sources} by {result['rule']}, {said(result['parameters'])}.")
    for note in notes:
        print(note)
    return 0


def _check(result: dict[str, Any], options: argparse.Namespace) -> list[str]:
    """What is to be known of the check. Raises `ValueError` and the like where the result does not follow."""
    rule = result.get("rule")
    if rule in OF_TABLES:
        if len(options.sources) > 1:
            raise Failure(f"{rule} divides a pot by one table: name one.")
        columns = ",".join(options.columns or COLUMNS)
        if result["decimals"] != decimals_of(options):
            raise ValueError(f"it counts with {result['decimals']} decimals; say --decimals N if that is meant")
        verify_told.parameters(rule, result["parameters"])
        verify_amounts.check(result, bytes_of(options.sources[0]), decimals_of(options), columns)
        verify_told.told_of_amounts(result)
        return []
    if rule not in OF_ELECTIONS:
        known = ", ".join((*OF_ELECTIONS, *OF_TABLES))
        raise Failure(f"{options.result}: no check is written for the rule {rule!r:.60}. There is one for {known}.")
    return verify.check(result, *(read_election(name, options).pb for name in options.sources))


def _result(name: str) -> dict[str, Any]:
    try:
        found = json.loads(bytes_of(name))
    except (ValueError, RecursionError) as wrong:
        raise Failure(f"{name} is no JSON: {wrong}. Give what `communs allocate --json` wrote.") from wrong
    if not isinstance(found, dict):
        raise Failure(f"{name} holds no result, or several. Give one, as `communs allocate FILE --json` writes it.")
    return found

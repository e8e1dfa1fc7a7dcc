"""Check what somebody else worked out, with code that shares nothing with what worked it out.

  communs verify allocation RESULT.json FILE.pb       does this result follow from this election?
  communs verify allocation RESULT.json GIFTS.csv     do these amounts follow from this table?

Each check is one file of Python that needs nothing else, so it can be read and run by itself:
  python src/communs/core/allocation/verify.py RESULT.json FILE.pb
  python src/communs/core/allocation/verify_amounts.py RESULT.json GIFTS.csv
Rules replayed: equal shares (with its completions), Phragmén, greedy; quadratic, median. An election that is no .pb
file is first written as one. The parameters are told, for they belong to what is checked: compare them with those that
were announced. Exit code 1 when something does not hold, and what that is.
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
from communs.core.allocation import verify, verify_amounts
from communs.core.allocation.amounts_csv import COLUMNS

DIGITS_MAX = 200_000
"""Exact prices may have more digits than Python reads unasked (4,300), not more than this."""
OF_ELECTIONS = ("equal-shares-1", "phragmen-1", "greedy-1")
OF_TABLES = ("quadratic-1", "median-1")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT", help="what is checked: allocation")
    allocation = kinds.add_parser("allocation", help="a result of communs allocate --json")
    allocation.add_argument("result", metavar="RESULT.json", help="the result; - for standard input")
    allocation.add_argument("source", metavar="FILE", help="the election or table that it is said to follow from")
    add_election_arguments(allocation)
    add_table_arguments(allocation)


def run(options: argparse.Namespace) -> int:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(DIGITS_MAX)
    try:
        return _told(options)
    finally:
        sys.set_int_max_str_digits(before)


def _told(options: argparse.Namespace) -> int:
    result = _result(options.result)
    try:
        _check(result, options)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as wrong:
        what = str(wrong) if type(wrong) is ValueError else f"the result is not complete ({wrong!r:.200})"
        say(f"Does not hold: {what}.")
        return 1
    receiving = len(result["selected"])
    print(
        f"Holds: {receiving} projects follow from {options.source} by {result['rule']}, {said(result['parameters'])}."
    )
    return 0


def _check(result: dict[str, Any], options: argparse.Namespace) -> None:
    """Raise `ValueError` and the like where the result does not follow, `Failure` where that cannot be checked."""
    rule = result.get("rule")
    if rule in OF_TABLES:
        columns = ",".join(options.columns or COLUMNS)
        if result["decimals"] != decimals_of(options):
            raise ValueError(f"it counts with {result['decimals']} decimals; say --decimals N if that is meant")
        verify_amounts.check(result, bytes_of(options.source), decimals_of(options), columns)
    elif rule in OF_ELECTIONS:
        election = read_election(options.source, options)
        if rule == "equal-shares-1" and not election.instance.voters:
            _nothing(result, election.instance.sha256)
        else:
            verify.check(result, election.pb)
    else:
        known = ", ".join((*OF_ELECTIONS, *OF_TABLES))
        raise Failure(f"{options.result}: no check is written for the rule {rule!r:.60}. There is one for {known}.")


def _nothing(result: dict[str, Any], sha256: str) -> None:
    """Nobody voted: there are no shares, and nothing is funded. Raises `ValueError` where the result says otherwise."""
    if result["selected"] != [] or result["amounts"] != {}:
        raise ValueError("nobody voted, and something is funded")
    if result["input_sha256"] != sha256:
        raise ValueError("the result is of another file")


def _result(name: str) -> dict[str, Any]:
    try:
        found = json.loads(bytes_of(name))
    except (ValueError, RecursionError) as wrong:
        raise Failure(f"{name} is no JSON: {wrong}. Give what `communs allocate --json` wrote.") from wrong
    if not isinstance(found, dict):
        raise Failure(f"{name} holds no result, or several. Give one, as `communs allocate FILE --json` writes it.")
    return found

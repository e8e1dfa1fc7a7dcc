"""Check what somebody else worked out, with code that shares nothing with what worked it out.

  communs verify allocation RESULT.json FILE.pb       does this result follow from this election?

The check of an allocation is one file of Python that needs nothing else, so it can be read and run by itself:
  python src/communs/core/allocation/verify.py RESULT.json FILE.pb
Rules replayed: equal shares (with its completions), Phragmén, greedy. Exit code 1 when something does not hold, and
what that is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from communs.cli.house import Failure, say
from communs.core.allocation import verify

RESULT_BYTES_MAX = 256 * 2**20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT", help="what is checked: allocation")
    allocation = kinds.add_parser("allocation", help="a result of communs allocate --json")
    allocation.add_argument("result", metavar="RESULT.json", help="the result; - for standard input")
    allocation.add_argument("election", metavar="FILE.pb", help="the election that it is said to follow from")


def run(options: argparse.Namespace) -> int:
    sys.set_int_max_str_digits(0)  # exact prices may have more digits than Python reads unasked
    result = _result(options.result)
    try:
        data = Path(options.election).read_bytes()
    except OSError as unread:
        raise Failure(f"{options.election} cannot be read. Check the path.") from unread
    try:
        verify.check(result, data)
    except (ValueError, LookupError, TypeError, AttributeError) as wrong:
        what = str(wrong) if type(wrong) is ValueError else f"the result is not complete ({wrong!r})"
        say(f"Does not hold: {what}.")
        return 1
    say(f"Holds: {len(result['selected'])} projects follow from {options.election} by {result['rule']}.")
    return 0


def _result(name: str) -> dict[str, Any]:
    try:
        data = sys.stdin.buffer.read(RESULT_BYTES_MAX + 1) if name == "-" else Path(name).read_bytes()
    except OSError as unread:
        raise Failure(f"{name} cannot be read. Check the path, or give - for standard input.") from unread
    if len(data) > RESULT_BYTES_MAX:
        raise Failure(f"{name} is larger than {RESULT_BYTES_MAX // 2**20} MB, and no result is.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise Failure(f"{name} is no JSON: {wrong}. Give what `communs allocate --json` wrote.") from wrong
    if not isinstance(found, dict):
        raise Failure(f"{name} holds no result, or several. Give one, as `communs allocate FILE.pb --json` writes it.")
    return found

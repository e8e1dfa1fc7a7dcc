"""Find commons and funding in any language of the Union, by what they are for.

  communs search "tracking hazardous waste"           the best of both catalogues
  communs search Müllabfuhr --in commons --limit 5    of one of them
  communs search '"open data" -portal'                a phrase that must occur, a word that must not
  communs search 'water AND (quality OR level)'       held to the letter
  communs search - < needs.txt                        one query a line, one JSON document a line

A need in plain words is ranked: what answers more of it comes first. --json prints {"results": [{"id", "name", "kind",
"catalogue", "url", "score", "why", "matched"}], "total", "meant", "near"}: `meant` has other spellings of the query,
`near` says that nothing answers all of it. Nothing found is no failure: the exit code is 0.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from communs.cli.house import Failure, add_data_argument, need_database, set_up, terminal_language

LIMIT = 10
LIMIT_MAX = 100
LINE_MAX = 2_000  # characters of a query line; what is longer is refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument(
        "text",
        nargs="+",
        metavar="TEXT",
        help="what is looked for; - reads one query a line from standard input, and answers each in JSON",
    )
    parser.add_argument("--in", dest="within", choices=["commons", "funding"], help="one catalogue only")
    parser.add_argument("--limit", type=_limit, default=LIMIT, metavar="N", help="at most N results (default: 10)")
    parser.add_argument(
        "--lang", type=_language, metavar="xx", help="language the query is likely in (default: told by its words)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document for each query and nothing else")


def arguments_of(arguments: Sequence[str]) -> list[str]:
    """The command line as the parser reads it: a word with one dash before it is looked for (or left out), no option.

    A space in front keeps the parser from taking it for one; `_text` takes it away.

    >>> arguments_of(["map", "-portal", "--limit", "3"])
    ['map', ' -portal', '--limit', '3']
    """
    return [
        f" {one}" if one.startswith("-") and one[1:2] != "-" and one not in {"-", "-h"} else one for one in arguments
    ]


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    from django.utils import translation

    with translation.override(terminal_language()):
        asked = _text(options.text)
        for text in _queries(asked):
            found = _found(text, options)
            if options.json or asked == "-":
                print(json.dumps(found, ensure_ascii=False), flush=asked == "-")
            else:
                _print(text, found)
    return 0


def _text(words: Sequence[str]) -> str:
    return " ".join(words).strip()


def _queries(text: str) -> Iterator[str]:
    if text != "-":
        yield text
        return
    for number, line in enumerate(sys.stdin, 1):
        if len(line) > LINE_MAX:
            raise Failure(f"standard input, line {number}: longer than {LINE_MAX} characters. Write one need a line.")
        yield line.strip()


def _found(text: str, options: argparse.Namespace) -> dict[str, Any]:
    from communs.web.finding import CATALOGUES, answer, find

    hints = (options.lang,) if options.lang else ()
    parts = find(text, options.limit, (options.within,) if options.within else CATALOGUES, hints)
    return answer(text, parts, options.limit)


def _print(text: str, found: dict[str, Any]) -> None:
    if not found["results"]:
        print(f"Nothing found for “{text}”.")
        if text and all(word.startswith("-") for word in text.split()):
            print("It only says what to leave out: add a word to look for.")
    for other in found["meant"]:
        print(f"Did you mean: {other}")
    for row in found["results"]:
        print(f"{row['name']}  ({row['catalogue']}, {row['id']})\n    {row['why']}")


def _limit(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LIMIT_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {LIMIT_MAX}")
    return int(text)


def _language(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.islower()):
        raise argparse.ArgumentTypeError(f"{text} is no code of two letters, such as fr or de")
    return text

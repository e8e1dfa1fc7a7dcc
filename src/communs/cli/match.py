"""Find the funding that fits a commons: a ranked list with the reasons, and what would change a no.

  communs match openstreetmap                     a commons of the register, by its public id
  communs match publiccode.yml                    a commons described by its own file, of any format that check knows
  communs match FOLDER                            the same for the file in it that says most
  communs match commons.json --lang fr            a record in the shape of seed/commons.jsonl, in French
  communs match openstreetmap --answer hosted=no  with an answer to a question that the list asks

Opportunities come from the database of the data folder; where there is none, from the data that communs brings along.
--json prints one document: {"commons", "as_of", "rule", "results": [{"id", "title", "result", "status", "score",
"sentence", "criteria", "questions", "changes", "url", "link"}], "questions"}.
Exit code 1 when the file cannot be read or the commons is not known.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from communs.cli.house import Failure, add_data_argument, terminal_language

SHOWN_OF_EACH = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("commons", metavar="FILE|ID", help="a file, a folder, or a public id")
    parser.add_argument(
        "--lang", metavar="xx", help="language of the answers: en or fr (default: that of the terminal)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--opportunities", metavar="FILE", help="match with the opportunities of this file instead")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="KEY=VALUE", help="answer a question; can be repeated"
    )
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day to answer for (default: today)")
    parser.add_argument(
        "--limit",
        type=_count,
        metavar="N",
        help=f"at most N of each answer (default: {SHOWN_OF_EACH}; all with --json)",
    )
    parser.add_argument("--all", action="store_true", help="show all, also those that are closed")


def run(options: argparse.Namespace) -> int:
    from communs.cli.match_sources import Sources
    from communs.cli.match_text import written
    from communs.core import matching

    answers = read_answers(options.answer)
    sources = Sources.open()
    from django.utils import translation

    language = options.lang or terminal_language()
    with translation.override(language if language in {"en", "fr"} else "en"):
        today = read_day(options.on) if options.on else sources.today()
        record = sources.commons(options.commons)
        try:
            profile = matching.Profile.from_record(record, answers)
        except matching.InvalidRecord as bad:
            raise Failure(f"{options.commons}: {bad.path}: {bad.problem}. {bad.remedy}") from bad
        found = sources.opportunities(options.opportunities)
        matches = matching.Catalogue(found.opportunities).rank(profile, today)
        if options.json:
            print(json.dumps(_document(options, profile, matches, today, found), ensure_ascii=False))
            return 0
        limit = None if options.all else options.limit or SHOWN_OF_EACH
        for line in written(profile, matches, today, found.about, limit=limit, with_closed=options.all):
            print(line)
    return 0


def _document(options: argparse.Namespace, profile: Any, matches: list[Any], today: date, found: Any) -> dict[str, Any]:
    from django.utils.translation import gettext

    from communs.apps.funding.match_document import match_document

    return match_document(profile, first_of_each(matches, options.limit), today, found.about, gettext)


def first_of_each(matches: list[Any], limit: int | None) -> list[Any]:
    """At most `limit` matches of each result, in the same order; all of them without a limit."""
    if limit is None:
        return matches
    kept: dict[str, int] = {}
    chosen = []
    for match in matches:
        kept[match.result] = kept.get(match.result, 0) + 1
        if kept[match.result] <= limit:
            chosen.append(match)
    return chosen


def read_answers(given: list[str]) -> dict[str, str]:
    """`["hosted=no"]` → `{"hosted": "no"}`. Raises `Failure` for what is not KEY=VALUE."""
    answers = {}
    for text in given:
        key, equals, value = text.rpartition("=")
        if not equals or not key.strip() or not value.strip():
            raise Failure(f"--answer {text}: write KEY=VALUE, e.g. --answer hosted=no. The keys stand in the list.")
        answers[key.strip()] = value.strip()
    return answers


def read_day(text: str) -> date:
    """A day in ISO form. Raises `Failure`."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"--on {text}: write a day like 2026-12-05.") from error


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 100000")
    return int(text)

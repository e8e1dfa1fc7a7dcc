"""Say why: of a project, who carried it or what it lacked; of a voter, where their share went; else of every round.

  communs explain FILE.pb                       round by round
  communs explain FILE.pb --project 42          who paid for it, or what it would have taken
  communs explain FILE.pb --voter 1007          the voter with this voter_id (else the ballot at this place)
  communs explain FILE.pb --rule phragmen --project 42 --json

The election is counted again with the rule and parameters given, as `communs allocate` does. What a project lacked is
found by counting again with further voters, or another cost; docs/rules/explanations.md says when that is proven.
Amounts are whole numbers of the smallest unit in JSON; rational numbers are texts "a/b".
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from communs.cli.elections import (
    Counted,
    add_rule_arguments,
    choice_of,
    counted,
    named_rule,
    plain,
    print_json,
    read_election,
)
from communs.cli.house import Failure, core_messages, terminal_language
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.explaining import Miss, Round, Share, Shares, ballot_of, miss, rounds_of
from communs.core.allocation.explaining.words import Words, say_miss, say_round, say_share
from communs.core.allocation.reading import ballot_of as ballot_in
from communs.core.allocation.rules import deciding_by


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the election; - for standard input")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--project", metavar="ID", help="why this project was funded, or was not")
    what.add_argument("--voter", metavar="N", help="where this voter's share went")
    add_rule_arguments(parser)
    parser.add_argument("--lang", choices=["en", "fr"], help="language of the sentences (default: the terminal's)")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    rule = named_rule(options.rule, choice_of(options))
    election = read_election(options.file)
    found = counted(election, rule)
    try:
        if options.voter is not None:
            explained: Any = _share(found, options.voter)
        elif options.project is not None:
            explained = _project(found, options, options.project)
        else:
            explained = list(rounds_of(found.result))
    except InvalidElection as wrong:
        raise Failure(f"{options.file}: {wrong}") from wrong
    if options.json:
        print_json(plain(explained))
    else:
        words = Words(election.instance, election.about, core_messages(options.lang or terminal_language()))
        for one in explained if isinstance(explained, list) else [explained]:
            print("\n".join(_lines(one, words)))
    return 0


def _project(found: Counted, options: argparse.Namespace, project: str) -> Round | Miss:
    told = next((one for one in rounds_of(found.result) if one.project == project), None)
    election = found.election.instance
    decide = deciding_by(options.rule, choice_of(options), election)
    return told or miss(election, found.result, decide, project)


def _share(found: Counted, voter: str) -> Share:
    election = found.election
    ballot = ballot_of(election.instance, ballot_in(election.data, voter))
    if ballot is None:
        raise InvalidElection(f"No ballot of voter {voter} was counted.")
    return Shares(election.instance, found.result).of(ballot)


def _lines(one: Round | Miss | Share, words: Words) -> Sequence[str]:
    match one:
        case Round():
            return (say_round(one, words),)
        case Miss():
            return say_miss(one, words)
    return say_share(one, words)

"""Say why: of a project, who carried it or what it lacked; of a voter, where their share went; else of every round.

  communs explain FILE.pb                       round by round
  communs explain FILE.pb --project 42          who paid for it, or what it would have taken
  communs explain FILE.pb --voter 1007          the voter with this voter_id, else the one at this place in the file
  communs explain FILE.pb --rule phragmen --project 42 --json

The election is counted again with the rule and parameters given, as `communs allocate` does. What a project lacked is
found by counting again with further voters, or another cost; docs/rules/explanations.md says when that is proven.
Amounts are whole numbers of the smallest unit in JSON; rational numbers are texts "a/b".
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from communs.cli.election_notes import say_notes
from communs.cli.elections import (
    Counted,
    Election,
    add_election_arguments,
    counted,
    failure_in,
    plain,
    print_json,
    read_election,
)
from communs.cli.house import core_messages, say, terminal_language
from communs.cli.rule_options import add_rule_arguments, choice_of, named_rule
from communs.cli.terminal import harmless
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.explaining import Miss, Round, Share, Shares, miss, rounds_of
from communs.core.allocation.explaining.words import Words, say_miss, say_round, say_share
from communs.core.allocation.reading import class_of
from communs.core.allocation.rules import deciding_by


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the election; - for standard input")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--project", metavar="ID", help="why this project was funded, or was not")
    what.add_argument("--voter", metavar="N", help="where this voter's share went")
    add_rule_arguments(parser)
    add_election_arguments(parser)
    parser.add_argument("--lang", choices=["en", "fr"], help="language of the sentences (default: the terminal's)")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    rule = named_rule(options.rule, choice_of(options))
    election = read_election(options.file, options)
    translate = core_messages(options.lang or terminal_language())
    say_notes(election, translate)
    found = counted(election, rule)
    try:
        if options.voter is not None:
            explained: Any = _share(found, options.voter)
        elif options.project is not None:
            explained = _project(found, options, options.project)
        else:
            explained = list(rounds_of(found.result))
    except InvalidElection as wrong:
        raise failure_in(election.file, wrong) from wrong
    if options.json:
        print_json(plain(explained))
    else:
        words = Words(election.instance, election.about, translate)
        for one in explained if isinstance(explained, list) else [explained]:
            print("\n".join(map(harmless, _lines(one, words))))
    return 0


def _project(found: Counted, options: argparse.Namespace, project: str) -> Round | Miss:
    if found.result.amounts.get(project):
        told = next((one for one in rounds_of(found.result) if one.project == project), None)
        if told is not None:
            return told
    election = found.election.instance
    decide = deciding_by(options.rule, choice_of(options), election)
    return miss(election, found.result, decide, project)


def _share(found: Counted, voter: str) -> Share:
    instance = found.election.instance
    ballot = class_of(instance, _said_by(found.election, voter))
    if ballot is None:
        raise InvalidElection(f"The ballot of voter {voter} was not counted.")
    return Shares(instance, found.result).of(ballot)


def _said_by(election: Election, voter: str) -> Mapping[str, int]:
    """The ballot of the voter of this id; where nobody has it, and it is a number, of the one at this place."""
    at_place = None
    for place, (id_, ballot) in enumerate(election.votes(), 1):
        if id_ == voter:
            return ballot
        if str(place) == voter:
            at_place = ballot
    if at_place is None:
        remedy = f"Give a voter_id of the file, or a place from 1 to {election.instance.voters}"
        raise InvalidElection(f"Nobody of the id {voter[:40]!r} votes in this file. {remedy}.")
    say(f"This is the ballot at place {voter} of the file.")
    return at_place


def _lines(one: Round | Miss | Share, words: Words) -> Sequence[str]:
    match one:
        case Round():
            return (say_round(one, words),)
        case Miss():
            return say_miss(one, words)
    return say_share(one, words)

"""Write a result as a page to read and keep: who is funded and why, who is left out, how other rules would decide.

  communs report FILE.pb -o DIR                          index.html, result.json, rounds.csv, comparison.csv
  communs report FILE.pb -o DIR --rule greedy --lang fr
  communs report FILE.pb -o DIR --rules mes,greedy       the rules that it is compared with

The page needs no network and no script; result.json is what `communs verify allocation` checks. What each project
lacked is found by counting again many times: --no-lacking leaves that out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from communs.cli.compare import RULES, columns_of, rules_named
from communs.cli.election_notes import notes_as_json, say_notes
from communs.cli.elections import Counted, add_election_arguments, counted, read_election
from communs.cli.house import Failure, core_messages, say, set_up_to_ask, terminal_language
from communs.cli.rule_options import add_rule_arguments, choice_of, named_rule
from communs.core.allocation.axioms.representation import ejr_plus
from communs.core.allocation.comparing import Rule, column, official_selection
from communs.core.allocation.explaining import Miss, miss
from communs.core.allocation.results import canonical
from communs.core.allocation.rules import Choice, deciding_by

IN_PARTS = frozenset({"proportional-1"})
"""Rules that give parts of what projects cost."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the election; - for standard input")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="folder to write into; made if need be")
    add_rule_arguments(parser)
    add_election_arguments(parser)
    parser.add_argument("--rules", default=RULES, metavar="NAMES", help=f"rules to compare with (default: {RULES})")
    parser.add_argument("--no-lacking", action="store_true", help="do not work out what the others lacked")
    parser.add_argument("--lang", choices=["en", "fr"], help="language of the page (default: that of the terminal)")


def run(options: argparse.Namespace) -> int:
    rule = named_rule(options.rule, choice_of(options))
    others = rules_named(options.rules, Choice(ties=options.ties))
    election = read_election(options.file, options)
    say_notes(election, core_messages(options.lang or terminal_language()))
    found = counted(election, rule)
    folder = Path(options.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise Failure(f"{folder} cannot be made: {wrong.strerror}. Name another folder.") from wrong
    for name, text in _files(options, found, others).items():
        try:
            (folder / name).write_bytes(text)
        except OSError as wrong:
            raise Failure(f"{folder / name} cannot be written: {wrong.strerror}. Name another folder.") from wrong
    say(f"Written: {folder / 'index.html'}")
    return 0


def _files(options: argparse.Namespace, found: Counted, others: dict[str, Rule]) -> dict[str, bytes]:
    set_up_to_ask()
    from django.utils import translation

    from communs.kit.results.files import page, table_csv
    from communs.kit.results.report import Report

    election = found.election
    own = column(election.instance, _name(options), found.result, official_selection(election.pb))
    with translation.override(options.lang or terminal_language()):
        report = Report(
            title=election.title,
            instance=election.instance,
            result=found.result,
            columns=(own, *(one for one in columns_of(election, others) if one.name != own.name)),
            misses=[] if options.no_lacking else _misses(found, options),
            representation=None
            if found.result.rule in IN_PARTS
            else ejr_plus(election.instance, found.result.selected),
            file=Path(election.file).name,
        )
        return {
            "index.html": page(report).encode(),
            "result.json": canonical({**found.document(), "notes": notes_as_json(election)}) + b"\n",
            "rounds.csv": table_csv(report.rounds()),
            "comparison.csv": table_csv(report.compared()),
        }


def _name(options: argparse.Namespace) -> str:
    return f"{options.rule}+{options.completion}" if options.completion not in {None, "none"} else str(options.rule)


def _misses(found: Counted, options: argparse.Namespace) -> list[Miss]:
    instance, result = found.election.instance, found.result
    if result.rule in IN_PARTS or result.rule == "lottery-1":
        return []  # nothing is missed by those who get a part; of a lot, only luck
    decide = deciding_by(options.rule, choice_of(options), instance)
    waiting = [id_ for id_ in instance.ids if id_ not in result.selected]
    misses = []
    for number, id_ in enumerate(waiting, 1):
        misses.append(miss(instance, result, decide, id_, tries=0))
        if number % 10 == 0:
            say(f"what the others lacked: {number} of {len(waiting)}")
    return misses

"""Count one election by several rules and set the results side by side.

  communs compare FILE.pb                                    equal shares, Phragmén, greedy, maximin support
  communs compare FILE.pb --rules mes,mes+add1,greedy
  communs compare FILE.pb --json

`mes+COMPLETION` is equal shares with a completion: none, add1, add1-utilitarian, utilitarian, phragmen. Where the file
says what was decided, that stands beside them as "official". Voters with nothing: the share of voters who support
none of what is funded. --json prints a list of {"name", "selected", "cost", "budget_used", "served", "excluded",
"mean_cost", "mean_count", "effective", "official"}; shares are texts "a/b".
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from communs.cli.election_notes import say_notes
from communs.cli.elections import (
    Election,
    add_election_arguments,
    counted,
    plain,
    print_json,
    read_election,
)
from communs.cli.house import Failure, say
from communs.cli.rule_options import named_rule
from communs.core.allocation.comparing import Column, Rule, column, compare, official_selection
from communs.core.allocation.rules import RULES as RULES_BY_NAME
from communs.core.allocation.rules import Choice

RULES = "mes,mes+add1-utilitarian,phragmen,greedy,maximin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the election; - for standard input")
    parser.add_argument(
        "--rules", default=RULES, metavar="NAMES", help=f"rules, separated by commas (default: {RULES})"
    )
    parser.add_argument("--ties", metavar="ORDER", help="lexicographic or hash:SEED (default: lexicographic)")
    add_election_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    rules = rules_named(options.rules, Choice(ties=options.ties))
    election = read_election(options.file, options)
    say_notes(election)
    columns = columns_of(election, rules)
    if options.json:
        print_json(plain(list(columns)))
    else:
        _print(election, columns)
    return 0


def rules_named(names: str, choice: Choice) -> dict[str, Rule]:
    """Rules by the names that were given. Raises `Failure` for one that does not exist."""
    found = {}
    for name in dict.fromkeys(filter(None, map(str.strip, names.split(",")))):
        rule, _plus, completion = name.partition("+")
        asked = replace(choice, completion=completion or None)
        if rule in RULES_BY_NAME and "ties" not in RULES_BY_NAME[rule].takes:
            asked = replace(asked, ties=None)  # there is nothing that an order would decide
        found[name] = named_rule(rule, asked)
    if not found:
        raise Failure(f"Name at least one rule, such as {RULES}.")
    return found


def columns_of(election: Election, rules: dict[str, Rule]) -> tuple[Column, ...]:
    """A column for each rule, said on the way, and one for the official decision where there is one."""
    official = official_selection(election.pb)
    columns = []
    for name, rule in rules.items():
        say(f"{name} …")
        columns.append(column(election.instance, name, counted(election, rule).result, official))
    return (*columns, *compare(election.instance, {}, official))


def _print(election: Election, columns: Sequence[Column]) -> None:
    heads = ("rule", "funded", "spent", "of the budget", "voters with nothing", "projects a voter", "also officially")
    rows = [
        (
            one.name,
            str(len(one.selected)),
            election.money(one.cost),
            f"{float(one.budget_used):.1%}",
            f"{float(one.excluded):.1%}",
            f"{float(one.mean_count):.2f}",
            "–" if one.official is None else str(len(one.official.both)),
        )
        for one in columns
    ]
    widths = [max(map(len, cells)) for cells in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())

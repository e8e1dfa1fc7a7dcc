"""Rules that divide a pot by a table of amounts (who, for what, how much), on the command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields, replace
from typing import Any

from communs.cli.check_files import STANDARD_INPUT, bytes_of
from communs.cli.elections import failure_in
from communs.cli.house import Failure
from communs.cli.rule_options import choice_of, count, number
from communs.core.allocation.amounts_csv import COLUMNS, from_csv
from communs.core.allocation.dividing import Surplus
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.median import Absent, Middle
from communs.core.allocation.pot_rules import POT_RULES, VARIANTS, PotChoice, PotRule, pot_rule_of
from communs.core.allocation.results import Result
from communs.core.allocation.rules import refuse_others

DECIMALS_MAX = 9
TABLE = ("decimals", "columns")
"""Options that say how the table is read: they belong to no rule."""


@dataclass(frozen=True)
class Divided:
    """A table and the result of dividing a pot by it."""

    file: str
    result: Result

    def document(self) -> dict[str, Any]:
        """As JSON values, with the file that was read."""
        return {**self.result.document(), "file": self.file}


def add_pot_arguments(parser: argparse.ArgumentParser) -> None:
    """The parameters of rules that divide a pot; their amounts are in the unit of the table."""
    add = parser.add_argument_group("quadratic and median: FILE is a table of donor, project, amount").add_argument
    add("--pot", type=number, metavar="AMOUNT", help="what is divided, in the unit of the table, such as 10000")
    add("--floor", type=number, metavar="AMOUNT", help="nobody who takes part gets less")
    add("--cap", type=number, metavar="AMOUNT", help="nobody gets more")
    add("--surplus", type=Surplus, choices=list(Surplus), help="what nobody needs: keep or spend (default: keep)")
    add("--variant", metavar="NAME", help=f"quadratic: {', '.join(VARIANTS)} (default: standard)")
    add("--minimum", type=number, metavar="AMOUNT", help="quadratic: gifts below it are not matched")
    add("--quantile", type=number, metavar="Q", help="median: the share of proposals at or below (default: 1/2)")
    add("--middle", type=Middle, choices=list(Middle), help="median: which of two middle amounts (default: lower)")
    add("--absent", type=Absent, choices=list(Absent), help="median: what no proposal means (default: skip)")
    add("--quorum", type=count, metavar="N", help="median: nothing for fewer proposals (default: 1)")
    add_table_arguments(parser)


def add_table_arguments(parser: argparse.ArgumentParser) -> None:
    """How a table of amounts is read."""
    add = parser.add_argument_group("how a table of amounts is read").add_argument
    add("--decimals", type=_decimals, metavar="N", help="decimals of the amounts (default: 2)")
    add("--columns", type=_columns, metavar="A,B,C", help=f"its columns (default: {','.join(COLUMNS)})")


def pot_rule(options: argparse.Namespace) -> PotRule:
    """The rule with its parameters. Raises `Failure` naming the parameter that does not fit."""
    choice = PotChoice(**{one.name: getattr(options, one.name) for one in fields(PotChoice)})
    counting = choice_of(options)
    try:
        asked = (one.name for one in fields(counting) if getattr(counting, one.name) is not None)
        refuse_others(options.rule, POT_RULES[options.rule].takes, asked)
        return pot_rule_of(options.rule, choice)
    except InvalidElection as wrong:
        raise Failure(str(wrong)) from wrong


def refuse_pot_arguments(options: argparse.Namespace) -> None:
    """Raise `Failure` where an option of dividing a pot was given to a rule that counts ballots."""
    names = [one.name for one in fields(PotChoice) if one.name != "ties"] + list(TABLE)
    given = next((name for name in names if getattr(options, name) is not None), None)
    if given is not None:
        raise Failure(f"{options.rule} counts ballots and takes no {given}. It goes with {', '.join(POT_RULES)}.")


def divided(name: str, rule: PotRule, options: argparse.Namespace) -> Divided:
    """Divide the pot by the table in a file. Raises `Failure` with line and remedy."""
    data = bytes_of(name)
    shown = "standard input" if name == STANDARD_INPUT else name
    decimals = decimals_of(options)
    try:
        repeated = POT_RULES[options.rule].repeated
        gifts = from_csv(data, options.columns or COLUMNS, decimals, repeated=repeated)
        return Divided(shown, replace(rule(gifts, decimals), decimals=decimals))
    except InvalidElection as wrong:
        raise failure_in(shown, wrong) from wrong


def decimals_of(options: argparse.Namespace) -> int:
    """The decimals of the amounts in a table: 2 unless said otherwise."""
    return 2 if options.decimals is None else int(options.decimals)


def _decimals(text: str) -> int:
    found = count(text)
    if found > DECIMALS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is more than {DECIMALS_MAX} decimals")
    return found


def _columns(text: str) -> tuple[str, str, str]:
    names = tuple(name.strip() for name in text.split(","))
    if len(names) != len(COLUMNS) or not all(names) or len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"{text[:80]}: write three names, such as {','.join(COLUMNS)}")
    return names[0], names[1], names[2]

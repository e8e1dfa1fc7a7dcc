"""A rule with its parameters on the command line: what every verb about elections asks in the same way."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from fractions import Fraction

from communs.cli.house import Failure
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.equal_shares import Start, StepOf, Stop
from communs.core.allocation.greedy import NoRoom, Per
from communs.core.allocation.phragmen import Stop as PhragmenStop
from communs.core.allocation.proportional import By
from communs.core.allocation.results import Result
from communs.core.allocation.rules import COMPLETIONS, RULES, Choice, rule_of
from communs.core.allocation.utilities import Utility

Rule = Callable[[Instance], Result]
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,12}|/\d{1,18})?", re.ASCII)


def add_rule_arguments(parser: argparse.ArgumentParser, others: tuple[str, ...] = ()) -> None:
    """`--rule` and every parameter of a rule that counts ballots. `others`: rules that the verb knows besides."""
    parser.add_argument("--rule", choices=[*RULES, *others], default="mes", help="how is decided (default: mes)")
    parser.add_argument("--ties", metavar="ORDER", help="lexicographic or hash:SEED (default: lexicographic)")
    add = parser.add_argument_group("parameters, of which each rule takes its own (docs/rules)").add_argument
    add("--utility", type=Utility, choices=list(Utility), help="what a project is worth (default: by the ballots)")
    add("--completion", choices=COMPLETIONS, help="mes: what is done with money left over (default: none)")
    add("--step", type=positive, metavar="N", help="add1: how much more each voter gets a time (default: 1)")
    add("--step-of", type=StepOf, choices=list(StepOf), help="add1: what the step counts (default: currency)")
    add("--start", type=Start, choices=list(Start), help="add1: what a voter has at first (default: exact)")
    add("--stop", type=Stop, choices=list(Stop), help="add1: when no more is added")
    add("--overshoot", type=PhragmenStop, choices=list(PhragmenStop), help="phragmen: when one passes the budget")
    add("--per", type=Per, choices=list(Per), help="greedy: what projects are compared by (default: cost)")
    add("--no-room", type=NoRoom, choices=list(NoRoom), help="greedy: when the next does not fit (default: skip)")
    add("--votes-min", type=count, metavar="N", help="greedy: not below so many voters")
    add("--score-min", type=count, metavar="N", help="greedy: not below so many points")
    add("--seed", metavar="TEXT", help="lottery: the public seed")
    add("--by", type=By, choices=list(By), help="proportional: what is divided by (default: points)")
    add("--up-to-costs", action="store_true", default=None, help="proportional: nobody gets more than the cost")


def choice_of(options: argparse.Namespace) -> Choice:
    """The parameters that were given."""
    return Choice(**{name: getattr(options, name) for name in Choice.__dataclass_fields__})


def named_rule(name: str, choice: Choice) -> Rule:
    """The rule with its parameters. Raises `Failure` naming the parameter that does not fit."""
    try:
        return rule_of(name, choice)
    except InvalidElection as wrong:
        raise Failure(str(wrong)) from wrong


def number(text: str) -> Fraction:
    """A type of argument: 0 or more, exactly as it is written."""
    try:
        return Fraction(text if _NUMBER.fullmatch(text) else "")
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text[:40]} is no number; write 1, 0.5 or 1/100") from None


def positive(text: str) -> Fraction:
    """A type of argument: more than 0."""
    found = number(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text[:40]} is not more than 0; write 1, 0.5 or 1/100")
    return found


def count(text: str) -> int:
    """A type of argument: a whole number, 0 or more."""
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text[:40]} is no whole number from 0 on")
    return int(text)

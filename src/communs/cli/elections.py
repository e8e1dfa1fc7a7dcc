"""What the verbs about elections share: reading them from any format, and writing what was found as JSON."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from communs.cli.check_files import STANDARD_INPUT, bytes_of
from communs.cli.house import Failure
from communs.cli.rule_options import Rule
from communs.core.allocation import json_elections, reading, tables
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.results import Result, canonical, rational
from communs.core.standards.problems import Problem

_START = 1024
_PLACED = re.compile(r"\d+:\d+: ", re.ASCII)
Votes = Callable[[], Iterator[tuple[str, Mapping[str, int]]]]


@dataclass(frozen=True)
class Election:
    """An election with the file it comes from.

    `pb`: that file, or where it is of another format, what `to_pb` writes of it: the bytes whose SHA-256 the result has
    and that a verifier reads. `votes`: every voter in the order of the file, with what they said.
    `is_pb`: whether it is that file itself.
    """

    file: str
    pb: bytes
    instance: Instance
    votes: Votes
    is_pb: bool = False

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All that `communs check` finds in the election, places being those in `pb`."""
        return reading.read_pb(self.pb).problems

    @cached_property
    def title(self) -> str:
        """What the file says that it is, else its name."""
        about = self.instance.about
        said = " ".join(dict.fromkeys(filter(None, (about.get(key, "") for key in ("description", "instance")))))
        return said or Path(self.file).stem

    def money(self, amount: int) -> str:
        """An amount in the currency of the election."""
        return money(amount, self.instance.decimals, self.instance.currency)

    def about(self, amount: Fraction | int) -> str:
        """An exact amount, shown to the smallest unit: "≈ 12.35 EUR" where that is not all of it."""
        whole = round(amount)
        return self.money(whole) if whole == amount else f"≈ {self.money(whole)}"


@dataclass(frozen=True)
class Counted:
    """An election and its result."""

    election: Election
    result: Result

    def document(self) -> dict[str, Any]:
        """As JSON values, with the file that was counted."""
        return {**self.result.document(), "file": self.election.file}


def money(amount: int, decimals: int, currency: str) -> str:
    """An amount with thin thousands and a point: "1 200.50 EUR"."""
    whole, rest = divmod(amount, 10**decimals)
    shown = f"{whole:,}".replace(",", "\u202f")
    if rest:
        shown += f".{rest:0{decimals}d}"
    return f"{shown} {currency}".rstrip()


def add_election_arguments(parser: argparse.ArgumentParser) -> None:
    """What else is needed where ballots are a table."""
    add = parser.add_argument_group("where FILE is a table of ballots (voter, project)").add_argument
    add("--projects", metavar="FILE", help="the table of projects: project, cost, name")
    add("--budget", metavar="AMOUNT", help="how much there is to spend, such as 5000 or 5000.50")
    add("--currency", metavar="CODE", help="what the amounts are in, such as EUR")


def read_election(name: str, options: argparse.Namespace) -> Election:
    """Read an election from a file; - is standard input. Raises `Failure` with place and remedy."""
    data = bytes_of(name)
    shown = "standard input" if name == STANDARD_INPUT else name
    try:
        if options.projects is not None:
            return _from_tables(shown, data, options)
        if options.budget is not None or options.currency is not None:
            raise Failure("--budget and --currency go with a table of ballots: give --projects too.")
        if data[:_START].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
            instance = reading.from_json(data)
            return Election(
                shown, instance.to_pb(), instance, lambda: (("", one) for one in json_elections.votes(data))
            )
        return Election(shown, data, reading.from_pb(data), lambda: reading.votes(data), is_pb=True)
    except InvalidElection as wrong:
        raise failure_in(shown, wrong) from wrong


def _from_tables(name: str, ballots: bytes, options: argparse.Namespace) -> Election:
    if options.budget is None:
        raise Failure("A table of ballots does not say the budget: give --budget too.")
    projects = bytes_of(options.projects)
    instance = reading.from_csv(projects, ballots, options.budget, currency=(options.currency or "").upper())
    return Election(name, instance.to_pb(), instance, lambda: tables.votes(ballots))


def counted(election: Election, rule: Rule) -> Counted:
    """Count an election. Raises `Failure` where the rule cannot."""
    try:
        return Counted(election, rule(election.instance))
    except InvalidElection as wrong:
        raise failure_in(election.file, wrong) from wrong


def failure_in(file: str, wrong: InvalidElection) -> Failure:
    """What is wrong in a file, as `FILE:LINE:COLUMN: …` where the line is known."""
    text = str(wrong)
    return Failure(f"{file}:{text}" if _PLACED.match(text) else f"{file}: {text}")


def plain(value: Any) -> Any:
    """Dataclasses and exact numbers as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Fraction):
        return rational(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def print_json(document: Any) -> None:
    """Canonical JSON on standard output: the same bytes on every machine."""
    sys.stdout.buffer.write(canonical(document) + b"\n")
    sys.stdout.buffer.flush()

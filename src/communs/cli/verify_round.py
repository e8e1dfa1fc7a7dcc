"""`communs verify round`: a round worked out again from its two files, on any machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from communs.cli.check_files import bytes_of
from communs.cli.elections import money, print_json
from communs.cli.house import Failure, core_messages, say, terminal_language
from communs.core.money import exponent
from communs.core.rounds import OUTCOME_FILE, ROUND_FILE, Outcome, Round, Verification, digest, examine
from communs.core.standards.reading.bounds import MIB

ROUND_BYTES = 1024 * MIB
"""Of each file: a million ballots with ten choices each are some 500 MiB."""


def add_round_arguments(parser: argparse.ArgumentParser) -> None:
    """What `communs verify round` is given."""
    parser.add_argument("round", metavar="FILE|DIR", help=f"{ROUND_FILE}, or the folder that holds both files")
    parser.add_argument("outcome", metavar="OUTCOME", nargs="?", help=f"default: {OUTCOME_FILE} beside it")
    parser.add_argument("--opening", metavar="SHA256", default="", help="the hash published when the round opened")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run_round(options: argparse.Namespace) -> int:
    """0: all follows; 1: something does not; 2: a file is not there or cannot be read."""
    place = Path(options.round)
    first = place / ROUND_FILE if place.is_dir() else place
    second = Path(options.outcome) if options.outcome else first.parent / OUTCOME_FILE
    try:
        files = bytes_of(str(first), ROUND_BYTES), bytes_of(str(second), ROUND_BYTES)
    except Failure as missing:
        say(str(missing))
        return 2
    found = examine(*files, options.opening.strip().lower())
    if options.json:
        print_json(_document(found, *files))
    else:
        _print(found, *files)
    return 2 if found.round is None else 1 if found.problems else 0


def _document(found: Verification, round_file: bytes, outcome_file: bytes) -> dict[str, object]:
    document: dict[str, object] = {
        "holds": not found.problems,
        "problems": [{"code": one.code, "message": one.say(), **one.values} for one in found.problems],
        "round_sha256": digest(round_file),
        "outcome_sha256": digest(outcome_file),
    }
    if found.round is not None:
        document["opening_sha256"] = found.round.opening
        document["round"] = found.round.question.id
        document["ballots"] = len(found.round.ballots)
        document["on_roll"] = len(found.round.roll.voters)
    if found.outcome is not None:
        document["totals"] = _totals(found.outcome)
    return document


def _totals(outcome: Outcome) -> dict[str, int]:
    paid, waiting = (sum(leaf.minor for leaf in leaves) for leaves in (outcome.paid, outcome.unclaimed))
    pot = outcome.round.question.pot
    return {"pot": pot, "paid": paid, "unclaimed": waiting, "carry_over": outcome.carry_over}


def _print(found: Verification, round_file: bytes, outcome_file: bytes) -> None:
    translate = core_messages(terminal_language())
    for problem in found.problems:
        say(problem.say(translate))
    if found.round is None:
        return
    print(f"{'Does not hold' if found.problems else 'Holds'}: {_told(found.round, found.outcome)}")
    print(f"Opening  {found.round.opening}")
    print(f"Round    {digest(round_file)}")
    print(f"Outcome  {digest(outcome_file)}")
    print("Compare these hashes with those that were published, and look whether your own ballot is in the file.")


def _told(given: Round, outcome: Outcome | None) -> str:
    question = given.question
    told = f"{question.title}, {len(given.ballots)} ballots of {len(given.roll.voters)} people by {question.rule}"
    if outcome is None:
        return f"{told}; it cannot be worked out."
    decimals = exponent(question.currency)
    paid, waits, carried = (
        money(_totals(outcome)[name], decimals, question.currency) for name in ("paid", "unclaimed", "carry_over")
    )
    pot = money(question.pot, decimals, question.currency)
    follows = f"{paid} are granted and accepted, {waits} wait to be accepted, {carried} are carried over"
    return f"{told}. What follows: of {pot}, {follows}."

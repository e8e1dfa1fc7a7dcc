"""The two files of a round as canonical JSON (RFC 8785): all that went in, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from communs.core.allocation.results import rational
from communs.core.bundles import Leaf
from communs.core.bundles.documents import written as written_bundle
from communs.core.rounds.closing import Outcome, Round
from communs.core.rounds.questions import RULE
from communs.core.transparency import canonical
from communs.core.transparency.canonical import INTEGER_MAX

ROUND_FILE: Final = "round.json"
OUTCOME_FILE: Final = "outcome.json"


def round_file(given: Round) -> bytes:
    """`round.json`: question, roll, ballots, seed, recipients and bundles, with the hashes that were published."""
    return canonical(round_document(given))


def outcome_file(outcome: Outcome) -> bytes:
    """`outcome.json`: turnout, support, what each is granted, receives and is paid, what is carried over, ties."""
    return files_of(outcome)[OUTCOME_FILE]


def files_of(outcome: Outcome) -> dict[str, bytes]:
    """Both files by name, each worked out once."""
    first = round_file(outcome.round)
    return {ROUND_FILE: first, OUTCOME_FILE: canonical(outcome_document(outcome, digest(first)))}


def digest(data: bytes) -> str:
    """The SHA-256 of a file, as it is published."""
    return sha256(data).hexdigest()


def round_document(given: Round) -> dict[str, Any]:
    """What `round.json` holds, as plain JSON values; ballots in the order of pseudonyms."""
    format_ = given.question.form.format
    return {
        "version": RULE,
        "opening_sha256": given.opening,
        "question": given.question.document(),
        "roll": given.roll.document(),
        "roll_sha256": given.roll.sha256,
        "ballots": [one.document(format_) for one in sorted(given.ballots, key=lambda one: one.voter)],
        "seed": given.seed,
        "recipients": [{"id": one.id, "accepted": one.accepted} for one in given.recipients],
        "bundles": [written_bundle(one) for one in given.bundles],
    }


def outcome_document(outcome: Outcome, round_sha256: str) -> dict[str, Any]:
    """What `outcome.json` holds, as plain JSON values. `round_sha256`: of the round's file."""
    given, count, result = outcome.round, outcome.count, outcome.count.result
    largest = outcome.concentration
    return {
        "version": RULE,
        "round": given.question.id,
        "opening_sha256": given.opening,
        "round_sha256": round_sha256,
        "rule": result.rule if result else "",
        "parameters": plain(result.parameters) if result else {},
        "turnout": {id_: asdict(one) for id_, one in count.turnout.items()},
        "support": {id_: asdict(one) for id_, one in count.support.items()},
        "selected": list(result.selected) if result else [],
        "granted": count.granted,
        "received": outcome.received,
        "paid": [_leaf(leaf) for leaf in outcome.paid],
        "unclaimed": [_leaf(leaf) for leaf in outcome.unclaimed],
        "totals": {
            "pot": given.question.pot,
            "paid": sum(leaf.minor for leaf in outcome.paid),
            "unclaimed": sum(leaf.minor for leaf in outcome.unclaimed),
            "carry_over": outcome.carry_over,
            "unspent": outcome.unspent,
            "returned": outcome.returned,
        },
        "ties": [plain(asdict(tie)) for tie in result.ties] if result else [],
        "concentration": {"to": largest.to, "minor": largest.minor, "of": largest.of, "ppm": largest.ppm},
    }


def plain(value: Any) -> Any:
    """Parameters as JSON values: exact numbers, and integers that other readers would round, become texts."""
    if isinstance(value, Fraction):
        return rational(value)
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _leaf(leaf: Leaf) -> dict[str, Any]:
    said: dict[str, Any] = {"to": leaf.to, "minor": leaf.minor, "path": list(leaf.path)}
    if leaf.unclaimed is not None:
        waits = leaf.unclaimed
        said |= {"expires_on": waits.expires_on.isoformat(), "destination": waits.destination}
    return said

"""A round worked out again from its two files, by a stranger: what does not follow, and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from communs.core.allocation.elections import InvalidElection
from communs.core.bundles import InvalidBundle
from communs.core.flows import InvalidGraph
from communs.core.rounds.closing import Outcome, Round, outcome_of
from communs.core.rounds.documents import OUTCOME_FILE, ROUND_FILE, digest, outcome_document, round_document, round_file
from communs.core.rounds.faults import InvalidRound, Problem
from communs.core.rounds.reading import InvalidFile, round_of
from communs.core.transparency import NotCanonical, canonical, read_canonical

PROBLEMS_MAX: Final = 100
MISSING: Final = "nothing"


@dataclass(frozen=True, eq=False)
class Verification:
    """What was found, with the round and what follows from it as far as they could be read and worked out."""

    problems: tuple[Problem, ...]
    round: Round | None = None
    outcome: Outcome | None = None


def verify_round(round_file: bytes, outcome_file: bytes, opening: str = "") -> tuple[Problem, ...]:
    """What is wrong with the two files of a round; nothing: all that is written follows from the ballots.

    `opening`: the hash that was published when the round opened. Without it, a question or a roll that was changed
    since, with everything worked out anew, is not seen.
    """
    return examine(round_file, outcome_file, opening).problems


def examine(round_file: bytes, outcome_file: bytes, opening: str = "") -> Verification:
    """The same, with what was read and worked out."""
    try:
        given, rewritten = _read(round_file)
    except (NotCanonical, InvalidFile) as wrong:
        return Verification((Problem("unreadable", {"file": ROUND_FILE, "why": str(wrong)}),))
    found = rewritten + list(_opened(given, opening))
    try:
        outcome = outcome_of(given)
    except InvalidRound as wrong:
        return Verification((*found, *wrong.problems[:PROBLEMS_MAX]), given)
    except (InvalidElection, InvalidGraph, InvalidBundle) as wrong:
        return Verification((*found, Problem("unreadable", {"file": ROUND_FILE, "why": str(wrong)})), given)
    follows = outcome_document(outcome, digest(round_file))
    if canonical(follows) == outcome_file:
        return Verification(tuple(found), given, outcome)
    try:
        told = read_canonical(outcome_file)
    except NotCanonical as wrong:
        unread = Problem("unreadable", {"file": OUTCOME_FILE, "why": str(wrong)})
        return Verification((*found, unread), given, outcome)
    differing = (
        Problem("differs", {"place": place, "said": one, "follows": other})
        for place, one, other in differences(told, follows)
    )
    return Verification((*found, *islice(differing, PROBLEMS_MAX)), given, outcome)


def differences(said: Any, follows: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two documents differ: the place, what is written there, what follows instead.

    >>> list(differences({"a": [1, 2], "b": 3}, {"a": [1, 5]}))
    [('a[1]', '2', '5'), ('b', '3', 'nothing')]
    """
    if isinstance(said, dict) and isinstance(follows, dict):
        for key in sorted(said.keys() | follows.keys()):
            inner = f"{place}.{key}" if place else key
            if key not in said or key not in follows:
                yield inner, _shown(said, key), _shown(follows, key)
            else:
                yield from differences(said[key], follows[key], inner)
    elif isinstance(said, list) and isinstance(follows, list):
        for number, (one, other) in enumerate(zip(said, follows, strict=False)):
            yield from differences(one, other, f"{place}[{number}]")
        if len(said) != len(follows):
            yield f"{place}, its length", str(len(said)), str(len(follows))
    elif type(said) is not type(follows) or said != follows:
        yield place or "the file", _short(said), _short(follows)


def _read(data: bytes) -> tuple[Round, list[Problem]]:
    """The round of a file, and where it is not written as that round is. Raises `NotCanonical`, `InvalidFile`."""
    try:
        said = json.loads(data)
        given = round_of(said)
        if round_file(given) == data:
            return given, []
    except (ValueError, RecursionError):
        pass  # what is wrong is told by those who look at each value, more slowly
    said = read_canonical(data)
    given = round_of(said)
    places = islice(differences(said, round_document(given)), PROBLEMS_MAX)
    told = [{"file": ROUND_FILE, "place": place, "said": one, "follows": other} for place, one, other in places]
    return given, [Problem("rewritten", one) for one in told]


def _opened(given: Round, opening: str) -> Iterator[Problem]:
    if opening and given.opening != opening:
        yield Problem("opening", {"said": opening[:100], "follows": given.opening})


def _shown(document: dict[str, Any], key: str) -> str:
    return _short(document[key]) if key in document else MISSING


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"

"""Elections from files, and back: Pabulib (.pb) here; plain tables (`tables`) and JSON (`from_json`) beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.json_elections import from_json
from communs.core.allocation.tables import from_csv
from communs.core.standards.pabulib.election import Ballots, Election
from communs.core.standards.pabulib.examining import examine
from communs.core.standards.pabulib.parsing import Parsed, parse
from communs.core.standards.pabulib.rows import Broken
from communs.core.standards.pabulib.votes import POINT, Walk
from communs.core.standards.problems import Problem
from communs.core.standards.reading import TooMuch

__all__ = ["Reading", "ballot_of", "class_of", "from_csv", "from_json", "from_pb", "read_pb", "to_pb", "votes"]


@dataclass(frozen=True)
class Reading:
    """An election, and what is wrong in the file it comes from though it can be counted."""

    instance: Instance
    problems: tuple[Problem, ...]


def from_pb(data: bytes) -> Instance:
    """The election of a Pabulib file.

    A project that a ballot names twice counts once there. Ballots that break the limits of META are kept, as other
    programs keep them. `read_pb` tells of both. Raises `InvalidElection`, with line and remedy, where something that
    decides is not certain: which project a ballot names, what one costs, how many points it got.

    >>> election = from_pb(
    ...     b"META\\nkey;value\\nbudget;500\\nvote_type;approval\\n"
    ...     b"PROJECTS\\nproject_id;cost\\npark;300\\ntree;99.5\\n"
    ...     b"VOTES\\nvoter_id;vote\\n1;park,tree\\n2;tree\\n"
    ... )
    >>> election.voters, election.budget, election.costs, election.decimals
    (2, 5000, (3000, 995), 1)
    """
    return _instance(_parsed(data), data)


def read_pb(data: bytes) -> Reading:
    """The election of a Pabulib file with every problem that `communs check` finds. Raises `InvalidElection`."""
    parsed = _parsed(data)
    return Reading(_instance(parsed, data), examine(parsed))


def to_pb(instance: Instance) -> bytes:
    """The election as a Pabulib file: the same bytes for the same election; reading it gives an equal one."""
    return instance.to_pb()


def ballot_of(data: bytes, voter: str) -> dict[str, int]:
    """What a voter of a Pabulib file said: points by project (1 where voters give none), in the order of the ballot.

    Raises `InvalidElection` where nobody of this id voted.
    """
    for id_, ballot in votes(data):
        if id_ == voter:
            return ballot
    raise InvalidElection(f"Nobody of the id {voter[:40]!r} votes in this file. Look at its column voter_id.")


def votes(data: bytes) -> Iterator[tuple[str, dict[str, int]]]:
    """Every voter of a Pabulib file, in its order, with what `ballot_of` says of them."""
    parsed = _parsed(data)
    instance = _instance(parsed, data)
    walk = Walk(parsed.data, parsed.head, parsed.numbers, parsed.kind)
    try:
        for vote in walk.votes():
            points = [point * parsed.point_factor // POINT for point in vote.points] or [1] * len(vote.choices)
            yield vote.voter, {instance.ids[one]: given for one, given in zip(vote.choices, points, strict=True)}
    except Broken as broken:
        raise InvalidElection(f"{broken.line}:1: {broken.detail}. Check the double quotes there.") from broken


def class_of(instance: Instance, ballot: Mapping[str, int]) -> int | None:
    """The ballot class that says exactly this (of a ranking, in this order); None where nobody voted so."""
    said = [(instance.number_of[id_], points) for id_, points in ballot.items() if points]
    choices, points = np.array(said if instance.kind is BallotKind.ORDINAL else sorted(said), np.int64).reshape(-1, 2).T
    for one in np.flatnonzero(np.diff(instance.starts) == len(said)).tolist():
        entries = slice(instance.starts[one], instance.starts[one + 1])
        alike = np.array_equal(instance.choices[entries], choices)
        if alike and (instance.points is None or np.array_equal(instance.points[entries], points)):
            return int(one)
    return None


def _parsed(data: bytes) -> Parsed:
    try:
        return parse(data)
    except TooMuch as much:
        raise InvalidElection(much.problem.render()) from much


def _instance(parsed: Parsed, data: bytes) -> Instance:
    election = parsed.election
    if election is None:
        fatal = parsed.problems.fatal
        raise InvalidElection(fatal.render() if fatal else "1:1: The file holds no election. Give another file.")
    return _of(election, hashlib.sha256(data).hexdigest(), parsed.point_factor)


def _of(election: Election, sha256: str, point_factor: int) -> Instance:
    kind = BallotKind(election.kind)
    ballots = _supporting(election.ballots) if kind.has_points else election.ballots
    return Instance(
        kind=kind,
        projects=tuple(Project(*listed) for listed in election.projects),
        budget=election.budget,
        sizes=ballots.sizes,
        starts=ballots.starts,
        choices=ballots.choices,
        points=ballots.points if kind.has_points else None,
        point_factor=point_factor,
        decimals=election.decimals,
        currency=election.currency,
        sha256=sha256,
        about=election.about,
    )


def _supporting(ballots: Ballots) -> Ballots:
    """The ballots without projects that were given 0 points."""
    kept = ballots.points > 0
    if bool(kept.all()):
        return ballots
    before = np.concatenate(([0], np.cumsum(kept)))
    return Ballots(ballots.sizes, before[ballots.starts], ballots.choices[kept], ballots.points[kept])

"""The lines of VOTES, looked at one by one: limits that a ballot breaks, and what is told of the voter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from communs.core.standards.pabulib.fields import VOTES as VOTES_COLUMNS
from communs.core.standards.pabulib.fields import VOTES_MAY_BE_EMPTY
from communs.core.standards.pabulib.limits import Limits, limits_of
from communs.core.standards.pabulib.parsing import Parsed
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.rows import Broken, Row
from communs.core.standards.pabulib.votes import Vote, Walk

_READ_ALREADY: Final = frozenset({"voter_id", "vote", "points"})
_YEARS: Final = re.compile(r"\d{1,3}(?:-\d{1,3})?", re.ASCII)
LABELS: Final = ("district", "neighborhood")
LABELS_MAX: Final = 10_000


def examine_votes(parsed: Parsed) -> dict[str, dict[str, int]]:
    """Limits and cells of all ballots. Gives the districts and neighbourhoods of voters, each with its first line."""
    head = parsed.head
    labels: dict[str, dict[str, int]] = {name: {} for name in LABELS}
    section = head.votes
    if not section.line or not parsed.kind or "vote" not in section.places:
        return labels
    limits = limits_of(head, parsed.kind, parsed.election)
    columns = {
        name: place for name, place in section.places.items() if name in VOTES_COLUMNS and name not in _READ_ALREADY
    }
    if not columns and parsed.is_plain and _keep(parsed, limits):
        _examine_lengths(parsed, limits)
        return labels
    try:
        for vote in Walk(parsed.data, head, parsed.numbers, parsed.kind).votes():
            _examine_vote(vote, limits, parsed)
            _examine_cells(vote.row, vote.voter, columns, parsed.problems)
            for name in LABELS:
                text = vote.row.cell(columns.get(name, -1))
                if text and len(labels[name]) < LABELS_MAX:
                    labels[name].setdefault(text, vote.row.line)
    except Broken:
        return labels  # told where the ballots were read
    _examine_lengths(parsed, limits)
    return labels


def _keep(parsed: Parsed, limits: Limits) -> bool:
    """Whether all ballots keep the limits."""
    election = parsed.election
    return election is not None and not limits.broken_by_any(election.ballots, parsed.point_factor)


def _examine_vote(vote: Vote, limits: Limits, parsed: Parsed) -> None:
    places = parsed.head.votes.places
    for code, said, found in limits.broken_by(vote):
        column = "points" if code.startswith(("points", "sum")) else "vote"
        place = (vote.row.line, vote.row.column(places.get(column, 0)), vote.path)
        parsed.problems.tell(code, *place, voter=vote.voter, said=said, found=found)


def _examine_lengths(parsed: Parsed, limits: Limits) -> None:
    """What all ballots together say of the greatest number of projects."""
    election, most = parsed.election, limits.max_length
    if election is None or most is None or not len(election.ballots.sizes):
        return
    lengths = np.diff(election.ballots.starts)
    key = parsed.head.meta["max_length"]
    place = (key.line, key.column, "meta.max_length")
    if int(lengths.max()) < most:
        parsed.problems.tell("never-full", *place, said=most)
    if most != 1 and int((lengths * election.ballots.sizes).sum()) == int(election.ballots.sizes.sum()):
        parsed.problems.tell("always-one", *place, said=most)


def _examine_cells(row: Row, voter: str, columns: Mapping[str, int], problems: Problems) -> None:
    for name, place in columns.items():
        text = row.cell(place)
        where = (row.line, row.column(place), f"votes.{voter}.{name}")
        if not text:
            if name not in VOTES_MAY_BE_EMPTY:
                problems.tell("cell-empty", *where)
        elif name in _CHECKS and not _CHECKS[name](text):
            problems.tell(name.replace("_", "-"), *where, value=text)


def _is_age(text: str) -> bool:
    if not _YEARS.fullmatch(text):
        return False
    years = [int(part) for part in text.split("-")]
    return years == sorted(years)


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "age": _is_age,
    "sex": lambda text: text in {"M", "F", "O"},
    "voting_method": lambda text: text in {"internet", "paper"},
}

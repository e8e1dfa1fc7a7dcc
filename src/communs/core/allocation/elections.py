"""An election: projects with their costs, a budget, and ballots, of which equal ones are kept once with their number.

Money is whole numbers of the smallest unit that occurs (`decimals` places after the point of the currency), so nothing
is ever rounded on the way in. Ballots are held as flat arrays: those of one kind ("class") follow one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from operator import index

import numpy as np
import numpy.typing as npt

from communs.core.standards.pabulib.election import Ballots, Election, Listed, is_id
from communs.core.standards.pabulib.writing import write

Ints = npt.NDArray[np.int64]
PROJECTS_MAX = 100_000
MONEY_MAX = 2**62  # a sum of money, in its smallest unit, that 64 bits hold with room for a sign and a carry
POINTS_MAX = 2**63  # of one voter for one project: what 64 bits hold; sums are checked where they are taken
DECIMALS_MAX = 18


class InvalidElection(ValueError):
    """The election cannot be counted: the message names what is wrong and what to do."""


class BallotKind(StrEnum):
    """What voters were asked for, in the words of Pabulib."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def has_points(self) -> bool:
        return self in {BallotKind.CUMULATIVE, BallotKind.SCORING}


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `cost` in the smallest unit of the election's money."""

    id: str
    cost: int
    name: str = ""


@dataclass(frozen=True)
class Support:
    """Who supports each project: the ballot classes of project p are `classes[starts[p]:starts[p + 1]]`, ascending.

    `entries` are the places of the same in the arrays of the ballots.
    """

    starts: Ints
    classes: Ints
    entries: Ints
    voters: Ints  # by project: how many voters support it

    def of(self, project: int) -> Ints:
        """The ballot classes that name a project."""
        return self.classes[self.starts[project] : self.starts[project + 1]]


@dataclass(frozen=True, eq=False)
class Instance:
    """An election, ready to be counted.

    `sizes[c]`: how many voters cast ballot class c; `choices[starts[c]:starts[c + 1]]`: the numbers of the projects it
    names, ascending (ordinal: the most preferred first); `points` beside `choices`, where voters gave points.
    A voter whose ballot names nothing counts as a voter. Made by `from_rows`, or by `communs.core.allocation.reading`.
    """

    kind: BallotKind
    projects: tuple[Project, ...]
    budget: int
    sizes: Ints
    starts: Ints
    choices: Ints
    points: Ints | None = None
    point_factor: int = 1  # by what points with decimals were multiplied to be whole
    decimals: int = 0
    currency: str = ""
    sha256: str = ""  # of the bytes that it was read from, or of those that `to_pb` writes
    about: Mapping[str, str] = field(default_factory=dict)  # what else the source says of the election

    def __post_init__(self) -> None:
        _check_money(self.projects, self.budget, self.decimals)
        if self.kind.has_points != (self.points is not None):
            raise InvalidElection(
                f"Ballots of kind {self.kind} {'need' if self.kind.has_points else 'have no'} points."
            )

    @classmethod
    def from_rows(
        cls,
        projects: Iterable[Project],
        budget: int,
        ballots: Iterable[Sequence[str] | Mapping[str, int]],
        kind: BallotKind = BallotKind.APPROVAL,
        *,
        decimals: int = 0,
        currency: str = "",
        about: Mapping[str, str] | None = None,
    ) -> Instance:
        """An election from projects and ballots, one a voter: ids of projects, or points by id.

        Raises `InvalidElection`: an unknown project, one that stands twice in a ballot, negative points or costs.
        """
        listed = tuple(projects)
        numbers = _numbers(listed)
        grouped: dict[tuple[tuple[int, int], ...], int] = {}
        for place, ballot in enumerate(ballots, 1):
            said = _ballot(ballot, numbers, kind, f"Ballot {place}")
            grouped[said] = grouped.get(said, 0) + 1
        sizes, starts, choices, points = _arrays(grouped)
        election = cls(
            kind=kind,
            projects=listed,
            budget=budget,
            sizes=sizes,
            starts=starts,
            choices=choices,
            points=points if kind.has_points else None,
            decimals=decimals,
            currency=currency,
            about=about or {},
        )
        return replace(election, sha256=hashlib.sha256(election.to_pb()).hexdigest())

    def to_pb(self) -> bytes:
        """The election as a Pabulib file: the same bytes for the same election, whatever order its ballots came in."""
        points = np.ones(len(self.choices), np.int64) if self.points is None else self.points
        listed = tuple(Listed(project.id, project.cost, project.name) for project in self.projects)
        ballots = Ballots(self.sizes, self.starts, self.choices, points)
        return write(Election(str(self.kind), listed, self.budget, self.decimals, self.currency, self.about, ballots))

    @property
    def voters(self) -> int:
        """How many people voted, those with an empty ballot included."""
        return int(self.sizes.sum())

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(project.id for project in self.projects)

    @cached_property
    def costs(self) -> tuple[int, ...]:
        return tuple(project.cost for project in self.projects)

    @cached_property
    def number_of(self) -> dict[str, int]:
        return {id_: number for number, id_ in enumerate(self.ids)}

    @cached_property
    def support(self) -> Support:
        """The ballots by project."""
        classes = np.repeat(np.arange(len(self.sizes), dtype=np.int64), np.diff(self.starts))
        small = self.choices.astype(np.uint16) if len(self.projects) <= 2**16 else self.choices  # sorted by radix
        entries = np.argsort(small, kind="stable")
        named = np.bincount(self.choices, minlength=len(self.projects))
        starts = np.concatenate(([0], np.cumsum(named))).astype(np.int64)
        voters = np.bincount(self.choices, self.sizes[classes], len(self.projects)).astype(np.int64)
        return Support(starts, classes[entries], entries, voters)

    def ballot(self, number: int) -> Ints:
        """The projects that a ballot class names."""
        return self.choices[self.starts[number] : self.starts[number + 1]]


def _numbers(projects: Sequence[Project]) -> dict[str, int]:
    if len(projects) > PROJECTS_MAX:
        raise InvalidElection(f"{len(projects)} projects are more than {PROJECTS_MAX}. Split the election.")
    numbers: dict[str, int] = {}
    for number, project in enumerate(projects):
        if project.id in numbers:
            raise InvalidElection(f"Project {project.id} is listed twice. Keep one of the two.")
        if not is_id(project.id):
            remedy = (
                "Write an id without comma, semicolon, quotes and line break, not the name of a section of .pb files."
            )
            raise InvalidElection(f"Project {number + 1} has the id {project.id[:40]!r}. {remedy}")
        numbers[project.id] = number
    return numbers


def _ballot(
    ballot: Sequence[str] | Mapping[str, int], numbers: Mapping[str, int], kind: BallotKind, place: str
) -> tuple[tuple[int, int], ...]:
    """A ballot as (project, points), the points 1 where there are none."""
    if isinstance(ballot, str):
        raise InvalidElection(f"{place} is a text, {ballot[:40]!r}. Give a list of ids, also for a single one.")
    given = ballot if isinstance(ballot, Mapping) else dict.fromkeys(ballot, 1)
    if len(given) != len(ballot):
        raise InvalidElection(f"{place} names a project twice. Name it once.")
    if kind is BallotKind.CHOOSE_1 and len(given) > 1:
        raise InvalidElection(f"{place} names {len(given)} projects where one may be chosen.")
    unknown = next((id_ for id_ in given if id_ not in numbers), None)
    if unknown is not None:
        raise InvalidElection(f"{place} names {unknown}, which is no project of this election.")
    said = [(numbers[id_], _whole(points, f"{place} gives {points!r:.40} points")) for id_, points in given.items()]
    if any(points < 0 for _project, points in said):
        raise InvalidElection(f"{place} gives negative points. Points are 0 or more.")
    if any(points >= POINTS_MAX for _project, points in said):
        raise InvalidElection(f"{place} gives more than {POINTS_MAX - 1} points. Scale all points alike.")
    said = [(project, points) for project, points in said if points]
    return tuple(said if kind is BallotKind.ORDINAL else sorted(said))


def _arrays(grouped: Mapping[tuple[tuple[int, int], ...], int]) -> tuple[Ints, Ints, Ints, Ints]:
    """Sizes, starts, choices and points of these ballots."""
    lengths = np.fromiter(map(len, grouped), np.int64, len(grouped))
    flat = np.array([pair for ballot in grouped for pair in ballot], np.int64).reshape(-1, 2)
    sizes = np.fromiter(grouped.values(), np.int64, len(grouped))
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return sizes, starts, np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])


def _whole(number: int, said: str) -> int:
    """The number; one that is not whole would have to be rounded, and is refused."""
    try:
        return index(number)
    except TypeError:
        raise InvalidElection(f"{said}. Write a whole number.") from None


def _check_money(projects: Sequence[Project], budget: int, decimals: int) -> None:
    if not 0 <= decimals <= DECIMALS_MAX:
        raise InvalidElection(f"Money has {decimals} decimals. Choose 0 to {DECIMALS_MAX}.")
    _whole(budget, f"The budget is {budget!r:.40}")
    for project in projects:
        _whole(project.cost, f"Project {project.id} costs {project.cost!r:.40}")
    if budget < 0:
        raise InvalidElection(f"The budget is {budget}. It must be 0 or more.")
    wrong = next((project for project in projects if project.cost < 0), None)
    if wrong is not None:
        raise InvalidElection(f"Project {wrong.id} costs {wrong.cost}. A cost must be 0 or more.")
    if budget + sum(project.cost for project in projects) > MONEY_MAX:
        raise InvalidElection(f"Costs and budget together pass {MONEY_MAX} of the smallest unit. Use a larger unit.")

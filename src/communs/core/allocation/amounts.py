"""Amounts by person and project: contributions to match, or grants that people propose.

Whole numbers of the smallest unit, in flat arrays sorted by person, then project; a person names a project once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from communs.core.allocation.elections import MONEY_MAX, PROJECTS_MAX, Instance, Ints, InvalidElection
from communs.core.allocation.results import canonical

ROWS_MAX = 5_000_000


class Repeated(StrEnum):
    """What it means that a person stands twice beside a project."""

    ADD = "add"  # gifts add up
    REFUSE = "refuse"  # one of two proposals is wrong


@dataclass(frozen=True, eq=False)
class Amounts:
    """Who gives (or proposes) how much for what: entry e is `amount[e]` of `people[person[e]]` for
    `projects[project[e]]`. A project that nobody names may be listed; so may a person who names nothing.
    """

    people: tuple[str, ...]
    projects: tuple[str, ...]
    person: Ints
    project: Ints
    amount: Ints
    sha256: str = ""  # of the bytes it was read from, or of the rows as canonical JSON

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[str, str, int]],
        projects: Sequence[str] = (),
        *,
        people: Sequence[str] = (),
        repeated: Repeated = Repeated.ADD,
        sha256: str = "",
    ) -> Amounts:
        """Amounts from (person, project, amount). Where `projects` are given no others may be named.

        Raises `InvalidElection` with the number of the row: unknown project, negative amount, a repeated pair.
        """
        numbers = _numbered(projects)
        known = dict(zip(people, range(len(people)), strict=True))
        found: dict[tuple[int, int], int] = {}
        for place, (person, project, amount) in enumerate(rows, 1):
            if place > ROWS_MAX:
                raise InvalidElection(f"More than {ROWS_MAX} rows. Split the round.")
            if projects and project not in numbers:
                raise InvalidElection(f"Row {place} names {project}, which is no project of this round.")
            if amount < 0:
                raise InvalidElection(f"Row {place} gives {amount}. An amount is 0 or more.")
            key = (known.setdefault(person, len(known)), numbers.setdefault(project, len(numbers)))
            if key in found and repeated is Repeated.REFUSE:
                raise InvalidElection(f"Row {place}: {person} names {project} a second time. Keep one of the two.")
            found[key] = found.get(key, 0) + amount
        return cls._from_pairs(tuple(known), tuple(numbers), found, sha256)

    @classmethod
    def _from_pairs(
        cls, people: tuple[str, ...], projects: tuple[str, ...], found: dict[tuple[int, int], int], sha256: str
    ) -> Amounts:
        if sum(found.values()) > MONEY_MAX:
            raise InvalidElection(f"The amounts together pass {MONEY_MAX} of the smallest unit. Use a larger unit.")
        if len(projects) > PROJECTS_MAX:
            raise InvalidElection(f"{len(projects)} projects are more than {PROJECTS_MAX}. Split the round.")
        flat = np.array([(*key, found[key]) for key in sorted(found)], np.int64).reshape(-1, 3)
        person, project, amount = (np.ascontiguousarray(flat[:, column]) for column in range(3))
        return cls(people, projects, person, project, amount, sha256 or _hash_of(people, projects, found))

    @classmethod
    def from_instance(cls, instance: Instance) -> Amounts:
        """The ballots of an election as amounts: the points of each voter, or 1 for each project named."""
        lengths = np.diff(instance.starts)
        if int((lengths * instance.sizes).sum()) > ROWS_MAX:
            raise InvalidElection(f"The ballots hold more than {ROWS_MAX} entries. Split the election.")
        classes = np.repeat(np.arange(len(instance.sizes)), instance.sizes)
        entries = [np.arange(instance.starts[one], instance.starts[one + 1]) for one in range(len(instance.sizes))]
        chosen = np.concatenate([entries[one] for one in classes]) if len(classes) else np.zeros(0, np.int64)
        points = np.ones(len(chosen), np.int64) if instance.points is None else instance.points[chosen]
        person = np.repeat(np.arange(len(classes)), lengths[classes])
        order = np.lexsort((instance.choices[chosen], person))
        return cls(
            tuple(str(number) for number in range(1, len(classes) + 1)),
            instance.ids,
            person[order].astype(np.int64),
            instance.choices[chosen][order],
            points[order],
            instance.sha256,
        )

    def at_least(self, minimum: int) -> Amounts:
        """Only the entries of at least `minimum`; people and projects stay listed."""
        kept = self.amount >= minimum
        return Amounts(
            self.people, self.projects, self.person[kept], self.project[kept], self.amount[kept], self.sha256
        )

    @cached_property
    def by_project(self) -> Groups:
        """The entries of each project, people ascending."""
        return Groups.of(self.project, len(self.projects))

    @cached_property
    def by_person(self) -> Groups:
        """The entries of each person, projects ascending."""
        return Groups.of(self.person, len(self.people))

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """How much each project is given in all."""
        found = np.zeros(len(self.projects), np.int64)
        np.add.at(found, self.project, self.amount)
        return tuple(map(int, found))


@dataclass(frozen=True, slots=True)
class Groups:
    """Entries by group: those of group g are `entries[starts[g]:starts[g + 1]]`, ascending."""

    starts: Ints
    entries: Ints

    @classmethod
    def of(cls, numbers: Ints, count: int) -> Groups:
        entries = np.argsort(numbers, kind="stable")
        return cls(np.searchsorted(numbers[entries], np.arange(count + 1)).astype(np.int64), entries)

    def __getitem__(self, group: int) -> Ints:
        return self.entries[self.starts[group] : self.starts[group + 1]]


def _numbered(projects: Sequence[str]) -> dict[str, int]:
    numbers = {project: number for number, project in enumerate(projects)}
    if len(numbers) != len(projects):
        twice = next(project for number, project in enumerate(projects) if numbers[project] != number)
        raise InvalidElection(f"Project {twice} is listed twice. Keep one of the two.")
    return numbers


def _hash_of(people: tuple[str, ...], projects: tuple[str, ...], found: dict[tuple[int, int], int]) -> str:
    rows = sorted([people[person], projects[project], amount] for (person, project), amount in found.items())
    return hashlib.sha256(canonical({"projects": sorted(projects), "people": len(people), "rows": rows})).hexdigest()

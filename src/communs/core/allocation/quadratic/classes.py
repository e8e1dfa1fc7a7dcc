"""Classes of equal donors: those who gave the same amounts to the same projects."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from communs.core.allocation.amounts import Amounts, Groups
from communs.core.allocation.elections import Ints
from communs.core.allocation.quadratic.roots import root


class Classes:
    """`sizes`: how many donors; their entries by class (from `starts`) and by project."""

    def __init__(self, amounts: Amounts) -> None:
        groups, found = amounts.by_person, defaultdict[bytes, int](int)
        first: dict[bytes, Ints] = {}
        for person in range(len(amounts.people)):
            entries = groups[person]
            if len(entries):
                key = amounts.project[entries].tobytes() + amounts.amount[entries].tobytes()
                found[key] += 1
                first.setdefault(key, entries)
        self.sizes = np.fromiter(found.values(), np.int64, len(found))
        kept = np.concatenate(list(first.values())) if first else np.zeros(0, np.int64)
        lengths = np.fromiter(map(len, first.values()), np.int64, len(first))
        self.starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        self.projects = amounts.project[kept]
        self.amounts = amounts.amount[kept]
        self.classes = np.repeat(np.arange(len(lengths)), lengths)
        self.by_project = Groups.of(self.projects, len(amounts.projects))
        # Entry e stands at places[e] when entries are listed by project.
        self.places = np.empty(len(kept), np.int64)
        self.places[self.by_project.entries] = np.arange(len(kept))

    def members(self, project: int) -> list[tuple[int, int]]:
        """Each class that gave to a project, and how much each of its donors gave."""
        entries = self.by_project[project]
        return list(zip(self.classes[entries].tolist(), self.amounts[entries].tolist(), strict=True))

    def tails(self, one: int) -> list[tuple[int, slice]]:
        """Each project of a class, with the places of the class itself and of those after it in that project."""
        ends = self.by_project.starts
        entries = range(self.starts[one], self.starts[one + 1])
        projects = [int(self.projects[entry]) for entry in entries]
        return [
            (project, slice(int(self.places[entry]), int(ends[project + 1])))
            for project, entry in zip(projects, entries, strict=True)
        ]

    def common(self, one: int, other: int, bits: int) -> tuple[int, int]:
        """Σ √(c_ip · c_jp) over all projects of two classes, rounded down, and how much more it may be."""
        mine, yours = self._given(one), self._given(other)
        found = [root(mine[project] * yours[project], bits) for project in mine.keys() & yours.keys()]
        return sum(down for down, _inexact in found), sum(inexact for _down, inexact in found)

    def _given(self, one: int) -> dict[int, int]:
        entries = slice(self.starts[one], self.starts[one + 1])
        return dict(zip(self.projects[entries].tolist(), self.amounts[entries].tolist(), strict=True))

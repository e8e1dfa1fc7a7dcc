"""Ideal matches of the standard formula and of clusters by profile, by integer roots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.elections import Ints
from communs.core.allocation.quadratic.roots import Bounds, ideal


class StandardIdeals:
    """(Σ √c)² − Σ c of each project, over donors or over what clusters of donors gave together."""

    def __init__(self, gifts: Sequence[Sequence[tuple[int, int]]]) -> None:
        self._gifts = gifts

    @classmethod
    def of_donors(cls, amounts: Amounts) -> StandardIdeals:
        return cls([_counted(amounts.amount[entries]) for entries in _by_project(amounts)])

    @classmethod
    def of_profiles(cls, amounts: Amounts) -> StandardIdeals:
        """Donors with the same set of projects are one."""
        profiles = _profiles(amounts)
        gifts = []
        for entries in _by_project(amounts):
            together: dict[int, int] = defaultdict(int)
            for person, amount in zip(amounts.person[entries].tolist(), amounts.amount[entries].tolist(), strict=True):
                together[profiles[person]] += amount
            gifts.append([(amount, 1) for amount in together.values()])
        return cls(gifts)

    def all(self, bits: int) -> list[Bounds]:
        """Bounds of all ideal matches, with `bits` binary places."""
        return [ideal(gifts, bits) for gifts in self._gifts]

    def one(self, project: int, bits: int) -> Bounds:
        """Bounds of one, as narrow as asked for."""
        return ideal(self._gifts[project], bits)


def _by_project(amounts: Amounts) -> Iterable[Ints]:
    return (amounts.by_project[project] for project in range(len(amounts.projects)))


def _counted(given: Ints) -> list[tuple[int, int]]:
    values, times = np.unique(given, return_counts=True)
    return list(zip(values.tolist(), times.tolist(), strict=True))


def _profiles(amounts: Amounts) -> list[int]:
    """The number of each person's profile: the set of projects they gave to."""
    numbers: dict[bytes, int] = {}
    groups = amounts.by_person
    return [
        numbers.setdefault(amounts.project[groups[person]].tobytes(), len(numbers))
        for person in range(len(amounts.people))
    ]

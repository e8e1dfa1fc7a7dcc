"""From ideal matches to amounts: bounds first, many more binary places only where the bounds leave something open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Attempt, Division, Pot, divide, divide_bounded
from communs.core.allocation.quadratic.connected import ConnectedIdeals
from communs.core.allocation.quadratic.pairwise import PairwiseIdeals
from communs.core.allocation.quadratic.roots import Bounds
from communs.core.allocation.quadratic.standard import StandardIdeals
from communs.core.allocation.quadratic.variants import ConnectedClusters, Pairwise, ProfileClusters, Variant

FIRST_BITS = 64
FINER_BITS = 192
LAST_BITS = 640
PLACES = 256  # numbers that agree in so many binary places are taken as equal
GRAIN = 1 << 160  # and so are parts of the pot that agree in 160


class Ideals(Protocol):
    """The ideal matches of a variant, with bounds."""

    def all(self, bits: int) -> list[Bounds]: ...

    def one(self, project: int, bits: int) -> Bounds: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """The division, the ideal matches in whole units, and how many of them needed more places than the first."""

    division: Division
    ideals: tuple[int, ...]
    raised: int


def ideals_of(variant: Variant, amounts: Amounts) -> Ideals:
    """What computes the ideal matches of a variant."""
    match variant:
        case Pairwise(m):
            return PairwiseIdeals(amounts, m)
        case ProfileClusters():
            return StandardIdeals.of_profiles(amounts)
        case ConnectedClusters(memberships):
            return ConnectedIdeals(amounts, memberships)
        case _:
            return StandardIdeals.of_donors(amounts)


def decide(pot: Pot, ideals: Ideals, alike: Sequence[int]) -> Decided:
    """The amounts of real arithmetic: those that the first bounds prove, otherwise those of more places.

    `alike`: projects with the same number have the same gifts of the same people, and so the same ideal match.
    """
    known = _Known(ideals, alike)
    attempt = _attempt(pot, known, FIRST_BITS)
    if attempt.division is None:
        attempt = _attempt(pot, known, FINER_BITS)
    if attempt.division is None and attempt.doubtful:
        known.join(attempt.doubtful)
        attempt = _attempt(pot, known, FINER_BITS)
    division = attempt.division
    if division is None:
        weights = [known.last(project) for project in range(len(pot.ids))]
        division = divide(pot, weights, 1 << PLACES, GRAIN)
    return Decided(division, known.whole(), known.raised)


def _attempt(pot: Pot, known: _Known, bits: int) -> Attempt:
    bounds = known.all(bits)
    # Those that are alike and have the same limits have the same part, and may only differ by a unit and the order.
    same = list(zip(known.alike, pot.floors, pot.caps, strict=True))
    return divide_bounded(pot, [one.low for one in bounds], [one.high for one in bounds], 1 << bits, same)


def whole_ideals(ideals: Ideals, alike: Sequence[int]) -> tuple[int, ...]:
    """The ideal matches in whole units, rounded down."""
    return _Known(ideals, alike).whole()


def alike_in(amounts: Amounts) -> list[int]:
    """By project a number, the same for those with the same gifts of the same people."""
    numbers: dict[bytes, int] = {}
    return [
        numbers.setdefault(amounts.person[entries].tobytes() + amounts.amount[entries].tobytes(), len(numbers))
        for entries in (amounts.by_project[project] for project in range(len(amounts.projects)))
    ]


class _Known:
    """Ideal matches as far as they have been worked out; those that are alike only once."""

    def __init__(self, ideals: Ideals, alike: Sequence[int]) -> None:
        self._ideals = ideals
        leaders: dict[int, int] = {}
        self.alike = [leaders.setdefault(number, project) for project, number in enumerate(alike)]
        self._found: dict[tuple[int, int], Bounds] = {}
        self._whole_rounds: set[int] = set()  # the places with which all are known
        self.all(FIRST_BITS)

    @property
    def raised(self) -> int:
        """How many numbers were worked out with more places than the first."""
        return len({project for project, bits in self._found if bits > FIRST_BITS})

    def all(self, bits: int) -> list[Bounds]:
        """Bounds of all, those of the first for those that are alike."""
        if bits not in self._whole_rounds:
            self._whole_rounds.add(bits)
            self._found |= {(project, bits): one for project, one in enumerate(self._ideals.all(bits))}
        return [self.bounds(project, bits) for project in range(len(self.alike))]

    def bounds(self, project: int, bits: int) -> Bounds:
        key = (self.alike[project], bits)
        if key not in self._found:
            self._found[key] = self._ideals.one(*key)
        return self._found[key]

    def join(self, projects: Sequence[int]) -> None:
        """Find out which of these have the same ideal match, and count them as alike."""
        leaders: dict[int, int] = {}
        for leader in sorted({self.alike[project] for project in projects}):
            same = leaders.setdefault(self.last(leader), leader)
            self.alike = [same if one == leader else one for one in self.alike]

    def last(self, project: int) -> int:
        """An ideal match as a whole number of 2^-PLACES, the nearest one."""
        bounds = self.bounds(project, LAST_BITS)
        shift = LAST_BITS - PLACES + 1
        return (bounds.low + bounds.high + (1 << (shift - 1))) >> shift

    def whole(self) -> tuple[int, ...]:
        """All ideal matches in whole units, rounded down."""
        return tuple(self._whole(project) for project in range(len(self.alike)))

    def _whole(self, project: int) -> int:
        for bits in (FIRST_BITS, FINER_BITS):
            bounds = self.bounds(project, bits)
            if bounds.low >> bits == bounds.high >> bits:
                return bounds.low >> bits
        return self.last(project) >> PLACES

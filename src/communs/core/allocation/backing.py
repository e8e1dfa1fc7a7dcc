"""Who stands behind each project, laid out for counting: ballot classes, how many voters each is, and what it is worth.

Prices are counted per unit of `worth`. With the utilities cost and cardinality every supporter of a project values it
the same, so the worth of an entry is 1 and the price is what a voter pays; `unit` is what the utility makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from communs.core.allocation.elections import Instance, Ints, InvalidElection
from communs.core.allocation.utilities import Utility, by_entry

Floats = npt.NDArray[np.float64]
PART = 8192
WORTH_MAX = 2**53  # whole numbers up to here are exact as floats, and so are their sums


@dataclass(frozen=True, slots=True)
class Backers:
    """The supporters of one project. `per` is the worth of the project to each of them; None where it is 1 to all."""

    classes: Ints
    weights: Floats  # how many voters cast the ballot
    worths: Floats  # the same times `per`
    per: Floats | None
    total: float  # the sum of `worths`
    cost: int
    unit: int  # rho = price / unit


@dataclass(frozen=True)
class Backing:
    """The supporters of every project, and the worth of every entry of the ballots (None: always 1)."""

    instance: Instance
    utility: Utility
    backers: tuple[Backers, ...]
    per_entry: Ints | None

    @classmethod
    def of(cls, instance: Instance, utility: Utility) -> Backing:
        """Raises `InvalidElection` where the ballots do not say what the utility asks, or more than can be summed."""
        per_entry = points_of(instance) if utility is Utility.SCORE else _named(instance)
        sizes = instance.sizes.astype(np.float64)
        units = instance.costs if utility is Utility.COST else (1,) * len(instance.projects)
        backers = (_backers(instance, number, sizes, per_entry, unit) for number, unit in enumerate(units))
        return cls(instance, utility, tuple(backers), per_entry)

    def as_marks(self) -> Backing:
        """The same supporters, to all of whom every project is worth the same."""
        return Backing(self.instance, Utility.CARDINALITY, tuple(map(_mark, self.backers)), None)


def dot(one: Floats, other: Floats) -> float:
    """The sum of the products, in parts too short for a BLAS library to share among threads.

    Waking threads costs more than such a sum, a hundred times more where the processors are busy with something else.
    """
    if len(one) <= PART:
        return float(one.dot(other))
    parts = range(0, len(one), PART)
    return float(sum(one[start : start + PART].dot(other[start : start + PART]) for start in parts))


def _mark(backers: Backers) -> Backers:
    return replace(backers, worths=backers.weights, per=None, total=float(backers.weights.sum()), unit=1)


def points_of(instance: Instance) -> Ints:
    """The points of each entry, small enough to be summed as floats without loss. Raises `InvalidElection`."""
    points = by_entry(instance, Utility.SCORE)
    if int(points.max(initial=1)) * instance.voters > WORTH_MAX:
        raise InvalidElection(f"The points of {instance.voters} voters add up to more than {WORTH_MAX}. Scale them.")
    return points


def _named(instance: Instance) -> Ints | None:
    """1 for each entry that supports; None where all do. An entry of 0 points supports nothing."""
    if instance.points is None or instance.points.all():
        return None
    return (instance.points > 0).astype(np.int64)


def _backers(instance: Instance, number: int, sizes: Floats, per_entry: Ints | None, unit: int) -> Backers:
    support = instance.support
    classes = support.of(number)
    cost = instance.costs[number]
    if per_entry is None:
        weights = sizes.take(classes)
        return Backers(classes, weights, weights, None, float(weights.sum()), cost, unit)
    worth = per_entry.take(support.entries[support.starts[number] : support.starts[number + 1]])
    classes, per = classes[worth > 0], worth[worth > 0].astype(np.float64)
    weights = sizes.take(classes)
    worths = weights * per
    return Backers(classes, weights, worths, per, float(worths.sum()), cost, unit)

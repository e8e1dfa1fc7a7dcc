"""The limits of META that ballots must keep: how many projects, at what cost, with how many points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from communs.core.standards.pabulib.amounts import Amount, amount_of, ungrouped, whole_of, written
from communs.core.standards.pabulib.election import APPROVAL, CHOOSE_1, WITH_POINTS, Ballots, Election
from communs.core.standards.pabulib.head import Head
from communs.core.standards.pabulib.votes import POINT, POINT_PLACES, Vote


@dataclass(frozen=True, slots=True)
class Limits:
    """None where there is no limit. Costs in the smallest unit of money, points in millionths."""

    kind: str
    min_length: int | None
    max_length: int | None
    min_sum_cost: int | None
    max_sum_cost: int | None
    min_points: int | None
    max_points: int | None
    min_sum_points: int | None
    max_sum_points: int | None
    costs: tuple[int, ...]
    decimals: int

    def broken_by_any(self, ballots: Ballots, factor: int) -> bool:
        """Whether a ballot breaks one. `factor`: by what the points were multiplied."""
        lengths = np.diff(ballots.starts)
        if _outside(lengths, self.min_length, self.max_length) or (self.kind == CHOOSE_1 and _outside(lengths, 1, 1)):
            return True
        costs = np.array(self.costs, np.int64)
        if self.costs and _outside(_sums(ballots, costs[ballots.choices]), self.min_sum_cost, self.max_sum_cost):
            return True
        points = ballots.points * (POINT // factor)
        return self.kind in WITH_POINTS and (
            _outside(points, self.min_points, self.max_points)
            or _outside(_sums(ballots, points), self.min_sum_points, self.max_sum_points)
        )

    def broken_by(self, vote: Vote) -> Iterator[tuple[str, str, str]]:
        """What one ballot breaks: code, what is allowed, what was found."""
        if self.kind == CHOOSE_1 and len(vote.choices) > 1:
            yield "more-than-one", "1", str(len(vote.choices))
        elif self.max_length is not None and len(vote.named) > self.max_length:
            yield "too-long", str(self.max_length), str(len(vote.named))
        if vote.choices and self.min_length is not None and len(vote.choices) < self.min_length:
            yield "too-short", str(self.min_length), str(len(vote.choices))
        if self.costs:
            cost = sum(self.costs[project] for project in vote.choices)
            yield from _crossed("cost", cost, self.min_sum_cost, self.max_sum_cost, self.decimals)
        if vote.points:
            yield from _crossed("points", min(vote.points), self.min_points, None, POINT_PLACES)
            yield from _crossed("points", max(vote.points), None, self.max_points, POINT_PLACES)
            yield from _crossed("sum", sum(vote.points), self.min_sum_points, self.max_sum_points, POINT_PLACES)
            if any(later > earlier for earlier, later in zip(vote.points, vote.points[1:], strict=False)):
                yield "points-order", "", ""


def limits_of(head: Head, kind: str, election: Election | None) -> Limits:
    """The limits that META sets. Those of costs bind ballots that approve, where the costs are known."""
    costs = tuple(project.cost for project in election.projects) if election and kind in {APPROVAL, CHOOSE_1} else ()
    decimals = election.decimals if election else 0
    return Limits(
        kind=kind,
        min_length=whole_of(head.value("min_length")),
        max_length=whole_of(head.value("max_length")),
        min_sum_cost=_units(head, "min_sum_cost", decimals, up=True),
        max_sum_cost=_units(head, "max_sum_cost", decimals),
        min_points=_units(head, "min_points", POINT_PLACES, up=True),
        max_points=_units(head, "max_points", POINT_PLACES),
        min_sum_points=_units(head, "min_sum_points", POINT_PLACES, up=True),
        max_sum_points=_units(head, "max_sum_points", POINT_PLACES),
        costs=costs,
        decimals=decimals,
    )


def _units(head: Head, name: str, places: int, *, up: bool = False) -> int | None:
    """A limit in units of ten to minus `places`; a part of a unit never lets more through than the limit."""
    amount: Amount | None = amount_of(ungrouped(head.value(name)))
    if amount is None:
        return None
    scaled, unit = int(amount.digits * 10**places), int(10**amount.places)
    return -(-scaled // unit) if up else scaled // unit


def _outside(values: np.ndarray[tuple[int], np.dtype[np.int64]], low: int | None, high: int | None) -> bool:
    if not len(values):
        return False
    return (low is not None and int(values.min()) < low) or (high is not None and int(values.max()) > high)


def _sums(
    ballots: Ballots, values: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    total = np.concatenate(([0], np.cumsum(values)))
    return np.asarray(total[ballots.starts[1:]] - total[ballots.starts[:-1]], np.int64)


def _crossed(name: str, found: int, low: int | None, high: int | None, places: int) -> Iterator[tuple[str, str, str]]:
    if low is not None and found < low:
        yield f"{name}-too-low", written(low, places), written(found, places)
    if high is not None and found > high:
        yield f"{name}-too-high", written(high, places), written(found, places)

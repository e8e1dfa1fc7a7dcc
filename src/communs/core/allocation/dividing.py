"""A pot divided by weights into whole units of money: water-filling, then one rounding by largest remainder.

The parts that water-filling gives (where a surplus is kept, at most the weights themselves) are rounded once: everyone
gets the whole units of their part, and the units that are left go one each to the largest remainders; of equal ones, to
those that come first in the order of ties. What is paid and what is not spent add up to the pot, always.

Weights that are not known exactly (sums of square roots) come as bounds. Among whole numbers with a given sum, the
rounding by largest remainder is the only one whose errors (exact part less amount) span less than one unit: were there
another, it would give somebody a unit more and somebody else a unit less, and its errors would span more than 2 − 1. So
amounts are certain as soon as the bounds of their errors span less than one unit, however they were found.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.results import rational
from communs.core.allocation.ties import Order, Tie
from communs.core.allocation.waterfilling import Caps, Filling, Limits, fill, parts_at


class Surplus(StrEnum):
    """What is done with a pot that is larger than what the rule asks for."""

    KEEP = "keep"  # nobody gets more than the rule asks for (or their floor); the rest is not spent
    SPEND = "spend"  # the weights are scaled up until the pot is spent or everyone is at their cap


@dataclass(frozen=True, slots=True)
class Division:
    """Amounts in the order of the projects, what is not spent, the tie that decided a unit, how the level was found."""

    amounts: tuple[int, ...]
    unspent: int
    ties: tuple[Tie, ...] = ()
    filling: Filling | None = None

    def rounds(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The rounds of water-filling as plain JSON values."""
        settled = self.filling.rounds if self.filling else ()
        return [
            {
                "level": rational(one.level),
                "at_floor": [ids[number] for number in one.at_floor],
                "at_cap": [ids[number] for number in one.at_cap],
            }
            for one in settled
        ]


@dataclass(frozen=True)
class Pot:
    """What is divided, between whom and under which limits. `floors` and `caps` in the order of `ids`."""

    total: int
    ids: tuple[str, ...]
    floors: tuple[int, ...]
    caps: Caps
    surplus: Surplus
    order: Order

    @classmethod
    def of(
        cls,
        total: int,
        ids: Sequence[str],
        limits: Limits,
        surplus: Surplus,
        order: Order,
        eligible: Sequence[bool] | None = None,
    ) -> Pot:
        """A pot for these projects. Who is not eligible has no floor and gets nothing, whatever the weight.

        Raises `InvalidElection`: a negative pot, limits for a project that is not there.
        """
        if total < 0:
            raise InvalidElection(f"The pot is {total}. It must be 0 or more.")
        known = set(ids)
        unknown = next((name for name in (*limits.floors, *limits.caps) if name not in known), None)
        if unknown is not None:
            raise InvalidElection(f"A limit names {unknown}, which is no project. Remove it.")
        may = [True] * len(ids) if eligible is None else eligible
        floors = tuple(limits.floors.get(name, 0) if one else 0 for name, one in zip(ids, may, strict=True))
        caps = tuple(limits.caps.get(name) if one else 0 for name, one in zip(ids, may, strict=True))
        return cls(total, tuple(ids), floors, caps, surplus, order)


def divide(pot: Pot, weights: Sequence[int], unit: int = 1, grain: int | None = None) -> Division:
    """The pot divided by exact weights, `weights[n] / unit` units of money each.

    With a `grain`, parts are first rounded to multiples of 1/grain: the last resort of `divide_bounded`.
    """
    level, filling = _level(pot, weights, unit)
    # There is no part without end: the level is None only where everyone with a weight has a cap.
    parts, below = parts_at(level, weights, pot.floors, pot.caps) or (list(pot.floors), 1)
    nearly = 0
    if grain is not None:
        parts, below = [(2 * part * grain + below) // (2 * below) for part in parts], grain
        nearly = len(parts)  # what rounding to the grain may have taken from the sum
    paid = pot.total if _spends_all(pot, weights, level, unit) else min(pot.total, (sum(parts) + nearly) // below)
    return _rounded(pot, parts, below, paid, filling)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A division that bounds prove, or none, and whose parts would have to be known better."""

    division: Division | None
    doubtful: tuple[int, ...] = ()


def divide_bounded(
    pot: Pot, lows: Sequence[int], highs: Sequence[int], unit: int, same: Sequence[Hashable] | None = None
) -> Attempt:
    """The pot divided by weights between `lows[n] / unit` and `highs[n] / unit`, where these bounds are narrow enough.

    `same` marks those whose part is the same, though nobody knows it exactly: a tie between them is no doubt. Their
    bounds must be the same.
    """
    paid = _paid(pot, lows, highs, unit)
    # The level falls as weights grow: the low parts stand at the level of the high weights.
    at_lows, at_highs = _level(pot, highs, unit)[0], _level(pot, lows, unit)[0]
    lower = parts_at(at_lows, lows, pot.floors, pot.caps)
    upper = parts_at(at_highs, highs, pot.floors, pot.caps)
    if paid is None or lower is None or upper is None:
        return Attempt(None)
    division = _rounded(pot, *lower, paid, None)
    if sum(division.amounts) != paid:
        return Attempt(None)
    doubtful = _doubtful(division.amounts, lower, upper, range(len(lows)) if same is None else same)
    return Attempt(None, doubtful) if doubtful else Attempt(division)


def _doubtful(
    amounts: Sequence[int], lower: tuple[list[int], int], upper: tuple[list[int], int], groups: Sequence[Hashable]
) -> tuple[int, ...]:
    """Those whose errors may span a unit or more with the errors of others, wherever the parts lie in their bounds.

    Those of a group have the same part. Where some of them got a unit more than others, that part must lie between the
    two amounts; then they are in the order of ties, and only their errors against those of others are looked at.
    """
    (lows, below_low), (highs, below_high) = lower, upper
    held: dict[Hashable, list[int]] = {}
    for number, group in enumerate(groups):
        held.setdefault(group, []).append(number)
    members = list(held.values())
    least, most, doubtful = [], [], set[int]()
    for place, numbers in enumerate(members):
        low, high = lows[numbers[0]], highs[numbers[0]]
        fewest, largest = (which(amounts[number] for number in numbers) for which in (min, max))
        if fewest < largest and not (fewest * below_low <= low and high <= largest * below_high):
            doubtful.add(place)
        least.append((low - largest * below_low) * below_high)
        most.append((high - fewest * below_high) * below_low)
    # The largest error against the least one of another group: of each, the two outermost are enough.
    by_least = sorted(range(len(members)), key=least.__getitem__)[:2]
    by_most = sorted(range(len(members)), key=most.__getitem__)[-2:]
    for place in range(len(members)):
        above = any(most[place] - least[other] >= below_low * below_high for other in by_least if other != place)
        below = any(most[other] - least[place] >= below_low * below_high for other in by_most if other != place)
        if above or below:
            doubtful.add(place)
    return tuple(sorted(number for place in doubtful for number in members[place]))


def _level(pot: Pot, weights: Sequence[int], unit: int) -> tuple[Fraction | None, Filling]:
    """The level, and how it was found; where a surplus is kept, at most the one that pays the weights in full."""
    filling = fill(pot.total, weights, pot.floors, pot.caps)
    if pot.surplus is Surplus.KEEP:
        full = Fraction(1, unit)
        return (full if filling.level is None else min(full, filling.level)), filling
    return filling.level, filling


def _spends_all(pot: Pot, weights: Sequence[int], level: Fraction | None, unit: int) -> bool:
    """Is the pot spent to the last unit? Rounded parts may add up to a little less."""
    if level is None or not any(weights):
        return False
    return pot.surplus is Surplus.SPEND or level < Fraction(1, unit)


def _paid(pot: Pot, lows: Sequence[int], highs: Sequence[int], unit: int) -> int | None:
    """How much is paid in all; None where the bounds leave it open."""
    if pot.surplus is Surplus.KEEP:
        full = Fraction(1, unit)
        found = [parts_at(full, weights, pot.floors, pot.caps) for weights in (lows, highs)]
        sums = {min(pot.total, sum(one[0]) // one[1]) for one in found if one is not None}
        return sums.pop() if len(sums) == 1 else None
    if any(high and not low for low, high in zip(lows, highs, strict=True)):
        return None
    pairs = list(zip(lows, pot.floors, pot.caps, strict=True))
    if any(low and cap is None for low, _floor, cap in pairs):
        return pot.total
    return min(pot.total, sum((cap or 0) if low else floor for low, floor, cap in pairs))


def _rounded(pot: Pot, parts: Sequence[int], below: int, paid: int, filling: Filling | None) -> Division:
    """Largest remainder over `parts / below`; `paid` lies at most one unit a project above the whole parts."""
    amounts = [part // below for part in parts]
    left = paid - sum(amounts)
    rests = [part % below for part in parts]
    ranks = pot.order.ranks
    order = sorted(range(len(parts)), key=lambda number: (-rests[number], ranks[number]))
    for number in order[:left]:
        amounts[number] += 1
    return Division(tuple(amounts), pot.total - paid, _tie(pot.ids, order, rests, left), filling)


def _tie(ids: Sequence[str], order: Sequence[int], rests: Sequence[int], left: int) -> tuple[Tie, ...]:
    """The tie over the last unit, where there is one: the last who got one against those who did not."""
    if not 0 < left < len(order):
        return ()
    last = order[left - 1]
    against = [number for number in order[left:] if rests[number] == rests[last]]
    if not against:
        return ()
    return (Tie(left, tuple(ids[number] for number in (last, *against)), ids[last], changes_result=True),)


def by_id(ids: Sequence[str], amounts: Sequence[int]) -> Mapping[str, int]:
    """Amounts by project."""
    return dict(zip(ids, amounts, strict=True))


def receiving(pot: Pot, amounts: Sequence[int]) -> tuple[str, ...]:
    """Who receives something: the largest amount first, equal ones in the order of ties."""
    ranks = pot.order.ranks
    numbers = [number for number, amount in enumerate(amounts) if amount]
    return tuple(pot.ids[number] for number in sorted(numbers, key=lambda number: (-amounts[number], ranks[number])))

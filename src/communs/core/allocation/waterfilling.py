"""Water-filling: money divided by weights, nobody above their cap, nobody below their floor, exactly.

The part of each is the level times the weight, raised to the floor or cut to the cap; the level is the one number at
which the parts add up to the total. It is found in rounds that can be followed by hand:
1. The level is what is left ÷ the weights that are left.
2. At this level, how much is missing below floors, and how much is too much above caps? If more is missing, the level
   can only fall: everyone below their floor gets it. If more is too much, it can only rise: everyone above their cap
   gets that. These are settled and leave, with their parts.
3. Again from 1, until nobody is below a floor or above a cap. Each round settles somebody, so it ends.
Where everyone with a weight stands at the cap, the rest is not spent. (The same idea settles the flexible lengths of
W3C, CSS Flexible Box Layout, section 9.7.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from communs.core.allocation.elections import InvalidElection


@dataclass(frozen=True)
class Limits:
    """Floors and caps by project, in the smallest unit. Who is not named has the floor 0 and no cap."""

    floors: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = next((name for name, floor in self.floors.items() if floor < 0), None)
        if wrong is not None:
            raise InvalidElection(f"The floor of {wrong} is negative. Floors are 0 or more.")
        wrong = next((name for name, cap in self.caps.items() if cap < self.floors.get(name, 0)), None)
        if wrong is not None:
            raise InvalidElection(f"The cap of {wrong} is below its floor or below 0. Raise the cap.")

    @classmethod
    def same(cls, ids: Iterable[str], *, floor: int = 0, cap: int | None = None) -> Limits:
        """The same floor and cap for everyone."""
        names = tuple(ids)
        return cls(dict.fromkeys(names, floor) if floor else {}, {} if cap is None else dict.fromkeys(names, cap))

    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"floors": dict(self.floors), "caps": dict(self.caps)}


NO_LIMITS = Limits()
ROUNDS_MAX = 50  # what is still open after so many rounds is settled in one, by sorting


@dataclass(frozen=True, slots=True)
class Settled:
    """One round: the level that was tried, and who was settled at a floor or a cap because of it."""

    level: Fraction
    at_floor: tuple[int, ...]
    at_cap: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """The level (None: everyone with a weight is at a cap, or nobody has one) and the rounds that led to it."""

    level: Fraction | None
    rounds: tuple[Settled, ...]


Caps = Sequence[int | None]


def fill(total: int, weights: Sequence[int], floors: Sequence[int], caps: Caps) -> Filling:
    """The level for this total. Weights are whole numbers (of a common denominator).

    Raises `InvalidElection` where the floors together pass the total.
    """
    if sum(floors) > total:
        raise InvalidElection(f"The floors add up to {sum(floors)}, the pot holds {total}. Lower the floors.")
    waiting = [number for number, weight in enumerate(weights) if weight]
    left = total - sum(floors[number] for number, weight in enumerate(weights) if not weight)
    rounds: list[Settled] = []
    while waiting:
        if len(rounds) == ROUNDS_MAX:
            level, last = _at_once(left, waiting, weights, floors, caps)
            return Filling(level, (*rounds, last))
        whole = sum(weights[number] for number in waiting)
        low, high, missing = _beyond(left, whole, waiting, weights, floors, caps)
        if not low and not high:
            return Filling(Fraction(left, whole), tuple(rounds))
        if missing == 0:
            return Filling(Fraction(left, whole), (*rounds, Settled(Fraction(left, whole), tuple(low), tuple(high))))
        settled = low if missing > 0 else high
        at_floor, at_cap = (tuple(low), ()) if missing > 0 else ((), tuple(high))
        rounds.append(Settled(Fraction(left, whole), at_floor, at_cap))
        left -= sum(floors[number] for number in at_floor) + sum(caps[number] or 0 for number in at_cap)
        gone = set(settled)
        waiting = [number for number in waiting if number not in gone]
    return Filling(None, tuple(rounds))


def _beyond(
    left: int, whole: int, waiting: Sequence[int], weights: Sequence[int], floors: Sequence[int], caps: Caps
) -> tuple[list[int], list[int], int]:
    """Who is below the floor, who above the cap, and the money missing less the money too much (times `whole`)."""
    low: list[int] = []
    high: list[int] = []
    missing = 0
    for number in waiting:
        part, cap = left * weights[number], caps[number]
        if part < floors[number] * whole:
            low.append(number)
            missing += floors[number] * whole - part
        elif cap is not None and part > cap * whole:
            high.append(number)
            missing -= part - cap * whole
    return low, high, missing


def _at_once(
    left: int, waiting: Sequence[int], weights: Sequence[int], floors: Sequence[int], caps: Caps
) -> tuple[Fraction | None, Settled]:
    """The level by halving the list of all levels at which somebody meets a limit; None: everyone is at the cap."""
    bends = {Fraction(floors[number], weights[number]) for number in waiting}
    bends |= {Fraction(cap, weights[number]) for number in waiting if (cap := caps[number]) is not None}
    chosen = [[line[number] for number in waiting] for line in (weights, floors, caps)]

    def holds(level: Fraction) -> bool:
        parts, below = parts_at(level, *chosen) or ([], 1)  # type: ignore[arg-type]
        return sum(parts) <= left * below

    ascending = sorted(bends)
    place = bisect_left(ascending, True, key=lambda level: not holds(level))
    low = ascending[place - 1]  # the lowest bend holds: there everyone is at their floor
    at_cap = [n for n in waiting if (cap := caps[n]) is not None and cap <= low * weights[n]]
    at_floor = [n for n in waiting if floors[n] > low * weights[n]]
    settled = {*at_cap, *at_floor}
    whole = sum(weights[n] for n in waiting if n not in settled)
    left -= sum(floors[n] for n in at_floor) + sum(caps[n] or 0 for n in at_cap)
    level = Fraction(left, whole) if whole else None
    return level, Settled(low if level is None else level, tuple(at_floor), tuple(at_cap))


def parts_at(
    level: Fraction | None, weights: Sequence[int], floors: Sequence[int], caps: Caps
) -> tuple[list[int], int] | None:
    """The exact parts at a level: their numerators and one denominator. None where a part would be without end."""
    if level is None:
        if any(weight and cap is None for weight, cap in zip(weights, caps, strict=True)):
            return None
        pairs = zip(weights, floors, caps, strict=True)
        return [(cap or 0) if weight else floor for weight, floor, cap in pairs], 1
    above, below = level.numerator, level.denominator
    found = []
    for weight, floor, cap in zip(weights, floors, caps, strict=True):
        part = max(weight * above, floor * below)
        found.append(part if cap is None else min(part, cap * below))
    return found, below

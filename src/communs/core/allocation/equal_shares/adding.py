"""Add1: the same count again and again, with a little more for each voter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from communs.core.allocation.backing import Backing
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.equal_shares.completions import Add1, Start, StepOf, Stop
from communs.core.allocation.equal_shares.selecting import Run, same_for_all, select
from communs.core.allocation.ties import Order

COUNTS_MAX = 100_000
SAME_BEFORE_A_LEAP = 3


class Ended(StrEnum):
    """Why no more was added."""

    OVERSPENT = "overspent"  # with one step more, what is funded would cost more than the budget
    EXHAUSTIVE = "exhaustive"  # nothing that is not funded fits into the budget
    COMPLETE = "complete"  # everything that somebody supports is funded


@dataclass(frozen=True, slots=True)
class Added:
    """The run that counts, after so many steps, why it is the last, and the one too many."""

    run: Run
    steps: int
    ended: Ended
    next: Run | None = None


def endowment(instance: Instance, start: Start = Start.EXACT) -> Fraction:
    """What each voter has at first, in the smallest unit."""
    exact = Fraction(instance.budget, instance.voters)
    unit = 10**instance.decimals
    return exact if start is Start.EXACT else Fraction(exact // unit * unit)


@dataclass
class _Leap:
    """How far to leap, and when: after some counts with the same outcome, and more of them after a leap that failed."""

    length: int = 1
    same: int = 0
    wanted: int = SAME_BEFORE_A_LEAP

    def note(self, same: bool) -> None:
        self.same = self.same + 1 if same else 0

    def went_well(self) -> None:
        self.length *= 2
        self.wanted = SAME_BEFORE_A_LEAP

    def failed(self) -> None:
        self.length, self.same, self.wanted = 1, 0, self.wanted * 2


def add1(backing: Backing, order: Order, how: Add1) -> Added:
    """Add steps until one would overspend. Raises `InvalidElection` where too many would be needed.

    Where the same came out several times, a leap is tried: bounds of the purses that hold for all endowments up to one
    further on may decide every round, and then all counts in between are known.
    """
    start, step = _start_and_step(backing.instance, how)
    before: Run | None = None
    steps, leap = 0, _Leap()
    for _count in range(COUNTS_MAX):
        run = select(backing, start + steps * step, order)
        if spent(backing, run) > backing.instance.budget and before is not None:
            return Added(before, steps - 1, Ended.OVERSPENT, run)
        ended = _ended(backing, run, how.stop)
        if ended is not None:
            return Added(run, steps, ended)
        leap.note(before is not None and before.winners == run.winners)
        before = run
        while leap.same >= leap.wanted:
            far = same_for_all(backing, before.endowment, start + (steps + leap.length) * step, order)
            if far is None or far.winners != before.winners:
                leap.failed()
                break
            before = far
            steps += leap.length
            leap.went_well()
        steps += 1
    raise InvalidElection(f"{COUNTS_MAX} counts did not spend the budget. Choose a larger step of Add1.")


def spent(backing: Backing, run: Run) -> int:
    """What the projects of a run cost together."""
    return sum(backing.backers[number].cost for number in run.chosen)


def _start_and_step(instance: Instance, how: Add1) -> tuple[Fraction, Fraction]:
    start = endowment(instance, how.start)
    step = how.step * (10**instance.decimals if how.step_of is StepOf.CURRENCY else start)
    if step <= 0:
        raise InvalidElection("A part of nothing is no step. Give the step of Add1 in units of the currency.")
    return start, step


def _ended(backing: Backing, run: Run, stop: Stop) -> Ended | None:
    """Why this run is the last; None where more may be added."""
    chosen = set(run.chosen)
    others = [one.cost for number, one in enumerate(backing.backers) if one.total > 0 and number not in chosen]
    if not others:
        return Ended.COMPLETE
    if stop is Stop.EXHAUSTIVE and spent(backing, run) + min(others) > backing.instance.budget:
        return Ended.EXHAUSTIVE
    return None

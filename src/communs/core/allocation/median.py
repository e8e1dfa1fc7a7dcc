"""Median and quantile grants: people propose amounts, the middle one counts. The rule: docs/rules/median.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Pot, Surplus, by_id, divide, receiving
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.proportional import certificate
from communs.core.allocation.results import Result, rational
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS, Limits

RULE = "median-1"
HALF = Fraction(1, 2)


class Middle(StrEnum):
    """Which amount is the quantile where two could be."""

    LOWER = "lower"  # the smallest amount that at least the share q of the voters do not pass
    UPPER = "upper"  # the largest amount that at least the share 1 − q of the voters reach
    MEAN = "mean"  # half way between the two


class Absent(StrEnum):
    """What a voter wants who says nothing of a project."""

    SKIP = "skip"  # nothing is known: only those who gave an amount (0 is one) count
    ZERO = "zero"  # nothing for this project: everyone counts


@dataclass(frozen=True, slots=True)
class Quantile:
    """Which of the proposed amounts counts: the share `q` of them lies at or below it."""

    q: Fraction = HALF
    middle: Middle = Middle.LOWER
    absent: Absent = Absent.SKIP

    def __post_init__(self) -> None:
        if not 0 <= self.q <= 1:
            raise InvalidElection(f"The quantile is {self.q}. It must be between 0 and 1; the median is 1/2.")

    def of(self, amounts: Sequence[int], voters: int) -> Fraction:
        """The quantile of what was proposed; `voters` could have proposed something.

        >>> Quantile().of([10, 20, 40, 100], 9)
        Fraction(20, 1)
        >>> Quantile(middle=Middle.MEAN).of([10, 20, 40, 100], 9)
        Fraction(30, 1)
        >>> Quantile(middle=Middle.UPPER, absent=Absent.ZERO).of([10, 20, 40, 100], 6)
        Fraction(20, 1)
        """
        counted = voters if self.absent is Absent.ZERO else len(amounts)
        if not counted:
            return Fraction(0)
        zeros, ascending = counted - len(amounts), sorted(amounts)
        places = max(0, ceil(self.q * counted) - 1), min(counted - 1, floor(self.q * counted))
        lower, upper = (ascending[place - zeros] if place >= zeros else 0 for place in places)
        if self.middle is Middle.MEAN:
            return Fraction(lower + upper, 2)
        return Fraction(lower if self.middle is Middle.LOWER else upper)


MEDIAN = Quantile()


def median(
    proposals: Amounts,
    pot: int,
    quantile: Quantile = MEDIAN,
    *,
    quorum: int = 1,
    surplus: Surplus = Surplus.KEEP,
    limits: Limits = NO_LIMITS,
    ties: str = LEXICOGRAPHIC,
) -> Result:
    """Each project gets the quantile of what was proposed, scaled down where the pot does not hold them all.

    A project with fewer than `quorum` proposals gets nothing. Raises `InvalidElection`: a negative pot,
    floors that pass it.
    """
    given = [proposals.amount[proposals.by_project[project]].tolist() for project in range(len(proposals.projects))]
    voters = len(proposals.people)
    eligible = [len(amounts) >= max(1, quorum) for amounts in given]
    wanted = [
        quantile.of(amounts, voters) if one else Fraction(0) for amounts, one in zip(given, eligible, strict=True)
    ]
    shared = Pot.of(pot, proposals.projects, limits, surplus, order_of(ties, proposals.projects), eligible)
    # Half units occur between two amounts: weights are counted in halves.
    found = divide(shared, [int(2 * one) for one in wanted], 2)
    return Result(
        rule=RULE,
        parameters={
            "pot": pot,
            "quantile": rational(quantile.q),
            "middle": quantile.middle.value,
            "absent": quantile.absent.value,
            "quorum": quorum,
            "surplus": surplus.value,
            "limits": limits.document(),
            "ties": ties,
        },
        input_sha256=proposals.sha256,
        selected=receiving(shared, found.amounts),
        amounts=by_id(shared.ids, found.amounts),
        rounds=tuple(
            {
                "project": project,
                "proposals": len(given[number]),
                "quorum_met": eligible[number],
                "quantile": rational(wanted[number]),
                "amount": found.amounts[number],
            }
            for number, project in enumerate(shared.ids)
        ),
        certificate={**certificate(shared, found), "voters": voters},
        ties=found.ties,
    )

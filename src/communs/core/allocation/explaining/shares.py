"""Where a voter's share of the budget went: what they paid for which project, and what was left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from communs.core.allocation.axioms.prices import PriceSystem, left_over, prices_of
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.results import Result


@dataclass(frozen=True, slots=True)
class Payment:
    """What one voter paid for one project, in the smallest unit of money."""

    project: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """One voter's part, the same for all `voters` with this ballot. Without prices (greedy) money is None.

    `funded`: what they support and was funded, in the order in which it was. `payments`: of these, what they paid for.
    """

    supports: tuple[str, ...]
    voters: int
    funded: tuple[str, ...]
    endowment: Fraction | None
    payments: tuple[Payment, ...]
    left: Fraction | None


class Shares:
    """The shares of all voters under one result."""

    def __init__(self, instance: Instance, result: Result) -> None:
        self.instance = instance
        self.result = result

    @cached_property
    def system(self) -> PriceSystem | None:
        """Who paid what; None where the rule knows no prices."""
        try:
            return prices_of(self.instance, self.result)
        except InvalidElection:
            return None

    def of(self, ballot: int) -> Share:
        """The share of each voter of a ballot class."""
        instance, system = self.instance, self.system
        supports = tuple(instance.ids[project] for project in instance.ballot(ballot).tolist())
        size = int(instance.sizes[ballot])
        payments = [(id_, self._paid(id_, ballot)) for id_ in self.result.selected if id_ in supports]
        return Share(
            supports=supports,
            voters=size,
            funded=tuple(id_ for id_, _amount in payments),
            endowment=None if system is None else Fraction(system.endowment, system.unit),
            payments=tuple(Payment(id_, amount) for id_, amount in payments if amount),
            left=None if system is None else Fraction(int(self._left[ballot]), system.unit * size),
        )

    def _paid(self, project: str, ballot: int) -> Fraction:
        if self.system is None:
            return Fraction(0)
        support = self.instance.support
        number = self.instance.number_of[project]
        entry = int(support.starts[number] + support.of(number).searchsorted(ballot))
        return Fraction(int(self.system.paid[entry]), self.system.unit * int(self.instance.sizes[ballot]))

    @cached_property
    def _left(self) -> list[int]:
        return [] if self.system is None else left_over(self.instance, self.system).tolist()


def ballot_of(instance: Instance, projects: Collection[str]) -> int | None:
    """The ballot class that supports exactly these projects; None where nobody voted so.

    Raises `InvalidElection` for an id that the election does not know, or where points or ranks tell ballots apart.
    """
    unknown = next((id_ for id_ in projects if id_ not in instance.number_of), None)
    if unknown is not None:
        raise InvalidElection(f"{unknown} is no project of this election. Check the ids.")
    numbers = sorted(instance.number_of[id_] for id_ in projects)
    lengths = instance.starts[1:] - instance.starts[:-1]
    alike = (int(ballot) for ballot in (lengths == len(numbers)).nonzero()[0])
    found = [ballot for ballot in alike if sorted(instance.ballot(ballot).tolist()) == numbers]
    if len(found) > 1:
        raise InvalidElection("Several ballots name these projects, with other points or ranks. Ask by voter instead.")
    return found[0] if found else None

"""What is done with the money that equal shares leaves over. Every parameter can change winners: all are explicit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.phragmen.counting import Stop as PhragmenStop
from communs.core.allocation.results import rational
from communs.core.allocation.utilities import Utility


class StepOf(StrEnum):
    """What the step of Add1 counts."""

    CURRENCY = "currency"  # units of the currency: 1 is one euro, whatever the smallest unit
    ENDOWMENT = "endowment"  # parts of what a voter has at first: 1/100 is one percent


class Start(StrEnum):
    """What a voter has at first."""

    EXACT = "exact"  # the budget by the number of voters
    FLOOR = "floor"  # the same, rounded down to whole units of the currency


class Stop(StrEnum):
    """When no more is added."""

    EXHAUSTIVE = "exhaustive"  # nothing more fits into the budget, or the next step would overspend it
    OVERSPENT = "overspent"  # only the latter


@dataclass(frozen=True, slots=True)
class NoCompletion:
    """What is left over is left over."""

    def parameters(self) -> dict[str, Any]:
        """As JSON values."""
        return {"name": "none"}


@dataclass(frozen=True, slots=True)
class Add1:
    """Count again with a little more for each voter, as long as what is funded stays within the budget."""

    step: Fraction = Fraction(1)
    step_of: StepOf = StepOf.CURRENCY
    start: Start = Start.EXACT
    stop: Stop = Stop.EXHAUSTIVE

    def __post_init__(self) -> None:
        if self.step <= 0:
            raise InvalidElection(f"A step of {self.step} leads nowhere. It must be more than 0.")

    def parameters(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "name": "add1",
            "step": rational(self.step),
            "step_of": str(self.step_of),
            "start": str(self.start),
            "stop": str(self.stop),
        }


@dataclass(frozen=True, slots=True)
class Utilitarian:
    """Fund what most voters support next, as far as it fits: `greedy-1`, per cost. None: the utility of the rule."""

    utility: Utility | None = None

    def parameters(self) -> dict[str, Any]:
        """As JSON values."""
        return {"name": "utilitarian", "utility": None if self.utility is None else str(self.utility)}


@dataclass(frozen=True, slots=True)
class PhragmenCompletion:
    """Let voters earn more at the same pace, starting with what each has left: `phragmen-1`."""

    overshoot: PhragmenStop = PhragmenStop.SKIP

    def parameters(self) -> dict[str, Any]:
        """As JSON values."""
        return {"name": "phragmen", "overshoot": str(self.overshoot)}


@dataclass(frozen=True, slots=True)
class Add1Utilitarian:
    """Add1, then the rest by the number of voters."""

    add1: Add1 = Add1(stop=Stop.OVERSPENT)
    utilitarian: Utilitarian = Utilitarian()

    def parameters(self) -> dict[str, Any]:
        """As JSON values."""
        return {**self.add1.parameters(), **self.utilitarian.parameters(), "name": "add1-utilitarian"}


Completion = NoCompletion | Add1 | Utilitarian | PhragmenCompletion | Add1Utilitarian
NONE = NoCompletion()


def explicit(completion: Completion, utility: Utility) -> Completion:
    """The same, with the utility named that a completion takes from the rule."""
    match completion:
        case Utilitarian(utility=None):
            return Utilitarian(utility)
        case Add1Utilitarian(utilitarian=Utilitarian(utility=None)):
            return Add1Utilitarian(completion.add1, Utilitarian(utility))
    return completion

"""The rounds of a result, whichever rule they come from, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from communs.core.allocation.results import Result


@dataclass(frozen=True, slots=True)
class Round:
    """One decision. What a rule does not know is None.

    `money`: what its supporters still had. `price`: what each paid who paid in full (for points: by point), or the load
    that they reached. `margin`: by how much the runner-up was worse in the measure of the rule, 0 for a tie.
    """

    number: int
    project: str
    cost: int | None
    supporters: int | None
    money: Fraction | None
    price: Fraction | None
    runner_up: str | None
    margin: Fraction | None


def rounds_of(result: Result) -> tuple[Round, ...]:
    """Every round of a result, in order."""
    return tuple(_round(number, told) for number, told in enumerate(result.rounds, 1) if "project" in told)


def _round(number: int, told: Mapping[str, Any]) -> Round:
    return Round(
        number=number,
        project=told["project"],
        cost=told.get("cost"),
        supporters=told.get("supporters"),
        money=_number(told.get("money")),
        price=_number(told.get("price", told.get("load"))),
        runner_up=told.get("runner_up"),
        margin=_number(told.get("margin")),
    )


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)

"""Quadratic funding: a pot matched to gifts so that many small ones weigh more than few large ones.

The rule's page is docs/rules/quadratic.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Pot, Surplus, by_id, divide, receiving
from communs.core.allocation.quadratic.deciding import alike_in, decide, ideals_of, whole_ideals
from communs.core.allocation.quadratic.standard import StandardIdeals
from communs.core.allocation.quadratic.variants import STANDARD, Standard, Variant
from communs.core.allocation.results import Result
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS, Limits

RULE = "quadratic-1"


def quadratic(
    amounts: Amounts,
    pot: int,
    variant: Variant = STANDARD,
    limits: Limits = NO_LIMITS,
    *,
    minimum: int = 1,
    surplus: Surplus = Surplus.KEEP,
    ties: str = LEXICOGRAPHIC,
) -> Result:
    """Match `pot` to what people gave. What a person gave to a project in all counts where it is at least `minimum`.

    Raises `InvalidElection`: a negative pot, floors that pass it, limits for unknown projects.
    """
    counted = amounts.at_least(max(1, minimum))
    donors = np.diff(counted.by_project.starts).tolist()
    order = order_of(ties, counted.projects)
    shared = Pot.of(pot, counted.projects, limits, surplus, order, [number > 0 for number in donors])
    alike = alike_in(counted)
    decided = decide(shared, ideals_of(variant, counted), alike)
    found = decided.division
    standard = decided.ideals
    if not isinstance(variant, Standard):
        standard = whole_ideals(StandardIdeals.of_donors(counted), alike)
    return Result(
        rule=RULE,
        parameters={
            "pot": pot,
            "variant": variant.document(),
            "limits": limits.document(),
            "minimum": minimum,
            "surplus": surplus.value,
            "ties": ties,
        },
        input_sha256=amounts.sha256,
        selected=receiving(shared, found.amounts),
        amounts=by_id(shared.ids, found.amounts),
        rounds=tuple(_lines(shared, counted.sums, donors, decided.ideals, standard, found.amounts)),
        certificate={"pot": pot, "paid": pot - found.unspent, "unspent": found.unspent},
        ties=found.ties,
    )


def _lines(
    pot: Pot,
    sums: tuple[int, ...],
    donors: list[int],
    ideals: tuple[int, ...],
    standard: tuple[int, ...],
    amounts: tuple[int, ...],
) -> list[dict[str, Any]]:
    """Why each project gets what it gets.

    `by_sums`: what it would get if what is paid were divided by the sums of gifts; `by_breadth`: what the number of
    donors, how evenly they gave and the limits add to that or take from it. The two make the amount.
    """
    even = Pot.of(sum(amounts), pot.ids, NO_LIMITS, Surplus.SPEND, pot.order)
    by_sums = divide(even, sums).amounts
    lines = []
    for number, project in enumerate(pot.ids):
        amount = amounts[number]
        at = "cap" if amount == pot.caps[number] else "floor" if amount == pot.floors[number] else ""
        lines.append(
            {
                "project": project,
                "donors": donors[number],
                "contributions": sums[number],
                "ideal": ideals[number],
                "standard": standard[number],
                "amount": amount,
                "limit": at if donors[number] and (amount or at == "cap") else "",
                "by_sums": by_sums[number],
                "by_breadth": amount - by_sums[number],
            }
        )
    return lines

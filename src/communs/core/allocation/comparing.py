"""Several rules on one election, side by side: what each funds, and what that means for those who voted.

Plain exact numbers, for a table on a page or a terminal; how to read them stands in docs/rules/explanations.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from communs.core.allocation.axioms.prices import PriceSystem, prices_of
from communs.core.allocation.axioms.representation import funded_mask, satisfaction
from communs.core.allocation.elections import Instance
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility
from communs.core.standards.pabulib.parsing import parse

Rule = Callable[[Instance], Result]
PRICED: Final = frozenset({"equal-shares-1", "phragmen-1"})
"""Rules that say who pays what. Maximin support spreads a cost in one of many ways, which says nothing of support."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How a set of projects lies to another: in both, only in this one, only in the other."""

    both: tuple[str, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What one rule (or the official decision) funds, and what that means.

    `served`: voters with at least one funded project that they support; `excluded`: the share of voters with none.
    `cost`: what the funded projects receive. `mean_cost`, `mean_count`: what is funded of what a voter supports, as
    money and as projects, on average.
    `effective`: by project, how many voters would have carried its cost had each paid the highest price that anybody
    paid for it; empty where the rule has no prices. `official`: against what was decided, None where that is not known.
    """

    name: str
    selected: tuple[str, ...]
    cost: int
    budget_used: Fraction
    served: int
    excluded: Fraction
    mean_cost: Fraction
    mean_count: Fraction
    effective: Mapping[str, Fraction]
    official: Overlap | None


def compare(
    instance: Instance, rules: Mapping[str, Rule], official: Collection[str] | None = None
) -> tuple[Column, ...]:
    """A column for each rule, by name in the order given, then one for the official decision where it is known."""
    columns = [column(instance, name, rule(instance), official) for name, rule in rules.items()]
    if official is not None:
        costs = dict(zip(instance.ids, instance.costs, strict=True))
        decided = {id_: costs[id_] for id_ in official if id_ in costs}
        columns.append(_column(instance, "official", tuple(official), decided, {}, official))
    return tuple(columns)


def column(instance: Instance, name: str, result: Result, official: Collection[str] | None = None) -> Column:
    """One result as a column."""
    priced = result.rule in PRICED
    effective = effective_support(instance, result, prices_of(instance, result)) if priced else {}
    return _column(instance, name, result.selected, result.amounts, effective, official)


def effective_support(instance: Instance, result: Result, system: PriceSystem) -> dict[str, Fraction]:
    """By funded project that somebody paid for: its cost by the highest price that a voter paid for it."""
    support = instance.support
    found = {}
    for id_ in result.selected:
        project = instance.number_of[id_]
        own = slice(*support.starts[project : project + 2].tolist())
        pairs = zip(system.paid[own].tolist(), instance.sizes[support.classes[own]].tolist(), strict=True)
        highest = max((Fraction(int(paid), size) for paid, size in pairs if paid), default=Fraction(0))
        if highest:
            found[id_] = instance.costs[project] * system.unit / highest
    return found


def overlap(instance: Instance, here: Collection[str], there: Collection[str]) -> Overlap:
    """Two sets of projects against one another, each in the order of the election."""
    return Overlap(
        both=tuple(id_ for id_ in instance.ids if id_ in here and id_ in there),
        only_here=tuple(id_ for id_ in instance.ids if id_ in here and id_ not in there),
        only_there=tuple(id_ for id_ in instance.ids if id_ in there and id_ not in here),
    )


def official_selection(data: bytes) -> tuple[str, ...] | None:
    """What the column `selected` of a Pabulib file says was decided; None where there is none or nothing is marked."""
    head = (parsed := parse(data)).head
    section = head.sections.get("PROJECTS")
    if section is None or "selected" not in section.places:
        return None
    marked = (head.cell(row, "project_id") for row in parsed.rows if head.cell(row, "selected") not in {"", "0"})
    return tuple(marked) or None


def _column(
    instance: Instance,
    name: str,
    selected: tuple[str, ...],
    amounts: Mapping[str, int],
    effective: Mapping[str, Fraction],
    official: Collection[str] | None,
) -> Column:
    voters = max(instance.voters, 1)
    counts = satisfaction(instance, selected, Utility.CARDINALITY)
    served = int(instance.sizes[counts > 0].sum())
    funded = np.flatnonzero(funded_mask(instance, selected)).tolist()
    support = instance.support.voters.tolist()
    cost = sum(amounts.values())
    return Column(
        name=name,
        selected=selected,
        cost=cost,
        budget_used=Fraction(cost, instance.budget) if instance.budget else Fraction(0),
        served=served,
        excluded=Fraction(instance.voters - served, voters),
        mean_cost=Fraction(sum(support[project] * amounts[instance.ids[project]] for project in funded), voters),
        mean_count=Fraction(sum(support[project] for project in funded), voters),
        effective=effective,
        official=None if official is None else overlap(instance, selected, official),
    )

"""The rules that divide a pot by a table of amounts, by name, as the command line and forms ask for them.

Beside `rules`, which has those that count ballots. Amounts of a choice are in the unit of the table (12.50), the rules
get them in the smallest one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Final

from communs.core.allocation.amounts import Amounts, Repeated
from communs.core.allocation.dividing import Surplus
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.median import Absent, Middle, Quantile, median
from communs.core.allocation.quadratic import (
    STANDARD,
    ConnectedClusters,
    Pairwise,
    ProfileClusters,
    Variant,
    quadratic,
)
from communs.core.allocation.results import Result
from communs.core.allocation.rules import refuse_others, refuse_unknown_order
from communs.core.allocation.ties import LEXICOGRAPHIC
from communs.core.allocation.waterfilling import Limits

_M: Final = re.compile(r"\d{1,18}(\.\d{1,12}|/\d{1,18})?", re.ASCII)
VARIANTS = ("standard", "pairwise:M", "profile-clusters", "connected-clusters")
PotRule = Callable[[Amounts, int], Result]
"""Called with what people gave or proposed, and the decimals of the amounts."""


@dataclass(frozen=True, slots=True)
class PotChoice:
    """The pot, and the parameters that were asked for; None: the rule's own default."""

    pot: Fraction | None = None
    variant: str | None = None
    minimum: Fraction | None = None
    quantile: Fraction | None = None
    middle: Middle | None = None
    absent: Absent | None = None
    quorum: int | None = None
    floor: Fraction | None = None
    cap: Fraction | None = None
    surplus: Surplus | None = None
    ties: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A rule with the parameters that it takes. `repeated`: what it means that a person names a project twice."""

    takes: frozenset[str]
    repeated: Repeated
    make: Callable[[PotChoice], PotRule]


def pot_rule_of(name: str, choice: PotChoice) -> PotRule:
    """The rule of this name with these parameters. Raises `InvalidElection`: no pot, a parameter it does not take.

    >>> from communs.core.allocation.amounts_csv import from_csv
    >>> gifts = from_csv(b"donor,project,amount\\nana,maps,12.50\\nben,maps,3\\nana,wiki,9\\n", decimals=2)
    >>> dict(pot_rule_of("quadratic", PotChoice(pot=Fraction(10)))(gifts, 2).amounts)
    {'maps': 1000, 'wiki': 0}
    """
    named = POT_RULES.get(name)
    if named is None:
        raise InvalidElection(f"{name} divides no pot. These do: {', '.join(POT_RULES)}.")
    refuse_others(name, named.takes, (one.name for one in fields(choice) if getattr(choice, one.name) is not None))
    refuse_unknown_order(choice.ties)
    if choice.pot is None:
        raise InvalidElection(f"{name} divides a pot. Say how much is in it.")
    return named.make(choice)


def _quadratic(choice: PotChoice) -> PotRule:
    name, colon, m = (choice.variant or "standard").partition(":")
    known = name in {one.partition(":")[0] for one in VARIANTS} and (name == "pairwise") == bool(colon)
    common = _number(m) if colon else Fraction(1)
    if not known or common is None:
        remedy = f"There are {', '.join(VARIANTS)}; M is an amount, such as 25 or 0.5"
        raise InvalidElection(f"{(choice.variant or '')[:40]} is no variant. {remedy}.")

    def variant(decimals: int) -> Variant:
        match name:
            case "pairwise":
                return Pairwise(common * 10**decimals)
            case "profile-clusters":
                return ProfileClusters()
            case "connected-clusters":
                return ConnectedClusters()
        return STANDARD

    return lambda amounts, decimals: quadratic(
        amounts,
        _minor("pot", choice.pot, decimals),
        variant(decimals),
        _limits(choice, amounts, decimals),
        minimum=1 if choice.minimum is None else _minor("minimum", choice.minimum, decimals),
        surplus=choice.surplus or Surplus.KEEP,
        ties=choice.ties or LEXICOGRAPHIC,
    )


def _median(choice: PotChoice) -> PotRule:
    asked = Quantile()
    quantile = Quantile(
        asked.q if choice.quantile is None else choice.quantile,
        choice.middle or asked.middle,
        choice.absent or asked.absent,
    )
    return lambda amounts, decimals: median(
        amounts,
        _minor("pot", choice.pot, decimals),
        quantile,
        quorum=1 if choice.quorum is None else choice.quorum,
        surplus=choice.surplus or Surplus.KEEP,
        limits=_limits(choice, amounts, decimals),
        ties=choice.ties or LEXICOGRAPHIC,
    )


def _limits(choice: PotChoice, amounts: Amounts, decimals: int) -> Limits:
    return Limits.same(
        amounts.projects,
        floor=0 if choice.floor is None else _minor("floor", choice.floor, decimals),
        cap=None if choice.cap is None else _minor("cap", choice.cap, decimals),
    )


def _minor(name: str, amount: Fraction | None, decimals: int) -> int:
    """An amount in the smallest unit. Raises `InvalidElection` where it is no whole number of it."""
    exact = (amount or Fraction(0)) * 10**decimals
    if exact.denominator > 1:
        raise InvalidElection(f"{name}: {float(exact) / 10**decimals:g} has more than {decimals} decimals. Round it.")
    return int(exact)


def _number(text: str) -> Fraction | None:
    """M of the pairwise variant: a whole number, one with a point, or a ratio of two. None for any other text."""
    found = _M.fullmatch(text)
    try:
        return Fraction(text) if found else None
    except ZeroDivisionError:
        return None


_COMMON = frozenset({"pot", "floor", "cap", "surplus", "ties"})
POT_RULES = {
    "quadratic": Named(_COMMON | {"variant", "minimum"}, Repeated.ADD, _quadratic),
    "median": Named(_COMMON | {"quantile", "middle", "absent", "quorum"}, Repeated.REFUSE, _median),
}

"""Dividing an amount so that the parts always add up to it: largest remainder (Hamilton), ties by a published rule.

Rule `communs-split-1`. Given a total of T minor units and a weight of at least zero for each name:
1. The quota of a name is T × weight ÷ sum of weights, as an exact fraction. Each name gets the whole part of its quota.
2. The units that are left go, one each, to the names with the largest fractions left over.
3. Where fractions are equal: the larger weight first; where these are equal too, names in the order of their
   characters' Unicode numbers. So the parts do not depend on the order in which names are given.
A negative total is divided as its opposite, then negated.
Source: M. L. Balinski and H. P. Young, Fair Representation (1982), chapter 3, for the quota method.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from communs.core.money.amounts import Money

Weight = int | Fraction | Decimal


class NothingToShareBy(ValueError):
    """There is no name, a weight is negative, or all weights are zero."""


def split(total: Money, weights: Mapping[str, Weight]) -> dict[str, Money]:
    """The part of each name, in the order given. The parts add up to `total`. Raises `NothingToShareBy`.

    >>> {name: part.minor for name, part in split(Money(100, "EUR"), {"a": 1, "b": 1, "c": 1}).items()}
    {'a': 34, 'b': 33, 'c': 33}
    """
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    whole = sum(exact.values(), Fraction(0))
    if any(weight < 0 for weight in exact.values()):
        raise NothingToShareBy("A weight is negative. Give weights of at least zero.")
    if not whole:
        raise NothingToShareBy("There is nobody to share with, or every weight is zero. Give one weight above zero.")
    sign = -1 if total.minor < 0 else 1
    quotas = {name: abs(total.minor) * weight / whole for name, weight in exact.items()}
    parts = {name: int(quota) for name, quota in quotas.items()}
    left = abs(total.minor) - sum(parts.values())
    order = sorted(exact, key=lambda name: (parts[name] - quotas[name], -exact[name], name))
    for name in order[:left]:
        parts[name] += 1
    return {name: Money(sign * part, total.currency) for name, part in parts.items()}


def split_evenly(total: Money, names: list[str]) -> dict[str, Money]:
    """Equal parts; the units that are left go to the first names in Unicode order."""
    return split(total, dict.fromkeys(names, 1))

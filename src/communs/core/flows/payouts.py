"""From what each node keeps to what each is paid: least amounts and caps, then whole minor units that add up.

Rule flows-1, steps 6–8. Exact throughout: shares are compared as whole numbers over a common denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from communs.core.flows.graphs import Graph, InvalidGraph, Longs

MICRO = 1_000_000
"""Micro units in a minor unit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one recipient is paid at least and at most, in minor units. `caps` by name go before `cap`."""

    minimum: int = 0
    cap: int | None = None
    caps: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        least = min([*self.caps.values(), *([] if self.cap is None else [self.cap])], default=self.minimum)
        if self.minimum < 0 or least < max(self.minimum, 0):
            raise InvalidGraph(
                f"A cap of {least} is below the least amount of {self.minimum}. Raise one, or lower one."
            )

    @property
    def are_none(self) -> bool:
        return self.minimum <= 0 and self.cap is None and not self.caps


@dataclass(frozen=True, slots=True)
class Payouts:
    """`amounts` by number of the node, above 0 only; `returned`: what nobody takes. In minor units."""

    amounts: Mapping[int, int]
    returned: int


def pay(graph: Graph, kept: Longs, returned_micro: int, limits: Limits) -> Payouts:
    """Whole minor units for what each node keeps (micro units; a whole number of minor units with what is returned)."""
    total = (int(kept.sum()) + returned_micro) // MICRO
    nodes = np.flatnonzero(kept)
    if limits.are_none:
        return _rounded(nodes.tolist(), kept[nodes].tolist(), returned_micro, total, MICRO)
    for name in limits.caps:
        graph.number(name)
    order = nodes[np.argsort(-kept[nodes], kind="stable")].tolist()
    weights = [int(kept[node]) for node in order]
    caps = [limits.caps.get(graph.ids[node], limits.cap) for node in order]
    pot = sum(weights)
    served = _served(weights, caps, pot, limits.minimum * MICRO)
    level, full = _level(weights[:served], caps[:served], pot)
    quotas = [_quota(weight, cap, level) for weight, cap in zip(weights[:served], caps, strict=False)]
    left = returned_micro + pot - sum(quotas) if full else returned_micro
    scale = level.denominator * MICRO
    scaled = [int(quota * level.denominator) for quota in quotas]
    return _rounded(order[:served], scaled, int(left * level.denominator), total, scale)


def _quota(weight: int, cap: int | None, level: Fraction) -> Fraction:
    quota = weight * level
    return quota if cap is None else min(quota, Fraction(cap * MICRO))


def _level(weights: Sequence[int], caps: Sequence[int | None], pot: int) -> tuple[Fraction, bool]:
    """By what each weight is multiplied so that the pot is used up, caps kept; and whether all are at their cap."""
    left, weighing = pot, sum(weights)
    capped = [
        (Fraction(cap * MICRO, weight), weight) for weight, cap in zip(weights, caps, strict=True) if cap is not None
    ]
    for reached, weight in sorted(capped):
        if weighing and reached * weighing > left:
            break
        left -= int(reached * weight)
        weighing -= weight
    if not weighing:
        return max((reached for reached, _weight in capped), default=Fraction(0)), True
    return Fraction(left, weighing), False


def _served(weights: Sequence[int], caps: Sequence[int | None], pot: int, minimum: int) -> int:
    """How many recipients, the largest first, can be served so that the last of them gets the least amount."""
    low, high = 0, len(weights)
    while low < high:
        middle = (low + high + 1) // 2
        level, _full = _level(weights[:middle], caps[:middle], pot)
        if _quota(weights[middle - 1], caps[middle - 1], level) >= minimum:
            low = middle
        else:
            high = middle - 1
    return low


def _rounded(nodes: Sequence[int], quotas: Sequence[int], returned: int, total: int, scale: int) -> Payouts:
    """Largest remainder over quotas, `scale` parts to a minor unit; of equal ones the larger, then the first name."""
    whole = [quota // scale for quota in quotas]
    back = returned // scale
    left = total - sum(whole) - back
    rests = [
        (-(quota % scale), -quota, node, place) for place, (node, quota) in enumerate(zip(nodes, quotas, strict=True))
    ]
    rests.append((-(returned % scale), 0, len(nodes) and max(nodes) + 1, -1))
    for *_rank, place in sorted(rests)[:left]:
        if place < 0:
            back += 1
        else:
            whole[place] += 1
    return Payouts({node: amount for node, amount in sorted(zip(nodes, whole, strict=True)) if amount}, back)

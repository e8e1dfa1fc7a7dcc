"""Money passed on until nobody has anything more to pass: the totals of rule flows-1, in memory with numpy.

The totals are the smallest that fit (docs/rules/flows.md), whatever order they are worked out in. Here: stage by stage,
once each; circles of a stage in rounds, every node passing on of all it has so far, until a round changes nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from communs.core.flows.indexing import Index, Inflow, Longs

PPM = 1_000_000


def settle(index: Index, seeds: Longs) -> Longs:
    """What passes through each node in all, in micro units: its seed and all that it receives. By node."""
    totals = seeds[index.order]
    inflow, inside = index.inflow, index.inside
    for stage in range(len(index.stages) - 1):
        if inflow.bounds[stage] < inflow.bounds[stage + 1]:
            receivers, received = _received(inflow, stage, totals)
            totals[receivers] += received
        if inside.bounds[stage] < inside.bounds[stage + 1]:
            _go_round(inside, stage, totals)
    by_node = np.empty_like(totals)
    by_node[index.order] = totals
    return by_node


def share(totals: Longs, ppm: npt.NDArray[np.int32] | Longs) -> Longs:
    """Of each total so many millionths, rounded down; nothing passes 64 bits on the way.

    >>> share(np.array([10, 9 * 10**18]), np.array([333_333, 1_000_000])).tolist()
    [3, 9000000000000000000]
    """
    whole = totals // PPM
    rest = totals - whole * PPM
    rest *= ppm
    rest //= PPM
    whole *= ppm
    whole += rest
    return whole


def _received(inflow: Inflow, stage: int, totals: Longs) -> tuple[npt.NDArray[np.int32], Longs]:
    """Who receives in a stage, and what."""
    first, last = inflow.bounds[stage], inflow.bounds[stage + 1]
    starts = inflow.starts[first:last]
    edges = slice(starts[0], inflow.starts[last])
    shares = share(totals[inflow.source[edges]], inflow.ppm[edges])
    return inflow.receivers[first:last], np.add.reduceat(shares, starts - starts[0])


def _go_round(inside: Inflow, stage: int, totals: Longs) -> None:
    """Settle the circles of a stage, all at once."""
    receivers = inside.receivers[inside.bounds[stage] : inside.bounds[stage + 1]]
    arrived = totals[receivers]
    if not arrived.any():
        return
    while True:
        _same, received = _received(inside, stage, totals)
        received += arrived
        if np.array_equal(received, totals[receivers]):
            return
        totals[receivers] = received

"""The same totals as `settling`, for numba: one pass over the nodes that have anything. It also runs without numba.

Nothing here depends on order either, so a circle may use each new total at once, which settles it in fewer rounds.
Numbers are unsigned: dividing by a constant is then one multiplication.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from communs.core.flows.compiling import with_numba
from communs.core.flows.indexing import Index, Inflow, Longs, Outflow


def settle(index: Index, seeds: Longs) -> Longs:
    """What passes through each node in all, in micro units, by node. Needs numba."""
    return _by_node(index, seeds, with_numba(pass_on))


def settle_slowly(index: Index, seeds: Longs) -> Longs:
    """The same without numba, a thousand times slower: so that tests can hold the function to account everywhere."""
    return _by_node(index, seeds, pass_on)


def _by_node(index: Index, seeds: Longs, run: Any) -> Longs:
    totals = seeds[index.order].astype(np.uint64)
    arrived = np.empty(len(index.inside.receivers), np.uint64)
    run(totals, index.stages, index.outflow, index.inside, arrived)
    by_node = np.empty_like(seeds)
    by_node[index.order] = totals.astype(np.int64)
    return by_node


def pass_on(totals: Any, stages: Any, outflow: Outflow, inside: Inflow, arrived: Any) -> None:
    """Bring `totals` (by position, at first the seeds) to their end. `arrived`: room for what came in from outside."""
    starts, target, ppm = outflow
    receivers, starts_in, source, ppm_in, bounds = inside
    million = np.uint64(1_000_000)
    for stage in range(len(stages) - 1):
        for at in range(bounds[stage], bounds[stage + 1]):
            arrived[at] = totals[receivers[at]]
        moved = bounds[stage] < bounds[stage + 1]
        while moved:
            moved = False
            for at in range(bounds[stage], bounds[stage + 1]):
                received = arrived[at]
                for edge in range(starts_in[at], starts_in[at + 1]):
                    total, part = totals[source[edge]], np.uint64(ppm_in[edge])
                    whole = total // million
                    received += whole * part + (total - whole * million) * part // million
                if received != totals[receivers[at]]:
                    totals[receivers[at]] = received
                    moved = True
        for position in range(stages[stage], stages[stage + 1]):
            total = totals[position]
            if total == 0:
                continue
            whole = total // million
            rest = total - whole * million
            for edge in range(starts[position], starts[position + 1]):
                part = np.uint64(ppm[edge])
                totals[target[edge]] += whole * part + rest * part // million

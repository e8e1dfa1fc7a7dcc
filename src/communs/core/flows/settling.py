"""Money passed on until nobody has anything more to pass: the totals of rule flows-1, in memory with numpy.

The totals are the smallest that fit (docs/rules/flows.md), whatever order they are worked out in. Here: stage by stage,
once each, and circles of a stage until nothing moves in them any more (`going_round`). Seeds mostly reach a small part
of a graph: of edges whose source has nothing, nothing but that is looked at.
"""

from __future__ import annotations

import numpy as np

from communs.core.flows.going_round import go_round
from communs.core.flows.indexing import Index, Inflow, Longs, Piece
from communs.core.flows.sharing import share

__all__ = ["settle", "share"]

FEW = 4
"""Where fewer than one edge in so many has anything to pass, these are picked out first."""


def settle(index: Index, seeds: Longs) -> Longs:
    """What passes through each node in all, in micro units: its seed and all that it receives. By node."""
    order = index.order.astype(np.intp)  # as numpy looks up fastest
    totals = seeds.take(order)
    inflow, inside = index.inflow, index.inside
    circles = inside.bounds.tolist()
    for stage, pieces in enumerate(index.pieces):
        for piece in pieces:
            _receive(inflow, piece, totals)
        if circles[stage] < circles[stage + 1]:
            go_round(index, circles[stage], circles[stage + 1], totals)
    by_node = np.empty_like(totals)
    by_node[order] = totals
    return by_node


def _receive(inflow: Inflow, piece: Piece, totals: Longs) -> None:
    """Add to the totals of some receivers of a stage what they receive."""
    ppm = inflow.ppm[piece.begin : piece.end]
    held = totals.take(inflow.source[piece.begin : piece.end].astype(np.intp))
    paying = (held != 0).nonzero()[0]
    if not len(paying):
        return
    receivers, starts = inflow.receivers[piece.first : piece.last], inflow.starts[piece.first : piece.last]
    if len(paying) * FEW < len(held):
        by = starts.searchsorted(paying + piece.begin, "right") - 1
        np.add.at(totals, receivers.take(by).astype(np.intp), share(held.take(paying), ppm.take(paying)))
    else:
        totals[receivers] += np.add.reduceat(share(held, ppm), starts - piece.begin)

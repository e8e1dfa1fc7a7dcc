"""A graph made ready for money: nodes in stages, so that each stage receives only from those before it.

A stage is a level of the graph in which every circle counts as one node. Positions number the nodes by stage, and
inside a stage by circle. Edges between stages lie apart from those inside circles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from communs.core.flows.circles import by_source, circles, peel

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
PIECE_EDGES = 2**15


class Inflow(NamedTuple):
    """Edges by the node that receives: those of `receivers[i]` are `starts[i]` up to `starts[i + 1]`.

    `receivers` are positions, ascending; receivers of stage s are `bounds[s]` up to `bounds[s + 1]`.
    """

    receivers: Ints
    starts: Longs
    source: Ints  # by edge: the position of the node that passes on
    ppm: Ints
    bounds: Longs


class Outflow(NamedTuple):
    """Edges by the node that passes on: those of position p are `starts[p]` up to `starts[p + 1]`."""

    starts: Longs
    target: Ints  # by edge: the position of the node that receives
    ppm: Ints


class Piece(NamedTuple):
    """Receivers `first` up to `last` of a stage with their edges `begin` up to `end`: few enough for a cache."""

    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True, eq=False)
class Index:
    """`order[p]`: the node at position p; stage s holds the positions `stages[s]` up to `stages[s + 1]`.

    `edges`: those between stages (source, target, ppm), by position, in the order in which they came. They are put in
    order once, in the way that an engine asks for.
    """

    order: Ints
    stages: Longs
    edges: tuple[Ints, Ints, Ints]
    inside: Inflow

    @cached_property
    def inflow(self) -> Inflow:
        """The edges between stages by who receives: whole arrays can be summed up."""
        return _inflow(self.stages, *self.edges)

    @cached_property
    def outflow(self) -> Outflow:
        """The edges between stages by who passes on: who has nothing can be passed over."""
        source, target, ppm = self.edges
        places, starts = by_source(len(self.order), source)
        return Outflow(starts, target[places], ppm[places])

    @cached_property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        """By stage: `inflow` in pieces."""
        bounds = self.inflow.bounds.tolist()
        return tuple(tuple(_pieces(self.inflow.starts, *stage)) for stage in pairwise(bounds))

    @cached_property
    def circling(self) -> Outflow:
        """The edges inside circles by who passes on. Nodes go by their place in `inside.receivers`: each is there."""
        receivers, starts, source, ppm, _bounds = self.inside
        places, leaving = by_source(len(receivers), np.searchsorted(receivers, source).astype(np.int32))
        target = np.repeat(np.arange(len(receivers), dtype=np.int32), np.diff(starts))
        return Outflow(leaving, target[places], ppm[places])


def index_of(nodes: int, source: Ints, target: Ints, ppm: Ints) -> Index:
    """The index of a graph whose edges pass `ppm` millionths from `source` to `target`."""
    levels, circle = peel(nodes, source, target), np.arange(nodes, dtype=np.int32)
    if bool((levels < 0).any()):
        circle = circles(nodes, source, target, levels)
        apart = circle[source] != circle[target]
        levels = peel(nodes, circle[source[apart]], circle[target[apart]])[circle]
    order = np.lexsort((np.arange(nodes), circle, levels)).astype(np.int32)
    place = np.empty(nodes, np.int32)
    place[order] = np.arange(nodes, dtype=np.int32)
    stages = np.searchsorted(levels[order], np.arange(int(levels.max(initial=-1)) + 2)).astype(np.int64)
    apart = circle[source] != circle[target]
    inside = _inflow(stages, place[source[~apart]], place[target[~apart]], ppm[~apart])
    return Index(order, stages, (place[source[apart]], place[target[apart]], ppm[apart]), inside)


def _pieces(starts: Longs, first: int, last: int) -> Iterator[Piece]:
    while first < last:
        begin = int(starts[first])
        fits = int(np.searchsorted(starts[first : last + 1], begin + PIECE_EDGES, "right")) + first - 1
        until = max(first + 1, fits)
        yield Piece(first, until, begin, int(starts[until]))
        first = until


def _inflow(stages: Longs, source: Ints, target: Ints, ppm: Ints) -> Inflow:
    by_receiver = np.argsort(target, kind="stable")
    at = target[by_receiver]
    first = np.flatnonzero(np.concatenate(([True], at[1:] != at[:-1]))) if len(at) else np.zeros(0, np.int64)
    receivers = at[first]
    return Inflow(
        receivers,
        np.append(first, len(at)).astype(np.int64),
        source[by_receiver],
        ppm[by_receiver],
        np.searchsorted(receivers, stages).astype(np.int64),
    )

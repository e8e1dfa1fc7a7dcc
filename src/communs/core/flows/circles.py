"""Circles of a graph: groups of nodes that money can go round in, and the levels that everything else stands on.

Most nodes of a real graph stand in no circle. They are peeled off level by level, whole arrays at a time; what is left
between the two ends, the core, is searched with Tarjan's algorithm (SIAM Journal on Computing 1, 1972), node by node.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from communs.core.flows.compiling import compiled

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

CORE_EDGES_MAX = 5_000_000
"""A core with more edges than this is taken as one circle, unless numba is at hand: that is slower, not different."""


def by_source(nodes: int, source: Ints) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The edges that leave each node: those of v are `places[starts[v]:starts[v + 1]]`."""
    in_order = bool((source[1:] >= source[:-1]).all())  # as graphs come that were read: sorting would take a second
    places = np.arange(len(source)) if in_order else np.argsort(source, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=nodes)))).astype(np.int64)
    return places, starts


def peel(nodes: int, source: Ints, target: Ints) -> npt.NDArray[np.int32]:
    """The level of each node that only nodes outside every circle lead to: 0 where nothing leads; −1 for the others."""
    places, starts = by_source(nodes, source)
    ahead = target[places]
    waiting = np.bincount(target, minlength=nodes).astype(np.int32)
    levels = np.full(nodes, -1, np.int32)
    ready = np.flatnonzero(waiting == 0)
    level = 0
    while len(ready):
        levels[ready] = level
        reached = ahead[ranges(starts[ready], starts[ready + 1])]
        np.subtract.at(waiting, reached, np.int32(1))
        ready = np.unique(reached[waiting[reached] == 0])
        level += 1
    return levels


def ranges(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """All numbers of all half-open ranges, one range after the other."""
    lengths = last - first
    before = np.cumsum(lengths) - lengths
    return np.repeat(first - before, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)


def circles(nodes: int, source: Ints, target: Ints, levels: Ints | None = None) -> Ints:
    """A number for each node, the same for two nodes exactly if money can go from each to the other.

    `levels`: what `peel` gave, if known. A core too large to be searched without numba gets one number as a whole.
    """
    numbers = np.arange(nodes, dtype=np.int32)
    between = (peel(nodes, source, target) if levels is None else levels) < 0
    if not between.any():
        return numbers
    core = np.flatnonzero(between & (peel(nodes, target, source) < 0))
    local = np.full(nodes, -1, np.int32)
    local[core] = np.arange(len(core), dtype=np.int32)
    inside = (local[source] >= 0) & (local[target] >= 0)
    numbers[core] = core[_strong(len(core), local[source[inside]], local[target[inside]])]
    return numbers


def _strong(nodes: int, source: Ints, target: Ints) -> Ints:
    places, starts = by_source(nodes, source)
    search = compiled(_tarjan, edges=len(source))
    if search is not _tarjan:
        return np.asarray(search(starts, target[places], *(np.full(nodes, -1, np.int64) for _ in range(6))), np.int32)
    if len(source) > CORE_EDGES_MAX:
        return np.zeros(nodes, np.int32)
    found = _tarjan(starts.tolist(), target[places].tolist(), *([-1] * nodes for _ in range(6)))
    return np.asarray(found, np.int32)


def _tarjan(  # noqa: C901 - one function, so that it can be compiled
    starts: Any, ahead: Any, found: Any, low: Any, circle: Any, path: Any, waiting: Any, at: Any
) -> Any:
    """Tarjan's search without recursion, over lists or (compiled) arrays; the last six are room to work in, all −1.

    Returns `circle`: for each node the lowest-found node of its circle.
    """
    clock, paths, waits = 0, 0, 0
    for root in range(len(found)):
        if found[root] >= 0:
            continue
        path[0], paths = root, 1
        while paths:
            node = path[paths - 1]
            if found[node] < 0:
                found[node] = low[node] = clock
                clock += 1
                at[node] = starts[node]
                waiting[waits] = node
                waits += 1
            stepped = False
            while at[node] < starts[node + 1]:
                reached = ahead[at[node]]
                at[node] += 1
                if found[reached] < 0:
                    path[paths] = reached
                    paths += 1
                    stepped = True
                    break
                if circle[reached] < 0:
                    low[node] = min(low[node], found[reached])
            if stepped:
                continue
            paths -= 1
            if paths:
                above = path[paths - 1]
                low[above] = min(low[above], low[node])
            if low[node] == found[node]:
                while True:
                    waits -= 1
                    member = waiting[waits]
                    circle[member] = node
                    if member == node:
                        break
    return circle

"""Why somebody is paid: who passed what to them, and along which paths most of a seed came.

The share of a path is the product of the shares of its edges, in parts of `WHOLE`, cut off at each step. Paths are
found best first; the best share from each node to the recipient (Dijkstra's algorithm, backwards) guides the way.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from communs.core.flows.circles import by_source
from communs.core.flows.flowing import Flow
from communs.core.flows.graphs import PPM, Ints

Numbers = npt.NDArray[np.signedinteger[Any]]
WHOLE = 10**18
SHARE_MIN = WHOLE // 10**9
"""A way along which less than a billionth of a seed comes is not looked for."""
STEPS_MAX = 40
TRIES_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Sent:
    """What `source` passed to `target`, in micro units."""

    source: str
    target: str
    micro: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a seed to a recipient: of each `WHOLE` of the seed `share` arrived along it; `micro` micro units."""

    names: tuple[str, ...]
    share: int
    micro: int


def received_by(flow: Flow, name: str, most: int = 20) -> tuple[Sent, ...]:
    """From whom somebody received, the most first."""
    return _sent(flow, np.flatnonzero(flow.shares.target == flow.graph.number(name)), most)


def given_by(flow: Flow, name: str, most: int = 20) -> tuple[Sent, ...]:
    """To whom somebody passed on, the most first."""
    return _sent(flow, np.flatnonzero(flow.shares.source == flow.graph.number(name)), most)


def strongest_paths(flow: Flow, seed: str, recipient: str, most: int = 5) -> tuple[Way, ...]:
    """The ways without repetition along which the largest shares of a seed came to a recipient, the strongest first.

    At most `STEPS_MAX` edges long; the search ends after `TRIES_MAX` tries with the paths found so far.
    """
    start, end = flow.graph.number(seed), flow.graph.number(recipient)
    amount = int(flow.seeds[start])
    best = _best_to(flow, end)
    ahead = _neighbours(flow.shares.nodes, flow.shares.source, flow.shares.target, flow.shares.ppm)
    waiting: list[tuple[int, tuple[int, ...], int]] = [(-best[start], (start,), WHOLE)] if start in best else []
    found: list[Way] = []
    tries = 0
    while waiting and len(found) < most and tries < TRIES_MAX:
        _hope, path, share = heapq.heappop(waiting)
        tries += 1
        if path[-1] == end:
            found.append(Way(tuple(flow.graph.ids[node] for node in path), share, amount * share // WHOLE))
            continue
        if len(path) > STEPS_MAX:
            continue
        for node, ppm in ahead(path[-1]):
            passed = share * ppm // PPM
            hope = passed * best.get(node, 0) // WHOLE
            if hope >= SHARE_MIN and node not in path:
                heapq.heappush(waiting, (-hope, (*path, node), passed))
    return tuple(sorted(found, key=lambda path: (-path.share, path.names)))


def _sent(flow: Flow, edges: Numbers, most: int) -> tuple[Sent, ...]:
    ids = flow.graph.ids
    sent = [
        Sent(ids[flow.shares.source[edge]], ids[flow.shares.target[edge]], int(flow.passed_on[edge])) for edge in edges
    ]
    return tuple(
        sorted((one for one in sent if one.micro), key=lambda one: (-one.micro, one.source, one.target))[:most]
    )


def _best_to(flow: Flow, end: int) -> dict[int, int]:
    """The best share of a path from each node to `end`, in parts of `WHOLE`."""
    behind = _neighbours(flow.shares.nodes, flow.shares.target, flow.shares.source, flow.shares.ppm)
    best: dict[int, int] = {}
    waiting = [(-WHOLE, end)]
    while waiting:
        negative, node = heapq.heappop(waiting)
        if node in best:
            continue
        best[node] = -negative
        for before, ppm in behind(node):
            share = -negative * ppm // PPM
            if share >= SHARE_MIN and before not in best:
                heapq.heappush(waiting, (-share, before))
    return best


def _neighbours(nodes: int, one: Ints, other: Ints, ppm: Ints) -> Callable[[int], Iterator[tuple[int, int]]]:
    """By the node at one end of each edge: the other ends, with their shares."""
    places, starts = by_source(nodes, one)
    others, shares = other[places], ppm[places]

    def of(node: int) -> Iterator[tuple[int, int]]:
        edges = slice(starts[node], starts[node + 1])
        return zip(others[edges].tolist(), shares[edges].tolist(), strict=True)

    return of

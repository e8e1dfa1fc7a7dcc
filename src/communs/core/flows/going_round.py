"""Circles: money goes round until nothing moves. From below, so that every way of doing so ends at the same totals.

Where few nodes of a stage have anything, they pass it on one by one, each as often as something new has come in. Where
many have, all pass on at once, round by round: whole arrays are quicker then, though more rounds are needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from communs.core.flows.indexing import Index, Longs, Outflow
from communs.core.flows.sharing import PPM, share

ONE_BY_ONE = 32
"""So many nodes are settled one by one; from there on, whole arrays are quicker."""


def go_round(index: Index, first: int, last: int, totals: Longs) -> None:
    """Settle the circles of a stage, whose nodes are the receivers `first` up to `last` of the edges inside circles."""
    receivers = index.inside.receivers
    arrived = totals[receivers[first:last]]
    having = (arrived != 0).nonzero()[0]
    if not len(having):
        return
    if len(having) <= ONE_BY_ONE:
        settled = _one_by_one(index.circling, (having + first).tolist(), arrived[having].tolist())
        if settled:
            totals[receivers[list(settled)]] = [node.total for node in settled.values()]
            return
    _in_rounds(index, first, last, arrived, totals)


class _Node:
    """A node that money has reached. `edges`, from its first turn: who receives, millionths, what was passed on."""

    __slots__ = ("edges", "place", "total", "waits")

    def __init__(self, place: int, total: int, *, waits: bool) -> None:
        self.place = place
        self.total = total
        self.waits = waits
        self.edges: list[list[Any]] | None = None


def _one_by_one(circling: Outflow, places: Sequence[int], arrived: Sequence[int]) -> dict[int, _Node]:
    """All nodes that money reaches, by place, at rest, of what has arrived at some; none where these are many."""
    nodes = {place: _Node(place, total, waits=True) for place, total in zip(places, arrived, strict=True)}
    waiting = deque(nodes.values())
    while waiting:
        node = waiting.popleft()
        node.waits = False
        if node.edges is None:
            node.edges = _edges(circling, nodes, node.place)
            if len(nodes) > ONE_BY_ONE:
                return {}
        total = node.total
        for edge in node.edges:
            receiver, ppm, passed = edge
            due = total * ppm // PPM
            if due > passed:
                edge[2] = due
                receiver.total += due - passed
                if not receiver.waits:
                    receiver.waits = True
                    waiting.append(receiver)
    return nodes


def _edges(circling: Outflow, nodes: dict[int, _Node], place: int) -> list[list[Any]]:
    """The edges of a node; who receives for the first time joins the nodes."""
    begin, end = circling.starts[place : place + 2].tolist()
    edges: list[list[Any]] = []
    for target, ppm in zip(circling.target[begin:end].tolist(), circling.ppm[begin:end].tolist(), strict=True):
        if target not in nodes:
            nodes[target] = _Node(target, 0, waits=False)
        edges.append([nodes[target], ppm, 0])
    return edges


def _in_rounds(index: Index, first: int, last: int, arrived: Longs, totals: Longs) -> None:
    """Every node passes on of all it has so far, until a round changes nothing."""
    inside = index.inside
    receivers, starts = inside.receivers[first:last], inside.starts[first:last]
    edges = slice(int(starts[0]), int(inside.starts[last]))
    source, ppm, starts = inside.source[edges], inside.ppm[edges], starts - starts[0]
    so_far = arrived
    while True:
        received = np.add.reduceat(share(totals[source], ppm), starts)
        received += arrived
        if (received == so_far).all():
            return
        totals[receivers] = so_far = received

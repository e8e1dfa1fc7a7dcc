"""What each node passes on, in millionths: weights, what is kept, who takes no part. Rule flows-1, steps 1–4."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from communs.core.flows.circles import circles
from communs.core.flows.graphs import PPM, Graph, Ints, InvalidGraph, Longs, some
from communs.core.flows.indexing import Index, index_of

KEEP_MIN = 10_000
"""In a circle somebody must keep at least this many millionths, so that money that goes round comes to rest."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Of all that `source[e]` receives, `ppm[e]` millionths go to `target[e]`. Nodes are numbers below `nodes`."""

    nodes: int
    source: Ints
    target: Ints
    ppm: Ints

    def __post_init__(self) -> None:
        if len(self.ppm) and (int(self.ppm.min()) < 1 or bool((self.source == self.target).any())):
            raise InvalidGraph("An edge passes on nothing, or leads from a node to itself. Leave such edges out.")
        if self.nodes and int(self.passed.max()) > PPM:
            wrong = int(self.passed.argmax())
            raise InvalidGraph(f"Node {wrong} passes on {self.passed[wrong]} millionths, more than {PPM}.")

    @cached_property
    def passed(self) -> Longs:
        """How many millionths each node passes on in all."""
        return np.bincount(self.source, weights=self.ppm, minlength=self.nodes).astype(np.int64)  # far below 2^53

    @cached_property
    def index(self) -> Index:
        """The graph in stages, made once."""
        return index_of(self.nodes, self.source, self.target, self.ppm)

    def check_circles(self) -> None:
        """Raise `InvalidGraph` where nodes that keep next to nothing form a circle: money in it would never rest."""
        for group in _circles_of(self, self.passed > PPM - KEEP_MIN):
            raise InvalidGraph(f"Nodes {group[:5].tolist()} form a circle in which nobody keeps {KEEP_MIN} millionths.")


def shares_of(
    graph: Graph,
    keep: int | None = None,
    keeps: Mapping[str, int] | None = None,
    excluded: Collection[str] = (),
    declined: Collection[str] = (),
) -> Shares:
    """What each node of a graph passes on.

    `keep`: what every node keeps, in millionths; `keeps`: what single ones keep instead. A graph in millionths says
    itself what is passed on: there they are the least that is kept, and may be missing. `excluded` nodes take part in
    nothing; `declined` ones keep nothing. Raises `InvalidGraph`.
    """
    passes = _passes(graph, keep, keeps or {})
    refusing = np.zeros(len(graph.ids), bool)
    refusing[[graph.number(name) for name in declined]] = True
    out = np.zeros(len(graph.ids), bool)
    out[[graph.number(name) for name in excluded]] = True
    used = ~(out[graph.source] | out[graph.target])
    source, target, weight = graph.source[used], graph.target[used], graph.weight[used]
    sums = np.zeros(len(graph.ids), np.int64)
    np.add.at(sums, source, weight)
    passes[refusing] = PPM
    # Millionths stand as they are, but for those who decline, and for those who would keep less than the least.
    scaled = refusing | (sums > passes) if graph.in_ppm else np.ones(len(sums), bool)
    factor, divisor = np.where(scaled, passes, 1), np.where(scaled, sums, 1)
    ppm = (factor[source] * weight // divisor[source]).astype(np.int32)
    given = ppm > 0
    made = Shares(len(graph.ids), source[given], target[given], ppm[given])
    return _as_bodies(graph, made, refusing)


def _passes(graph: Graph, keep: int | None, keeps: Mapping[str, int]) -> Longs:
    if keep is None and not graph.in_ppm:
        raise InvalidGraph(f"Say what each node keeps, from 0 to {PPM} millionths (500000 is half).")
    passes = np.full(len(graph.ids), PPM - _millionths(keep or 0), np.int64)
    for name, kept in keeps.items():
        passes[graph.number(name)] = PPM - _millionths(kept)
    return passes


def _millionths(keep: int) -> int:
    if not 0 <= keep <= PPM:
        raise InvalidGraph(f"{keep} cannot be kept: write from 0 to {PPM} millionths (500000 is half).")
    return keep


def _as_bodies(graph: Graph, shares: Shares, refusing: npt.NDArray[np.bool_]) -> Shares:
    """Declined nodes that pass money round among themselves act as one; other circles that keep nothing are refused."""
    groups = _circles_of(shares, (shares.passed > PPM - KEEP_MIN) | refusing)
    if not groups:
        return shares
    parts = [np.zeros((0, 3), np.int64)]
    member = np.zeros(shares.nodes, bool)
    for group in groups:
        if not refusing[group].all():
            names = [graph.ids[node] for node in group if not refusing[node]]
            raise InvalidGraph(
                f"{some(names)} pass money round in a circle and keep less than {KEEP_MIN} millionths of it: it would"
                " never rest. Let one of them keep more, or say that all of them decline."
            )
        member[group] = True
        parts.append(_body(shares, group))
    rest = ~member[shares.source]
    added = np.concatenate(parts)
    return Shares(
        shares.nodes,
        np.concatenate((shares.source[rest], added[:, 0].astype(np.int32))),
        np.concatenate((shares.target[rest], added[:, 1].astype(np.int32))),
        np.concatenate((shares.ppm[rest], added[:, 2].astype(np.int32))),
    )


def _body(shares: Shares, group: npt.NDArray[np.int64]) -> Longs:
    """The edges (source, target, ppm) of a group that passes on as one: each along all that leave it."""
    inside = np.zeros(shares.nodes, bool)
    inside[group] = True
    leaving = inside[shares.source] & ~inside[shares.target]
    targets, which = np.unique(shares.target[leaving], return_inverse=True)
    sums = np.zeros(len(targets), np.int64)
    np.add.at(sums, which, shares.ppm[leaving])
    ppm = sums * PPM // max(1, int(sums.sum()))
    targets, ppm = targets[ppm > 0], ppm[ppm > 0]
    return np.stack((np.repeat(group, len(targets)), np.tile(targets, len(group)), np.tile(ppm, len(group))), axis=1)


def _circles_of(shares: Shares, chosen: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.int64]]:
    """The circles among the chosen nodes alone."""
    among = chosen[shares.source] & chosen[shares.target]
    if not among.any():
        return []
    numbers = circles(shares.nodes, shares.source[among], shares.target[among])
    sizes = np.bincount(numbers, minlength=shares.nodes)
    return [np.flatnonzero(numbers == circle) for circle in np.flatnonzero(sizes > 1)]

"""A pot passed on: from seeds and a graph to what each is paid, by rule flows-1, on the engine of your choice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from communs.core.flows import settling, settling_compiled
from communs.core.flows.compiling import has_numba, pays
from communs.core.flows.graphs import Graph, InvalidGraph, Longs
from communs.core.flows.payouts import MICRO, Limits, Payouts, pay
from communs.core.flows.shares import Shares, shares_of
from communs.core.flows.sql import ENGINES as SQL_ENGINES
from communs.core.flows.sql import settle_with

RULE = "flows-1"
SEEDS_MAX = 90_000_000_000
"""Minor units in all seeds together (900 million euro): what goes round in circles still fits 64 bits."""
IN_MEMORY = ("memory", "numpy", "numba")
ENGINES = (*IN_MEMORY, *SQL_ENGINES)


class UnknownEngine(ValueError):
    """There is no such engine, or what it needs is not there: the message says what to do."""


@dataclass(frozen=True, eq=False)
class Flow:
    """What became of a pot. `totals`: what passed through each node, in micro units; `kept`: what stays.

    A declined node keeps nothing: what could not be passed on from it stands in `returned` with the excess over caps.
    """

    graph: Graph
    shares: Shares
    seeds: Longs
    totals: Longs
    parameters: Mapping[str, Any]
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def passed_on(self) -> Longs:
        """By edge of `shares`: what went along it, in micro units."""
        return settling.share(self.totals[self.shares.source], self.shares.ppm)

    @cached_property
    def left(self) -> Longs:
        """By node: what was not passed on, in micro units. Adds up to the seeds exactly."""
        left = self.totals.copy()
        np.subtract.at(left, self.shares.source, self.passed_on)
        return left

    @cached_property
    def kept(self) -> Longs:
        """By node: what it keeps, in micro units; nothing where it declined."""
        kept = self.left.copy()
        kept[self._declined] = 0
        return kept

    @cached_property
    def payouts(self) -> Payouts:
        """Whole minor units: amounts and what is returned add up to the seeds."""
        return pay(self.graph, self.kept, int(self.left[self._declined].sum()), self.limits)

    @property
    def amounts(self) -> dict[str, int]:
        """What each is paid, in minor units, by name."""
        return {self.graph.ids[node]: amount for node, amount in self.payouts.amounts.items()}

    @property
    def returned(self) -> int:
        """What nobody takes, in minor units: it goes back to the pot."""
        return self.payouts.returned

    @cached_property
    def sha256(self) -> str:
        """Of the totals, 64 bits each, little-endian, in the order of the names: the same from every engine."""
        return digest(self.totals)

    def document(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        return {
            "rule": RULE,
            "parameters": dict(self.parameters),
            "input_sha256": self.graph.sha256,
            "amounts": self.amounts,
            "returned": self.returned,
            "totals_sha256": self.sha256,
        }

    def to_json(self) -> bytes:
        """The same bytes on every run, machine and engine: keys sorted, no spaces, UTF-8."""
        return json.dumps(self.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def _declined(self) -> list[int]:
        return [self.graph.number(name) for name in self.parameters["declined"]]


def flow(  # noqa: PLR0913 - what a pot needs, and where to work it out
    graph: Graph,
    seeds: Mapping[str, int],
    keep: int | None = None,
    *,
    keeps: Mapping[str, int] | None = None,
    excluded: Collection[str] = (),
    declined: Collection[str] = (),
    limits: Limits | None = None,
    engine: str = "memory",
    connection: Any = None,
) -> Flow:  # fmt: skip
    """Pass the seeds (minor units by name) on along a graph.

    `keep`, `keeps`, `excluded`, `declined`: see `shares_of`. `engine`: one of `ENGINES`; those of SQL work over the
    `connection` (DB-API, DuckDB, or a Spark session) in temporary tables of their own.
    Raises `InvalidGraph`, `UnknownEngine`.
    """
    shares = shares_of(graph, keep, keeps, excluded, declined)
    sown = _sown(graph, seeds, frozenset(excluded))
    parameters = {
        "declined": sorted(set(declined)),
        "excluded": sorted(set(excluded)),
        "keep": keep,
        "keeps": dict(keeps or {}),
        "seeds": dict(seeds),
        **({} if limits is None else {"cap": limits.cap, "caps": dict(limits.caps), "minimum": limits.minimum}),
    }
    return Flow(graph, shares, sown, settle(shares, sown, engine, connection), parameters, limits or Limits())


def settle(shares: Shares, seeds: Longs, engine: str = "memory", connection: Any = None) -> Longs:
    """What passes through each node in all, in micro units, of seeds in micro units: the bare rule, on an engine."""
    if engine in SQL_ENGINES:
        if connection is None:
            raise UnknownEngine(f"The engine {engine} works over a connection. Hand one in.")
        return settle_with(engine, connection, shares, seeds)
    if engine not in IN_MEMORY:
        raise UnknownEngine(f"“{engine}” is no engine. Write one of {', '.join(ENGINES)}.")
    if engine == "numba" and not has_numba():
        raise UnknownEngine("The engine numba needs the package numba. Install it, or write memory.")
    if engine == "numba" or (engine == "memory" and pays(len(shares.ppm))):
        return settling_compiled.settle(shares.index, seeds)
    return settling.settle(shares.index, seeds)


def digest(totals: Longs) -> str:
    """The SHA-256 of totals, 64 bits each, little-endian."""
    return hashlib.sha256(totals.astype("<i8").tobytes()).hexdigest()


def _sown(graph: Graph, seeds: Mapping[str, int], excluded: frozenset[str]) -> Longs:
    sown = np.zeros(len(graph.ids), np.int64)
    if sum(seeds.values()) > SEEDS_MAX:
        raise InvalidGraph(f"The seeds are more than {SEEDS_MAX} minor units together. Count in a larger unit.")
    for name, amount in seeds.items():
        if amount < 0:
            raise InvalidGraph(f"The seed of “{name[:100]}” is {amount}. A seed is 0 or more.")
        if name in excluded:
            raise InvalidGraph(f"“{name[:100]}” is excluded and has a seed. Give the seed to somebody else.")
        sown[graph.number(name)] = amount * MICRO
    return sown

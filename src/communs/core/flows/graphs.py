"""Who depends on whom: a graph of names with weights, as it comes from a file, before anything is decided.

An edge goes from what depends to what it depends on, which is the way that money goes. Names are kept in the order of
their Unicode numbers, so a graph is the same whatever the order of its edges was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import numpy.typing as npt

from communs.core.flows.identities import without_version

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

PPM = 1_000_000
NODES_MAX = 50_000_000
EDGES_MAX = 500_000_000
WEIGHT_MAX = 9_000_000_000_000
"""The largest weight: a million times as much still fits 64 bits."""
NAMED = 5  # how many names a message gives at most
NEAR_MAX = 20_000  # names that one is compared with letter by letter


class InvalidGraph(ValueError):
    """Money cannot be passed along this graph: the message names the place and the remedy."""


@dataclass(frozen=True, eq=False)
class Graph:
    """`source[e]` depends on `target[e]` (numbers of `ids`) with `weight[e]`, a whole number of 1 or more.

    `in_ppm`: the weights say themselves, in millionths, what of all that `source` receives goes to `target`; otherwise
    only their ratios count. `notes`: what was left out or put together in reading. `sha256`: of the bytes read.
    """

    ids: tuple[str, ...]
    source: Ints
    target: Ints
    weight: Longs
    in_ppm: bool = False
    sha256: str = ""
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self.ids) > NODES_MAX or len(self.source) > EDGES_MAX:
            raise InvalidGraph(f"The graph has more than {NODES_MAX} nodes or {EDGES_MAX} edges. Use the SQL engine.")
        if len(self.weight) and int(self.weight.min()) < 1:
            wrong = int(np.argmin(self.weight))
            raise InvalidGraph(f"{self._edge(wrong)} has the weight {self.weight[wrong]}. Weights are 1 or more.")
        if len(self.weight) and int(self.weight.max()) > WEIGHT_MAX:
            wrong = int(np.argmax(self.weight))
            raise InvalidGraph(f"{self._edge(wrong)} has the weight {self.weight[wrong]}, more than {WEIGHT_MAX}.")
        if self.in_ppm:
            self._check_sums()

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[str, str, int]],
        *,
        in_ppm: bool = False,
        nodes: Iterable[str] = (),
        sha256: str = "",
        notes: Sequence[str] = (),
    ) -> Graph:
        """A graph from edges (source, target, weight) and names of nodes that may have none.

        Weights of the same two nodes are added up. An edge of weight 0 passes nothing on, and one to oneself is no
        passing on: both are left out, their nodes stay, and `notes` tells how many there were. Raises `InvalidGraph`.
        """
        edges: dict[tuple[str, str], int] = {}
        itself = twice = nothing = 0
        names = set(nodes)
        for source, target, weight in rows:
            names |= {source, target}
            if weight < 0:
                said = f"The edge from “{source[:100]}” to “{target[:100]}” has the weight {weight}"
                raise InvalidGraph(f"{said}. Weights are 0 or more.")
            if not weight:
                nothing += 1
                continue
            if source == target:
                itself += 1
                continue
            twice += (source, target) in edges
            edges[source, target] = edges.get((source, target), 0) + weight
        ids = tuple(sorted(names))
        number = {name: place for place, name in enumerate(ids)}
        ordered = sorted((number[source], number[target], weight) for (source, target), weight in edges.items())
        told = list(notes)
        if twice:
            told.append(f"{twice} edges stand more than once: their weights were added up.")
        if nothing:
            told.append(f"{nothing} edges of a weight of 0, or below all that counts, were left out.")
        if itself:
            told.append(f"{itself} edges lead from a node to itself: they were left out.")
        columns = np.array(ordered, np.int64).reshape(-1, 3)
        return cls(
            ids, columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32), columns[:, 2].copy(), in_ppm, sha256,
            tuple(told),
        )  # fmt: skip

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.ids)}

    def number(self, name: str) -> int:
        """The number of a name. Raises `InvalidGraph`."""
        try:
            return self.numbers[name]
        except KeyError:
            alike = near(name, self.ids)
            remedy = f"Did you mean {some(alike)}?" if alike else "Check how it is written there."
            raise InvalidGraph(f"“{name[:100]}” is no node of the graph. {remedy}") from None

    def renamed(self, rename: Callable[[str], str]) -> Graph:
        """The same graph under other names; nodes that get the same name become one."""
        names = [rename(name) for name in self.ids]
        rows = zip(self.source.tolist(), self.target.tolist(), self.weight.tolist(), strict=True)
        made = Graph.from_rows(
            ((names[source], names[target], weight) for source, target, weight in rows),
            in_ppm=False,  # checked below, where the sums are known
            nodes=names,
            sha256=self.sha256,
            notes=self.notes,
        )
        return replace(made, in_ppm=self.in_ppm)

    def _check_sums(self) -> None:
        sums = np.bincount(self.source, weights=self.weight, minlength=len(self.ids))  # exact: far below 2^53
        if len(sums) and sums.max() > PPM:
            wrong = int(sums.argmax())
            raise InvalidGraph(
                f"“{self.ids[wrong]}” passes on {int(sums[wrong])} millionths. They must be {PPM} or fewer together."
            )

    def _edge(self, number: int) -> str:
        return f"The edge from “{self.ids[self.source[number]]}” to “{self.ids[self.target[number]]}”"


def near(name: str, ids: Sequence[str]) -> list[str]:
    """Names that may have been meant: the same without version or in capitals, one that holds it, or one much alike.

    >>> near("pkg:npm/left-pad@1.3.0", ["pkg:npm/left-pad", "pkg:npm/right-pad"])
    ['pkg:npm/left-pad']
    """
    bare = (without_version(name) if "/" in name else name.partition("@")[0]).casefold()
    same = [one for one in ids if one.casefold() in {bare, name.casefold()} or without_version(one).casefold() == bare]
    if same:
        return same
    last = bare.rpartition("/")[2]
    within = sorted((one for one in ids if last and last in one.casefold()), key=lambda one: (len(one), one))
    few = ids if len(ids) <= NEAR_MAX else [one for one in ids if one[:1] == name[:1]][:NEAR_MAX]
    return within[:NAMED] or get_close_matches(name, few, NAMED)


def some(names: Sequence[str]) -> str:
    """The first of these names, for a message."""
    return ", ".join(f"“{name[:100]}”" for name in names[:NAMED]) + (" …" if len(names) > NAMED else "")

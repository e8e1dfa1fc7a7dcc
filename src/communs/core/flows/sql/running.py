"""The rule, round by round, in SQL: those whose total has grown pass on what is due of it, until nothing grows.

The totals are the smallest that fit, whatever the order of rounds, so these rounds end with the bytes of `settling`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from communs.core.flows.graphs import PPM, Longs
from communs.core.flows.sql import texts
from communs.core.flows.sql.engines import Tables, tables_of

if TYPE_CHECKING:
    from communs.core.flows.shares import Shares

ROUNDS_MAX = 10_000
"""Where somebody in every circle keeps a hundredth, about 4,000 rounds settle the largest pot."""


class NotSettled(RuntimeError):
    """Money still goes round after `ROUNDS_MAX` rounds."""


def settle_tables(tables: Tables, edges: str, seeds: str) -> str:
    """Settle tables: `edges` (source, target, ppm) and `seeds` (node, amount in micro units), one row a node.

    Returns the name of a table with the totals (node, total, before: the same). Raises `NotSettled`.
    """
    state, following = "flows_state", "flows_following"
    tables.keep(state, texts.FIRST.format(seeds=seeds))
    for _round in range(ROUNDS_MAX):
        ((growing,),) = tables.rows(texts.GROWING.format(state=state))
        if not growing:
            return state
        tables.keep(following, texts.NEXT.format(state=state, edges=edges, over=tables.over))
        tables.drop(state)
        state, following = following, state
    raise NotSettled(f"Money still goes round after {ROUNDS_MAX} rounds: in some circle nobody keeps anything.")


def settle_with(engine: str, connection: Any, shares: Shares, seeds: Longs) -> Longs:
    """Settle a graph at hand over a connection; nothing stays behind there."""
    tables = tables_of(engine, connection)
    sown = np.flatnonzero(seeds)
    columns = {"source": shares.source, "target": shares.target, "ppm": shares.ppm}
    tables.load("flows_edges", {name: column.astype(np.int64) for name, column in columns.items()}, key="source")
    tables.load("flows_seeds", {"node": sown, "amount": seeds[sown]}, key="node")
    found = settle_tables(tables, "flows_edges", "flows_seeds")
    by_node = np.zeros(shares.nodes, np.int64)
    pairs = np.array(list(tables.rows(f"SELECT node, total FROM {found}")), np.int64).reshape(-1, 2)  # noqa: S608 - our own name
    by_node[pairs[:, 0]] = pairs[:, 1]
    for name in ("flows_edges", "flows_seeds", found):
        tables.drop(name)
    return by_node


def shares_of_weights(tables: Tables, weights: str, keep: int, name: str = "flows_shares") -> str:
    """From a table of weights (source, target, weight) to one of millionths, where each keeps `keep`; its name."""
    tables.keep(name, texts.SHARES.format(weights=weights, passes=PPM - keep, over=tables.over))
    return name


def kept_of(tables: Tables, edges: str, totals: str, name: str = "flows_kept") -> str:
    """What each node keeps (node, kept in micro units), from what `settle_tables` gave; the name of the table."""
    tables.keep(name, texts.KEPT.format(edges=edges, state=totals, over=tables.over))
    return name

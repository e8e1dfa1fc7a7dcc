"""Flows in the database of the site, over its own connection: the bytes of memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from communs.core.flows import Shares, digest, settle, shares_of
from communs.core.flows.graphs import Graph
from communs.core.flows.settling import share
from communs.core.flows.sql import kept_of, settle_tables, shares_of_weights, tables_of

pytestmark = pytest.mark.django_db
ROWS = [(str(at), str(at * at % 97), 1 + at % 7) for at in range(97)] + [
    (str(at), str((at + 1) % 97), 3) for at in range(97)
]


def seeds_of(shares: Shares) -> np.ndarray:
    seeds = np.zeros(shares.nodes, np.int64)
    seeds[::10] = 10**14 + 7
    return seeds


def test_the_totals_are_those_of_memory() -> None:
    shares = shares_of(Graph.from_rows(ROWS), 250_000)
    seeds = seeds_of(shares)
    assert digest(settle(shares, seeds, connection.vendor, connection)) == digest(settle(shares, seeds, "numpy"))


def test_a_graph_that_only_the_database_holds_is_settled_there_from_weights_to_what_is_kept() -> None:
    graph = Graph.from_rows(ROWS)
    shares = shares_of(graph, 250_000)
    seeds = seeds_of(shares)
    tables = tables_of(connection.vendor, connection)
    columns = {"source": graph.source, "target": graph.target, "weight": graph.weight}
    tables.load("flows_weights", {name: column.astype(np.int64) for name, column in columns.items()}, key="source")
    tables.load("flows_sown", {"node": np.flatnonzero(seeds), "amount": seeds[seeds > 0]}, key="node")
    edges = shares_of_weights(tables, "flows_weights", 250_000)
    found = kept_of(tables, edges, settle_tables(tables, edges, "flows_sown"))
    kept = dict(tables.rows(f"SELECT node, kept FROM {found}"))  # noqa: S608 - our own name
    left = settle(shares, seeds)
    np.subtract.at(left, shares.source, share(left[shares.source], shares.ppm))
    assert kept == {node: amount for node, amount in enumerate(left.tolist()) if amount}

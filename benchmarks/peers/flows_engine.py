"""One engine on one graph, in whatever Python has it: run by `flows.py`, prints one line of JSON.

`python flows_engine.py GRAPH.npz ENGINE RUNS`. Ours: numpy, numba, sqlite, duckdb, spark. For comparison, in floats
with the damping of the graph, to within 1e-9 of the pot: igraph (PRPACK), scipy (sparse rows), networkx, duckdb-floats.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from communs.core.flows import Shares, digest, settle

NEAR = 1e-9
Run = Callable[[], Any]


def ours(engine: str) -> Callable[[Any], Run]:
    """The rule on one of its engines; what runs again is the whole of settling, after indexing (or connecting)."""

    def made(graph: Any) -> Run:
        shares = Shares(int(graph["nodes"]), graph["source"], graph["target"], graph["ppm"])
        connection = connect(engine)
        if connection is None:
            settle(shares, np.zeros(shares.nodes, np.int64), engine)  # indexes, and compiles
        seeds = graph["seeds"].astype(np.int64)
        return lambda: settle(shares, seeds, engine, connection)

    return made


def connect(engine: str) -> Any:
    if engine == "sqlite":
        return sqlite3.connect(":memory:")
    if engine == "duckdb":
        import duckdb

        return duckdb.connect(config={"threads": 2})
    if engine == "spark":
        return spark()
    return None


def spark() -> Any:
    """A session; `FLOWS_SPARK` names the master, by default two workers that are processes of their own."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(os.environ.get("FLOWS_SPARK", "local-cluster[2,1,1024]"))
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.sql.shuffle.partitions": "2",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def igraph(graph: Any) -> Run:
    import igraph as library

    nodes, pot = int(graph["nodes"]), graph["seeds"].astype(float)
    made = library.Graph(n=nodes, edges=np.stack((graph["source"], graph["target"]), axis=1), directed=True)
    weights, damping = graph["ppm"].astype(float).tolist(), float(graph["damping"])
    reset = (pot / pot.sum()).tolist()
    return lambda: made.personalized_pagerank(damping=damping, reset=reset, weights=weights, implementation="prpack")


def scipy(graph: Any) -> Run:
    from scipy.sparse import csr_matrix

    nodes, seeds = int(graph["nodes"]), graph["seeds"].astype(float)
    passed = csr_matrix((graph["ppm"] / 1e6, (graph["target"], graph["source"])), (nodes, nodes))

    def run() -> Any:
        moving, totals = seeds.copy(), seeds.copy()
        while moving.sum() > NEAR * seeds.sum():
            moving = passed @ moving
            totals += moving
        return totals

    return run


def networkx(graph: Any) -> Run:
    import networkx as library

    made = library.DiGraph()
    made.add_nodes_from(range(int(graph["nodes"])))
    rows = zip(graph["source"].tolist(), graph["target"].tolist(), graph["ppm"].tolist(), strict=True)
    made.add_weighted_edges_from(rows)
    start = {node: float(graph["seeds"][node]) for node in np.flatnonzero(graph["seeds"]).tolist()}
    tolerance = NEAR / len(made)  # it multiplies by the number of nodes
    return lambda: library.pagerank(made, float(graph["damping"]), start, tol=tolerance, max_iter=1000)


def duckdb_floats(graph: Any) -> Run:
    connection = connect("duckdb")
    arrays = {name: graph[name].astype(float if name == "ppm" else np.int64) for name in ("source", "target", "ppm")}
    connection.register("arrays", arrays)
    connection.execute("CREATE TABLE edges AS SELECT source, target, ppm / 1e6 AS share FROM arrays").fetchall()
    sown = np.flatnonzero(graph["seeds"])
    connection.register("pots", {"node": sown, "amount": graph["seeds"][sown].astype(float)})
    pot = float(graph["seeds"].sum())

    def run() -> None:
        connection.execute("CREATE OR REPLACE TABLE moving AS SELECT node, amount FROM pots").fetchall()
        connection.execute("CREATE OR REPLACE TABLE totals AS SELECT node, amount FROM pots").fetchall()
        while connection.execute("SELECT SUM(amount) FROM moving").fetchall()[0][0] > NEAR * pot:
            connection.execute(
                "CREATE OR REPLACE TABLE moving AS SELECT target AS node, SUM(amount * share) AS amount"
                " FROM moving JOIN edges ON source = node GROUP BY target"
            ).fetchall()
            connection.execute("INSERT INTO totals SELECT node, amount FROM moving").fetchall()

    return run


ENGINES: dict[str, Callable[[Any], Run]] = {
    **{name: ours(name) for name in ("numpy", "numba", "sqlite", "duckdb", "spark")},
    "igraph": igraph,
    "scipy": scipy,
    "networkx": networkx,
    "duckdb-floats": duckdb_floats,
}
OURS = ("numpy", "numba", "sqlite", "duckdb", "spark")


def main() -> None:
    """Load, run so many times, report the best."""
    path, engine, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with np.load(path) as stored:
        graph = {name: stored[name] for name in stored}
    start = time.perf_counter()
    run = ENGINES[engine](graph)
    load_s = time.perf_counter() - start
    took: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        found = run()
        took.append(time.perf_counter() - start)
    result = {
        "load_s": load_s,
        "run_s": min(took),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps({**result, "sha256": digest(found) if engine in OURS else ""}))


if __name__ == "__main__":
    main()

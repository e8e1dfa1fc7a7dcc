"""Published dependency graphs: each is read, a pot flows through it, and every engine at hand pays the same."""

from __future__ import annotations

import gzip
import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from communs.core.flows import Shares, digest, flow, received_by, settle, strongest_paths
from communs.core.flows.reading import read_graph

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
ALLOC = CORPORA / "alloc"
# Nodes and edges, counted by a few lines that know the columns of each file; without unknown ones and those to oneself.
GRAPHS = {
    "deepfunding_dependency-graph-v2.csv.gz": (1_770, 2_842),
    "deepfunding_pruned_repo_parent_weight_graph.csv.gz": (364, 801),
    "deepfunding_repo_parent_weight_graph.csv.gz": (5_025, 14_954),
    "deepfunding_unweighted_graph.csv.gz": (5_021, 14_920),
    "optimism_S7M6_devtooling_dependency_graph.csv.gz": (262, 2_228),
    "optimism_S7M6_devtooling_developer_graph.csv.gz": (1_448, 3_465),
}
DEBIAN_SHA256 = "a6cbf3445eed2cc3f83402c1e7e1851996aa397117e0f462b35bf38c3279a5c2"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not ALLOC.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


@pytest.mark.parametrize(("name", "nodes", "edges"), [(name, *size) for name, size in GRAPHS.items()])
def test_a_published_graph_is_read_whole_and_pays_what_is_given(name: str, nodes: int, edges: int) -> None:
    graph = read_graph((ALLOC / "graphs" / name).read_bytes())
    assert (len(graph.ids), len(graph.source)) == (nodes, edges)
    givers = sorted(set(graph.source.tolist()), key=lambda node: (-int((graph.source == node).sum()), node))[:5]
    result = flow(graph, {graph.ids[node]: 1_000_003 for node in givers}, keep=300_000)
    assert sum(result.amounts.values()) + result.returned == 5 * 1_000_003
    assert result.left.sum() == result.seeds.sum()
    with_sqlite = settle(result.shares, result.seeds, "sqlite", sqlite3.connect(":memory:"))
    assert digest(with_sqlite) == result.sha256


def test_the_root_of_deep_funding_is_explained() -> None:
    graph = read_graph((ALLOC / "graphs" / "deepfunding_repo_parent_weight_graph.csv.gz").read_bytes())
    result = flow(graph, {"ethereum": 10_000_000}, keep=10_000)
    shared = graph.ids[int(np.bincount(graph.target).argmax())]  # the one that most depend on
    givers = received_by(result, shared, most=1000)
    assert sum(one.micro for one in givers) == result.totals[graph.number(shared)]
    paths = strongest_paths(result, "ethereum", shared, most=3)
    assert [path.names[0] for path in paths] == ["ethereum"] * 3
    assert paths[0].share >= paths[1].share >= paths[2].share > 0


def debian() -> tuple[Shares, np.ndarray]:
    with np.load(ALLOC / "debian_bookworm_deps.npz") as stored:
        source, target, weight, nodes = stored["src"], stored["dst"], stored["w"], int(stored["n"])
    ppm = np.floor(850_000 * weight / np.bincount(source, weights=weight, minlength=nodes)[source]).astype(np.int32)
    chosen = np.sort(np.random.default_rng(1).choice(nodes, nodes // 1000, replace=False))
    seeds = np.zeros(nodes, np.int64)
    seeds[chosen] = 10**14 // len(chosen)
    seeds[chosen[: 10**14 - int(seeds.sum())]] += 1
    return Shares(nodes, source, target, ppm), seeds


def test_debian_flows_to_the_same_bytes_on_every_engine_at_hand() -> None:
    """The hash is that of every engine, Spark and PostgreSQL too: `benchmarks/flows.py` runs them."""
    shares, seeds = debian()
    assert digest(settle(shares, seeds, "numpy")) == DEBIAN_SHA256
    assert digest(settle(shares, seeds, "sqlite", sqlite3.connect(":memory:"))) == DEBIAN_SHA256
    duckdb = pytest.importorskip("duckdb")
    assert digest(settle(shares, seeds, "duckdb", duckdb.connect())) == DEBIAN_SHA256


def test_a_compressed_file_and_the_plain_one_are_one_graph() -> None:
    data = (ALLOC / "graphs" / "deepfunding_pruned_repo_parent_weight_graph.csv.gz").read_bytes()
    packed, plain = read_graph(data), read_graph(gzip.decompress(data))
    assert packed.ids == plain.ids
    assert packed.weight.tolist() == plain.weight.tolist()

"""Totals are the smallest that fit, from every way of working them out; nothing is lost and nothing is made."""

from __future__ import annotations

import sqlite3
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.flows import (
    KEEP_MIN,
    SEEDS_MAX,
    Graph,
    InvalidGraph,
    Shares,
    UnknownEngine,
    circles,
    compiling,
    digest,
    flow,
    going_round,
    indexing,
    settle,
    settling,
    settling_compiled,
)

PPM = 1_000_000
Case = tuple[Shares, np.ndarray]


@st.composite
def shares_and_seeds(draw: Any, most: int = 8, largest: int = 10**6) -> tuple[Shares, np.ndarray]:
    """A graph in millionths where everybody keeps a hundredth at least, and seeds in micro units."""
    nodes = draw(st.integers(1, most))
    pairs = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)).filter(lambda pair: pair[0] != pair[1])
    edges = draw(st.dictionaries(pairs, st.integers(1, 1000), max_size=3 * nodes)) if nodes > 1 else {}
    passes = draw(st.lists(st.integers(1, PPM - KEEP_MIN), min_size=nodes, max_size=nodes))
    sums = [sum(weight for (source, _target), weight in edges.items() if source == node) for node in range(nodes)]
    rows = [(source, target, passes[source] * weight // sums[source]) for (source, target), weight in edges.items()]
    seeds = draw(st.lists(st.integers(0, largest), min_size=nodes, max_size=nodes))
    return made(nodes, [row for row in rows if row[2]]), np.array(seeds, np.int64)


def made(nodes: int, rows: list[tuple[int, int, int]]) -> Shares:
    columns = np.array(rows, np.int32).reshape(-1, 3)
    return Shares(nodes, columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy())


def plainly(shares: Shares, seeds: np.ndarray) -> list[int]:
    """The smallest totals that fit, by the definition: from the seeds up, all nodes at once, in Python's numbers."""
    edges = list(zip(shares.source.tolist(), shares.target.tolist(), shares.ppm.tolist(), strict=True))
    totals = seeds.tolist()
    while True:
        following = seeds.tolist()
        for source, target, ppm in edges:
            following[target] += totals[source] * ppm // PPM
        if following == totals:
            return list(totals)
        totals = following


@given(shares_and_seeds())
def test_they_are_the_smallest_that_fit(case: Case) -> None:
    shares, seeds = case
    assert settling.settle(shares.index, seeds).tolist() == plainly(shares, seeds)


@given(shares_and_seeds(), st.integers(0, 4))
def test_circles_settle_the_same_node_by_node_and_in_rounds(case: Case, one_by_one: int) -> None:
    shares, seeds = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(going_round, "ONE_BY_ONE", one_by_one)
        assert settling.settle(shares.index, seeds).tolist() == plainly(shares, seeds)


def test_a_long_circle_that_one_node_leads_to_is_settled() -> None:
    rows = [(at, (at + 1) % 100, 900_000) for at in range(100)] + [(at, 100 + at, 50_000) for at in range(100)]
    seeds = np.zeros(200, np.int64)
    seeds[3] = 10**14
    assert settle(made(200, rows), seeds, "numpy").tolist() == plainly(made(200, rows), seeds)


@given(shares_and_seeds())
def test_the_sums_are_the_same_however_a_stage_is_cut_and_whether_few_or_all_edges_are_looked_at(case: Case) -> None:
    shares, seeds = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexing, "PIECE_EDGES", 1)
        patch.setattr(settling, "FEW", 0)
        assert settling.settle(shares.index, seeds).tolist() == plainly(shares, seeds)


@given(shares_and_seeds(most=6, largest=1000))
@settings(max_examples=40)
def test_the_function_that_numba_compiles_finds_the_same(case: Case) -> None:
    shares, seeds = case
    assert settling_compiled.settle_slowly(shares.index, seeds).tolist() == plainly(shares, seeds)


@given(shares_and_seeds(largest=10**14))
@settings(max_examples=60, deadline=None)
def test_sqlite_finds_the_same(case: Case) -> None:
    shares, seeds = case
    connection = sqlite3.connect(":memory:")
    assert digest(settle(shares, seeds, "sqlite", connection)) == digest(settle(shares, seeds, "numpy"))
    assert connection.execute("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)
    connection.close()


@given(shares_and_seeds(largest=10**14))
@settings(max_examples=40, deadline=None)
def test_duckdb_finds_the_same(case: Case) -> None:
    duckdb = pytest.importorskip("duckdb")
    shares, seeds = case
    with duckdb.connect() as connection:
        assert digest(settle(shares, seeds, "duckdb", connection)) == digest(settle(shares, seeds, "numpy"))


@given(shares_and_seeds(most=12, largest=10**14))
@settings(max_examples=40, deadline=None)
def test_numba_finds_the_same(case: Case) -> None:
    pytest.importorskip("numba")
    shares, seeds = case
    assert digest(settle(shares, seeds, "numba")) == digest(settle(shares, seeds, "numpy"))


@given(shares_and_seeds(), st.randoms())
def test_the_order_of_edges_plays_no_part(case: Case, chance: object) -> None:
    shares, seeds = case
    order = list(range(len(shares.ppm)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    other = Shares(shares.nodes, shares.source[order], shares.target[order], shares.ppm[order])
    assert settle(other, seeds).tolist() == settle(shares, seeds).tolist()


@given(shares_and_seeds())
def test_what_is_left_adds_up_to_the_seeds_and_is_never_negative(case: Case) -> None:
    shares, seeds = case
    totals = settle(shares, seeds)
    left = totals.copy()
    np.subtract.at(left, shares.source, settling.share(totals[shares.source], shares.ppm))
    assert left.sum() == seeds.sum()
    assert (left >= 0).all()


@given(shares_and_seeds(), st.data())
def test_a_larger_seed_makes_no_total_smaller(case: Case, data: st.DataObject) -> None:
    shares, seeds = case
    more = seeds.copy()
    more[data.draw(st.integers(0, shares.nodes - 1))] += data.draw(st.integers(1, 10**6))
    assert (settle(shares, more) >= settle(shares, seeds)).all()


def test_money_that_holds_itself_up_is_not_counted() -> None:
    pair = made(2, [(0, 1, 500_000), (1, 0, 500_000)])
    assert settle(pair, np.array([1, 1])).tolist() == [1, 1]


def test_the_largest_pot_fits_in_the_tightest_circle() -> None:
    graph = Graph.from_rows([("a", "b", 1), ("b", "a", 1)])
    result = flow(graph, {"a": SEEDS_MAX}, keep=10_000)
    assert sum(result.amounts.values()) == SEEDS_MAX
    assert result.totals.max() < 2**63 - 1
    assert result.totals.tolist() == plainly(result.shares, result.seeds)


def test_a_core_too_large_to_search_is_one_circle_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(at, (at + 1) % 50, 400_000) for at in range(50)] + [(at, (at * 7 + 3) % 60, 300_000) for at in range(50)]
    rows = [row for row in rows if row[0] != row[1]]
    seeds = np.full(60, 10**9)
    expected = plainly(made(60, rows), seeds)
    assert settle(made(60, rows), seeds, "numpy").tolist() == expected
    monkeypatch.setattr(circles, "CORE_EDGES_MAX", 10)
    monkeypatch.setattr(compiling, "pays", lambda edges: False)
    assert settle(made(60, rows), seeds, "numpy").tolist() == expected


def test_a_chain_of_ten_thousand_and_a_graph_without_edges() -> None:
    chain = made(10_000, [(at, at + 1, 990_000) for at in range(9_999)])
    seeds = np.zeros(10_000, np.int64)
    seeds[0] = 10**15
    assert settle(chain, seeds).tolist() == plainly_along(chain, seeds)
    assert settle(made(3, []), np.array([1, 0, 2])).tolist() == [1, 0, 2]
    assert settle(made(0, []), np.zeros(0, np.int64)).tolist() == []


def plainly_along(chain: Shares, seeds: np.ndarray) -> list[int]:
    totals = seeds.tolist()
    for source, ppm in zip(chain.source.tolist(), chain.ppm.tolist(), strict=True):
        totals[source + 1] += totals[source] * ppm // 1_000_000
    return list(totals)


def test_an_engine_that_is_not_there_is_named_with_the_remedy() -> None:
    shares = made(1, [])
    with pytest.raises(UnknownEngine, match="“abacus” is no engine"):
        settle(shares, np.array([1]), "abacus")
    with pytest.raises(UnknownEngine, match="Hand one in"):
        settle(shares, np.array([1]), "postgresql")


def test_an_edge_to_oneself_and_more_than_a_million_are_refused() -> None:
    with pytest.raises(InvalidGraph, match="to itself"):
        made(2, [(1, 1, 5)])
    with pytest.raises(InvalidGraph, match="more than 1000000"):
        made(3, [(0, 1, 600_000), (0, 2, 600_000)])

"""Explanations: who passed what to whom, and the strongest paths of a seed, as an exhaustive search finds them."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.flows import Flow, Graph, flow, given_by, received_by, strongest_paths
from communs.core.flows.explaining import WHOLE

NAMES = "abcdef"
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 9),
    min_size=1,
    max_size=14,
)


def every_path(result: Flow, path: tuple[str, ...], share: int, end: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    if path[-1] == end:
        yield -share, path
        return
    here = result.graph.number(path[-1])
    for source, target, ppm in zip(result.shares.source, result.shares.target, result.shares.ppm.tolist(), strict=True):
        name = result.graph.ids[target]
        if source == here and name not in path:
            yield from every_path(result, (*path, name), share * ppm // 1_000_000, end)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_the_strongest_paths_are_those_of_an_exhaustive_search(rows: dict[tuple[str, str], int]) -> None:
    graph = Graph.from_rows(((one, other, weight) for (one, other), weight in rows.items()), nodes=NAMES)
    result = flow(graph, {"a": 1000}, 300_000)
    for end in "bf":
        expected = sorted(every_path(result, ("a",), WHOLE, end))
        found = strongest_paths(result, "a", end, most=3)
        assert [-path.share for path in found] == [share for share, _names in expected[:3]]
        assert {path.names for path in found} <= {names for _share, names in expected}


def test_what_came_from_whom_adds_up() -> None:
    result = flow(Graph.from_rows([("a", "c", 1), ("b", "c", 2), ("c", "d", 1)]), {"a": 100, "b": 300}, 500_000)
    assert [(one.source, one.micro) for one in received_by(result, "c")] == [("b", 150_000_000), ("a", 50_000_000)]
    assert [(one.target, one.micro) for one in given_by(result, "c")] == [("d", 100_000_000)]
    assert received_by(result, "a") == ()


def test_there_is_no_path_against_the_edges_and_one_from_a_seed_to_itself() -> None:
    result = flow(Graph.from_rows([("a", "b", 1)]), {"a": 100}, 500_000)
    assert strongest_paths(result, "b", "a") == ()
    assert [path.names for path in strongest_paths(result, "a", "a")] == [("a",)]

"""What each passes on: weights, millionths, those left out, those who decline, circles in which nothing would rest."""

from __future__ import annotations

import pytest

from communs.core.flows import Flow, Graph, InvalidGraph, flow, shares_of

ROWS = [("a", "b", 1), ("a", "c", 2), ("b", "d", 1)]


def passed(graph: Graph, **asked: object) -> dict[tuple[str, str], int]:
    shares = shares_of(graph, **asked)  # type: ignore[arg-type]
    names = [(graph.ids[one], graph.ids[other]) for one, other in zip(shares.source, shares.target, strict=True)]
    return dict(zip(names, shares.ppm.tolist(), strict=True))


def paid(result: Flow) -> dict[str, int]:
    return {**result.amounts, "returned": result.returned}


def test_weights_become_millionths_rounded_down() -> None:
    assert passed(Graph.from_rows(ROWS), keep=500_000) == {
        ("a", "b"): 166_666,
        ("a", "c"): 333_333,
        ("b", "d"): 500_000,
    }


def test_single_nodes_keep_more_or_less() -> None:
    found = passed(Graph.from_rows(ROWS), keep=500_000, keeps={"a": 1_000_000, "b": 0})
    assert found == {("b", "d"): 1_000_000}


def test_an_excluded_node_leaves_its_part_to_others_by_weight_and_to_the_giver_by_millionths() -> None:
    assert passed(Graph.from_rows(ROWS), keep=500_000, excluded=["b"]) == {("a", "c"): 500_000}
    given = Graph.from_rows([("a", "b", 300_000), ("a", "c", 200_000)], in_ppm=True)
    assert passed(given, excluded=["b"]) == {("a", "c"): 200_000}


def test_millionths_stand_unless_less_than_the_least_would_be_kept() -> None:
    given = Graph.from_rows([("a", "b", 600_000), ("a", "c", 400_000), ("b", "c", 100_000)], in_ppm=True)
    assert passed(given) == {("a", "b"): 600_000, ("a", "c"): 400_000, ("b", "c"): 100_000}
    assert passed(given, keep=500_000) == {("a", "b"): 300_000, ("a", "c"): 200_000, ("b", "c"): 100_000}


def test_one_who_declines_passes_all_on_and_a_sink_that_declines_returns_it() -> None:
    graph = Graph.from_rows(ROWS)
    assert paid(flow(graph, {"a": 600}, 500_000, declined=["b"])) == {"a": 300, "c": 200, "d": 100, "returned": 0}
    assert paid(flow(graph, {"a": 600}, 500_000, declined=["d"])) == {"a": 300, "b": 50, "c": 200, "returned": 50}
    given = Graph.from_rows([("a", "b", 500_000), ("b", "c", 250_000)], in_ppm=True)
    assert paid(flow(given, {"a": 100}, declined=["b"])) == {"a": 50, "c": 50, "returned": 0}


def test_those_who_decline_in_a_circle_pass_on_as_one() -> None:
    graph = Graph.from_rows([("a", "x", 1), ("x", "y", 1), ("y", "x", 1), ("x", "c", 1), ("y", "d", 3)])
    result = flow(graph, {"a": 1000}, 500_000, declined=["x", "y"])
    # x sends half and y three quarters out of the circle: two fifths go to c, three fifths to d.
    assert paid(result) == {"a": 500, "c": 200, "d": 300, "returned": 0}


def test_those_who_decline_in_a_circle_without_a_way_out_return_all() -> None:
    graph = Graph.from_rows([("a", "x", 1), ("x", "y", 1), ("y", "x", 1)])
    assert paid(flow(graph, {"a": 1000}, 500_000, declined=["x", "y"])) == {"a": 500, "returned": 500}


def test_a_circle_in_which_nobody_keeps_anything_is_refused_with_names() -> None:
    graph = Graph.from_rows([("a", "b", 1), ("b", "a", 1)])
    with pytest.raises(InvalidGraph, match="“a”, “b” pass money round in a circle"):
        flow(graph, {"a": 1}, 0)
    assert sum(flow(graph, {"a": 100}, 0, keeps={"b": 10_000}).amounts.values()) == 100


def test_without_circles_everything_may_be_passed_on() -> None:
    assert paid(flow(Graph.from_rows(ROWS), {"a": 300}, 0)) == {"c": 200, "d": 100, "returned": 0}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"keep": None}, "Say what each node keeps"),
        ({"keep": 2_000_000}, "2000000 cannot be kept"),
        ({"keep": 1, "excluded": ["a"]}, "is excluded and has a seed"),
        ({"keep": 1, "declined": ["nobody"]}, "“nobody” is no node"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidGraph, match=said):
        flow(Graph.from_rows(ROWS), {"a": 1}, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seeds", "said"), [({"z": 1}, "“z” is no node"), ({"a": -1}, "0 or more"), ({"a": 10**12}, "larger")]
)
def test_seeds_that_cannot_be_sown_are_refused(seeds: dict[str, int], said: str) -> None:
    with pytest.raises(InvalidGraph, match=said):
        flow(Graph.from_rows(ROWS), seeds, 500_000)

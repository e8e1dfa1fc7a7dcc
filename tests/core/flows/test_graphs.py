"""Graphs: the same whatever the order of rows, with limits; names of packages and repositories in one spelling."""

from __future__ import annotations

import pytest

from communs.core.flows import Graph, InvalidGraph
from communs.core.flows.identities import known_as, to_register
from communs.core.flows.reading import read_graph


def edges(graph: Graph) -> list[tuple[str, str, int]]:
    rows = zip(graph.source, graph.target, graph.weight.tolist(), strict=True)
    return [(graph.ids[source], graph.ids[target], weight) for source, target, weight in rows]


def test_rows_in_any_order_give_the_same_graph_and_repetitions_are_added_up_and_told() -> None:
    rows = [("b", "a", 2), ("a", "c", 1), ("b", "a", 3), ("c", "c", 9)]
    graph = Graph.from_rows(rows)
    assert graph.ids == ("a", "b", "c")
    assert edges(graph) == edges(Graph.from_rows(rows[::-1])) == [("a", "c", 1), ("b", "a", 5)]
    assert graph.notes == (
        "1 edges stand more than once: their weights were added up.",
        "1 edges lead from a node to itself: they were left out.",
    )


def test_a_graph_may_be_empty() -> None:
    assert Graph.from_rows([]).ids == ()
    assert Graph.from_rows([], nodes=["a"]).ids == ("a",)


@pytest.mark.parametrize(
    ("rows", "in_ppm", "said"),
    [
        ([("a", "b", -4)], False, "the weight -4"),
        ([("a", "b", 10**13)], False, "more than 9000000000000"),
        ([("a", "b", 600_000), ("a", "c", 600_000)], True, "“a” passes on 1200000 millionths"),
    ],
)
def test_what_money_cannot_follow_is_refused(rows: list[tuple[str, str, int]], in_ppm: bool, said: str) -> None:
    with pytest.raises(InvalidGraph, match=said):
        Graph.from_rows(rows, in_ppm=in_ppm)


def test_nodes_that_are_one_commons_become_one_node() -> None:
    ids = {"https://github.com/Django/django": "c1", "pkg:pypi/django": "c1", "pkg:npm/left-pad": "c2"}
    graph = Graph.from_rows([
        ("site", "git@github.com:django/django.git", 1), ("site", "pkg:pypi/django@5.2", 1),
        ("pkg:pypi/django@5.2", "pkg:npm/left-pad@1.0?x=y", 3),
        ("pkg:pypi/django@5.2", "git@github.com:django/django.git", 1),
    ])  # fmt: skip
    renamed = graph.renamed(to_register(ids))
    assert edges(renamed) == [("c1", "c2", 3), ("site", "c1", 2)]


def test_names_that_are_neither_package_nor_repository_stay_as_they_are() -> None:
    assert known_as("libc6") == "libc6"
    assert known_as("v2QgByGF4okeRHMJmWN3tqZMxciee/qI2eeSPKK19gk=") == "v2QgByGF4okeRHMJmWN3tqZMxciee/qI2eeSPKK19gk="
    assert known_as("pkg:deb/debian/curl") == "pkg:deb/debian/curl"


def test_an_edge_of_weight_0_is_left_out_wherever_it_comes_from_and_its_nodes_stay() -> None:
    graph = Graph.from_rows([("a", "b", 0), ("a", "c", 2), ("a", "c", 0)])
    read = read_graph(b"source,target,weight\na,b,0\na,c,2\na,c,0\n")
    for one in (graph, read):
        assert (one.ids, one.weight.tolist()) == (("a", "b", "c"), [2])
        assert one.notes == ("2 edges of a weight of 0, or below all that counts, were left out.",)
    with pytest.raises(InvalidGraph, match="The edge from “a” to “b” has the weight -4"):
        Graph.from_rows([("a", "b", -4), ("a", "b", 5)])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pkg:npm/left-pad@1.3.0", "Did you mean “pkg:npm/left-pad”?"),
        ("PKG:npm/Left-Pad", "Did you mean “pkg:npm/left-pad”?"),
        ("left-pad", "Did you mean “pkg:npm/left-pad”?"),
        ("pkg:npm/leftpad", "Did you mean “pkg:npm/left-pad”"),
        ("quite another thing", "Check how it is written there."),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_those_that_may_be_meant(name: str, hint: str) -> None:
    graph = Graph.from_rows([("pkg:npm/site", "pkg:npm/left-pad", 1), ("pkg:npm/site", "pkg:npm/%40scope/x", 1)])
    with pytest.raises(InvalidGraph, match="is no node of the graph") as refused:
        graph.number(name)
    assert hint in str(refused.value)

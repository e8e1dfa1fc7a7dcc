"""Payouts add up to the seeds, keep to least amounts and caps, and are those of a plain slow way to the same."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.flows import Graph, InvalidGraph, Limits, flow
from communs.core.flows.payouts import MICRO, pay

Kept = list[int]
KEPT = st.lists(st.integers(0, 50 * MICRO), min_size=1, max_size=8)


def graph_of(nodes: int) -> Graph:
    return Graph.from_rows([], nodes=[f"n{at:02}" for at in range(nodes)])


def rounded_up(kept: Kept) -> int:
    """What is returned, so that all is a whole number of minor units."""
    return -sum(kept) % MICRO


def plainly(kept: Kept, minimum: int, cap: int | None) -> dict[int, Fraction]:
    """Quotas in minor units: drop the smallest until everybody has enough; cap one after the other."""
    served = sorted((at for at, amount in enumerate(kept) if amount), key=lambda at: (-kept[at], at))
    pot = Fraction(sum(kept), MICRO)
    while served:
        quotas: dict[int, Fraction] = {}
        left = pot
        for place, at in enumerate(served):  # the largest first: whoever is under the cap then, so are all after them
            weighing = sum(kept[other] for other in served[place:])
            quota = left * kept[at] / weighing
            quotas[at] = quota if cap is None else min(quota, Fraction(cap))
            left -= quotas[at]
        if quotas[served[-1]] >= minimum:
            return quotas
        served.pop()
    return {}


@given(KEPT, st.integers(0, 30), st.one_of(st.none(), st.integers(0, 40)))
def test_they_are_within_one_unit_of_the_quotas_and_add_up(kept: Kept, minimum: int, room: int | None) -> None:
    cap = None if room is None else minimum + room
    back = rounded_up(kept)
    found = pay(graph_of(len(kept)), np.array(kept), back, Limits(minimum=minimum, cap=cap))
    quotas = plainly(kept, minimum, cap)
    assert sum(found.amounts.values()) + found.returned == (sum(kept) + back) // MICRO
    for at in range(len(kept)):
        assert abs(found.amounts.get(at, 0) - quotas.get(at, Fraction(0))) < 1
    for amount in found.amounts.values():
        assert amount >= minimum
        assert cap is None or amount <= cap


@given(KEPT)
def test_limits_that_bind_nobody_change_nothing(kept: Kept) -> None:
    graph, back = graph_of(len(kept)), rounded_up(kept)
    loose = Limits(cap=10**9)
    assert pay(graph, np.array(kept), back, loose) == pay(graph, np.array(kept), back, Limits())


def test_units_that_are_left_go_to_the_largest_remainder_then_the_larger_quota_then_the_first_name() -> None:
    def paid(*kept: int) -> list[int]:
        found = pay(graph_of(len(kept)), np.array(kept), 0, Limits())
        return [found.amounts.get(at, 0) for at in range(len(kept))]

    assert paid(1_600_000, 2_400_000) == [2, 2]
    assert paid(1_500_000, 2_500_000) == [1, 3]
    assert paid(500_000, 500_000) == [1, 0]


def test_caps_of_single_recipients_go_before_the_cap_of_all() -> None:
    graph = Graph.from_rows([("a", "b", 1), ("a", "c", 1)])
    result = flow(graph, {"a": 1000}, 500_000, limits=Limits(cap=400, caps={"a": 100}))
    assert result.amounts == {"a": 100, "b": 400, "c": 400}
    assert result.returned == 100


def test_where_nobody_reaches_the_least_amount_all_is_returned() -> None:
    result = flow(Graph.from_rows([("a", "b", 1)]), {"a": 100}, 500_000, limits=Limits(minimum=101))
    assert (result.amounts, result.returned) == ({}, 100)


def test_a_cap_below_the_least_amount_is_refused() -> None:
    with pytest.raises(InvalidGraph, match="A cap of 5 is below"):
        Limits(minimum=10, cap=5)
    with pytest.raises(InvalidGraph, match="“z” is no node"):
        flow(Graph.from_rows([("a", "b", 1)]), {"a": 1}, 0, limits=Limits(caps={"z": 5})).amounts  # noqa: B018


def test_the_result_is_the_same_bytes_whatever_the_order_of_the_rows() -> None:
    rows = [("a", "b", 1), ("a", "c", 2), ("b", "d", 1), ("d", "b", 5)]
    one = flow(Graph.from_rows(rows), {"a": 1001, "b": 3}, 400_000).to_json()
    other = flow(Graph.from_rows(rows[::-1]), {"b": 3, "a": 1001}, 400_000).to_json()
    assert one == other
    assert b'"rule":"flows-1"' in one

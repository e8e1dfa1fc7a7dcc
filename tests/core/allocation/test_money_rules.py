"""Median grants, proportional division, equal split and the lottery."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from statistics import median_high, median_low

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Surplus
from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.lottery import Unfitting, commit, draw, lottery, voters_as_tickets
from communs.core.allocation.median import Absent, Middle, Quantile, median
from communs.core.allocation.proportional import By, equal_split, proportional, up_to_costs

PROJECTS = [Project("maps", 300), Project("food", 200), Project("tools", 100), Project("zoo", 0)]
POINTS = Instance.from_rows(
    PROJECTS, 1_000, [{"maps": 3, "food": 1}, {"maps": 3, "food": 1}, {"tools": 5}], BallotKind.CUMULATIVE
)


def proposals(**given_: list[int]) -> Amounts:
    return Amounts.from_rows([(f"v{n}", project, a) for project, row in given_.items() for n, a in enumerate(row)])


@given(st.lists(st.integers(0, 99), min_size=1, max_size=12))
@settings(deadline=None)
def test_the_two_medians_are_those_of_the_standard_library(amounts: list[int]) -> None:
    assert Quantile().of(amounts, len(amounts)) == median_low(amounts)
    assert Quantile(middle=Middle.UPPER).of(amounts, len(amounts)) == median_high(amounts)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.fractions(0, 1, max_denominator=12), st.integers(0, 5))
@settings(deadline=None)
def test_a_quantile_is_what_its_definition_says(amounts: list[int], q: Fraction, absent: int) -> None:
    voters = len(amounts) + absent
    said = [0] * absent + amounts
    lower = Quantile(q, Middle.LOWER, Absent.ZERO).of(amounts, voters)
    upper = Quantile(q, Middle.UPPER, Absent.ZERO).of(amounts, voters)
    mean = Quantile(q, Middle.MEAN, Absent.ZERO).of(amounts, voters)
    assert lower == min(one for one in said if sum(other <= one for other in said) >= q * voters)
    assert upper == max(one for one in said if sum(other >= one for other in said) >= (1 - q) * voters)
    assert mean == (lower + upper) / 2


def test_grants_are_medians_and_are_scaled_down_to_the_pot() -> None:
    said = proposals(maps=[100, 300, 500], food=[50, 50, 900])
    assert median(said, 1_000).amounts == {"maps": 300, "food": 50}
    assert median(said, 1_000).certificate["unspent"] == 650
    assert median(said, 100).amounts == {"maps": 86, "food": 14}
    assert median(said, 1_000, surplus=Surplus.SPEND).amounts == {"maps": 857, "food": 143}


def test_who_says_nothing_counts_as_zero_only_where_that_was_said() -> None:
    said = Amounts.from_rows([("a", "maps", 90), ("b", "food", 10), ("c", "food", 20)], people=["a", "b", "c", "d"])
    assert median(said, 1_000).amounts == {"maps": 90, "food": 10}
    assert median(said, 1_000, Quantile(absent=Absent.ZERO)).amounts == {"maps": 0, "food": 0}
    assert median(said, 1_000, Quantile(middle=Middle.UPPER, absent=Absent.ZERO)).amounts == {"maps": 0, "food": 10}


def test_an_explicit_zero_is_a_proposal_and_a_quorum_counts_it() -> None:
    said = proposals(maps=[0, 0, 80], food=[500])
    result = median(said, 1_000, quorum=2)
    assert result.amounts == {"maps": 0, "food": 0}
    assert [line["quorum_met"] for line in result.rounds] == [True, False]


def test_half_units_between_two_amounts_are_rounded_once() -> None:
    said = proposals(maps=[1, 2], food=[1, 2], tools=[1, 2])
    result = median(said, 100, Quantile(middle=Middle.MEAN))
    # Together 4.5, of which 4 whole units are paid; the fourth goes by the order.
    assert result.amounts == {"maps": 1, "food": 2, "tools": 1}
    assert [(tie.tied, tie.won) for tie in result.ties] == [(("food", "maps", "tools"), "food")]


def test_points_divide_the_budget_to_the_last_unit() -> None:
    result = proportional(POINTS)
    assert result.amounts == {"maps": 461, "food": 154, "tools": 385, "zoo": 0}
    assert sum(result.amounts.values()) == 1_000
    assert proportional(POINTS, By.VOTERS).amounts == {"maps": 400, "food": 400, "tools": 200, "zoo": 0}


def test_an_equal_split_is_between_those_whom_somebody_named() -> None:
    assert equal_split(POINTS).amounts == {"food": 334, "maps": 333, "tools": 333, "zoo": 0}
    assert proportional(POINTS, By.ALL_EQUAL).amounts == dict.fromkeys(["maps", "food", "tools", "zoo"], 250)


def test_nobody_gets_more_than_they_asked_where_costs_are_caps() -> None:
    result = proportional(POINTS, limits=up_to_costs(POINTS))
    assert result.amounts == {"maps": 300, "food": 200, "tools": 100, "zoo": 0}
    assert result.certificate["unspent"] == 400
    assert [one["at_cap"] for one in result.certificate["level_rounds"]] == [["maps", "tools"], ["food"]]


def test_without_any_points_nothing_is_paid() -> None:
    nobody = Instance.from_rows(PROJECTS, 1_000, [[], []])
    assert proportional(nobody).certificate == {"pot": 1_000, "paid": 0, "unspent": 1_000, "level_rounds": []}
    assert proportional(nobody).selected == ()


def test_points_beyond_64_bits_are_added_exactly() -> None:
    large = Instance.from_rows(PROJECTS, 10, [{"maps": 2**62}, {"maps": 2**62}, {"food": 2**62}], BallotKind.SCORING)
    assert proportional(large).amounts == {"maps": 7, "food": 3, "tools": 0, "zoo": 0}


def test_everyone_with_a_ticket_is_drawn_once_and_what_fits_is_funded() -> None:
    result = lottery(POINTS, "2026-11-26")
    assert sorted(line["project"] for line in result.rounds) == sorted(POINTS.ids)
    left = POINTS.budget
    for line in result.rounds:
        assert line["funded"] == (line["cost"] <= left)
        left -= line["cost"] * line["funded"]
    assert result.certificate == {"pot": 1_000, "paid": 600, "unspent": 400}


def test_drawing_goes_on_or_stops_at_the_first_that_does_not_fit() -> None:
    dear = Instance.from_rows([Project("dear", 900), Project("cheap", 1)], 100, [])
    seed = next(str(n) for n in range(99) if draw(str(n), {"cheap": 1, "dear": 1})[0][0] == "dear")
    assert lottery(dear, seed).selected == ("cheap",)
    assert lottery(dear, seed, unfitting=Unfitting.STOP).selected == ()


def test_every_order_comes_up_as_often_as_tickets_say() -> None:
    """6,000 seeds: the first drawn within four standard deviations of its share; orders of equal ones likewise."""
    firsts = Counter(draw(str(seed), {"a": 3, "b": 2, "c": 1})[0][0] for seed in range(6_000))
    for name, share in (("a", 1 / 2), ("b", 1 / 3), ("c", 1 / 6)):
        assert abs(firsts[name] - 6_000 * share) < 4 * (6_000 * share * (1 - share)) ** 0.5
    orders = Counter(tuple(name for name, _ in draw(str(seed), {"a": 1, "b": 1, "c": 1})) for seed in range(6_000))
    assert len(orders) == 6
    assert all(abs(count - 1_000) < 4 * (6_000 * 5 / 36) ** 0.5 for count in orders.values())


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), st.integers(0, 5), max_size=12), st.text(min_size=1))
@settings(deadline=None)
def test_the_draw_is_that_of_the_ten_lines_on_the_page(tickets: dict[str, int], seed: str) -> None:
    assert [name for name, _ticket in draw(seed, tickets)] == list(ten_lines(seed, tickets))


def ten_lines(seed: str, tickets: dict[str, int]) -> Iterator[str]:
    waiting, k = sorted(tickets.items()), 0
    while whole := sum(count for _name, count in waiting):
        number, k = int(hashlib.sha256(f"{seed}\n{k}".encode()).hexdigest(), 16), k + 1
        if number < 2**256 // whole * whole:
            held = [name for name, count in waiting for _ticket in range(count)]
            yield (winner := held[number % whole])
            waiting = [(name, count) for name, count in waiting if name != winner]


def test_numbers_that_would_favour_the_first_tickets_are_passed_over() -> None:
    """Tickets are drawn from the numbers below the last whole multiple of their number."""
    whole = 3 * 2**126
    drawn = draw("seed", {"a": whole})
    place, number = 0, 2**256
    while number >= 2**256 - 2**256 % whole:
        number = int.from_bytes(hashlib.sha256(f"seed\n{place}".encode()).digest(), "big")
        place += 1
    assert drawn == [("a", number % whole)]


def test_a_seed_must_be_the_one_that_was_committed() -> None:
    assert lottery(POINTS, "dice 4 2 6", commitment=commit("dice 4 2 6")).parameters["commitment"] == commit(
        "dice 4 2 6"
    )
    with pytest.raises(InvalidElection, match="does not fit the commitment"):
        lottery(POINTS, "dice 1 1 1", commitment=commit("dice 4 2 6"))


def test_tickets_by_voter_leave_out_whom_nobody_named() -> None:
    result = lottery(POINTS, "seed", voters_as_tickets(POINTS))
    assert {line["project"] for line in result.rounds} == {"maps", "food", "tools"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("",), "Give 1 to"),
        (("s", {"nobody": 1}), "nobody holds tickets and is no project"),
        (("s", {"maps": -1}), "0 or more"),
        (("s", {"maps": 2**129}), "at most"),
    ],
)
def test_a_lottery_that_cannot_be_drawn_is_refused(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        lottery(POINTS, *arguments)  # type: ignore[arg-type]


def test_a_quantile_beyond_one_is_refused() -> None:
    with pytest.raises(InvalidElection, match="between 0 and 1"):
        Quantile(Fraction(3, 2))

"""Water-filling and the one rounding: nothing is lost, limits hold, the level is the level, order decides ties."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.dividing import Pot, Surplus, divide, divide_bounded
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS, Limits, _at_once, fill, parts_at

LARGE = 10**6


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[int, int, int | None]]:
    """Weight, floor and cap of some projects."""
    found = []
    for _ in range(draw(st.integers(0, 7))):
        low = draw(st.integers(0, 30))
        cap = draw(st.none() | st.integers(low, low + 60))
        found.append((draw(st.integers(0, 40)), low, cap))
    return found


def pot_of(total: int, lines: list[tuple[int, int, int | None]], surplus: Surplus = Surplus.SPEND) -> Pot:
    ids = [f"p{number}" for number in range(len(lines))]
    limits = Limits(
        {id_: line[1] for id_, line in zip(ids, lines, strict=True)},
        {id_: line[2] for id_, line in zip(ids, lines, strict=True) if line[2] is not None},
    )
    return Pot.of(total, ids, limits, surplus, order_of(LEXICOGRAPHIC, ids))


def filled(level: Fraction, lines: list[tuple[int, int, int | None]]) -> Fraction:
    """What the parts add up to at a level."""
    return sum((clamped(level * weight, low, cap) for weight, low, cap in lines), Fraction(0))


def clamped(value: Fraction, low: int, cap: int | None) -> Fraction:
    return max(Fraction(low), value if cap is None else min(value, Fraction(cap)))


@given(rows(), st.integers(0, 400))
@settings(deadline=None)
def test_the_level_is_the_one_at_which_the_parts_add_up(lines: list[tuple[int, int, int | None]], extra: int) -> None:
    total = sum(line[1] for line in lines) + extra
    weights, floors, caps = ([line[place] for line in lines] for place in range(3))
    level = fill(total, weights, floors, caps).level  # type: ignore[arg-type]
    if level is not None:
        assert filled(level, lines) == total
        assert parts_at(level, weights, floors, caps) is not None  # type: ignore[arg-type]
    else:
        assert all(cap is not None for weight, _low, cap in lines if weight)
        assert filled(Fraction(LARGE), lines) <= total


@given(rows(), st.integers(0, 400), st.sampled_from(Surplus))
@settings(deadline=None)
def test_amounts_are_those_of_a_plain_reference(
    lines: list[tuple[int, int, int | None]], extra: int, surplus: Surplus
) -> None:
    """The level by trying every place where the sum bends, then the textbook's largest remainder."""
    total = sum(line[1] for line in lines) + extra
    found = divide(pot_of(total, lines, surplus), [line[0] for line in lines])
    assert list(found.amounts) == reference(total, lines, surplus)
    assert sum(found.amounts) + found.unspent == total
    for amount, (_weight, low, cap) in zip(found.amounts, lines, strict=True):
        assert amount >= low
        assert cap is None or amount <= cap


def reference(total: int, lines: list[tuple[int, int, int | None]], surplus: Surplus) -> list[int]:
    bends = {Fraction(limit, weight) for weight, *limits in lines if weight for limit in limits if limit is not None}
    bends |= {Fraction(0), Fraction(LARGE)} | ({Fraction(1)} if surplus is Surplus.KEEP else set())
    if surplus is Surplus.KEEP:
        bends = {bend for bend in bends if bend <= 1}
    below = max(bend for bend in bends if filled(bend, lines) <= total)
    level = below
    above = min((bend for bend in bends if bend > below), default=None)
    if above is not None:
        low, high = filled(below, lines), filled(above, lines)
        level = below + (total - low) / (high - low) * (above - below)
    exact = [clamped(level * weight, low, cap) for weight, low, cap in lines]
    amounts = [floor(part) for part in exact]
    order = sorted(range(len(lines)), key=lambda number: (amounts[number] - exact[number], f"p{number}"))
    for number in order[: floor(sum(exact)) - sum(amounts)]:
        amounts[number] += 1
    return amounts


@given(rows(), st.integers(0, 400), st.sampled_from(Surplus), st.data())
@settings(deadline=None)
def test_what_bounds_prove_is_what_exact_weights_give(
    lines: list[tuple[int, int, int | None]], extra: int, surplus: Surplus, data: st.DataObject
) -> None:
    """Whatever the bounds: they hold the exact weights, so the amounts are those or nothing is said."""
    pot = pot_of(sum(line[1] for line in lines) + extra, lines, surplus)
    unit = 1 << data.draw(st.integers(0, 40))
    exact = [line[0] * unit + data.draw(st.integers(0, unit - 1)) * bool(line[0]) for line in lines]
    slack = data.draw(st.integers(0, 1 << data.draw(st.integers(0, 30))))
    lows = [max(0, weight - data.draw(st.integers(0, slack))) for weight in exact]
    highs = [weight + data.draw(st.integers(0, slack)) for weight in exact]
    proven = divide_bounded(pot, lows, highs, unit).division
    if proven is not None:
        assert (proven.amounts, proven.unspent) == (
            (found := divide(pot, exact, unit)).amounts,
            found.unspent,
        )


def test_bounds_that_are_narrow_prove_the_amounts_and_wide_ones_prove_nothing() -> None:
    pot = pot_of(1000, [(1, 0, None), (2, 0, 400), (5, 10, None)])
    unit = 1 << 30
    lows = [unit, 2 * unit, 5 * unit]
    assert divide_bounded(pot, lows, [low + 9 for low in lows], unit).division is not None
    assert divide_bounded(pot, lows, [unit + 9, 3 * unit, 5 * unit + 9], unit).division is None
    # Who gets the odd unit of two equal parts is open, unless it is known that they are equal: then the order says.
    two = pot_of(1_001, [(5, 0, None), (5, 0, None)])
    doubt = divide_bounded(two, [5 * unit] * 2, [5 * unit + unit // 5_000] * 2, unit)
    assert (doubt.division, doubt.doubtful) == (None, (0, 1))
    known = divide_bounded(two, [5 * unit] * 2, [5 * unit + unit // 5_000] * 2, unit, ["same", "same"])
    assert known.division is not None
    assert known.division.amounts == (501, 500)


def test_a_tie_for_the_last_unit_goes_by_the_order_and_is_recorded() -> None:
    ids = ["10", "9", "b"]
    pot = Pot.of(100, ids, NO_LIMITS, Surplus.SPEND, order_of(LEXICOGRAPHIC, ids))
    found = divide(pot, [1, 1, 1])
    assert found.amounts == (34, 33, 33)
    assert [(tie.tied, tie.won, tie.changes_result) for tie in found.ties] == [(("10", "9", "b"), "10", True)]
    other = Pot.of(100, ids, NO_LIMITS, Surplus.SPEND, order_of("hash:a seed", ids))
    assert sorted(divide(other, [1, 1, 1]).amounts) == [33, 33, 34]


def test_each_round_of_water_filling_can_be_followed() -> None:
    """Of 90: a level of 10 leaves c 30 short, so c gets its floor; at 5, a is above its cap and b takes the rest."""
    pot = pot_of(90, [(8, 0, 12), (1, 0, None), (1, 40, None)])
    found = divide(pot, [8, 1, 1])
    assert found.amounts == (12, 38, 40)
    assert found.rounds(pot.ids) == [
        {"level": "9/1", "at_floor": [], "at_cap": ["p0"]},
        {"level": "39/1", "at_floor": ["p2"], "at_cap": []},
    ]


def test_caps_that_are_met_one_after_the_other_are_settled_at_once_in_the_end() -> None:
    """A thousand, each above its cap only once those before it are settled: 50 rounds, then all."""
    count, level, left, caps = 1_000, Fraction(10**6), 10**9, list[int]()
    for waiting in range(count, 1, -1):
        caps.append(floor(level))
        left -= caps[-1]
        level = Fraction(left, waiting - 1) - Fraction(1, 2)
    lines: list[tuple[int, int, int | None]] = [(1, 0, cap) for cap in caps] + [(1, 0, None)]
    pot = pot_of(10**9 - 1, lines)
    found = divide(pot, [1] * count)
    assert sum(found.amounts) == 10**9 - 1
    assert len(found.rounds(pot.ids)) <= 51
    assert all(amount <= cap for amount, cap in zip(found.amounts, caps, strict=False))


@given(rows(), st.integers(0, 400))
@settings(deadline=None)
def test_the_level_found_at_once_is_that_of_the_rounds(lines: list[tuple[int, int, int | None]], extra: int) -> None:
    lines = [line for line in lines if line[0]]
    total = sum(line[1] for line in lines) + extra
    weights, floors, caps = ([line[place] for line in lines] for place in range(3))
    level = fill(total, weights, floors, caps).level  # type: ignore[arg-type]
    if lines:
        found, _settled = _at_once(total, range(len(lines)), weights, floors, caps)  # type: ignore[arg-type]
        assert (found is None) == (level is None) or filled(Fraction(LARGE), lines) == total
        assert found is None or filled(found, lines) == total


def test_with_everyone_at_the_cap_the_rest_is_not_spent() -> None:
    found = divide(pot_of(100, [(1, 0, 10), (7, 0, 20), (0, 5, None)]), [1, 7, 0])
    assert found.amounts == (10, 20, 5)
    assert found.unspent == 65


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"floors": {"p0": -1}}, "negative"),
        ({"caps": {"p0": -1}}, "Raise the cap"),
        ({"floors": {"p0": 5}, "caps": {"p0": 4}}, "below its floor"),
    ],
)
def test_limits_that_cannot_hold_are_refused(limits: dict[str, dict[str, int]], words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        Limits(**limits)


def test_floors_beyond_the_pot_and_limits_for_nobody_are_refused() -> None:
    with pytest.raises(InvalidElection, match="floors add up to 40, the pot holds 30"):
        divide(pot_of(30, [(1, 20, None), (1, 20, None)]), [1, 1])
    with pytest.raises(InvalidElection, match="names q"):
        Pot.of(1, ["p"], Limits(caps={"q": 1}), Surplus.KEEP, order_of(LEXICOGRAPHIC, ["p"]))
    with pytest.raises(InvalidElection, match="The pot is -1"):
        Pot.of(-1, ["p"], NO_LIMITS, Surplus.KEEP, order_of(LEXICOGRAPHIC, ["p"]))

"""Quadratic funding: amounts are those of real arithmetic, taken here from decimals of 100 digits and plain loops."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Pot, Surplus, divide, divide_bounded
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.quadratic import (
    STANDARD,
    ConnectedClusters,
    Pairwise,
    ProfileClusters,
    Standard,
    Variant,
    quadratic,
)
from communs.core.allocation.quadratic.deciding import (
    FINER_BITS,
    FIRST_BITS,
    LAST_BITS,
    alike_in,
    decide,
    ideals_of,
)
from communs.core.allocation.quadratic.doubled import Doubled
from communs.core.allocation.quadratic.pairwise import PairwiseIdeals
from communs.core.allocation.ties import LEXICOGRAPHIC, order_of
from communs.core.allocation.waterfilling import NO_LIMITS, Limits

SOURCE = Path(__file__).resolve().parents[3] / "src"
PRECISE = Context(prec=110)
Gifts = dict[str, dict[str, int]]  # by donor, by project
VARIANTS: list[Variant] = [Standard(), Pairwise(Fraction(25, 2)), ProfileClusters(), ConnectedClusters()]


@st.composite
def gifts(draw: st.DrawFn) -> Gifts:
    """Few donors, few projects; amounts of which many are equal and some are squares."""
    amounts = st.sampled_from([1, 2, 4, 8, 9, 50, 100, 200]) | st.integers(1, 10**9)
    projects = [f"p{number}" for number in range(draw(st.integers(1, 5)))]
    given_ = st.dictionaries(st.sampled_from(projects), amounts, max_size=4)
    found = {f"d{number}": draw(given_) for number in range(draw(st.integers(0, 7)))}
    return {donor: given for donor, given in found.items() if given}


def table(found: Gifts) -> Amounts:
    return Amounts.from_rows(
        (donor, project, amount) for donor, row in found.items() for project, amount in row.items()
    )


def plain(variant: Variant, found: Gifts) -> dict[str, Decimal]:
    """The ideal match of each project by the published formula, word for word."""
    with localcontext(PRECISE):
        match variant:
            case Standard():
                return of_sets(found, {donor: donor for donor in found})
            case ProfileClusters():
                return of_sets(found, {donor: " ".join(sorted(row)) for donor, row in found.items()})
            case Pairwise(m):
                return pairwise(found, Decimal(m.numerator) / Decimal(m.denominator))
            case ConnectedClusters(memberships):
                return connected(found, memberships or found)


def of_sets(found: Gifts, sets: dict[str, str]) -> dict[str, Decimal]:
    given_: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for donor, row in found.items():
        for project, amount in row.items():
            given_[project][sets[donor]] += amount
    return {p: sum(a.sqrt() for a in by.values()) ** 2 - sum(by.values()) for p, by in given_.items()}


def pairwise(found: Gifts, m: Decimal) -> dict[str, Decimal]:
    ideal: dict[str, Decimal] = defaultdict(Decimal)
    for one, other in permutations(found, 2):
        shared = found[one].keys() & found[other].keys()
        common = sum((Decimal(found[one][p] * found[other][p]).sqrt() for p in shared), Decimal(0))
        for project in shared:
            ideal[project] += Decimal(found[one][project] * found[other][project]).sqrt() * m / (m + common)
    return ideal


def connected(found: Gifts, weights: Any) -> dict[str, Decimal]:
    groups = sorted({group for row in weights.values() for group in row})
    share = {d: {g: Fraction(w, sum(row.values())) for g, w in row.items()} for d, row in weights.items()}
    whole = {g: sum(row.get(g, 0) for row in weights.values()) for g in groups}

    def near(donor: str, group: str) -> Fraction:
        if group in weights[donor]:
            return Fraction(1)
        return sum(
            (
                share[donor][mine] * Fraction(row.get(mine, 0), whole[mine]) * share[member].get(group, Fraction(0))
                for mine in weights[donor]
                for member, row in weights.items()
            ),
            Fraction(0),
        )

    ideal: dict[str, Decimal] = {}
    for project in {project for row in found.values() for project in row}:
        given_ = {donor: row[project] for donor, row in found.items() if project in row}
        far = {
            (h, g): sum(((1 - near(d, h)) * amount * share[d].get(g, 0) for d, amount in given_.items()), Fraction(0))
            for h, g in permutations(groups, 2)
        }
        products = [far[g, h] * far[h, g] for g, h in combinations(groups, 2)]
        ideal[project] = sum((2 * (Decimal(p.numerator) / Decimal(p.denominator)).sqrt() for p in products), Decimal(0))
    return ideal


def pot_for(amounts: Amounts, total: int, surplus: Surplus = Surplus.KEEP, limits: Limits = NO_LIMITS) -> Pot:
    donors = np.diff(amounts.by_project.starts).tolist()
    order = order_of(LEXICOGRAPHIC, amounts.projects)
    return Pot.of(total, amounts.projects, limits, surplus, order, [number > 0 for number in donors])


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@given(found=gifts())
@settings(max_examples=60, deadline=None)
def test_both_kinds_of_bounds_hold_the_number_of_the_published_formula(variant: Variant, found: Gifts) -> None:
    amounts = table(found)
    ideals, expected = ideals_of(variant, amounts), plain(variant, found)
    with localcontext(PRECISE):
        slack = Decimal(10) ** -80
        for number, first in enumerate(ideals.all(FIRST_BITS)):
            exact = expected[amounts.projects[number]]
            assert Decimal(first.low) / 2**FIRST_BITS <= exact + slack
            assert Decimal(first.high) / 2**FIRST_BITS >= exact - slack
            for bits in (FINER_BITS, LAST_BITS):
                more = ideals.one(number, bits)
                assert Decimal(more.low) / 2**bits <= exact + slack
                assert Decimal(more.high) / 2**bits >= exact - slack
                assert more.high - more.low < max(more.high >> 80, 1 << (bits // 2 + 40))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@given(
    found=gifts(), total=st.integers(0, 10**6), surplus=st.sampled_from(Surplus), cap=st.none() | st.integers(1, 500)
)
@settings(max_examples=60, deadline=None)
def test_amounts_are_those_of_a_hundred_digits(
    variant: Variant, found: Gifts, total: int, surplus: Surplus, cap: int | None
) -> None:
    amounts = table(found)
    limits = Limits.same(amounts.projects, cap=cap)
    result = quadratic(amounts, total, variant, limits, surplus=surplus)
    with localcontext(PRECISE):
        places = 10**70
        weights = [int((plain(variant, found)[id_] * places).to_integral_value()) for id_ in amounts.projects]
    # What is a whole number comes out of decimals a little beside it: the grain takes them as equal.
    expected = divide(pot_for(amounts, total, surplus, limits), weights, places, 10**50)
    assert tuple(result.amounts.values()) == expected.amounts
    assert sum(result.amounts.values()) + result.certificate["unspent"] == total
    for line in result.rounds:
        assert line["by_sums"] + line["by_breadth"] == line["amount"]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_the_first_bounds_prove_what_the_last_resort_gives(variant: Variant) -> None:
    """A round of 60 donors: proven by the first bounds, and the same by integers of 640 places."""
    rows = [(f"d{n}", f"p{(n * n + 3 * k) % 11}", 17 + 31 * n * k % 977) for n in range(60) for k in range(1 + n % 4)]
    amounts = Amounts.from_rows(rows)
    ideals, pot = ideals_of(variant, amounts), pot_for(amounts, 123_457)
    first, last = ideals.all(FIRST_BITS), [ideals.one(n, 256) for n in range(len(amounts.projects))]
    proven = divide_bounded(pot, [b.low for b in first], [b.high for b in first], 1 << FIRST_BITS).division
    assert proven is not None
    again = divide_bounded(pot, [b.low for b in last], [b.high for b in last], 1 << 256).division
    assert again is not None
    assert proven.amounts == again.amounts


def test_float_bounds_of_large_sums_hold_the_exact_numbers() -> None:
    """700 donors, many of them equal, all in one large project: sums that are folded, classes of more than one."""
    rows = [(f"d{n}", "all", 100 + 7 * (n * n % 353)) for n in range(700)]
    rows += [(f"d{n}", f"p{n * n % 353 % 9}", 1_000 + n * n % 353) for n in range(700)]
    ideals = PairwiseIdeals(Amounts.from_rows(rows), Fraction(3_000))
    for number, first in enumerate(ideals.all(FIRST_BITS)):
        exact, finer = ideals.one(number, 256), ideals.one(number, FINER_BITS)
        for found, bits in ((first, FIRST_BITS), (finer, FINER_BITS)):
            outside = exact.to(256, bits)
            assert found.low <= outside.low
            assert outside.high <= found.high
        assert (first.high - first.low) * 10**12 < first.low
        assert (finer.high - finer.low) * 10**25 < finer.low


def test_equal_gifts_ask_for_whole_numbers_and_get_them() -> None:
    """Three gifts of 200: roots without end, an ideal of exactly 6 · 200, the pot of 1,200 spent to the cent."""
    amounts = Amounts.from_rows([(donor, "maps", 200) for donor in "abc"])
    result = quadratic(amounts, 1_200)
    assert result.amounts == {"maps": 1_200}
    assert result.rounds[0]["ideal"] == 1_200
    assert quadratic(amounts, 5_000).certificate == {"pot": 5_000, "paid": 1_200, "unspent": 3_800}


def test_two_projects_with_the_same_gifts_tie_and_the_order_decides() -> None:
    amounts = Amounts.from_rows([(donor, project, 7) for donor in "abc" for project in ("one", "two")])
    result = quadratic(amounts, 21)
    assert result.amounts == {"one": 11, "two": 10}
    assert [(tie.tied, tie.won) for tie in result.ties] == [(("one", "two"), "one")]


def test_one_donor_alone_is_not_matched_however_rich() -> None:
    amounts = Amounts.from_rows([("rich", "one", 10**12), ("a", "two", 100), ("b", "two", 100)])
    for variant in (STANDARD, Pairwise(Fraction(1000))):
        assert quadratic(amounts, 150, variant).amounts == {"one": 0, "two": 150}


def test_without_a_bound_pairwise_is_the_standard_and_donors_apart_are_connected_by_nothing() -> None:
    amounts = Amounts.from_rows([(donor, project, 10 + ord(donor)) for donor in "abcd" for project in "xy"])
    standard = quadratic(amounts, 10**6).amounts
    assert quadratic(amounts, 10**6, Pairwise(Fraction(10**18))).amounts == standard
    alone = {donor: {donor: 1} for donor in amounts.people}
    assert quadratic(amounts, 10**6, ConnectedClusters(alone)).amounts == standard


def test_a_pair_that_agrees_on_everything_is_bounded_by_m() -> None:
    """However much two give together, their match stays below 2 · M."""
    m = Fraction(1_000)
    for amount in (10**3, 10**6, 10**12):
        amounts = Amounts.from_rows([("a", "x", amount), ("b", "x", amount)])
        assert quadratic(amounts, 10**13, Pairwise(m)).amounts["x"] < 2 * m


def test_donors_of_one_profile_count_as_one() -> None:
    rows = [("a", "x", 100), ("b", "x", 100), ("c", "x", 100), ("c", "y", 100), ("d", "y", 100)]
    result = quadratic(Amounts.from_rows(rows), 10**6, ProfileClusters())
    # x: 200 from those of x alone, 100 from c; y: 100 and 100.
    assert [line["ideal"] for line in result.rounds] == [282, 200]


def test_a_gift_below_the_minimum_does_not_count_but_several_add_up() -> None:
    rows = [("a", "x", 60), ("a", "x", 60), ("b", "x", 99), ("c", "x", 100)]
    line = quadratic(Amounts.from_rows(rows), 1_000, minimum=100).rounds[0]
    assert (line["donors"], line["contributions"]) == (2, 220)


def test_floors_are_for_projects_that_somebody_gave_to() -> None:
    amounts = Amounts.from_rows([("a", "x", 100), ("b", "x", 400), ("a", "y", 1)], ["x", "y", "z"])
    result = quadratic(amounts, 1_000, limits=Limits.same(["x", "y", "z"], floor=50))
    assert result.amounts == {"x": 400, "y": 50, "z": 0}
    assert [line["limit"] for line in result.rounds] == ["", "floor", ""]
    capped = quadratic(amounts, 1_000, limits=Limits(caps={"x": 300}))
    assert capped.rounds[0]["limit"] == "cap"
    assert capped.certificate["unspent"] == 700


def test_a_surplus_is_spent_only_where_that_was_said() -> None:
    amounts = Amounts.from_rows([("a", "x", 100), ("b", "x", 400), ("a", "y", 9), ("b", "y", 9)])
    assert sum(quadratic(amounts, 10_000).amounts.values()) == 400 + 18
    spent = quadratic(amounts, 10_000, surplus=Surplus.SPEND)
    assert spent.amounts == {"x": 9_569, "y": 431}


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [(f"d{n % 7}", f"p{n % 5}", 100 + n) for n in range(35)]
    results = [
        quadratic(Amounts.from_rows(mixed, sorted({row[1] for row in rows})), 5_003, Pairwise(Fraction(99)))
        for mixed in (rows, rows[::-1], sorted(rows))
    ]
    assert len({result.to_json() for result in results}) == 1


def test_the_bytes_of_a_result_depend_on_no_hash_seed_and_on_no_number_of_threads() -> None:
    script = (
        "from fractions import Fraction as F; from hashlib import sha256\n"
        "from communs.core.allocation.amounts import Amounts\n"
        "from communs.core.allocation.quadratic import *\n"
        "rows = [(f'd{n % 40}', f'p{n * n % 17}', 100 + n * n % 977) for n in range(160)]\n"
        "for variant in (STANDARD, Pairwise(F(99)), ProfileClusters(), ConnectedClusters()):\n"
        "    print(sha256(quadratic(Amounts.from_rows(rows), 50_021, variant).to_json()).hexdigest())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, threads in (("0", "1"), ("1", "2"))
    }
    assert len(said) == 1
    assert len(set(said.pop().split())) == 4


def test_a_round_without_gifts_keeps_its_pot() -> None:
    for variant in VARIANTS:
        result = quadratic(Amounts.from_rows([], ["x"]), 500, variant)
        assert result.amounts == {"x": 0}
        assert result.certificate["unspent"] == 500


def test_projects_that_are_alike_tie_without_any_integers() -> None:
    """Twelve projects with the same gifts of the same three: whatever the pot, the order decides the last units."""
    ids = [f"p{n:02}" for n in range(12)]
    amounts = Amounts.from_rows([(d, p, a) for p in ids for d, a in (("a", 7), ("b", 11), ("c", 13))])
    ideals = ideals_of(Pairwise(Fraction(50)), amounts)
    for total in range(1, 120, 7):
        decided = decide(pot_for(amounts, total), ideals, alike_in(amounts))
        assert decided.raised == 0
        high = total % 12
        assert decided.division.amounts == tuple(total // 12 + (n < high) for n in range(12))
        assert [tie.won for tie in decided.division.ties] == ([ids[high - 1]] if high else [])
    capped = decide(pot_for(amounts, 77, limits=Limits(caps={"p03": 2})), ideals, alike_in(amounts))
    assert capped.division.amounts == (7, 7, 7, 2, 7, 7, 7, 7, 7, 7, 6, 6)


def test_projects_that_tie_by_symmetry_are_found_out_by_integers_alone_among_themselves() -> None:
    """Ten projects with two donors each, none of them the same but all giving the same, beside 300 other donors."""
    rows = [(f"d{n}", f"big{n % 3}", 100 + 7 * (n * n % 353)) for n in range(300)]
    rows += [(f"{side}{n}", f"p{n}", 700) for n in range(10) for side in ("left", "right")]
    amounts = Amounts.from_rows(rows)
    ideals, met = ideals_of(Pairwise(Fraction(9_000)), amounts), 0
    for total in range(30_000, 30_040):
        decided = decide(pot_for(amounts, total), ideals, alike_in(amounts))
        parts = [
            amount for id_, amount in zip(amounts.projects, decided.division.amounts, strict=True) if id_[0] == "p"
        ]
        assert parts == sorted(parts, reverse=True)
        assert max(parts) - min(parts) <= 1
        met += bool(decided.division.ties)
    assert met


@given(st.lists(st.tuples(*[st.integers(1, 2**70)] * 3), min_size=1, max_size=40))
@settings(deadline=None)
def test_pairs_of_floats_keep_to_their_bounds(numbers: list[tuple[int, int, int]]) -> None:
    """Sum, products and quotient of each three numbers against fractions; then the sum of all."""
    one, two, three = (Doubled.of_fractions([row[place] for row in numbers], 40) for place in range(3))
    results = [(one + two, 4), (one * two, 5), (one / two, 16), (one.times(three.high), 3), ((one + two) * three, 12)]
    for place, row in enumerate(numbers):
        a, b, c = (Fraction(number, 2**40) for number in row)
        exact = [a + b, a * b, a / b, a * Fraction(float(three.high[place])), (a + b) * c]
        for (found, errors), expected in zip(results, exact, strict=True):
            value = Fraction(float(found.high[place])) + Fraction(float(found.low[place]))
            assert abs(value - expected) <= expected * (errors + 3) / 2**106
    total = sum((Fraction(row[0], 2**40) for row in numbers), Fraction(0))
    assert abs(Fraction(one.sum(200), 2**200) - total) <= total * 26 / 2**106 + Fraction(1, 2**199)


def test_few_numbers_need_more_places_than_the_first() -> None:
    rows = [(f"d{n}", f"p{n * n % 97 % (5 + k)}", 101 + 37 * n * (k + 1) % 9001) for n in range(400) for k in range(3)]
    amounts = Amounts.from_rows(rows)
    assert decide(pot_for(amounts, 10**7), ideals_of(Pairwise(Fraction(500)), amounts), alike_in(amounts)).raised == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Pairwise(Fraction(0)), "M is 0"),
        (lambda: Pairwise(Fraction(10**20)), "use the standard"),
        (lambda: quadratic(table({"a": {"x": 1}}), -1), "The pot is -1"),
        (lambda: quadratic(table({"a": {"x": 1}}), 1, ConnectedClusters({"b": {"g": 1}})), "Donor a is in no group"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        call()

"""The second calculator of matches and median grants: it takes what the engine says, and no wrong result."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation import verify_amounts
from communs.core.allocation.amounts_csv import from_csv
from communs.core.allocation.dividing import Surplus
from communs.core.allocation.median import Absent, Middle, Quantile, median
from communs.core.allocation.quadratic import STANDARD, ConnectedClusters, Pairwise, ProfileClusters, Variant, quadratic
from communs.core.allocation.waterfilling import NO_LIMITS, Limits

VARIANTS: list[Variant] = [STANDARD, Pairwise(Fraction(700, 3)), ProfileClusters(), ConnectedClusters()]
TABLE = (
    b"donor,project,amount\n"
    b"ana,maps,4\nben,maps,9\ncleo,zine,1\ndan,zine,1\nana,food,1\nben,food,1\ncleo,food,1\ndan,food,1\neve,tower,10000\n"
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    amounts = st.sampled_from(["0.01", "1", "2", "4", "9.00", "200"]) | st.integers(1, 10**6).map(str)
    rows = draw(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz"), amounts), max_size=14))
    return "\n".join(["donor,project,amount", *(",".join(row) for row in rows), ""]).encode()


def said(result: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.to_json())
    return found


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@given(
    data=tables(),
    pot=st.integers(0, 10**6),
    surplus=st.sampled_from(Surplus),
    cap=st.none() | st.integers(60, 10**4),
    floor=st.integers(0, 60),
    minimum=st.sampled_from([1, 100]),
    ties=st.sampled_from(["lexicographic", "hash:a seed"]),
)
@settings(max_examples=60, deadline=None)
def test_every_match_of_the_engine_holds(
    variant: Variant, data: bytes, pot: int, surplus: Surplus, cap: int | None, floor: int, minimum: int, ties: str
) -> None:
    amounts = from_csv(data)
    limits = Limits.same(amounts.projects, floor=min(floor, pot // 3), cap=cap)
    result = quadratic(amounts, pot, variant, limits, minimum=minimum, surplus=surplus, ties=ties)
    verify_amounts.check(said(result), data)


@given(
    data=tables(),
    pot=st.integers(0, 10**6),
    quantile=st.builds(
        Quantile, st.fractions(0, 1, max_denominator=5), st.sampled_from(Middle), st.sampled_from(Absent)
    ),
    quorum=st.integers(0, 3),
    surplus=st.sampled_from(Surplus),
)
@settings(max_examples=60, deadline=None)
def test_every_median_grant_of_the_engine_holds(
    data: bytes, pot: int, quantile: Quantile, quorum: int, surplus: Surplus
) -> None:
    result = median(from_csv(data), pot, quantile, quorum=quorum, surplus=surplus)
    verify_amounts.check(said(result), data)


def more_for(id_: str, other: str) -> Callable[[dict[str, Any]], None]:
    """One unit from one project to another."""

    def change(result: dict[str, Any]) -> None:
        result["amounts"][id_] += 1
        result["amounts"][other] -= 1

    return change


def set_in(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(result: dict[str, Any]) -> None:
        *before, last = path
        inner = result
        for name in before:
            inner = inner[name]
        inner[last] = to

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (more_for("zine", "maps"), "not the parts, rounded"),
        (more_for("maps", "food"), "the tie of maps and food went the wrong way"),
        (set_in("amounts", "maps", to=554), "1200 is paid, 1199 should be"),
        (set_in("certificate", "unspent", to=1), "not spent"),
        (set_in("parameters", "pot", to=1_200), "should be"),
        (set_in("parameters", "variant", to={"name": "profile-clusters"}), "should be"),
        (set_in("parameters", "limits", "caps", to={"food": 500}), "not the parts, rounded"),
        (set_in("parameters", "minimum", to=101), "not the parts, rounded"),
        (set_in("selected", to=["food", "zine", "maps"]), "selected are others"),
        (set_in("input_sha256", to="0" * 64), "another table"),
        (set_in("rule", to="lottery-1"), "not checked here"),
        (set_in("amounts", to={"maps": 1_199}), "has no amount"),
    ],
)
def test_a_wrong_result_of_every_kind_is_caught(change: Callable[[dict[str, Any]], None], words: str) -> None:
    """The pot of 11.99 € leaves one unit to maps and food, who tie: the order gives it to food."""
    result = said(quadratic(from_csv(TABLE), 1_199))
    assert result["amounts"] == {"maps": 553, "zine": 92, "tower": 0, "food": 554}
    verify_amounts.check(result, TABLE)
    change(result)
    with pytest.raises(ValueError, match=words):
        verify_amounts.check(result, TABLE)


def test_it_runs_by_itself_without_anything_of_ours(tmp_path: Path) -> None:
    """As a stranger would: Python in isolated mode, two files."""
    result = quadratic(from_csv(TABLE), 1_200, Pairwise(Fraction(700)), NO_LIMITS)
    (tmp_path / "result.json").write_bytes(result.to_json())
    (tmp_path / "gifts.csv").write_bytes(TABLE)
    command = [sys.executable, "-I", "-S", verify_amounts.__file__, "result.json", "gifts.csv"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "gifts.csv").write_bytes(TABLE.replace(b"10000", b"10001"))
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Does not hold: the result is of another table\n"

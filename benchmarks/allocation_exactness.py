"""Not a cent is lost: 100,000 rounds over all rules. Run: `python benchmarks/allocation_exactness.py [--smoke]`.

Rounds are made by a generator with a fixed seed: few or many projects and people, equal amounts and squares (so that
ties are common), pots of nothing, of one unit, and far beyond what is asked, with and without floors and caps. Of every
result: amounts and what is not spent add up to the pot; nobody gets less than nothing; nothing but the pot is paid.

The control divides the same proportional rounds as published calculators do, in floats rounded to cents, and counts how
many of them do not add up.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.allocation.amounts import Amounts  # noqa: E402
from communs.core.allocation.composition import College, Stage, averaging, in_turn, weighing  # noqa: E402
from communs.core.allocation.dividing import Surplus  # noqa: E402
from communs.core.allocation.elections import BallotKind, Instance, Project  # noqa: E402
from communs.core.allocation.equal_shares import equal_shares  # noqa: E402
from communs.core.allocation.greedy import greedy  # noqa: E402
from communs.core.allocation.lottery import lottery  # noqa: E402
from communs.core.allocation.median import Absent, Middle, Quantile, median  # noqa: E402
from communs.core.allocation.phragmen import phragmen  # noqa: E402
from communs.core.allocation.proportional import By, proportional, up_to_costs  # noqa: E402
from communs.core.allocation.quadratic import (  # noqa: E402
    STANDARD,
    ConnectedClusters,
    Pairwise,
    ProfileClusters,
    quadratic,
)
from communs.core.allocation.results import Result  # noqa: E402
from communs.core.allocation.waterfilling import NO_LIMITS, Limits  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402

ROUNDS, ROUNDS_SMOKE = 100_000, 1_000
Maker = Callable[[random.Random], tuple[int, Result]]  # the pot, and what was made of it


def gifts(chance: random.Random) -> Amounts:
    """A few people's amounts; every third time all of them equal, so that everything ties."""
    projects = [f"p{n}" for n in range(chance.randint(1, 9))]
    equal = chance.choice([0, 0, chance.choice([1, 100, 250])])
    rows = [
        (f"d{chance.randrange(9)}", chance.choice(projects), equal or chance.choice([1, 4, 9, 200, 10_000, 999_999]))
        for _ in range(chance.randint(0, 16))
    ]
    return Amounts.from_rows(rows, projects)


def pot(chance: random.Random) -> int:
    """Nothing, one unit, little, or more than is asked."""
    return chance.choice([0, 1, 7, 100, 9_999, 1_000_000, 10**9])


def limits(chance: random.Random, ids: tuple[str, ...], total: int) -> Limits:
    """None, caps, floors that the pot can hold, or both."""
    floor = total // (len(ids) + chance.randint(0, 3)) if chance.random() < 0.4 else 0
    cap = floor + chance.choice([0, 1, total // 5, total]) if chance.random() < 0.5 else None
    return NO_LIMITS if chance.random() < 0.3 else Limits.same(ids, floor=floor, cap=cap)


def election(chance: random.Random, kind: BallotKind = BallotKind.CUMULATIVE) -> Instance:
    """Projects that cost nothing, the same, or more than the budget; ballots of which some are empty."""
    same = chance.choice([0, 0, 50])
    projects = [
        Project(f"p{n}", same or chance.choice([0, 1, 50, 120, 333, 5_000])) for n in range(chance.randint(1, 7))
    ]
    ids = [project.id for project in projects]
    named = [chance.sample(ids, chance.randint(0, len(ids))) for _ in range(chance.randint(1, 9))]
    ballots = [dict.fromkeys(one, chance.randint(1, 5)) for one in named] if kind.has_points else named
    return Instance.from_rows(projects, chance.choice([0, 1, 100, 400, 1_001]), ballots, kind)


def matched(chance: random.Random) -> tuple[int, Result]:
    amounts, total = gifts(chance), pot(chance)
    variant = chance.choice(
        [STANDARD, Pairwise(Fraction(chance.choice([1, 700, 10**6]), 3)), ProfileClusters(), ConnectedClusters()]
    )
    bounds = limits(chance, amounts.projects, total)
    return total, quadratic(amounts, total, variant, bounds, surplus=chance.choice(list(Surplus)))


def middle(chance: random.Random) -> tuple[int, Result]:
    amounts, total = gifts(chance), pot(chance)
    quantile = Quantile(Fraction(chance.randint(0, 4), 4), chance.choice(list(Middle)), chance.choice(list(Absent)))
    bounds = limits(chance, amounts.projects, total)
    surplus = chance.choice(list(Surplus))
    return total, median(amounts, total, quantile, quorum=chance.randint(0, 3), surplus=surplus, limits=bounds)


def divided(chance: random.Random) -> tuple[int, Result]:
    one = election(chance)
    bounds = chance.choice([up_to_costs(one), limits(chance, one.ids, one.budget)])
    return one.budget, proportional(one, chance.choice(list(By)), bounds, ties=f"hash:{chance.random()}")


def drawn(chance: random.Random) -> tuple[int, Result]:
    one = election(chance)
    return one.budget, lottery(one, str(chance.random()))


def bought(chance: random.Random) -> tuple[int, Result]:
    rule = chance.choice([equal_shares, phragmen, greedy])
    one = election(chance, BallotKind.APPROVAL)
    return one.budget, rule(one)


def staged(chance: random.Random) -> tuple[int, Result]:
    stages = [Stage(chance.choice([equal_shares, greedy, proportional]), Fraction(chance.randint(0, 3), 3))]
    one = election(chance, BallotKind.APPROVAL)
    return one.budget, in_turn(one, [*stages, Stage(chance.choice([proportional, phragmen]))])


def colleges(chance: random.Random) -> tuple[int, Result]:
    one = election(chance)
    other = Instance.from_rows(
        one.projects, one.budget, [{one.ids[0]: 3}] * chance.randint(1, 5), BallotKind.CUMULATIVE
    )
    both = [College("one", Fraction(1, 3), one), College("other", Fraction(chance.randint(1, 9), 7), other)]
    return one.budget, chance.choice([averaging, weighing])(both, proportional)


MAKERS: dict[str, Maker] = {
    "quadratic": matched,
    "median": middle,
    "proportional": divided,
    "lottery": drawn,
    "equal shares, Phragmén, greedy": bought,
    "in turn": staged,
    "colleges": colleges,
}


def lost(total: int, result: Result) -> int:
    """Units that are nowhere, neither paid nor left; or that were paid and were never there."""
    paid = sum(result.amounts.values())
    assert all(amount >= 0 for amount in result.amounts.values())
    assert set(result.selected) >= {project for project, amount in result.amounts.items() if amount}
    # Rules that buy whole projects do not state what is left: there it must not be less than nothing.
    left = result.certificate.get("unspent", max(0, total - paid))
    return abs(total - paid - int(left))


def lost_in_floats(chance: random.Random) -> bool:
    """Does a proportional round in floats, rounded to cents, fail to add up?"""
    weights = [chance.randint(1, 999) for _ in range(chance.randint(2, 60))]
    euros = chance.randint(1, 10**6)
    parts = [round(euros * weight / sum(weights), 2) for weight in weights]
    return round(sum(parts), 2) != euros


def main() -> int:
    """All rounds; 1 when a unit is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    smoke = parser.parse_args().smoke
    chance = random.Random(2026)  # noqa: S311 (the same rounds on every run)
    rounds, made, wrong = ROUNDS_SMOKE if smoke else ROUNDS, Counter[str](), Counter[str]()
    names = list(MAKERS)
    start = time.perf_counter()
    for place in range(rounds):
        name = names[place % len(names)]
        wrong[name] += lost(*MAKERS[name](chance))
        made[name] += 1
    taken = time.perf_counter() - start
    floats = sum(lost_in_floats(chance) for _ in range(rounds))
    lines = [
        Line(f"{name}, {made[name]:,} rounds", f"{wrong[name]} units lost", "0", not wrong[name]) for name in names
    ]
    lines.append(
        Line(f"all {rounds:,} rounds", f"{sum(wrong.values())} units lost, {taken:.0f} s", "0", not wrong.total())
    )
    lines.append(
        Line("control: floats rounded to cents", f"{100 * floats / rounds:.0f} % of rounds do not add up", "", None)
    )
    report("Exactness: what is paid and what is left is the pot", lines, smoke=smoke)
    return 0 if not wrong.total() else 1


if __name__ == "__main__":
    raise SystemExit(main())

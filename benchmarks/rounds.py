"""Rounds closed: not a unit lost, and how long a large one takes. Run: `python benchmarks/rounds.py [--smoke]`.

A generator with a fixed seed makes 100,000 small rounds over all rules and forms of ballot: one college or three, equal
options (so that ties are common), pots that divide badly, shares that flow on, bundles that some have not accepted.
Of each: what is paid, what waits and what is carried over add up to the pot; every tenth is verified from its files.

The control shares the same grants as published calculators do, in floats rounded to cents at each step.

Then one round of 100,000 ballots over 10,000 commons, each with a bundle of three, and 50,000 edges to pass money on
along: closing, writing both files, and verifying them as a stranger would, the memory of all that included.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.bundles import PPM, Bundle, Kind, Recipient, Share  # noqa: E402
from communs.core.rounds import (  # noqa: E402
    OUTCOME_FILE,
    ROUND_FILE,
    Ballot,
    College,
    Form,
    Format,
    Option,
    Outcome,
    PassingOn,
    Question,
    Roll,
    Voter,
    close,
    files_of,
    verify_round,
)
from communs.core.rounds.rules import FORMATS, OF_SHARES  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402
from communs.testing.rounds import QUESTION, SEED  # noqa: E402

ROUNDS, ROUNDS_SMOKE = 100_000, 500
VERIFIED_EACH = 10
LARGE, LARGE_SMOKE = (100_000, 10_000, 50_000), (1_000, 100, 500)  # ballots, commons, edges
BAR_S = 10.0
COLLEGES = (College("states", 2), College("commission", 1), College("communities", 4))
ACCEPTED_ON = date(2026, 6, 1)


def hexadecimal(number: int) -> str:
    return f"{number:064x}"


def bundle(commons: str, chance: random.Random) -> Bundle:
    """Three shares, one of them upstream; one bundle in five is not accepted by all."""
    first, second = chance.randrange(1, PPM // 2), chance.choice([333_333, 250_000, 1])
    shares = (
        Share(f"{commons}.people", Kind.COMMUNITY, first),
        Share(f"{commons}.up", Kind.COMMONS, second),
        Share("reserve", Kind.RESERVE, PPM - first - second),
    )
    made = Bundle(commons, ACCEPTED_ON, shares)
    parties = [share.party for share in shares][: chance.choice([2, 3, 3, 3, 3])]
    return made.accepted_by(parties, "stewards", ACCEPTED_ON)


def small(chance: random.Random) -> tuple[str, Outcome]:
    """A few commons and people, and one of the rules that a round may follow."""
    rule = chance.choice(list(FORMATS))
    format_ = chance.choice(FORMATS[rule])
    pot = (
        chance.choice([1, 7, 100, 9_999, 1_000_003, 10**9 + 7]) if rule in OF_SHARES else chance.choice([5_000, 9_999])
    )
    same = chance.choice([0, 0, 500])
    options = tuple(
        Option(f"c{n}", f"C{n}", same or chance.choice([1, 50, 333, 4_999])) for n in range(chance.randint(1, 7))
    )
    ids = [option.id for option in options]
    points = {Format.SCORE: 5, Format.DIVIDE: pot if rule == "median" else 10}.get(format_, 0)
    colleges = chance.choice([(College("all"),), COLLEGES])
    people = [Voter(hexadecimal(n), chance.choice(colleges).id) for n in range(chance.randint(0, 9))]
    edges = [(chance.choice(ids), f"d{chance.randrange(5)}", chance.randint(1, 5)) for _ in range(chance.randint(0, 9))]
    asked = replace(
        QUESTION,
        rule=rule,
        pot=pot,
        options=options,
        form=Form(format_, len(ids), points),
        colleges=colleges,
        passing_on=PassingOn(chance.choice([0, 1, 333_333, 500_000, 990_000]), tuple(edges)),
        parameters={"surplus": "spend"} if rule in {"quadratic", "median"} and chance.random() < 0.5 else {},
    )
    ballots = [Ballot.of(voter.pseudonym, said(ids, format_, points, chance)) for voter in people]
    bundles = [bundle(id_, chance) for id_ in ids if chance.random() < 0.5]
    parties = {*ids, "d0", "d1", "reserve"} | {share.party for one in bundles for share in one.shares}
    recipients = [Recipient(id_, accepted=chance.random() < 0.8) for id_ in sorted(parties)]
    return rule, close(asked, Roll(asked.id, tuple(people)), ballots, SEED, recipients, bundles)


def said(ids: list[str], format_: Format, points: int, chance: random.Random) -> Any:
    """What one voter says; some say nothing."""
    named = chance.sample(ids, chance.randint(0, len(ids)))
    if format_ in {Format.APPROVE, Format.RANK}:
        return named
    most = points if format_ is Format.SCORE else points // max(1, len(named))
    return {name: chance.randint(0, most) for name in named}


def lost(outcome: Outcome) -> int:
    """Units that are nowhere, or that never were there."""
    assert all(leaf.minor > 0 for leaf in outcome.leaves)
    assert min(outcome.unspent, outcome.returned) >= 0
    return abs(outcome.round.question.pot - sum(leaf.minor for leaf in outcome.leaves) - outcome.carry_over)


def does_not_hold(outcome: Outcome) -> bool:
    """Is anything wrong with its files?"""
    files = files_of(outcome)
    return bool(verify_round(files[ROUND_FILE], files[OUTCOME_FILE]))


def lost_in_floats(outcome: Outcome) -> bool:
    """Does the same money fail to add up where each share is a float, rounded to cents?"""
    granted = {id_: minor / 100 for id_, minor in outcome.count.granted.items()}
    edges: dict[str, int] = {}
    for source, _target, weight in outcome.round.question.passing_on.graph:
        edges[source] = edges.get(source, 0) + weight
    share = outcome.round.question.passing_on.ppm / PPM
    parts = []
    for id_, amount in granted.items():
        passed = amount * share if id_ in edges else 0.0
        parts += [
            round(passed * edge[2] / edges[id_], 2)
            for edge in outcome.round.question.passing_on.graph
            if edge[0] == id_
        ]
        parts.append(round(amount - passed, 2))
    return round(sum(parts), 2) != round(sum(granted.values()), 2)


def large(
    sizes: tuple[int, int, int], chance: random.Random
) -> tuple[Question, Roll, list[Ballot], list[Bundle], list[Recipient]]:
    """The large round: ten choices a ballot, the commons named first by far the most popular."""
    voters, commons, edges = sizes
    ids = [f"commons-{n}" for n in range(commons)]
    asked = replace(
        QUESTION,
        pot=10**9,
        options=tuple(Option(id_, id_.title(), chance.randrange(10_000, 10**7)) for id_ in ids),
        form=Form(Format.DIVIDE, 10, 100),
        colleges=COLLEGES,
        passing_on=PassingOn(
            200_000,
            tuple((chance.choice(ids), f"library-{chance.randrange(commons)}", 1 + n % 9) for n in range(edges)),
        ),
    )
    people = tuple(Voter(hexadecimal(n), COLLEGES[n % 3].id) for n in range(voters))
    ballots = []
    for voter in people:
        named = {
            min(commons - 1, int(chance.paretovariate(0.3))) if chance.random() < 0.5 else chance.randrange(commons)
            for _ in range(10)
        }
        ballots.append(Ballot.of(voter.pseudonym, {ids[one]: chance.randint(1, 10) for one in sorted(named)}))
    bundles = [bundle(id_, chance) for id_ in ids]
    parties = {*ids, "reserve"} | {share.party for one in bundles for share in one.shares}
    return asked, Roll(asked.id, people), ballots, bundles, [Recipient(id_, accepted=True) for id_ in sorted(parties)]


def timed_large(sizes: tuple[int, int, int], chance: random.Random) -> list[Line]:
    lines = []
    asked, roll, ballots, bundles, recipients = large(sizes, chance)
    approving = [Ballot(one.voter, one.names) for one in ballots]
    for rule, form, given in (
        ("proportional", asked.form, ballots),
        ("mes", Form(Format.APPROVE, 10), approving),
    ):
        clock = [(time.perf_counter(), time.process_time())]
        outcome = close(replace(asked, rule=rule, form=form), roll, given, SEED, recipients, bundles)
        clock.append((time.perf_counter(), time.process_time()))
        size = sum(map(len, files_of(outcome).values())) // 2**20
        clock.append((time.perf_counter(), time.process_time()))
        bad = lost(outcome) or does_not_hold(outcome)
        clock.append((time.perf_counter(), time.process_time()))
        assert not bad
        steps = [(wall - w, cpu - c) for (w, c), (wall, cpu) in itertools.pairwise(clock)]
        what = f"{rule}: {sizes[0]:,} ballots, {sizes[1]:,} commons, {len(outcome.leaves):,} leaves"
        names = (f"{what}: closing", f"{rule}: writing both files, {size} MiB", f"{rule}: writing and verifying them")
        for name, (wall, cpu) in zip(names, steps, strict=True):
            lines.append(Line(name, f"{cpu:.1f} s of one processor, {wall:.1f} s on the clock", "", None))
        lines.append(Line(f"{rule}: closing", f"{steps[0][1]:.1f} s", f"≤ {BAR_S:g} s", steps[0][1] <= BAR_S))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [*lines, Line("memory of all that", f"{peak} MiB at most", "", None)]


def main() -> int:
    """All rounds; 1 when a unit is lost or a file does not verify."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    smoke = parser.parse_args().smoke
    chance = random.Random(2026)  # noqa: S311 (the same rounds on every run)
    rounds, made, wrong, floats, unverified = ROUNDS_SMOKE if smoke else ROUNDS, Counter[str](), Counter[str](), 0, 0
    start = time.perf_counter()
    for place in range(rounds):
        rule, outcome = small(chance)
        made[rule] += 1
        wrong[rule] += lost(outcome)
        floats += lost_in_floats(outcome)
        if not place % VERIFIED_EACH:
            unverified += does_not_hold(outcome)
    taken = time.perf_counter() - start
    bad = wrong.total() + unverified
    lines = [
        Line(f"{rule}, {made[rule]:,} rounds", f"{wrong[rule]} units lost", "0", not wrong[rule]) for rule in FORMATS
    ]
    lines.append(Line(f"all {rounds:,} rounds", f"{wrong.total()} units lost, {taken:.0f} s", "0", not wrong.total()))
    lines.append(Line("of the rounds verified from their files", f"{unverified} do not hold", "0", not unverified))
    lines.append(Line("control: floats rounded to cents", f"{100 * floats / rounds:.0f} % do not add up", "", None))
    lines += timed_large(LARGE_SMOKE if smoke else LARGE, chance)
    report("Rounds: what is paid, what waits and what is carried over is the pot", lines, smoke=smoke)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())

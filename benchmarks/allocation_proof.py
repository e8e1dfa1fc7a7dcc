"""Maximin support, fairness checks, explanations, welfare: `python benchmarks/allocation_proof.py [--smoke|--alone]`.

The bars: maximin support on Świecie 2023 (2,553 ballots, 22 projects) in 1 s, where linear programs take five minutes;
EJR+ of a result on Łódź 2022 (90,494 ballots, 160 projects) in 1 s. Beside them what has no bar.

The peer, pabutools 1.2.3, is installed in an environment of its own and runs in a process of its own; `--alone` leaves
it out. Times are the best of several; the peer's of one run, given up after 60 s.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402

from communs.core.allocation.axioms.finding import find_prices  # noqa: E402
from communs.core.allocation.axioms.prices import breaches, prices_of  # noqa: E402
from communs.core.allocation.axioms.representation import ejr_plus  # noqa: E402
from communs.core.allocation.elections import Instance, Project  # noqa: E402
from communs.core.allocation.equal_shares import NONE, equal_shares  # noqa: E402
from communs.core.allocation.explaining import deciding_equal_shares, miss, misses  # noqa: E402
from communs.core.allocation.greedy import greedy  # noqa: E402
from communs.core.allocation.maximin import maximin_support  # noqa: E402
from communs.core.allocation.phragmen import phragmen  # noqa: E402
from communs.core.allocation.reading import from_pb  # noqa: E402
from communs.core.allocation.ties import LEXICOGRAPHIC  # noqa: E402
from communs.core.allocation.utilities import Utility  # noqa: E402
from communs.core.allocation.welfare import welfare  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402

CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "alloc" / "pb"
SWIECIE, LODZ, ASSEN = (
    FOLDER / f"{n}.pb" for n in ("Poland_Swiecie_2023", "Poland_Lodz_2022", "Netherlands_Assen_2024")
)
RUNS = 5
BAR_S = 1.0
PEER, PEER_GIVES_UP_S = "pabutools==1.2.3", 60
PEER_FOLDER = Path(tempfile.gettempdir()) / "communs-peer-pabutools-1.2.3"
PEER_SCRIPT = """
import sys, time
from pabutools.analysis.justifiedrepresentation import is_EJR_any_approval
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import max_additive_utilitarian_welfare, maximin_support, method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
if sys.argv[2] != "maximin":
    profile = profile.as_multiprofile()
start = time.perf_counter()
if sys.argv[2] == "maximin":
    maximin_support(instance, profile)
elif sys.argv[2] == "welfare":
    max_additive_utilitarian_welfare(instance, profile, Cost_Sat)
else:
    funded = method_of_equal_shares(instance, profile, Cost_Sat)
    start = time.perf_counter()
    is_EJR_any_approval(instance, profile, Cost_Sat, funded)
print(time.perf_counter() - start)
"""


def best(work: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """The shortest of some runs, in seconds, and what the last one found."""
    times, found = [], None
    for _ in range(runs):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return min(times), found


class Peer:
    """The peer in its own environment; `why_not` says why there is none."""

    def __init__(self, wanted: bool) -> None:
        self.why_not = "" if wanted else "left out"
        self.python = PEER_FOLDER / "bin" / "python"
        if wanted and not self.python.exists():
            try:
                subprocess.run(["uv", "venv", "--quiet", str(PEER_FOLDER)], check=True)
                subprocess.run(["uv", "pip", "install", "--quiet", "--python", str(self.python), PEER], check=True)
            except (OSError, subprocess.CalledProcessError) as error:
                self.why_not = f"cannot be installed: {error}"

    def time(self, path: Path, what: str) -> str:
        """Its time; its solvers are processes of their own, and are ended with it."""
        if self.why_not:
            return self.why_not
        command = [str(self.python), "-c", PEER_SCRIPT, str(path), what]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
            try:
                told, errors = process.communicate(timeout=PEER_GIVES_UP_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return f"more than {PEER_GIVES_UP_S} s"
        return f"{float(told.split()[-1]):.2f} s" if process.returncode == 0 else f"failed: {errors.strip()[-80:]}"


def made_up(voters: int, projects: int) -> Instance:
    """A small election of chance, repeatable."""
    random = np.random.default_rng(5)
    costs = random.integers(1_000, 50_000, projects)
    listed = [Project(str(number), int(cost)) for number, cost in enumerate(costs)]
    votes = [[str(n) for n in np.flatnonzero(row)] for row in random.random((voters, projects)) < 0.2]
    return Instance.from_rows(listed, int(costs.sum() // 3), votes)


def on_maximin(name: str, instance: Instance, told: str) -> list[Line]:
    _ = instance.support
    seconds, result = best(lambda: maximin_support(instance))
    figure = f"{seconds * 1e3:.0f} ms, {len(result.selected)} funded (peer {told})"
    reached = seconds <= BAR_S if name == "Świecie" else None
    return [Line(f"maximin support, {name}", figure, "" if reached is None else "1 s", reached)]


def on_checks(name: str, instance: Instance, told: str) -> list[Line]:
    result = equal_shares(instance)
    seconds, found = best(lambda: ejr_plus(instance, result.selected))
    figure = f"{seconds * 1e3:.1f} ms, {'holds' if found.holds else 'FAILS'} (peer: EJR at 84 voters {told})"
    lines = [Line(f"EJR+ of equal shares, {name}", figure, "1 s", seconds <= BAR_S)]
    for label, rule in (("equal shares", equal_shares), ("Phragmén", phragmen)):
        made = rule(instance)
        seconds, faults = best(lambda made=made: breaches(instance, made.selected, prices_of(instance, made)))
        figure = f"{seconds * 1e3:.0f} ms, {len(faults)} faults"
        lines.append(Line(f"prices of {label} read and checked exactly, {name}", figure, "", None))
    spent = greedy(instance)
    seconds, prices = best(lambda: find_prices(instance, spent.selected), 1)
    lines.append(Line(f"prices looked for, greedy, {name}", f"{seconds:.1f} s, {prices.answer}", "", None))
    return lines


def on_explanations(name: str, instance: Instance, *, everything: bool) -> list[Line]:
    decide = deciding_equal_shares(Utility.COST, NONE, LEXICOGRAPHIC)
    result = equal_shares(instance)
    lost = next(id_ for id_ in instance.ids if id_ not in result.selected)
    seconds, _one = best(lambda: miss(instance, result, decide, lost), 3)
    lines = [Line(f"what one project lacked, {name}", f"{seconds:.2f} s", "", None)]
    if everything:
        seconds, told = best(lambda: misses(instance, result, decide, tries=0), 1)
        lines.append(Line(f"what all {len(told)} lacked, without trying all below", f"{seconds:.1f} s", "", None))
    return lines


def on_welfare(name: str, instance: Instance, told: str) -> list[Line]:
    seconds, result = best(lambda: welfare(instance))
    figure = f"{seconds * 1e3:.1f} ms, {result.parameters['method']} (peer {told})"
    return [Line(f"most welfare, {name}", figure, "", None)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--alone", action="store_true", help="without the peer")
    options = parser.parse_args()
    peer = Peer(not options.alone and not options.smoke)
    lines: list[Line] = []
    if options.smoke:
        small = made_up(200, 12)
        lines += [*on_maximin("made up", small, "left out"), *on_checks("made up", small, "left out")]
        lines += [*on_explanations("made up", small, everything=True), *on_welfare("made up", small, "left out")]
    elif LODZ.exists():
        swiecie, lodz = from_pb(SWIECIE.read_bytes()), from_pb(LODZ.read_bytes())
        lines += on_maximin("Świecie", swiecie, peer.time(SWIECIE, "maximin"))
        lines += on_maximin("Łódź", lodz, "not run")
        lines += on_checks("Łódź", lodz, peer.time(ASSEN, "ejr"))
        lines += [
            *on_explanations("Świecie", swiecie, everything=True),
            *on_explanations("Łódź", lodz, everything=True),
        ]
        lines += on_welfare("Łódź", lodz, peer.time(LODZ, "welfare"))
    else:
        print(f"No elections in {CORPORA}: name their folder in COMMUNS_CORPORA.")
    report("Maximin support, checks, explanations, welfare", lines, smoke=options.smoke)


if __name__ == "__main__":
    main()

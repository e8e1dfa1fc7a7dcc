"""How fast an election file becomes an election. Run: `python benchmarks/allocation_reading.py [--smoke|--alone]`.

The bar: Łódź 2022 (90,494 ballots, 160 projects) in 0.1 s, aiming at 0.05 s; the whole check, every problem looked for,
has no bar. Where the corpora are not at hand, an election of the same size made by a generator with a fixed seed.

Controls in the same run: the csv module alone going through the same lines, and counting the votes of each project. The
peer, pabutools 1.2.3, is installed in an environment of its own and runs in a process of its own; `--alone` leaves it
out. Ours and the controls: wall time, best of several; the peer's: best of two, its imports left out.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.allocation.reading import from_pb, read_pb, to_pb  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402

CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
LODZ = CORPORA / "alloc" / "pb" / "Poland_Lodz_2022.pb"
BAR_S, AIM_S = 0.1, 0.05
PEER = "pabutools==1.2.3"
PEER_FOLDER = Path(tempfile.gettempdir()) / "communs-peer-pabutools-1.2.3"
PEER_SCRIPT = """
import sys, time
from pabutools.election import parse_pabulib
times = []
for _ in range(2):
    start = time.perf_counter()
    parse_pabulib(sys.argv[1])
    times.append(time.perf_counter() - start)
print(min(times))
"""


def example(voters: int) -> bytes:
    """An election of 160 projects, up to five of which each voter names, popular ones more often."""
    chance = random.Random(2022)  # noqa: S311 - a generator of examples, the same in every run
    ids = [f"L{number:03d}" for number in range(1, 161)]
    weights = [1 / (place + 3) for place in range(len(ids))]
    ballots = [sorted(set(chance.choices(ids, weights, k=chance.randint(1, 5)))) for _ in range(voters)]
    lines = ["META", "key;value", f"num_votes;{voters}", "budget;6112868", "vote_type;approval", "currency;PLN"]
    lines += ["PROJECTS", "project_id;cost;name"]
    lines += [f"{id_};{chance.randrange(10_000, 2_000_000)};Project {id_}" for id_ in ids]
    lines += ["VOTES", "voter_id;vote", *(f"{voter};{','.join(ballot)}" for voter, ballot in enumerate(ballots, 1))]
    return ("\n".join(lines) + "\n").encode()


def plainly(data: bytes) -> Counter[str]:
    """The control: the csv module goes through the lines, and the votes of each project are counted."""
    votes: Counter[str] = Counter()
    for row in csv.reader(io.StringIO(data.decode()), delimiter=";"):
        if len(row) == 2:
            votes.update(row[1].split(","))
    return votes


def best(action: Callable[[bytes], object], data: bytes, runs: int) -> float:
    """Seconds, best of `runs`: other work on the machine only makes it slower."""
    found = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        action(data)
        found = min(found, time.perf_counter() - start)
    return found


def shown(seconds: float) -> str:
    """A time in milliseconds."""
    return f"{seconds * 1000:.0f} ms"


def peer_time(data: bytes) -> float | str:
    """The peer's seconds, or why there are none."""
    python = PEER_FOLDER / "bin" / "python"
    try:
        if not python.exists():
            uv = str(Path(sys.executable).with_name("uv"))
            subprocess.run([uv, "venv", "--quiet", str(PEER_FOLDER)], check=True)
            subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), PEER], check=True)
        with tempfile.NamedTemporaryFile(suffix=".pb") as file:
            file.write(data)
            file.flush()
            command = [str(python), "-c", PEER_SCRIPT, file.name]
            return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"no figure: {type(error).__name__}"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--alone", action="store_true", help="without the peer")
    options = parser.parse_args()
    real = LODZ.is_file() and not options.smoke
    data = LODZ.read_bytes() if real else example(2_000 if options.smoke else 90_494)
    runs = 2 if options.smoke else 15
    election = from_pb(data)
    ours = best(from_pb, data, runs)
    before, _, last = data.rstrip().rpartition(b"\n")
    with_a_blank_line = before + b"\n\n" + last  # sends every ballot through the careful way
    figures: list[tuple[str, float]] = [
        ("read and checked in full", best(read_pb, data, max(2, runs // 3))),
        ("one blank line in it: gone through line by line", best(from_pb, with_a_blank_line, 2)),
        ("written", best(lambda _data: to_pb(election), data, 3)),
        ("control: csv module, votes counted", best(plainly, data, max(2, runs // 3))),
    ]
    lines = [
        Line("a file becomes an election", shown(ours), f"≤ {shown(BAR_S)}", ours <= BAR_S),
        Line("the same, aim", shown(ours), f"≤ {shown(AIM_S)}", ours <= AIM_S),
        *(Line(what, shown(seconds), "", None) for what, seconds in figures),
    ]
    if not (options.smoke or options.alone):
        theirs = peer_time(data)
        figure = theirs if isinstance(theirs, str) else f"{shown(theirs)} ({theirs / ours:.0f} times ours)"
        lines.append(Line("peer: pabutools reads the file", figure, "", None))
    voters, projects = f"{election.voters:,}", len(election.projects)
    title = f"{'Łódź 2022' if real else 'A generated election'}: {voters} ballots, {projects} projects"
    report(title, lines, smoke=options.smoke)


if __name__ == "__main__":
    main()

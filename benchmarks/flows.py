"""How fast money flows, and whether every engine pays the same. Run: `python benchmarks/flows.py [--smoke]`.

Two graphs, 85 % passed on, a thousandth of all nodes with a seed: Debian's packages (63,436 nodes, 301,111 edges; from
`COMMUNS_CORPORA`), and 10 million edges made here: a million nodes, each depending on some that came before it, on the
early ones more often, some edges between near ones answered by one in the other direction, which makes circles.

`--python PATH`: a Python with numba, duckdb, igraph, scipy and networkx, whose figures stand beside ours from the same
run. `--spark PATH`: a Python with pyspark (Java 17); its workers are processes of their own. Without these, ours alone.
The hash of the totals must be the same on every engine of ours.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.testing.bench import Line, report  # noqa: E402

CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
DEBIAN = CORPORA / "alloc" / "debian_bookworm_deps.npz"
POT_MICRO = 10**14  # a million euro
PASSED_PPM = 850_000
OURS = ("numpy", "numba", "sqlite", "duckdb", "spark")
BARS_S = {"debian": 0.003, "10 million edges": 0.2}
Graph = dict[str, Any]
Found = dict[str, Any]


def debian() -> Graph:
    """The graph of the corpora, its weights in millionths."""
    with np.load(DEBIAN) as stored:
        source, target, weight, nodes = stored["src"], stored["dst"], stored["w"], int(stored["n"])
    sums = np.bincount(source, weights=weight, minlength=nodes)
    ppm = np.floor(PASSED_PPM * weight / sums[source]).astype(np.int32)
    return sown(nodes, source, target, ppm)


def synthetic(edges: int) -> Graph:
    """A graph that grows as those of packages do."""
    chance = np.random.default_rng(5)
    nodes = edges // 10
    source = chance.integers(1, nodes, edges).astype(np.int32)
    target = (source * chance.random(edges) ** 2).astype(np.int32)
    back = chance.random(edges) < 0.001
    near = back & (source - target < 1000)  # an answer across the whole graph would make one circle of most of it
    source, target = np.concatenate((source, target[near])), np.concatenate((target, source[near]))
    order = np.unique(source.astype(np.int64) * nodes + target)
    source, target = (order // nodes).astype(np.int32), (order % nodes).astype(np.int32)
    ppm = (PASSED_PPM // np.bincount(source, minlength=nodes)[source]).astype(np.int32)
    apart = source != target
    return sown(nodes, source[apart], target[apart], ppm[apart])


def sown(nodes: int, source: Any, target: Any, ppm: Any) -> Graph:
    """With seeds."""
    chosen = np.sort(np.random.default_rng(1).choice(nodes, max(1, nodes // 1000), replace=False))
    seeds = np.zeros(nodes, np.int64)
    seeds[chosen] = POT_MICRO // len(chosen)
    seeds[chosen[: POT_MICRO - int(seeds.sum())]] += 1
    return {
        "nodes": nodes, "source": source, "target": target, "ppm": ppm, "seeds": seeds, "damping": PASSED_PPM / 1e6,
    }  # fmt: skip


def run(python: str, path: Path, engine: str, runs: int) -> Found | None:
    """An engine in a process of its own; None, with its last words on stderr, where it fails."""
    script = Path(__file__).parent / "peers" / "flows_engine.py"
    done = subprocess.run([python, script, path, engine, str(runs)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{engine}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    found: Found = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def measure(name: str, graph: Graph, engines: dict[str, tuple[str, int]], *, smoke: bool) -> list[Line]:
    """The lines of one graph: engines with their Python and number of runs."""
    lines: list[Line] = []
    hashes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.npz"
        np.savez(path, **graph)
        for engine, (python, runs) in engines.items():
            found = run(python, path, engine, runs)
            if found is None:
                continue
            print(f"{name}: {engine} {found}", file=sys.stderr, flush=True)
            if engine in OURS:
                hashes[engine] = found["sha256"]
            bar = BARS_S.get(name) if engine in {"numba", "numpy"} else None
            figure = f"{found['run_s'] * 1000:,.2f} ms (before that {found['load_s']:.2f} s; {found['rss_mb']} MB)"
            mark = None if bar is None or engine == "numpy" else found["run_s"] <= bar
            lines.append(Line(f"{name}, {engine}", figure, "" if bar is None else f"≤ {bar * 1000:g} ms", mark))
    same = len(set(hashes.values())) <= 1
    shown = ", ".join(sorted(hashes)) + ": " + ", ".join(sorted({value[:16] for value in hashes.values()}))
    lines.append(Line(f"{name}, SHA-256 of the totals", shown, "one for all", same and bool(hashes)))
    assert same or not smoke, "engines differ"
    return lines


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed of flows, and equal bytes on every engine.")
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--python", default="", help="a Python with numba, duckdb, igraph, scipy and networkx")
    parser.add_argument("--spark", default="", help="a Python with pyspark")
    parser.add_argument("--edges", type=int, default=10_000_000, help="edges of the graph that is made")
    return parser.parse_args()


def main() -> None:
    """Print the figures."""
    asked = options()
    here = {"numpy": (sys.executable, 5), "sqlite": (sys.executable, 1)}
    there = ("numba", "duckdb", "igraph", "scipy", "networkx", "duckdb-floats") if asked.python else ()
    if asked.smoke:
        report("Flows", measure("20,000 edges", synthetic(20_000), here, smoke=True), smoke=True)
        return
    lines: list[Line] = []
    if DEBIAN.is_file():
        engines = {**here, **dict.fromkeys(there, (asked.python, 5))}
        if asked.spark:
            engines["spark"] = (asked.spark, 1)
        lines += measure("debian", debian(), engines, smoke=False)
    engines = {"numpy": here["numpy"], **{engine: (asked.python, 3) for engine in there if engine != "networkx"}}
    name = "10 million edges" if asked.edges == 10_000_000 else f"{asked.edges:,} edges"
    lines += measure(name, synthetic(asked.edges), engines, smoke=False)
    report("Flows", lines, smoke=False)


if __name__ == "__main__":
    main()

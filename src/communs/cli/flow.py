"""Pass money on to what a commons depends on: each keeps a share and passes the rest along, in whole numbers.

  communs flow dependencies.csv --seeds seeds.csv --keep 0.5
  communs flow sbom.json --seeds seeds.csv --keep 0.5 --json           a CycloneDX or SPDX bill of materials
  communs flow Packages.xz --seeds seeds.csv --keep 0.3 --minimum 500  a Debian package index; nothing below 5 euro
  communs flow graph.csv --seeds seeds.csv --keep 0.5 --engine duckdb
  communs flow graph.csv --seeds seeds.csv --keep 0.5 --why libfoo     the strongest ways to a recipient

The graph has a row for each dependency: source, target, and weight or ppm. Seeds: node, amount in the smallest unit.
Every engine gives the same bytes: memory needs nothing else, sqlite nor; postgresql takes DATABASE_URL; duckdb and
spark take their packages. --json prints {"rule", "parameters", "input_sha256", "amounts", "returned",
"totals_sha256"}, amounts in the smallest unit; with --why {"node", "amount", "received", "ways"}. docs/rules/flows.md
has the rule.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from communs.cli.check_files import bytes_of
from communs.cli.elections import print_json
from communs.cli.house import Failure, say
from communs.cli.rule_options import count
from communs.cli.terminal import harmless
from communs.core.allocation.results import rational
from communs.core.flows import (
    ENGINES,
    Flow,
    Graph,
    InvalidGraph,
    Limits,
    UnknownEngine,
    flow,
    received_by,
    strongest_paths,
)
from communs.core.flows.explaining import WHOLE
from communs.core.flows.graphs import PPM
from communs.core.flows.payouts import MICRO
from communs.core.flows.reading import read_graph, read_seeds
from communs.core.flows.reading.edges import BOUNDS

SHOWN = 30
Read = TypeVar("Read")
_SHARE = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("graph", metavar="GRAPH", help="who depends on whom: CSV, Parquet, an SBOM, a Debian index")
    parser.add_argument("--seeds", required=True, metavar="FILE", help="where the money starts: CSV with node, amount")
    parser.add_argument("--keep", type=_share, metavar="SHARE", help="what each keeps, such as 0.5")
    parser.add_argument("--minimum", type=count, default=0, metavar="N", help="no payment below N of the smallest unit")
    parser.add_argument("--cap", type=count, metavar="N", help="nobody gets more than N")
    parser.add_argument("--exclude", action="append", default=[], metavar="NODE", help="not there at all; repeatable")
    parser.add_argument("--declined", action="append", default=[], metavar="NODE", help="passes all on; repeatable")
    parser.add_argument("--engine", choices=ENGINES, default="memory", help="where it is worked out (default: memory)")
    parser.add_argument("--why", metavar="NODE", help="show how money came to this recipient")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    try:
        graph = _read(options.graph, lambda name: read_graph(bytes_of(name, BOUNDS.size)))
        seeds = _read(options.seeds, lambda name: read_seeds(bytes_of(name)))
        for note in graph.notes:
            say(harmless(f"{options.graph}: {note}"))
        with _connection(options.engine) as connection:
            found = flow(
                graph,
                seeds,
                options.keep,
                excluded=options.exclude,
                declined=options.declined,
                limits=Limits(minimum=options.minimum, cap=options.cap),
                engine=options.engine,
                connection=connection,
            )
        if options.why is not None:
            why = _why(found, seeds, options.why)
            if options.json:
                print_json(why)
            else:
                _print_why(why)
        elif options.json:
            print_json(found.document())
        else:
            _print(graph, found)
    except (InvalidGraph, UnknownEngine) as wrong:
        raise Failure(str(wrong)) from wrong
    return 0


def _read(name: str, reading: Callable[[str], Read]) -> Read:
    """What a file holds. Raises `Failure` that names it."""
    try:
        return reading(name)
    except InvalidGraph as wrong:
        raise Failure(f"{name}: {wrong}") from wrong


def _print(graph: Graph, found: Flow) -> None:
    amounts = sorted(found.amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    width = len(f"{max((amount for _name, amount in amounts), default=0):,}")
    for name, amount in amounts[:SHOWN]:
        print(f"{amount:>{width},}".replace(",", "\u202f") + harmless(f"  {name}"))
    if len(amounts) > SHOWN:
        say(f"… and {len(amounts) - SHOWN} more; --json has all.")
    spent = sum(found.amounts.values())
    say(f"{len(amounts)} of {len(graph.ids)} receive {spent}; {found.returned} go back to the pot.")


def _why(found: Flow, seeds: dict[str, int], name: str) -> dict[str, Any]:
    """Whom a recipient has its money from (micro units), and the strongest way from each of the largest seeds."""
    largest = sorted(seeds, key=lambda one: (-seeds[one], one))[:SHOWN]
    ways = [way for seed in largest for way in strongest_paths(found, seed, name, most=1)]
    return {
        "node": name,
        "amount": found.amounts.get(name, 0),
        "received": [{"source": sent.source, "micro": sent.micro} for sent in received_by(found, name)],
        "ways": [{"names": list(way.names), "share": rational(Fraction(way.share, WHOLE))} for way in ways],
    }


def _print_why(why: dict[str, Any]) -> None:
    print(f"{why['node']} receives {why['amount']}")
    for sent in why["received"]:
        print(f"  {Decimal(sent['micro']) / MICRO:,.2f} from {sent['source']}".replace(",", "\u202f"))
    for way in why["ways"]:
        print(f"  {float(Fraction(way['share'])):.4%} of each unit: {' → '.join(way['names'])}")


@contextmanager
def _connection(engine: str) -> Iterator[Any]:
    """What the engine works over; None for memory. Raises `Failure` that says what to install or to set."""
    match engine:
        case "sqlite":
            with sqlite3.connect(":memory:") as opened:
                yield opened
        case "postgresql":
            with _postgresql() as opened:
                yield opened
        case "duckdb":
            with _package("duckdb").connect() as opened:
                yield opened
        case "spark":
            session = _package("pyspark.sql").SparkSession.builder.appName("communs flow").getOrCreate()
            _settle_in(session)
            try:
                yield session
            finally:
                session.stop()
        case _:
            yield None


def _settle_in(session: Any) -> None:
    """On one machine the two hundred pieces that Spark makes of every table take longer than what is in them."""
    context = session.sparkContext
    context.setLogLevel("ERROR")
    if context.master.startswith("local"):
        session.conf.set("spark.sql.shuffle.partitions", str(2 * context.defaultParallelism))


def _postgresql() -> Any:
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith(("postgres://", "postgresql://")):
        raise Failure("The engine postgresql needs DATABASE_URL=postgresql://… in the environment.")
    psycopg = _package("psycopg")
    try:
        return psycopg.connect(address)
    except psycopg.OperationalError as wrong:
        raise Failure(f"The database of DATABASE_URL does not answer: {wrong}".strip()) from wrong


def _package(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as missing:
        package = name.partition(".")[0]
        raise Failure(f"The engine needs the package {package}: pip install {package}.") from missing


def _share(text: str) -> int:
    """A share of 1 as millionths."""
    exact = Decimal(text) * PPM if _SHARE.fullmatch(text) else Decimal(-1)
    if not 0 <= exact <= PPM:
        raise argparse.ArgumentTypeError(f"{text[:40]} is no share from 0 to 1 with at most six decimals")
    return int(exact)

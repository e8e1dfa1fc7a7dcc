"""Edge lists in CSV: `source,target,weight` or `ppm`, the register's own, those of Deep Funding and Optimism."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from communs.core.flows.graphs import Graph, InvalidGraph
from communs.core.flows.reading.weights import decimal_of, millionths, ppm_of, whole_weights
from communs.core.standards.reading.bounds import MIB, Bounds
from communs.core.standards.reading.csv_text import Table, TableRow, load_table

BOUNDS: Final = Bounds(size=1024 * MIB, depth=40, nodes=60_000_000)
NAME_CHARACTERS: Final = 500
NOTES_MAX: Final = 20
Cells = Mapping[str, str]
Edge = tuple[str, str, Decimal]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table of edges that is known by its columns."""

    columns: frozenset[str]
    edge: Callable[[Cells, int], Edge]
    are_shares: bool = False  # weights are shares of 1 of all that the source receives
    are_facts: bool = False  # the same edge again is the same fact from another source, not a second one


def _plain(cells: Cells, line: int) -> Edge:
    return cells["source"], cells["target"], decimal_of(cells.get("weight") or "1", line)


def _ppm(cells: Cells, line: int) -> Edge:
    return cells["source"], cells["target"], Decimal(ppm_of(cells["ppm"], line)).scaleb(-6)


def _relation(cells: Cells, _line: int) -> Edge:
    """What a commons depends on, whatever the relation is called: each counts alike, as no source weighs them."""
    return cells["from_id"], cells["to_id"], Decimal(1)


def _parent(cells: Cells, line: int) -> Edge:
    return cells["parent"], cells["repo"], decimal_of(cells["weight"], line)


def _seed_repo(cells: Cells, _line: int) -> Edge:
    """A package whose repository nobody found is written “unknown”: no money can be sent there."""
    found = cells["dependency_repo"] != "unknown"
    return cells["seed_repo"], cells["dependency_repo"], Decimal(found)


def _owners(cells: Cells, _line: int) -> Edge:
    one = f"{cells['seed_repo_owner']}/{cells['seed_repo_name']}"
    return one, f"{cells['package_repo_owner']}/{cells['package_repo_name']}", Decimal(1)


def _builder(cells: Cells, _line: int) -> Edge:
    return cells["onchain_builder_project_id"], cells["devtooling_project_id"], Decimal(1)


def _developer(cells: Cells, _line: int) -> Edge:
    """A project is built by developers, and these say by what they do which tools they need."""
    if cells["relationship_type"] == "BUILDER":
        return cells["project_id"], cells["developer_id"], Decimal(1)
    return cells["developer_id"], cells["project_id"], Decimal(1)


SHAPES: Final = (
    Shape(frozenset({"source", "target", "ppm"}), _ppm, are_shares=True),
    Shape(frozenset({"source", "target"}), _plain),
    Shape(frozenset({"from_id", "to_id"}), _relation, are_facts=True),
    Shape(frozenset({"repo", "parent", "weight"}), _parent, are_shares=True),
    Shape(frozenset({"seed_repo", "dependency_repo"}), _seed_repo),
    Shape(frozenset({"seed_repo_owner", "seed_repo_name", "package_repo_owner", "package_repo_name"}), _owners),
    Shape(frozenset({"onchain_builder_project_id", "devtooling_project_id"}), _builder),
    Shape(frozenset({"developer_id", "project_id", "relationship_type"}), _developer),
)


def read_edges(data: bytes, sha256: str = "") -> Graph:
    """The graph of a table of edges. Raises `InvalidGraph` with line and remedy."""
    table = load_table(data, BOUNDS)
    shape = next((shape for shape in SHAPES if shape.columns <= set(table.columns)), None)
    _refuse(table)
    if shape is None:
        said = ", ".join(table.columns)[:200]
        raise InvalidGraph(
            f"Line 1: the columns are {said or 'missing'}. Name them source, target and weight (or ppm)."
        )
    edges = list(_edges(table, shape))
    _refuse(table)
    if shape.are_facts:
        edges = list(dict.fromkeys(edges))
    exact = [weight for _source, _target, weight in edges]
    whole = [millionths(weight) for weight in exact] if shape.are_shares else whole_weights(exact)
    rows = ((source, target, weight) for (source, target, _exact), weight in zip(edges, whole, strict=True))
    notes = [problem.render() for problem in table.problems[:NOTES_MAX]]
    return Graph.from_rows(rows, in_ppm=shape.are_shares, sha256=sha256, notes=notes)


def read_amounts(data: bytes) -> dict[str, int]:
    """Seeds from a table of `node` (or `source`, `id`) and `amount` in minor units; the same node twice is refused."""
    table = load_table(data, BOUNDS)
    column = next((name for name in ("node", "id", "source") if name in table.columns), None)
    if column is None or "amount" not in table.columns:
        raise InvalidGraph("Line 1: the columns of seeds are node and amount (in the smallest unit, 1250 for 12.50 €).")
    amounts: dict[str, int] = {}
    for row in table.rows():
        name, amount = _name(row, row.cells[column]), row.cells["amount"]
        if not amount.isascii() or not amount.isdigit() or len(amount) > 18:
            raise InvalidGraph(
                f"Line {row.line}: “{amount[:40]}” is no amount. Write whole minor units, 1250 for 12.50 €."
            )
        if name in amounts:
            raise InvalidGraph(f"Line {row.line}: “{name}” has a seed already. Add the two up.")
        amounts[name] = int(amount)
    _refuse(table)
    return amounts


def _refuse(table: Table) -> None:
    """Raise the first fault that is more than a note or a warning."""
    fault = next((problem for problem in table.problems if problem.severity == "error"), None)
    if fault is not None:
        raise InvalidGraph(f"Line {fault.line}: {fault.say()} {fault.say_fix()}")


def _edges(table: Table, shape: Shape) -> Iterator[Edge]:
    for row in table.rows():
        source, target, weight = shape.edge(row.cells, row.line)
        yield _name(row, source), _name(row, target), weight


def _name(row: TableRow, name: str) -> str:
    if not name or len(name) > NAME_CHARACTERS:
        raise InvalidGraph(
            f"Line {row.line}: a node has {'no name' if not name else 'a name that is too long'}."
            f" Write 1 to {NAME_CHARACTERS} characters."
        )
    return name

"""Edge lists in Parquet, where pyarrow is installed: columns `source`, `target`, and `weight` or `ppm`."""

from __future__ import annotations

import importlib
import importlib.util
from decimal import Decimal
from typing import Any

from communs.core.flows.graphs import Graph, InvalidGraph
from communs.core.flows.reading.weights import decimal_of, ppm_of, whole_weights

MAGIC = b"PAR1"


def read_parquet(data: bytes, sha256: str = "") -> Graph:
    """The graph of a Parquet file. Raises `InvalidGraph`."""
    if importlib.util.find_spec("pyarrow") is None:
        raise InvalidGraph("Parquet needs the package pyarrow. Install it, or write the edges as CSV.")
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    try:
        table = parquet.read_table(arrow.BufferReader(data))
    except (arrow.ArrowException, OSError) as error:
        raise InvalidGraph(f"This is no readable Parquet file: {str(error)[:200]}. Write it anew.") from None
    columns = set(table.column_names)
    if not {"source", "target"} <= columns:
        raise InvalidGraph(
            f"The columns are {', '.join(sorted(columns))[:200]}. Name them source, target and weight or ppm."
        )
    sources, targets = (_names(table.column(name).to_pylist(), name) for name in ("source", "target"))
    in_ppm = "ppm" in columns
    given = [str(value) for value in table.column("ppm" if in_ppm else "weight").to_pylist()] if (
        in_ppm or "weight" in columns
    ) else ["1"] * len(sources)  # fmt: skip
    weights = (
        [ppm_of(text, row) for row, text in enumerate(given, 1)]
        if in_ppm
        else whole_weights([decimal_of(text, row) if text != "1" else Decimal(1) for row, text in enumerate(given, 1)])
    )
    return Graph.from_rows(zip(sources, targets, weights, strict=True), in_ppm=in_ppm, sha256=sha256)


def _names(values: list[Any], column: str) -> list[str]:
    names = ["" if value is None else str(value) for value in values]
    if "" in names:
        raise InvalidGraph(f"Row {names.index('') + 1}: {column} is empty. Name a node in every row.")
    return names

"""Rows as CSV, streamed, with nothing in them that a spreadsheet would run; and as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM: Final = "\ufeff"


class _Echo:
    """A file for the csv module that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The header and the rows, a line each; it starts with a mark that makes spreadsheets read it as UTF-8."""
    writer: Any = csv.writer(_Echo())
    yield BOM
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def json_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as one JSON list, a line each.

    >>> "".join(json_rows([{"n": 1}, {"n": 2}]))
    '[\\n{"n": 1},\\n{"n": 2}\\n]\\n'
    """
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def harmless(cell: Any) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(None), harmless(-3)
    ("'=1+1", '', '-3')
    """
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_RISKY) else text

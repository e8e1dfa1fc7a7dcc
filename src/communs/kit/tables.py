"""Rows as CSV, streamed, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
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


def harmless(cell: Any) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(None), harmless(-3)
    ("'=1+1", '', '-3')
    """
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_RISKY) else text

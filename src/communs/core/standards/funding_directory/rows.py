"""CSV with the place of every cell: a message points into the file, not only at a row."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CELL: Final = re.compile(r'[ \t]*"((?:[^"]|"")*+)"[^,\r\n]*|([^,\r\n]*)')


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and the offset in the file of its first character."""

    text: str
    start: int
    is_quoted: bool

    def offset(self, position: int) -> int:
        """Where in the file the character at `position` of the text stands: quotes are written twice there."""
        return self.start + position + (self.text.count('"', 0, position) if self.is_quoted else 0)


def rows(text: str) -> Iterator[tuple[Cell, ...]]:
    """The rows of a CSV text with commas (RFC 4180), empty lines left out. A quote that never ends takes the rest.

    >>> [[cell.text for cell in row] for row in rows('a,"b ""c"" d"\\r\\n\\n1,\\n')]
    [['a', 'b "c" d'], ['1', '']]
    """
    at, row = 0, []
    while at < len(text):
        cell, at = _cell(text, at)
        row.append(cell)
        if at < len(text) and text[at] == ",":
            at += 1
            if at < len(text):
                continue
            row.append(Cell("", at, is_quoted=False))
        at = _next_line(text, at)
        if len(row) > 1 or row[0].text.strip():
            yield tuple(row)
        row = []


def _cell(text: str, at: int) -> tuple[Cell, int]:
    found = _CELL.match(text, at)
    if found is None or (found[1] is None and text[at : at + 1] == '"'):
        return Cell(text[at + 1 :].replace('""', '"'), at + 1, is_quoted=True), len(text)
    if found[1] is None:
        return Cell(found[2], found.start(2), is_quoted=False), found.end()
    return Cell(found[1].replace('""', '"'), found.start(1), is_quoted=True), found.end()


def _next_line(text: str, at: int) -> int:
    if text[at : at + 2] == "\r\n":
        return at + 2
    return at + 1


class Places:
    """Line and column, from 1, of offsets in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def start_of(self, line: int) -> int:
        """The offset at which a line starts; of the last one where there are fewer."""
        return self._starts[min(line, len(self._starts)) - 1]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

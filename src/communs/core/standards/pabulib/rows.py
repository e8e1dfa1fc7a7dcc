"""The lines of a Pabulib file one by one, as cells, with the place of each: whatever its encoding and line ends."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from communs.core.standards.pabulib.election import SECTIONS
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.reading.bounds import MIB
from communs.core.standards.reading.csv_text import CELL_CHARACTERS, LINE_CHARACTERS

BYTES_MAX: Final = 256 * MIB
DELIMITER: Final = ";"
EACH_ROW_MAX: Final = 20  # faults of one kind told of one line: to work out each column takes time
_BOMS_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"


class Broken(Exception):
    """The lines cannot be told apart from here on."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(detail)
        self.line, self.detail = line, detail


@dataclass(frozen=True, slots=True)
class Row:
    """One record, and the line on which it starts. `span`: how many lines it takes."""

    line: int
    cells: list[str]
    span: int = 1

    @property
    def namesake(self) -> str:
        """The section that programs may take this line for though it says more; empty for any other line."""
        name = self.cells[0].strip().upper()
        return name if name in SECTIONS and not self.section else ""

    @property
    def section(self) -> str:
        """The section that this line opens; empty for any other line."""
        name = self.cells[0].strip().upper()
        return name if name in SECTIONS and not any(cell.strip() for cell in self.cells[1:]) else ""

    def cell(self, place: int) -> str:
        """What stands at this place, without spaces around; nothing where the line is too short."""
        return self.cells[place].strip() if 0 <= place < len(self.cells) else ""

    def spaced(self) -> list[int]:
        """The places of the first cells with spaces around them."""
        found = (place for place, cell in enumerate(self.cells) if cell != cell.strip())
        return list(islice(found, EACH_ROW_MAX))

    def column(self, place: int) -> int:
        """The column, from 1, at which a cell starts, quotes left aside."""
        return sum(map(len, self.cells[:place])) + min(place, len(self.cells)) + 1


class Rows:
    """The records of a text from `offset` (the start of a line) on; `offset` and `line` tell how far it has gone."""

    def __init__(self, data: bytes, offset: int = 0, line: int = 1) -> None:
        self.data, self.offset, self.line = data, offset, line

    def __iter__(self) -> Iterator[Row]:
        """Every record that has a character. Raises `Broken`."""
        reader = csv.reader(self._lines(), delimiter=DELIMITER)
        while True:
            start = self.line
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise Broken(start, str(error)[:200]) from error
            if cells is None:
                return
            yield Row(start, cells or [""], self.line - start)

    def _lines(self) -> Iterator[str]:
        # Set here because it belongs to the whole process and another library may have set it otherwise.
        csv.field_size_limit(CELL_CHARACTERS)
        while self.offset < len(self.data):
            end = self.data.find(b"\n", self.offset) + 1 or len(self.data)
            if end - self.offset > LINE_CHARACTERS:
                raise csv.Error(f"a line has more than {LINE_CHARACTERS:,} bytes")
            text = self.data[self.offset : end].decode()
            self.offset, self.line = end, self.line + 1
            yield text


def clean(data: bytes, problems: Problems) -> bytes:
    """The file in UTF-8 with plain line ends and without NUL; what had to be changed is told."""
    if data.startswith(_BOMS_UTF16):
        problems.tell("not-utf8", 1, encoding="UTF-16")
        data = data.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    if data.startswith(_BOM):
        problems.tell("byte-order-mark", 1)
        data = data.removeprefix(_BOM)
    if b"\0" in data:
        problems.tell("nul", *_place(data, data.index(b"\0")))
        data = data.replace(b"\0", b"")
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError as error:
        problems.tell("not-utf8", *_place(data, error.start), encoding="Windows-1252")
        data = data.decode("cp1252", errors="replace").encode()
    if b"\r" in data:
        problems.tell("line-ends", data[: data.index(b"\r")].count(b"\n") + 1)
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte."""
    return data.count(b"\n", 0, offset) + 1, offset - (data.rfind(b"\n", 0, offset) + 1) + 1

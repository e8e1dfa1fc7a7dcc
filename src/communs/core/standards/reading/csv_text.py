"""Tables in text within bounds, with the line of every record; encoding and delimiter are found out, repairs told."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import FEED, Bounds, TooMuch
from communs.core.texts import N_

DELIMITERS: Final = (",", ";", "\t", "|")
CELL_CHARACTERS: Final = 1_000_000
LINE_CHARACTERS: Final = 2_000_000

NOT_UTF8_TABLE: Final = (
    N_("The table is not encoded in UTF-8; it was read as Windows-1252."),
    N_("Save it as UTF-8, and check accents and apostrophes."),
)
MOJIBAKE: Final = (
    N_("The text of “{path}” had been encoded twice; it was read as “{meant}”."),
    N_("Save the file once, as UTF-8."),
)
TOO_MANY_CELLS: Final = (
    N_("This line has {found} cells, the header has {expected}."),
    N_("Put cells that hold the delimiter or a line break between double quotes."),
)
BROKEN_TABLE: Final = (
    N_("The table cannot be read from here on: {detail}."),
    N_("Check the double quotes here and just before."),
)

# UTF-8 that was read as Windows-1252 and saved again: a lead byte, then one that only continues a character.
_TWICE: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record: its cells by column, and the line on which it starts."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """`columns` as the header names them; rows come one by one from `rows`, and `problems` grow with them."""

    columns: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    text: str = ""
    delimiter: str = ","
    nodes_max: int = FEED.nodes

    def rows(self) -> Iterator[TableRow]:
        """Every record that has a cell; short ones are filled up, cells too many are told and left out."""
        reader = csv.reader(_lines(self.text), delimiter=self.delimiter)
        line, nodes = 1, 0
        try:
            next(reader, None)
            line = reader.line_num + 1
            for cells in reader:
                nodes += len(cells)
                if nodes > self.nodes_max:
                    self.problems.append(TooMuch("nodes", self.nodes_max).problem)
                    return
                if any(cell.strip() for cell in cells):
                    yield TableRow(line, self._cells(cells, line))
                line = reader.line_num + 1
        except csv.Error as error:
            self._tell(line, "broken-table", BROKEN_TABLE, detail=str(error)[:200])

    def _cells(self, cells: list[str], line: int) -> dict[str, str]:
        if len(cells) > len(self.columns):
            self._tell(line, "too-many-cells", TOO_MANY_CELLS, found=str(len(cells)), expected=str(len(self.columns)))
        found = dict.fromkeys(self.columns, "")
        for column, cell in zip(self.columns, cells, strict=False):
            once = undo_mojibake(cell)
            if once != cell:
                path = f"{column} ({line})"
                self.problems.append(
                    Problem(path, line, 1, "encoded-twice", "note", *MOJIBAKE, values={"meant": once[:60]})
                )
            found[column] = once.strip()
        return found

    def _tell(self, line: int, code: str, words: tuple[str, str], **values: str) -> None:
        self.problems.append(Problem("", line, 1, code, "error", *words, values=values))


def load_table(data: bytes | str, bounds: Bounds = FEED) -> Table:
    """The header of a table, ready to give its rows. Never raises for what the file holds.

    >>> table = load_table("a;b\\n1;2\\n")
    >>> table.columns, [row.cells["b"] for row in table.rows()]
    (('a', 'b'), ['2'])
    """
    table = Table(nodes_max=bounds.nodes)
    if len(data) > bounds.size:
        table.problems.append(TooMuch("size", bounds.size).problem)
        return table
    text = data if isinstance(data, str) else _decode(data, table.problems)
    # A lone surrogate cannot be written out again; a NUL is no text.
    text = text.encode("utf-8", errors="replace").decode().removeprefix("\ufeff").replace("\x00", "")
    table.text = text
    table.columns, table.delimiter = header_of(text[:100_000])
    return table


def header_of(text: str) -> tuple[tuple[str, ...], str]:
    """The columns of the first line and the delimiter that makes the most of them.

    >>> header_of('"id","titre, court"\\n')
    (('id', 'titre, court'), ',')
    """
    best: tuple[tuple[str, ...], str] = ((), ",")
    for delimiter in DELIMITERS:
        try:
            first = next(csv.reader(_lines(text), delimiter=delimiter), [])
        except csv.Error:
            continue
        columns = tuple(undo_mojibake(cell).strip().removeprefix("\ufeff") for cell in first)
        if len(columns) > len(best[0]):
            best = (columns, delimiter)
    return best


def undo_mojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252 and saved, as it was meant; any other text unchanged.

    >>> undo_mojibake("Ã‰tude dâ€™impact"), undo_mojibake("Étude d’impact"), undo_mojibake("Â£5")
    ('Étude d’impact', 'Étude d’impact', '£5')
    """
    if not _TWICE.search(text):
        return text
    try:
        return b"".join(_byte(character) for character in text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _byte(character: str) -> bytes:
    # The five bytes that Windows-1252 leaves undefined come through as themselves.
    return character.encode("latin-1" if character in "\x81\x8d\x8f\x90\x9d" else "cp1252")


def _decode(data: bytes, problems: list[Problem]) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        problems.append(Problem("", line, column, "not-utf8", "warning", *NOT_UTF8_TABLE))
        return data.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[str]:
    """The lines of a text one by one, without a second copy of it. Raises `csv.Error` for one that is endless."""
    # Set here because it belongs to the whole process and another library may have set it otherwise.
    csv.field_size_limit(CELL_CHARACTERS)
    mark = "\n" if "\n" in text else "\r"
    start = 0
    while start < len(text):
        end = text.find(mark, start) + 1 or len(text)
        if end - start > LINE_CHARACTERS:
            raise csv.Error(f"a line has more than {LINE_CHARACTERS:,} characters")
        yield text[start:end]
        start = end

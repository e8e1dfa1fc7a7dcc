"""Reads contributions from a table with three columns: who, for what, how much. Every error names its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from communs.core.allocation.amounts import ROWS_MAX, Amounts, Repeated
from communs.core.allocation.elections import InvalidElection
from communs.core.standards.reading.bounds import MIB, Bounds
from communs.core.standards.reading.csv_text import Table, load_table

COLUMNS: Final = ("donor", "project", "amount")
BOUNDS: Final = Bounds(size=512 * MIB, depth=1, nodes=8 * ROWS_MAX)
_NUMBER: Final = re.compile(r"(\d{1,18})(?:\.(\d{1,12}))?", re.ASCII)


def from_csv(
    data: bytes,
    columns: tuple[str, str, str] = COLUMNS,
    decimals: int = 2,
    projects: Sequence[str] = (),
    *,
    repeated: Repeated = Repeated.ADD,
) -> Amounts:
    """Amounts from a table with a header; `columns` names person, project and amount, others are passed over.

    An amount is written in whole units with a point ("12.50"), of which `decimals` places count; with 0 it is a whole
    number of the smallest unit. Separators: comma, semicolon, tab, bar. Raises `InvalidElection` with line and remedy.

    >>> read = from_csv(b"donor,project,amount\\nana,maps,12.50\\nben,maps,3\\nana,maps,1\\n")
    >>> read.sums
    (1650,)
    """
    lines = _Lines(load_table(data, BOUNDS), columns, decimals)
    try:
        return Amounts.from_rows(lines, projects, repeated=repeated, sha256=hashlib.sha256(data).hexdigest())
    except InvalidElection as error:
        raise InvalidElection(f"Line {lines.line}: {error}") from None


class _Lines:
    """The rows of a table one by one; `line` is where reading stands, for those who refuse a row."""

    def __init__(self, table: Table, columns: tuple[str, str, str], decimals: int) -> None:
        self.line = 1
        self._table, self._columns, self._decimals = table, columns, decimals

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        self._refuse_problems()
        missing = [name for name in self._columns if name not in self._table.columns]
        if missing:
            stand = ", ".join(self._table.columns[:20]) or "nothing"
            raise InvalidElection(f"there is no column {missing[0]}, only {stand}. Name the columns in the first line.")
        for row in self._table.rows():
            self.line = row.line
            self._refuse_problems()
            person, project, amount = (row.cells[name] for name in self._columns)
            if not person or not project:
                said = self._columns[1] if person else self._columns[0]
                raise InvalidElection(f"the {said} is missing. Write one, or remove the line.")
            yield person, project, _minor(amount, self._decimals)
        self._refuse_problems()

    def _refuse_problems(self) -> None:
        wrong = next((found for found in self._table.problems if found.severity == "error"), None)
        if wrong is not None:
            self.line = wrong.line
            raise InvalidElection(f"{wrong.say()} {wrong.say_fix()}")


def _minor(text: str, decimals: int) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise InvalidElection(f"“{text[:40]}” is no amount. Write digits and a point, e.g. 12.50.")
    after = found[2] or ""
    if after[decimals:].strip("0"):
        raise InvalidElection(f"“{text[:40]}” has more than {decimals} decimals. Round it, or read with more decimals.")
    return int(found[1] + after[:decimals].ljust(decimals, "0"))

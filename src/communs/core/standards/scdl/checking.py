"""A table against the schema: columns, then cells. The `column` of a problem is the number of the cell in its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from communs.core.standards.problems import Problem, Severity, in_order
from communs.core.standards.reading.csv_text import Table, load_table
from communs.core.standards.scdl import words
from communs.core.standards.scdl.cells import fault_of, mended
from communs.core.standards.scdl.schema import BY_NAME, COLUMNS, FIELDS, column_meant

SAME_TOLD_MAX: Final = 20


def check(data: bytes | str) -> tuple[Problem, ...]:
    """Everything that keeps a table from being valid, of each kind and column the first twenty. Never raises."""
    table = load_table(data)
    if not any(column_meant(name) for name in table.columns):
        return in_order((*table.problems, Problem("", 1, 1, "no-table", "error", *words.NO_TABLE)))
    return in_order((*check_columns(table.columns), *_told(_cells(table)), *table.problems))


def check_columns(columns: Sequence[str]) -> Iterator[Problem]:
    """What the first line says otherwise than the schema."""
    meant = [name if name in BY_NAME else column_meant(name) for name in columns]
    last = -1
    for place, (name, known) in enumerate(zip(columns, meant, strict=True), 1):
        if not known:
            yield _head(name, place, "unknown-column", "warning", words.UNKNOWN_COLUMN, name)
        elif known in meant[: place - 1]:
            yield _head(known, place, "repeated-column", "error", words.REPEATED_COLUMN, name)
        elif name != known:
            yield _head(known, place, "other-name", "error", words.OTHER_NAME, name)
        if known and COLUMNS.index(known) < last:
            yield _head(known, place, "other-order", "warning", words.OTHER_ORDER, name)
        last = max(last, COLUMNS.index(known)) if known else last
    for field in FIELDS:
        if field.required and field.name not in meant:
            yield _head(field.name, 1, "missing-column", "error", words.MISSING_COLUMN, "")
    if not {"idBeneficiaire", "rnaBeneficiaire"} & set(meant):
        yield _head("idBeneficiaire", 1, "missing-column", "error", words.MISSING_COLUMN, "")


def check_row(cells: Mapping[str, str], line: int, places: Mapping[str, int]) -> Iterator[Problem]:
    """What is wrong with the cells of one line, by the schema's names; `places`: the number of each in the line."""
    for name, cell in cells.items():
        field = BY_NAME[name]
        if fault := fault_of(field, cell):
            code, (message, fix), values = fault
            meant = mended(field, cell) if cell else ""
            shown = {**values, "value": cell[:200], "meant": meant[:200]}
            remedy = words.WRITE_MEANT if meant else fix
            yield Problem(name, line, places.get(name, 1), code, "error", message, remedy, shown)
    numbers = [cells.get(name, "") for name in ("idBeneficiaire", "rnaBeneficiaire")]
    if not any(numbers):
        place = places.get("idBeneficiaire", 1)
        yield Problem("idBeneficiaire", line, place, "no-recipient-number", "error", *words.NO_RECIPIENT_NUMBER)


def _cells(table: Table) -> Iterator[Problem]:
    by_header = {name: name if name in BY_NAME else column_meant(name) for name in table.columns}
    places = {by_header[name]: place for place, name in enumerate(table.columns, 1)}
    for row in table.rows():
        yield from check_row(
            {by_header[name]: cell for name, cell in row.cells.items() if by_header[name]}, row.line, places
        )


def _told(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Of each kind in each column the first twenty, then how many more."""
    counts: Counter[tuple[str, str]] = Counter()
    untold: dict[tuple[str, str], Problem] = {}
    for found in problems:
        kind = (found.code, found.path)
        counts[kind] += 1
        if counts[kind] <= SAME_TOLD_MAX:
            yield found
        else:
            untold.setdefault(kind, found)
    for kind, first in untold.items():
        yield and_more(first, counts[kind] - SAME_TOLD_MAX)


def and_more(first: Problem, count: int) -> Problem:
    """How many problems like `first`, which is one of them, are not told one by one."""
    values = {"count": f"{count:,}"}
    code = f"{first.code}-more"
    return Problem(first.path, first.line, first.column, code, first.severity, *words.AND_MORE, values=values)


def _head(path: str, place: int, code: str, severity: Severity, said: tuple[str, str], value: str) -> Problem:
    return Problem(path, 1, place, code, severity, *said, values={"value": value[:200]})

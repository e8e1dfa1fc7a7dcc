"""Lists in a form: a line each, typed or handed in as a table. What is wrong is told line by line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now

from communs.core.standards.reading.csv_text import load_table

LINES_MAX: Final = 100_000
FILE_BYTES_MAX: Final = 8 * 2**20
TOLD_MAX: Final = 10
Read = TypeVar("Read")
IsRow = Callable[[int, str, str], bool]
"""Whether a row of a table is meant, by its number and its first two cells: not its heading."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it: its number, and its first two cells."""

    number: int
    first: str
    second: str


def lines_field(rows: int, **more: Any) -> forms.CharField:
    """A field for lines. Empty ones in front stay: they count."""
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
    return forms.CharField(required=False, strip=False, widget=widget, **more)


def split(text: str) -> list[Line]:
    """The lines of a text, their cells between semicolons. Raises `ValidationError` for too many."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            first, _semicolon, second = line.partition(";")
            found.append(Line(number, first.strip(), second.strip()))
    if len(found) > LINES_MAX:
        raise ValidationError(_now("At most {n} lines.").format(n=LINES_MAX))
    return found


def each(lines: Iterable[Line], read: Callable[[Line], Read]) -> list[Read]:
    """What `read` makes of every line. Raises `ValidationError` with the number of each line that it refuses."""
    made: list[Read] = []
    wrong: list[str] = []
    for line in lines:
        try:
            made.append(read(line))
        except ValidationError as error:
            wrong.append(_now("Line {n}: {why}").format(n=line.number, why=" ".join(error.messages)))
    if len(wrong) > TOLD_MAX:
        more = _now("And {n} more lines like these.").format(n=len(wrong) - TOLD_MAX)
        wrong = [*wrong[:TOLD_MAX], more]
    if wrong:
        raise ValidationError(wrong)
    return made


def text_of(upload: Any, is_row: IsRow) -> str:
    """A table that was handed in (CSV, of any encoding and delimiter) as lines: empty ones for rows that are not meant.

    Raises `ValidationError` for a file that is too large or no table.
    """
    if upload.size > FILE_BYTES_MAX:
        raise ValidationError(_now("The file is larger than {n} MiB.").format(n=FILE_BYTES_MAX // 2**20))
    table = load_table(upload.read())
    lines = []
    try:
        for number, cells in enumerate(csv.reader(table.text.splitlines(), delimiter=table.delimiter), 1):
            first, second = (" ".join(cell.replace(";", ",").split()) for cell in (*cells, "", "")[:2])
            line = f"{first}; {second}" if second else first
            lines.append(line if first and is_row(number, first, second) else "")
    except csv.Error as error:
        raise ValidationError(_now("The file is no table: save it as CSV.")) from error
    if not any(lines):
        raise ValidationError(_now("The file has no line that can be read: save the table as CSV."))
    return "\n".join(lines)

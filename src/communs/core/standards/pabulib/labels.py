"""Names of categories, districts and the like: declared where they are used, and written alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from communs.core.standards.pabulib.fields import PROJECT_LISTS
from communs.core.standards.pabulib.parsing import Parsed

# The key of META that names all values, and the column that uses them.
_DECLARED: Final = (("categories", "category"), ("neighborhoods", "neighborhood"), ("subdistricts", "district"))
_COLUMNS: Final = ("category", "beneficiaries", "district", "neighborhood")


def examine_labels(parsed: Parsed, of_voters: Mapping[str, Mapping[str, int]]) -> None:
    """`of_voters`: the values of the columns of VOTES, each with its first line."""
    of_projects = {column: _used(parsed, column) for column in _COLUMNS}
    for used in (*of_projects.items(), *of_voters.items()):
        _examine_spelling(parsed, *used)
    for key, column in _DECLARED:
        for used_values in (of_projects[column], of_voters.get(column, {})):
            _examine_declared(parsed, key, used_values)


def _used(parsed: Parsed, column: str) -> dict[str, int]:
    """The values of a column of PROJECTS, each with its first line."""
    found: dict[str, int] = {}
    for row in parsed.rows:
        text = parsed.head.cell(row, column)
        for part in text.split(",") if column in PROJECT_LISTS else (text,):
            if part.strip():
                found.setdefault(part.strip(), row.line)
    return found


def _examine_spelling(parsed: Parsed, column: str, used: Mapping[str, int]) -> None:
    alike: dict[str, str] = {}
    for value, line in used.items():
        first = alike.setdefault(_plain(value), value)
        if first != value:
            parsed.problems.tell("values-alike", line, 1, column, value=value, other=first)


def _examine_declared(parsed: Parsed, key: str, used: Mapping[str, int]) -> None:
    said = parsed.head.meta.get(key)
    declared = {part.strip() for part in said.value.split(",") if part.strip()} if said else set()
    if said is None or not declared or not used:
        return
    path = f"meta.{key}"
    for value in sorted(declared - used.keys()):
        parsed.problems.tell("value-not-used", said.line, said.column, path, value=value)
    for value in sorted(used.keys() - declared):
        parsed.problems.tell("value-not-declared", used[value], 1, path, value=value)


def _plain(text: str) -> str:
    """A label without case, accents and spaces beside each other, as far as it is written in Latin letters."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(folded.lower().split()) or text

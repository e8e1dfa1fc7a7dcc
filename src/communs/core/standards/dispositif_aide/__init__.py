"""The French national schema for support schemes, *dispositif d'aide*, as a table.

Schema: etalab/schema-dispositif-aide (Licence Ouverte 2.0), versions 0.1 and 0.2 with all annexes.
"""

from __future__ import annotations

from typing import Final

from communs.core.standards.dispositif_aide.rows import read_row
from communs.core.standards.documents import Document
from communs.core.standards.feeds.records import document
from communs.core.standards.feeds.rows import table_row
from communs.core.standards.formats import Sample
from communs.core.standards.reading.csv_text import header_of, load_table

NAME: Final = "dispositif-aide"

_MARKS: Final = frozenset({"titre", "types_aides", "porteurs", "cibles", "eligibilite", "eligibilite_geographique"})


def recognise(sample: Sample) -> bool:
    """Whether the header names at least four columns that only this schema has together."""
    if sample.start[:1] in {"{", "[", "<"}:
        return False
    columns, _ = header_of(sample.start)
    return len(_MARKS & {column.lower() for column in columns}) >= 4


def read(data: bytes | str) -> Document:
    """Each row as an opportunity. Never raises."""
    table = load_table(data)
    table.columns = tuple(column.lower() for column in table.columns)
    made = (read_row(table_row(row, table.problems)) for row in table.rows())
    return document(NAME, made, table.problems)

"""The API of aides-territoires, the feeds that public bodies hand to it, and its tables.

A module a shape; each says what its rows look like (`is_row`) and makes an opportunity of one (`read_row`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from communs.core.standards.aides_territoires import (
    ademe,
    api,
    culture,
    ile_de_france,
    pays_de_la_loire,
    programs,
    table,
    welcomeurope,
)
from communs.core.standards.documents import Document
from communs.core.standards.feeds.records import Opportunity, document
from communs.core.standards.feeds.rows import find_rows, first_row, json_rows, table_row, tell_strangers
from communs.core.standards.formats import Sample
from communs.core.standards.problems import Problem
from communs.core.standards.reading import FEED, load_json
from communs.core.standards.reading.csv_text import header_of, load_table

NAME: Final = "aides-territoires"

SHAPES: Final[tuple[ModuleType, ...]] = (
    programs,
    welcomeurope,
    culture,
    ile_de_france,
    ademe,
    pays_de_la_loire,
    api,
)


def recognise(sample: Sample) -> bool:
    """Whether a row of the file has the keys of one of the shapes."""
    if sample.start[:1] in {"{", "["}:
        return _shape(sample.json) is not None
    return sample.start[:1] != "<" and table.is_header(header_of(sample.start)[0])


def read(data: bytes | str) -> Document:
    """Each row as an opportunity, whichever of the shapes it has. Never raises."""
    start = data[:64].lstrip() if isinstance(data, str) else data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in {"{", "[", b"{", b"["}:
        return _read_json(data)
    tabled = load_table(data)
    made = (table.read_row(table_row(row, tabled.problems)) for row in tabled.rows())
    return document(NAME, made, tabled.problems)


def _read_json(data: bytes | str) -> Document:
    loaded = load_json(data, FEED)
    problems: list[Problem] = list(loaded.problems)
    shape = _shape(loaded.value)

    def made() -> Iterator[Opportunity | None]:
        if shape is not None:
            for row in json_rows(loaded, find_rows(loaded.value, shape.is_row), problems):
                yield shape.read_row(row)

    if shape is not None:
        tell_strangers(loaded, shape.is_row, problems)
    return document(NAME, made(), problems)


def _shape(value: Any) -> ModuleType | None:
    def fits(shape: ModuleType) -> bool:
        row: Mapping[str, Any] = first_row(value, shape.is_row)
        return bool(row)

    return next((shape for shape in SHAPES if fits(shape)), None)

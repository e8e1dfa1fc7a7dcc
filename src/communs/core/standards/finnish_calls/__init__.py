"""Finnish calls: state grants (Haeavustuksia, in three languages) and structural funds (EURA)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communs.core.standards.documents import Document
from communs.core.standards.feeds.days import HELSINKI
from communs.core.standards.feeds.records import Opportunity, document
from communs.core.standards.feeds.rows import Row, find_rows, first_row, json_rows, tell_strangers
from communs.core.standards.finnish_calls import eura, haeavustuksia
from communs.core.standards.formats import Sample
from communs.core.standards.problems import Problem
from communs.core.standards.reading import FEED, load_json

NAME: Final = "finnish-calls"
SHAPES: Final = (haeavustuksia, eura)


def recognise(sample: Sample) -> bool:
    """Whether a row of the file has the keys of one of the two shapes."""
    if sample.start[:1] not in {"{", "["}:
        return False
    return any(first_row(sample.json, shape.is_row) for shape in SHAPES)


def read(data: bytes | str) -> Document:
    """Each call of either shape. Never raises."""
    loaded = load_json(data, FEED)
    problems: list[Problem] = list(loaded.problems)

    def made() -> Iterator[Opportunity | None]:
        for shape in SHAPES:
            for row in json_rows(loaded, find_rows(loaded.value, shape.is_row), problems):
                yield shape.read_row(Row(row.fields, row.locate, problems, HELSINKI))

    tell_strangers(loaded, lambda fields: any(shape.is_row(fields) for shape in SHAPES), problems)
    return document(NAME, made(), problems)

"""Topics and calls of the EU Funding & Tenders portal as its search (SEDIA) gives them.

Every value is a list of texts, some of them JSON again. Only `reference` tells records apart: copies of one topic carry
different references, cascade calls the identifier of their parent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.feeds.days import BRUSSELS
from communs.core.standards.feeds.records import Opportunity, document
from communs.core.standards.feeds.rows import Place, Row, find_rows, first_row, tell_strangers
from communs.core.standards.formats import Sample
from communs.core.standards.problems import Path, Problem, dotted
from communs.core.standards.reading import FEED, Loaded, load_json
from communs.core.standards.sedia.claims import check_status
from communs.core.standards.sedia.topics import flat, read_topic

NAME: Final = "sedia"

_MARKS: Final = frozenset({"identifier", "callIdentifier", "ccm2Id", "deadlineDate", "frameworkProgramme", "status"})


def recognise(sample: Sample) -> bool:
    """Whether a record of the file has the metadata of this search."""
    return sample.start[:1] in {"{", "["} and bool(first_row(sample.json, _is_row))


def read(data: bytes | str, today: date | None = None) -> Document:
    """Each record as an opportunity; of several of one reference the freshest counts. Never raises.

    What a record says of its status is compared with its own days, on the last day that the file proves to have come
    (`today`, where it is given): the days decide, a status that contradicts them is told.
    """
    loaded = load_json(data, FEED)
    problems: list[Problem] = list(loaded.problems)
    version = ""

    def made() -> Iterator[Opportunity | None]:
        for path, fields in find_rows(loaded.value, _is_row):
            yield read_topic(Row(flat(fields), _placed(loaded, path), problems, BRUSSELS))

    if isinstance(loaded.value, Mapping) and isinstance(loaded.value.get("apiVersion"), str):
        version = loaded.value["apiVersion"][:20]
    tell_strangers(loaded, _is_row, problems)
    found = [one for one in made() if one is not None]
    known = max([one.seen for one in found] + ([today.isoformat()] if today else []), default="")
    for one in found:
        check_status(one, known)
    return document(NAME, found, problems, version, latest=True)


def _placed(loaded: Loaded, path: Path) -> Callable[[str], Place]:
    """Where the fields of `flat` stand: "/key" beside the metadata, any other key inside them."""

    def locate(key: str) -> Place:
        here = (*path, key[1:]) if key.startswith("/") else (*path, "metadata", key) if key else path
        return (dotted(here), *loaded.place(here))

    return locate


def _is_row(fields: Mapping[str, Any]) -> bool:
    metadata = fields.get("metadata")
    if not isinstance(metadata, dict):
        return False
    return fields.get("databaseLabel") == "SEDIA" or len(_MARKS & metadata.keys()) >= 3

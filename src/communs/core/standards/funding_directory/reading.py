"""The rows of the dump as records; every problem of a manifest at its place in the dump.

Columns as the directory publishes them: `id`, `url` of the manifest, `created_at`, `updated_at`, `status` (active,
disabled …) and `manifest_json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from communs.core.standards import funding_json
from communs.core.standards.documents import Document
from communs.core.standards.funding_directory.rows import Cell, Places, rows
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.reading import FEED, TooMuch
from communs.core.standards.reading.bounds import decode
from communs.core.standards.shapes import plain, web_address, with_own_ids
from communs.core.texts import N_

ROWS_MAX: Final = 10_000
PROBLEMS_MAX: Final = 10_000
_MANIFEST: Final = "manifest_json"

NO_COLUMN: Final = (N_("The table has no column “manifest_json”."), N_("Give the dump as the directory publishes it."))
NO_MANIFEST: Final = (N_("The row holds no manifest."), N_("Remove the row, or fill in “manifest_json”."))
NOT_LISTED: Final = (
    N_("The directory lists this manifest as {value}."),
    N_("Ask its publisher before you rely on it."),
)
TOO_MANY_ROWS: Final = (N_("The table has more than {bound} rows; the rest was not read."), N_("Split it."))


def recognise(sample: Any) -> bool:
    """Whether the first line names the columns of the dump."""
    header = sample.start.partition("\n")[0].lower()
    return _MANIFEST in {name.strip(' "\r') for name in header.split(",")}


def read(data: bytes | str) -> Document:
    """All projects of all manifests as records, each with where and when its manifest was seen. Never raises."""
    try:
        text, lossy = decode(data, FEED)
    except TooMuch as much:
        return Document("funding-directory", "commons", problems=(much.problem,))
    lines = rows(text)
    columns = [cell.text.strip().lower() for cell in next(lines, ())]
    if _MANIFEST not in columns:
        missing = Problem("", 1, 1, "no-column", "error", *NO_COLUMN)
        return Document("funding-directory", "commons", problems=(*lossy, missing))
    places = Places(text)
    records: list[dict[str, Any]] = []
    problems: list[Problem] = [*lossy]
    for number, cells in enumerate(lines):
        if number >= ROWS_MAX:
            words = {"bound": f"{ROWS_MAX:,}"}
            problems.append(Problem("", *places.of(cells[0].start), "too-many-rows", "error", *TOO_MANY_ROWS, words))
            break
        row = dict(zip(columns, cells, strict=False))
        document = _manifest(row, places)
        problems += islice(_placed(document, row, number, places), max(0, PROBLEMS_MAX - len(problems)))
        records += [{**record, "manifest": _seen(row)} for record in document.records]
    return Document("funding-directory", "commons", "", with_own_ids(records), in_order(problems))


def _manifest(row: Mapping[str, Cell], places: Places) -> Document:
    cell = row.get(_MANIFEST)
    if cell is None or not cell.text.strip():
        at = places.of(next(iter(row.values())).start)
        return Document("funding-json", "commons", problems=(Problem("", *at, "no-manifest", "error", *NO_MANIFEST),))
    return funding_json.read(cell.text, web_address(_text(row, "url")))


def _placed(document: Document, row: Mapping[str, Cell], number: int, places: Places) -> Iterator[Problem]:
    """The problems of the manifest of a row, with the places of the dump; and whether the directory dropped it."""
    cell = row.get(_MANIFEST)
    inner = Places(cell.text) if cell else None
    for found in document.problems:
        path = f"row[{number}]" + (f".{found.path}" if found.path else "")
        line, column = found.line, found.column
        if cell and inner and cell.text.strip():
            line, column = places.of(cell.offset(inner.start_of(line) + column - 1))
        yield replace(found, path=path, line=line, column=column)
    status = _text(row, "status")
    if status and status != "active":
        at = places.of(row["status"].start)
        yield Problem(f"row[{number}]", *at, "not-listed", "warning", *NOT_LISTED, {"value": status[:40]})


def _seen(row: Mapping[str, Cell]) -> dict[str, str | None]:
    """Where the manifest lies, when the directory last saw a change of it, and how it is listed there."""
    day = re.match(r"\d{4}-\d\d-\d\d", _text(row, "updated_at"))
    return {
        "url": web_address(_text(row, "url")) or None,
        "seen_as_of": day[0] if day else None,
        "status": _text(row, "status") or None,
    }


def _text(row: Mapping[str, Cell], column: str) -> str:
    cell = row.get(column)
    return plain(cell.text, 2_000) if cell else ""

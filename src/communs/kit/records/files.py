"""Reading record files: JSON Lines, or one JSON document, each record with its place for messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

LINE_BYTES_MAX = 1_048_576
DOCUMENT_BYTES_MAX = 67_108_864
DEPTH_MAX = 12


class BadRecord(Exception):
    """A record that cannot be taken: where, what is wrong, what to do."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem}. {remedy}")
        self.place, self.problem, self.remedy = place, problem, remedy


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it stands, e.g. "calls.jsonl:12".

    `is_named`: the id is its own, not made from its name. `key`: what tells this description from others of the same
    thing in the same source, such as its file; empty where the id does.
    """

    place: str
    record: dict[str, Any]
    is_named: bool = True
    key: str = ""


def read_records(path: Path) -> Iterator[Placed | BadRecord]:
    """Each record of a file, in order; what is not a record comes as a `BadRecord` and the reading goes on.

    `.json` files hold one record or a list of them (64 MB at most), all others one record a line (1 MB at most each).
    Raises `OSError` when the file cannot be read.
    """
    with path.open("rb") as file:
        yield from records_in(file, path.name)


def records_in(file: BinaryIO, name: str) -> Iterator[Placed | BadRecord]:
    """As `read_records`, of a file that is open; `name` is what it is called."""
    return _document(file, name) if name.endswith(".json") else _lines(file, name)


def _lines(file: BinaryIO, name: str) -> Iterator[Placed | BadRecord]:
    number = 0
    while line := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > LINE_BYTES_MAX:
            yield BadRecord(place, "the line is longer than 1 MB", "Split the file into one record a line")
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_BYTES_MAX)
            continue
        if line.strip():
            yield _parse(line, place)


def _document(file: BinaryIO, name: str) -> Iterator[Placed | BadRecord]:
    text = file.read(DOCUMENT_BYTES_MAX + 1)
    if len(text) > DOCUMENT_BYTES_MAX:
        yield BadRecord(name, "the document is larger than 64 MB", "Write it as JSON Lines, one record a line")
        return
    try:
        document = _load(text)
    except (ValueError, RecursionError) as error:
        yield BadRecord(name, f"not JSON ({error})", "Correct the file at this place")
        return
    items = document if isinstance(document, list) else [document]
    for number, item in enumerate(items, 1):
        place = f"{name}[{number}]"
        yield Placed(place, item) if isinstance(item, dict) else _no_object(place)


def _parse(line: bytes, place: str) -> Placed | BadRecord:
    try:
        record = _load(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return BadRecord(place, f"not JSON ({error})", "Write one JSON object a line, in UTF-8")
    return Placed(place, record) if isinstance(record, dict) else _no_object(place)


def _no_object(place: str) -> BadRecord:
    return BadRecord(place, "not an object", 'Write each record as {"id": …}')


def _load(text: bytes) -> Any:
    value = json.loads(text.decode("utf-8"), parse_constant=_no_constant)
    _check_depth(value, DEPTH_MAX)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError(f"nested deeper than {DEPTH_MAX} levels")
    if isinstance(value, dict):
        for inner in value.values():
            _check_depth(inner, left - 1)
    elif isinstance(value, list):
        for inner in value:
            _check_depth(inner, left - 1)
    elif isinstance(value, str) and "\x00" in value:
        raise ValueError("a text holds a NUL character")


# What a field of a record may be: checked before anything is stored.
Shape = dict[str, str]
_CHECKS = {
    "text": lambda value: isinstance(value, str),
    "texts": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "object": lambda value: isinstance(value, dict),
    "objects": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
    "flag": lambda value: isinstance(value, bool) or value in ("unknown", "yes", "no"),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
_WORDS = {
    "text": "a text",
    "texts": "a list of texts",
    "object": "an object",
    "objects": "a list of objects",
    "flag": 'true, false or "unknown"',
    "number": "a number",
}
ID_REMEDY = 'Give it an "id" of letters, digits, "-" and "_", at most 120 characters'


def check_shape(placed: Placed, shape: Shape, required: tuple[str, ...]) -> None:
    """Raise `BadRecord` for a missing field or one of another kind than `shape` says. `null` is always allowed."""
    record = placed.record
    for field in required:
        if not record.get(field):
            raise BadRecord(placed.place, f'"{field}" is missing', f'Add "{field}"')
    identifier = record["id"]
    if not is_slug(identifier):
        raise BadRecord(placed.place, f"the id {identifier!r} cannot be used", ID_REMEDY)
    for field, kind in shape.items():
        value = record.get(field)
        if value is not None and not _CHECKS[kind](value):
            raise BadRecord(placed.place, f'"{field}" is not {_WORDS[kind]}', f'Write "{field}" as {_WORDS[kind]}')


def is_slug(text: object) -> bool:
    """Whether this can be a public id."""
    if not isinstance(text, str) or not 0 < len(text) <= 120:
        return False
    return text.isascii() and text.replace("-", "a").replace("_", "a").isalnum()

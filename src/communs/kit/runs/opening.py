"""From the bytes of a file to records with places: of any known format, or of a record file, which is streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final

from communs.core.standards import funding_json
from communs.core.standards.checking import check
from communs.core.standards.documents import Document
from communs.core.standards.formats import FORMATS, Format, Sample, recognise
from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import FEED
from communs.core.texts import N_, Translate, identity
from communs.kit.records.files import LINE_BYTES_MAX, BadRecord, Placed, records_in

LINES: Final = frozenset({".jsonl", ".ndjson"})
# What a source of record files is said to hold, in the place where others have the name of a format.
RECORD_FILES: Final = ("commons", "opportunities")
START_BYTES: Final = 65_536
GIVING_ONLY: Final = (
    N_("The file says how to give, but not to what."),
    N_("Import a file that describes the commons, such as publiccode.yml or codemeta.json."),
)


@dataclass(frozen=True, slots=True)
class Given:
    """A file to read: what it is called, how to open it, and its format (`FORMATS` or `RECORD_FILES`) if known."""

    name: str
    open: Callable[[], BinaryIO]
    format: str = ""


class Unreadable(Exception):
    """Nothing can be taken from a file: why, and what to do."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.place, self.problem, self.remedy = place, problem, remedy


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds. `kind`: the catalogue, empty where a record file does not tell.

    `remarks`: faults of records that are used all the same. `is_whole`: everything that the file lists is among the
    records or the refusals.
    """

    kind: str
    format: Format | None
    records: Iterator[Placed | BadRecord]
    refused: tuple[BadRecord, ...] = ()
    remarks: int = 0
    is_whole: bool = True


def format_of(given: Given) -> Format | None:
    """The format of a file by its contents, then its name; None for a record file. Raises `OSError`."""
    with given.open() as file:
        if _suffix(given.name) in LINES:
            return recognise(file.readline(LINE_BYTES_MAX))
        return recognise(file.read(FEED.size + 1), given.name)


@contextmanager
def opened(given: Given, format_name: str = "", translate: Translate = identity) -> Iterator[Opened]:
    """The records of a file, as long as it is open. `format_name`: one of `FORMATS` or `RECORD_FILES`, if known.

    Raises:
        Unreadable: when there is nothing to take from it.
        OSError: when it cannot be opened.
    """
    format_name = given.format or format_name
    found = None if format_name in RECORD_FILES else FORMATS.get(format_name) or format_of(given)
    with given.open() as file:
        if found is not None:
            yield _document(file.read(FEED.size + 1), given.name, found, translate)
            return
        if (alien := _namesake(given)) is not None:
            raise _unreadable(given.name, (alien,), translate)
        kind = format_name if format_name in RECORD_FILES else ""
        if not kind and not looks_like_records(given):
            checked = check(file.read(FEED.size + 1), given.name)
            raise _unreadable(given.name, checked.problems, translate)
        yield Opened(kind, None, records_in(file, given.name))


def _document(data: bytes, name: str, found: Format, translate: Translate) -> Opened:
    checked = check(data, name, found.name)
    document = checked.document
    if document is None or not document.records:
        raise _unreadable(name, checked.problems, translate)
    if found.name == "funding-yml":
        raise Unreadable(name, translate(GIVING_ONLY[0]), translate(GIVING_ONLY[1]))
    errors = [problem for problem in document.problems if problem.severity == "error"]
    # In a feed an error costs a record; a description of one thing is used as far as it goes, also in a list of such.
    costs = found.is_feed and found.kind != "commons"
    refused = tuple(_bad(name, problem, translate) for problem in errors) if costs else ()
    is_whole = not any(problem.path == "" or (not costs and "." not in problem.path) for problem in errors)
    return Opened(
        document.kind,
        found,
        _placed(document, name, own_ids=document.kind != "commons"),
        refused,
        0 if costs else len(errors),
        is_whole,
    )


def _placed(document: Document, name: str, *, own_ids: bool) -> Iterator[Placed]:
    is_one = len(document.records) == 1
    for number, record in enumerate(document.records, 1):
        # Several files of one source may describe the same thing, as may several parts of one file.
        key = "" if own_ids else name if is_one else f"{name} {record.get('id')}"
        yield Placed(f"{name}[{number}]", dict(record), own_ids, key)


def _bad(name: str, problem: Problem, translate: Translate) -> BadRecord:
    where = f" {problem.path}" if problem.path else ""
    said, fix = problem.say(translate).rstrip("."), problem.say_fix(translate).rstrip(".")
    return BadRecord(f"{name}:{problem.line}:{problem.column}{where}", said, fix)


def _unreadable(name: str, problems: tuple[Problem, ...], translate: Translate) -> Unreadable:
    worst = next((found for found in problems if found.severity == "error"), None)
    if worst is None:
        return Unreadable(name, "It holds no record.", "")
    return Unreadable(name, worst.say(translate), worst.say_fix(translate))


def _namesake(given: Given) -> Problem | None:
    """Why a file is none of ours although it may bear the name of one. Raises `OSError`."""
    if _suffix(given.name) != ".json":
        return None
    with given.open() as file:
        start = file.read(START_BYTES + 1)
    return funding_json.namesake_problem(Sample(start)) if len(start) <= START_BYTES else None


def looks_like_records(given: Given) -> bool:
    """Whether a file of no other format may be a record file. Raises `OSError`."""
    if _suffix(given.name) in {*LINES, ".json"}:
        return True
    with given.open() as file:
        return file.read(START_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()

"""One record of a feed while it is read: its values in plain shapes, and every problem with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.addresses import TEST_HOST, read_address
from communs.core.standards.feeds.addresses import is_test_host as leads_to_test
from communs.core.standards.feeds.days import NOT_A_DAY, PARIS, SPACED_TIME, read_day
from communs.core.standards.problems import Path, Problem, Severity, dotted
from communs.core.standards.reading import Loaded
from communs.core.standards.reading.csv_text import TableRow, undo_mojibake
from communs.core.standards.reading.html_text import to_plain, unescape
from communs.core.texts import N_

Words = tuple[str, str]
Place = tuple[str, int, int]

# Of one file; a faulty feed of thousands of records would otherwise fill the memory with its faults.
REMARKS_MAX: Final = 10_000
ERRORS_MAX: Final = 20_000

ENTITIES: Final = (
    N_("“{path}” holds marks of HTML; it was read as “{meant}”."),
    N_("Write titles and words as plain text."),
)
ENCODED_TWICE: Final = (
    N_("The text of “{path}” had been encoded twice; it was read as “{meant}”."),
    N_("Save the file once, as UTF-8."),
)
CUT: Final = (
    N_("“{path}” has more than {most} characters; the rest was left out."),
    N_("Shorten it, and link to the whole text."),
)
BROKEN_JSON: Final = (
    N_("The text of “{path}” should be JSON and is not; it was left out."),
    N_("Write valid JSON inside the quotes."),
)
NOT_A_ROW: Final = (
    N_("“{path}” stands among records and is none: it lacks what they have; it was left out."),
    N_("Give it what the others have, or take it out."),
)
NOT_A_NUMBER: Final = (
    N_("“{value}” is no number; it was left out."),
    N_("Write digits only, without unit."),
)

PROSE_MAX: Final = 19_000
"""The most characters of a text in a record; its readers take 20,000."""

_SHOWN: Final = 80
_LARGEST: Final = 10**15


@dataclass(slots=True)
class Row:
    """`fields` as the file has them; `locate` gives path, line and column of one of them ("" for the whole row)."""

    fields: Mapping[str, Any]
    locate: Callable[[str], Place]
    problems: list[Problem]
    zone: int = PARIS

    def tell(self, key: str, code: str, severity: Severity, words: Words, **values: str) -> None:
        """Add a problem with one field."""
        path, line, column = self.locate(key)
        shown = {name: value[:_SHOWN] for name, value in values.items()}
        if len(self.problems) < (ERRORS_MAX if severity == "error" else REMARKS_MAX):
            self.problems.append(Problem(path, line, column, code, severity, *words, values=shown))

    def raw(self, key: str) -> str:
        """The text of a field as it stands; empty for anything that is no text or number."""
        return self._once(key, shapes.plain(self.fields.get(key)))

    def word(self, key: str) -> str:
        """A title or another text of one line, entities decoded, which is told."""
        text = self.raw(key)
        meant = unescape(text) if "&" in text or "<" in text else " ".join(text.split())
        if meant != " ".join(text.split()):
            self.tell(key, "html-in-text", "note", ENTITIES, meant=meant)
        return meant

    def prose(self, *keys: str) -> str:
        """Texts of several paragraphs, one after the other, HTML made plain; without addresses of persons."""
        found = [to_plain(self.raw(key)) for key in keys]
        text = shapes.without_contacts("\n\n".join(dict.fromkeys(filter(None, found))))
        if len(text) > PROSE_MAX:
            self.tell(keys[0], "too-long", "note", CUT, most=f"{PROSE_MAX:,}")
        return text[:PROSE_MAX].strip()

    def words(self, key: str, mark: str = "") -> list[str]:
        """A list of words; where `mark` is given and the field is one text, its parts."""
        value = self.fields.get(key)
        if isinstance(value, str) and mark:
            # Entities first: they end in the mark that parts lists.
            return list(dict.fromkeys(filter(None, (part.strip() for part in self.word(key).split(mark)))))
        return [word for text in shapes.texts(value) if (word := unescape(self._once(key, text)))]

    def address(self, key: str) -> str:
        """The address of a page; what was repaired or left out is told."""
        text = self.raw(key)
        if not text:
            return ""
        address, words = read_address(text)
        if words is not None:
            code, severity = ("address-repaired", "note") if address else ("not-an-address", "warning")
            self.tell(key, code, severity, words, value=text, meant=address)  # type: ignore[arg-type]
        if leads_to_test(address):
            self.tell(key, "test-address", "warning", TEST_HOST, value=address)
        return address

    def day(self, key: str) -> str:
        """A day as YYYY-MM-DD; empty where there is none, which is told unless the field is empty."""
        return self.day_of(key, self.raw(key))

    def day_of(self, key: str, text: str) -> str:
        """The same for a text that stands inside the field."""
        if not text:
            return ""
        day = read_day(text, self.zone)
        if day is None:
            self.tell(key, "not-a-date", "warning", NOT_A_DAY, value=text)
        elif day.repaired:
            self.tell(key, "date-repaired", "note", SPACED_TIME, value=text, meant=day.iso)
        return day.iso if day else ""

    def number(self, key: str) -> int | float | None:
        """A number of at least zero, also between quotes; None where there is none."""
        return self.number_of(key, self.fields.get(key))

    def number_of(self, key: str, value: Any) -> int | float | None:
        """The same for a value that stands inside the field."""
        if value is None or isinstance(value, bool) or (isinstance(value, str) and not value.strip()):
            return None
        try:
            found = (
                float(value.replace("\xa0", "").replace(" ", "").replace(",", ".")) if isinstance(value, str) else value
            )
            if 0 <= found < _LARGEST:
                return int(found) if found == int(found) else float(found)
        except (TypeError, ValueError):
            pass
        self.tell(key, "not-a-number", "warning", NOT_A_NUMBER, value=shapes.plain(value) or type(value).__name__)
        return None

    def inner(self, key: str, text: str) -> Any:
        """The value of JSON that stands in a text; None where it is none, which is told."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if value is None and text.strip() not in {"", "null"}:
            self.tell(key, "json-in-text", "warning", BROKEN_JSON)
        return value

    def _once(self, key: str, text: str) -> str:
        meant = undo_mojibake(text)
        if meant != text:
            self.tell(key, "encoded-twice", "note", ENCODED_TWICE, meant=meant)
        return meant


def json_rows(loaded: Loaded, rows: Iterator[tuple[Path, Mapping[str, Any]]], problems: list[Problem]) -> Iterator[Row]:
    """Rows of a JSON document, each with the places of its values."""
    for path, fields in rows:
        yield Row(fields, _placed(loaded, path), problems)


def _placed(loaded: Loaded, path: Path) -> Callable[[str], Place]:
    def locate(key: str) -> Place:
        here = (*path, key) if key else path
        return (dotted(here), *loaded.place(here))

    return locate


def find_rows(value: Any, is_row: Callable[[Mapping[str, Any]], bool]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The rows of a document: itself, the items of a list, or those of a list or an object one or two levels below.

    >>> list(find_rows({"count": 1, "results": [{"id": 1}]}, lambda row: "id" in row))
    [(('results', 0), {'id': 1})]
    """
    yield from _find_rows(value, is_row, (), 3)


def _find_rows(
    value: Any, is_row: Callable[[Mapping[str, Any]], bool], path: Path, levels: int
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(value, dict):
        if is_row(value):
            yield path, value
        elif levels:
            for key, inner in value.items():
                yield from _find_rows(inner, is_row, (*path, key), levels - 1)
    elif isinstance(value, list) and levels:
        for number, inner in enumerate(value):
            yield from _find_rows(inner, is_row, (*path, number), levels - 1)


def tell_strangers(loaded: Loaded, is_row: Callable[[Mapping[str, Any]], bool], problems: list[Problem]) -> None:
    """Tell of each entry that stands in a list of rows and is none, so that nothing is left out in silence."""
    found = islice(_strangers(loaded.value, is_row, (), 3), REMARKS_MAX)
    problems += [loaded.problem(path, "not-a-record", "warning", NOT_A_ROW) for path in found]


def _strangers(value: Any, is_row: Callable[[Mapping[str, Any]], bool], path: Path, levels: int) -> Iterator[Path]:
    if levels and isinstance(value, dict) and not is_row(value):
        for key, inner in value.items():
            yield from _strangers(inner, is_row, (*path, key), levels - 1)
    elif levels and isinstance(value, list):
        kept = [any(True for _ in _find_rows(inner, is_row, (), levels - 1)) for inner in value]
        if any(kept):
            yield from ((*path, number) for number, is_kept in enumerate(kept) if not is_kept)


def first_row(value: Any, is_row: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
    """The first row of a document, empty where there is none."""
    return next((row for _, row in find_rows(value, is_row)), {})


def table_row(row: TableRow, problems: list[Problem]) -> Row:
    """A record of a table: all its problems stand on the line where it starts."""
    return Row(row.cells, lambda key: (key, row.line, 1), problems)

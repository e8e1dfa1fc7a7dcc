"""The sections META and PROJECTS, cell by cell with their lines, and where the section VOTES begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from communs.core.standards.pabulib.election import SECTIONS
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.rows import EACH_ROW_MAX, Broken, Row, Rows

PROJECTS_MAX: Final = 100_000
KEYS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Key:
    """A line of META."""

    value: str
    line: int
    column: int


@dataclass(slots=True)
class Section:
    """`line` of the header; 0 where there is none. `places`: at which cell each column stands."""

    line: int = 0
    columns: tuple[str, ...] = ()
    places: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Head:
    """What stands before the ballots. `offset`: where the first line of ballots starts, which is line `votes_line`.

    `stops_at_votes`: what comes after them was not looked at.
    """

    meta: dict[str, Key] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    projects: list[Row] = field(default_factory=list)
    offset: int = 0
    votes_line: int = 0
    stops_at_votes: bool = False

    @property
    def votes(self) -> Section:
        return self.sections.get("VOTES") or Section()

    def value(self, key: str) -> str:
        """What META says; nothing where it says nothing."""
        return self.meta[key].value if key in self.meta else ""

    def cell(self, row: Row, column: str) -> str:
        """A cell of a project."""
        return row.cell(self.sections["PROJECTS"].places.get(column, -1))

    def column(self, row: Row, column: str) -> int:
        """The column, from 1, at which a cell of a project starts."""
        return row.column(self.sections["PROJECTS"].places.get(column, 0))


def read_head(data: bytes, problems: Problems) -> Head:
    """META, PROJECTS and the place of VOTES; the ballots themselves are read only to look for what comes after them."""
    head = Head()
    rows = Rows(data)
    reader = _Reader(head, problems)
    is_whole = True
    try:
        for row in rows:
            reader.take(row)
            if reader.section == "VOTES" and head.votes.line and not head.offset:
                head.offset, head.votes_line = rows.offset, rows.line
                head.stops_at_votes = {"META", "PROJECTS"} <= head.sections.keys()
                if head.stops_at_votes:
                    break
    except Broken as broken:
        problems.tell("broken-file", broken.line, detail=broken.detail)
        is_whole = False
    reader.finish(rows.line, is_whole)
    return head


class _Reader:
    """Takes the lines one by one into a head."""

    def __init__(self, head: Head, problems: Problems) -> None:
        self.head, self.problems = head, problems
        self.section = ""
        self._is_aside = self._wants_header = False
        self._opened: list[tuple[str, int]] = []
        self._blank: list[int] = []

    def take(self, row: Row) -> None:
        """One line."""
        if not any(cell.strip() for cell in row.cells):
            self._blank.append(row.line)
            return
        if row.span > 1:
            self.problems.tell("cell-over-lines", row.line, count=row.span)
        if row.namesake:
            self.problems.tell("section-name", row.line, 1, "", section=row.namesake)
        if name := row.section:
            self._open(name, row)
        elif not self.section:
            self.problems.tell("before-section", row.line, value=row.cells[0])
        elif self._is_aside:
            return
        elif self._wants_header:
            self._take_header(row)
        elif self.section == "META":
            self._take_key(row)
        elif self.section == "PROJECTS":
            self._take_project(row)

    def finish(self, line: int, is_whole: bool) -> None:
        """What is missing at the end. What was not read to its end may hold the sections that were not met."""
        if self._blank:
            self.problems.tell("blank-line", self._blank[0], count=len(self._blank))
        opened = [name for name, _line in self._opened]
        for name, at in self._opened:
            section = self.head.sections[name]
            if not section.line and name != "META":
                self.problems.tell("no-header", at, 1, "", section=name)
        for name in SECTIONS:
            if name not in opened and is_whole:
                self.problems.tell("no-section", max(1, line - 1), 1, "", section=name)
        for (name, at), (following, _line) in zip(self._opened, self._opened[1:], strict=False):
            if SECTIONS.index(name) > SECTIONS.index(following):
                self.problems.tell("section-order", at, 1, "", section=name)

    def _open(self, name: str, row: Row) -> None:
        self._tell_spaces(row, "")
        self._is_aside = name in self.head.sections
        if self._is_aside:
            self.problems.tell("section-twice", row.line, 1, "", section=name)
            return
        self.section, self._wants_header = name, True
        self.head.sections[name] = Section()
        self._opened.append((name, row.line))

    def _take_header(self, row: Row) -> None:
        self._wants_header = False
        self._tell_spaces(row, "")
        columns = tuple(cell.strip() for cell in row.cells)
        if self.section == "META":
            if tuple(name.lower() for name in columns[:2]) != ("key", "value"):
                self.problems.tell("meta-header", row.line)
                self._take_key(row)
            self.head.sections["META"].line = row.line
            return
        lowered = [name.lower() for name in columns]
        places = {name: place for place, name in reversed(list(enumerate(lowered))) if name}
        repeated = (place for place, name in enumerate(lowered) if name and places[name] != place)
        for place in islice(repeated, EACH_ROW_MAX):
            self.problems.tell("column-twice", row.line, row.column(place), "", column=lowered[place])
        self.head.sections[self.section] = Section(row.line, tuple(lowered), places)

    def _take_key(self, row: Row) -> None:
        key, value = row.cell(0), row.cell(1)
        path = f"meta.{key}"
        if not key:
            self.problems.tell("key-empty", row.line)
            return
        if key in self.head.meta:
            self.problems.tell("key-twice", row.line, 1, path)
        elif len(self.head.meta) >= KEYS_MAX:
            return
        self._tell_spaces(row, path)
        self._tell_extra(row, 2, path)
        self.head.meta[key] = Key(value, row.line, row.column(1))

    def _take_project(self, row: Row) -> None:
        if len(self.head.projects) >= PROJECTS_MAX:
            if not self.problems.has("too-many-projects"):
                self.problems.tell("too-many-projects", row.line, 1, "", bound=f"{PROJECTS_MAX:,}")
            return
        self._tell_spaces(row, f"projects.{row.cell(0)}")
        self._tell_extra(row, len(self.head.sections["PROJECTS"].columns), f"projects.{row.cell(0)}")
        self.head.projects.append(row)

    def _tell_spaces(self, row: Row, path: str) -> None:
        for place in row.spaced():
            self.problems.tell("spaces", row.line, row.column(place), path, value=row.cell(place))

    def _tell_extra(self, row: Row, expected: int, path: str) -> None:
        if len(row.cells) > expected and any(cell.strip() for cell in row.cells[expected:]):
            found = len(row.cells)
            self.problems.tell("extra-cells", row.line, row.column(expected), path, found=found, expected=expected)

"""Headers of PROJECTS and VOTES, and cells of projects: columns that the format has, values of the right kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from communs.core.standards.pabulib import fields
from communs.core.standards.pabulib.head import Head, Section
from communs.core.standards.pabulib.parsing import Parsed
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.rows import Row

_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,20})?", re.ASCII)
_BOUNDS: Final = {"latitude": 90, "longitude": 180}


def examine_tables(parsed: Parsed) -> None:
    """Headers, then the cells of every project; ballots have their own examination."""
    head, problems = parsed.head, parsed.problems
    _examine_header("PROJECTS", head.sections.get("PROJECTS"), fields.PROJECTS, problems)
    _examine_header("VOTES", head.sections.get("VOTES"), fields.VOTES, problems)
    for row in parsed.rows:
        _examine_project(head, row, problems)
    _examine_places(head, parsed.rows, problems)


def _examine_header(name: str, section: Section | None, known: Sequence[str], problems: Problems) -> None:
    if section is None or not section.line:
        return
    if section.columns[0] != known[0]:
        problems.tell("column-first", section.line, 1, "", section=name, column=known[0])
    for column in section.columns:
        if column == "target" and name == "PROJECTS":
            problems.tell("renamed-column", section.line)
        elif column and column not in known:
            problems.tell("column-unknown", section.line, 1, "", section=name, column=column)
    found = [column for column in dict.fromkeys(section.columns) if column in known]
    if found != (usual := sorted(found, key=known.index)):
        problems.tell("column-order", section.line, 1, "", order=";".join(usual))


def _examine_project(head: Head, row: Row, problems: Problems) -> None:
    project = head.cell(row, "project_id")
    for column in fields.PROJECTS[2:]:
        if column not in head.sections["PROJECTS"].places:
            continue
        text = head.cell(row, column)
        place = (row.line, head.column(row, column), f"projects.{project}.{column}")
        if not text:
            if column not in fields.PROJECTS_MAY_BE_EMPTY:
                problems.tell("cell-empty", *place)
        elif column == "selected" and text not in {"0", "1", "2", "3"}:
            problems.tell("selected-value", *place, value=text)
        elif column in fields.PROJECT_LISTS:
            parts = [part.strip() for part in text.split(",")]
            if parts != text.split(","):
                problems.tell("list-spaces", *place, value=text)
            for part, times in Counter(parts).items():
                if times > 1:
                    problems.tell("value-twice", *place, value=part)
    _examine_coordinates(head, row, project, problems)


def _examine_coordinates(head: Head, row: Row, project: str, problems: Problems) -> None:
    given = {name: head.cell(row, name) for name in _BOUNDS}
    if bool(given["latitude"]) != bool(given["longitude"]):
        problems.tell("half-a-place", row.line, head.column(row, "latitude"), f"projects.{project}.latitude")
        return
    for name, text in given.items():
        if text and _degrees(text, name) is None:
            problems.tell("coordinate", row.line, head.column(row, name), f"projects.{project}.{name}", value=text)


def _examine_places(head: Head, rows: Sequence[Row], problems: Problems) -> None:
    """Whether all projects stand at one place, as they do where somebody filled in the town hall."""
    if not set(_BOUNDS) <= head.sections.get("PROJECTS", Section()).places.keys():
        return
    places = [tuple(_degrees(head.cell(row, name), name) for name in _BOUNDS) for row in rows]
    known = [place for place in places if None not in place]
    if len(known) > 1 and len(set(known)) == 1:
        problems.tell("one-place", rows[0].line, head.column(rows[0], "latitude"))


def _degrees(text: str, name: str) -> Fraction | None:
    if not _DEGREES.fullmatch(text):
        return None
    found = Fraction(text.replace(",", "."))
    return found if abs(found) <= _BOUNDS[name] else None

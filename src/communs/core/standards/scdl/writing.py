"""Grants as a table that is valid against the schema: all its columns, in its order, UTF-8, commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from communs.core.standards.documents import CannotWrite
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.scdl.checking import check_row
from communs.core.standards.scdl.grants import Grant, cells_of
from communs.core.standards.scdl.schema import BY_NAME, COLUMNS
from communs.core.texts import Translate, identity

_PLACES = {name: place for place, name in enumerate(COLUMNS, 1)}


class CannotPublish(CannotWrite):
    """Grants break the schema; `problems` says which ones by the line they would have had."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__([problem.render() for problem in problems])
        self.problems = tuple(problems)

    def say_each(self, translate: Translate = identity) -> tuple[str, ...]:
        """The problems in words."""
        return tuple(problem.render(translate) for problem in self.problems)


def faults_of(grants: Iterable[Grant]) -> Iterator[Problem]:
    """What the schema forbids in each grant, with the line it would have. Raises `KeyError` for a column it has not."""
    for line, grant in enumerate(grants, 2):
        cells = cells_of(grant)
        for name in cells:
            BY_NAME[name]
        yield from in_order(check_row({name: cells.get(name, "") for name in COLUMNS}, line, _PLACES))


def write(grants: Iterable[Grant]) -> str:
    """The whole table. Raises `CannotPublish` with everything that is wrong; nothing is cut or guessed."""
    kept = tuple(grants)
    if faults := tuple(faults_of(kept)):
        raise CannotPublish(faults)
    return "".join(lines(kept))


def lines(grants: Iterable[Grant]) -> Iterator[str]:
    """The table line by line, unchecked: for grants that `faults_of` found nothing wrong with, however many."""
    yield _line(COLUMNS)
    for grant in grants:
        cells = cells_of(grant)
        yield _line([cells.get(name, "") for name in COLUMNS])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()

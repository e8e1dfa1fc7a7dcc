"""The ballots line by line: each as it was meant, and what is wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from communs.core.standards.pabulib.amounts import amount_of
from communs.core.standards.pabulib.election import ORDINAL, WITH_POINTS, Ballots
from communs.core.standards.pabulib.grouping import from_counts
from communs.core.standards.pabulib.head import Head
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.rows import Row, Rows

POINT_PLACES: Final = 3
POINT: Final = 10**POINT_PLACES  # points are counted in thousandths while decimals may still come
POINTS_MAX: Final = 10**6  # so that sums over all voters stay within 64 bits


@dataclass(frozen=True, slots=True)
class Vote:
    """One line of VOTES. `named`: the ids as they stand; `choices`: the numbers of known projects, each once.

    `points`: beside `choices`, in thousandths; empty where the ballots have none.
    """

    row: Row
    voter: str
    named: list[str]
    choices: list[int]
    points: list[int]

    @property
    def path(self) -> str:
        return f"votes.{self.voter}"


class Walk:
    """Goes through the ballots of a file and tells what is wrong in each."""

    def __init__(
        self, data: bytes, head: Head, numbers: dict[str, int], kind: str, problems: Problems | None = None
    ) -> None:
        self._data, self._head, self._numbers, self._kind = data, head, numbers, kind
        self._problems = problems or Problems()
        places = head.votes.places
        self._voter, self._vote, self._points = (places.get(name, -1) for name in ("voter_id", "vote", "points"))

    def votes(self) -> Iterator[Vote]:
        """Every ballot, and what of its structure is wrong. Raises `Broken`."""
        seen: set[str] = set()
        for row in self._rows():
            voter = row.cell(self._voter)
            if self._voter >= 0 and not voter:
                self._tell("no-voter-id", row, self._voter, "")
            elif voter in seen:
                self._tell("voter-twice", row, self._voter, voter)
            seen.add(voter)
            yield self._vote_of(row, voter or f"[{row.line}]")

    def _rows(self) -> Iterator[Row]:
        """The lines of the section, up to the next one or the end of the file."""
        blank = first_blank = 0
        for row in Rows(self._data, self._head.offset, self._head.votes_line):
            if not any(cell.strip() for cell in row.cells):
                blank, first_blank = blank + 1, first_blank or row.line
                continue
            if name := row.section:
                if self._head.stops_at_votes:
                    self._problems.tell("section-twice", row.line, 1, "", section=name)
                break
            self._check_cells(row)
            yield row
        if blank:
            self._problems.tell("blank-line", first_blank, count=blank)

    def _check_cells(self, row: Row) -> None:
        path = f"votes.{row.cell(self._voter)}"
        expected = len(self._head.votes.columns)
        if row.namesake:
            self._problems.tell("section-name", row.line, 1, path, section=row.namesake)
        if row.span > 1:
            self._problems.tell("cell-over-lines", row.line, 1, path, count=row.span)
        for place in row.spaced():
            self._problems.tell("spaces", row.line, row.column(place), path, value=row.cell(place))
        if len(row.cells) > expected and any(cell.strip() for cell in row.cells[expected:]):
            found = len(row.cells)
            self._problems.tell("extra-cells", row.line, row.column(expected), path, found=found, expected=expected)

    def _vote_of(self, row: Row, voter: str) -> Vote:
        named = self._parts(row, self._vote, voter)
        points = self._points_of(row, voter, len(named))
        if not named:
            self._tell("ballot-empty", row, self._vote, voter)
        choices: dict[int, int] = {}
        for place, id_ in enumerate(named):
            number = self._numbers.get(id_)
            if number is None:
                self._tell("project-unknown", row, self._vote, voter, project=id_)
            elif number in choices:
                self._tell("named-twice", row, self._vote, voter, project=id_)
            else:
                choices[number] = points[place] if points else POINT
        given = list(choices.values()) if self._kind in WITH_POINTS else []
        return Vote(row, voter, named, list(choices), given)

    def _parts(self, row: Row, place: int, voter: str) -> list[str]:
        """What stands between the commas of a cell."""
        cell = row.cell(place)
        if not cell:
            return []
        parts = cell.split(",")
        plain = [part.strip() for part in parts]
        if plain != parts:
            self._tell("list-spaces", row, place, voter, value=cell)
        if "" in plain:
            self._tell("gap", row, place, voter)
        return [part for part in plain if part]

    def _points_of(self, row: Row, voter: str, expected: int) -> list[int]:
        given = self._parts(row, self._points, voter) if self._points >= 0 else []
        if self._kind not in WITH_POINTS:
            if given and self._kind != ORDINAL:
                self._tell("points-unmeant", row, self._points, voter, kind=self._kind)
            return []
        if not given and expected:
            self._tell("points-missing", row, self._points, voter)
            return []
        if len(given) != expected:
            self._tell("points-number", row, self._points, voter, found=expected, said=len(given))
            return []
        points = []
        for text in given:
            amount = amount_of(text)
            given_points = -1 if amount is None or amount.places > POINT_PLACES else amount.scaled(POINT_PLACES)
            if not 0 <= given_points < POINTS_MAX * POINT:
                self._tell("points-value", row, self._points, voter, value=text)
                return []
            points.append(given_points)
        return points

    def _tell(self, code: str, row: Row, place: int, voter: str, **values: object) -> None:
        column = row.column(place) if place >= 0 else 1
        self._problems.tell(code, row.line, column, f"votes.{voter}", voter=voter, **values)


def gather(walk: Walk, kind: str, problems: Problems) -> tuple[Ballots, int]:
    """The distinct ballots of a walk. Points with decimals become whole: all are multiplied by the number beside it.

    Raises `Broken`.
    """
    counted: Counter[tuple[tuple[int, int], ...]] = Counter()
    for vote in walk.votes():
        pairs = zip(vote.choices, vote.points or [POINT] * len(vote.choices), strict=True)
        counted[tuple(pairs if kind == ORDINAL else sorted(pairs))] += 1
    places = max((_places(points) for ballot in counted for _project, points in ballot), default=0)
    unit = POINT // 10**places
    if places:
        problems.tell("points-scaled", 1, factor=10**places)
    whole = {tuple((project, points // unit) for project, points in ballot): size for ballot, size in counted.items()}
    return from_counts(whole), 10**places


def _places(thousandths: int) -> int:
    """How many decimals a number of points has."""
    places = 0
    while thousandths * 10**places % POINT:
        places += 1
    return places

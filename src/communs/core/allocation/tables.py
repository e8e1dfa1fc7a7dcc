"""Elections from two plain tables (CSV): projects with their costs, and ballots with a line for each voter and project.

projects   `project;cost` and, if there is one, `name`
ballots    `voter;project` (approval), `voter;project;points` (points), or `voter;project;rank` (1: the most preferred)

Columns may stand in any order, others are passed over; commas, tabs and bars separate as well. A voter who named
nothing has a line without project. Amounts are written as 1234 or 1234.50.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.prices import decimals_of, price
from communs.core.standards.pabulib.amounts import whole_of
from communs.core.standards.pabulib.votes import POINTS_MAX
from communs.core.standards.reading import FEED
from communs.core.standards.reading.csv_text import Table, TableRow, load_table

_PROJECT: Final = ("project", "project_id", "id")
_VOTER: Final = ("voter", "voter_id")
Ballot = Sequence[str] | Mapping[str, int]


def from_csv(
    projects: bytes | str,
    ballots: bytes | str,
    budget: str | int,
    kind: BallotKind | None = None,
    *,
    currency: str = "",
) -> Instance:
    """An election from a table of projects and one of ballots.

    `kind`: where it is not given, approval, scoring or ordinal, by the columns of the ballots. Raises
    `InvalidElection`, with table and line.

    >>> projects = "project;cost\\npark;300\\ntree;99.50\\n"
    >>> election = from_csv(projects, "voter;project\\nana;park\\nana;tree\\nben;tree\\n", 500)
    >>> election.kind.value, election.voters, election.budget, election.costs
    ('approval', 2, 50000, (30000, 9950))
    """
    whole = price(str(budget), "budget")
    listed = [
        (cells[0], price(cells[1], f"projects, line {row.line}"), row.cells.get("name", ""))
        for row, cells in _rows(projects, "projects", _PROJECT, ("cost",))
    ]
    decimals = decimals_of([whole, *(cost for _id, cost, _name in listed)], currency)
    held, said = _ballots(ballots, kind)
    return Instance.from_rows(
        [Project(id_, cost.scaled(decimals), name) for id_, cost, name in listed],
        whole.scaled(decimals),
        said.values(),
        held,
        decimals=decimals,
        currency=currency,
    )


def votes(ballots: bytes | str, kind: BallotKind | None = None) -> Iterator[tuple[str, dict[str, int]]]:
    """Every voter of a table that can be read, in its order: points by project (1 where they give none)."""
    _held, said = _ballots(ballots, kind)
    for voter, ballot in said.items():
        yield voter, dict(ballot) if isinstance(ballot, Mapping) else dict.fromkeys(ballot, 1)


def _ballots(data: bytes | str, kind: BallotKind | None) -> tuple[BallotKind, dict[str, Ballot]]:
    """The kind of the ballots, and the ballot of every voter in the order in which they first stand."""
    given: dict[str, dict[str, int]] = {}
    held = kind
    for row, (voter, project) in _rows(data, "ballots", _VOTER, _PROJECT):
        held = held or _kind(row.cells)
        ballot = given.setdefault(voter, {})
        if not project:
            continue
        if project in ballot:
            said = f"{voter[:40]!r} names {project[:40]!r} a second time"
            raise InvalidElection(f"ballots, line {row.line}: {said}. Remove one of the lines.")
        ballot[project] = _value(row, held)
    held = held or BallotKind.APPROVAL
    if held.has_points:
        return held, dict(given)
    if held is BallotKind.ORDINAL:
        return held, {voter: _ranked(voter, ballot) for voter, ballot in given.items()}
    return held, {voter: list(ballot) for voter, ballot in given.items()}


def _kind(columns: Mapping[str, str]) -> BallotKind:
    if "points" in columns:
        return BallotKind.SCORING
    return BallotKind.ORDINAL if "rank" in columns else BallotKind.APPROVAL


def _value(row: TableRow, kind: BallotKind) -> int:
    """The points or the rank of a line; 1 where voters only approve."""
    column = "points" if kind.has_points else "rank" if kind is BallotKind.ORDINAL else ""
    if not column:
        return 1
    found = whole_of(row.cells.get(column, ""))
    if found is None or found >= POINTS_MAX:
        said = row.cells.get(column, "")[:40]
        raise InvalidElection(
            f"ballots, line {row.line}: {said!r} is no whole number below a million. Write one into “{column}”."
        )
    return found


def _ranked(voter: str, ranks: Mapping[str, int]) -> list[str]:
    if len(set(ranks.values())) < len(ranks):
        raise InvalidElection(f"ballots: {voter[:40]!r} gives two projects the same rank. Give each a rank of its own.")
    return sorted(ranks, key=ranks.__getitem__)


def _rows(
    data: bytes | str, table: str, first: Sequence[str], second: Sequence[str]
) -> Iterator[tuple[TableRow, tuple[str, str]]]:
    """The lines of a table, each with its cells of the two columns, which may be called in different ways."""
    loaded = load_table(data, FEED)
    _refuse(loaded, table)
    names = [next((name for name in called if name in loaded.columns), "") for called in (first, second)]
    for name, called in zip(names, (first, second), strict=True):
        if not name:
            raise InvalidElection(f"{table}, line 1: the column “{called[0]}” is missing. Add it to the header.")
    for row in loaded.rows():
        _refuse(loaded, table)
        yield row, (row.cells[names[0]], row.cells[names[1]])
    _refuse(loaded, table)


def _refuse(loaded: Table, table: str) -> None:
    wrong = next((found for found in loaded.problems if found.severity == "error"), None)
    if wrong is not None:
        raise InvalidElection(f"{table}, line {wrong.line}: {wrong.say()} {wrong.say_fix()}")

"""A Pabulib file as an election: read as far as its meaning is certain, with what is wrong in its structure.

What may stand in a file without changing who is funded (limits that ballots break, counts, labels) is `examining`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from communs.core.money import EXPONENTS
from communs.core.standards.pabulib.amounts import Amount, amount_of, ungrouped
from communs.core.standards.pabulib.election import (
    KINDS,
    MONEY_MAX,
    OWN_KEYS,
    WITH_POINTS,
    Ballots,
    Election,
    Listed,
    is_id,
)
from communs.core.standards.pabulib.head import Head, read_head
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.quick import quick_ballots
from communs.core.standards.pabulib.rows import BYTES_MAX, Broken, Row, clean
from communs.core.standards.pabulib.votes import Walk, gather
from communs.core.standards.reading.bounds import TooMuch


@dataclass(slots=True)
class Parsed:
    """`data`: the file in UTF-8 with plain line ends. `rows`: the line of each project. `election` is None where it
    cannot be counted; `problems.fatal` then says why. `is_plain`: the ballots are as they should be, limits aside, and
    name the projects of most points first. `point_factor`: by what points were multiplied to be whole.
    """

    data: bytes = b""
    head: Head = field(default_factory=Head)
    rows: list[Row] = field(default_factory=list)
    kind: str = ""
    election: Election | None = None
    is_plain: bool = False
    point_factor: int = 1
    problems: Problems = field(default_factory=Problems)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each project, by its id."""
        return {self.head.cell(row, "project_id"): number for number, row in enumerate(self.rows)}


def parse(data: bytes, bytes_max: int = BYTES_MAX) -> Parsed:
    """The election of a file. Never raises for what it holds; raises `TooMuch` for one that is too large."""
    if len(data) > bytes_max:
        raise TooMuch("size", bytes_max)
    parsed = Parsed()
    problems = parsed.problems
    parsed.data = clean(data, problems)
    parsed.head = head = read_head(parsed.data, problems)
    parsed.rows = _projects(head, problems)
    parsed.kind = _kind(head, problems)
    budget = _budget(head, problems)
    costs = [_cost(head, row, problems) for row in parsed.rows]
    ballots = _ballots(parsed)
    if ballots is None or budget is None or None in costs or problems.fatal:
        return parsed
    amounts = [cost for cost in costs if cost is not None]
    currency = head.value("currency").upper()
    decimals = max(EXPONENTS.get(currency, 0), budget.places, *(amount.places for amount in amounts), 0)
    if (budget.scaled(decimals) + sum(amount.scaled(decimals) for amount in amounts)) > MONEY_MAX:
        key = head.meta["budget"]
        problems.tell("money-too-large", key.line, key.column, "meta.budget")
        return parsed
    parsed.election = Election(
        kind=parsed.kind,
        projects=tuple(
            Listed(head.cell(row, "project_id"), cost.scaled(decimals), " ".join(head.cell(row, "name").split()))
            for row, cost in zip(parsed.rows, amounts, strict=True)
        ),
        budget=budget.scaled(decimals),
        decimals=decimals,
        currency=currency,
        about=_about(head),
        ballots=ballots,
    )
    return parsed


def number_at(text: str, place: tuple[int, int, str], problems: Problems, code: str) -> Amount | None:
    """A number in any notation that can be read in one way only; others are told with `code`.

    `place`: line, column, path.
    """
    plain = ungrouped(text)
    found = amount_of(plain)
    if found is None:
        problems.tell(code, *place, value=text)
    elif plain != text:
        problems.tell("grouped-number", *place, value=text, meant=plain)
    elif found.has_comma:
        problems.tell("comma-decimals", *place, value=text, meant=text.replace(",", "."))
    return found


def _kind(head: Head, problems: Problems) -> str:
    said = head.value("vote_type")
    if said.lower() in KINDS:
        return said.lower()
    if "META" in head.sections:
        line = head.meta["vote_type"].line if "vote_type" in head.meta else head.sections["META"].line or 1
        code = "vote-type" if said else "vote-type-missing"
        problems.tell(code, line, 1, "meta.vote_type", value=said, kinds=", ".join(KINDS))
    return ""


def _budget(head: Head, problems: Problems) -> Amount | None:
    key = head.meta.get("budget")
    if key is None or not key.value:
        if "META" in head.sections:
            problems.tell("budget-missing", key.line if key else head.sections["META"].line or 1, 1, "meta.budget")
        return None
    return _not_negative(key.value, (key.line, key.column, "meta.budget"), problems)


def _cost(head: Head, row: Row, problems: Problems) -> Amount | None:
    text, project = head.cell(row, "cost"), head.cell(row, "project_id")
    place = (row.line, head.column(row, "cost"), f"projects.{project}.cost")
    if not text:
        if "cost" in head.sections["PROJECTS"].places:
            problems.tell("cost-missing", *place, project=project)
        return None
    return _not_negative(text, place, problems)


def _not_negative(text: str, place: tuple[int, int, str], problems: Problems) -> Amount | None:
    found = number_at(text, place, problems, "not-a-number")
    if found is not None and found.digits < 0:
        problems.tell("negative", *place, value=text)
    return found


def _projects(head: Head, problems: Problems) -> list[Row]:
    """The lines of projects that have an id of their own."""
    section = head.sections.get("PROJECTS")
    if section is None or not section.line:
        return []
    for column in ("project_id", "cost"):
        if column not in section.places:
            problems.tell("column-missing", section.line, 1, "", section="PROJECTS", column=column)
    if not head.projects:
        problems.tell("no-projects", section.line)
    lines: dict[str, int] = {}
    kept = []
    for row in head.projects if "project_id" in section.places else ():
        id_ = head.cell(row, "project_id")
        place = (row.line, head.column(row, "project_id"), f"projects.{id_}")
        if not id_:
            problems.tell("no-project-id", *place)
            continue
        if not is_id(id_):
            problems.tell("project-id", *place, value=id_)
        if id_ in lines:
            problems.tell("project-twice", *place, value=id_, first=lines[id_])
            continue
        lines[id_] = row.line
        kept.append(row)
    return kept


def _ballots(parsed: Parsed) -> Ballots | None:
    """The distinct ballots; all at once where they are as they should be, else line by line."""
    head, problems = parsed.head, parsed.problems
    section = head.votes
    if not section.line or not parsed.kind:
        return None
    needed = ("vote", "points") if parsed.kind in WITH_POINTS else ("vote",)
    for column in needed:
        if column not in section.places:
            problems.tell("column-missing", section.line, 1, "", section="VOTES", column=column)
    if not set(needed) <= section.places.keys():
        return None
    numbers = parsed.numbers
    quick = quick_ballots(parsed.data, head, list(numbers), parsed.kind)
    if quick is not None:
        ballots, parsed.is_plain = quick
        _tell_last_lines(parsed)
        return ballots
    if "voter_id" not in section.places:
        problems.tell("no-voter-column", section.line)
    try:
        walk = Walk(parsed.data, head, numbers, parsed.kind, problems)
        ballots, parsed.point_factor = gather(walk, parsed.kind, problems)
    except Broken as broken:
        problems.tell("broken-file", broken.line, detail=broken.detail)
        return None
    if not len(ballots.sizes):
        problems.tell("no-votes", section.line)
    return ballots


def _tell_last_lines(parsed: Parsed) -> None:
    """Empty lines at the end, which the quick way passes over."""
    blank = len(parsed.data) - len(parsed.data.rstrip(b"\n")) - 1
    if blank > 0:
        line = parsed.data.count(b"\n") - blank + 1
        parsed.problems.tell("blank-line", line, count=blank)


def _about(head: Head) -> Mapping[str, str]:
    """What META says besides what the election holds itself."""
    return {name: key.value for name, key in head.meta.items() if name not in OWN_KEYS}

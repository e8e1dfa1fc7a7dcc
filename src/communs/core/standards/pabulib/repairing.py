"""A Pabulib file with everything repaired that is sure; lines that need nothing stay as they are, letter by letter.

Sure is what changes no meaning: encoding, line ends, spaces, empty lines, the notation of numbers, a project that a
ballot names twice. What somebody has to decide stays: a count that differs may mean that ballots were lost.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from communs.core.money import EXPONENTS
from communs.core.standards.pabulib import fields
from communs.core.standards.pabulib.amounts import amount_of, ungrouped, whole_of
from communs.core.standards.pabulib.counts import score_by_project, voters_by_project
from communs.core.standards.pabulib.election import KINDS, WITH_POINTS
from communs.core.standards.pabulib.parsing import Parsed, parse
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.reading import as_bytes
from communs.core.standards.pabulib.rows import DELIMITER, Broken, Row, Rows, clean
from communs.core.standards.pabulib.votes import POINT, Walk
from communs.core.standards.reading import FEED, TooMuch

_NUMBERS: Final = frozenset(name for name, kind in fields.META.items() if kind == fields.NUMBER)
_LISTS: Final = frozenset(name for name, kind in fields.META.items() if kind == fields.LIST)


@dataclass(slots=True)
class Extra:
    """What ballots that name a project twice added to it."""

    votes: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)  # in thousandths


def repair(data: bytes | str) -> str:
    """The file with its sure repairs. One that is too large comes back as it is."""
    raw = as_bytes(data)
    try:
        parsed = parse(raw, FEED.size)
    except TooMuch:
        return raw.decode("utf-8", errors="replace")
    return _Mending(parsed).text()


class _Mending:
    """Goes through a file once more and writes it out."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.section, self.wants_header = "", False
        self.columns: Mapping[str, int] = {}
        self.counts = _counts_to_correct(parsed)

    def text(self) -> str:
        data = clean(self.parsed.data, Problems())
        rows, start, lines = Rows(data), 0, []
        try:
            for row in rows:
                raw = data[start : rows.offset].decode().removesuffix("\n")
                start = rows.offset
                if raw.count('"') % 2:
                    lines.append(raw)  # a quote that nobody closed: where the cell ends is for somebody to say
                elif any(cell.strip() for cell in row.cells):
                    lines += self._mended(row, raw)
        except Broken:
            lines.append(data[start:].decode().removesuffix("\n"))
        return "".join(f"{line}\n" for line in lines)

    def _mended(self, row: Row, raw: str) -> list[str]:
        if row.section:
            self.section, self.wants_header = row.section, True
            return [row.section]
        before = []
        cells = [cell.strip() for cell in row.cells]
        if self.wants_header:
            self.wants_header = False
            if self.section == "META":
                if [cell.lower() for cell in cells[:2]] == ["key", "value"]:
                    return [raw if cells == row.cells else _line(cells)]
                before = [_line(["key", "value"])]
            else:
                self.columns = {name.lower(): place for place, name in reversed(list(enumerate(cells)))}
                if self.section == "PROJECTS" and "beneficiaries" not in self.columns:
                    cells = ["beneficiaries" if name.lower() == "target" else name for name in cells]
                return [raw if cells == row.cells else _line(cells)]
        mend = {"META": self._mend_key, "PROJECTS": self._mend_project, "VOTES": self._mend_vote}.get(self.section)
        if mend is not None:
            mend(cells)
        return [*before, raw if cells == row.cells else _line(cells)]

    def _mend_key(self, cells: list[str]) -> None:
        if len(cells) < 2:
            return
        name, value = cells[0], cells[1]
        if name in _NUMBERS:
            cells[1] = _number(value)
        elif name in _LISTS:
            cells[1] = _list(value)
        elif name == "vote_type" and value.lower() in KINDS:
            cells[1] = value.lower()
        elif name == "currency" and value.upper() in EXPONENTS:
            cells[1] = value.upper()
        elif name == "language" and value.lower() in fields.LANGUAGES:
            cells[1] = value.lower()

    def _mend_project(self, cells: list[str]) -> None:
        id_ = self._cell(cells, "project_id")
        for column, place in self.columns.items():
            if place >= len(cells):
                continue
            if column == "cost":
                cells[place] = _number(cells[place])
            elif column in fields.PROJECT_LISTS:
                cells[place] = _list(cells[place])
            elif (column, id_, cells[place]) in self.counts:
                cells[place] = self.counts[column, id_, cells[place]]

    def _mend_vote(self, cells: list[str]) -> None:
        """Spaces, gaps and second mentions leave a ballot, with the points of the latter."""
        vote, points = self.columns.get("vote", -1), self.columns.get("points", -1)
        if not 0 <= vote < len(cells):
            return
        named = [part.strip() for part in cells[vote].split(",") if part.strip()]
        places = {id_: place for place, id_ in reversed(list(enumerate(named)))}
        firsts = sorted(places.values())
        if 0 <= points < len(cells):
            given = [part.strip() for part in cells[points].split(",") if part.strip()]
            if given and len(given) != len(named):
                return  # somebody has to say which points belong to which project
            cells[points] = ",".join(given[place] for place in firsts) if given else ""
        cells[vote] = ",".join(named[place] for place in firsts)

    def _cell(self, cells: list[str], column: str) -> str:
        place = self.columns.get(column, -1)
        return cells[place] if 0 <= place < len(cells) else ""


def _counts_to_correct(parsed: Parsed) -> dict[tuple[str, str, str], str]:
    """Counts that differ by just what second mentions added: column, project and count, to the right one."""
    election = parsed.election
    if election is None or not parsed.problems.has("named-twice"):
        return {}
    extra = _extra(parsed)
    voters = voters_by_project(election.ballots, len(election.projects)).tolist()
    scores = score_by_project(election).tolist()
    found = {}
    for number, project in enumerate(election.projects):
        if extra.votes[project.id]:
            wrong = voters[number] + extra.votes[project.id]
            found["votes", project.id, str(wrong)] = str(voters[number])
        points, rest = divmod(extra.points[project.id], POINT)
        if points and not rest and parsed.point_factor == 1:
            found["score", project.id, str(scores[number] + points)] = str(scores[number])
    return found


def _extra(parsed: Parsed) -> Extra:
    extra = Extra()
    numbers = parsed.numbers
    for vote in Walk(parsed.data, parsed.head, numbers, parsed.kind).votes():
        if len(vote.named) == len(vote.choices):
            continue
        seen: set[str] = set()
        given = vote.row.cell(parsed.head.votes.places.get("points", -1)).split(",")
        for place, id_ in enumerate(vote.named):
            if id_ in seen:
                extra.votes[id_] += 1
                if parsed.kind in WITH_POINTS:
                    extra.points[id_] += (whole_of(given[place]) or 0) * POINT
            seen.add(id_)
    return extra


def _number(text: str) -> str:
    """A number with a point before its decimals and nothing between its thousands; any other text unchanged."""
    plain = ungrouped(text)
    found = amount_of(plain)
    return text if found is None else plain.replace(",", ".")


def _list(text: str) -> str:
    return ",".join(part.strip() for part in text.split(","))


def _line(cells: list[str]) -> str:
    """Cells as a line, quoted only where they must be."""
    out = io.StringIO()
    csv.writer(out, delimiter=DELIMITER, lineterminator="").writerow(cells)
    return out.getvalue()

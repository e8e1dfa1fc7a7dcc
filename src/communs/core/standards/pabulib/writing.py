"""An election as a Pabulib file: the same bytes for the same election, whatever order its ballots came in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from communs.core.money import EXPONENTS
from communs.core.standards.pabulib import fields
from communs.core.standards.pabulib.amounts import written
from communs.core.standards.pabulib.counts import score_by_project, voters_by_project
from communs.core.standards.pabulib.election import ORDINAL, OWN_KEYS, WITH_POINTS, Ballots, Election
from communs.core.standards.pabulib.grouping import merged
from communs.core.standards.pabulib.rows import DELIMITER

_ORDER: Final = {name: place for place, name in enumerate(fields.META)}


def write(election: Election) -> bytes:
    """The file. Keys stand in the order of the format, projects as in the election, ballots in ascending order.

    Voters are numbered from 1. Nothing is invented for keys of META that the election does not have.
    """
    ballots = merged(election.ballots)
    voters = int(ballots.sizes.sum())
    meta = {
        **{name: _one_line(value) for name, value in election.about.items() if name not in OWN_KEYS},
        "num_projects": str(len(election.projects)),
        "num_votes": str(voters),
        "budget": _money(election, election.budget),
        "vote_type": election.kind,
        **({"currency": election.currency} if election.currency else {}),
    }
    out = io.StringIO()
    table = csv.writer(out, delimiter=DELIMITER, lineterminator="\n")
    table.writerows([["META"], ["key", "value"]])
    table.writerows([name, meta[name]] for name in sorted(meta, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)))
    table.writerow(["PROJECTS"])
    table.writerows(_projects(election))
    out.write("VOTES\n")
    out.writelines(_votes(election, ballots))
    return out.getvalue().encode()


def _projects(election: Election) -> Iterator[list[str]]:
    """The header and a line for each project."""
    has_score = election.kind in WITH_POINTS or election.kind == ORDINAL
    voters = voters_by_project(election.ballots, len(election.projects)).tolist()
    scores = score_by_project(election).tolist()
    has_names = any(project.name for project in election.projects)
    yield ["project_id", "cost", "votes", *(["score"] if has_score else []), *(["name"] if has_names else [])]
    for number, project in enumerate(election.projects):
        line = [project.id, _money(election, project.cost), str(voters[number])]
        line += [str(scores[number])] if has_score else []
        yield [*line, _one_line(project.name)] if has_names else line


def _votes(election: Election, ballots: Ballots) -> Iterator[str]:
    """The header and a line for each voter; the projects of most points first."""
    has_points = election.kind in WITH_POINTS
    yield "voter_id;vote;points\n" if has_points else "voter_id;vote\n"
    ids = [project.id for project in election.projects]
    edges, choices, points = ballots.starts.tolist(), ballots.choices.tolist(), ballots.points.tolist()
    voter = 0
    for number, size in enumerate(ballots.sizes.tolist()):
        places = range(edges[number], edges[number + 1])
        if has_points:
            places_by_points = sorted(places, key=lambda place: -points[place])
            given = ",".join(str(points[place]) for place in places_by_points)
            said = f"{','.join(ids[choices[place]] for place in places_by_points)};{given}\n"
        else:
            said = f"{','.join(ids[choices[place]] for place in places)}\n"
        for _ in range(size):
            voter += 1
            yield f"{voter};{said}"


def _money(election: Election, units: int) -> str:
    """An amount; with all its decimals where those are more than the currency's own, so that reading counts them."""
    keep = election.decimals > EXPONENTS.get(election.currency, 0)
    return written(units, election.decimals, keep=keep)


def _one_line(text: str) -> str:
    """A text as a cell can hold it and every program reads it."""
    return " ".join(text.replace("\0", "").split())

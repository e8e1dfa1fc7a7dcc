"""What the file says of its own numbers: how many projects, ballots, votes and points, against what stands there."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from communs.core.standards.pabulib.amounts import amount_of, whole_of
from communs.core.standards.pabulib.election import CUMULATIVE, ORDINAL, Ballots, Election, Ints
from communs.core.standards.pabulib.head import Head
from communs.core.standards.pabulib.parsing import Parsed
from communs.core.standards.pabulib.problems import Problems
from communs.core.standards.pabulib.rows import Broken, Row
from communs.core.standards.pabulib.votes import POINT, Walk


def voters_by_project(ballots: Ballots, projects: int) -> Ints:
    """How many ballots name each project."""
    return _summed(ballots, np.ones(len(ballots.choices), np.int64), projects)


def score_by_project(election: Election) -> Ints:
    """The points that each project got; of a ranking of k projects the first gets k, the last 1."""
    ballots = election.ballots
    points = ballots.points
    if election.kind == ORDINAL:
        lengths = np.diff(ballots.starts)
        place = np.arange(len(ballots.choices)) - np.repeat(ballots.starts[:-1], lengths)
        points = np.repeat(lengths, lengths) - place
    return _summed(ballots, points, len(election.projects))


def examine_counts(parsed: Parsed) -> None:
    """The counts of META, and of every project."""
    _examine_numbers(parsed)
    election, head, problems = parsed.election, parsed.head, parsed.problems
    if election is None:
        return
    places = head.sections["PROJECTS"].places
    if "votes" not in places and "score" not in places:
        problems.tell("no-counts", head.sections["PROJECTS"].line)
    voters = voters_by_project(election.ballots, len(election.projects)).tolist()
    for number, row in enumerate(parsed.rows):
        if "votes" in places:
            _examine_voters(head, row, voters[number], problems)
        _examine_cost(head, row, election, number, problems)
        if not voters[number]:
            project = election.projects[number].id
            problems.tell("no-support", row.line, 1, f"projects.{project}", project=project)
    if "score" in places:
        _examine_scores(parsed, election)


def _examine_voters(head: Head, row: Row, found: int, problems: Problems) -> None:
    text, project = head.cell(row, "votes"), head.cell(row, "project_id")
    place = (row.line, head.column(row, "votes"), f"projects.{project}.votes")
    said = whole_of(text)
    if said is None:
        problems.tell("not-a-count", *place, value=text, found=found)
    elif said != found:
        problems.tell("votes-differ", *place, project=project, said=said, found=found)


def _examine_cost(head: Head, row: Row, election: Election, number: int, problems: Problems) -> None:
    project = election.projects[number]
    place = (row.line, head.column(row, "cost"), f"projects.{project.id}.cost")
    if not project.cost:
        problems.tell("cost-zero", *place, project=project.id)
    if project.cost > election.budget:
        problems.tell("over-budget", *place, project=project.id)


def _examine_numbers(parsed: Parsed) -> None:
    found = {"num_projects": len(parsed.rows)}
    if parsed.election is not None:
        found["num_votes"] = int(parsed.election.ballots.sizes.sum())
    for name, number in found.items():
        key = parsed.head.meta.get(name)
        said = whole_of(key.value) if key else None
        if key and said is not None and said != number:
            code = name.replace("_", "-")
            parsed.problems.tell(code, key.line, key.column, f"meta.{name}", said=said, found=number)


def _examine_scores(parsed: Parsed, election: Election) -> None:
    head = parsed.head
    scores = [Fraction(score, parsed.point_factor) for score in score_by_project(election).tolist()]
    said = [_score_at(head.cell(row, "score")) for row in parsed.rows]
    if election.kind == ORDINAL and said != scores and "points" in head.votes.places:
        scores = _given_points(parsed, len(scores))
    for row, told, found in zip(parsed.rows, said, scores, strict=True):
        project = head.cell(row, "project_id")
        place = (row.line, head.column(row, "score"), f"projects.{project}.score")
        if told is None:
            parsed.problems.tell("not-a-count", *place, value=head.cell(row, "score"), found=found)
        elif told != found:
            parsed.problems.tell("score-differs", *place, project=project, said=told, found=found)


def _score_at(text: str) -> Fraction | None:
    amount = amount_of(text)
    return None if amount is None else Fraction(amount.digits, 10**amount.places)


def _given_points(parsed: Parsed, projects: int) -> list[Fraction]:
    """The points beside rankings, where the file gives them: they may differ from the places."""
    scores = [0] * projects
    try:
        for vote in Walk(parsed.data, parsed.head, parsed.numbers, CUMULATIVE).votes():
            for project, points in zip(vote.choices, vote.points, strict=True):
                scores[project] += points
    except Broken:
        pass  # told where the ballots were read
    return [Fraction(score, POINT) for score in scores]


def _summed(ballots: Ballots, values: Ints, projects: int) -> Ints:
    """By project: the sum of these values of its entries, each as often as the ballot was cast."""
    total = np.zeros(projects, np.int64)
    np.add.at(total, ballots.choices, values * np.repeat(ballots.sizes, np.diff(ballots.starts)))
    return total

"""The outcome that the column `selected` tells, against the budget and the rule that META names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from communs.core.standards.pabulib.amounts import whole_of, written
from communs.core.standards.pabulib.counts import score_by_project, voters_by_project
from communs.core.standards.pabulib.election import Election
from communs.core.standards.pabulib.fields import WITHDRAWN_COST
from communs.core.standards.pabulib.parsing import Parsed

_STRICT: Final = frozenset({"greedy", "greedy-threshold", "greedy-no-skip"})
_FREE: Final = frozenset({"greedy-exclusive", "greedy-custom"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project in the order of its support. `said`: the cell `selected`."""

    number: int
    cost: int
    support: int
    said: str


def examine_outcome(parsed: Parsed) -> None:
    """Whether the selected projects fit the budget, and are those that the rule selects."""
    election, head = parsed.election, parsed.head
    if election is None or not parsed.rows:
        return
    _examine_all_affordable(parsed, election)
    if "selected" not in head.sections["PROJECTS"].places:
        parsed.problems.tell("no-selected", head.sections["PROJECTS"].line)
        return
    listed = _candidates(parsed, election)
    _examine_money(parsed, election, listed)
    rule = head.value("rule")
    threshold = whole_of(head.value("min_project_score_threshold")) or 0
    if rule == "greedy-custom" and head.value("unit") == "Poznań":
        _compare(parsed, listed, _poznan(listed, election.budget), "greedy-custom", counted=("1", "2", "3"))
    elif rule in _STRICT | _FREE:
        skips = rule != "greedy-no-skip"
        _compare(parsed, listed, _greedy(listed, election, threshold, skips=skips), rule)
        _examine_threshold(parsed, listed, threshold)
    else:
        key = head.meta.get("rule")
        parsed.problems.tell("rule-not-checked", key.line if key else 1, 1, "meta.rule", rule=rule)


def _candidates(parsed: Parsed, election: Election) -> list[Candidate]:
    """All projects, those of most support first: by the counts of the file, for it was decided by them."""
    places = parsed.head.sections["PROJECTS"].places
    by_score = "score" in places
    counted = score_by_project(election) if by_score else voters_by_project(election.ballots, len(election.projects))
    found = []
    for number, row in enumerate(parsed.rows):
        said = whole_of(parsed.head.cell(row, "score" if by_score else "votes"))
        support = int(counted[number]) if said is None else said
        project = election.projects[number]
        found.append(Candidate(number, project.cost, support, parsed.head.cell(row, "selected")))
    return sorted(found, key=lambda one: -one.support)


def _greedy(listed: list[Candidate], election: Election, threshold: int, *, skips: bool) -> set[int]:
    """Whom the greedy rule funds; it goes on after a project that is too dear where it `skips`."""
    left, funded = election.budget, set()
    for one in listed:
        if one.support < threshold:
            continue
        if one.cost <= left:
            funded.add(one.number)
            left -= one.cost
        elif not skips and one.cost != _withdrawn(election):
            break
    return funded


def _poznan(listed: list[Candidate], budget: int) -> set[int]:
    """Poznań funds in order until one is too dear, that one too if 80 % of its cost are left; then from a reserve."""
    left, funded = budget, set()
    for one in listed:
        if one.cost > left:
            if 5 * left >= 4 * one.cost:
                funded.add(one.number)
            break
        funded.add(one.number)
        left -= one.cost
    reserve = sum(one.said == "3" for one in listed)
    others = [one.number for one in listed if one.number not in funded]
    return funded | set(others[:reserve])


def _compare(
    parsed: Parsed, listed: Iterable[Candidate], funded: set[int], rule: str, counted: tuple[str, ...] = ("1",)
) -> None:
    prefix = "rule" if rule in _STRICT else "greedy"
    for one in listed:
        is_said, is_meant = one.said in counted, one.number in funded
        if is_said != is_meant:
            code = f"{prefix}-would-fund" if is_meant else f"{prefix}-would-not-fund"
            _tell(parsed, code, one, rule=rule)


def _examine_threshold(parsed: Parsed, listed: Iterable[Candidate], threshold: int) -> None:
    for one in listed:
        if one.said == "1" and one.support < threshold:
            _tell(parsed, "below-threshold", one, said=threshold)


def _examine_money(parsed: Parsed, election: Election, listed: list[Candidate]) -> None:
    chosen = [one for one in listed if one.said == "1"]
    for one in chosen:
        if one.cost == _withdrawn(election):
            _tell(parsed, "withdrawn-selected", one)
    spent = sum(one.cost for one in chosen)
    if spent > election.budget:
        key = parsed.head.meta["budget"]
        said, found = (written(units, election.decimals) for units in (election.budget, spent))
        parsed.problems.tell("selected-over-budget", key.line, key.column, "meta.budget", said=said, found=found)
    rule = parsed.head.value("rule")
    if parsed.head.value("fully_funded") or rule not in (_STRICT | _FREE) - {"greedy-no-skip"}:
        return
    threshold = whole_of(parsed.head.value("min_project_score_threshold")) or 0
    left = election.budget - spent
    for one in listed:
        if one.said == "0" and one.cost <= left and not (threshold and one.support <= threshold):
            _tell(parsed, "unused-budget" if rule in _STRICT else "unused-budget-perhaps", one)
            left -= one.cost


def _examine_all_affordable(parsed: Parsed, election: Election) -> None:
    is_affordable = sum(project.cost for project in election.projects) <= election.budget
    flag = parsed.head.meta.get("fully_funded")
    key = flag or parsed.head.meta["budget"]
    if flag and not is_affordable:
        parsed.problems.tell("not-fully-funded", key.line, key.column, "meta.fully_funded")
    elif is_affordable and not flag:
        parsed.problems.tell("all-affordable", key.line, key.column, "meta.budget")


def _withdrawn(election: Election) -> int:
    return int(WITHDRAWN_COST * 10**election.decimals)


def _tell(parsed: Parsed, code: str, one: Candidate, **values: object) -> None:
    row = parsed.rows[one.number]
    project = parsed.head.cell(row, "project_id")
    place = (row.line, parsed.head.column(row, "selected"), f"projects.{project}.selected")
    parsed.problems.tell(code, *place, project=project, **values)

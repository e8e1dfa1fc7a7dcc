"""An election as it is held: grouped ballots, support by project, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.utilities import Utility, by_entry

PARK = (Project("park", 300), Project("path", 200), Project("tree", 100))


def test_equal_ballots_are_kept_once_with_their_number() -> None:
    election = Instance.from_rows(PARK, 500, [["park", "tree"], ["tree", "park"], ["path"], [], []])

    assert election.voters == 5
    assert sorted(election.sizes.tolist()) == [1, 2, 2]
    assert election.support.voters.tolist() == [2, 1, 2]
    assert [election.ballot(place).tolist() for place in range(3)] == [[0, 2], [1], []]


def test_the_supporters_of_a_project_are_its_ballot_classes() -> None:
    election = Instance.from_rows(PARK, 500, [["park"], ["park", "tree"], ["tree"], ["tree"]])

    assert election.support.of(0).tolist() == [0, 1]
    assert election.support.of(1).tolist() == []
    assert election.support.of(2).tolist() == [1, 2]
    assert election.choices[election.support.entries].tolist() == [0, 0, 2, 2]


def test_a_ranking_keeps_its_order_and_points_of_nought_are_no_support() -> None:
    ranked = Instance.from_rows(PARK, 500, [["tree", "park"], ["park", "tree"]], BallotKind.ORDINAL)
    pointed = Instance.from_rows(PARK, 500, [{"tree": 3, "park": 0}], BallotKind.CUMULATIVE)

    assert [ranked.ballot(place).tolist() for place in range(2)] == [[2, 0], [0, 2]]
    assert pointed.ballot(0).tolist() == [2]
    assert by_entry(ranked, Utility.SCORE).tolist() == [1, 0, 1, 0]
    assert by_entry(pointed, Utility.SCORE).tolist() == [3]


@pytest.mark.parametrize(
    ("projects", "budget", "ballots", "kind", "said"),
    [
        (PARK, 500, [["park", "park"]], "approval", "Ballot 1 names a project twice. Name it once."),
        (PARK, 500, [["park"], ["pond"]], "approval", "Ballot 2 names pond, which is no project"),
        (PARK, 500, [["park", "path"]], "choose-1", "Ballot 1 names 2 projects where one may be chosen."),
        (PARK, 500, [{"park": -1}], "scoring", "Ballot 1 gives negative points. Points are 0 or more."),
        (PARK, 500, [{"park": 1.5}], "scoring", "Ballot 1 gives 1.5 points. Write a whole number."),
        (PARK, 500, [{"park": 2**63}], "scoring", "Ballot 1 gives more than 9223372036854775807 points."),
        (PARK, 500, ["park"], "approval", "Ballot 1 is a text, 'park'. Give a list of ids, also for a single one."),
        ((Project("park", 1.5),), 5, [], "approval", "Project park costs 1.5."),  # type: ignore[arg-type]
        (PARK, 1.5, [], "approval", "The budget is 1.5. Write a whole number."),
        (PARK, -1, [], "approval", "The budget is -1. It must be 0 or more."),
        ((Project("park", -3),), 5, [], "approval", "Project park costs -3. A cost must be 0 or more."),
        ((*PARK, Project("park", 3)), 5, [], "approval", "Project park is listed twice. Keep one of the two."),
        ((Project("park", 2**62),), 1, [], "approval", "pass 4611686018427387904 of the smallest unit"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_place(
    projects: Any, budget: int, ballots: Any, kind: str, said: str
) -> None:
    with pytest.raises(InvalidElection, match=said.replace("(", r"\(")):
        Instance.from_rows(projects, budget, ballots, BallotKind(kind))


def test_a_score_is_not_made_up_where_nobody_gave_one() -> None:
    with pytest.raises(InvalidElection, match="approval ballots give no points"):
        by_entry(Instance.from_rows(PARK, 500, [["park"]]), Utility.SCORE)

"""Rules side by side on one election."""

from __future__ import annotations

from fractions import Fraction

from communs.core.allocation.axioms.prices import prices_of
from communs.core.allocation.comparing import Overlap, compare, effective_support, official_selection
from communs.core.allocation.elections import Instance, Project
from communs.core.allocation.equal_shares import equal_shares
from communs.core.allocation.greedy import greedy

FILE = """META
key;value
description;Village
num_projects;3
num_votes;5
budget;100
vote_type;approval
PROJECTS
project_id;cost;selected
park;60;1
path;30;0
tree;30;1
VOTES
voter_id;vote
1;park,tree
2;park,tree
3;park,tree
4;path
5;path
"""


def village() -> Instance:
    projects = [Project("park", 60), Project("path", 30), Project("tree", 30)]
    return Instance.from_rows(projects, 100, [["park", "tree"]] * 3 + [["path"]] * 2)


def test_each_rule_has_a_column_and_so_has_the_official_decision() -> None:
    shares, support, official = compare(village(), {"shares": equal_shares, "support": greedy}, ["park", "tree"])
    assert (shares.name, shares.selected, shares.cost) == ("shares", ("park", "path"), 90)
    assert (shares.budget_used, shares.served, shares.excluded) == (Fraction(9, 10), 5, 0)
    assert (shares.mean_cost, shares.mean_count) == (Fraction(3 * 60 + 2 * 30, 5), 1)
    assert shares.effective == {"park": 3, "path": 2}
    assert shares.official == Overlap(("park",), ("path",), ("tree",))
    assert (support.selected, support.excluded, support.effective) == (("park", "tree"), Fraction(2, 5), {})
    assert (official.name, official.served) == ("official", 3)


def test_who_pays_less_counts_for_less() -> None:
    projects = [Project("a", 10), Project("b", 15)]
    election = Instance.from_rows(projects, 30, [["a"], ["a", "b"], ["b"]])
    result = equal_shares(election)
    assert result.selected == ("a", "b")
    effective = effective_support(election, result, prices_of(election, result))
    assert effective == {"a": 2, "b": Fraction(15, 10)}


def test_an_election_without_voters_compares_to_nothing() -> None:
    (empty,) = compare(Instance.from_rows([Project("a", 1)], 0, []), {"shares": equal_shares})
    assert (empty.selected, empty.served, empty.excluded, empty.budget_used, empty.official) == ((), 0, 0, 0, None)


def test_the_official_decision_is_read_from_the_file() -> None:
    assert official_selection(FILE.encode()) == ("park", "tree")
    assert official_selection(FILE.replace(";selected", ";votes").encode()) is None
    assert official_selection(FILE.replace("60;1", "60;0").replace("tree;30;1", "tree;30;0").encode()) is None
    assert official_selection(b"no election at all") is None

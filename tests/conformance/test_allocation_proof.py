"""Public elections: results pass the checks that their rules are known for; what others found is found."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from communs.core.allocation.axioms.prices import Fault, breaches, prices_of
from communs.core.allocation.axioms.representation import ejr_plus
from communs.core.allocation.comparing import compare, official_selection
from communs.core.allocation.elections import Instance
from communs.core.allocation.equal_shares import NONE, equal_shares
from communs.core.allocation.explaining import Shares, deciding_equal_shares, misses
from communs.core.allocation.explaining.misses import at_cost, with_supporters
from communs.core.allocation.greedy import greedy
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.reading import from_pb
from communs.core.allocation.utilities import Utility
from communs.core.allocation.welfare import total_utilities, welfare

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "alloc" / "pb"
FILES = sorted(FOLDER.glob("*.pb")) if FOLDER.is_dir() else []
SWIECIE = "Poland_Swiecie_2023"
# What pabutools 1.2.3 answers for it after six minutes.
SWIECIE_MAXIMIN = "c20 c3 c10 c2 c7 c11 c13 c9 c1 c18 c12 c19 c4 c5 c17 c14 c15 c16"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not FILES, reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


@cache
def election(name: str) -> Instance:
    return from_pb((FOLDER / f"{name}.pb").read_bytes())


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_known_guarantees_hold_of_real_results(name: str) -> None:
    instance = election(name)
    for utility in (Utility.COST, Utility.CARDINALITY):
        result = equal_shares(instance, utility)
        assert ejr_plus(instance, result.selected, utility).holds
        assert breaches(instance, result.selected, prices_of(instance, result)) == ()
    result = phragmen(instance)
    assert breaches(instance, result.selected, prices_of(instance, result)) == ()


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_no_rule_has_more_welfare_than_the_most(name: str) -> None:
    instance = election(name)
    most = welfare(instance)
    assert most.parameters["method"] == "exact"
    worth = dict(zip(instance.ids, total_utilities(instance, Utility.COST), strict=True))
    for rule in (equal_shares, phragmen, greedy):
        assert sum(worth[id_] for id_ in rule(instance).selected) <= most.certificate["utility"]


def test_maximin_support_funds_in_swiecie_what_linear_programs_find() -> None:
    result = maximin_support(election(SWIECIE))
    assert " ".join(result.selected) == SWIECIE_MAXIMIN
    found = breaches(election(SWIECIE), result.selected, prices_of(election(SWIECIE), result))
    assert {one.fault for one in found} <= {Fault.LEFT_OVER}


def test_what_was_decided_in_swiecie_is_compared_with_the_rules() -> None:
    official = official_selection((FOLDER / f"{SWIECIE}.pb").read_bytes())
    assert official is not None
    shares, support, decided = compare(election(SWIECIE), {"shares": equal_shares, "support": greedy}, official)
    assert decided.selected == official
    assert shares.official is not None
    assert not shares.official.only_here
    assert shares.excluded < support.excluded


def test_what_projects_in_swiecie_lacked_would_have_funded_them() -> None:
    instance = election(SWIECIE)
    decide = deciding_equal_shares(Utility.COST, NONE, "lexicographic")
    for one in misses(instance, equal_shares(instance), decide):
        number = instance.number_of[one.project]
        assert one.more_voters is not None
        assert one.enough_cost is not None
        assert one.project in decide(with_supporters(instance, number, one.more_voters))
        assert one.project not in decide(with_supporters(instance, number, one.more_voters - 1))
        assert one.project in decide(at_cost(instance, number, one.enough_cost))
        assert one.project not in decide(at_cost(instance, number, one.enough_cost + 1))


def test_the_shares_of_all_voters_in_swiecie_add_up_to_the_costs() -> None:
    instance, result = election(SWIECIE), equal_shares(election(SWIECIE))
    shares = Shares(instance, result)
    paid = dict.fromkeys(result.selected, 0)
    for ballot in range(len(instance.sizes)):
        share = shares.of(ballot)
        for payment in share.payments:
            paid[payment.project] += payment.amount * share.voters
    assert paid == result.amounts

"""Real elections: the same projects in the same order as an independent program, for every rule that it has."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core.allocation.elections import Instance
from communs.core.allocation.equal_shares import NONE, Add1, Utilitarian, equal_shares
from communs.core.allocation.greedy import greedy
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.reading import from_pb
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
ELECTIONS = CORPORA / "alloc"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not ELECTIONS.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]

UTILITIES = {"cost": Utility.COST, "card": Utility.CARDINALITY, "score": Utility.SCORE, "borda": Utility.SCORE}
KNOWN = {
    (path.stem, rule): found
    for path in sorted((ELECTIONS / "reference").glob("*.json"))
    for rule, found in json.loads(path.read_text(encoding="utf-8"))["rules"].items()
    if "selected" in found  # some were given up after a time
}


@cache
def election(name: str) -> Instance:
    return from_pb((ELECTIONS / "pb" / f"{name}.pb").read_bytes())


def decided(name: str, rule: str, known: dict[str, Any]) -> Result:
    """The result of our rule of that name. The step of Add1 was given in units of the currency."""
    if rule == "phragmen":
        return phragmen(election(name))
    family, utility, *completed = rule.split("_")
    if family == "greedy":
        return greedy(election(name), UTILITIES[utility])
    completion = {"util": Utilitarian(), "add1": Add1(step=Fraction(known["inc"]))}
    return equal_shares(election(name), UTILITIES[utility], completion[completed[0]] if completed else NONE)


@pytest.mark.parametrize(("name", "rule"), KNOWN, ids=" ".join)
def test_the_outcome_is_that_of_the_reference(name: str, rule: str) -> None:
    """Of Phragmén's rule the reference keeps the set, sorted by id; of the others the order in which they were chosen.

    The reference would fund projects that nobody supports where money is left. In these elections there are none.
    """
    known = KNOWN[name, rule]
    assert election(name).voters == int(known["n"])
    assert min(election(name).support.voters) > 0
    result = decided(name, rule, known)
    selected = sorted(result.selected) if rule == "phragmen" else list(result.selected)
    assert selected == known["selected"]
    assert Fraction(sum(result.amounts.values()), 10 ** election(name).decimals) == Fraction(known["total_cost"])


def test_there_are_references_for_each_rule() -> None:
    assert len(KNOWN) > 100
    assert len({rule for _name, rule in KNOWN}) == 13

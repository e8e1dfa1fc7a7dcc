"""Real elections: read as the plain way reads them, written and read back, judged as the scan judged them."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from communs.core.allocation.elections import Instance
from communs.core.allocation.reading import from_pb, to_pb
from communs.core.standards.checking import check
from communs.core.standards.documents import Document
from communs.core.standards.pabulib import read, repair

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FILES = sorted((CORPORA / "alloc" / "pb").glob("*.pb"))
NAMES = [path.stem for path in FILES]

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not FILES, reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


@cache
def quality() -> dict[str, dict[str, str]]:
    with (CORPORA / "alloc" / "pabulib_quality.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def plainly(data: bytes) -> tuple[list[Fraction], Counter[tuple[tuple[str, int], ...]]]:
    """Costs and ballots, every line by itself with the csv module."""
    section, header, kind = "", [], ""
    places: dict[str, int] = {}
    costs, ballots = [], Counter[tuple[tuple[str, int], ...]]()
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    for row in rows:
        if row[0] in {"META", "PROJECTS", "VOTES"}:
            section, header = row[0], next(rows)
            continue
        cells = dict(zip(header, row, strict=False))
        if section == "META" and row[0] == "vote_type":
            kind = row[1]
        elif section == "PROJECTS":
            places[cells["project_id"]] = len(costs)
            costs.append(Fraction(cells["cost"]))
        elif section == "VOTES":
            named = cells["vote"].split(",")
            points = map(int, cells["points"].split(",")) if kind in {"cumulative", "scoring"} else [1] * len(named)
            pairs = list(zip(named, points, strict=True))
            once = [pair for place, pair in enumerate(pairs) if pair[0] not in named[:place] and pair[1]]
            ballots[tuple(once if kind == "ordinal" else sorted(once, key=lambda pair: places[pair[0]]))] += 1
    return costs, ballots


def ballots_of(election: Instance) -> Counter[tuple[tuple[str, int], ...]]:
    found: Counter[tuple[tuple[str, int], ...]] = Counter()
    points = [1] * len(election.choices) if election.points is None else election.points.tolist()
    for number, size in enumerate(election.sizes.tolist()):
        places = range(int(election.starts[number]), int(election.starts[number + 1]))
        found[tuple((election.ids[election.choices[place]], points[place]) for place in places)] += size
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_an_election_is_what_its_lines_say_and_survives_writing(path: Path) -> None:
    data = path.read_bytes()
    election = from_pb(data)
    costs, ballots = plainly(data)
    assert [Fraction(cost, 10**election.decimals) for cost in election.costs] == costs
    assert ballots_of(election) == ballots
    again = from_pb(to_pb(election))
    assert ballots_of(again) == ballots
    assert (again.projects, again.budget, again.decimals) == (election.projects, election.budget, election.decimals)
    assert (again.kind, again.currency, again.about) == (election.kind, election.currency, election.about)
    assert to_pb(again) == to_pb(election)
    # What we write has no fault that the file did not have.
    assert {problem.code for problem in read(to_pb(election)).problems if problem.severity != "note"} == set()


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_check_finds_what_the_scan_of_the_whole_set_found(path: Path) -> None:
    data = path.read_bytes()
    document = check(data, path.name).document
    assert document is not None
    found = Counter(problem.code for problem in document.problems)
    known = quality()[path.name]
    assert document.records[0]["voters"] == int(known["votes"])
    assert document.records[0]["vote_type"] == known["vote_type"]
    for code, column in {
        "named-twice": "dup_in_ballot",
        "voter-twice": "dup_voter",
        "project-unknown": "unknown_project",
        "ballot-empty": "empty",
        "project-twice": "dup_project",
        "over-budget": "cost_gt_budget",
        "cost-zero": "cost_zero",
        "no-support": "unsupported",
    }.items():
        assert found[code] == int(known[column]), code
    assert bool(found["num-votes"]) is (known["num_votes_mismatch"] == "True")
    assert bool(found["num-projects"]) is (known["num_projects_mismatch"] == "True")
    assert_only_spaces_are_wrong(document)


def assert_only_spaces_are_wrong(document: Document) -> None:
    """The public checker finds nothing in these files but spaces in the lists of one, and neither do we."""
    assert {problem.code for problem in document.problems if problem.severity != "note"} <= {"list-spaces"}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_repair_leaves_sound_files_as_they_are(path: Path) -> None:
    data = path.read_bytes()
    if read(data).is_valid:
        assert repair(data).encode() == data
    else:
        assert read(repair(data)).is_valid

"""Elections from files: what the file says, exactly, in every notation; and back into a file that says the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.reading import ballot_of, from_csv, from_json, from_pb, read_pb, to_pb

Ballot = tuple[tuple[str, int], ...]
IDS = st.text(st.sampled_from("abcżŁ019 _-/."), min_size=1, max_size=12).filter(lambda id_: id_ == id_.strip())


def said(election: Instance) -> tuple[Any, ...]:
    """What an election says, whatever the order of its ballots."""
    ballots: Counter[Ballot] = Counter()
    points = [1] * len(election.choices) if election.points is None else election.points.tolist()
    for number, size in enumerate(election.sizes.tolist()):
        places = range(int(election.starts[number]), int(election.starts[number + 1]))
        ballots[tuple((election.ids[election.choices[place]], points[place]) for place in places)] += size
    return election.kind, election.projects, election.budget, election.decimals, election.currency, ballots


def plainly_read(data: bytes) -> Counter[Ballot]:
    """The slow way: every line by itself, with the csv module."""
    section, header, ballots = "", [], Counter[Ballot]()
    ids: list[str] = []
    kind = ""
    rows = csv.reader(io.StringIO(data.decode()), delimiter=";")
    for row in rows:
        if row[0] in {"META", "PROJECTS", "VOTES"}:
            section, header = row[0], next(rows)
            continue
        cells = dict(zip(header, row, strict=False))
        if section == "META" and row[0] == "vote_type":
            kind = row[1]
        elif section == "PROJECTS":
            ids.append(cells["project_id"])
        elif section == "VOTES":
            named = [id_ for id_ in cells["vote"].split(",") if id_]
            points = [int(given) for given in cells["points"].split(",")] if cells.get("points") else [1] * len(named)
            pairs = dict(reversed(list(zip(named, points, strict=True))))  # of two mentions the first one counts
            kept = [(id_, pairs[id_]) for id_ in dict.fromkeys(named) if pairs[id_]]
            ballots[tuple(kept if kind == "ordinal" else sorted(kept, key=lambda pair: ids.index(pair[0])))] += 1
    return ballots


@st.composite
def elections(draw: st.DrawFn) -> Instance:
    kind = draw(st.sampled_from(list(BallotKind)))
    ids = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    projects = [
        Project(id_, draw(st.integers(0, 10**9)), draw(st.sampled_from(["", "A; B", 'say "no"']))) for id_ in ids
    ]
    most = 1 if kind is BallotKind.CHOOSE_1 else len(ids)
    chosen = st.lists(st.sampled_from(ids), max_size=most, unique=True)
    if kind.has_points:
        ballot: Any = chosen.flatmap(lambda named: st.fixed_dictionaries({id_: st.integers(1, 9) for id_ in named}))
    else:
        ballot = chosen
    return Instance.from_rows(
        projects,
        draw(st.integers(0, 10**9)),
        draw(st.lists(ballot, max_size=12)),
        kind,
        decimals=draw(st.sampled_from([2, 3])),
        currency="EUR",
        about={"unit": "Łódź", "rule": "unknown"},
    )


@settings(max_examples=150, deadline=None)
@given(elections())
def test_what_is_written_reads_back_equal_and_as_the_plain_way_reads_it(election: Instance) -> None:
    data = to_pb(election)
    again = from_pb(data)
    assert said(again) == said(election)
    assert again.about == election.about
    assert said(again)[-1] == plainly_read(data)
    assert to_pb(again) == data
    assert again.sha256 == election.sha256 == hashlib.sha256(data).hexdigest()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_quick_way_and_the_careful_way_agree(data: st.DataObject) -> None:
    """A blank line among them sends all ballots through the careful way."""
    election = data.draw(elections())
    written = to_pb(election)
    before, _, last = written.rstrip().rpartition(b"\n")
    careful = from_pb(before + b"\n\n" + last)
    assert said(careful) == said(from_pb(written))
    assert careful.starts.tolist() == from_pb(written).starts.tolist()
    assert careful.choices.tolist() == from_pb(written).choices.tolist()


def test_the_same_election_gives_the_same_bytes_whatever_the_order_of_its_ballots() -> None:
    projects = [Project("park", 300), Project("path", 200)]
    ballots = [["park"], ["path", "park"], [], ["park", "path"]]
    first, second = Instance.from_rows(projects, 500, ballots), Instance.from_rows(projects, 500, ballots[::-1])
    assert to_pb(first) == to_pb(second)
    assert first.sha256 == second.sha256
    assert to_pb(first).decode() == (
        "META\nkey;value\nnum_projects;2\nnum_votes;4\nbudget;500\nvote_type;approval\n"
        "PROJECTS\nproject_id;cost;votes\npark;300;3\npath;200;2\n"
        "VOTES\nvoter_id;vote\n1;\n2;park\n3;park,path\n4;park,path\n"
    )
    assert to_pb(replace(first, budget=501)) != to_pb(first)


def pb(
    kind: str, ballots: str, *, header: str = "voter_id;vote", meta: str = "budget;500", costs: str = "1,2,3"
) -> bytes:
    projects = "".join(f"{id_};{cost}\n" for id_, cost in zip("abc", costs.split(","), strict=True))
    return (
        f"META\nkey;value\nvote_type;{kind}\n{meta}\nPROJECTS\nproject_id;cost\n{projects}VOTES\n{header}\n{ballots}"
    ).encode()


@pytest.mark.parametrize(
    ("kind", "header", "ballots", "expected"),
    [
        ("approval", "voter_id;vote", "1;c,a\n2;a,c\n3;b\n", {(("a", 1), ("c", 1)): 2, (("b", 1),): 1}),
        ("choose-1", "voter_id;vote", "1;a\n2;a\n", {(("a", 1),): 2}),
        ("ordinal", "voter_id;vote", "1;c,a\n2;a,c\n", {(("c", 1), ("a", 1)): 1, (("a", 1), ("c", 1)): 1}),
        ("ordinal", "voter_id;vote;points", "1;c,a;2,1\n", {(("c", 1), ("a", 1)): 1}),
        ("cumulative", "voter_id;vote;points", "1;c,a;3,1\n2;a,c;1,3\n", {(("a", 1), ("c", 3)): 2}),
        ("scoring", "voter_id;sex;vote;points", "1;F;b,a;5,0\n", {(("b", 5),): 1}),
        ("scoring", "voter_id;vote;points", "1;b,a;1.5,2\n", {(("a", 20), ("b", 15)): 1}),
        ("approval", "vote;voter_id", "a;1\nc,b;2\n", {(("a", 1),): 1, (("b", 1), ("c", 1)): 1}),
        ("approval", "voter_id;vote", "1;a,b,a\n2;\n3;a, b\n", {(("a", 1), ("b", 1)): 2, (): 1}),
        ("ordinal", "voter_id;vote", "1;c,a,c\n", {(("c", 1), ("a", 1)): 1}),
        ("cumulative", "voter_id;vote;points", "1;a,b,a;1,2,3\n", {(("a", 1), ("b", 2)): 1}),
        ("choose-1", "voter_id;vote", "1;a,b\n", {(("a", 1), ("b", 1)): 1}),
    ],
)
def test_every_kind_of_ballot_is_read(kind: str, header: str, ballots: str, expected: dict[Ballot, int]) -> None:
    election = from_pb(pb(kind, ballots, header=header))
    assert dict(said(election)[-1]) == expected


@pytest.mark.parametrize(
    ("meta", "costs", "budget", "cost", "decimals"),
    [
        ("budget;500", "1,2,3", 500, 1, 0),
        ("budget;500\ncurrency;EUR", "1,2,3", 50_000, 100, 2),
        ("budget;500\ncurrency;eur", "1.5,2,3", 50_000, 150, 2),
        ("budget;500,5\ncurrency;JPY", "1,2,3", 5_005, 10, 1),
        ("budget;500\ncurrency;EUR", "1.234,2,3", 500_000, 1_234, 3),
        ("budget;1 000 000", "1,2,3", 1_000_000, 1, 0),
        ("budget;500\ncurrency;XYZ", "1.25,2,3", 50_000, 125, 2),
    ],
)
def test_money_is_exact_in_the_smallest_unit_that_occurs(
    meta: str, costs: str, budget: int, cost: int, decimals: int
) -> None:
    election = from_pb(pb("approval", "1;a\n", meta=meta, costs=costs))
    assert (election.budget, election.costs[0], election.decimals) == (budget, cost, decimals)


def test_other_keys_of_the_file_are_kept_and_its_hash_is_that_of_its_bytes() -> None:
    data = pb("approval", "1;a\n", meta="unit;Łódź\nbudget;500\ncolour;green")
    election = from_pb(data)
    assert election.about == {"unit": "Łódź", "colour": "green"}
    assert election.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", r"^1:1: The section META is missing\. Write a line META"),
        (b"\xff\xfe", "^1:1: The section META is missing"),
        (pb("approval", "1;a\n2;d\n"), r"^13:3: The ballot of voter 2 names d, which is no project of PROJECTS\. List"),
        (pb("approval", "1;a\n", costs="1,x,3"), r"^8:3: “projects\.b\.cost” is “x”, no number .*\. Write digits"),
        (pb("approval", "1;a\n", costs="1,,3"), r"^8:3: Project b has no cost\. Write its cost\.$"),
        (pb("approval", "1;a\n", costs="1,-2,3"), r"^8:3: .* less than nothing\. Write 0 or more\.$"),
        (pb("approval", "1;a\n", meta="budget;1e9"), "^4:8: “meta.budget” is “1e9”"),
        (pb("approval", "1;a\n", meta="budget;nan"), "^4:8: “meta.budget” is “nan”"),
        (pb("approval", "1;a\n", meta="unit;x"), r"^2:1: “budget” is missing\. Add a line budget"),
        (pb("guess", "1;a\n"), r"^3:1: “guess” is no kind of ballot\. Write for vote_type one of: approval"),
        (pb("cumulative", "1;a\n"), r"^11:1: The column “points” of VOTES is missing\. Add"),
        (pb("cumulative", "1;a,b;2\n", header="voter_id;vote;points"), "^12:7: .* names 2 projects and gives 1 points"),
        (pb("cumulative", "1;a;-2\n", header="voter_id;vote;points"), "^12:5: .* gives “-2” points"),
        (pb("cumulative", "1;a;1000000\n", header="voter_id;vote;points"), "^12:5: .* gives “1000000” points"),
        (pb("approval", "1;a\n").replace(b"\nb;2", b"\na;2"), "^8:1: Project a is listed a second time"),
        (pb("approval", "1;a\n", meta="budget;99999999999999999", costs="1.25,2,3"), "^4:8: Costs and budget together"),
    ],
)
def test_what_is_not_certain_is_refused_with_line_and_remedy(data: bytes, told: str) -> None:
    with pytest.raises(InvalidElection, match=told):
        from_pb(data)


def test_what_can_be_counted_all_the_same_is_told_beside_the_election() -> None:
    meta = "budget;500\nmax_length;1\nnum_votes;7"
    reading = read_pb(pb("approval", "1;a,b\n2;b,b\n2;\n", meta=meta))
    assert reading.instance.voters == 3
    assert reading.instance.support.voters.tolist() == [1, 2, 0]
    told = {problem.code: problem.line for problem in reading.problems}
    assert (told["too-long"], told["named-twice"], told["voter-twice"], told["ballot-empty"]) == (15, 15, 16, 16)
    assert told["num-votes"] == 6
    assert "no-support" in told


def test_long_ids_many_projects_and_long_ballots_are_read_as_well() -> None:
    projects = [Project(f"project-number-{number}", 1) for number in range(300)]
    ballots = [[project.id for project in projects[start::7]] for start in range(7)] * 2
    election = Instance.from_rows(projects, 5, ballots)
    again = from_pb(to_pb(election))
    assert said(again) == said(election)
    assert again.sizes.tolist() == [2] * 7


def test_the_ballot_of_one_voter_is_found_by_its_id() -> None:
    data = pb("cumulative", "7;c,a;2.5,1\n8;b;3\n", header="voter_id;vote;points")
    assert ballot_of(data, "7") == {"c": 25, "a": 10}
    assert ballot_of(pb("ordinal", "7;c,a\n"), "7") == {"c": 1, "a": 1}
    with pytest.raises(InvalidElection, match="Nobody of the id '9' votes in this file"):
        ballot_of(data, "9")


PROJECTS = "project;cost;name\npark;300;A park\ntree;99.50;A tree\n"


@pytest.mark.parametrize(
    ("ballots", "kind", "expected"),
    [
        ("voter,project\nana,park\nben,tree\nana,tree\ncem,\n", "approval", {("park", "tree"): 1, ("tree",): 1, (): 1}),
        ("project\tvoter\nb\tana\n".replace("b\t", "park\t"), "approval", {("park",): 1}),
        ("voter;project;rank\nana;park;2\nana;tree;1\n", "ordinal", {("tree", "park"): 1}),
    ],
)
def test_two_plain_tables_make_an_election(ballots: str, kind: str, expected: dict[tuple[str, ...], int]) -> None:
    election = from_csv(PROJECTS, ballots.encode(), "500.00", currency="EUR")
    assert election.kind == kind
    assert (election.budget, election.costs, election.projects[0].name) == (50_000, (30_000, 9_950), "A park")
    found = {tuple(id_ for id_, _points in ballot): size for ballot, size in said(election)[-1].items()}
    assert found == expected


def test_a_table_with_points_makes_scores_or_what_is_asked_for() -> None:
    table = "voter;project;points\nana;park;3\nana;tree;0\n"
    scored = from_csv(PROJECTS, table, 500)
    assert scored.kind is BallotKind.SCORING
    assert said(scored)[-1] == {(("park", 3),): 1}
    assert from_csv(PROJECTS, table, 500, BallotKind.CUMULATIVE).kind is BallotKind.CUMULATIVE


@pytest.mark.parametrize(
    ("projects", "ballots", "told"),
    [
        (PROJECTS, "voter;project\nana;pond\n", "Ballot 1 names pond"),
        (PROJECTS, "voter;choice\nana;park\n", "ballots, line 1: the column “project” is missing"),
        ("project;price\n", "voter;project\n", "projects, line 1: the column “cost” is missing"),
        (PROJECTS.replace("99.50", "1,000"), "voter;project\n", "projects, line 3: '1,000' is no amount"),
        (PROJECTS, "voter;project\nana;park\nana;park\n", "ballots, line 3: 'ana' names 'park' a second time"),
        (PROJECTS, "voter;project;points\nana;park;x\n", "ballots, line 2: 'x' is no whole number"),
        (PROJECTS, "voter;project;rank\nana;park;1\nana;tree;1\n", "ballots: 'ana' gives two projects the same rank"),
        ("project;cost\npark;1;2\n", "voter;project\n", "projects, line 2: This line has 3 cells"),
        (PROJECTS.replace("tree", "a,b"), "voter;project\n", "Project 2 has the id 'a,b'. Write an id without comma"),
    ],
)
def test_a_table_that_cannot_be_counted_is_refused_with_its_line(projects: str, ballots: str, told: str) -> None:
    with pytest.raises(InvalidElection, match=told):
        from_csv(projects, ballots, 500)


def test_a_json_document_makes_the_same_election_as_a_file() -> None:
    document = {
        "budget": "500.00",
        "currency": "EUR",
        "kind": "cumulative",
        "about": {"unit": "Example"},
        "projects": [{"id": "park", "cost": 300, "name": "A park"}, {"id": 7, "cost": 99.5}],
        "ballots": [{"park": 3, "7": 1}, {"7": 2}, {}],
    }
    election = from_json(json.dumps(document))
    assert said(from_pb(to_pb(election))) == said(election)
    assert (election.costs, election.budget, election.about) == ((30_000, 9_950), 50_000, {"unit": "Example"})


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("[1]", "The document is no object"),
        ('{"budget": 1', "^1:13: This is no JSON"),
        ('{"budget": NaN, "projects": [], "ballots": []}', "NaN is no number"),
        ('{"budget": 1e3, "projects": [], "ballots": []}', "budget: '1e3' is no amount"),
        ('{"budget": -1, "projects": [], "ballots": []}', "budget: '-1' is no amount"),
        ('{"budget": true, "projects": [], "ballots": []}', "budget: True is no amount"),
        ('{"projects": [], "ballots": []}', "budget: None is no amount"),
        ('{"budget": 1, "ballots": []}', "projects: there is no list"),
        ('{"budget": 1, "budget": 2}', "'budget' stands twice"),
        ('{"budget": 1, "colour": 2}', "'colour' is no key of an election"),
        ('{"budget": 1, "projects": [1], "ballots": []}', r"projects\[0\]: 1 is no object"),
        ('{"budget": 1, "projects": [{"id": 1.5, "cost": 1}], "ballots": []}', r"projects\[0\].id: '1.5' is no text"),
        ('{"budget": 1, "kind": "guess", "projects": [], "ballots": []}', "kind: 'guess' is no kind of ballot"),
        ('{"budget": 1, "kind": [], "projects": [], "ballots": []}', r"kind: \[\] is no kind of ballot"),
        ('{"budget": 1, "projects": [], "ballots": [{}]}', r"ballots\[0\]: {} is no list"),
        ('{"budget": 1, "kind": "scoring", "projects": [], "ballots": [[]]}', r"ballots\[0\]: \[\] gives no points"),
        (
            '{"budget": 1, "kind": "scoring", "projects": [{"id": "a", "cost": 1}], "ballots": [{"a": 1.5}]}',
            "'1.5' is no",
        ),
        ('{"budget": 1, "projects": [], "ballots": [["a"]]}', "Ballot 1 names a"),
        ('{"budget": 1, "about": {"unit": 3}, "projects": [], "ballots": []}', "about.unit: 3 is no text"),
        ("[" * 100_000, "nested too deep"),
        ('{"budget": ' + "9" * 5_000 + "}", "a number is too long"),
        (b"\xff", "Byte 1 is no UTF-8"),
    ],
)
def test_a_json_document_that_cannot_be_counted_is_refused_with_its_place(document: str | bytes, told: str) -> None:
    with pytest.raises(InvalidElection, match=told):
        from_json(document)

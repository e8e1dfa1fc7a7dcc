"""Contributions from rows, tables and ballots; what is wrong in a table is named with its line and a remedy."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.amounts import Amounts, Repeated
from communs.core.allocation.amounts_csv import from_csv
from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project

TABLE = b"donor,project,amount\nana,maps,12.50\nben,maps,3\nana,food,1\n"


def listed(amounts: Amounts) -> list[tuple[str, str, int]]:
    return [
        (amounts.people[person], amounts.projects[project], amount)
        for person, project, amount in zip(
            amounts.person.tolist(), amounts.project.tolist(), amounts.amount.tolist(), strict=True
        )
    ]


def test_gifts_of_a_person_to_a_project_add_up_and_proposals_must_not() -> None:
    rows = [("ana", "maps", 5), ("ana", "maps", 7)]
    assert listed(Amounts.from_rows(rows)) == [("ana", "maps", 12)]
    with pytest.raises(InvalidElection, match=r"Row 2: ana names maps a second time\. Keep one of the two\."):
        Amounts.from_rows(rows, repeated=Repeated.REFUSE)


def test_a_table_is_read_in_the_smallest_unit() -> None:
    amounts = from_csv(TABLE)
    assert listed(amounts) == [("ana", "maps", 1250), ("ana", "food", 100), ("ben", "maps", 300)]
    assert amounts.sums == (1550, 100)
    assert len(amounts.sha256) == 64


@pytest.mark.parametrize(
    "data",
    [
        TABLE.replace(b",", b";"),
        TABLE.replace(b",", b"\t"),
        TABLE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + TABLE,
        TABLE.replace(b"maps", b'"maps"'),
        b"amount,note,project,donor\n12.5,x,maps,ana\n3,,maps,ben\n1.00,,food,ana\n",
    ],
)
def test_the_usual_spellings_of_a_table_give_the_same(data: bytes) -> None:
    assert sorted(listed(from_csv(data))) == sorted(listed(from_csv(TABLE)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Line 1: there is no column donor, only nothing"),
        (b"who,project,amount\n", "Line 1: there is no column donor, only who, project, amount. Name the columns"),
        (TABLE + b"ben,food\n", "Line 5: “” is no amount"),
        (TABLE + b"ben,food,1,2\n", "Line 5: This line has 4 cells, the header has 3"),
        (TABLE + b",food,1\n", "Line 5: the donor is missing. Write one, or remove the line"),
        (TABLE + b"ben,,1\n", "Line 5: the project is missing"),
        (TABLE + b"ben,food,a lot\n", "Line 5: “a lot” is no amount. Write digits and a point"),
        (TABLE + b"ben,food,-1\n", "Line 5: “-1” is no amount"),
        (TABLE + b"ben,food,1.234\n", "Line 5: “1.234” has more than 2 decimals"),
        (TABLE + b'ben,"food,1\n', "Line 5: “” is no amount"),
        (TABLE + b"ben,food," + b"9" * 30 + b"\n", "Line 5: “999.* is no amount"),
        (TABLE + b"ben,food," + b"9" * 17 + b"\n" + b"cleo,food," + b"9" * 17 + b"\n", "Use a larger unit"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        from_csv(data)


def test_where_projects_are_listed_no_others_may_be_named() -> None:
    with pytest.raises(InvalidElection, match="Line 4: Row 3 names food, which is no project"):
        from_csv(TABLE, projects=["maps"])


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_end_in_amounts_or_in_words(noise: bytes) -> None:
    for data in (noise, TABLE + noise):
        with suppress(InvalidElection):
            from_csv(data)


def test_the_ballots_of_an_election_are_amounts_of_each_voter() -> None:
    projects = [Project("b", 10), Project("a", 10)]
    points = Instance.from_rows(projects, 10, [{"a": 3}, {"b": 2, "a": 1}, {"a": 3}, {}], BallotKind.CUMULATIVE)
    amounts = Amounts.from_instance(points)
    assert len(amounts.people) == 4
    assert sorted((project, amount) for _person, project, amount in listed(amounts)) == [
        ("a", 1), ("a", 3), ("a", 3), ("b", 2),
    ]  # fmt: skip
    assert amounts.sums == (2, 7)
    ranked = Instance.from_rows(projects, 10, [["b", "a"]], BallotKind.ORDINAL)
    assert listed(Amounts.from_instance(ranked)) == [("1", "b", 1), ("1", "a", 1)]
    nobody = Amounts.from_instance(Instance.from_rows(projects, 10, []))
    assert (len(nobody.people), nobody.sums) == (0, (0, 0))


def test_amounts_too_large_to_add_up_are_refused() -> None:
    with pytest.raises(InvalidElection, match="Use a larger unit"):
        Amounts.from_rows([("a", "x", 2**61), ("b", "x", 2**61), ("c", "x", 1)])


def test_the_entries_of_a_group_are_in_order() -> None:
    amounts = Amounts.from_rows([("b", "y", 1), ("a", "x", 2), ("b", "x", 3), ("a", "y", 4)])
    assert [amounts.amount[amounts.by_project[number]].tolist() for number in range(2)] == [[1, 4], [3, 2]]
    assert np.array_equal(amounts.by_person[0], [0, 1])

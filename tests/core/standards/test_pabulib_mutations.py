"""Whatever an election file has become: an answer with places and remedies, soon, and never a traceback."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.reading import from_pb, to_pb
from communs.core.standards.pabulib import read, repair
from communs.testing.hangs import no_hang

APPROVAL = "META\nkey;value\nnum_projects;2\nnum_votes;3\nbudget;10.5\nvote_type;approval\ncurrency;EUR\nmax_length;2\n"
APPROVAL += 'PROJECTS\nproject_id;cost;votes;name\npark;3;2;Zieleń\ntree;1,5;2;"A;""B"\n'
APPROVAL += "VOTES\nvoter_id;vote;age\n1;park,tree;27\n2;tree;\n3;park;18-25\n"
POINTS = APPROVAL.replace("approval", "cumulative").replace(";age", ";points").replace(";27", ";2,1")
POINTS = POINTS.replace("2;tree;\n", "2;tree;1.5\n").replace("18-25", "3")
RANKED = APPROVAL.replace("approval", "ordinal").replace("tree;27", "tree;2")
SEEDS = [APPROVAL, POINTS, RANKED, APPROVAL.replace("approval", "choose-1").replace("park,tree", "park")]
PIECES = [
    *(
        "",
        '"',
        ";",
        "\n",
        "\r",
        "\0",
        ",",
        "é",
        "-",
        ".",
        " ",
        "9" * 30,
        "VOTES\n",
        "META\n",
        "PROJECTS\n",
        "park,park",
    ),
    *("\u2028", "\ufeff", "1e3", "nan", "tree", "0", "999999999"),
]


def answer_is_sound(data: bytes) -> None:
    """Reading, checking, writing and repairing agree with each other."""
    document = read(data)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for found in document.problems:
        assert 1 <= found.line <= lines + 1
        assert found.column >= 1
        assert found.render()
    if not document.records:
        assert not document.is_valid
        with pytest.raises(InvalidElection, match=r"^\d+:\d+: "):
            from_pb(data)
    else:
        election = from_pb(data)
        again = from_pb(to_pb(election))
        assert (again.voters, again.budget, again.projects) == (election.voters, election.budget, election.projects)
    mended = repair(data)
    assert repair(mended) == mended
    assert len(read(mended).records) >= len(document.records)
    assert read(mended).is_valid or not document.is_valid


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_changed_letter_or_line_never_ends_in_a_traceback(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 3)) :]
    answer_is_sound(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 300))
def test_any_bytes_anywhere_are_survived(noise: bytes, at: int) -> None:
    data = APPROVAL.encode()
    answer_is_sound(data[:at] + noise + data[at:])
    answer_is_sound(noise)


def test_lines_in_any_order_are_survived() -> None:
    chance = random.Random(5)  # noqa: S311
    for _ in range(300):
        lines = chance.choice(SEEDS).splitlines(keepends=True)
        for _ in range(3):
            lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
        answer_is_sound("".join(lines[: chance.randrange(1, len(lines) + 1)]).encode())


HEAD = APPROVAL[: APPROVAL.index("1;park")].encode()
HOSTILE = {
    "100 MB": b"x" * 100_000_000,
    "100 MB of NUL": HEAD + b"\0" * 100_000_000,
    "one line": b"META;" + b"x;" * 10_000_000,
    "a quote that never ends": HEAD + b'"' + b"1;park\n" * 500_000,
    "a cell without end": HEAD + b"1;" + b"park," * 500_000,
    "a ballot with all projects many times": HEAD + b"1;" + b"park,tree," * 90_000 + b"\n",
    "spaces everywhere": HEAD + b" ;" * 400_000,
    "columns without end": b"META\nkey;value\nPROJECTS\n" + b"cost;" * 300_000 + b"\nVOTES\n" + b"vote;" * 300_000,
    "a category many times": HEAD[: HEAD.index(b"VOTES")].replace(b"name", b"category") + b"p;1;1;" + b"a," * 400_000,
    "sections without end": b"META\nPROJECTS\nVOTES\n" * 50_000,
    "line ends only": b"\r" * 1_000_000,
    "keys without end": b"META\nkey;value\n" + b"".join(b"k%d;v\n" % number for number in range(100_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_take_too_much_is_answered_soon(name: str) -> None:
    with no_hang():
        document = read(HOSTILE[name])
    assert not document.is_valid
    assert document.problems[0].say_fix()
    with no_hang(), suppress(InvalidElection):
        from_pb(HOSTILE[name])
    with no_hang():
        repair(HOSTILE[name])

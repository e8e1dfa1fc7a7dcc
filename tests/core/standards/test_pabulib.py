"""Elections in the format of Pabulib: every fault is told with its line, what is sure is repaired, nothing else."""

from __future__ import annotations

import pytest

from communs.core.standards.checking import check
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample, by_name, recognise
from communs.core.standards.pabulib import read, repair
from communs.core.standards.pabulib.words import WORDS

APPROVAL = """\
META
key;value
description;Example vote
country;Poland
unit;Example
instance;2026
num_projects;3
num_votes;4
budget;500
vote_type;approval
rule;greedy
date_begin;01.10.2026
date_end;31.10.2026
min_length;1
max_length;2
min_sum_cost;50
max_sum_cost;500
language;en
currency;EUR
PROJECTS
project_id;cost;votes;name;category;selected
park;300;3;A park;green;1
path;200;2;A path;streets,green;1
tree;100;1;A tree;green;0
VOTES
voter_id;vote;age;sex;voting_method
1;park,path;27;M;internet
2;park;18-25;F;paper
3;park,path;;O;internet
4;tree;40;;paper
"""
POINTS = """\
META
key;value
description;Example vote
country;Poland
unit;Example
instance;2026
num_projects;3
num_votes;3
budget;500
vote_type;cumulative
rule;greedy
date_begin;01.10.2026
date_end;31.10.2026
min_length;1
max_length;3
min_points;1
max_points;5
min_sum_points;3
max_sum_points;6
PROJECTS
project_id;cost;votes;score;selected
park;300;3;9;1
path;200;2;4;1
tree;100;1;1;0
VOTES
voter_id;vote;points
1;park,path,tree;3,2,1
2;park;3
3;park,path;3,2
"""
CHOOSE = APPROVAL.replace("approval", "choose-1").replace("park,path", "park").replace("path;200;2", "path;200;0")


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def changed(text: str, *edits: tuple[str, str]) -> str:
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def test_a_sound_file_has_no_problems_and_sums_up_its_election() -> None:
    assert read(APPROVAL).problems == read(POINTS).problems == ()
    (record,) = read(APPROVAL).records
    assert record == {
        "description": "Example vote",
        "country": "Poland",
        "unit": "Example",
        "instance": "2026",
        "rule": "greedy",
        "vote_type": "approval",
        "projects": 3,
        "voters": 4,
        "budget": "500",
        "currency": "EUR",
    }


FAULTS: dict[str, tuple[str, list[tuple[str, str]], int]] = {
    # code: the file, what is changed in it, the line on which it must be told
    "nul": (APPROVAL, [("A park", "A\0 park")], 22),
    "line-ends": (APPROVAL, [("Example vote\n", "Example vote\r\n")], 3),
    "blank-line": (APPROVAL, [("PROJECTS\n", "\nPROJECTS\n")], 20),
    "broken-file": (APPROVAL, [("A park", "x" * 1_100_000)], 22),
    "cell-over-lines": (APPROVAL, [("A park", '"A\npark"')], 22),
    "no-section": (APPROVAL, [("META\n", ""), ("key;value\n", "")], 28),
    "section-twice": (APPROVAL, [("PROJECTS\n", "META\nkey;value\nunit;Other\nPROJECTS\n")], 20),
    "section-name": (APPROVAL, [("4;tree", "votes;tree")], 30),
    "section-order": (
        APPROVAL,
        [(APPROVAL, APPROVAL[APPROVAL.index("PROJECTS") :] + APPROVAL[: APPROVAL.index("PROJECTS")])],
        6,
    ),
    "before-section": (APPROVAL, [("META\n", "Hello\nMETA\n")], 1),
    "meta-header": (APPROVAL, [("key;value\n", "")], 2),
    "no-header": (APPROVAL, [(APPROVAL[APPROVAL.index("voter_id") :], "")], 25),
    "column-missing": (APPROVAL, [("project_id;cost", "project_id;price")], 21),
    "no-voter-column": (APPROVAL, [("voter_id", "voter")], 26),
    "column-first": (APPROVAL, [("voter_id;vote", "vote;voter_id")], 26),
    "column-twice": (APPROVAL, [("name;category", "name;name")], 21),
    "column-unknown": (APPROVAL, [("category", "colour")], 21),
    "column-order": (APPROVAL, [("age;sex", "sex;age")], 26),
    "extra-cells": (APPROVAL, [("A tree;green;0", "A tree;green;0;1")], 24),
    "spaces": (APPROVAL, [("A park", " A park")], 22),
    "list-spaces": (APPROVAL, [("park,path;27", "park, path;27")], 27),
    "key-empty": (APPROVAL, [("unit;", ";")], 5),
    "key-twice": (APPROVAL, [("unit;Example", "unit;Other\nunit;Example")], 6),
    "key-unknown": (APPROVAL, [("language;", "colour;")], 18),
    "key-order": (APPROVAL, [("country;Poland\nunit;Example", "unit;Example\ncountry;Poland")], 4),
    "key-missing": (APPROVAL, [("unit;Example\n", "")], 2),
    "budget-missing": (APPROVAL, [("budget;500\n", "")], 2),
    "value-empty": (APPROVAL, [("unit;Example", "unit;")], 5),
    "vote-type-missing": (APPROVAL, [("vote_type;approval\n", "")], 2),
    "vote-type": (APPROVAL, [("approval", "approbation")], 10),
    "not-whole": (APPROVAL, [("max_length;2", "max_length;two")], 15),
    "not-one": (APPROVAL, [("currency;EUR", "currency;EUR\nfully_funded;2")], 20),
    "rule-unknown": (APPROVAL, [("rule;greedy", "rule;generous")], 11),
    "country-unknown": (APPROVAL, [("Poland", "Utopia")], 4),
    "language-unknown": (APPROVAL, [("language;en", "language;english")], 18),
    "currency-unknown": (APPROVAL, [("currency;EUR", "currency;euro")], 19),
    "not-a-date": (APPROVAL, [("31.10.2026", "31.11.2026")], 13),
    "date-order": (APPROVAL, [("31.10.2026", "30.09.2026")], 13),
    "num-projects": (APPROVAL, [("num_projects;3", "num_projects;4")], 7),
    "num-votes": (APPROVAL, [("num_votes;4", "num_votes;40")], 8),
    "limit-too-high": (APPROVAL, [("max_length;2", "max_length;4")], 15),
    "limits-cross": (APPROVAL, [("min_length;1", "min_length;3")], 15),
    "choose-1-limit": (CHOOSE, [], 15),
    "choose-1-meant": (APPROVAL, [("max_length;2", "max_length;1")], 15),
    "limit-of-other-kind": (APPROVAL, [("max_sum_cost;500", "max_points;3")], 17),
    "no-sum-of-points": (POINTS, [("max_sum_points;6\n", "")], 2),
    "comment-numbers": (APPROVAL, [("currency;EUR", "currency;EUR\ncomment;Hello")], 20),
    "comment-order": (APPROVAL, [("currency;EUR", "currency;EUR\ncomment;#1: Hello #3: you")], 20),
    "threshold-unsaid": (APPROVAL, [("rule;greedy", "rule;greedy-threshold")], 11),
    "threshold-unmeant": (APPROVAL, [("language;", "min_project_score_threshold;1\nlanguage;")], 11),
    "custom-unsaid": (APPROVAL, [("rule;greedy", "rule;greedy-custom")], 11),
    "no-projects": (APPROVAL, [(APPROVAL[APPROVAL.index("park;300") : APPROVAL.index("VOTES")], "")], 21),
    "no-project-id": (APPROVAL, [("tree;100", ";100")], 24),
    "project-id": (APPROVAL, [("tree;100", '"tr,ee";100')], 24),
    "project-twice": (APPROVAL, [("tree;100", "park;100")], 24),
    "cost-missing": (APPROVAL, [("tree;100", "tree;")], 24),
    "not-a-number": (APPROVAL, [("tree;100", "tree;1,000")], 24),
    "negative": (APPROVAL, [("budget;500", "budget;-500")], 9),
    "money-too-large": (APPROVAL, [("budget;500", "budget;99999999999999999")], 9),
    "limit-no-number": (APPROVAL, [("max_sum_cost;500", "max_sum_cost;much")], 17),
    "comma-decimals": (APPROVAL, [("tree;100", "tree;100,5")], 24),
    "grouped-number": (APPROVAL, [("budget;500", "budget;1 000 000")], 9),
    "cost-zero": (APPROVAL, [("tree;100", "tree;0")], 24),
    "over-budget": (APPROVAL, [("tree;100", "tree;501")], 24),
    "no-support": (APPROVAL, [("4;tree", "4;park")], 24),
    "not-a-count": (APPROVAL, [("tree;100;1", "tree;100;one")], 24),
    "votes-differ": (APPROVAL, [("tree;100;1", "tree;100;2")], 24),
    "score-differs": (POINTS, [("tree;100;1;1", "tree;100;1;2")], 24),
    "no-counts": (APPROVAL, [("cost;votes", "cost;subunit")], 21),
    "no-selected": (APPROVAL, [("category;selected", "category;public_id")], 21),
    "selected-value": (APPROVAL, [("green;0", "green;4")], 24),
    "cell-empty": (APPROVAL, [("A tree", "")], 24),
    "coordinate": (APPROVAL, [("name;category", "latitude;longitude"), ("A tree;green", "91;0")], 22),
    "half-a-place": (APPROVAL, [("name;category", "latitude;longitude"), ("A tree;green", "9;")], 24),
    "one-place": (
        APPROVAL,
        [("name;category", "latitude;longitude"), ("A park;green", "9;9"), ("A path;streets,green", "9;9"),
         ("A tree;green", "9;9")],
        22,
    ),
    "renamed-column": (APPROVAL, [("category", "target")], 21),
    "value-twice": (APPROVAL, [("streets,green", "green,green")], 23),
    "values-alike": (APPROVAL, [("streets,green", "Green")], 23),
    "value-not-used": (APPROVAL, [("language;", "categories;green,streets,water\nlanguage;")], 18),
    "value-not-declared": (APPROVAL, [("language;", "categories;green\nlanguage;")], 24),
    "selected-over-budget": (APPROVAL, [("green;0", "green;1")], 9),
    "all-affordable": (APPROVAL, [("budget;500", "budget;600")], 9),
    "not-fully-funded": (APPROVAL, [("currency;EUR", "currency;EUR\nfully_funded;1")], 20),
    "withdrawn-selected": (APPROVAL, [("park;300", "park;999999999")], 22),
    "unused-budget": (APPROVAL, [("green;1\ntree", "green;0\ntree")], 23),
    "unused-budget-perhaps": (
        APPROVAL, [("rule;greedy", "rule;greedy-exclusive"), ("green;1\ntree", "green;0\ntree")], 23
    ),
    "rule-would-fund": (APPROVAL, [("streets,green;1", "streets,green;0")], 23),
    "rule-would-not-fund": (APPROVAL, [("A tree;green;0", "A tree;green;1")], 24),
    "greedy-would-fund": (
        APPROVAL, [("rule;greedy", "rule;greedy-exclusive"), ("streets,green;1", "streets,green;0")], 23
    ),
    "greedy-would-not-fund": (
        APPROVAL, [("rule;greedy", "rule;greedy-exclusive"), ("A tree;green;0", "A tree;green;1")], 24
    ),
    "below-threshold": (
        APPROVAL,
        [("rule;greedy", "rule;greedy-threshold"), ("language;", "min_project_score_threshold;3\nlanguage;")],
        24,
    ),
    "rule-not-checked": (APPROVAL, [("rule;greedy", "rule;equalshares")], 11),
    "no-votes": (APPROVAL, [(APPROVAL[APPROVAL.index("1;park,path") :], "")], 26),
    "voter-twice": (APPROVAL, [("4;tree", "3;tree")], 30),
    "no-voter-id": (APPROVAL, [("4;tree", ";tree")], 30),
    "ballot-empty": (APPROVAL, [("4;tree", "4;")], 30),
    "named-twice": (APPROVAL, [("2;park", "2;park,park")], 28),
    "project-unknown": (APPROVAL, [("4;tree", "4;pond")], 30),
    "gap": (APPROVAL, [("park,path;27", "park,,path;27")], 27),
    "more-than-one": (CHOOSE, [("4;tree", "4;tree,park")], 30),
    "too-long": (APPROVAL, [("4;tree", "4;tree,park,path")], 30),
    "too-short": (APPROVAL, [("min_length;1", "min_length;2")], 28),
    "cost-too-high": (APPROVAL, [("max_sum_cost;500", "max_sum_cost;499.99")], 27),
    "cost-too-low": (APPROVAL, [("min_sum_cost;50", "min_sum_cost;100.01")], 30),
    "points-missing": (POINTS, [("2;park;3", "2;park;")], 28),
    "points-unmeant": (
        APPROVAL, [("voter_id;vote;age", "voter_id;vote;points"), ("4;tree;40", "4;tree;1")], 27
    ),
    "points-number": (POINTS, [("3;park,path;3,2", "3;park,path;3")], 29),
    "points-value": (POINTS, [("2;park;3", "2;park;-3")], 28),
    "points-scaled": (POINTS, [("2;park;3", "2;park;3.5")], 1),
    "points-too-low": (POINTS, [("min_points;1", "min_points;2")], 27),
    "points-too-high": (POINTS, [("2;park;3", "2;park;6")], 28),
    "sum-too-low": (POINTS, [("2;park;3", "2;park;2")], 28),
    "sum-too-high": (POINTS, [("max_sum_points;6", "max_sum_points;5")], 27),
    "points-order": (POINTS, [("3;park,path;3,2", "3;path,park;2,3")], 29),
    "never-full": (APPROVAL, [("max_length;2", "max_length;3")], 15),
    "always-one": (APPROVAL, [("1;park,path", "1;park"), ("3;park,path", "3;park")], 15),
    "age": (APPROVAL, [("tree;40", "tree;old")], 30),
    "sex": (APPROVAL, [("27;M", "27;W")], 27),
    "voting-method": (APPROVAL, [("40;;paper", "40;;pigeon")], 30),
}  # fmt: skip
ELSEWHERE = {"not-utf8", "byte-order-mark", "too-many-projects"}


def test_every_kind_of_problem_is_tried() -> None:
    assert FAULTS.keys() | ELSEWHERE == WORDS.keys()


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_is_told_on_its_line_with_a_remedy(code: str) -> None:
    text, edits, line = FAULTS[code]
    document = read(changed(text, *edits))
    found = [problem for problem in document.problems if problem.code == code]
    assert [problem.line for problem in found][:1] == [line], document.problems
    assert found[0].say_fix()
    assert document.is_valid is not any(problem.severity == "error" for problem in document.problems)
    # Whatever is wrong, the election is either counted or said to be uncountable.
    assert bool(document.records) is not any(WORDS[problem.code].is_fatal for problem in document.problems)


def test_files_in_other_encodings_are_read_and_told() -> None:
    accented = APPROVAL.replace("A park", "Zieleń, żółć")
    marked = read(accented.encode("utf-8-sig"))
    assert (codes(marked), marked.is_valid) == (["byte-order-mark"], True)
    for encoding in ("cp1252", "utf-16"):
        document = read(APPROVAL.replace("A park", "Forêt").encode(encoding))
        assert codes(document) == ["not-utf8"]
        assert document.records


def test_empty_lines_are_told_wherever_they_stand() -> None:
    assert read(APPROVAL.removesuffix("\n")).problems == ()
    for text, line in ((APPROVAL + "\n\n", 31), (changed(APPROVAL, ("3;park", "\n\n3;park")), 29)):
        (found,) = read(text).problems
        assert (found.code, found.line, found.values) == ("blank-line", line, {"count": "2"})


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u2003"])
@pytest.mark.parametrize("ballot", ["{} 4;tree", "4{};tree", "4;{}tree", "4;tree{}"])
def test_blanks_around_a_cell_are_told_and_belong_to_no_id(ballot: str, blank: str) -> None:
    spaced = ballot.replace(" ", "").format(blank)
    document = read(changed(APPROVAL, ("4;tree", spaced)))
    assert [(found.code, found.line) for found in document.problems] == [("spaces", 30)]
    assert repair(changed(APPROVAL, ("4;tree", spaced))) == APPROVAL


def test_of_each_kind_a_hundred_are_told_and_the_others_counted() -> None:
    ballots = "".join(f"{voter};park,park;27;M;paper\n" for voter in range(10, 260))
    document = read(APPROVAL + ballots)
    assert codes(document).count("named-twice") == 101
    last = [problem for problem in document.problems if problem.code == "named-twice"][-1]
    assert (last.line, last.say()) == (131, "150 more problems of the kind “named-twice” follow.")


def test_a_project_that_a_ballot_names_twice_counts_once() -> None:
    text = changed(APPROVAL, ("2;park", "2;park,park"), ("park;300;3", "park;300;4"))
    document = read(text)
    assert codes(document) == ["votes-differ", "named-twice"]
    assert not document.is_valid
    mended = repair(text)
    assert mended == APPROVAL


def test_a_file_is_recognised_by_its_first_line_then_by_its_name() -> None:
    for text in (APPROVAL, APPROVAL.replace("\n", "\r\n"), "\ufeff" + APPROVAL, APPROVAL.replace("META", "meta;;")):
        found = recognise(text.encode())
        assert found is not None
        assert found.name == "pabulib"
    named = by_name("vote.pb")
    assert named is not None
    assert named.name == "pabulib"
    assert recognise(b"metadata: yes\n") is None
    assert not named.module.recognise(Sample("METAL;x\n"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("budget;500", "budget;500,00"),
        ("budget;500", "budget; 500"),
        ("max_sum_cost;500", "max_sum_cost;1 000"),
        ("approval", "Approval"),
        ("EUR", "eur"),
        ("park,path;27", "park , path;27"),
        ("park,path;27", "park,,path,;27"),
        ("park,path;27", "park,path,park;27"),
        ("PROJECTS\n", "\n\nPROJECTS;;;\n"),
        ("key;value\n", ""),
        ("\nVOTES\n", "\n\n\nvotes\n"),
        ("category;selected", "target;selected"),
    ],
)
def test_what_is_sure_is_repaired_and_nothing_else_is_touched(before: str, after: str) -> None:
    broken = changed(APPROVAL, (before, after))
    mended = repair(broken)
    kept = [line for line in mended.splitlines() if line not in APPROVAL.splitlines()]
    assert len(kept) <= 1
    assert read(mended).is_valid
    assert repair(mended) == mended


@pytest.mark.parametrize(
    "edit", [("num_votes;4", "num_votes;5"), ("tree;100;1", "tree;100;2"), ("4;tree", "4;pond"), ("4;tree", "3;tree")]
)
def test_what_somebody_has_to_decide_stays(edit: tuple[str, str]) -> None:
    broken = changed(APPROVAL, edit)
    assert repair(broken) == broken


def test_unchanged_lines_stay_letter_by_letter() -> None:
    text = changed(APPROVAL, ("A park", '"A ""large"" park"'), ("budget;500", "budget;500,0"))
    assert repair(text) == text.replace("500,0", "500.0")


def test_a_points_ballot_loses_the_points_of_a_second_mention() -> None:
    text = changed(POINTS, ("3;park,path;3,2", "3;park,path,park;3,2,1"), ("park;300;3;9", "park;300;4;10"))
    assert repair(text) == POINTS


def test_check_gives_the_same_verdict_under_any_name() -> None:
    assert check(APPROVAL.encode(), "vote.pb").is_valid
    wrong = check(APPROVAL.encode(), "funding.json")
    assert [found.code for found in wrong.problems] == ["other-format"]
    assert [found.code for found in check(b"", "vote.pb").problems] == ["empty-file"]


def test_rankings_are_counted_with_the_points_of_their_places_or_those_given() -> None:
    ordinal = changed(POINTS, ("cumulative", "ordinal"))
    assert [code for code in codes(read(ordinal)) if "differ" in code] == []
    bare = "\n".join(
        line.rpartition(";")[0] if line[:2] in {"1;", "2;", "3;"} or line.startswith("voter_id") else line
        for line in ordinal.splitlines()
    )
    # Of one project the first place is worth 1, of two 2 and 1.
    assert [problem.values["found"] for problem in read(bare).problems if problem.code == "score-differs"] == ["6", "3"]

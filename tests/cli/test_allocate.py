"""`communs allocate`: from elections and tables of amounts to who receives what."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main
from communs.core.allocation import equal_shares, from_json, from_pb

KEYS = {
    *("selected", "amounts", "rule", "parameters", "input_sha256", "currency", "decimals", "rounds", "ties"),
    *("certificate", "file", "notes"),
}
OPTIONS: list[tuple[str, list[str]]] = [
    ("mes", ["--utility", "cardinality", "--completion", "add1", "--step", "1/100", "--step-of", "endowment"]),
    ("mes", ["--completion", "add1-utilitarian", "--start", "floor", "--stop", "overspent", "--step", "0.5"]),
    ("mes", ["--completion", "utilitarian"]),
    ("mes", ["--completion", "phragmen", "--overshoot", "skip"]),
    ("phragmen", ["--overshoot", "skip", "--ties", "hash:spring"]),
    ("greedy", ["--per", "project", "--no-room", "stop", "--votes-min", "4", "--utility", "cardinality"]),
    ("maximin", []),
    ("proportional", ["--by", "voters", "--up-to-costs"]),
    ("lottery", ["--seed", "drawn in public"]),
    ("welfare", ["--utility", "cardinality"]),
]
BROKEN = {
    "a cost that is no number": (("park;600", "park;6oo"), ":9:6: ", "Write digits"),
    "a negative cost": (("park;600", "park;-600"), ":9:6: ", "less than nothing"),
    "a budget beyond all measure": (("budget;1000", "budget;" + "9" * 5000), ":4:8: ", "Write digits"),
    "a project that is not there": (("v8;library", "v8;libary"), ":22:4: ", "no project"),
    "no projects": (("park;600;A park for the old town;1\n", ""), ":", "park"),
}


def test_a_vote_is_counted_by_equal_shares_as_the_library_does(document: Any, vote: str) -> None:
    found = document("allocate", vote)
    result = equal_shares(from_pb(Path(vote).read_bytes()))
    assert found == {**json.loads(result.to_json()), "file": vote, "notes": []}
    assert set(found) == KEYS
    assert found["selected"] == ["park", "library"]


@pytest.mark.parametrize(("rule", "options"), OPTIONS, ids=lambda one: one if isinstance(one, str) else " ".join(one))
def test_every_rule_takes_its_options(document: Any, vote: str, rule: str, options: list[str]) -> None:
    found = document("allocate", vote, "--rule", rule, *options)
    assert set(found) == KEYS
    assert sum(found["amounts"].values()) <= 100_000
    said = json.dumps(found["parameters"])
    for option, value in pairwise(options):
        if option.startswith("--") and option != "--step":
            assert value in said


def test_several_files_are_one_list_in_their_order(document: Any, vote: str, points: str) -> None:
    found = document("allocate", points, vote, points)
    assert [one["file"] for one in found] == [points, vote, points]
    assert found[0] == found[2]


def test_a_file_that_cannot_be_counted_is_told_and_the_others_are_counted(capsys: Any, vote: str, save: Any) -> None:
    broken = save("broken.pb", Path(vote).read_text(encoding="utf-8").replace(";600;", ";x;"))
    assert main(["allocate", broken, vote, "--json"]) == 1
    printed = capsys.readouterr()
    assert [one["file"] for one in json.loads(printed.out)] == [vote]
    assert f"{broken}:9:6: " in printed.err


def test_standard_input_is_read_and_progress_stays_off_standard_output(process: Any, vote: str) -> None:
    done = process("allocate", "-", "--json", stdin=Path(vote).read_bytes())
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"] == "standard input"
    assert done.stdout.count(b"\n") == 1


@pytest.mark.parametrize("options", [["--rule", "mes", "--completion", "add1"], ["--rule", "maximin"]])
def test_the_bytes_are_the_same_under_any_hash_seed(process: Any, vote: str, options: list[str]) -> None:
    runs = {process("allocate", vote, *options, "--json", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "4242")}
    assert len(runs) == 1
    assert json.loads(runs.pop())["selected"]


def test_the_text_says_who_receives_what_and_how_much_is_left(capsys: Any, vote: str) -> None:
    assert main(["allocate", vote]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "A small vote: equal-shares-1, utility cost, completion name none, ties lexicographic"
    assert lines[1] == "  600 EUR  park  A park for the old town"
    assert lines[-1] == "2 of 4 projects, 900 EUR of 1\u202f000 EUR."


def test_a_tie_is_told_with_whether_it_matters(capsys: Any, save: Any) -> None:
    tied = save("tied.json", '{"budget": 1, "projects": [{"id": "a", "cost": 1}, {"id": "b", "cost": 1}], '
                '"ballots": [["a"], ["b"]]}')  # fmt: skip
    assert main(["allocate", tied, "--rule", "greedy"]) == 0
    assert "Tie in round 1: a, b; a won. Another choice changes the result." in capsys.readouterr().out


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_line_and_remedy(capsys: Any, vote: str, save: Any, name: str) -> None:
    (old, new), place, said = BROKEN[name]
    path = save("broken.pb", Path(vote).read_text(encoding="utf-8").replace(old, new))
    assert main(["allocate", path, "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{path}{place}" in printed.err
    assert said in printed.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "section META is missing"),
        ("META\nkey;value\nbudget;5\nvote_type;approval\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n", ":"),
        ('{"budget": 5,', ":1:14: This is no JSON"),
        ("[]", "is no object"),
        ('{"budget": -5, "projects": [], "ballots": []}', "budget"),
        ('{"budget": 5, "projects": [{"id": "a", "cost": 1}], "ballots": [["b"]]}', "Ballot 1 names b"),
    ],
)
def test_what_is_no_election_is_said_or_funds_nothing(capsys: Any, save: Any, content: str, said: str) -> None:
    code = main(["allocate", save("bad", content), "--json"])
    printed = capsys.readouterr()
    assert code == 1 or json.loads(printed.out)["selected"] == []
    assert code == 0 or said in printed.err


def test_a_vote_without_voters_funds_nothing(document: Any, vote: str, save: Any) -> None:
    text = Path(vote).read_text(encoding="utf-8")
    path = save("nobody.pb", text[: text.index("v1;")])
    for rule in ("mes", "phragmen", "greedy", "maximin", "proportional", "welfare"):
        assert sum(document("allocate", path, "--rule", rule)["amounts"].values()) == 0


@pytest.mark.parametrize("name", ["/nowhere/vote.pb", "/dev/zero", "/", "nul\0l.pb"])
def test_what_is_no_file_is_refused_at_once(capsys: Any, name: str) -> None:
    assert main(["allocate", name]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{name} ")
    assert "Name" in said or "Check the path" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rule", "phragmen", "--completion", "add1"], "phragmen takes no completion. It takes overshoot, ties."),
        (["--rule", "greedy", "--seed", "x"], "greedy takes no seed"),
        (["--step", "2"], "step belongs to the completion add1, not to none."),
        (["--rule", "lottery"], "needs a seed"),
        (["--ties", "coin"], "'coin' is no order of ties. Write lexicographic, or hash:SEED."),
        (["--pot", "5"], "mes counts ballots and takes no pot"),
        (["--utility", "score"], "give no points"),
        (["--budget", "5"], "give --projects too"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(capsys: Any, vote: str, options: list[str], said: str) -> None:
    assert main(["allocate", vote, *options]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


@pytest.mark.parametrize(
    "options",
    [
        ["--rule", "dictator"],
        ["--completion", "add1", "--step", "0"],
        ["--completion", "add1", "--step", "1e999999999"],
        ["--rule", "greedy", "--votes-min", "-1"],
        ["--rule", "greedy", "--votes-min", "9" * 5000],
        ["--rule", "quadratic", "--pot", "-1"],
        ["--rule", "quadratic", "--pot", "1", "--columns", "a,b"],
        ["--rule", "quadratic", "--pot", "1", "--decimals", "99"],
    ],
)
def test_a_wrong_command_line_ends_with_two(vote: str, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["allocate", vote, *options])
    assert ended.value.code == 2


def test_json_is_told_by_what_is_in_it(document: Any, save: Any) -> None:
    text = (
        '\ufeff \n{"budget": 500, "currency": "EUR", "projects": [{"id": "tree", "cost": 99.5}], "ballots": [["tree"]]}'
    )
    found = document("allocate", save("vote.txt", text))
    assert found["amounts"] == {"tree": 9950}
    assert found["input_sha256"] == from_json(text.encode()).sha256


def test_two_tables_are_an_election(document: Any, save: Any, capsys: Any) -> None:
    projects = save("projects.csv", "project;cost;name\npark;300;A park\ntree;99.50;A tree\n")
    ballots = save("ballots.csv", "voter;project\nana;park\nana;tree\nben;tree\ncem;\n")
    tables = ("--projects", projects, "--budget", "350")
    assert document("allocate", ballots, *tables, "--currency", "eur")["amounts"] == {"tree": 9950}
    assert main(["allocate", ballots, "--projects", projects]) == 1
    assert main(["allocate", ballots, "--projects", projects, "--budget", "many"]) == 1
    assert "give --budget too" in capsys.readouterr().err


@pytest.mark.parametrize("variant", ["standard", "pairwise:25", "profile-clusters", "connected-clusters"])
def test_a_pot_is_matched_to_gifts(document: Any, gifts: str, variant: str) -> None:
    found = document("allocate", gifts, "--rule", "quadratic", "--pot", "100", "--variant", variant)
    assert set(found) == KEYS
    assert found["parameters"]["pot"] == 10_000
    assert found["decimals"] == 2
    assert found["parameters"]["variant"]["name"] == variant.partition(":")[0]
    assert found["amounts"]["solo"] == 0


def test_limits_are_in_the_unit_of_the_table(document: Any, gifts: str) -> None:
    options = ("--pot", "100", "--minimum", "2.50", "--cap", "10.50", "--floor", "1", "--surplus", "spend")
    found = document("allocate", gifts, "--rule", "quadratic", *options)
    assert found["amounts"] == {"maps": 1050, "solo": 100, "wiki": 100}
    assert found["parameters"]["minimum"] == 250


def test_the_median_of_proposals_is_granted(document: Any, gifts: str, capsys: Any) -> None:
    asked = ("allocate", gifts, "--rule", "median", "--pot", "100")
    assert document(*asked, "--quorum", "2")["amounts"] == {"maps": 300, "solo": 0, "wiki": 100}
    assert document(*asked, "--quantile", "1")["amounts"] == {"maps": 226, "solo": 9050, "wiki": 724}
    assert document(*asked, "--middle", "mean", "--absent", "zero")["amounts"] == {"maps": 100, "solo": 0, "wiki": 0}
    assert main(list(asked)) == 0
    assert capsys.readouterr().out.startswith(f"{gifts}: median-1, pot 10000")


def test_other_columns_and_decimals_can_be_named(document: Any, save: Any) -> None:
    path = save("gifts.tsv", "who\twhat\thow much\nana\tmaps\t100\nben\tmaps\t100\n")
    read = ("--columns", "who,what,how much", "--decimals", "0")
    assert document("allocate", path, "--rule", "quadratic", "--pot", "150", *read)["amounts"] == {"maps": 150}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rule", "quadratic"], "Say how much is in it"),
        (["--rule", "quadratic", "--pot", "1", "--quantile", "0.5"], "quadratic takes no quantile"),
        (["--rule", "quadratic", "--pot", "1", "--utility", "cost"], "quadratic takes no utility"),
        (["--rule", "quadratic", "--pot", "1", "--variant", "pairwise"], "pairwise is no variant"),
        (["--rule", "quadratic", "--pot", "1", "--variant", "pairwise:0"], "M is 0"),
        (["--rule", "quadratic", "--pot", "0.001"], "pot: 0.001 has more than 2 decimals"),
        (["--rule", "quadratic", "--pot", "1", "--floor", "2"], "Lower the floors"),
        (["--rule", "quadratic", "--pot", "1", "--budget", "2"], "reads one table"),
        (["--rule", "median", "--pot", "1", "--quantile", "2"], "between 0 and 1"),
        (["--rule", "median", "--pot", "1", "--columns", "a,b,c"], "there is no column a"),
    ],
)
def test_a_pot_that_cannot_be_divided_so_is_refused(capsys: Any, gifts: str, options: list[str], said: str) -> None:
    assert main(["allocate", gifts, *options]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_a_gift_that_is_no_amount_is_refused_with_its_line(capsys: Any, save: Any) -> None:
    path = save("gifts.csv", "donor,project,amount\nana,maps,5\nben,maps,-3\n")
    assert main(["allocate", path, "--rule", "quadratic", "--pot", "1"]) == 1
    assert f"{path}: Line 3: “-3” is no amount." in capsys.readouterr().err


DOUBTFUL = """\
META
key;value
budget;500
vote_type;approval
max_length;2
PROJECTS
project_id;cost
park;300
tree;99.5
big;900
lone;5
VOTES
voter_id;vote
1;park,tree,park
2;tree
2;big
"""


@pytest.mark.parametrize("verb", ["allocate", "explain", "compare", "report"])
def test_how_doubtful_things_were_taken_is_told_with_the_result(
    capsys: Any, save: Any, tmp_path: Path, verb: str
) -> None:
    path = save("doubtful.pb", DOUBTFUL)
    more = {"explain": ["--lang", "en"], "report": ["-o", str(tmp_path / "out"), "--lang", "en"]}.get(verb, [])
    assert main([verb, path, *more]) == 0
    said = capsys.readouterr().err
    for words in (
        f"{path}:10:5: Project big costs more than the whole budget",
        f"{path}:11:1: Nobody voted for project lone.",
        f"{path}:14:3: The ballot of voter 1 names project park twice; it was counted once.",
        f"{path}:14:3: The ballot of voter 1 names 3 projects, more than the 2 allowed; it was counted.",
        f"{path}:16:1: Voter 2 stands here a second time; both ballots were counted.",
    ):
        assert words in said


def test_the_same_notes_are_in_the_document_as_check_gives_them(document: Any, save: Any, capsys: Any) -> None:
    path = save("doubtful.pb", DOUBTFUL)
    notes = document("allocate", path)["notes"]
    assert [one["code"] for one in notes] == ["over-budget", "no-support", "named-twice", "too-long", "voter-twice"]
    main(["check", path, "--json", "--lang", "en"])
    problems = json.loads(capsys.readouterr().out)[0]["problems"]
    assert all(one in problems for one in notes)


def test_many_notes_of_a_kind_are_a_few_lines(capsys: Any, save: Any) -> None:
    path = save("empty.pb", DOUBTFUL + "".join(f"x{number};\n" for number in range(250)))
    assert main(["allocate", path]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert sum("names no project" in line for line in lines) == 3
    assert lines[-1] == f"{path}: and 98 more of these kinds. communs check tells all."


def test_an_election_of_another_format_tells_what_can_never_be_funded(document: Any, save: Any) -> None:
    path = save("a.json", '{"budget": 1, "projects": [{"id": "a", "cost": 2}], "ballots": [["a"]]}')
    [note] = document("allocate", path)["notes"]
    assert (note["code"], note["line"]) == ("over-budget", 0)


def test_what_a_file_says_is_no_command_to_the_terminal(capsys: Any, save: Any) -> None:
    text = DOUBTFUL.replace("cost\n", "cost;name\n").replace("99.5", "99.5;A \x1b[31mtree")
    assert main(["allocate", save("red.pb", text)]) == 0
    assert main(["allocate", save("red.pb", DOUBTFUL + "3;\x1b[31m\n")]) == 1
    printed = capsys.readouterr()
    assert "A \ufffd[31mtree" in printed.out
    assert "\x1b" not in printed.out + printed.err


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_terminal_without_accents_gets_the_nearest_letters_and_data_stays_whole(
    process: Any, save: Any, vote: str, environment: dict[str, str]
) -> None:
    path = save("œuvre.pb", Path(vote).read_text(encoding="utf-8").replace("A park", "Un été → œuvre 公"))
    text = process("allocate", path, **environment)
    assert text.returncode == 0
    assert b"park  Un ete -> oeuvre ? for the old town\n" in text.stdout
    assert b"900 EUR of 1 000 EUR." in text.stdout
    for verb in (["explain", path, "--lang", "fr"], ["compare", path], ["check", path, "--lang", "fr"]):
        done = process(*verb, **environment)
        assert b"Traceback" not in done.stderr
        assert done.stdout.isascii()
    found = json.loads(process("check", path, "--json", "--lang", "fr", **environment).stdout.decode("utf-8"))
    assert "é" in json.dumps(found, ensure_ascii=False)

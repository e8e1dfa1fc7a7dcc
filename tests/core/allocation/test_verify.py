"""The verifier: it holds of what the engine gives, and finds whatever is changed in a result afterwards."""

from __future__ import annotations

import ast
import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.allocation import verify
from communs.core.allocation.elections import BallotKind, Instance, Project
from communs.core.allocation.equal_shares import (
    NONE,
    Add1,
    Add1Utilitarian,
    Completion,
    PhragmenCompletion,
    Start,
    StepOf,
    Utilitarian,
    equal_shares,
)
from communs.core.allocation.greedy import NoRoom, Per, greedy
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import Stop, phragmen
from communs.core.allocation.reading import from_pb
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility

PROJECTS = [Project("park", 90), Project("lights", 120), Project("path", 150), Project("pool", 150), Project("sign", 0)]
BALLOTS = (
    [["park", "path", "pool"]] * 3
    + [["park", "pool"]] * 4
    + [["path", "sign"]] * 3
    + [["park", "lights"]] * 2
    + [["lights"]]
)
DATA = Instance.from_rows(PROJECTS, 420, BALLOTS).to_pb()
OVERSPENT = Instance.from_rows(PROJECTS, 360, BALLOTS).to_pb()  # where one step more of Add1 would pass the budget
FILES = sorted(Path(verify.__file__).parent.glob("verify*.py"))
COMPLETIONS: list[Completion] = [
    NONE,
    Utilitarian(),
    PhragmenCompletion(),
    PhragmenCompletion(Stop.FIRST_OVERSHOOT),
    Add1(),
    Add1(step=Fraction(1, 50), step_of=StepOf.ENDOWMENT, start=Start.FLOOR),
    Add1Utilitarian(),
]


def document(result: Result) -> dict[str, Any]:
    return json.loads(result.to_json())  # type: ignore[no-any-return]


RESULTS: dict[str, Callable[[Instance], Result]] = {
    **{
        f"equal shares, {completion.parameters()['name']} {number}, {utility}": (
            lambda one, utility=utility, completion=completion: equal_shares(one, utility, completion, "hash:drawn")
        )
        for number, completion in enumerate(COMPLETIONS)
        for utility in (Utility.COST, Utility.CARDINALITY)
    },
    "phragmen": phragmen,
    "phragmen, skip": lambda one: phragmen(one, Stop.SKIP),
    "greedy": greedy,
    "greedy, stop": lambda one: greedy(one, Utility.CARDINALITY, per=Per.PROJECT, no_room=NoRoom.STOP, votes_min=3),
}


@pytest.mark.parametrize("name", RESULTS)
def test_it_holds_of_what_the_engine_gives(name: str) -> None:
    verify.check(document(RESULTS[name](from_pb(DATA))), DATA)


POINTS = b"""META
key;value
budget;1000
vote_type;cumulative
currency;eur
PROJECTS
project_id;cost;name
park;600;Park
path;400.50;Path
pool;300;Pool
VOTES
voter_id;vote;points
1;park,path;0.5,2.25
2;path;3.0
3;pool,park;1,0
4;pool;2
"""
WRITTEN = {
    "with points that have decimals": POINTS,
    "with carriage returns": POINTS.replace(b"\n", b"\r\n"),
    "with nothing but carriage returns": POINTS.replace(b"\n", b"\r"),
    "with a byte order mark": b"\xef\xbb\xbf" + POINTS,
    "in UTF-16": POINTS.decode().encode("utf-16"),
    "in an older encoding": POINTS.replace(b"Park", "Parc à cent".encode("cp1252")),
    "with marks between thousands": POINTS.replace(b"1000", b"1 000").replace(b"600;", b"1.000.600;"),
    "with a comma before decimals": POINTS.replace(b"400.50", b"400,5"),
    "with separators at the end of lines": POINTS.replace(b"\n", b";;\n"),
    "with other line breaks in names": POINTS.replace(b"Park", "Park\u2028of\x85all\x0b".encode()),
    "with a gap in a ballot": POINTS.replace(b"park,path;0.5", b"park,,path;0.5"),
    "with columns in capitals": POINTS.replace(b"voter_id;vote;points", b"VOTER_ID;Vote;Points"),
    "in which nobody voted": POINTS[: POINTS.index(b"1;park")],
    "with the sections in another order": POINTS[POINTS.index(b"PROJECTS") :] + POINTS[: POINTS.index(b"PROJECTS")],
}


@pytest.mark.parametrize("how", WRITTEN)
def test_it_reads_a_file_as_the_engine_does(how: str) -> None:
    data = WRITTEN[how]
    election = from_pb(data)
    for completion in COMPLETIONS:
        verify.check(document(equal_shares(election, Utility.SCORE, completion)), data)
    verify.check(document(phragmen(election)), data)
    verify.check(document(greedy(election, Utility.SCORE, score_min=2)), data)


def test_thresholds_count_who_was_ranked_last_and_points_as_they_are_given() -> None:
    ballots = [["park", "path"], ["pool", "path"], ["path", "park"]]
    ranked = Instance.from_rows(PROJECTS, 360, ballots, BallotKind.ORDINAL).to_pb()
    for least in range(4):
        verify.check(document(greedy(from_pb(ranked), Utility.SCORE, votes_min=least)), ranked)
        verify.check(document(greedy(from_pb(DATA), Utility.COST, score_min=least + 3)), DATA)
    assert greedy(from_pb(POINTS), Utility.SCORE, score_min=4).selected == ("path",)  # 5.25 points; the pool has 3


def lose(result: dict[str, Any]) -> None:
    result["selected"].pop()


def add(result: dict[str, Any]) -> None:
    result["selected"].append("lights")


def turn(result: dict[str, Any]) -> None:
    result["selected"].reverse()


def pay_more(result: dict[str, Any]) -> None:
    result["amounts"]["park"] += 1


def pay_another(result: dict[str, Any]) -> None:
    result["amounts"]["nobody"] = 1


def another_file(result: dict[str, Any]) -> None:
    result["input_sha256"] = "0" * 64


def another_rule(result: dict[str, Any]) -> None:
    result["rule"] = "made-up-1"


def another_currency(result: dict[str, Any]) -> None:
    result["currency"] = "XXX"


def another_price(result: dict[str, Any]) -> None:
    _first(result)["rho" if "rho" in _first(result) else "load"] = "1/3"


def a_higher_price(result: dict[str, Any]) -> None:
    last = result["certificate"]["rounds"][-1]
    key = "rho" if "rho" in last else "load"
    last[key] = str(Fraction(last[key]) * 2).partition("/")[0] + "/1" if "/" not in last[key] else _doubled(last[key])


def another_order(result: dict[str, Any]) -> None:
    result["certificate"]["rounds"].reverse()


def bought_twice(result: dict[str, Any]) -> None:
    result["certificate"]["rounds"].append(_first(result))


def another_supporter(result: dict[str, Any]) -> None:
    result["rounds"][0]["supporters"] += 1


def another_cost(result: dict[str, Any]) -> None:
    result["rounds"][-1]["cost"] += 1


def a_round_less_told(result: dict[str, Any]) -> None:
    result["rounds"].pop()


def a_tie_more(result: dict[str, Any]) -> None:
    result["ties"].append({"round": 1, "tied": result["selected"][:2], "won": result["selected"][0]})


def another_parameter(result: dict[str, Any]) -> None:
    result["parameters"]["bonus"] = "1"


def an_order_nobody_knows(result: dict[str, Any]) -> None:
    result["parameters"]["ties"] = "alphabetic"


def one_round_less(result: dict[str, Any]) -> None:
    gone = result["certificate"]["rounds"].pop()["project"]
    result["selected"].remove(gone)
    del result["amounts"][gone]


EVERY = [lose, add, turn, pay_more, pay_another, another_file, another_rule, another_currency]
EVERY += [another_supporter, another_cost, a_round_less_told, a_tie_more, another_parameter, an_order_nobody_knows]
REPLAYED = [another_price, a_higher_price, another_order, bought_twice, one_round_less]
KINDS = ["equal shares, none 0, cost", "equal shares, add1 4, cost", "phragmen, skip", "greedy"]


@pytest.mark.parametrize("change", [*EVERY, *REPLAYED], ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", KINDS)
def test_whatever_is_changed_is_found(name: str, change: Callable[[dict[str, Any]], None]) -> None:
    result = document(RESULTS[name](from_pb(DATA)))
    if name == "greedy" and change in REPLAYED:
        pytest.skip("greedy has no prices: it is counted again")
    changed = copy.deepcopy(result)
    change(changed)
    assert changed != result
    with pytest.raises((ValueError, KeyError)):
        verify.check(changed, DATA)


@pytest.mark.parametrize("where", ["certificate", "completion"])
def test_a_score_that_was_made_up_is_found(where: str) -> None:
    rule = greedy if where == "certificate" else lambda one: equal_shares(one, completion=Utilitarian())
    result = document(rule(from_pb(DATA)))
    proof = result["certificate"] if where == "certificate" else result["certificate"]["completion"]
    proof["rounds"][0]["score"] += 1
    with pytest.raises(ValueError, match="by support"):
        verify.check(result, DATA)


def test_costs_are_not_cut_down_to_fewer_decimals() -> None:
    result = document(greedy(from_pb(POINTS), Utility.SCORE))
    result["decimals"] = 0
    result["amounts"] = {name: amount // 100 for name, amount in result["amounts"].items()}
    with pytest.raises(ValueError, match="int"):
        verify.check(result, POINTS)


@pytest.mark.parametrize("key", ["endowment", "steps", "next"])
def test_add1_cannot_hide_how_far_it_went(key: str) -> None:
    result = document(equal_shares(from_pb(OVERSPENT), completion=Add1()))
    proof = result["certificate"]
    assert proof["completion"]["steps"] > 0
    if key == "endowment":
        proof["endowment"] = "1000/1"
    elif key == "steps":
        proof["completion"]["steps"] += 1
    else:
        proof["completion"]["next"] = None
    with pytest.raises(ValueError, match=r"endowment|Add1|afforded|cost|next step"):
        verify.check(result, OVERSPENT)


TOLD = {  # in a round or in the certificate of equal shares, and what is said instead
    "price": ("rounds", 1, "price", "1/1"),
    "money": ("rounds", 1, "money", "1/1"),
    "paid in full": ("rounds", 1, "in_full", 1),
    "effective support": ("rounds", 1, "effective", "1/1"),
    "who was next": ("rounds", 1, "runner_up", "sign"),
    "by how much": ("rounds", 1, "margin", "1/1"),
    "what is free": ("certificate", "free", 0, "park"),
    "utility": ("certificate", "utility", "cardinality"),
    "completion": ("certificate", "completion", "name", "none"),
    "why it ended": ("certificate", "completion", "ended", "exhaustive"),
    "a step": ("parameters", "completion", "step", "0/1"),
    "a start nobody knows": ("parameters", "completion", "start", "ceiling"),
    "a stop nobody knows": ("parameters", "completion", "stop", "never"),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_told_besides_is_looked_at(what: str) -> None:
    result = document(equal_shares(from_pb(OVERSPENT), completion=Add1()))
    *way, key, value = TOLD[what]
    place: Any = result
    for step in way:
        place = place[step]
    assert place[key] != value
    place[key] = value
    with pytest.raises(ValueError, match=r"round 2|certificate|Add1|is no"):
        verify.check(result, OVERSPENT)


@pytest.mark.parametrize(("key", "value"), [("runner_up", "pool"), ("margin", "1/1")])
def test_who_was_next_under_phragmen_is_looked_at(key: str, value: str) -> None:
    result = document(phragmen(from_pb(DATA)))
    number, line = next((n, one) for n, one in enumerate(result["rounds"], 1) if one[key] not in {None, value})
    line[key] = value
    with pytest.raises(ValueError, match=f"round {number} says"):
        verify.check(result, DATA)


def test_add1_that_ended_too_late_is_found_by_counting_each_step_again() -> None:
    """With half a euro a time, the third step passes the budget; the fourth, the second of whole euros, does not."""
    projects = [Project(name, cost) for name, cost in zip("abcde", (12, 13, 10, 14, 14), strict=True)]
    ballots = [list(ballot) for ballot in ("acde", "bde", "abce", "abcd")]
    data = Instance.from_rows(projects, 22, ballots).to_pb()
    halves, wholes = (document(equal_shares(from_pb(data), completion=Add1(Fraction(1, n)))) for n in (2, 1))
    assert (halves["selected"], wholes["selected"]) == (["a"], ["a", "c"])
    assert verify.check(halves, data) == verify.check(wholes, data)
    assert verify.check(wholes, data) == ["Made again: the 2 counts of Add1 before the last, and the last."]
    wholes["parameters"]["completion"]["step"] = "1/2"
    wholes["certificate"]["completion"]["steps"] = 4
    with pytest.raises(ValueError, match="count 4 of Add1 passes the budget already"):
        verify.check(wholes, data)


def test_ties_are_told_as_they_were_met_and_no_others() -> None:
    projects = [Project(name, 10) for name in "abcd"]
    data = Instance.from_rows(projects, 20, [["a", "b", "c"], ["b", "a"], ["c", "d"], ["d"]]).to_pb()
    for rule in (equal_shares, phragmen, greedy, maximin_support):
        result = document(rule(from_pb(data)))
        assert result["ties"]
        verify.check(result, data)
        for change in (
            {"round": 9},
            {"won": result["ties"][0]["tied"][-1]},
            {"tied": result["ties"][0]["tied"][:1]},
        ):
            forged = copy.deepcopy(result)
            forged["ties"][0].update(change)
            with pytest.raises(ValueError, match="the ties are"):
                verify.check(forged, data)
        with pytest.raises(ValueError, match="the ties are"):
            verify.check({**result, "ties": []}, data)


def test_the_tie_that_went_the_wrong_way_is_found() -> None:
    data = Instance.from_rows([Project("a", 10), Project("b", 10)], 10, [["a"], ["b"]]).to_pb()
    for rule in (lambda one: equal_shares(one, completion=Add1()), phragmen, greedy):
        result = document(rule(from_pb(data)))
        assert result["selected"] in (["a"], [])
        forged = json.loads(json.dumps(result).replace('"a"', '"b"'))
        if result["selected"]:
            with pytest.raises(ValueError, match=r"tie|next|but"):
                verify.check(forged, data)


elections = st.builds(
    lambda costs, ballots, budget, kind: Instance.from_rows(
        [Project(f"p{number}", cost) for number, cost in enumerate(costs)],
        budget,
        [
            {f"p{number}": points for number, points in ballot.items() if number < len(costs)}
            if kind.has_points
            else [f"p{number}" for number in ballot if number < len(costs)]
            for ballot in ballots
        ],
        kind,
    ),
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
    st.lists(st.dictionaries(st.integers(0, 5), st.integers(1, 4), max_size=5), min_size=1, max_size=9),
    st.integers(0, 30),
    st.sampled_from([BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL]),
)


@given(elections, st.sampled_from(["lexicographic", "hash:x"]), st.sampled_from(COMPLETIONS))
def test_it_holds_of_elections_of_every_kind(election: Instance, ties: str, completion: Completion) -> None:
    data = election.to_pb()
    read = from_pb(data)
    utility = Utility.COST if read.kind is BallotKind.APPROVAL else Utility.SCORE
    if read.budget >= read.voters or completion.parameters().get("step_of") != "endowment":
        verify.check(document(equal_shares(read, utility, completion, ties)), data)
    for stop in Stop:
        verify.check(document(phragmen(read, stop, ties)), data)
    verify.check(document(greedy(read, utility, ties=ties)), data)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_is_short_and_shares_nothing_with_the_engine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "communs.core.allocation":
                names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            own = name.removeprefix("communs.core.allocation.")
            assert own.startswith("verify_") or name.partition(".")[0] in sys.stdlib_module_names
    assert len(text.splitlines()) <= (180 if path.stem == "verify_amounts" else 150)


def test_they_run_by_themselves_wherever_they_are_copied(tmp_path: Path) -> None:
    for path in FILES:
        shutil.copy(path, tmp_path)
    result = document(equal_shares(from_pb(DATA)))
    (tmp_path / "election.pb").write_bytes(DATA)
    for wrong in (False, True):
        if wrong:
            result["amounts"]["park"] += 1
        (tmp_path / "result.json").write_text(json.dumps(result))
        command = [sys.executable, "-I", "-S", "verify.py", "result.json", "election.pb"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, "the amounts are not the costs" in done.stderr) == (int(wrong), wrong)


def _first(result: dict[str, Any]) -> dict[str, str]:
    return result["certificate"]["rounds"][0]  # type: ignore[no-any-return]


def _doubled(text: str) -> str:
    twice = 2 * Fraction(text)
    return f"{twice.numerator}/{twice.denominator}"

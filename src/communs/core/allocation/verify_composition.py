"""Rules put together: each stage of a pot is checked in what the stages before left; colleges by their weights."""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, Found, Read, must
    from communs.core.allocation.verify_pots import receiving, rounded
else:  # run by itself, the files beside each other
    from verify_election import Election, Found, Read, must
    from verify_pots import receiving, rounded

Replay = Callable[[Mapping[str, Any], Read], Found]
ALONE = ("proportional-1", "lottery-1")
"""Rules that need no certificate."""


def check(result: Mapping[str, Any], files: Sequence[bytes], replay: Replay) -> Found:
    """Stages over one file, or colleges with a file each in their order. `replay` checks a part by its own rule."""
    how = result["parameters"]
    if how.keys() == {"stages"}:
        must(len(files) == 1, "stages are checked in one file")
        return stages(result, files[0], replay)
    must(how.keys() in ({"colleges", "together"}, {"colleges", "apart", "ties"}), "no composition has these parameters")
    ties = how["ties"] if "apart" in how else how["together"]["parameters"].get("ties", "lexicographic")
    same = [Election(data, result["decimals"], "cardinality", ties, 1) for data in files]
    must(
        len(same) == len(how["colleges"]), f"there are {len(how['colleges'])} colleges: give the file of each, in order"
    )
    for said, data, election in zip(how["colleges"], files, same, strict=True):
        must(said.keys() == {"name", "weight", "voters", "input_sha256"}, "a college has other properties")
        must(said["input_sha256"] == sha256(data).hexdigest(), f"the file of {said['name']} is another one")
        must(said["voters"] == election.voters > 0, f"{election.voters} voted in {said['name']}")
        must(Fraction(said["weight"]) > 0, f"the weight of {said['name']} is not above 0")
        alike = (election.cost, election.budget, election.kind) == (same[0].cost, same[0].budget, same[0].kind)
        must(alike, f"{said['name']} decides on other projects, another budget or by other ballots")
    if "apart" in how:
        return apart(result, files, same[0], replay)
    whole = {**result, **how["together"]}
    return replay(whole, lambda utility, scale: together(result, files, (utility, ties, scale)))


def input_sha256(result: Mapping[str, Any], files: Sequence[bytes]) -> str:
    """What a result says that it follows from: the file; of colleges, what is said of them all."""
    colleges = result["parameters"].get("colleges") if result["rule"] == "composition-1" else None
    text = json.dumps(colleges, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode() if colleges else files[0]).hexdigest()


def reading(
    data: bytes, decimals: int, how: Mapping[str, Any], gone: Sequence[str] = (), budget: int | None = None
) -> Read:
    """Reads the election of a part, in which some projects are gone and the budget may be another one."""

    def read(utility: str, scale: int) -> Election:
        election = Election(data, decimals, utility, how.get("ties", "lexicographic"), scale, gone)
        election.budget = election.budget if budget is None else budget * scale
        return election

    return read


def stages(result: Mapping[str, Any], data: bytes, replay: Replay) -> Found:
    """Each stage has its share, or what is left where that is less; what it funds leaves the election."""
    proof, told, decimals = result["certificate"], result["parameters"]["stages"], result["decimals"]
    whole = Election(data, decimals, "cardinality", "lexicographic", 1).budget
    found, left = Found([], {}, []), whole
    shares = [None if one["share"] is None else Fraction(one["share"]) for one in told]
    given = [share for share in shares if share is not None]
    must(
        None not in shares[:-1] and all(one >= 0 for one in given) and sum(given) <= 1, "the shares are not of one pot"
    )
    for place, (said, share, stage) in enumerate(zip(told, shares, proof["stages"], strict=True), 1):
        budget = left if share is None else min(left, int(share * whole))
        must(stage["budget"] == budget, f"stage {place} has {budget}")
        read = reading(data, decimals, said["parameters"], tuple(found.chosen), budget)
        lines = [line for line in result["rounds"] if line["stage"] == place]
        part = {"rule": said["rule"], "parameters": said["parameters"], "certificate": stage["certificate"]}
        own = replay({**part, "decimals": decimals, "rounds": lines}, read)
        found.ties += [(number + len(found.rounds), tied, won) for number, tied, won in own.ties]
        found.rounds += [{**line, "stage": place} for line in own.rounds]
        found.chosen += own.chosen
        found.amounts |= {name: own.amounts[name] for name in own.chosen}
        found.notes += [f"Stage {place}: {note}" for note in own.notes]
        left -= sum(own.amounts[name] for name in own.chosen)
    must(
        (proof["pot"], proof["paid"], proof["unspent"]) == (whole, whole - left, left),
        f"{left} of {whole} is not spent",
    )
    return found


def together(result: Mapping[str, Any], files: Sequence[bytes], how: tuple[str, str, int]) -> Election:
    """One election of all colleges, in which each voter counts as many times as the weights say."""
    (utility, ties, scale), colleges = how, result["parameters"]["colleges"]
    elections = [Election(data, result["decimals"], utility, ties, scale) for data in files]
    each = [Fraction(one["weight"]) / one["voters"] for one in colleges]
    common = lcm(*(one.denominator for one in each))
    times = [int(one * common) for one in each]
    first, factor = elections[0], lcm(*(one.factor for one in elections))
    backers: dict[str, list[tuple[int, int]]] = {name: [] for name in first.cost}
    sizes = list[int]()
    for election, count in zip(elections, times, strict=True):
        points = factor // election.factor if utility == "score" and election.has_points else 1
        for name, own in election.backers.items():
            backers[name] += [(number + len(sizes), worth * points) for number, worth in own]
        sizes += [size * (count // gcd(*times)) for size in election.sizes]
    first.backers, first.sizes, first.factor = backers, sizes, factor
    return first


def apart(result: Mapping[str, Any], files: Sequence[bytes], first: Election, replay: Replay) -> Found:
    """Each college decides on the whole budget; a project gets the weighted mean, rounded once."""
    how, proof, decimals = result["parameters"], result["certificate"], result["decimals"]
    sums, whole, notes = dict.fromkeys(first.cost, Fraction(0)), Fraction(0), list[str]()
    parts = zip(how["colleges"], how["apart"], proof["colleges"], files, strict=True)
    for college, said, told, data in parts:
        must(told["name"] == college["name"], "the colleges stand in another order")
        must(told["result"].keys() <= sums.keys(), f"{college['name']} pays for what is no project")
        if said["rule"] in ALONE:
            own = replay({**said, "decimals": decimals}, reading(data, decimals, said["parameters"]))
            must(own.amounts == told["result"], f"{college['name']} gives {own.amounts!s:.200}")
        else:
            notes.append(f"What {college['name']} gives is taken as told: there is no certificate of it.")
        for name, amount in told["result"].items():
            sums[name] += Fraction(college["weight"]) * amount
        whole += Fraction(college["weight"])
    means = {name: one / whole for name, one in sums.items()}
    paid = int(sum(means.values(), Fraction(0)))
    must(paid <= first.budget, "the colleges give more than there is")
    amounts, ties_met = rounded(means, paid, first.rank)
    must(
        (proof["pot"], proof["paid"], proof["unspent"]) == (first.budget, paid, first.budget - paid), f"{paid} is paid"
    )
    lines = [
        {"project": name, "mean": f"{mean.numerator}/{mean.denominator}", "amount": amounts[name]}
        for name, mean in means.items()
    ]
    return Found(receiving(amounts, first.rank), amounts, lines, ties_met, notes)

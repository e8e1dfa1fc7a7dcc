"""Check who was funded with Python's standard library alone, written apart: `python verify.py RESULT.json FILE.pb`."""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from math import lcm
from pathlib import Path
from typing import Any


def must(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


class Election:  # money in the smallest unit, times `scale`; `backers[id]`: (ballot class, utility) of its supporters
    def __init__(self, data: bytes, decimals: int, utility: str, ties: str, scale: int) -> None:
        text = re.sub("\r\n?", "\n", data.decode(json.detect_encoding(data), "surrogateescape").replace("\0", ""))
        parts, found = re.split(r'(?im)^[ \t"]*(META|PROJECTS|VOTES)[ \t;"]*$', text), dict[str, list[dict[str, str]]]()
        for name, part in zip(map(str.upper, parts[-2:0:-2]), parts[:1:-2], strict=True):  # of two, the first counts
            head, *rows = filter(any, ([*map(str.strip, row)] for row in csv.reader(part.split("\n"), delimiter=";")))
            found[name] = [dict(zip(map(str.lower, head), row + [""] * len(head), strict=False)) for row in rows]
        self.about = {"currency": "", **{row["key"]: row["value"] for row in found["META"]}}
        marks = r"[ '\xa0\u202f]|[.,](?=.*[.,])|(?<=[.,]...)[.,]"  # between thousands
        money = {"": self.about["budget"]} | {row["project_id"]: row["cost"] for row in found["PROJECTS"]}
        exact = {id_: Fraction(re.sub(marks, "", n).replace(",", ".")) * 10**decimals for id_, n in money.items()}
        self.cost = {id_: int(str(one)) * scale for id_, one in exact.items()}  # an error where it is not whole
        self.budget, self.scale, self.voters = self.cost.pop(""), scale, len(found["VOTES"])
        points = "points" if (kind := self.about["vote_type"].lower()) in ("cumulative", "scoring") else ""
        counted = Counter((row["vote"], row[points] if points else "") for row in found["VOTES"])
        texts = {one.strip() for _vote, given in counted for one in f"1,{given}".split(",") if one.strip()}
        self.factor = lcm(*(10 ** len(one.partition(".")[2].rstrip("0")) for one in texts))  # it makes points whole
        whole, self.sizes = {one: int(Fraction(one) * self.factor) for one in texts}, [*counted.values()]
        self.backers: dict[str, list[tuple[int, int]]] = {id_: [] for id_ in self.cost}
        for at, (vote, given) in enumerate(counted):
            scores, named = filter(None, map(str.strip, given.split(","))), dict[str, int]()
            for id_ in filter(None, map(str.strip, vote.split(","))):
                named.setdefault(id_, whole[next(scores, "1")])  # named twice counts once, as the first time
            for place, id_ in enumerate(filter(named.get, named), 1):
                score = len(named) - place if kind == "ordinal" else named[id_]
                self.backers[id_].append((at, {"cost": self.cost[id_] // scale or 1, "score": score}.get(utility, 1)))
        self.rank = {x: (":" in ties and sha256(f"{ties[5:]}\n{x}".encode()).hexdigest(), x) for x in self.cost}

    def sum(self, name: str, of: Callable[[int, int], int]) -> int:  # over all supporters of a project
        return sum(self.sizes[number] * of(number, worth) for number, worth in self.backers[name])

    def lacks(self, name: str, rho: int, left: list[int]) -> int:
        return self.cost[name] - self.sum(name, lambda number, worth: min(left[number], rho * worth))

    def equal_shares(self, endowment: Fraction, rounds: Iterable[Any], open_: Iterable[str]) -> list[int]:
        """Replay the purchases: paid exactly, none was cheaper, nothing affordable left. What each voter keeps."""
        left = [int(endowment * self.scale)] * len(self.sizes)
        known = dict.fromkeys(open_, 0)  # prices below which they cannot be had, now or later: purses only shrink
        for one in rounds:
            bought, rho = one["project"], int(Fraction(one["rho"]) * self.scale)
            must(bought in known and self.lacks(bought, rho, left) == 0, f"the payments for {bought} are not its cost")
            for name in [name for name, price in known.items() if price < rho or name == bought]:
                lack = self.lacks(name, rho, left)
                rich = any(worth and left[n] >= rho * worth for n, worth in self.backers[name])
                first = rich and self.rank[bought] <= self.rank[name]  # of two that cost the same
                must(lack > 0 or (lack == 0 and first), f"{name} was cheaper than {bought}, or won the tie")
                known[name] = 0 if lack == 0 else 2 * rho if self.lacks(name, 2 * rho, left) > 0 else rho
            for number, worth in self.backers[bought]:
                left[number] -= min(left[number], rho * worth)
            del known[bought]
        must(all(self.lacks(name, max(left, default=0), left) > 0 for name in known), "more can still be afforded")
        return left

    def phragmen(self, stop: str, rounds: Iterable[Any], budget: int, loads: list[int], others: Iterable[str]) -> None:
        """Replay the purchases: each load is exact, none was lower, and at the end nothing more can be bought."""
        known = dict.fromkeys(others, Fraction(0))  # loads below which they cannot be bought: loads only grow
        for one in (*rounds, {}):
            load = Fraction(one["load"]) * self.scale if one else max(known.values(), default=Fraction(0))
            known = {name: low for name, low in known.items() if stop != "skip" or self.cost[name] <= budget}
            for name in (name for name, low in known.items() if low <= load):
                money = self.cost[name] + self.sum(name, lambda number, worth: loads[number] if worth else 0)
                known[name] = Fraction(money, self.sum(name, lambda _number, worth: worth > 0))
            soon = min(known.values(), default=load)
            tied = sorted((name for name, low in known.items() if low == soon), key=self.rank.__getitem__)
            due = (tied[0], known[tied[0]]) if tied and all(self.cost[name] <= budget for name in tied) else ()
            must(due == ((one["project"], load) if one else ()), f"next was not {one or 'the end'}, but {due}")
            budget -= self.cost[tied[0]] if one else 0
            for number, worth in self.backers[tied[0]] if one else ():
                loads[number] = int(load) if worth else loads[number]
            known.pop(tied[0] if one else "", None)

    def greedy(self, how: Mapping[str, Any], budget: int, others: Iterable[str], rounds: list[Any]) -> None:
        worth, chosen = {name: self.sum(name, lambda _, worth: worth) for name in others}, list[Any]()
        per = {id_: Fraction(all_, self.cost[id_] or 1 if how["per"] == "cost" else 1) for id_, all_ in worth.items()}
        for name in sorted(worth, key=lambda x: (self.cost[x] > 0, -per[x] * (self.cost[x] > 0), self.rank[x])):
            score, unit = (worth[name], self.factor) if how["utility"] == "score" else (self.sum(name, lambda *_: 1), 1)
            enough = self.sum(name, lambda *_: 1) >= how["votes_min"] and score >= how["score_min"] * unit
            if enough and self.cost[name] <= budget:
                budget, chosen = budget - self.cost[name], [*chosen, {"project": name, "score": score}]
            elif enough and how["no_room"] == "stop":
                break
        must(chosen == rounds, f"by support it is not {rounds}, but {chosen}")


def check(result: Mapping[str, Any], data: bytes) -> None:
    """Raise `ValueError` unless it follows from this .pb file what is funded. `rounds` and `ties` are not looked at."""
    how, proof, unit = result["parameters"], result["certificate"], 10 ** result["decimals"]
    scale = lcm(*(Fraction(one).denominator for one in re.findall(r'": "(-?\d+/[1-9]\d*)"', json.dumps(proof))))
    election = Election(data, result["decimals"], how.get("utility", ""), how["ties"], scale)
    budget, chosen = election.budget, [one["project"] for one in proof["rounds"]]
    backed = {name for name in election.cost if election.sum(name, lambda _, worth: worth)}
    fits = {name for name in backed if election.cost[name] <= budget}
    if result["rule"] == "phragmen-1":
        election.phragmen(how["stop"], proof["rounds"], budget, [0] * len(election.sizes), fits)
    elif result["rule"] == "greedy-1":
        election.greedy(how, budget, fits, proof["rounds"])
    else:
        must(result["rule"] == "equal-shares-1", f"{result['rule']} is not replayed here")
        free = sorted((name for name in backed if not election.cost[name]), key=election.rank.__getitem__)
        left = election.equal_shares(Fraction(proof["endowment"]), proof["rounds"], backed.difference(free))
        chosen, completion, filled = free + chosen, how["completion"], proof["completion"]
        budget -= sum(election.cost[name] for name in chosen)
        fits = {name for name in fits.difference(chosen) if election.cost[name] <= budget}
        first = Fraction(election.budget, election.voters * scale) if election.voters else Fraction(0)
        if "step" in completion:
            first = first if completion["start"] == "exact" else Fraction(first // unit * unit)
            step = Fraction(completion["step"]) * (unit if completion["step_of"] == "currency" else first)
            first, next_ = first + filled["steps"] * step, filled["next"]
            if next_:
                election.equal_shares(first + step, next_["rounds"], backed.difference(free))
                over = sum(election.cost[one["project"]] for one in next_["rounds"]) > election.budget
                must(over and Fraction(next_["endowment"]) == first + step, "the next step would not pass the budget")
            must(next_ or (not fits and completion["stop"] == "exhaustive") or backed == {*chosen}, "Add1 had to go on")
        must(Fraction(proof["endowment"]) == first and budget >= 0, "the endowment is another one, or overspends")
        if completion["name"] == "phragmen":
            election.phragmen(completion["overshoot"], filled["rounds"], budget, [-held for held in left], fits)
        elif "utility" in completion:
            by = {**completion, "per": "cost", "no_room": "skip", "votes_min": 0, "score_min": 0}
            again = Election(data, result["decimals"], by["utility"], how["ties"], scale)
            again.greedy(by, budget, fits, filled["rounds"])
        chosen += [one["project"] for one in filled.get("rounds", ())]
    must(chosen == result["selected"], f"the projects are not {result['selected']}, but {chosen}")
    must(result["amounts"] == {name: election.cost[name] // scale for name in chosen}, "the amounts are not the costs")
    must(result["currency"] == election.about["currency"].upper(), "the currency is another one")
    must(result["input_sha256"] == sha256(data).hexdigest(), "the result is of another file")


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    check(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]).read_bytes())

"""Check who was funded with nothing but Python's standard library: `python verify.py RESULT.json FILE.pb`.

Written apart from the engine, it replays the certificate in whole numbers (of Add1 the last count and the next one).
"""

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any


def must(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


class Election:  # money in the smallest unit, times `scale`; `backers[id]`: (ballot class, utility) of its supporters
    def __init__(self, data: bytes, decimals: int, utility: str, ties: str, scale: int) -> None:
        parts = re.split(r"(?im)^(META|PROJECTS|VOTES)[ \t]*\r?$", data.decode("utf-8-sig"))[1:]
        tables = [[*csv.reader(part.strip().splitlines(), delimiter=";")] for part in parts[1::2]]
        meta, projects, votes = ([[cell.strip() for cell in row] for row in table if row] for table in tables)
        about, unit, columns = {row[0]: row[-1] for row in meta}, 10**decimals * scale, (*votes.pop(0), "points")
        name, cost = map(projects[0].index, ("project_id", "cost"))
        self.cost = {row[name]: int(Fraction(row[cost].replace(",", ".")) * unit) for row in projects[1:]}
        self.budget, self.scale = int(Fraction(about["budget"].replace(",", ".")) * unit), scale
        counted = Counter((row[columns.index("vote")], *row[columns.index("points") :][:1]) for row in votes)
        self.sizes, self.voters = list(counted.values()), len(votes)
        self.backers: dict[str, list[tuple[int, int]]] = {id_: [] for id_ in self.cost}
        for at, (named, *given) in enumerate(counted):
            scores, said = iter(given[0].split(",") if given else ()), dict[str, int]()
            for id_ in map(str.strip, named.split(",")):
                if (score := int(next(scores, 1) or 1)) and id_ in self.cost:
                    said.setdefault(id_, score)  # named twice counts once, as the first time
            for place, (id_, score) in enumerate(said.items(), 1):
                worth = len(said) - place if about["vote_type"] == "ordinal" else score
                self.backers[id_].append((at, {"cost": self.cost[id_] // scale or 1, "score": worth}.get(utility, 1)))
        hashed = {id_: hashlib.sha256(f"{ties[5:]}\n{id_}".encode()).hexdigest() for id_ in self.cost}
        self.rank = {id_: (id_ if ties == "lexicographic" else hashed[id_], id_) for id_ in self.cost}

    def sum(self, name: str, of: Callable[[int, int], int]) -> int:
        """The sum over all supporters of a project of what is said of (ballot class, utility)."""
        return sum(self.sizes[number] * of(number, worth) for number, worth in self.backers[name])

    def lacks(self, name: str, rho: int, left: list[int]) -> int:
        return self.cost[name] - self.sum(name, lambda number, worth: min(left[number], rho * worth))

    def equal_shares(self, endowment: Fraction, rounds: Iterable[Any], open_: Iterable[str]) -> list[int]:
        """Replay the purchases: paid exactly, none was cheaper, nothing affordable left. What each voter keeps."""
        left = [int(endowment * self.scale)] * len(self.sizes)
        known = dict.fromkeys(open_, 0)  # prices below which they cannot be had, now or later: purses only shrink
        for one in rounds:
            bought, rho = one["project"], int(Fraction(one["rho"]) * self.scale)
            must(bought in known, f"{bought} has no supporter, or is bought twice")
            must(self.lacks(bought, rho, left) == 0, f"the payments for {bought} are not its cost")
            for name in [name for name, price in known.items() if price < rho or name == bought]:
                lack = self.lacks(name, rho, left)
                rich = any(worth and left[n] >= rho * worth for n, worth in self.backers[name])
                first = rich and self.rank[bought] <= self.rank[name]  # of two that cost the same
                must(lack > 0 or (lack == 0 and first), f"{name} was cheaper than {bought}, or won the tie")
                known[name] = 0 if lack == 0 else 2 * rho if self.lacks(name, 2 * rho, left) > 0 else rho
            for number, worth in self.backers[bought]:
                left[number] -= min(left[number], rho * worth)
            del known[bought]
        for name in known:
            must(self.lacks(name, max(left, default=0), left) > 0, f"{name} can still be afforded")
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
            tied = sorted((name for name in known if known[name] == min(known.values())), key=self.rank.__getitem__)
            ends = not tied or any(self.cost[name] > budget for name in tied)
            right = ends if not one else (tied[:1] == [one["project"]] and known[tied[0]] == load and not ends)
            must(right, f"{one.get('project', 'the end')} was not next, but {tied[:1]}")
            budget -= self.cost[tied[0]] if one else 0
            for number, worth in self.backers[tied[0]] if one else ():
                loads[number] = int(load) if worth else loads[number]
            known = {name: low for name, low in known.items() if name != tied[0]} if one else known

    def greedy(self, how: Mapping[str, Any], budget: int, others: Iterable[str]) -> list[str]:
        """The projects that the order by utility funds."""
        worth, chosen = {name: self.sum(name, lambda _, worth: worth) for name in others}, list[str]()
        per = {id_: Fraction(all_, self.cost[id_] or 1 if how["per"] == "cost" else 1) for id_, all_ in worth.items()}
        for name in sorted(worth, key=lambda x: (self.cost[x] > 0, -per[x] * (self.cost[x] > 0), self.rank[x])):
            voters = self.sum(name, lambda _number, worth: worth > 0)
            enough = voters >= how["votes_min"] and (how["utility"] != "score" or worth[name] >= how["score_min"])
            if enough and self.cost[name] <= budget:
                budget, chosen = budget - self.cost[name], [*chosen, name]
            elif enough and how["no_room"] == "stop":
                break
        return chosen


def check(result: Mapping[str, Any], data: bytes) -> None:
    """Raise `ValueError` unless this result follows from this .pb file."""
    how, proof, unit = result["parameters"], result["certificate"], 10 ** result["decimals"]
    scale = lcm(*(Fraction(one).denominator for one in re.findall(r'": "(-?\d+/[1-9]\d*)"', json.dumps(proof))))
    election = Election(data, result["decimals"], how.get("utility", ""), how["ties"], scale)
    budget, chosen = election.budget, [one["project"] for one in proof["rounds"]]
    backed = {name for name in election.cost if election.sum(name, lambda _, worth: worth)}
    fits = {name for name in backed if election.cost[name] <= budget}
    if result["rule"] == "phragmen-1":
        election.phragmen(how["stop"], proof["rounds"], budget, [0] * len(election.sizes), fits)
    elif result["rule"] == "greedy-1":
        chosen = election.greedy(how, budget, fits)
    else:
        must(result["rule"] == "equal-shares-1", f"{result['rule']} is not replayed here")
        free = sorted((name for name in backed if not election.cost[name]), key=election.rank.__getitem__)
        left = election.equal_shares(Fraction(proof["endowment"]), proof["rounds"], backed.difference(free))
        chosen, completion, filled = free + chosen, how["completion"], proof["completion"]
        budget -= sum(election.cost[name] for name in chosen)
        fits = {name for name in fits.difference(chosen) if election.cost[name] <= budget}
        first = Fraction(election.budget, election.voters * scale)
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
            chosen += [one["project"] for one in filled["rounds"]]
        elif "utility" in completion:
            rest = {**completion, "per": "cost", "no_room": "skip", "votes_min": 0, "score_min": 1}
            chosen += Election(data, result["decimals"], rest["utility"], how["ties"], scale).greedy(rest, budget, fits)
    must(chosen == result["selected"], f"the projects are not {result['selected']}, but {chosen}")
    must(result["amounts"] == {name: election.cost[name] // scale for name in chosen}, "the amounts are not the costs")
    must(result["input_sha256"] == hashlib.sha256(data).hexdigest(), "the result is of another file")


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    check(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]).read_bytes())

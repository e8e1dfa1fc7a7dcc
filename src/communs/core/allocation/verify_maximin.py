"""Maximin support: each choice keeps the heaviest load lowest. Loads from above by a spread, from below by counting."""

import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, Found, Read, must
else:  # run by itself, the files beside each other
    from verify_election import Election, Found, Read, must


class Spread:
    """Who carries how much of what is funded. `carries[project]`: money by ballot class, what is 0 left out."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.classes = {id_: {number for number, _worth in backers} for id_, backers in election.backers.items()}
        self.carries: dict[str, dict[int, int]] = {}
        self.held = [0] * len(election.sizes)
        self.load, self.spare = 0, set[int]()  # the ballot classes that can carry more at this load

    def cost_a_voter(self, names: Iterable[str]) -> Fraction:
        """What projects cost each of those who support one of them, times the scale: no spread has a lower load."""
        some = list(names)
        voters = sum(self.election.sizes[number] for number in set().union(*(self.classes[name] for name in some)))
        return Fraction(sum(self.election.cost[name] for name in some), voters)

    def add(self, name: str, load: int) -> list[str]:
        """Spread a project too, nobody carrying more than the load. Where that cannot be: projects that show it.

        Their supporters all carry the load, and nothing of other projects.
        """
        rest, self.carries[name] = self.election.cost[name], {}
        if load != self.load:
            self.load, each = load, zip(self.election.sizes, self.held, strict=True)
            self.spare = {number for number, (size, held) in enumerate(each) if held < load * size}
        while rest:
            way, seen = self._way(name)
            if not way:
                return seen
            open_ = self.classes[way[-1]] & self.spare
            room = {number: load * self.election.sizes[number] - self.held[number] for number in open_}
            hops = [(one, other, self.classes[one] & self.carries[other].keys()) for one, other in pairwise(way)]
            most = [sum(self.carries[other][number] for number in shared) for _one, other, shared in hops]
            amount = min(rest, sum(room.values()), *most)
            for one, other, shared in hops:  # the one takes over from the other, who goes on along the way
                self._give(one, self._give(other, {number: self.carries[other][number] for number in shared}, -amount))
            self._give(way[-1], room, amount)
            rest -= amount
        return []

    def _way(self, name: str) -> tuple[list[str], list[str]]:
        """From a project over others to one whose supporters have room; no way, and all that was reached."""
        came: dict[str, str] = {name: ""}
        for one in (queue := [name]):
            if not self.spare.isdisjoint(self.classes[one]):
                way = [one]
                while came[way[-1]]:
                    way.append(came[way[-1]])
                return way[::-1], queue
            for other, carried in self.carries.items():
                if other not in came and not self.classes[one].isdisjoint(carried):
                    came[other] = one
                    queue.append(other)
        return [], queue

    def _give(self, name: str, most: Mapping[int, int], amount: int | None = None) -> dict[int, int]:
        """Let classes carry this much more of a project in all, each at most so much; all, where no sum is said."""
        carries, given = self.carries[name], dict[int, int]()
        sign, left = -1 if (amount or 0) < 0 else 1, sum(most.values()) if amount is None else abs(amount)
        for number, limit in most.items():
            part = min(left, limit)
            if part:
                given[number] = part
                carries[number] = carries.get(number, 0) + sign * part
                self.held[number] += sign * part
                left -= part
                self._note(number)
                if not carries[number]:
                    del carries[number]
        return given

    def drop(self, name: str) -> None:
        """Carry nothing of a project any more."""
        for number, part in self.carries.pop(name).items():
            self.held[number] -= part
            self._note(number)

    def _note(self, number: int) -> None:
        if self.held[number] < self.load * self.election.sizes[number]:
            self.spare.add(number)
        else:
            self.spare.discard(number)


def replay(result: Mapping[str, Any], read: Read) -> Found:
    """Each round: the winner can be spread at the load told, and no other project could at this load or a lower one."""
    proofs, last = result["certificate"]["rounds"], Fraction(0)
    scale = lcm(*(Fraction(one).denominator for one in re.findall(r'": "(-?\d+/[1-9]\d*)"', json.dumps(proofs))))
    election, found = read("cardinality", scale), Found([], {}, [])
    spread, left = Spread(election), election.budget
    least = {name: spread.cost_a_voter([name]) for name in election.cost if spread.classes[name]}
    for number, proof in enumerate(proofs, 1):
        won, load = proof["project"], Fraction(proof["load"])
        least = {name: low for name, low in least.items() if election.cost[name] <= left}
        must(won in least and load >= last, f"{won} cannot be next with a load of {proof['load']}")
        must(spread.cost_a_voter(proof["tight"]) == load * scale, f"round {number}: `tight` does not cost the load")
        must({*proof["tight"]} <= {*found.chosen, won}, f"round {number}: `tight` names what is not funded")
        must(proof["bounds"].keys() <= least.keys() - {won}, f"round {number}: a bound of what cannot be next")
        for name in least if load > last else ():
            shown = proof["bounds"].get(name, [name])
            must({*shown} <= {*found.chosen, name}, f"round {number}: the bound of {name} names what is not funded")
            least[name] = max(least[name], spread.cost_a_voter(shown))
            must(name == won or least[name] >= load * scale, f"round {number}: {name} may have a lower load")
        tight = {*proof["tight"]} - {won}
        tied = [x for x in least if x != won and _fits(spread, x, int(load * scale), least, tight)] + [won]
        must(not spread.add(won, int(load * scale)), f"round {number}: with {won} the load is higher")
        must(won == min(tied, key=election.rank.__getitem__), f"round {number}: the tie of {tied} went the wrong way")
        del least[won]
        left, last = left - election.cost[won], load
        found.chosen.append(won)
        found.amounts[won] = election.amount(won)
        told = {"cost": election.amount(won), "supporters": election.supporters(won), "load": proof["load"]}
        found.rounds.append({"project": won, **told})
        found.ties += [(number, tied, won)] if len(tied) > 1 else []
    must(all(election.cost[name] > left for name in least), "more fits the budget")
    return found


def _fits(spread: Spread, name: str, load: int, least: dict[str, Fraction], tight: set[str]) -> bool:
    """Whether a project can be spread at a load; where it cannot, its least load becomes known better.

    Often what weighs most already shows it, together with the project: then nothing need be spread.
    """
    if least[name] <= load and tight:
        least[name] = max(least[name], spread.cost_a_voter({name, *tight}))
    if least[name] > load:
        return False
    dear = spread.add(name, load)
    spread.drop(name)
    if dear:
        least[name] = spread.cost_a_voter(dear)
    return not dear

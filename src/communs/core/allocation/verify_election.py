"""What the checks of verify.py share: an election as its file says it, and what a rule is found to have decided."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from math import lcm
from typing import Any


def must(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)


def one_of(text: object, *known: str) -> int:
    """Which of these words it is; a word that nobody knows is no default."""
    must(text in known, f"{text!r:.60} is none of {', '.join(known)}")
    return known.index(str(text))


@dataclass
class Found:
    """What was worked out. Of `rounds` only what is checked; `ties`: the round, who was equal in it, who won."""

    chosen: list[str]
    amounts: dict[str, int]
    rounds: list[dict[str, Any]]
    ties: list[tuple[int, list[str], str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what to know of this check, as sentences


class Election:
    """Money in the smallest unit, times `scale`. `backers[id]`: (ballot class, utility) of the supporters of a project.

    `sizes`: the voters of each ballot class. `rank`: the order of ties. Points are whole, times `factor`.
    """

    def __init__(
        self, data: bytes, decimals: int, utility: str, ties: str, scale: int, gone: Sequence[str] = ()
    ) -> None:
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
        self.budget, self.scale, self.decimals, self.utility = self.cost.pop(""), scale, decimals, utility
        self.kind = self.about["vote_type"].lower()
        self.has_points = self.kind in ("cumulative", "scoring")
        counted = Counter((row["vote"], row["points"] if self.has_points else "") for row in found["VOTES"])
        texts = {one.strip() for _vote, given in counted for one in f"1,{given}".split(",") if one.strip()}
        self.factor = lcm(*(10 ** len(one.partition(".")[2].rstrip("0")) for one in texts))  # it makes points whole
        whole, self.sizes = {one: int(Fraction(one) * self.factor) for one in texts}, [*counted.values()]
        self.backers: dict[str, list[tuple[int, int]]] = {id_: [] for id_ in self.cost}
        must(utility != "score" or self.has_points or self.kind == "ordinal", f"{self.kind} ballots give no scores")
        for at, (vote, given) in enumerate(counted):
            scores, named = filter(None, map(str.strip, given.split(","))), dict[str, int]()
            for id_ in filter(None, map(str.strip, vote.split(","))):
                named.setdefault(id_, whole[next(scores, "1")])  # named twice counts once, as the first time
            kept = [id_ for id_ in named if named[id_] and id_ not in gone]
            for place, id_ in enumerate(kept, 1):
                score = len(kept) - place if self.kind == "ordinal" else named[id_]
                worth = {"cost": self.cost[id_] // scale or 1, "score": score, "cardinality": 1}[utility]
                self.backers[id_].append((at, worth))
        for id_ in gone:
            del self.cost[id_], self.backers[id_]
        must(re.fullmatch("(?s)lexicographic|hash:.+", ties), f"{ties!r:.60} is no order of ties")
        self.rank = {x: (":" in ties and sha256(f"{ties[5:]}\n{x}".encode()).hexdigest(), x) for x in self.cost}

    @property
    def voters(self) -> int:
        """How many voted."""
        return sum(self.sizes)

    def sum(self, name: str, of: Callable[[int, int], int]) -> int:
        """Over all supporters of a project, of their class and the utility it has to them."""
        return sum(self.sizes[number] * of(number, worth) for number, worth in self.backers[name])

    def supporters(self, name: str) -> int:
        """How many voters name a project."""
        return self.sum(name, lambda *_: 1)

    def amount(self, name: str) -> int:
        """What a project costs, in the smallest unit."""
        return self.cost[name] // self.scale


Read = Callable[[str, int], Election]
"""Reads the election with a utility, money times a scale."""

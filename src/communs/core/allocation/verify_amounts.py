"""Check a quadratic match or median grants with nothing but Python's standard library:

    python verify_amounts.py RESULT.json GIFTS.csv [DECIMALS [COLUMNS]]

Written apart from the engine, of which it imports nothing: it reads the table by itself (amounts with 2 decimals, the
columns donor,project,amount, unless said otherwise), works the formulas out in decimals of 120 digits, and asks of the
amounts that they are the exact parts, rounded by largest remainder. Exit code 1 and a sentence where one is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

COLUMNS = "donor,project,amount"
SAME = Decimal(10) ** -60  # numbers nearer to each other than this are taken as equal
Gifts = dict[str, dict[str, Decimal]]  # by project, by donor
Parts = dict[str, Decimal]


def must(holds: object, what: str) -> None:
    """Raise `ValueError` unless it holds."""
    if not holds:
        raise ValueError(what)


def read(data: bytes, decimals: int, columns: str) -> Gifts:
    """The table, amounts in the smallest unit, those of one person to one project added up."""
    lines = data.decode("utf-8-sig").splitlines()
    delimiter = max(",;\t|", key=lines[0].count)
    gifts: Gifts = defaultdict(lambda: defaultdict(Decimal))
    for row in csv.DictReader(lines, delimiter=delimiter):
        donor, project, amount = (row[name].strip() for name in columns.split(","))
        gifts[project][donor] += Decimal(amount).scaleb(decimals)
    return gifts


def ideal(gifts: Gifts, variant: Mapping[str, Any]) -> Parts:
    """The ideal match of each project."""
    rows: Gifts = defaultdict(dict)
    for project, given in gifts.items():
        for donor, amount in given.items():
            rows[donor][project] = amount
    must(variant["name"] in ("standard", "pairwise", "profile-clusters", "connected-clusters"), "no such variant")
    match variant["name"]:
        case "connected-clusters":
            return connected(gifts, rows if variant["memberships"] == "donations" else variant["memberships"])
        case "profile-clusters":
            together: Gifts = defaultdict(lambda: defaultdict(Decimal))
            for row in rows.values():
                for project, amount in row.items():
                    together[project][json.dumps(sorted(row))] += amount
            gifts = together
    half: Parts = defaultdict(Decimal)
    m = Fraction(variant["m"]) if "m" in variant else None
    for project, given in gifts.items():
        for (one, a), (other, b) in combinations(given.items(), 2):
            discount = Decimal(1)
            if m is not None:
                shared = rows[one].keys() & rows[other].keys()
                common = sum(((rows[one][p] * rows[other][p]).sqrt() for p in shared), Decimal(0))
                discount = m.numerator / (m.numerator + m.denominator * common)
            half[project] += (a * b).sqrt() * discount
    return {project: 2 * half[project] for project in gifts}


def connected(gifts: Gifts, weights: Mapping[str, Mapping[str, Any]]) -> Parts:
    """The match of groups with groups that are far from each other."""
    whole: Parts = defaultdict(Decimal)
    share = {
        donor: {g: Decimal(w) / sum(map(Decimal, row.values())) for g, w in row.items()}
        for donor, row in weights.items()
    }
    step: Gifts = defaultdict(lambda: defaultdict(Decimal))
    for donor, row in weights.items():
        for group, weight in row.items():
            whole[group] += weight
            for other, part in share[donor].items():
                step[group][other] += weight * part
    found: Parts = {}
    for project, given in gifts.items():
        far: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        groups = {group for donor in given for group in weights[donor]}
        for donor, amount in given.items():
            for other in groups - weights[donor].keys():
                near = sum((part * step[g][other] / whole[g] for g, part in share[donor].items()), Decimal(0))
                for group, part in share[donor].items():
                    far[other, group] += (1 - near) * amount * part
        found[project] = sum(
            (2 * (far[g, h] * far[h, g]).sqrt() for g, h in combinations(sorted(groups), 2)), Decimal(0)
        )
    return found


def medians(proposals: Gifts, how: Mapping[str, Any], voters: int) -> Parts:
    """The quantile of each project that meets the quorum."""
    q, found = Fraction(how["quantile"]), {}
    for project, given in proposals.items():
        said = sorted(given.values())
        if len(said) >= max(1, how["quorum"]):
            said = [Decimal(0)] * (voters - len(said)) + said if {"zero": True, "skip": False}[how["absent"]] else said
            lower, upper = said[max(0, -int(-q * len(said) // 1) - 1)], said[min(len(said) - 1, int(q * len(said)))]
            found[project] = {"lower": lower, "upper": upper, "mean": (lower + upper) / 2}[how["middle"]]
    return found


def divided(pot: int, wanted: Parts, limits: Mapping[str, Mapping[str, int]], surplus: str) -> Parts:
    """The exact parts: the level by trying each place where somebody meets a limit."""
    low = {id_: Decimal(limits["floors"].get(id_, 0)) for id_ in wanted}
    high = {id_: Decimal(limits["caps"].get(id_, 10**30)) for id_ in wanted}

    def at(level: Decimal) -> Parts:
        return {id_: max(low[id_], min(high[id_], level * want)) for id_, want in wanted.items()}

    bends = {bound[id_] / want for id_, want in wanted.items() if want > SAME for bound in (low, high)}
    last = {"keep": Decimal(1), "spend": max(bends, default=Decimal(0))}[surplus]
    level = Decimal(0)
    for bend in sorted({bend for bend in bends if bend < last} | {last}):
        before, after = sum(at(level).values(), Decimal(0)), sum(at(bend).values(), Decimal(0))
        if after > pot:
            return at(level + (pot - before) / (after - before) * (bend - level))
        level = bend
    return at(level)


def place(ties: str, id_: str) -> tuple[str, str]:
    """Where a project stands in the order of ties."""
    seed = ties.removeprefix("hash:")
    return (hashlib.sha256(f"{seed}\n{id_}".encode()).hexdigest() if ties.startswith("hash:") else id_), id_


def rounded(exact: Parts, amounts: Mapping[str, int], ties: str) -> None:
    """Largest remainder: of whole numbers with this sum the only ones, but for ties, whose errors span less than 1."""
    errors = {id_: exact.get(id_, Decimal(0)) - amount for id_, amount in amounts.items()}
    least, most = min(errors.values(), default=Decimal(0)), max(errors.values(), default=Decimal(0))
    must(most - least < 1 + SAME, "the amounts are not the parts, rounded")
    if most - least > 1 - SAME:
        last = max(place(ties, id_) for id_, error in errors.items() if error < least + SAME)
        first = min(place(ties, id_) for id_, error in errors.items() if error > most - SAME)
        must(last < first, f"the tie of {last[1]} and {first[1]} went the wrong way")


def check(result: Mapping[str, Any], data: bytes, decimals: int = 2, columns: str = COLUMNS) -> None:
    """Raise `ValueError` unless this result follows from this table."""
    how, amounts, proof = result["parameters"], result["amounts"], result["certificate"]
    must(result["input_sha256"] == hashlib.sha256(data).hexdigest(), "the result is of another table")
    with localcontext(prec=120):
        gifts = read(data, decimals, columns)
        must(gifts.keys() <= amounts.keys(), "a project of the table has no amount")
        if result["rule"] == "median-1":
            wanted = medians(gifts, how, proof["voters"])
        else:
            must(result["rule"] == "quadratic-1", f"{result['rule']} is not checked here")
            counted = {p: {d: a for d, a in row.items() if a >= max(1, how["minimum"])} for p, row in gifts.items()}
            wanted = ideal({project: row for project, row in counted.items() if row}, how["variant"])
        exact = divided(how["pot"], wanted, how["limits"], how["surplus"])
        paid = min(how["pot"], int(sum(exact.values()) + SAME))
        must(sum(amounts.values()) == paid == proof["paid"], f"{sum(amounts.values())} is paid, {paid} should be")
        must(proof["unspent"] == how["pot"] - paid, "what is not spent is another sum")
        rounded(exact, amounts, how["ties"])
    receiving = [id_ for id_, amount in amounts.items() if amount]
    receiving.sort(key=lambda id_: (-amounts[id_], place(how["ties"], id_)))
    must(result["selected"] == receiving, "selected are others than those who receive something")


if __name__ == "__main__":
    table, words = Path(sys.argv[2]).read_bytes(), sys.argv[3:]
    try:
        check(json.loads(Path(sys.argv[1]).read_bytes()), table, int(words[0] if words else 2), *words[1:2])
    except (ValueError, ArithmeticError, LookupError) as wrong:
        sys.exit(f"Does not hold: {wrong}")

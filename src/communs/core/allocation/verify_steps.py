"""Add1 step by step: every count before the last is made anew, and none of them was where it had to end."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, must
else:  # run by itself, the files beside each other
    from verify_election import Election, must

LOOKS_MAX = 20_000_000
"""Counts times supporters of projects: about so many microseconds. Of more, only the last counts are checked."""


def all_steps(election: Election, endowments: list[Fraction], backed: set[str], exhaustive: bool) -> str:
    """Raise `ValueError` where Add1 had to end before; what was looked at, as a sentence."""
    size = sum(map(len, election.backers.values()))
    before = f"the {len(endowments)} counts of Add1 before the last"
    if len(endowments) * size > LOOKS_MAX:
        return f"Taken as told, being too many to make again: {before}."
    for number, endowment in enumerate(endowments):
        chosen = count(election, endowment, (name for name in backed if election.cost[name]))
        chosen |= {name for name in backed if not election.cost[name]}
        left = election.budget - sum(election.cost[name] for name in chosen)
        must(left >= 0, f"count {number + 1} of Add1 passes the budget already")
        fits = any(election.cost[name] <= left for name in backed - chosen)
        must(chosen != backed and (fits or not exhaustive), f"Add1 had to end with count {number + 1}")
    return f"Made again: {before}, and the last."


def count(election: Election, endowment: Fraction, open_: Iterable[str]) -> set[str]:
    """What equal shares buys with an endowment, the cheapest first. Purses are whole numbers of `below`-th parts."""
    below = endowment.denominator
    left = [endowment.numerator * election.scale] * len(election.sizes)
    least, chosen = dict.fromkeys(open_, Fraction(0)), set[str]()  # prices below which they cannot be had any more
    while True:
        best: tuple[Fraction, str] | None = None
        for name in sorted(least, key=least.__getitem__):
            if best and least[name] > best[0]:
                break
            found = price(election, name, left, below)
            if found is None:
                del least[name]
                continue
            least[name] = found
            if best is None or (found, election.rank[name]) < (best[0], election.rank[best[1]]):
                best = found, name
        if best is None:
            return chosen
        rho, name = best
        pay, common = rho.numerator * below, gcd(below * rho.denominator, rho.numerator * below)
        left = [one * rho.denominator for one in left]
        for number, worth in election.backers[name]:
            left[number] -= min(left[number], pay * worth)
        for one in set(left):
            common = gcd(common, one)
        below, left = below * rho.denominator // common, [one // common for one in left]
        del least[name]
        chosen.add(name)


def price(election: Election, name: str, left: list[int], below: int) -> Fraction | None:
    """The lowest price per utility at which the supporters can pay a project; None where they cannot."""
    purses = Counter[tuple[int, int]]()
    for number, worth in election.backers[name]:
        purses[left[number], worth] += election.sizes[number] if worth else 0
    missing, rest = election.cost[name] * below, sum(worth * size for (_purse, worth), size in purses.items())
    for purse, worth in sorted(purses, key=lambda one: Fraction(one[0], one[1] or 1)):
        if worth:
            if missing * worth <= purse * rest:  # all who are left can pay missing / rest for each unit of utility
                return Fraction(missing, rest * below)
            missing -= purse * purses[purse, worth]
            rest -= worth * purses[purse, worth]
    return None

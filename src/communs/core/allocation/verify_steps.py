"""Equal shares counted anew: what was next in each round; of Add1 every count before the last, none of them its end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from heapq import nsmallest
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, must
else:  # run by itself, the files beside each other
    from verify_election import Election, must

Next = dict[str, str | None]  # what a round must say of the project that would have been next
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
    """What equal shares buys with an endowment."""
    return {name for name, _next in purchases(election, endowment, open_, 1)}


def purchases(election: Election, endowment: Fraction, open_: Iterable[str], of: int = 2) -> Iterator[tuple[str, Next]]:
    """What equal shares buys, the cheapest first, and what was next `of` as many. Purses are parts of `below`."""
    below, places = endowment.denominator, {name: place for place, name in enumerate(election.cost)}
    left = [endowment.numerator * election.scale] * len(election.sizes)
    least = dict.fromkeys(open_, Fraction(0))  # prices below which they cannot be had any more
    while found := lowest(election, least, left, below, of):
        rho, name = min((found[name], election.rank[name], name) for name in found)[::2]
        second = min(((one, places[other], other) for other, one in found.items() if other != name), default=None)
        yield (
            name,
            {
                "runner_up": second and second[2],
                "margin": second and "{0.numerator}/{0.denominator}".format((second[0] - rho) / election.scale),
            },
        )
        pay, common = rho.numerator * below, gcd(below * rho.denominator, rho.numerator * below)
        left = [one * rho.denominator for one in left]
        for number, worth in election.backers[name]:
            left[number] -= min(left[number], pay * worth)
        for one in set(left):
            common = gcd(common, one)
        below, left = below * rho.denominator // common, [one // common for one in left]
        del least[name]


def lowest(election: Election, least: dict[str, Fraction], left: list[int], below: int, of: int) -> dict[str, Fraction]:
    """The exact prices of some projects, among them so many that cost least and all that cost no more than these."""
    found = dict[str, Fraction]()
    for name in sorted(least, key=least.__getitem__):
        if len(found) >= of and least[name] > nsmallest(of, found.values())[-1]:
            break
        exact = price(election, name, left, below)
        if exact is None:
            del least[name]
        else:
            found[name] = least[name] = exact
    return found


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

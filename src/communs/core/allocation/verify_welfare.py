"""The yardstick of welfare: the projects fit the budget, are worth what is said, and no others are worth more."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Found, Read, must
else:  # run by itself, the files beside each other
    from verify_election import Found, Read, must

LOOKS_MAX = 300_000
"""So many sets of projects are looked at before the search for a better one is given up."""


def replay(result: Mapping[str, Any], read: Read) -> Found:
    """The projects told, if the budget holds them; the notes say how sure it is that none are better."""
    election = read(result["parameters"]["utility"], 1)
    worth = {name: election.sum(name, lambda _, worth: worth) for name in election.cost}
    if election.utility == "cost":
        worth = {
            name: worth[name] if election.cost[name] else 0 for name in worth
        }  # what costs nothing is worth nothing
    chosen = {one["project"] for one in result["rounds"]}
    must(chosen <= worth.keys(), "what is funded is no project")
    left = election.budget - sum(election.cost[name] for name in chosen)
    must(left >= 0, f"the projects cost {-left} more than the budget")
    must(all(worth[name] for name in chosen), "what nobody supports is funded")
    total = sum(worth[name] for name in chosen)
    must(result["certificate"] == {"utility": total}, f"the projects are worth {total}")
    free = sum(worth[name] for name in worth if not election.cost[name])
    paid = [(worth[x], cost) for x, cost in election.cost.items() if cost and worth[x] and cost <= election.budget]
    most, surely = better(sorted(paid, key=lambda item: (-Fraction(*item), item[1])), election.budget, total - free)
    must(surely is not False, f"other projects are worth {most + free}, these {total}")
    names = [name for name in election.cost if name in chosen]  # as the file has them
    open_ = f"none are worth more than {most + free}, these {total}; whether others come between was not looked at"
    said = "No other projects are worth more." if surely else f"There are too many sets to look at: {open_}."
    amounts = {name: election.amount(name) for name in names}
    return Found(names, amounts, [{"project": name, "utility": worth[name]} for name in names], notes=[said])


def better(items: Sequence[tuple[int, int]], budget: int, known: int) -> tuple[int, bool | None]:
    """(worth, False) where items are worth more than known; (known, True) where none are; (a bound, None): too many.

    `items`: (worth, cost), the most worth per cost first. Depth first; what is left can become worth no more than it
    is with a part of the next item that does not fit.
    """
    stack, looks = [(0, 0, budget)], 0  # (the next item, worth so far, money left)
    while stack:
        place, worth, left = stack.pop()
        looks += 1
        if looks > LOOKS_MAX:
            return _bound(items, 0, 0, budget), None
        while place < len(items) and _bound(items, place, worth, left) > known:
            gain, cost = items[place]
            place += 1
            if cost <= left:
                stack.append((place, worth, left))
                worth, left = worth + gain, left - cost
        if worth > known:
            return worth, False
    return known, True


def _bound(items: Sequence[tuple[int, int]], place: int, worth: int, left: int) -> int:
    for gain, cost in items[place:]:
        if cost > left:
            return worth + gain * left // cost
        worth, left = worth + gain, left - cost
    return worth

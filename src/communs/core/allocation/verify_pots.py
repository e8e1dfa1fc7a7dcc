"""Division by votes and the lottery: worked out again from the file."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Found, Read, must
else:  # run by itself, the files beside each other
    from verify_election import Found, Read, must

ROUNDS_MAX = 50  # of water-filling, before the rest is settled at once
Parts = dict[str, Fraction]
Rank = Mapping[str, tuple[bool | str, str]]


def proportional(result: Mapping[str, Any], read: Read) -> Found:
    """The exact parts by water-filling, one rounding, and the rounds that are said to lead there."""
    how, proof, election = result["parameters"], result.get("certificate"), read("cardinality", 1)
    voters = {name: election.supporters(name) for name in election.cost}
    by = how["by"]
    if by == "points" and election.has_points:
        scores = read("score", 1)
        weights = {name: scores.sum(name, lambda _, points: points) for name in voters}
    else:
        weights = {x: 1 if by == "all-equal" else int(n > 0) if by == "equal" else n for x, n in voters.items()}
    floors, caps = how["limits"]["floors"], how["limits"]["caps"]
    must({*floors, *caps} <= voters.keys(), "a limit is of no project")
    level, parts = filled(election.budget, weights, floors, caps)
    paid = election.budget if level is not None and any(weights.values()) else int(sum(parts.values()))
    amounts, tie = rounded(parts, paid, election.rank)
    sums = {"pot": election.budget, "paid": paid, "unspent": election.budget - paid}
    if proof is not None:  # a college that decides apart has none
        must({**proof, **sums} == proof, f"the sums are {sums}")
        _levels(
            proof["level_rounds"], election.budget, {name: w for name, w in weights.items() if w}, (floors, caps, level)
        )
    whole = sum(weights.values())
    lines = [
        {"project": name, "voters": voters[name], "weight": weights[name], "of": whole, "amount": amounts[name]}
        for name in voters
    ]
    return Found(receiving(amounts, election.rank), amounts, lines, tie)


def filled(
    pot: int, weights: Mapping[str, int], floors: Mapping[str, int], caps: Mapping[str, int]
) -> tuple[Fraction | None, Parts]:
    """The level (None: everyone is at the cap) and the parts. Who has no weight gets nothing."""
    some = {name: weight for name, weight in weights.items() if weight}

    def at(level: Fraction) -> Parts:
        lowest = {name: max(level * weight, Fraction(floors.get(name, 0))) for name, weight in some.items()}
        return {name: min(part, Fraction(caps.get(name, part))) for name, part in lowest.items()}

    def total(level: Fraction) -> Fraction:
        return sum(at(level).values(), Fraction(0))

    must(sum(floors.get(name, 0) for name in some) <= pot, "the floors pass the pot")
    bends = {Fraction(limits[name], w) for name, w in some.items() for limits in (floors, caps) if name in limits}
    ascending = sorted({Fraction(0)} | bends)
    below = ascending[bisect_right(ascending, Fraction(pot), key=total) - 1]
    rising = [x for x, w in some.items() if below * w >= floors.get(x, 0) and (x not in caps or below * w < caps[x])]
    whole = sum(some[name] for name in rising)
    if not whole and (not some or total(below) < pot):
        return None, dict.fromkeys(weights, Fraction(0)) | at(below)
    level = below + ((pot - total(below)) / whole if whole else 0)
    return level, dict.fromkeys(weights, Fraction(0)) | at(level)


def rounded(parts: Parts, paid: int, rank: Rank) -> tuple[dict[str, int], list[tuple[int, list[str], str]]]:
    """Largest remainder, and the tie over the last unit where there is one."""
    amounts = {name: int(part) for name, part in parts.items()}
    rests, left = {name: part - int(part) for name, part in parts.items()}, paid - sum(amounts.values())
    order = sorted(parts, key=lambda name: (-rests[name], rank[name]))
    for name in order[:left]:
        amounts[name] += 1
    against = [name for name in order[left:] if left and rests[name] == rests[order[left - 1]]]
    return amounts, [(left, [order[left - 1], *against], order[left - 1])] if against else []


def receiving(amounts: Mapping[str, int], rank: Rank) -> list[str]:
    """Who receives something, the largest amount first."""
    return sorted((name for name, amount in amounts.items() if amount), key=lambda name: (-amounts[name], rank[name]))


def _levels(
    rounds: Sequence[Mapping[str, Any]], left: int, waiting: dict[str, int], known: tuple[Any, Any, Any]
) -> None:
    """Each round of the certificate divides what is left, and settles those that meet a limit at the level found."""
    floors, caps, level = known
    for number, one in enumerate(rounds):
        tried = Fraction(left, sum(waiting.values()) or 1)
        must(number == ROUNDS_MAX or Fraction(one["level"]) == tried, f"level {number + 1} is not {tried}")
        settled = [*((name, floors) for name in one["at_floor"]), *((name, caps) for name in one["at_cap"])]
        for name, limits in settled:
            must(name in waiting and name in limits, f"{name} meets no limit in level {number + 1}")
            over = level is None or level * waiting[name] >= limits[name]
            under = level is not None and level * waiting[name] <= limits[name]
            must(over if limits is caps else under, f"{name} does not stay at a limit")
            left -= limits[name]
            del waiting[name]
    last = Fraction(left, sum(waiting.values())) if waiting else level
    must(last == level and (level is not None or not waiting), f"the levels lead to {last}, not to {level}")


def lottery(result: Mapping[str, Any], read: Read) -> Found:
    """Drawn again from the seed."""
    how, proof, election = result["parameters"], result.get("certificate"), read("cardinality", 1)
    tickets, left, found, goes_on = how["tickets"], election.budget, Found([], {}, []), True
    must(how["commitment"] == sha256(how["seed"].encode()).hexdigest(), "the commitment is of another seed")
    must(tickets.keys() <= election.cost.keys(), "somebody holds tickets who is no project")
    for name, number in drawn(how["seed"], tickets):
        fits = election.cost[name] <= left
        goes_on = goes_on and (fits or how["unfitting"] == "skip")
        funded = fits and goes_on
        left -= election.cost[name] if funded else 0
        found.rounds.append(
            {"project": name, "number": number, "cost": election.cost[name], "funded": funded, "left": left}
        )
        found.amounts |= {name: election.cost[name]} if funded else {}
    found.chosen = list(found.amounts)
    sums = {"pot": election.budget, "paid": election.budget - left, "unspent": left}
    must(proof in (None, sums), f"the sums are {sums}")
    voters = {name: election.supporters(name) for name in election.cost}
    each = "one for each voter who names it" if tickets == voters else "as the parameters say, not by the ballots"
    each = "one" if tickets == dict.fromkeys(voters, 1) else each
    found.notes.append(
        f"The tickets of a project: {each}. Was {how['commitment']} published before, or the seed public?"
    )
    return found


def drawn(seed: str, tickets: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """All who hold tickets, in the order in which they are drawn, each with the ticket that won."""
    waiting, place = sorted(name for name, count in tickets.items() if count), 0
    while waiting:
        sums = [*accumulate(tickets[name] for name in waiting)]
        number, place = int(sha256(f"{seed}\n{place}".encode()).hexdigest(), 16), place + 1
        if number < 2**256 // sums[-1] * sums[-1]:
            yield waiting.pop(bisect_right(sums, number % sums[-1])), number % sums[-1]

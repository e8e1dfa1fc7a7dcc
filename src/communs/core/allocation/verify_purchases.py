"""Equal shares, sequential Phragmén and greedy: each purchase is made again, and none was better."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, must, one_of
else:  # run by itself, the files beside each other
    from verify_election import Election, must, one_of

Line = dict[str, Any]
Bought = list[tuple[str, list[str], Line]]  # in order: the project, all that it was equal to, what its round must say


def lacks(election: Election, name: str, rho: int, left: list[int]) -> int:
    """What the supporters do not raise at a price per utility."""
    return election.cost[name] - election.sum(name, lambda number, worth: min(left[number], rho * worth))


def equal_shares(
    election: Election, endowment: Fraction, rounds: Iterable[Any], open_: Iterable[str]
) -> tuple[list[int], Bought]:
    """Paid exactly, none was cheaper, nothing affordable left. What each voter keeps, and what was bought."""
    left, bought = [int(endowment * election.scale)] * len(election.sizes), Bought()
    known = dict.fromkeys(open_, 0)  # prices at which they cannot be had, now or later: purses only shrink
    for one in rounds:
        winner, rho, tied = one["project"], int(Fraction(one["rho"]) * election.scale), list[str]()
        must(winner in known and lacks(election, winner, rho, left) == 0, f"the payments for {winner} are not its cost")
        for name in [name for name, price in known.items() if price < rho or name == winner]:
            lack = lacks(election, name, rho, left)
            rich = any(worth and left[n] >= rho * worth for n, worth in election.backers[name])
            first = rich and election.rank[winner] <= election.rank[name]  # of two that cost the same
            must(lack > 0 or (lack == 0 and first), f"{name} was cheaper than {winner}, or won the tie")
            tied += [name] * (lack == 0)
            known[name] = 0 if lack == 0 else 2 * rho if lacks(election, name, 2 * rho, left) > 0 else rho
        bought.append((winner, tied, paid(election, winner, Fraction(rho, election.scale), left)))
        for number, worth in election.backers[winner]:
            left[number] -= min(left[number], rho * worth)
        del known[winner]
    most = max(left, default=0)
    must(all(lacks(election, name, most, left) > 0 for name in known), "more can still be afforded")
    return left, bought


def paid(election: Election, name: str, rho: Fraction, left: list[int]) -> Line:
    """What a round says of the purchase: the price, who paid it in full, and what all supporters had before."""
    price = rho * (election.amount(name) if election.utility == "cost" else 1)
    full = election.sum(name, lambda number, worth: worth > 0 and left[number] >= rho * election.scale * worth)
    supporters = election.sum(name, lambda _number, worth: worth > 0)
    money = Fraction(election.sum(name, lambda number, worth: left[number] * (worth > 0)), election.scale)
    exact = {"rho": rho, "price": price, "money": money, "effective": election.amount(name) / price}
    return {"supporters": supporters, "in_full": full} | {
        key: f"{one.numerator}/{one.denominator}" for key, one in exact.items()
    }


def phragmen(
    election: Election, stop: str, rounds: Iterable[Any], budget: int, loads: list[int], others: Iterable[str]
) -> Bought:
    """Each load is exact, none was lower, and at the end nothing more can be bought."""
    bought, skip = Bought(), one_of(stop, "first-overshoot", "skip")
    known = dict.fromkeys(others, Fraction(0))  # loads below which they cannot be bought: loads only grow
    for one in (*rounds, {}):
        load = Fraction(one["load"]) * election.scale if one else max(known.values(), default=Fraction(0))
        known = {name: low for name, low in known.items() if not skip or election.cost[name] <= budget}
        for name in (name for name, low in known.items() if low <= load):
            known[name] = earned(election, name, loads)
        soon = min(known.values(), default=load)
        tied = sorted((name for name, low in known.items() if low == soon), key=election.rank.__getitem__)
        due = (tied[0], known[tied[0]]) if tied and all(election.cost[name] <= budget for name in tied) else ()
        must(due == ((one["project"], load) if one else ()), f"next was not {one or 'the end'}, but {due}")
        if one:
            told = {"load": one["load"], "supporters": election.sum(tied[0], lambda _number, worth: worth > 0)}
            others = {name: low for name, low in known.items() if name != tied[0] and election.cost[name] <= budget}
            told |= after(election, others, loads, load)
            known |= others
            budget -= election.cost[tied[0]]
            bought.append((tied[0], tied if election.cost[tied[0]] else [], told))  # what is free is in no tie
            del known[tied[0]]
            for number, worth in election.backers[tied[0]]:
                loads[number] = int(load) if worth else loads[number]
    return bought


def after(election: Election, others: dict[str, Fraction], loads: list[int], load: Fraction) -> Line:
    """Who would have been next, and how much later. Loads at which others can be bought become exact on the way."""
    places, exact = {name: place for place, name in enumerate(election.cost)}, set[str]()
    while others:
        low, _place, name = min((low, places[name], name) for name, low in others.items())
        if name in exact:
            margin = (low - load) / election.scale
            return {"runner_up": name, "margin": f"{margin.numerator}/{margin.denominator}"}
        others[name] = earned(election, name, loads)
        exact.add(name)
    return {"runner_up": None, "margin": None}


def earned(election: Election, name: str, loads: list[int]) -> Fraction:
    """The load at which the supporters can buy a project."""
    money = election.cost[name] + election.sum(name, lambda number, worth: loads[number] if worth else 0)
    return Fraction(money, election.sum(name, lambda _number, worth: worth > 0))


def greedy(election: Election, how: Mapping[str, Any], budget: int, others: Iterable[str], rounds: list[Any]) -> Bought:
    """Counted again, for it is short."""
    by_cost, skip = one_of(how["per"], "project", "cost"), one_of(how["no_room"], "stop", "skip")
    voters = {name: election.supporters(name) for name in others}
    worth = {name: election.sum(name, lambda _, worth: worth) for name in voters}
    score, unit = (worth, election.factor) if how["utility"] == "score" else (voters, 1)
    per = {x: Fraction(worth[x], election.cost[x] if by_cost else 1) for x in voters if election.cost[x]}
    enough = [x for x in voters if voters[x] >= how["votes_min"] and score[x] >= how["score_min"] * unit]
    enough.sort(key=lambda x: (x in per, -per.get(x, 0), election.rank[x]))
    bought, equal = Bought(), Counter(per.get(name) for name in enough)
    for place, name in enumerate(enough):
        if election.cost[name] <= budget:
            tied = enough[place : place + equal[per[name]]] if name in per else []
            fitting = [x for x in tied if election.cost[x] <= budget]
            budget -= election.cost[name]
            told = {"score": score[name], "supporters": voters[name], "left": budget // election.scale}
            bought.append((name, fitting, told))
        elif not skip:
            break
        equal[per.get(name)] -= 1
    found = [{"project": name, "score": line["score"]} for name, _tied, line in bought]
    must(found == rounds, f"by support it is not {rounds}, but {found}")
    return bought

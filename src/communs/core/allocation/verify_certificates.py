"""The certificate of equal shares with its completions, of Phragmén and of greedy: what it says is funded."""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Election, Found, Read, must, one_of
    from communs.core.allocation.verify_purchases import Bought, equal_shares, greedy, phragmen
    from communs.core.allocation.verify_steps import all_steps, purchases
else:  # run by itself, the files beside each other
    from verify_election import Election, Found, Read, must, one_of
    from verify_purchases import Bought, equal_shares, greedy, phragmen
    from verify_steps import all_steps, purchases


def replay(result: Mapping[str, Any], read: Read) -> Found:
    """What a certificate says is funded, each purchase checked."""
    how, proof, rule = result["parameters"], result["certificate"], result["rule"]
    scale = lcm(*(Fraction(one).denominator for one in re.findall(r'": "(-?\d+/[1-9]\d*)"', json.dumps(proof))))
    election = read(how.get("utility", "cardinality"), scale)
    notes: list[str] = []
    backed = {name for name in election.cost if election.sum(name, lambda _, worth: worth)}
    fits = {name for name in backed if election.cost[name] <= election.budget}
    if rule == "phragmen-1":
        nobody = [0] * len(election.sizes)
        bought = phragmen(election, how["stop"], proof["rounds"], election.budget, nobody, fits)
    elif rule == "greedy-1":
        bought = greedy(election, how, election.budget, fits, proof["rounds"])
    else:
        bought = with_completion(election, how, proof, (backed, fits), read)
        notes = steps_of(election, how["completion"], proof["completion"], backed)
    names = [name for name, _tied, _line in bought]
    return Found(
        names,
        {name: election.amount(name) for name in names},
        [{"project": name, "cost": election.amount(name), **line} for name, _tied, line in bought],
        [(number, tied, name) for number, (name, tied, _line) in enumerate(bought, 1) if len(tied) > 1],
        notes,
    )


def with_completion(
    election: Election, how: Mapping[str, Any], proof: Mapping[str, Any], known: tuple[set[str], set[str]], read: Read
) -> Bought:
    """Equal shares with the endowment that its completion leads to, and what that adds. `known`: backed, affordable."""
    (backed, fits), completion, filled = known, how["completion"], proof["completion"]
    free = sorted((name for name in backed if not election.cost[name]), key=election.rank.__getitem__)
    must(proof["free"] == free and proof["utility"] == how["utility"], "the certificate is of another utility")
    must(filled["name"] == completion["name"], "the certificate is of another completion")
    endowment, paid = Fraction(proof["endowment"]), backed.difference(free)
    left, bought = equal_shares(election, endowment, proof["rounds"], paid)
    for (name, _tied, line), (again, next_) in zip(bought, purchases(election, endowment, paid), strict=True):
        must(name == again, f"{name} was bought, counted anew it is {again}")
        line.update(next_)
    nothing = {"rho": "0/1", "price": "0/1", "runner_up": None, "margin": None}
    bought = [(x, [], nothing | {"supporters": election.sum(x, lambda _, worth: worth > 0)}) for x in free] + bought
    chosen = {name for name, _tied, _line in bought}
    budget = election.budget - sum(election.cost[name] for name in chosen)
    fits = {name for name in fits - chosen if election.cost[name] <= budget}
    first, step = endowments(election, completion)
    if "step" in completion:
        first += filled["steps"] * step
        ended(election, completion, filled, first + step, (backed - {*free}, bool(fits), chosen == backed))
    must(Fraction(proof["endowment"]) == first and budget >= 0, "the endowment is another one, or overspends")
    if completion["name"] == "phragmen":
        bought += phragmen(election, completion["overshoot"], filled["rounds"], budget, [-one for one in left], fits)
    elif "utility" in completion:
        by = {**completion, "per": "cost", "no_room": "skip", "votes_min": 0, "score_min": 0}
        bought += greedy(read(by["utility"], election.scale), by, budget, fits, filled["rounds"])
    else:
        must(not filled.get("rounds"), "nothing is filled in by this completion")
    return bought


def endowments(election: Election, completion: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """What each voter has at first, and how much more at each step of Add1."""
    first = Fraction(election.budget, election.voters * election.scale) if election.voters else Fraction(0)
    unit = 10**election.decimals
    if "step" not in completion:
        return first, Fraction(0)
    first = Fraction(first // unit * unit) if one_of(completion["start"], "exact", "floor") else first
    step = Fraction(completion["step"]) * (first if one_of(completion["step_of"], "currency", "endowment") else unit)
    must(step > 0 or not election.voters, "a step of nothing leads nowhere")
    return first, step


def ended(
    election: Election,
    completion: Mapping[str, Any],
    filled: Mapping[str, Any],
    endowment: Fraction,
    known: tuple[set[str], bool, bool],
) -> None:
    """Add1 ended where it had to, and told why. `known`: what may be bought, whether more fits, whether all is had."""
    paid, fits, complete = known
    exhaustive, next_ = not one_of(completion["stop"], "exhaustive", "overspent"), filled["next"]
    if next_:
        over = sum(election.cost[one["project"]] for one in next_["rounds"]) > election.budget
        must(over and Fraction(next_["endowment"]) == endowment, "the next step would not pass the budget")
        equal_shares(election, endowment, next_["rounds"], paid)
    must(bool(next_) != (complete or (exhaustive and not fits)), "Add1 had to go on, or had ended before")
    why = "overspent" if next_ else "complete" if complete else "exhaustive"
    must(filled["ended"] == why, f"Add1 ended because it was {why}")


def steps_of(
    election: Election, completion: Mapping[str, Any], filled: Mapping[str, Any], backed: set[str]
) -> list[str]:
    """The counts of Add1 before the last."""
    if "step" not in completion:
        return []
    first, step = endowments(election, completion)
    exhaustive = completion["stop"] == "exhaustive"
    return [all_steps(election, [first + number * step for number in range(filled["steps"])], backed, exhaustive)]

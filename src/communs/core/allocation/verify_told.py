"""Is everything else that a result says right: its parameters, its rounds, its ties? The same for every rule."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation.verify_election import Found, must
else:  # run by itself, the files beside each other
    from verify_election import Found, must

UTILITY, OVERSHOOT = "cost|cardinality|score", "first-overshoot|skip"
TIES, WHOLE, MORE, SHARE = r"lexicographic|hash:(?s:.+)", r"\d+", r"[1-9]\d*/[1-9]\d*", r"\d+/[1-9]\d*"
ADD1 = {"step": MORE, "step_of": "currency|endowment", "start": "exact|floor", "stop": "exhaustive|overspent"}
COMPLETIONS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "add1": ADD1,
    "utilitarian": {"utility": UTILITY},
    "add1-utilitarian": {"utility": UTILITY, **ADD1},
    "phragmen": {"overshoot": OVERSHOOT},
}
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "standard": {},
    "pairwise": {"m": SHARE},
    "profile-clusters": {},
    "connected-clusters": {"memberships": object},
}
DIVIDING = {"pot": int, "limits": {"floors": dict, "caps": dict}, "surplus": "keep|spend"}
TAKES: Mapping[str, Mapping[str, Any]] = {  # what each rule takes: texts of a form, values of a type, or as above
    "equal-shares-1": {"utility": UTILITY, "completion": COMPLETIONS},
    "phragmen-1": {"stop": OVERSHOOT},
    "greedy-1": {"utility": UTILITY, "per": "cost|project", "no_room": "skip|stop", "votes_min": int, "score_min": int},
    "maximin-support-1": {},
    "proportional-1": {"by": "points|voters|equal|all-equal", "limits": DIVIDING["limits"]},
    "lottery-1": {"seed": "(?s).+", "tickets": dict, "unfitting": "skip|stop", "commitment": "[0-9a-f]{64}"},
    "welfare-1": {"utility": UTILITY, "method": "exact|highs"},
    "quadratic-1": {**DIVIDING, "minimum": int, "variant": VARIANTS},
    "median-1": {
        **DIVIDING,
        "quantile": SHARE,
        "middle": "lower|upper|mean",
        "absent": "skip|zero",
        "quorum": int,
    },
}
WITHOUT_TIES = ("lottery-1", "welfare-1")
WHOLES = ("tickets", "floors", "caps")  # maps of whole numbers, 0 or more


def parameters(rule: str, how: Mapping[str, Any]) -> None:
    """Raise `ValueError` where a parameter is missing, or one that the rule does not know, or has an unknown value."""
    must(rule in TAKES, f"{rule!r:.60} is not replayed here")
    known(rule, how, TAKES[rule] if rule in WITHOUT_TIES else {**TAKES[rule], "ties": TIES})


def known(what: str, how: Any, takes: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless these parameters are there, each of its form, and no others."""
    must(
        isinstance(how, dict) and how.keys() == takes.keys(), f"{what} takes {', '.join(takes)}, neither less nor more"
    )
    for name, form in takes.items():
        value = how[name]
        if form in (COMPLETIONS, VARIANTS):
            own = value.get("name") if isinstance(value, dict) else None
            must(isinstance(own, str) and own in form, f"{own!r:.60} is no {name} of {what}")
            known(f"{what}, {own},", value, {"name": re.escape(str(own)), **form[str(own)]})
        elif isinstance(form, str):
            must(isinstance(value, str) and re.fullmatch(form, value), f"{value!r:.60} is no {name} of {what}")
        elif isinstance(form, Mapping):
            known(f"{what}, {name},", value, form)
        else:
            must(isinstance(value, form) and not isinstance(value, bool), f"{value!r:.60} is no {name} of {what}")
            must(form is not int or value >= 0, f"{name} is below 0")
        if name in WHOLES:
            must(all(type(one) is int and one >= 0 for one in value.values()), f"{name} are whole numbers from 0 on")


def told(result: Mapping[str, Any], found: Found) -> None:
    """Raise `ValueError` unless selected, amounts, rounds and ties are those that were found.

    Of a round, what was not worked out again (with maximin, who was next) is passed over; of a tie, what it changes.
    """
    selected, amounts, rounds = result["selected"], result["amounts"], result["rounds"]
    must(found.chosen == selected, f"the projects are not {selected!s:.300}, but {found.chosen!s:.300}")
    must(amounts == found.amounts, "the amounts are not the costs, or not the parts")
    must(len(rounds) == len(found.rounds), f"{len(rounds)} rounds are told, there are {len(found.rounds)}")
    for number, (said, line) in enumerate(zip(rounds, found.rounds, strict=True), 1):
        wrong = next((key for key, value in line.items() if said.get(key) != value), None)
        must(
            wrong is None,
            f"round {number} says {said.get(wrong)!r:.60} for {wrong}, it is {line.get(wrong or '')!r:.60}",
        )
    ties = [(tie["round"], sorted(tie["tied"]), tie["won"]) for tie in result["ties"]]
    must(ties == [(number, sorted(tied), won) for number, tied, won in found.ties], f"the ties are {found.ties!s:.300}")


def told_of_amounts(result: Mapping[str, Any]) -> None:
    """The same of a rule that divides a pot: each round has the amount of its project, and ties went to the first."""
    amounts, rounds, ties = result["amounts"], result["rounds"], result["parameters"]["ties"]
    must(sorted(line["project"] for line in rounds) == sorted(amounts), "the rounds are of other projects")
    must(all(line["amount"] == amounts[line["project"]] for line in rounds), "a round tells another amount")
    apart = [(line["by_sums"], line["by_breadth"], line["amount"]) for line in rounds if "by_sums" in line]
    must(all(sums + breadth == amount for sums, breadth, amount in apart), "sums and breadth do not make the amount")
    must(not apart or sum(one[0] for one in apart) == sum(one[2] for one in apart), "the sums add up to another amount")
    for tie in result["ties"]:
        must({*tie["tied"]} <= amounts.keys(), "a tie is of no project")
        must(tie["won"] == min(tie["tied"], key=lambda name: place(ties, name)), f"the tie of {tie['tied']} went wrong")


def place(ties: str, name: str) -> tuple[bool | str, str]:
    """Where a project stands in an order of ties."""
    return ":" in ties and sha256(f"{ties[5:]}\n{name}".encode()).hexdigest(), name

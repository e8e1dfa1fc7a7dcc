"""The rule as it is called: an election in, a result with its rounds and certificate out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from communs.core.allocation.backing import Backing
from communs.core.allocation.elections import Instance
from communs.core.allocation.equal_shares.adding import Added, Ended, add1, endowment
from communs.core.allocation.equal_shares.completions import (
    NONE,
    Add1,
    Add1Utilitarian,
    Completion,
    PhragmenCompletion,
    Utilitarian,
    explicit,
)
from communs.core.allocation.equal_shares.filling import NOTHING_FILLED, Filled, by_loads, by_support
from communs.core.allocation.equal_shares.selecting import Run, select
from communs.core.allocation.equal_shares.telling import prices, tell
from communs.core.allocation.results import Result, rational
from communs.core.allocation.tie_effects import with_effects
from communs.core.allocation.ties import LEXICOGRAPHIC, Order, Tie, order_of
from communs.core.allocation.utilities import Utility

RULE = "equal-shares-1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is funded: by the count, by which steps it came about, and what was filled in afterwards."""

    run: Run
    added: Added | None = None
    filled: Filled = NOTHING_FILLED

    @property
    def chosen(self) -> tuple[int, ...]:
        """The projects, in order."""
        return (*self.run.chosen, *self.filled.chosen)


def equal_shares(
    instance: Instance, utility: Utility = Utility.COST, completion: Completion = NONE, ties: str = LEXICOGRAPHIC
) -> Result:
    """Give every voter an equal share of the budget, and let supporters buy projects together, the cheapest first.

    Raises `InvalidElection` (the ballots do not say what the utility asks; Add1 does not end) and `UnknownOrder`.
    """
    order = order_of(ties, instance.ids)
    completion = explicit(completion, utility)
    parameters = {"utility": str(utility), "completion": completion.parameters(), "ties": ties}
    if not instance.voters:
        return Result(
            RULE,
            parameters,
            instance.sha256,
            (),
            {},
            certificate=_proof_of_nobody(utility, completion),
            currency=instance.currency,
            decimals=instance.decimals,
        )
    backing = Backing.of(instance, utility)
    outcome = decide(backing, order, completion, rivals=True)
    ids = instance.ids
    rounds = tell(backing, outcome.run)
    met = [Tie(tie.round, tuple(ids[n] for n in tie.tied), ids[tie.won]) for tie in outcome.run.ties]
    met += [Tie(tie.round, tuple(ids[n] for n in tie.tied), ids[tie.won]) for tie in outcome.filled.ties]
    return Result(
        rule=RULE,
        parameters=parameters,
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(ids[number] for number in outcome.chosen),
        amounts={ids[number]: instance.costs[number] for number in outcome.chosen},
        rounds=(*rounds, *outcome.filled.rounds),
        certificate={
            "endowment": rational(outcome.run.endowment),
            "utility": str(utility),
            "free": [ids[number] for number in outcome.run.free],
            "rounds": [{"project": one["project"], "rho": one["rho"]} for one in rounds[len(outcome.run.free) :]],
            "completion": _proof(backing, outcome, completion),
        },
        ties=with_effects(met, ids, order, lambda other: _again(backing, outcome, order, other, completion)),
    )


def decide(backing: Backing, order: Order, completion: Completion, *, rivals: bool = False) -> Outcome:
    """The projects alone, without what is told of them; for that, `rivals` of each are found too."""
    match completion:
        case Add1():
            added = add1(backing, order, completion)
        case Add1Utilitarian():
            added = add1(backing, order, completion.add1)
        case _:
            run = select(backing, endowment(backing.instance), order, rivals=rivals)
            return Outcome(run, None, _filled(backing, run, order, completion))
    run = select(backing, added.run.endowment, order, rivals=True) if rivals else added.run
    return Outcome(run, added, _filled(backing, run, order, completion))


def _filled(backing: Backing, run: Run, order: Order, completion: Completion) -> Filled:
    """What a completion funds after the count."""
    match completion:
        case Utilitarian():
            return by_support(backing, run, order, completion)
        case Add1Utilitarian():
            return by_support(backing, run, order, completion.utilitarian)
        case PhragmenCompletion():
            return by_loads(backing, run, order, completion)
    return NOTHING_FILLED


def _again(backing: Backing, outcome: Outcome, usual: Order, order: Order, completion: Completion) -> tuple[str, ...]:
    """What the count that decided, and what follows it, fund under an order of ties."""
    if order is usual:
        return tuple(backing.instance.ids[number] for number in outcome.chosen)
    run = select(backing, outcome.run.endowment, order)
    filled = _filled(backing, run, order, completion)
    return tuple(backing.instance.ids[number] for number in (*run.chosen, *filled.chosen))


def _proof_of_nobody(utility: Utility, completion: Completion) -> Mapping[str, Any]:
    """The certificate where nobody voted: there are no shares, and nothing is bought."""
    name = completion.parameters()["name"]
    ended = {"steps": 0, "ended": str(Ended.COMPLETE), "next": None} if name.startswith("add1") else {}
    return {
        "endowment": rational(0),
        "utility": str(utility),
        "free": [],
        "rounds": [],
        "completion": {"name": name, "rounds": [], **ended},
    }


def _proof(backing: Backing, outcome: Outcome, completion: Completion) -> Mapping[str, Any]:
    """What a verifier needs to know of the completion."""
    proof: dict[str, Any] = {**outcome.filled.proof, "name": completion.parameters()["name"]}
    if outcome.added is not None:
        next_ = outcome.added.next
        proof["steps"] = outcome.added.steps
        proof["ended"] = str(outcome.added.ended)
        proof["next"] = next_ and {"endowment": rational(next_.endowment), "rounds": prices(backing, next_)}
    return proof

"""The rules by name, as the command line and forms ask for them: a choice of parameters → a rule that is called with an
election. Each rule takes some of the parameters; one it does not know is refused, not passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.equal_shares import (
    NONE,
    Add1,
    Add1Utilitarian,
    Completion,
    PhragmenCompletion,
    Start,
    StepOf,
    Stop,
    Utilitarian,
    equal_shares,
)
from communs.core.allocation.explaining import Decide, deciding, deciding_equal_shares, deciding_phragmen
from communs.core.allocation.greedy import NoRoom, Per, greedy
from communs.core.allocation.lottery import lottery, voters_as_tickets
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.phragmen import Stop as PhragmenStop
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.proportional import By, proportional, up_to_costs
from communs.core.allocation.results import Result
from communs.core.allocation.ties import LEXICOGRAPHIC, UnknownOrder, order_of
from communs.core.allocation.utilities import Utility, default_utility
from communs.core.allocation.waterfilling import NO_LIMITS
from communs.core.allocation.welfare import welfare

Rule = Callable[[Instance], Result]
COMPLETIONS = ("none", "add1", "add1-utilitarian", "utilitarian", "phragmen")


@dataclass(frozen=True, slots=True)
class Choice:
    """The parameters that were asked for; None: the rule's own default."""

    utility: Utility | None = None
    completion: str | None = None
    step: Fraction | None = None
    step_of: StepOf | None = None
    start: Start | None = None
    stop: Stop | None = None
    overshoot: PhragmenStop | None = None
    per: Per | None = None
    no_room: NoRoom | None = None
    votes_min: int | None = None
    score_min: int | None = None
    seed: str | None = None
    by: By | None = None
    up_to_costs: bool | None = None
    ties: str | None = None


NOTHING_CHOSEN = Choice()


@dataclass(frozen=True, slots=True)
class Named:
    """A rule under the name it is asked for by, with the parameters of a `Choice` that it takes."""

    name: str
    takes: frozenset[str]
    make: Callable[[Choice], Rule]


def rule_of(name: str, choice: Choice = NOTHING_CHOSEN) -> Rule:
    """The rule of this name with these parameters. Raises `InvalidElection`: unknown, or a parameter it does not take.

    >>> from communs.core.allocation.elections import Instance, Project
    >>> election = Instance.from_rows([Project("park", 3), Project("path", 2)], 3, [["park"], ["park"], ["path"]])
    >>> rule_of("greedy")(election).selected
    ('park',)
    """
    named = RULES.get(name)
    if named is None:
        raise InvalidElection(f"{name} is no rule. There are {', '.join(RULES)}.")
    refuse_others(name, named.takes, (one.name for one in fields(choice) if getattr(choice, one.name) is not None))
    refuse_unknown_order(choice.ties)
    return named.make(choice)


def refuse_others(name: str, takes: Collection[str], asked: Iterable[str]) -> None:
    """Raise `InvalidElection` for the first parameter asked for that the rule of this name does not take."""
    other = next((one for one in asked if one not in takes), None)
    if other is not None:
        known = ", ".join(sorted(takes)).replace("_", "-")
        raise InvalidElection(f"{name} takes no {other.replace('_', '-')}. It takes {known}.")


def refuse_unknown_order(ties: str | None) -> None:
    """Raise `InvalidElection` where there is no such order of ties: before anything is counted."""
    try:
        order_of(ties or LEXICOGRAPHIC, ())
    except UnknownOrder as unknown:
        raise InvalidElection(str(unknown)) from unknown


def deciding_by(name: str, choice: Choice, election: Instance) -> Decide:
    """Whom the rule funds in this election and in others like it, as quickly as it can be said: for counting again."""
    if name == "mes":
        return deciding_equal_shares(_utility(choice, election), completion_of(choice), _ties(choice))
    if name == "phragmen":
        return deciding_phragmen(choice.overshoot or PhragmenStop.FIRST_OVERSHOOT, _ties(choice))
    return deciding(rule_of(name, choice))


def _mes(choice: Choice) -> Rule:
    completion = completion_of(choice)
    return lambda election: equal_shares(election, _utility(choice, election), completion, _ties(choice))


def completion_of(choice: Choice) -> Completion:
    """How equal shares is completed. Raises `InvalidElection` where a parameter belongs to another completion."""
    name = choice.completion or "none"
    if name not in COMPLETIONS:
        raise InvalidElection(f"{name} is no completion. There are {', '.join(COMPLETIONS)}.")
    steps = [one for one in ("step", "step_of", "start", "stop") if getattr(choice, one) is not None]
    if steps and not name.startswith("add1"):
        raise InvalidElection(f"{steps[0].replace('_', '-')} belongs to the completion add1, not to {name}.")
    add1 = Add1(
        step=choice.step or Fraction(1),
        step_of=choice.step_of or StepOf.CURRENCY,
        start=choice.start or Start.EXACT,
        stop=choice.stop or (Stop.EXHAUSTIVE if name == "add1" else Stop.OVERSPENT),
    )
    made: Mapping[str, Completion] = {
        "none": NONE,
        "add1": add1,
        "add1-utilitarian": Add1Utilitarian(add1),
        "utilitarian": Utilitarian(),
        "phragmen": PhragmenCompletion(choice.overshoot or PhragmenStop.SKIP),
    }
    return made[name]


def _phragmen(choice: Choice) -> Rule:
    return lambda election: phragmen(election, choice.overshoot or PhragmenStop.FIRST_OVERSHOOT, _ties(choice))


def _greedy(choice: Choice) -> Rule:
    return lambda election: greedy(
        election,
        _utility(choice, election),
        per=choice.per or Per.COST,
        no_room=choice.no_room or NoRoom.SKIP,
        votes_min=choice.votes_min or 0,
        score_min=choice.score_min or 0,
        ties=_ties(choice),
    )


def _lottery(choice: Choice) -> Rule:
    if not choice.seed:
        raise InvalidElection("A lottery needs a seed that was published before the vote closed. Give one.")
    seed = choice.seed
    return lambda election: lottery(election, seed, voters_as_tickets(election))


def _proportional(choice: Choice) -> Rule:
    return lambda election: proportional(
        election,
        choice.by or By.POINTS,
        up_to_costs(election) if choice.up_to_costs else NO_LIMITS,
        ties=_ties(choice),
    )


def _utility(choice: Choice, election: Instance) -> Utility:
    return choice.utility or default_utility(election.kind)


def _ties(choice: Choice) -> str:
    return choice.ties or LEXICOGRAPHIC


RULES = {
    named.name: named
    for named in (
        Named(
            "mes",
            frozenset({"utility", "completion", "step", "step_of", "start", "stop", "overshoot", "ties"}),
            _mes,
        ),
        Named("phragmen", frozenset({"overshoot", "ties"}), _phragmen),
        Named("greedy", frozenset({"utility", "per", "no_room", "votes_min", "score_min", "ties"}), _greedy),
        Named("maximin", frozenset({"ties"}), lambda choice: lambda one: maximin_support(one, _ties(choice))),
        Named("proportional", frozenset({"by", "up_to_costs", "ties"}), _proportional),
        Named("lottery", frozenset({"seed"}), _lottery),
        Named("welfare", frozenset({"utility"}), lambda choice: lambda one: welfare(one, _utility(choice, one))),
    )
}

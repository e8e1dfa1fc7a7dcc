"""The rules that a round may follow, by their names in `core.allocation`, and their parameters as a file holds them.

Amounts among the parameters (`cap`, `floor`, `minimum`, M of `pairwise:M`) are minor units. The order of ties is that
of the round's seed, and so is the seed of a lottery: neither is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.dividing import Surplus
from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.equal_shares import Start, StepOf, Stop
from communs.core.allocation.explaining import Decide
from communs.core.allocation.greedy import NoRoom, Per
from communs.core.allocation.median import Absent, Middle
from communs.core.allocation.phragmen import Stop as PhragmenStop
from communs.core.allocation.pot_rules import PotChoice, pot_rule_of
from communs.core.allocation.proportional import By
from communs.core.allocation.results import Result
from communs.core.allocation.rules import Choice, Rule, deciding_by, rule_of
from communs.core.allocation.ties import HASH
from communs.core.allocation.utilities import Utility
from communs.core.rounds.questions import Format, Parameter

A, S, R, D = Format.APPROVE, Format.SCORE, Format.RANK, Format.DIVIDE
FORMATS: Final[Mapping[str, tuple[Format, ...]]] = {
    "mes": (A, S, R, D),
    "phragmen": (A,),
    "greedy": (A, S, R, D),
    "maximin": (A,),
    "lottery": (A,),
    "proportional": (A, S, D),
    "quadratic": (S, D),
    "median": (D,),
}
"""Which ballots each rule counts."""
POT_RULES: Final = ("quadratic", "median")
"""Rules that are handed a table of amounts instead of an election."""
OF_SHARES: Final = ("proportional", *POT_RULES)
"""Rules that divide the pot into any amounts; the others pay what is asked, or nothing."""
SET_HERE: Final = ("ties", "seed", "pot")
THRESHOLDS: Final = ("votes_min", "score_min")
PotRule = Callable[[Amounts], Result]


def _whole(value: Parameter) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _exact(value: Parameter) -> Fraction:
    if isinstance(value, bool) or (found := Fraction(value)) < 0:
        raise ValueError
    return found


def _yes(value: Parameter) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _minor(value: Parameter) -> Fraction:
    return Fraction(_whole(value))


_READ: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "utility": (Utility, ", ".join(Utility)),
    "completion": (str, "the name of a completion"),
    "step": (_exact, "a number, such as 1 or 1/100"),
    "step_of": (StepOf, ", ".join(StepOf)),
    "start": (Start, ", ".join(Start)),
    "stop": (Stop, ", ".join(Stop)),
    "overshoot": (PhragmenStop, ", ".join(PhragmenStop)),
    "per": (Per, ", ".join(Per)),
    "no_room": (NoRoom, ", ".join(NoRoom)),
    "votes_min": (_whole, "a whole number of 0 or more"),
    "score_min": (_whole, "a whole number of 0 or more"),
    "by": (By, ", ".join(By)),
    "up_to_costs": (_yes, "true or false"),
    "variant": (str, "the name of a variant"),
    "minimum": (_minor, "whole smallest units"),
    "quantile": (_exact, "a number, such as 1/2"),
    "middle": (Middle, ", ".join(Middle)),
    "absent": (Absent, ", ".join(Absent)),
    "quorum": (_whole, "a whole number of 0 or more"),
    "floor": (_minor, "whole smallest units"),
    "cap": (_minor, "whole smallest units"),
    "surplus": (Surplus, ", ".join(Surplus)),
}


def counting_rule(name: str, parameters: Mapping[str, Parameter], seed: str) -> Rule:
    """A rule that counts ballots. Raises `InvalidElection` naming the parameter that does not fit, with the remedy."""
    choice = _chosen(parameters, Choice)
    more: dict[str, Any] = {"seed": seed} if name == "lottery" else {"ties": HASH + seed}
    return rule_of(name, Choice(**choice, **more))


def pot_rule(name: str, parameters: Mapping[str, Parameter], pot: int, seed: str) -> PotRule:
    """A rule that divides the pot by amounts in minor units. Raises `InvalidElection`."""
    choice = PotChoice(pot=Fraction(pot), ties=HASH + seed, **_chosen(parameters, PotChoice))
    rule = pot_rule_of(name, choice)
    return lambda amounts: rule(amounts, 0)


def check_parameters(name: str, parameters: Mapping[str, Parameter]) -> None:
    """Raise `InvalidElection` where the rule cannot be made: before anybody votes, with a seed that stands for any."""
    if name in POT_RULES:
        pot_rule(name, parameters, 1, "0")
    else:
        counting_rule(name, parameters, "0")


def _chosen(parameters: Mapping[str, Parameter], kind: type[Choice | PotChoice]) -> dict[str, Any]:
    """The parameters as the rule takes them. One that only the other sort of rules has is unknown here."""
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in _READ or name not in kind.__dataclass_fields__:
            known = ", ".join(one for one in _READ if one in kind.__dataclass_fields__)
            raise InvalidElection(f"{name[:100]} is no parameter. There are {known}.")
        read, what = _READ[name]
        try:
            found[name] = read(value)
        except (ValueError, TypeError, ZeroDivisionError):
            raise InvalidElection(f"{name}: {value!r:.100} cannot be. Write {what}.") from None
    return found


def decide_of(name: str, parameters: Mapping[str, Parameter], seed: str, election: Instance) -> Decide | None:
    """Whom the rule funds in elections like this one, for counting again; None where it is not known how."""
    if name not in {"mes", "phragmen", "greedy", "maximin"}:
        return None
    return deciding_by(name, Choice(ties=HASH + seed, **_chosen(parameters, Choice)), election)

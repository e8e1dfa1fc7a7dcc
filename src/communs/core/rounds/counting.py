"""Ballots counted by the rule of the round: one election of all colleges, or the mean of what each decides.

A college in which nobody voted is left out; the weights of the others stay. Rules that fund options as a whole count
one election in which each ballot weighs as the college's weight ÷ its voters says; rules of shares are run for each
college, and the means are rounded once (rule composition-1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from communs.core.allocation import composition
from communs.core.allocation.amounts import Amounts, Repeated
from communs.core.allocation.elections import BallotKind, Instance, Project
from communs.core.allocation.results import Result
from communs.core.allocation.rules import Rule
from communs.core.allocation.ties import HASH
from communs.core.money import exponent
from communs.core.rounds.ballots import Ballot
from communs.core.rounds.questions import Format, Question
from communs.core.rounds.rolls import Roll
from communs.core.rounds.rules import OF_SHARES, POT_RULES, counting_rule, pot_rule

KINDS: Final = {
    Format.APPROVE: BallotKind.APPROVAL,
    Format.SCORE: BallotKind.SCORING,
    Format.RANK: BallotKind.ORDINAL,
    Format.DIVIDE: BallotKind.CUMULATIVE,
}
WEIGHED_MAX: Final = 2**40
"""Weighed ballots in one election at most: where exact weights need more, they are rounded down to whole ones."""
SUM_MAX: Final = 2**53


@dataclass(frozen=True, slots=True)
class Turnout:
    """How a college voted. `each_counts`: how often one of its ballots counts in the one election; 1 where apart."""

    on_roll: int
    voted: int
    each_counts: int


@dataclass(frozen=True, slots=True)
class Support:
    """How many people named an option, and how many points they gave it."""

    voters: int
    points: int


@dataclass(frozen=True, eq=False)
class Count:
    """What the ballots decided. `election`: what was counted, None where colleges decided apart or nobody voted.

    `result` is None where nobody voted: then nothing is granted.
    """

    result: Result | None
    election: Instance | None
    turnout: Mapping[str, Turnout]
    support: Mapping[str, Support]

    @property
    def granted(self) -> dict[str, int]:
        """What each option is granted, in minor units, above 0 only."""
        amounts = self.result.amounts if self.result else {}
        return {option: amount for option, amount in amounts.items() if amount}


def count(question: Question, roll: Roll, ballots: Sequence[Ballot], seed: str) -> Count:
    """Count valid ballots. Raises `InvalidElection` where the rule cannot (`problems` told so before the opening)."""
    groups: dict[str, list[Ballot]] = {college.id: [] for college in question.colleges}
    for ballot in sorted(ballots, key=lambda one: one.voter):
        groups[roll.colleges[ballot.voter]].append(ballot)
    voting = {college: group for college, group in groups.items() if group}
    elections = {college: election_of(question, group) for college, group in voting.items()}
    times = dict.fromkeys(voting, 1)
    result, election = None, None
    if len(voting) == 1 or (voting and question.rule not in OF_SHARES):
        times = _times(question, {college: len(group) for college, group in voting.items()})
        election = _together(elections, times)
        result = _rule(question, seed, {election: ballots})(election)
    elif voting:
        weights = {college.id: college.weight for college in question.colleges}
        parts = [composition.College(id_, Fraction(weights[id_]), one) for id_, one in elections.items()]
        rule = _rule(question, seed, {elections[id_]: group for id_, group in voting.items()})
        result = composition.averaging(parts, rule, ties=HASH + seed)
    on_roll = dict.fromkeys(groups, 0)
    for voter in roll.voters:
        on_roll[voter.college] += 1
    turnout = {id_: Turnout(on_roll[id_], len(group), times.get(id_, 0)) for id_, group in groups.items()}
    return Count(result, election, turnout, _support(question, ballots))


def election_of(question: Question, ballots: Sequence[Ballot]) -> Instance:
    """These ballots as an election of `core.allocation`."""
    return Instance.from_rows(
        (Project(option.id, option.cost, option.name) for option in question.options),
        question.pot,
        (ballot.said() for ballot in ballots),
        KINDS[question.form.format],
        decimals=exponent(question.currency),
        currency=question.currency,
        about={"description": question.title, "instance": question.id},
    )


def amounts_of(question: Question, ballots: Sequence[Ballot]) -> Amounts:
    """These ballots as a table of amounts. A 0 that somebody wrote is kept: to a median it is a proposal."""
    voters = [ballot.voter for ballot in ballots]
    rows = ((one.voter, name, points) for one in ballots for name, points in zip(one.names, one.points, strict=True))
    return Amounts.from_rows(rows, tuple(question.by_id), people=voters, repeated=Repeated.REFUSE)


def _rule(question: Question, seed: str, voters: Mapping[Instance, Sequence[Ballot]]) -> Rule:
    """The rule, called with an election; one that reads amounts finds the ballots of the election in `voters`."""
    if question.rule not in POT_RULES:
        return counting_rule(question.rule, question.parameters, seed)
    rule = pot_rule(question.rule, question.parameters, question.pot, seed)
    return lambda election: rule(amounts_of(question, sorted(voters[election], key=lambda one: one.voter)))


def _together(elections: Mapping[str, Instance], times: Mapping[str, int]) -> Instance:
    """One election in which each ballot of a college counts so many times."""
    if len(elections) == 1:
        return next(iter(elections.values()))
    parts = [composition.College(id_, Fraction(times[id_] * one.voters), one) for id_, one in elections.items()]
    return composition.combined(parts)


def _times(question: Question, voters: Mapping[str, int]) -> dict[str, int]:
    """How often a ballot of each college counts: as weight ÷ voters says, in the smallest whole numbers.

    Where these would make more than `WEIGHED_MAX` ballots, or sums of points that floats do not hold exactly, each
    college has the whole times that its share of the most holds: its weight is off by less than a millionth.
    """
    weights = {college.id: college.weight for college in question.colleges if college.id in voters}
    each = {id_: Fraction(weight, voters[id_]) for id_, weight in weights.items()}
    unit = lcm(*(one.denominator for one in each.values()))
    most = min(WEIGHED_MAX, SUM_MAX // max(1, question.form.points, question.form.most))
    if unit * sum(weights.values()) // gcd(*(int(one * unit) for one in each.values())) > most:
        whole = sum(weights.values())
        times = {id_: max(1, most * weight // (whole * voters[id_])) for id_, weight in weights.items()}
    else:
        times = {id_: int(one * unit) for id_, one in each.items()}
    divisor = gcd(*times.values())
    return {id_: one // divisor for id_, one in times.items()}


def _support(question: Question, ballots: Sequence[Ballot]) -> dict[str, Support]:
    voters, points = dict.fromkeys(question.by_id, 0), dict.fromkeys(question.by_id, 0)
    for ballot in ballots:
        for name in ballot.names:
            voters[name] += 1
        for name, given in zip(ballot.names, ballot.points, strict=False):
            points[name] += given
    return {id_: Support(voters[id_], points[id_]) for id_ in question.by_id}

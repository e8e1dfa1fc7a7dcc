"""Closing a round: from the ballots to what everybody is paid, to the last unit. The rule: docs/rules/round.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from communs.core.bundles import PPM, Bundle, InvalidBundle, Leaf, Recipient, Sharing, blocking, expand
from communs.core.flows import Flow, flow
from communs.core.rounds.ballots import Ballot, check_ballot
from communs.core.rounds.checking import graph_of, problems
from communs.core.rounds.counting import Count, count
from communs.core.rounds.faults import InvalidRound, Problem
from communs.core.rounds.questions import Question, commitment_to
from communs.core.rounds.rolls import Roll, opening_hash, problems_of_roll


@dataclass(frozen=True, eq=False)
class Round:
    """All that goes into a round, as it is published when it closes. Whoever is no recipient has accepted nothing."""

    question: Question
    roll: Roll
    ballots: tuple[Ballot, ...]
    seed: str
    recipients: tuple[Recipient, ...] = ()
    bundles: tuple[Bundle, ...] = ()

    @cached_property
    def opening(self) -> str:
        """The hash that was published when it opened."""
        return opening_hash(self.question, self.roll)


@dataclass(frozen=True, slots=True)
class Concentration:
    """The largest recipient, and how much of all that is given it gets; `to` is empty where nothing is."""

    to: str
    minor: int
    of: int

    @property
    def ppm(self) -> int:
        """The share in millionths, rounded down."""
        return self.minor * PPM // self.of if self.of else 0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a round, in minor units.

    `count.granted`: by option, by the rule. `received`: by commons, once the share that flows on has flowed. `leaves`:
    who is paid, or whose share waits. What is paid, what waits and what is carried over add up to the pot.
    """

    round: Round
    count: Count
    flow: Flow | None
    received: dict[str, int]
    leaves: tuple[Leaf, ...]

    @property
    def paid(self) -> tuple[Leaf, ...]:
        """Those who are paid now."""
        return tuple(leaf for leaf in self.leaves if leaf.unclaimed is None)

    @property
    def unclaimed(self) -> tuple[Leaf, ...]:
        """Shares that wait for somebody to accept."""
        return tuple(leaf for leaf in self.leaves if leaf.unclaimed is not None)

    @property
    def unspent(self) -> int:
        """What the rule granted to nobody."""
        return self.round.question.pot - sum(self.count.granted.values())

    @property
    def returned(self) -> int:
        """What was passed on and came back, for nobody took it."""
        return 0 if self.flow is None else self.flow.returned

    @property
    def carry_over(self) -> int:
        """What stays in the fund."""
        return self.unspent + self.returned

    @cached_property
    def concentration(self) -> Concentration:
        """The share of the largest recipient."""
        sums: dict[str, int] = {}
        for leaf in self.leaves:
            sums[leaf.to] = sums.get(leaf.to, 0) + leaf.minor
        largest = min(sums, key=lambda to: (-sums[to], to), default="")
        return Concentration(largest, sums.get(largest, 0), sum(sums.values()))


def close(
    question: Question,
    roll: Roll,
    ballots: Sequence[Ballot],
    seed: str,
    recipients: Sequence[Recipient] = (),
    bundles: Sequence[Bundle] = (),
) -> Outcome:
    """Close a round: the same outcome from the same round, wherever and in whatever order ballots are given.

    Raises `InvalidRound` with all that is wrong: a question or roll with problems, a seed that does not fit, ballots
    that do not count or whose voter is not on the roll, bundles in force that cannot share.
    """
    given = Round(question, roll, tuple(ballots), seed, tuple(recipients), tuple(bundles))
    return outcome_of(given)


def outcome_of(given: Round) -> Outcome:
    """The same from a round that was put together, or read from its file. Raises `InvalidRound`."""
    found = tuple(_problems(given))
    if found:
        raise InvalidRound(found)
    question = given.question
    counted = count(question, given.roll, given.ballots, given.seed)
    passed = None
    received = counted.granted
    if question.passing_on.ppm:
        passed = flow(graph_of(question), counted.granted, PPM - question.passing_on.ppm)
        received = passed.amounts
    on = question.closes_at.date()
    sharing = _sharing(given)
    leaves = [leaf for id_ in sorted(received) for leaf in expand(sharing, id_, received[id_], on)]
    return Outcome(given, counted, passed, received, tuple(leaves))


def _sharing(given: Round) -> Sharing:
    question = given.question
    return Sharing.of(question.id, given.recipients, given.bundles, question.unclaimed)


def _problems(given: Round) -> Iterator[Problem]:
    question, roll = given.question, given.roll
    found = problems(question)
    if found:
        yield from found
        return  # what is wrong with ballots would only follow from it
    yield from problems_of_roll(question, roll)
    if commitment_to(given.seed) != question.seed_commitment:
        yield Problem("seed")
    seen: set[str] = set()
    for ballot in given.ballots:
        if ballot.voter not in roll.colleges:
            yield Problem("stranger", {"voter": ballot.voter[:100]})
        elif ballot.voter in seen:
            yield Problem("voted-twice", {"voter": ballot.voter})
        seen.add(ballot.voter)
        for problem in check_ballot(question, ballot):
            yield Problem("ballot", {"voter": ballot.voter[:100], "why": problem.say()})
    for fault in blocking(given.bundles, question.closes_at.date()):
        yield Problem("bundle", {"why": fault.say()})
    try:
        _sharing(given)
    except InvalidBundle as twice:
        yield Problem("recipient", {"why": str(twice)})

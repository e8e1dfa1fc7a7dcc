"""Why this amount: for each commons and for each ballot, in sentences. Worked out when somebody asks, not stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from communs.core.allocation.explaining import Share, Shares, miss, rounds_of
from communs.core.allocation.explaining.words import Money as Written
from communs.core.allocation.explaining.words import Words, say_miss, say_round, say_share
from communs.core.allocation.reading import class_of
from communs.core.allocation.results import Result
from communs.core.bundles import Leaf
from communs.core.flows import given_by, received_by
from communs.core.money import Money
from communs.core.rounds.ballots import Ballot
from communs.core.rounds.closing import Outcome
from communs.core.rounds.counting import Count, Support
from communs.core.rounds.rules import OF_SHARES, decide_of
from communs.core.texts import N_, Translate, identity

MICRO: Final = 1_000_000  # parts of a minor unit in which flows count
SOURCES_MAX: Final = 10
RECOUNTED_MAX: Final = 100_000
"""What a commons lacked is found by counting again some thirty times: only where the ballots name so many in all."""


def written_in(currency: str) -> Written:
    """Amounts with a point and the code of the currency, rounded to its smallest unit: "12.50 EUR"."""
    return lambda amount: str(Money(round(Fraction(amount)), currency))


@dataclass(frozen=True)
class Explained:
    """An outcome, and how its sentences are written: amounts by `money`, messages by `translate`."""

    outcome: Outcome
    money: Written
    translate: Translate = identity

    def say(self, message: str, option: str = "", /, **values: Fraction | int | str) -> str:
        """A sentence. `Fraction` is written as money, whole numbers as they are."""
        filled = {name: self.money(value) if isinstance(value, Fraction) else value for name, value in values.items()}
        return self.translate(message).format(option=self.outcome.round.question.name(option), **filled)

    @property
    def words(self) -> Words | None:
        """How `core.allocation` says what it knows of the one election; None where there was none."""
        election = self.outcome.count.election
        return None if election is None else Words(election, self.money, self.translate)


def why_option(outcome: Outcome, id_: str, money: Written | None = None, tr: Translate = identity) -> tuple[str, ...]:
    """Why a commons gets what it gets: its support, the rule, what flowed, how its bundle shares.

    Also for a commons that could not be chosen and receives what flows on.
    """
    told = Explained(outcome, money or written_in(outcome.round.question.currency), tr)
    return (*_chosen(told, id_), *_flowed(told, id_), *_shared(told, id_))


def why_ballot(outcome: Outcome, voter: str, money: Written | None = None, tr: Translate = identity) -> tuple[str, ...]:
    """What the ballot of a pseudonym did."""
    told = Explained(outcome, money or written_in(outcome.round.question.currency), tr)
    ballot = next((one for one in outcome.round.ballots if one.voter == voter), None)
    if ballot is None:
        return (told.say(N_("Nobody cast a ballot under this pseudonym.")),)
    if not ballot.names:
        return (told.say(N_("This is a blank ballot: it counts as a voter, and supports nothing.")),)
    if outcome.round.question.rule in OF_SHARES:
        return tuple(_given(told, ballot))
    return tuple(_bought(told, ballot))


def _chosen(told: Explained, id_: str) -> Iterator[str]:
    """Support, and what the rule made of it."""
    outcome = told.outcome
    count, question = outcome.count, outcome.round.question
    support = count.support.get(id_)
    if support is None:
        return
    yield _supported(told, id_, support)
    if count.result is None:
        yield told.say(N_("Nobody voted: nothing is granted, and the pot stays in its fund."))
    elif question.rule in OF_SHARES:
        yield from _share_of(told, count.result, id_)
    else:
        yield from _funded(told, count, count.result, id_)


def _supported(told: Explained, id_: str, support: Support) -> str:
    """How many people named an option, and what they gave it."""
    if not support.voters:
        return told.say(N_("Nobody chose {option}."), id_)
    if told.outcome.round.question.rule == "median":
        said = N_("Proposals for {option}: {voters}, {points} together.")
        return told.say(said, id_, voters=support.voters, points=Fraction(support.points))
    if support.points:
        said = N_("Ballots for {option}: {voters}, with {points} points together.")
        return told.say(said, id_, voters=support.voters, points=support.points)
    return told.say(N_("Ballots for {option}: {voters}."), id_, voters=support.voters)


def _funded(told: Explained, count: Count, result: Result, id_: str) -> Iterator[str]:
    """Of rules that pay what is asked, or nothing."""
    question, words = told.outcome.round.question, told.words
    cost = Fraction(question.by_id[id_].cost)
    weighed = sum(1 for one in count.turnout.values() if one.voted) > 1
    if id_ in result.selected:
        place = result.selected.index(id_) + 1
        yield told.say(
            N_("{option} is number {place} to be funded, with all it asked for: {cost}."), id_, place=place, cost=cost
        )
        round_ = next((one for one in rounds_of(result) if one.project == id_), None)
        if round_ is not None and words is not None and not weighed:
            yield say_round(round_, words)
        return
    yield told.say(N_("{option} asked for {cost} and is not funded."), id_, cost=cost)
    election = count.election
    if words is None or election is None or weighed or len(election.choices) > RECOUNTED_MAX:
        return
    decide = decide_of(question.rule, question.parameters, told.outcome.round.seed, election)
    if decide is not None:
        yield from say_miss(miss(election, result, decide, id_), words)


def _share_of(told: Explained, result: Result, id_: str) -> Iterator[str]:
    """Of rules that divide the pot."""
    granted = Fraction(result.amounts.get(id_, 0))
    line = next((one for one in result.rounds if one.get("project") == id_), {})
    if "mean" in line:
        for college in result.certificate["colleges"]:
            amount = Fraction(college["result"].get(id_, 0))
            yield told.say(N_("The college {college} gives {amount}."), college=college["name"], amount=amount)
        yield told.say(N_("By the weights of the colleges, {option} is granted {amount}."), id_, amount=granted)
        return
    known: dict[str, Callable[[dict[str, Any]], str]] = {
        "weight": lambda one: told.say(N_("That is {weight} of {of} in all."), weight=one["weight"], of=one["of"]),
        "by_breadth": lambda one: told.say(
            N_("By points alone it would have {even}; how many gave them, and how evenly, adds {more}."),
            even=Fraction(one["by_sums"]),
            more=Fraction(one["by_breadth"]),
        ),
        "quantile": lambda one: told.say(
            N_("In the middle of {count} proposals stands {middle}."),
            count=one["proposals"],
            middle=Fraction(one["quantile"]),
        ),
    }
    yield from (say(dict(line)) for key, say in known.items() if key in line)
    yield told.say(N_("{option} is granted {amount}."), id_, amount=granted)


def _flowed(told: Explained, id_: str) -> Iterator[str]:
    """What flowed to a commons, and on from it."""
    flow = told.outcome.flow
    if flow is None or id_ not in flow.graph.numbers:
        return
    came = list(received_by(flow, id_, SOURCES_MAX))
    for sent in came:
        yield told.say(N_("{amount} flow to it from {option}."), sent.source, amount=Fraction(sent.micro, MICRO))
    sent_on = sum(sent.micro for sent in given_by(flow, id_, len(flow.graph.ids)))
    if sent_on:
        yield told.say(N_("It passes {amount} on to what it depends on."), amount=Fraction(sent_on, MICRO))
    if kept := told.outcome.received.get(id_, 0):
        # The amounts above are shown rounded; what is paid is whole, and takes part in what rounding leaves over.
        is_rounded = any(micro % MICRO for micro in (sent_on, *(one.micro for one in came)))
        said = (
            N_("It keeps {amount}, counted so that no cent is lost in rounding.")
            if is_rounded
            else N_("It keeps {amount}.")
        )
        yield told.say(said, amount=Fraction(kept))


def _shared(told: Explained, id_: str) -> Iterator[str]:
    """How its bundle shares, and what waits."""
    for leaf in told.outcome.leaves:
        if leaf.path[0] == id_:
            yield _leaf(told, leaf)


def _leaf(told: Explained, leaf: Leaf) -> str:
    if leaf.unclaimed is None:
        return told.say(N_("{amount} are granted to {option}."), leaf.to, amount=Fraction(leaf.minor))
    said = N_("{amount} wait for {option} to accept, until {day}; then they go to {destination}.")
    waits = leaf.unclaimed
    day, destination = waits.expires_on.isoformat(), waits.destination
    return told.say(said, leaf.to, amount=Fraction(leaf.minor), day=day, destination=destination)


def _given(told: Explained, ballot: Ballot) -> Iterator[str]:
    """A ballot under a rule of shares."""
    outcome = told.outcome
    is_money = outcome.round.question.rule == "median"
    for place, name in enumerate(ballot.names):
        amount = Fraction(outcome.count.granted.get(name, 0))
        support = outcome.count.support[name]
        if is_money:
            said = N_("You would give {option} {proposed}. It is granted {amount}.")
            yield told.say(said, name, proposed=Fraction(ballot.points[place]), amount=amount)
        elif ballot.points:
            said = N_("{mine} of the {points} points of {option} are yours. It is granted {amount}.")
            yield told.say(said, name, mine=ballot.points[place], points=support.points, amount=amount)
        else:
            said = N_("You chose {option}, as {voters} ballots did in all. It is granted {amount}.")
            yield told.say(said, name, voters=support.voters, amount=amount)


def _bought(told: Explained, ballot: Ballot) -> Iterator[str]:
    """A ballot under a rule that funds options as a whole: where its share of the pot went, if the rule knows."""
    outcome, words = told.outcome, told.words
    election, result = outcome.count.election, outcome.count.result
    said = ballot.said()
    found = None if election is None else class_of(election, said if isinstance(said, dict) else dict.fromkeys(said, 1))
    if found is None or words is None or election is None or result is None:
        return
    college = outcome.round.roll.colleges[ballot.voter]
    share = Shares(election, result).of(found)
    yield from say_share(_times(share, outcome.count.turnout[college].each_counts), words)


def _times(share: Share, times: int) -> Share:
    """What a ballot that counts so often had and paid: so many times what one of its copies did."""
    if share.endowment is None or share.left is None:
        return share
    payments = tuple(replace(one, amount=one.amount * times) for one in share.payments)
    return replace(share, endowment=share.endowment * times, payments=payments, left=share.left * times)

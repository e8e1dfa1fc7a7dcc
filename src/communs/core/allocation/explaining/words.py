"""Explanations in sentences: what a round was, what a project lacked, where a share went, which check fails and why.

Amounts are written by `money`, names of projects as in the election; a page passes both in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from communs.core.allocation.axioms.finding import Answer, Priceability
from communs.core.allocation.axioms.prices import Breach, Fault
from communs.core.allocation.axioms.representation import Representation, Shortfall, UpTo
from communs.core.allocation.elections import Instance
from communs.core.allocation.explaining.misses import Miss
from communs.core.allocation.explaining.rounds import Round
from communs.core.allocation.explaining.shares import Share
from communs.core.allocation.utilities import Utility
from communs.core.texts import N_, Translate, identity

Money = Callable[[Fraction | int], str]

BREACHES: Final[Mapping[Fault, str]] = {
    Fault.OVERSPENT: N_("Some voters paid {amount} more than they had."),
    Fault.NEGATIVE: N_("A payment for {project} is below zero."),
    Fault.NOT_PAID: N_("{project} is funded, but {amount} of its cost was not paid by its supporters."),
    Fault.UNFUNDED: N_("{amount} were paid for {project}, which is not funded."),
    Fault.LEFT_OVER: N_("The supporters of {project} have {amount} more left than it costs, and it is not funded."),
}
ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.YES: N_("Supporters could have bought exactly these projects out of equal purses: here are the prices."),
    Answer.NO: N_("No equal purses explain this result: {project} proves it."),
    Answer.NO_SAYS_SOLVER: N_("A solver found no equal purses that explain this result. That is no exact proof."),
    Answer.OPEN: N_("Whether equal purses explain this result was not decided."),
}


@dataclass(frozen=True, slots=True)
class Words:
    """How sentences are filled: names from the election, amounts by `money`, messages by `translate`."""

    instance: Instance
    money: Money
    translate: Translate = identity

    def say(self, message: str, project: str = "", /, **values: Fraction | int | str) -> str:
        """A sentence. Whole numbers are written as they are, amounts (`Fraction`) as money."""
        filled = {name: self.money(value) if isinstance(value, Fraction) else value for name, value in values.items()}
        return self.translate(message).format(project=self.name(project), **filled)

    def name(self, project: str) -> str:
        """A project as people know it."""
        number = self.instance.number_of.get(project)
        return project if number is None else self.instance.projects[number].name or project


def plain_money(instance: Instance) -> Money:
    """Amounts with a point and the currency's code, rounded to the smallest unit: "1234.50 PLN"."""
    unit = Decimal(1).scaleb(-instance.decimals)

    def written(amount: Fraction | int) -> str:
        return f"{Decimal(round(Fraction(amount))) * unit:f} {instance.currency}".rstrip()

    return written


def say_round(one: Round, words: Words) -> str:
    """A decision in one or two sentences."""
    parts = [words.say(N_("{number}. {project} is funded."), one.project, number=one.number)]
    if one.supporters is not None and one.cost is not None:
        said = N_("Cost: {cost}. Supporters: {voters}.")
        parts.append(words.say(said, cost=Fraction(one.cost), voters=one.supporters))
    if one.runner_up is not None:
        said = N_("{project} was as good: the order of ties decided.") if one.margin == 0 else N_("Next was {project}.")
        parts.append(words.say(said, one.runner_up))
    return " ".join(parts)


def say_miss(one: Miss, words: Words) -> tuple[str, ...]:
    """What a project lacked: voters, then money."""
    return _voters(one, words), _cost(one, words)


def _voters(one: Miss, words: Words) -> str:
    if one.more_voters is None:
        if one.voters_proven:
            said = N_("{project} costs so much of the budget that no number of voters can fund it.")
            return words.say(said, one.project)
        return words.say(N_("No number of further voters was found that would have funded {project}."), one.project)
    if one.more_voters == 1:
        return words.say(N_("One more voter who chooses only {project} would have funded it."), one.project)
    if one.voters_proven:
        said = N_("{count} more voters who choose only {project} would have funded it, and no fewer.")
    else:
        said = N_("{count} more voters who choose only {project} would have funded it; fewer may do.")
    return words.say(said, one.project, count=one.more_voters)


def _cost(one: Miss, words: Words) -> str:
    if one.enough_cost is None:
        if one.cost_proven:
            return words.say(N_("No lower cost would have funded {project}."), one.project)
        return words.say(N_("No lower cost was found that would have funded {project}."), one.project)
    if one.cost_proven:
        said = N_("At a cost of {enough} instead of {cost} it would have been funded, and at no higher one.")
    else:
        said = N_("At a cost of {enough} instead of {cost} it would have been funded; a higher one may do.")
    return words.say(said, one.project, enough=Fraction(one.enough_cost), cost=Fraction(one.cost))


def say_share(share: Share, words: Words) -> tuple[str, ...]:
    """Where the share of one voter went."""
    if not share.funded:
        return (words.say(N_("None of the projects that you chose is funded.")),)
    if share.endowment is None or share.left is None:
        said = N_("Of what you chose, this is funded: {names}. This rule does not say who paid for it.")
        return (words.say(said, names=", ".join(map(words.name, share.funded))),)
    paid = [words.say(N_("{amount} for {project}"), one.project, amount=one.amount) for one in share.payments]
    lines = [words.say(N_("Your share of the budget: {amount}."), amount=share.endowment), *paid]
    return (*lines, words.say(N_("Left: {amount}."), amount=share.left))


def say_shortfall(one: Shortfall, found: Representation, words: Words) -> str:
    """Which group got less than its share."""
    if found.utility is Utility.CARDINALITY:
        said = N_(
            "{voters} voters all chose {project}, which is not funded. Their part of the budget would pay for {owed} "
            "projects of its cost, and none of them got that many."
        )
        return words.say(said, one.project, voters=one.voters, owed=int(one.owed))
    if found.up_to is UpTo.ANY:
        said = N_(
            "{voters} voters all chose {project}, which is not funded. Their part of the budget is {share}, and with "
            "it none of them would have got more than that."
        )
    else:
        said = N_(
            "{voters} voters all chose {project}, which is not funded. Their part of the budget is {share}, and with "
            "any one project more none of them would have got more than that."
        )
    return words.say(said, one.project, voters=one.voters, share=one.share)


def say_breach(one: Breach, words: Words) -> str:
    """What is wrong with a price system."""
    return words.say(BREACHES[one.fault], one.project, amount=one.amount)


def say_prices(found: Priceability, words: Words) -> str:
    """Whether there are prices."""
    return words.say(ANSWERS[found.answer], found.project)

"""Building outcomes: the shapes that every dimension shares."""

from __future__ import annotations

from dataclasses import dataclass

from communs.core.matching.criteria import Criterion
from communs.core.matching.outcomes import NOBODY, Fact, Outcome, Params, Question, Reason
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import DONT_KNOW, NO, YES, YES_NO_CHOICES


def met(criterion: Criterion, code: str, params: Params = (), fact: Fact = NOBODY) -> Outcome:
    """The criterion holds."""
    return Outcome(criterion, "met", Reason(code, params), None, fact)


def not_met(criterion: Criterion, code: str, params: Params = (), fact: Fact = NOBODY) -> Outcome:
    """The criterion does not hold."""
    return Outcome(criterion, "not_met", Reason(code, params), None, fact)


def unstated(criterion: Criterion, code: str) -> Outcome:
    """The funder has not said: nothing that you could answer."""
    return Outcome(criterion, "unknown", Reason(code), None, Fact("funder"))


def yes_no(key: str, code: str, params: Params = ()) -> Question:
    """A question answered by yes, no or don't know."""
    return Question(key, "yes_no", code, params, YES_NO_CHOICES)


@dataclass(frozen=True, slots=True)
class Codes:
    """The reason codes for what you may answer to one question."""

    said_yes: str
    said_no: str
    not_known: str


def asked(criterion: Criterion, profile: Profile, question: Question, codes: Codes) -> Outcome:
    """The outcome by what was answered to a yes/no question; the question itself where nothing was."""
    answer = profile.answers.get(question.key)
    fact = Fact("answer", question.key, (answer,)) if answer in YES_NO_CHOICES else NOBODY
    if answer == YES:
        return met(criterion, codes.said_yes, question.params, fact)
    if answer == NO:
        return not_met(criterion, codes.said_no, question.params, fact)
    if answer == DONT_KNOW:
        return Outcome(criterion, "unknown", Reason("you_do_not_know", question.params), None, fact)
    return Outcome(criterion, "unknown", Reason(codes.not_known, question.params), question)

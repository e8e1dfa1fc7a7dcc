"""Kinds of commons, languages, numbers, and what only a person can say."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from communs.core.matching.criteria import Criterion
from communs.core.matching.deciding import Codes, asked, met, not_met, unstated, yes_no
from communs.core.matching.outcomes import NOBODY, Fact, Outcome, Params, Question, Reason
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import DONT_KNOW, NEAR_KINDS, NO, YES, YES_NO_CHOICES

_KIND_CODES = Codes("kind_declared", "kind_denied", "kind_not_known")
_LANGUAGE_CODES = Codes("language_declared", "language_denied", "language_not_known")


def decide_commons_kind(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether they fund this kind of commons; a near kind is asked, not refused."""
    if criterion.operator == "not_stated":
        return unstated(criterion, "kinds_not_stated")
    accepted, params = frozenset(criterion.values), (("kinds", criterion.values),)
    fact = Fact("profile", "kinds", tuple(sorted(profile.kinds))) if profile.kinds else NOBODY
    if profile.kinds & accepted:
        return met(criterion, "kind_accepted", params, fact)
    near = frozenset[str]().union(*(NEAR_KINDS[kind] for kind in profile.kinds))
    if profile.kinds and not near & accepted:
        return not_met(criterion, "kind_not_accepted", params, fact)
    return asked(criterion, profile, yes_no(criterion.key, "is_of_kind", params), _KIND_CODES)


def decide_application_language(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether the application can be written in an accepted language. Languages known are never all there are."""
    params = (("languages", criterion.values),)
    spoken = profile.languages & frozenset(criterion.values)
    if spoken:
        fact = Fact("profile", "languages", tuple(sorted(spoken)))
        return met(criterion, "language_accepted", params, fact)
    return asked(criterion, profile, yes_no(criterion.key, "can_write_in", params), _LANGUAGE_CODES)


def decide_number(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether a number that you gave lies within the bounds, which belong to what is accepted."""
    params, answer = _bounds(criterion), profile.answers.get(criterion.key, "")
    fact = Fact("answer", criterion.key, (answer,)) if answer else NOBODY
    if answer == DONT_KNOW:
        return Outcome(criterion, "unknown", Reason("you_do_not_know", params), None, fact)
    value = _number(answer)
    if value is None:
        question = Question(criterion.key, "number", "how_many", (("number_of", (criterion.dimension,)), *params))
        return Outcome(criterion, "unknown", Reason("number_not_known", params), question)
    too_low = criterion.low is not None and value < criterion.low
    too_high = criterion.high is not None and value > criterion.high
    if too_low or too_high:
        return not_met(criterion, "number_out_of_bounds", params, fact)
    return met(criterion, "number_accepted", params, fact)


def decide_declared(criterion: Criterion, profile: Profile) -> Outcome:
    """A hard criterion in words: you say whether it holds; where you cannot, a person must judge."""
    params = (("statement", (criterion.statement,)),)
    answer = profile.answers.get(criterion.key)
    if answer not in YES_NO_CHOICES:
        return Outcome(
            criterion, "unknown", Reason("not_declared", params), yes_no(criterion.key, "does_it_hold", params)
        )
    fact = Fact("answer", criterion.key, (answer,))
    if answer == YES:
        return met(criterion, "declared_yes", params, fact)
    if answer == NO:
        return not_met(criterion, "declared_no", params, fact)
    return Outcome(criterion, "text", Reason("for_people", params), None, fact)


def _bounds(criterion: Criterion) -> Params:
    named = (("low", criterion.low), ("high", criterion.high))
    found: Params = tuple((name, (format(bound, "f"),)) for name, bound in named if bound is not None)
    return (*found, ("unit", (criterion.unit,))) if criterion.unit else found


def _number(answer: str) -> Decimal | None:
    try:
        value = Decimal(answer.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

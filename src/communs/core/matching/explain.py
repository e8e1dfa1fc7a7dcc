"""A match in words: a sentence first, then a row per criterion, the questions, and what would change a no."""

from __future__ import annotations

from dataclasses import dataclass

from communs.core.matching import messages
from communs.core.matching.criteria import Criterion
from communs.core.matching.names import ANSWER_NAMES, ONE_FORM_NAMES, fill, listing, name, series
from communs.core.matching.outcomes import FAILED, UNSTATED, Change, Outcome, Question
from communs.core.matching.places import ANYWHERE
from communs.core.matching.verdicts import Match
from communs.core.matching.vocabulary import Status
from communs.core.texts import Translate, identity


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: what they ask, what is known of you, and why the answer is what it is."""

    dimension: str
    status: Status
    status_name: str
    ask: str
    you: str
    why: str
    question: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as a form shows it: `choices` are (value, label) pairs, empty for a number."""

    key: str
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a page, a mail or a terminal says of a match."""

    sentence: str
    rows: tuple[Row, ...]
    questions: tuple[AskedQuestion, ...]
    changes: tuple[str, ...]


def explain(match: Match, translate: Translate = identity) -> Explanation:
    """The match in the language of `translate`."""
    return Explanation(
        sentence=sentence(match, translate),
        rows=tuple(_row(outcome, translate) for outcome in match.outcomes),
        questions=tuple(explain_question(question, translate) for question in match.questions),
        changes=tuple(explain_change(change, translate) for change in match.changes),
    )


def sentence(match: Match, translate: Translate = identity) -> str:
    """The answer first: whether you can apply, what decides, or what stands against it and what would change that."""
    if match.result == "no":
        return _refusal(match, translate)
    if match.result == "eligible":
        return translate(messages.FITS if match.status is None else messages.FITS_NOW[match.status])
    said = _questions_decide(len(match.questions), translate) if match.result == "ask" else _likely(match, translate)
    closing = messages.WHEN_NOT_OPEN.get(match.status or "")
    return f"{said} {translate(closing)}" if closing else said


def explain_question(question: Question, translate: Translate = identity) -> AskedQuestion:
    """One question with its choices."""
    names = ONE_FORM_NAMES if question.code == "which_form" else ANSWER_NAMES
    choices = tuple((choice, name(choice, names, translate)) for choice in question.choices)
    text = fill(messages.QUESTIONS[question.code], question.params, translate)
    return AskedQuestion(question.key, question.kind, text, choices)


def explain_change(change: Change, translate: Translate = identity) -> str:
    """One change as a sentence."""
    return fill(messages.CHANGES[change.code], change.params, translate)


def explain_reason(outcome: Outcome, translate: Translate = identity) -> str:
    """Why one outcome is what it is, as a sentence."""
    return fill(messages.REASONS[outcome.reason.code], outcome.reason.params, translate)


def explain_ask(criterion: Criterion, translate: Translate = identity) -> str:
    """What is asked: the funder's requirement in the words of the record, else built from its values."""
    if criterion.statement:
        return criterion.statement
    if criterion.operator == "not_stated":
        return translate(messages.ASKS_NOTHING[criterion.dimension])
    if criterion.operator == "between":
        return _bounds(criterion, translate)
    return _values(criterion, translate)


def _values(criterion: Criterion, translate: Translate) -> str:
    placeholder = _PLACEHOLDER.get(criterion.dimension, "places")
    message = messages.ASKS.get(criterion.dimension, "{values}")
    if placeholder == "places" and ANYWHERE in (criterion.values or (ANYWHERE,)):
        message = messages.ASKS_ANYWHERE
    if criterion.operator == "all_of":
        message = messages.ASKS_ALL_LICENCES
        named = series(placeholder, criterion.values, translate)
    else:
        named = listing(placeholder, criterion.values or (ANYWHERE,), translate)
    said = translate(message).format(values=named)
    if not criterion.excluded:
        return said
    excluded = listing("excluded", criterion.excluded, translate)
    return translate(messages.ASKS_EXCEPT).format(asked=said, excluded=excluded)


_PLACEHOLDER = {
    "applicant_form": "forms", "payee": "forms", "output_licence": "licences_asked", "commons_kind": "kinds",
    "application_language": "languages",
}  # fmt: skip


def _bounds(criterion: Criterion, translate: Translate) -> str:
    message = messages.ASKS_NUMBER
    if criterion.low is None:
        message = messages.ASKS_AT_MOST
    elif criterion.high is None:
        message = messages.ASKS_AT_LEAST
    said = translate(message).format(
        number_of=listing("number_of", (criterion.dimension,), translate),
        low=_figure(criterion.low), high=_figure(criterion.high), unit=criterion.unit,
    )  # fmt: skip
    return said.strip()


def _figure(bound: object) -> str:
    return "" if bound is None else format(bound, "f")


def _row(outcome: Outcome, translate: Translate) -> Row:
    question = explain_question(outcome.question, translate).text if outcome.question else ""
    return Row(
        outcome.criterion.dimension, outcome.status, translate(messages.STATUS_NAMES[outcome.status]),
        explain_ask(outcome.criterion, translate), _you(outcome, translate), explain_reason(outcome, translate),
        question,
    )  # fmt: skip


def _you(outcome: Outcome, translate: Translate) -> str:
    fact = outcome.fact
    if fact.source == "profile" or (fact.source == "answer" and fact.name == "legal_form"):
        known = series(fact.name, fact.values, translate)
        return translate(messages.YOU[fact.name]).format_map({fact.name: known})
    if fact.source == "answer":
        return fill(messages.YOU_ANSWERED, (("answer", fact.values),), translate)
    nothing_to_say = outcome.status != "unknown" or fact.source == "funder"
    return translate(messages.YOU_NOT_ASKED if nothing_to_say else messages.YOU_UNKNOWN)


def _questions_decide(count: int, translate: Translate) -> str:
    if count <= len(messages.QUESTIONS_DECIDE):
        return translate(messages.QUESTIONS_DECIDE[count - 1])
    return translate(messages.MANY_QUESTIONS_DECIDE).format(count=count)


def _likely(match: Match, translate: Translate) -> str:
    reasons = dict.fromkeys(explain_reason(o, translate) for o in match.outcomes if o.weight == UNSTATED)
    return " ".join([translate(messages.LIKELY), *reasons])


def _refusal(match: Match, translate: Translate) -> str:
    failed = sorted((o for o in match.outcomes if o.weight == FAILED), key=_gravity)
    first, others = failed[0], len(failed) - 1
    said = [fill(messages.NOT_AS_YOU_ARE[first.reason.code], first.reason.params, translate)]
    if others == 1:
        said.append(translate(messages.ONE_MORE_AGAINST))
    elif others:
        said.append(translate(messages.MORE_AGAINST).format(count=others))
    elif match.changes:
        change = match.changes[0]
        in_short = change.code == "find_carrier"
        said.append(translate(messages.CARRIER_IN_SHORT) if in_short else explain_change(change, translate))
    return " ".join(said)


def _gravity(outcome: Outcome) -> bool:
    # What nothing can change is said first: all else would be effort in vain.
    return outcome.reason.code not in {"place_not_accepted", "place_denied"}

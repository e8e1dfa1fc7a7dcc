"""Is this licence open for this kind of work? Yes, no, or not known, with the reason.

Alternatives (`OR`) need one open branch, sums (`AND`) need all. An exception (`WITH`) of the SPDX list only adds a
permission and keeps the licence as open as it was. What the lists do not have is not known, never "no".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from communs.core.licences import tables
from communs.core.licences.expressions import NOT_STATED, AllOf, AnyOf, Expression, Term, Tree, parse
from communs.core.licences.names import outside_spdx
from communs.core.licences.tables import Licence, exceptions, family, licences

Answer = Literal["yes", "no", "unknown"]
WorkKind = Literal["software", "content", "data", "hardware", "model", "standard"]
Route = Literal["osi", "fsf", "open_definition", "open_hardware", "open_model", ""]
ReasonCode = Literal[
    "osi", "fsf", "open_definition", "open_hardware", "open_model",
    "non_commercial", "no_derivatives", "use_restricted", "service_restricted", "not_free",
    "not_on_lists", "made_for_other_works", "local_text", "local_restricted", "unknown_name",
    "unknown_exception", "not_stated",
]  # fmt: skip

WORK_KINDS: Final[tuple[WorkKind, ...]] = ("software", "content", "data", "hardware", "model", "standard")

_ROUTES: Final[tuple[tuple[str, Route, ReasonCode], ...]] = (
    (tables.OSI, "osi", "osi"),
    (tables.FSF, "fsf", "fsf"),
    (tables.OPEN_CONTENT, "open_definition", "open_definition"),
    (tables.HARDWARE, "open_hardware", "open_hardware"),
    (tables.MODEL, "open_model", "open_model"),
)
_BOTH_SOFTWARE_LISTS: Final = frozenset({tables.OSI, tables.FSF})
_ACCEPTED: Final[dict[WorkKind, frozenset[str]]] = {
    "software": _BOTH_SOFTWARE_LISTS,
    "content": _BOTH_SOFTWARE_LISTS | {tables.OPEN_CONTENT},
    "data": _BOTH_SOFTWARE_LISTS | {tables.OPEN_CONTENT},
    "standard": _BOTH_SOFTWARE_LISTS | {tables.OPEN_CONTENT},
    "hardware": _BOTH_SOFTWARE_LISTS | {tables.OPEN_CONTENT, tables.HARDWARE},
    "model": _BOTH_SOFTWARE_LISTS | {tables.OPEN_CONTENT, tables.MODEL},
}
_TAKEN: Final[tuple[tuple[str, ReasonCode], ...]] = (
    (tables.NON_COMMERCIAL, "non_commercial"),
    (tables.NO_DERIVATIVES, "no_derivatives"),
    (tables.USE_RESTRICTED, "use_restricted"),
    (tables.SERVICE_RESTRICTED, "service_restricted"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one licence counts as it does: a code (texts stand in `texts.REASONS`) and the licence as read."""

    code: ReasonCode
    licence: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an expression is open for a kind of work, by which list, and the reasons that decided."""

    answer: Answer
    route: Route
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=16_384)
def judge(expression: Expression, for_kind: WorkKind) -> Judgement:
    """Whether `expression` makes a work of `for_kind` open.

    >>> judge(parse("SSPL-1.0 OR AGPL-3.0-only"), "software").answer
    'yes'
    >>> judge(parse("CC-BY-NC-SA-4.0"), "content")
    Judgement(answer='no', route='', reasons=(Reason(code='non_commercial', licence='CC-BY-NC-SA-4.0'),))
    """
    if expression.tree is None:
        code: ReasonCode = "not_stated" if expression.problem == NOT_STATED else "unknown_name"
        return Judgement("unknown", "", (Reason(code, expression.text.strip()),))
    return _judge_tree(expression.tree, _ACCEPTED[for_kind])


def is_open_software(text: str) -> Answer:
    """Whether the licence `text` is open for program code: one OSI or FSF route through the expression."""
    return judge(parse(text), "software").answer


def is_open_content(text: str) -> Answer:
    """Whether the licence `text` is open for texts, media and data: Open Definition, OSI or FSF."""
    return judge(parse(text), "content").answer


def is_osi(text: str) -> Answer:
    """Whether the Open Source Initiative has approved the licence. A licence the tables know without it is a "no"."""
    return _listed(text, tables.OSI)


def is_fsf(text: str) -> Answer:
    """Whether the Free Software Foundation calls the licence free. A licence the tables know without it is a "no"."""
    return _listed(text, tables.FSF)


def is_licence(text: str) -> bool:
    """Whether every name in the expression is one of the tables or a `LicenseRef-…`."""
    expression = parse(text)
    return expression.tree is not None and not expression.unknown


@lru_cache(maxsize=8_192)
def _listed(text: str, mark: str) -> Answer:
    tree = parse(text).tree
    return "unknown" if tree is None else _fold(tree, lambda term: _term_listed(term, mark))


def _fold(tree: Tree, answer_of: Callable[[Term], Answer]) -> Answer:
    if isinstance(tree, Term):
        return answer_of(tree)
    answers = {_fold(part, answer_of) for part in tree.of}
    first, last = _order(tree)
    return first if first in answers else "unknown" if "unknown" in answers else last


def _order(tree: AnyOf | AllOf) -> tuple[Answer, Answer]:
    """The answer that decides at once, and the one that stands when nothing decides."""
    return ("yes", "no") if isinstance(tree, AnyOf) else ("no", "yes")


def _term_listed(term: Term, mark: str) -> Answer:
    if not term.known:
        return "unknown"
    if any(licence.has(mark) for licence in _choices(term)):
        return "yes" if _exception_known(term) else "unknown"
    return "no" if licences()[term.id.lower()].in_spdx else "unknown"


def _judge_tree(tree: Tree, accepted: frozenset[str]) -> Judgement:
    if isinstance(tree, Term):
        return _judge_term(tree, accepted)
    judged = [_judge_tree(part, accepted) for part in tree.of]
    first, last = _order(tree)
    for answer in (first, "unknown", last):
        deciding = [judgement for judgement in judged if judgement.answer == answer]
        if deciding:
            kept = deciding[:1] if isinstance(tree, AnyOf) and answer == "yes" else deciding
            reasons = tuple(dict.fromkeys(reason for judgement in kept for reason in judgement.reasons))
            return Judgement(answer, kept[0].route, reasons)
    return Judgement("unknown", "", ())


def _judge_term(term: Term, accepted: frozenset[str]) -> Judgement:
    if not term.known:
        return _unknown(_why_unknown(term), term)
    if not _exception_known(term):
        restriction = licences().get(term.exception.lower())
        taken = restriction is not None and restriction.is_not_free
        return _no(restriction, term) if restriction and taken else _unknown("unknown_exception", term)
    for licence in _choices(term):
        for mark, route, code in _ROUTES:
            if mark in accepted and licence.has(mark):
                return Judgement("yes", route, (Reason(code, term.label),))
    own = licences()[term.id.lower()]
    if own.is_not_free:
        return _no(own, term)
    open_elsewhere = any(own.has(mark) for mark, _, _ in _ROUTES)
    return _unknown("made_for_other_works" if open_elsewhere else "not_on_lists", term)


def _why_unknown(term: Term) -> ReasonCode:
    if not term.local:
        return "unknown_name"
    # Reaching this with a name of the tables means that the published licence of that name takes a freedom away.
    return "local_restricted" if outside_spdx(term.id) else "local_text"


def _choices(term: Term) -> tuple[Licence, ...]:
    return family(term.id) if term.later else (licences()[term.id.lower()],)


def _exception_known(term: Term) -> bool:
    return not term.exception or term.exception.lower() in exceptions()


def _unknown(code: ReasonCode, term: Term) -> Judgement:
    return Judgement("unknown", "", (Reason(code, term.label),))


def _no(licence: Licence, term: Term) -> Judgement:
    codes = [code for mark, code in _TAKEN if licence.has(mark)] or ["not_free"]
    return Judgement("no", "", tuple(Reason(code, term.label) for code in codes))

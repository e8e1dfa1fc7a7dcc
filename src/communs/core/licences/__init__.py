"""Licences: reading expressions, judging whether they are open, comparing them with a list. See README.md."""

from communs.core.licences.expressions import (
    NOT_STATED,
    AllOf,
    AnyOf,
    Expression,
    Term,
    all_of,
    any_of,
    parse,
)
from communs.core.licences.judging import (
    WORK_KINDS,
    Answer,
    Judgement,
    Reason,
    Route,
    WorkKind,
    is_fsf,
    is_licence,
    is_open_content,
    is_open_software,
    is_osi,
    judge,
)
from communs.core.licences.satisfying import agree, satisfies
from communs.core.licences.texts import REASONS, explain_reason

__all__ = [
    "NOT_STATED", "REASONS", "WORK_KINDS", "AllOf", "Answer", "AnyOf", "Expression", "Judgement", "Reason", "Route",
    "Term", "WorkKind", "agree", "all_of", "any_of", "explain_reason", "is_fsf", "is_licence", "is_open_content",
    "is_open_software", "is_osi", "judge", "parse", "satisfies",
]  # fmt: skip

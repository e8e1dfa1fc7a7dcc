"""The words of the matcher: closed lists, and what one word says about another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Tri = Literal["yes", "no", "unknown"]
Force = Literal["hard", "scored", "text"]
Operator = Literal["any_of", "all_of", "none_of", "between", "required", "declared", "not_stated"]
Status = Literal["met", "not_met", "unknown", "text"]
Result = Literal["eligible", "likely", "ask", "no"]
WindowModel = Literal["one_off", "cutoffs", "rolling", "permanent", "recurring", "forecast", "closed", "unknown"]
WindowStatus = Literal["closing", "open", "permanent", "forecast", "between", "unknown", "closed"]

FORCES: Final = ("hard", "scored", "text")
WINDOW_MODELS: Final = (
    "one_off", "cutoffs", "rolling", "permanent", "recurring", "forecast", "closed", "unknown",
)  # fmt: skip
PRECISIONS: Final = ("minute", "day", "month", "quarter", "year", "unknown")

# Best first: the order in which results and window states are shown, and the scale of `Score`.
RESULTS: Final[tuple[Result, ...]] = ("eligible", "likely", "ask", "no")
STATUSES: Final[tuple[WindowStatus, ...]] = (
    "closing", "open", "permanent", "forecast", "between", "unknown", "closed",
)  # fmt: skip

FORMS: Final = (
    "individual", "informal_collective", "hosted_collective", "association", "foundation", "cooperative",
    "company", "social_enterprise", "public_body", "university",
)  # fmt: skip
LEGAL_PERSONS: Final = frozenset(FORMS) - {"individual", "informal_collective", "hosted_collective"}

KINDS: Final = (
    "software", "data", "content", "knowledge", "standard", "model", "hardware", "service", "suite",
)  # fmt: skip
# A kind of commons whose work may well be of another kind too: worth one question, not a refusal.
NEAR_KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "software": frozenset({"service", "suite"}),
        "data": frozenset({"content", "knowledge", "model"}),
        "content": frozenset({"knowledge"}),
        "knowledge": frozenset({"content", "data"}),
        "standard": frozenset({"software", "knowledge"}),
        "model": frozenset({"software", "data"}),
        "hardware": frozenset({"software"}),
        "service": frozenset({"software", "suite"}),
        "suite": frozenset({"software", "service"}),
    }
)

LICENCE_REQUIREMENTS: Final[Mapping[str, tuple[Operator, tuple[str, ...]]]] = MappingProxyType(
    {
        "osi": ("any_of", ("OSI",)),
        "fsf": ("any_of", ("FSF",)),
        "osi_or_fsf": ("any_of", ("FSF", "OSI")),
        "osi_and_fsf": ("all_of", ("FSF", "OSI")),
        "open_content": ("any_of", ("open content",)),
        "open_licence": ("any_of", ("open licence",)),
        "open_standard": ("any_of", ("open standard",)),
    }
)

YES, NO, DONT_KNOW = "yes", "no", "dont_know"
YES_NO_CHOICES: Final = (YES, NO, DONT_KNOW)

# Dimensions that a place decides, those that facts decide, and the order in which criteria are shown.
GEOGRAPHIC: Final = frozenset({"territory", "seat", "place", "residence", "tax_residence"})
TYPED: Final = GEOGRAPHIC | {
    "applicant_form", "payee", "legal_entity", "output_licence", "commons_kind", "application_language",
}  # fmt: skip
DIMENSION_ORDER: Final = (
    "applicant_form", "legal_entity", "payee", "territory", "seat", "residence", "tax_residence", "place",
    "commons_kind", "output_licence", "application_language", "team_size", "amount_asked",
)  # fmt: skip


def all_of(answers: tuple[Tri, ...]) -> Tri:
    """Three-valued *and*: one no decides, an unknown leaves it open.

    >>> all_of(("yes", "unknown")), all_of(("no", "unknown")), all_of(())
    ('unknown', 'no', 'yes')
    """
    if "no" in answers:
        return "no"
    return "unknown" if "unknown" in answers else "yes"


def any_of(answers: tuple[Tri, ...]) -> Tri:
    """Three-valued *or*: one yes decides, an unknown leaves it open.

    >>> any_of(("no", "unknown")), any_of(("yes", "unknown")), any_of(())
    ('unknown', 'yes', 'no')
    """
    if "yes" in answers:
        return "yes"
    return "unknown" if "unknown" in answers else "no"

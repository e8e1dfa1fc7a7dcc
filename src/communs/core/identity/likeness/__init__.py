"""Opportunities that may be one and the same: only ever suggested, with reasons (docs/rules/likeness.md)."""

from communs.core.identity.likeness.deciding import THRESHOLD, Comparison, Reason, Shared, compare
from communs.core.identity.likeness.explaining import explain
from communs.core.identity.likeness.suggesting import Suggestion, known_of, suggest
from communs.core.identity.likeness.traits import Traits

__all__ = [
    "THRESHOLD",
    "Comparison",
    "Reason",
    "Shared",
    "Suggestion",
    "Traits",
    "compare",
    "explain",
    "known_of",
    "suggest",
]

"""Whether a record answers a text that somebody searches for: as the list would say (`communs.core.search`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communs.core import search
from communs.core.search import Plan

PLANS_MAX = 200_000  # about 5 kB each: only where as many different texts are followed
MassesOf = Callable[[Plan], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Words:
    """What a record says: its terms, its folded text, and how much each unit of a query weighs in its catalogue."""

    terms: Mapping[str, int]
    text: str
    masses: MassesOf | None = None


@lru_cache(maxsize=PLANS_MAX)
def compiled(text: str, language: str) -> Plan:
    """A query, ready to be held against records."""
    return search.plan(text, (language,) if language else ())


def matches_text(text: str, language: str, words: Words) -> bool:
    """Whether the list, searched for `text` in this language, would hold the record."""
    plan = compiled(text, language)
    if plan.query.is_plain and not _touches(plan, words.terms):
        return False
    masses = words.masses(plan) if words.masses is not None else None
    return plan.accepts(words.terms, words.text, masses)


def _touches(plan: Plan, terms: Mapping[str, int]) -> bool:
    """Whether the record says anything of what is asked: most do not, and are told so at little cost."""
    return plan.whole in terms or any(alt.term in terms for unit in plan.units for alt in unit.alternatives)

"""Whether a record answers a text that somebody searches for: as the list would say (`communs.core.search`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from communs.core import search
from communs.core.search import Finder, Plan
from communs.core.search.planning import COVERAGE_MIN, Unit, surest

PLANS_MAX = 200_000  # about 5 kB each: only where as many different texts are followed


@dataclass(slots=True)
class Weights:
    """How much each unit of a query weighs in a catalogue: looked up once for each, since many queries share them."""

    finder: Finder
    _units: dict[Unit, int] = field(default_factory=dict)
    _plans: dict[tuple[str, tuple[str, ...]], Sequence[int]] = field(default_factory=dict)

    def of(self, plan: Plan) -> Sequence[int]:
        """The masses of the units of a plan, as the list weighs them."""
        key = (plan.whole, plan.languages)
        found = self._plans.get(key)
        if found is None or len(found) != len(plan.units):
            found = self._plans[key] = [self._unit(plan, unit) for unit in plan.units]
        return found

    def _unit(self, plan: Plan, unit: Unit) -> int:
        mass = self._units.get(unit)
        if mass is None:
            (mass,) = self.finder.masses(replace(plan, units=(unit,)))
            self._units[unit] = mass
        return mass


@dataclass(frozen=True, slots=True)
class Words:
    """What a record says: its terms and its folded text; and how its catalogue weighs what is asked for."""

    terms: Mapping[str, int]
    text: str
    weights: Weights | None = None


@lru_cache(maxsize=PLANS_MAX)
def compiled(text: str, language: str) -> Plan:
    """A query, ready to be held against records."""
    return search.plan(text, (language,) if language else ())


def matches_text(text: str, language: str, words: Words) -> bool:
    """Whether the list, searched for `text` in this language, would hold the record."""
    plan = compiled(text, language)
    if plan.query.is_plain and plan.whole not in words.terms:
        answered = [surest(unit, words.terms) for unit in plan.units]
        # Where every word is answered surely enough, or none is, it does not matter how much each of them weighs.
        if not answered or max(answered) < COVERAGE_MIN:
            return False
        if min(answered) >= COVERAGE_MIN and plan.query.required is None:
            return True
    masses = words.weights.of(plan) if words.weights is not None else None
    return plan.accepts(words.terms, words.text, masses)

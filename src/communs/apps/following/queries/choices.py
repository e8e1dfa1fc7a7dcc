"""Whether a filter knows a value: what it does not know shows nothing in the list, today or ever."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from communs.apps.following.vocabulary import COMMONS, OPPORTUNITIES
from communs.apps.funding import queries as funding
from communs.apps.funding.vocabulary import Age, Calendar, FunderType, FundsWhat, OpportunityKind, Reach, Size
from communs.apps.register import queries as register
from communs.apps.register import wording as register_wording
from communs.apps.register.categories import CATEGORIES
from communs.core.matching.names import FORM_NAMES, KIND_NAMES
from communs.kit import places
from communs.kit.formats import language_name

_CURRENCY = re.compile(r"[A-Z]{3}|unknown")
_CLOSED: Mapping[str, Mapping[str, Collection[str]]] = {
    OPPORTUNITIES: {
        "status": Calendar.values,
        "kind": OpportunityKind.values,
        "funds_what": FundsWhat.values,
        "funder": FunderType.values,
        "reach": Reach.values,
        "size": Size.values,
        "age": Age.values,
        "legal_entity": ("needed", "not_needed", "unknown"),
        "unsaid": ("funds_what", "country", "kind", "language"),
        "applicant": FORM_NAMES,
        "commons_kind": KIND_NAMES,
    },
    COMMONS: {
        "kind": register_wording.KINDS,
        "verdict": register_wording.VERDICTS,
        "form": register_wording.FORMS,
        "licence": register_wording.LICENCE_FAMILIES,
        "category": CATEGORIES,
    },
}


def unknown_values(catalogue: str, chosen: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """(filter, value) for each value that no record of the catalogue has and that no vocabulary names."""
    sets = _sets(catalogue)
    return [
        (name, value)
        for name, values in chosen.items()
        for value in values
        if value not in sets.get(name, {}) and not _is_named(catalogue, name, value)
    ]


def _is_named(catalogue: str, name: str, value: str) -> bool:
    """Whether a vocabulary has it, though nothing may bear it today."""
    if name == "country":
        return value in places.CODES
    if name == "language":
        return value == value.lower() and language_name(value) != value
    if name == "pot":
        return _CURRENCY.fullmatch(value) is not None
    return value in _CLOSED[catalogue].get(name, ())


def _sets(catalogue: str) -> Mapping[str, Mapping[str, int]]:
    """The values that records have today, by filter."""
    if catalogue == COMMONS:
        return register.snapshot().index.sets
    return funding.current(timezone.localdate()).index.sets

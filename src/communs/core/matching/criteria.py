"""One criterion: what is asked of whoever applies, in words and, where the funder was clear, in values."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, cast

from communs.core.matching import records
from communs.core.matching.records import InvalidRecord
from communs.core.matching.vocabulary import (
    DIMENSION_ORDER,
    FORCES,
    FORMS,
    GEOGRAPHIC,
    KINDS,
    TYPED,
    Force,
    Operator,
    Tri,
)

_OPERATORS: Final = ("any_of", "all_of", "none_of", "between", "declared")
_FORM_DIMENSIONS: Final = frozenset({"applicant_form", "payee"})
# Records written before `operator` existed say "both" in words when each of the listed licences' lists must agree.
_SAYS_ALL = re.compile(r"\bboth\b|\bOSI\b\S*\s+and\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing asked. Equal criteria are one criterion: they are evaluated once and answered once.

    `values` are codes of the dimension (forms, place codes, languages, kinds, licence words or SPDX identifiers);
    `excluded` are place codes, and win over `values`; `disputed` are forms that one part of the record takes in and
    another leaves out; `low` and `high` bound a number, in `unit` (a currency code or ""). `through_host` says whether
    a fiscal host may stand in for a form that is not among the values.
    """

    dimension: str
    operator: Operator = "declared"
    values: tuple[str, ...] = ()
    force: Force = "hard"
    statement: str = ""
    excluded: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    through_host: Tri = "unknown"
    quote: str = ""
    lang: str = ""
    source: str = ""
    seen_as_of: str = ""
    key: str = field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _key(self))

    @property
    def is_typed(self) -> bool:
        """Whether facts decide it; otherwise a person says whether the statement holds."""
        if self.operator in {"not_stated", "required"}:
            return True
        if self.operator == "between":
            return self.low is not None or self.high is not None
        has_values = bool(self.values or self.excluded or self.disputed)
        return self.operator != "declared" and self.dimension in TYPED and has_values

    @property
    def reads_facts(self) -> bool:
        """Whether the answer depends on more than what was declared under `key`."""
        return self.force == "hard" and self.is_typed

    @property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """A total order that does not depend on where a criterion stood in its record."""
        rank = DIMENSION_ORDER.index(self.dimension) if self.dimension in DIMENSION_ORDER else len(DIMENSION_ORDER)
        return rank, self.dimension, FORCES[FORCES.index(self.force)], self.statement, self.key, repr(self)

    @classmethod
    def from_record(cls, record: Mapping[str, object], path: str = "criteria[0]") -> Criterion:
        """Read one entry of a record's `criteria`. Raises `InvalidRecord`.

        >>> Criterion.from_record({"dimension": "place", "force": "hard", "accepts": ["FR"]}).values
        ('FR',)
        """
        dimension = records.required_text(record, "dimension", path)
        force = records.known_words((records.text(record, "force", path) or "text",), FORCES, f"{path}.force")[0]
        statement = records.text(record, "statement", path) or ""
        bounds = record.get("accepts") if isinstance(record.get("accepts"), Mapping) else None
        low, high, unit = _bounds(bounds, f"{path}.accepts")
        values = () if bounds is not None else records.strings(record, "accepts", path)
        values = _checked(dimension, values, f"{path}.accepts")
        excluded = records.places(records.strings(record, "excludes", path), f"{path}.excludes")
        if not (statement or values or excluded or bounds):
            raise InvalidRecord(path, "nothing to check", "Give a statement, or what is accepted.")
        operator = _operator(record, dimension, statement, path)
        if operator == "none_of" and dimension not in GEOGRAPHIC:
            values, operator = _others(dimension, values), "any_of"
        elif operator == "none_of":
            values, excluded, operator = ("INT",), values, "any_of"
        return cls(
            dimension, "between" if bounds else operator if values or excluded else "declared", values,
            cast("Force", force), statement, excluded, low=low, high=high, unit=unit,
            quote=records.text(record, "quote", path) or "", lang=records.text(record, "lang", path) or "",
            source=records.text(record, "source", path) or "",
            seen_as_of=records.text(record, "seen_as_of", path) or "",
        )  # fmt: skip


def declaration_key(dimension: str, statement: str) -> str:
    """The key under which a statement is answered: the same for the same sentence, however it is spaced or cased.

    >>> declaration_key("topic", "Mobile  software ecosystem.") == declaration_key("topic", "mobile software ecosystem")
    True
    >>> declaration_key("topic", "Mobile software ecosystem")
    'topic:mobile-software-ecosystem-9c1a4b35'
    """
    plain = unicodedata.normalize("NFKC", statement).casefold()
    sentence = " ".join(re.findall(r"\w+", plain))
    digest = hashlib.blake2s(sentence.encode(), digest_size=4).hexdigest()
    return f"{dimension}:{sentence[:40].strip().replace(' ', '-')}-{digest}"


def _key(criterion: Criterion) -> str:
    if not criterion.is_typed:
        return declaration_key(criterion.dimension, criterion.statement)
    if criterion.operator == "between":
        return f"{criterion.dimension}:{criterion.unit}" if criterion.unit else criterion.dimension
    parts = "+".join(criterion.values)
    without = "-not-" + "+".join(criterion.excluded) if criterion.excluded else ""
    joint = "all:" if criterion.operator == "all_of" else ""
    return f"{criterion.dimension}:{joint}{parts}{without}"


def _operator(record: Mapping[str, object], dimension: str, statement: str, path: str) -> Operator:
    stated = records.text(record, "operator", path)
    if stated is not None:
        return cast("Operator", records.known_words((stated,), _OPERATORS, f"{path}.operator")[0])
    if dimension == "output_licence" and _SAYS_ALL.search(statement):
        return "all_of"
    return "any_of"


def _checked(dimension: str, values: tuple[str, ...], path: str) -> tuple[str, ...]:
    if dimension in _FORM_DIMENSIONS:
        return records.known_words(values, FORMS, path)
    if dimension in GEOGRAPHIC:
        return records.places(values, path)
    if dimension == "commons_kind":
        return records.known_words(values, KINDS, path)
    if dimension == "application_language":
        return tuple(sorted({value.lower() for value in values}))
    return values


def _others(dimension: str, values: tuple[str, ...]) -> tuple[str, ...]:
    known = {"applicant_form": FORMS, "payee": FORMS, "commons_kind": KINDS}.get(dimension, ())
    return tuple(word for word in sorted(known) if word not in values)


def _bounds(accepts: object, path: str) -> tuple[Decimal | None, Decimal | None, str]:
    if accepts is None:
        return None, None, ""
    bounds = records.mapping(accepts, path)
    low, high = records.number(bounds, "min", path), records.number(bounds, "max", path)
    if low is None and high is None:
        raise InvalidRecord(path, "neither min nor max", "Give one of them, or a list of values.")
    if low is not None and high is not None and low > high:
        raise InvalidRecord(path, "min is above max", "Exchange them.")
    return low, high, records.text(bounds, "unit", path) or ""

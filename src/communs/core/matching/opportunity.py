"""What the matcher needs to know of a funding opportunity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from communs.core.matching import records
from communs.core.matching.criteria import Criterion
from communs.core.matching.records import InvalidRecord
from communs.core.matching.requirements import Stated, requirements_of
from communs.core.matching.vocabulary import FORMS, KINDS, LICENCE_REQUIREMENTS, Tri
from communs.core.matching.windows import Window

FISCAL_HOSTING = "fiscal_hosting"
"""The kind of opportunity that offers to hold a collective's money."""

MAX_CRITERIA = 200
"""The most criteria an opportunity may list: the open ones of a set are counted in a byte."""

_NO_LICENCE_RULE = ("none", "unknown")


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in whole units of `currency` (ISO 4217); `rate_max` is the share that may be funded, 0 to 1."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pot: Decimal | None = None
    currency: str = ""
    rate_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One opportunity. Empty means "not stated", never "nobody" and never "everybody".

    `applicants` are the legal forms that may apply, `payees` those that may be paid: two questions. `places` and
    `places_excluded` are place codes (exclusion wins). `licence` is "none", "unknown" or a key of
    `LICENCE_REQUIREMENTS`. `requirements` is derived: the listed criteria and what the fields above ask beyond them.
    """

    id: str
    title: str = ""
    kind: str = ""
    funds_what: frozenset[str] = frozenset()
    commons_kinds: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    places_excluded: tuple[str, ...] = ()
    licence: str = "unknown"
    languages: tuple[str, ...] = ()
    legal_entity: Tri = "unknown"
    fiscal_host: Tri = "unknown"
    themes: frozenset[str] = frozenset()
    money: Money | None = None
    windows: tuple[Window, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    last_confirmed: str = ""
    requirements: tuple[Criterion, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # A host is not applied to through another host.
        host: Tri = "no" if self.kind == FISCAL_HOSTING else self.fiscal_host
        stated = Stated(
            self.criteria, self.applicants, self.payees, self.places, self.places_excluded, self.licence,
            self.languages, self.commons_kinds, self.legal_entity, host,
        )  # fmt: skip
        object.__setattr__(self, "requirements", requirements_of(stated))

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Opportunity:
        """Read an opportunity in the shape of `seed/opportunities.jsonl`. Raises `InvalidRecord`.

        >>> fund = Opportunity.from_record({"id": "f", "recipients": ["association"], "countries": ["FR"]})
        >>> [criterion.dimension for criterion in fund.requirements]
        ['applicant_form', 'territory', 'commons_kind', 'output_licence']
        """
        record = records.mapping(record, "")
        amount, rate = records.mapping(record.get("amount"), "amount"), records.number(record, "cofunding_rate_max")
        return cls(
            id=records.required_text(record, "id"),
            title=records.text(record, "title") or "",
            kind=records.text(record, "kind") or "",
            funds_what=frozenset(records.strings(record, "funds_what")),
            commons_kinds=records.words(record, "commons_kinds", KINDS),
            applicants=records.words(record, "recipients", FORMS),
            payees=records.words(record, "payees", FORMS),
            places=records.places(records.strings(record, "countries"), "countries"),
            places_excluded=records.places(records.strings(record, "countries_excluded"), "countries_excluded"),
            licence=_licence(record),
            languages=tuple(word.lower() for word in records.strings(record, "languages_of_application")),
            legal_entity=records.tri(record, "requires_legal_entity"),
            fiscal_host=records.tri(record, "fiscal_host_accepted"),
            themes=frozenset(records.strings(record, "themes")),
            money=_money(amount, rate) if amount or rate is not None else None,
            windows=_windows(record),
            criteria=_criteria(record),
            last_confirmed=_last_confirmed(record),
        )


def _licence(record: Mapping[str, object]) -> str:
    word = records.text(record, "licence_requirement") or "unknown"
    known = (*_NO_LICENCE_RULE, *LICENCE_REQUIREMENTS)
    return records.known_words((word,), known, "licence_requirement")[0]


def _money(amount: Mapping[str, object], rate: Decimal | None) -> Money:
    return Money(
        records.number(amount, "min", "amount"), records.number(amount, "max", "amount"),
        records.number(amount, "pot", "amount"), records.text(amount, "currency", "amount") or "", rate,
    )  # fmt: skip


def _windows(record: Mapping[str, object]) -> tuple[Window, ...]:
    if record.get("windows") is None:
        window = records.mapping(record.get("window"), "window")
        return (Window.from_record(window),) if window else ()
    found = records.items(record.get("windows"), "windows")
    paths = [f"windows[{position}]" for position in range(len(found))]
    return tuple(
        Window.from_record(records.mapping(entry, path), path) for entry, path in zip(found, paths, strict=True)
    )


def _criteria(record: Mapping[str, object]) -> tuple[Criterion, ...]:
    found = []
    listed = records.items(record.get("criteria"), "criteria")
    if len(listed) > MAX_CRITERIA:
        raise InvalidRecord("criteria", f"more than {MAX_CRITERIA} criteria", "Keep those that decide.")
    for position, entry in enumerate(listed):
        path = f"criteria[{position}]"
        if entry is None:
            raise InvalidRecord(path, "empty", "Remove it, or give dimension and statement.")
        found.append(Criterion.from_record(records.mapping(entry, path), path))
    return tuple(found)


def _last_confirmed(record: Mapping[str, object]) -> str:
    """The latest date on which any evidence was seen, at its own precision ("2025", "2026-02-18")."""
    seen = []
    for position, entry in enumerate(records.items(record.get("evidence"), "evidence")):
        path = f"evidence[{position}]"
        seen.append(records.text(records.mapping(entry, path), "seen_as_of", path) or "")
    return max(seen, default="")

"""The gap as figures: how much of the known money can reach a commons, counted from the catalogue in memory.

Every figure is the count of a list: `filters_of` gives the filters that show exactly its rows. A month's figures are
kept as they were (`GapSnapshot`) and read back into the same shape. The rule is `gap-1` (`docs/rules/gap.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from communs.apps.funding.models import GapSnapshot
from communs.apps.funding.queries.reach import pot_of
from communs.apps.funding.queries.snapshot import Snapshot, current
from communs.apps.funding.vocabulary import OPEN_NOW, FundsWhat, Reach

RULE = "gap-1"
SCOPES = ("known", "open")
"""Everything known, closed ones too; and what is open today as far as anyone knows."""
FACET_OF: Mapping[str, str] = {
    "purpose": "funds_what",
    "reach": "reach",
    "money": "pot",
    "country": "country",
    "kind": "kind",
    "size": "size",
    "language": "language",
    "age": "age",
}
"""The figures of the page in their order, each with the filter whose values it counts."""
# Those whose filter leaves out what is not stated: that is counted by a filter of its own.
_UNSAID = {"purpose": "funds_what", "country": "country", "kind": "kind", "language": "language"}
FOR_COLLECTIVES: Mapping[str, tuple[str, ...]] = {"funds_what": (FundsWhat.COMMONS_COLLECTIVE.value,)}
FOR_GROUPS: Mapping[str, tuple[str, ...]] = {"reach": (Reach.INFORMAL.value,)}
UNSAID = "unsaid"
FOR_HOSTED: Mapping[str, tuple[str, ...]] = {"reach": (Reach.HOSTED.value,)}
PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "collective": FOR_COLLECTIVES,
    "group": FOR_GROUPS,
    "hosted": FOR_HOSTED,
}
"""What is told apart in every count, each with the filter that shows it."""
MONTHS_MAX = 600
_NOTHING = Decimal(0)

Filters = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Count:
    """How many sources have one value.

    Of these: how many fund a commons as a `collective`, take a `group` without legal form, or one only if `hosted`.
    """

    code: str
    sources: int
    collective: int = 0
    group: int = 0
    hosted: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """The money stated in all in one currency, in whole units: of all sources, and of the parts that `Count` has."""

    currency: str
    total: Decimal
    collective: Decimal = _NOTHING
    group: Decimal = _NOTHING
    hosted: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class Scope:
    """The figures over one set of sources. `counts[figure]` stand in no order that matters."""

    total: Count
    counts: Mapping[str, tuple[Count, ...]]
    sums: tuple[Sum, ...]

    def count(self, figure: str, code: str) -> Count:
        """One value of a figure; zeros where no source has it."""
        found = (row for row in self.counts.get(figure, ()) if row.code == code)
        return next(found, Count(code, 0))


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the page says, as of one day."""

    as_of: date
    scopes: Mapping[str, Scope]


def figures_on(today: date) -> Figures:
    """The figures of today."""
    snapshot = current(today)
    return Figures(today, {name: _scope(snapshot, name) for name in SCOPES})


def filters_of(scope: str, figure: str = "", code: str = "") -> Filters:
    """The filters of the list that holds exactly the rows counted under a value of a figure, or all of the scope."""
    found: Filters = {"status": tuple(OPEN_NOW)} if scope == "open" else {"closed": ("1",)}
    if figure:
        name = FACET_OF[figure]
        found |= {UNSAID: (_UNSAID[figure],)} if code == UNSAID else {name: (code,)}
    return found


def kept_months() -> list[str]:
    """The months whose figures are kept ("2026-10"), newest first."""
    return list(GapSnapshot.objects.order_by("-month").values_list("month", flat=True)[:MONTHS_MAX])


def has_month(month: str) -> bool:
    """Whether the figures of this month are kept."""
    return GapSnapshot.objects.filter(month=month).exists()


def kept_figures(month: str) -> Figures | None:
    """The figures of a month as they were taken; None where none are kept."""
    row = GapSnapshot.objects.filter(month=month).first()
    return figures_of(row.taken_on, row.figures) if row else None


def series() -> list[tuple[str, Figures]]:
    """Every month that is kept, oldest first."""
    rows: QuerySet[GapSnapshot] = GapSnapshot.objects.order_by("-month")[:MONTHS_MAX]
    return [(row.month, figures_of(row.taken_on, row.figures)) for row in reversed(rows)]


def document_of(figures: Figures) -> dict[str, Any]:
    """The figures as JSON: codes and numbers, no words."""
    return {"rule": RULE, **{name: _scope_document(scope) for name, scope in figures.scopes.items()}}


def figures_of(taken_on: date, document: Mapping[str, Any]) -> Figures:
    """The same read back. What an older rule did not count is not there."""
    return Figures(taken_on, {name: _scope_of(document.get(name, {})) for name in SCOPES})


def _scope(snapshot: Snapshot, name: str) -> Scope:
    index = snapshot.index
    rows = snapshot.open_now if name == "open" else index.all
    parts = [index.select(filters) for filters in PARTS.values()]

    def count(code: str, members: int) -> Count:
        members &= rows
        return Count(code, members.bit_count(), *((members & part).bit_count() for part in parts))

    counts = {}
    for figure, facet in FACET_OF.items():
        found = [count(code, members) for code, members in index.sets.get(facet, {}).items()]
        if figure in _UNSAID:
            found.append(count(UNSAID, index.select({UNSAID: (_UNSAID[figure],)})))
        counts[figure] = tuple(sorted((row for row in found if row.sources), key=lambda row: (-row.sources, row.code)))
    return Scope(count("", index.all), counts, _sums(snapshot, rows, parts))


def _sums(snapshot: Snapshot, rows: int, parts: Sequence[int]) -> tuple[Sum, ...]:
    """One sum a currency, never one over several: there is no rate between them."""
    sums: dict[str, list[Decimal]] = {}
    for row, entry in enumerate(snapshot.entries):
        currency, money = pot_of(entry.opportunity), entry.opportunity.money
        if not currency or not rows >> row & 1 or money is None or money.pot is None:
            continue
        found = sums.setdefault(currency, [_NOTHING] * (1 + len(parts)))
        for place, members in enumerate((rows, *parts)):
            if members >> row & 1:
                found[place] += money.pot
    return tuple(Sum(currency, *sums[currency]) for currency in sorted(sums))


def _scope_document(scope: Scope) -> dict[str, Any]:
    return {
        "total": _count_document(scope.total),
        "figures": {
            figure: [{"code": row.code, **_count_document(row)} for row in rows]
            for figure, rows in scope.counts.items()
        },
        "sums": [
            {"currency": row.currency, **{name: _number(getattr(row, name)) for name in ("total", *PARTS)}}
            for row in scope.sums
        ],
    }


def _count_document(row: Count) -> dict[str, int]:
    return {name: getattr(row, name) for name in ("sources", *PARTS)}


def _scope_of(document: Mapping[str, Any]) -> Scope:
    return Scope(
        _count_of("", document.get("total", {})),
        {
            figure: tuple(_count_of(str(row["code"]), row) for row in rows)
            for figure, rows in document.get("figures", {}).items()
        },
        tuple(
            Sum(str(row["currency"]), *(Decimal(str(row.get(name, 0))) for name in ("total", *PARTS)))
            for row in document.get("sums", ())
        ),
    )


def _count_of(code: str, row: Mapping[str, int]) -> Count:
    return Count(code, *(row.get(name, 0) for name in ("sources", *PARTS)))


def _number(amount: Decimal) -> int | float:
    """An amount as JSON has it: whole, as nearly all are published, or with its decimals."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)

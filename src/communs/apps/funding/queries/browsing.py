"""The list with its filters, and the short lists of the home page and the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from communs.apps.funding import wording
from communs.apps.funding.models import Opportunity
from communs.apps.funding.queries.matching import Fitting
from communs.apps.funding.queries.snapshot import Snapshot, current, opportunity_of
from communs.apps.funding.vocabulary import Calendar, FundsWhat
from communs.core import matching
from communs.kit.records.models import Visibility
from communs.kit.search import Hits, Results

FACETS = (
    *("status", "kind", "funds_what", "commons_kind", "applicant", "country", "language", "theme"),
    *("legal_entity", "funder", "reach", "size", "pot", "age", "unsaid"),
)
"""The filters, which are also the names of the query parameters, here and in the API."""

SORTS = ("relevance", "closing", "changed", "amount", "title", "fit")


@dataclass(frozen=True, slots=True)
class Browse:
    """What is asked of the list. `fits` and the sort "fit" need a `fitting`; `with_closed` shows closed ones too."""

    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    text: str = ""
    sort: str = "closing"
    with_closed: bool = False
    fitting: Fitting | None = None
    fits: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of the list as a set, with the counts beside each filter."""

    snapshot: Snapshot
    rows: int
    order: Sequence[int]
    counts: Mapping[str, Mapping[str, int]]
    fit_counts: Mapping[str, int]
    closed_hidden: int
    hits: Hits | None = None

    @property
    def total(self) -> int:
        return self.rows.bit_count()

    def positions(self, offset: int, limit: int) -> list[int]:
        """Positions in the snapshot of `limit` rows from `offset`, in the order asked."""
        marks = bin(self.rows)[:1:-1]
        length = len(marks)
        kept = (row for row in self.order if row < length and marks[row] == "1")
        return list(islice(kept, offset, offset + limit))


@dataclass(frozen=True, slots=True)
class Row:
    """An opportunity in a short list."""

    public_id: str
    kind_code: str
    title: str
    lang: str
    url: str
    summary: str
    facts: tuple[str, ...]
    tag: str
    tone: str
    changed_at: datetime


def public_opportunities() -> QuerySet[Opportunity]:
    """Those that anyone may see."""
    return Opportunity.objects.filter(visibility=Visibility.PUBLIC, merged_into=None)


def browse(asked: Browse, today: date) -> Found:
    """The list: filters widen within a facet and narrow across facets; each count ignores its own facet."""
    snapshot = asked.fitting.snapshot if asked.fitting is not None else current(today)
    index = snapshot.index
    within = index.all
    hits = snapshot.searching.find(asked.text) if asked.text else None
    if hits is not None:
        within &= hits.rows
    shows_closed = asked.with_closed or Calendar.CLOSED in asked.chosen.get("status", ())
    visible = within if shows_closed else within & ~snapshot.closed
    by_result = asked.fitting.rows if asked.fitting is not None else {}
    fitting_rows = _any_of(by_result, asked.fits) if asked.fits and by_result else index.all
    chosen = {name: values for name, values in asked.chosen.items() if name in FACETS}
    before_fit = index.select(chosen, visible)
    return Found(
        snapshot=snapshot,
        rows=before_fit & fitting_rows,
        order=_order(asked, snapshot, hits),
        hits=hits,
        counts=index.counts(chosen, visible & fitting_rows),
        fit_counts={result: (rows & before_fit).bit_count() for result, rows in by_result.items()},
        closed_hidden=(index.select(chosen, within & snapshot.closed & fitting_rows)).bit_count(),
    )


def sorted_by(asked: Browse, sort: str) -> Browse:
    """The same question in another order."""
    return replace(asked, sort=sort)


def rows_of(pks: Sequence[int]) -> list[Opportunity]:
    """The rows with these ids in that order, in one query; those that are not public any more are left out."""
    found = public_opportunities().in_bulk(list(pks))
    return [found[pk] for pk in pks if pk in found]


def home_figures(today: date) -> dict[str, Any]:
    """`open` now as far as known, `total`, `by_funds_what` over all, and `collective`: those for commons as such."""
    snapshot = current(today)
    by_funds_what = {code: snapshot.index.select({"funds_what": (code,)}).bit_count() for code in FundsWhat.values}
    return {
        "open": snapshot.open_now.bit_count(),
        "total": len(snapshot.entries),
        "by_funds_what": by_funds_what,
        "collective": by_funds_what[FundsWhat.COMMONS_COLLECTIVE.value],
    }


def closing_soon(today: date, limit: int) -> list[Row]:
    """Those with a closing day ahead, the nearest first."""
    snapshot = current(today)
    first = [place for place in snapshot.index.orders["closing"][:limit] if snapshot.closes_ahead(place)]
    ahead = [snapshot.entries[place].pk for place in first]
    return [_row(row, today) for row in rows_of(ahead)]


def opening_soon(today: date, limit: int) -> list[Row]:
    """Those announced for a day ahead, the nearest first."""
    snapshot = current(today)
    ahead: list[tuple[date, int]] = []
    for entry, status in zip(snapshot.entries, snapshot.statuses, strict=True):
        if status != "forecast":
            continue
        days = [w.opens for w in entry.opportunity.windows if w.opens is not None and w.opens > today]
        if days:
            ahead.append((min(days), entry.pk))
    return [_row(row, today) for row in rows_of([pk for _day, pk in sorted(ahead)[:limit]])]


def recently_changed(limit: int) -> list[Row]:
    """The last ones to change."""
    today = timezone.localdate()
    return [_row(row, today) for row in rows_of(current(today).first("changed", limit))]


def search(text: str, limit: int, hints: Sequence[str] | None = None) -> tuple[list[Row], Results]:
    """The public opportunities that answer a query, best first, as rows, with why each was found.

    What has closed is history, and comes after what answers nearly as well and has not.
    """
    today = timezone.localdate()
    snapshot = current(today)
    results = snapshot.searching.results(text, limit, hints, later=snapshot.closed)
    return [_row(row, today) for row in rows_of([result.pk for result in results.best])], results


def _any_of(by_result: Mapping[str, int], wanted: Sequence[str]) -> int:
    rows = 0
    for result in wanted:
        rows |= by_result.get(result, 0)
    return rows


def _order(asked: Browse, snapshot: Snapshot, hits: Hits | None) -> Sequence[int]:
    if asked.sort == "relevance" and hits is not None:
        return hits.order
    if asked.sort == "fit" and asked.fitting is not None:
        return asked.fitting.best_first
    return snapshot.index.orders.get(asked.sort, snapshot.index.orders["closing"])


def _row(record: Opportunity, today: date) -> Row:
    facts = record.facts
    opportunity = opportunity_of(record)
    title, summary = wording.title_of(facts), wording.summary_of(facts)
    status = matching.status(opportunity, today)
    said = (record.funder_name, wording.kind(record.kind), wording.money(opportunity.money))
    return Row(
        public_id=record.public_id,
        kind_code=record.kind,
        title=title.value or record.public_id,
        lang=title.lang if title.is_fallback else "",
        url=reverse("funding:detail", args=[record.public_id]),
        summary=summary.value,
        facts=tuple(fact for fact in said if fact),
        tag=wording.windows(opportunity, today, facts.get("windows", ())),
        tone={"closing": "soon", "closed": "no"}.get(status, ""),
        changed_at=record.updated_at,
    )

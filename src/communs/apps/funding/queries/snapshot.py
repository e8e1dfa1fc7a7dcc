"""The public opportunities in memory, one state a process: facets, orders and the compiled matcher.

Asked for on every request, made anew only when the catalogue's number has moved (only the rows that changed are read)
or the day has changed (what the calendar says belongs to a day). A state is never changed: readers keep theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from communs.apps.funding.models import Opportunity
from communs.apps.funding.projection import texts_of
from communs.apps.funding.queries.reach import age_of, gap_facets
from communs.apps.funding.vocabulary import OPEN_NOW, Calendar
from communs.core import matching
from communs.core.matching import Criterion
from communs.core.search import Index
from communs.kit.facets import FacetIndex
from communs.kit.prepared import Prepared
from communs.kit.records.models import Visibility
from communs.kit.records.values import nest
from communs.kit.search import Searching, fold, terms_of

log = logging.getLogger("communs.funding")
_FAR = date.max
# (when the oldest row was made, the highest sequence, the row that has it, when it was changed); None: no rows.
Stamp = tuple[datetime | None, int, int, datetime] | None
_ORDER = {status: place for place, status in enumerate(Calendar)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One opportunity as lists and the matcher need it."""

    pk: int
    public_id: str
    opportunity: matching.Opportunity
    facets: Mapping[str, tuple[str, ...]]
    title_key: str
    updated_at: datetime
    search_text: str


class Snapshot:
    """One state of the catalogue on one day. Row i of the index is position i of the matcher."""

    def __init__(self, stamp: Stamp, day: date, entries: Mapping[int, Entry], terms: Index) -> None:
        self.stamp, self.day, self.by_pk, self.terms = stamp, day, entries, terms
        self.entries = sorted(entries.values(), key=lambda entry: entry.public_id)
        self.position = {entry.public_id: place for place, entry in enumerate(self.entries)}
        self.statuses = [matching.status(entry.opportunity, day) for entry in self.entries]
        facets = [
            {**entry.facets, "status": (status,), "age": (age_of(entry.opportunity.last_confirmed, day),)}
            for entry, status in zip(self.entries, self.statuses, strict=True)
        ]
        self.index = FacetIndex([entry.pk for entry in self.entries], facets, self._orders())
        self.searching = Searching(terms, self.index.ids, lambda pk: entries[pk].search_text)
        self.kept_rows: dict[str, dict[int, Any]] = {}  # rows as pages show them, by language: see `pages.rows`
        self.closed = self.index.select({"status": (Calendar.CLOSED,)})
        self.open_now = self.index.select({"status": OPEN_NOW})

    @cached_property
    def catalogue(self) -> matching.Catalogue:
        """The matcher, compiled when it is first needed."""
        return matching.Catalogue(entry.opportunity for entry in self.entries)

    @cached_property
    def criteria(self) -> list[Criterion]:
        """Every distinct criterion of the catalogue."""
        return list(dict.fromkeys(c for entry in self.entries for c in entry.opportunity.requirements))

    def closes_ahead(self, row: int) -> date | None:
        """The nearest closing day that is not past, where the opportunity is open."""
        windows = self.entries[row].opportunity.windows if self.statuses[row] in OPEN_NOW else ()
        return min((w.last_day for w in windows if w.last_day is not None and w.last_day >= self.day), default=None)

    def first(self, order: str, limit: int) -> list[int]:
        """Ids of the first rows in a named order."""
        return [self.entries[row].pk for row in self.index.orders[order][:limit]]

    def _orders(self) -> dict[str, list[int]]:
        rows = range(len(self.entries))
        entries, statuses = self.entries, self.statuses

        def closing(row: int) -> tuple[date, int, str]:
            """A day ahead first, the nearest of them first of all; then by what the calendar says."""
            return (self.closes_ahead(row) or _FAR, _ORDER[Calendar(statuses[row])], entries[row].title_key)

        def amount(row: int) -> tuple[float, str]:
            money = entries[row].opportunity.money
            largest = (money.maximum if money.maximum is not None else money.minimum) if money else None
            return (-float(largest) if largest is not None else 1.0, entries[row].title_key)

        return {
            "closing": sorted(rows, key=closing),
            "changed": sorted(rows, key=lambda row: (-entries[row].updated_at.timestamp(), entries[row].title_key)),
            "amount": sorted(rows, key=amount),
            "title": sorted(rows, key=lambda row: (entries[row].title_key, entries[row].public_id)),
        }


class _Kept:
    """The state of this process."""

    lock = Lock()
    snapshot: Snapshot | None = None


def current(today: date) -> Snapshot:
    """The state of today. One query when nothing has changed."""
    stamp: Stamp = _stamp.first()
    kept = _Kept.snapshot
    if kept is not None and kept.stamp == stamp and kept.day == today:
        return kept
    with _Kept.lock:
        kept = _Kept.snapshot
        if kept is None or kept.stamp != stamp or kept.day != today:
            _Kept.snapshot = kept = _renewed(kept, stamp, today)
    return kept


def snapshot_of(rows: Sequence[Opportunity], day: date) -> Snapshot:
    """A state of these rows alone, public or not: what the lists would know of them."""
    terms = Index.of((row.pk, terms_of(row, texts_of)) for row in rows)
    return Snapshot(None, day, {row.pk: _entry(row) for row in rows}, terms)


def forget() -> None:
    """Drop the state of this process (after the database was replaced under it)."""
    _Kept.snapshot = None


def opportunity_of(record: Any) -> matching.Opportunity:
    """A record as the matcher reads it. A field that cannot be read counts as not stated, and is logged."""
    facts: dict[str, Any] = {**nest(record.values), "id": record.public_id, "title": record.title}
    if record.last_confirmed:
        facts["evidence"] = [{"seen_as_of": record.last_confirmed}]
    opportunity: matching.Opportunity = readable(matching.Opportunity.from_record, facts)
    return opportunity


def readable(read: Any, facts: dict[str, Any]) -> Any:
    """`read(facts)` without the fields that it refuses, each of which is logged."""
    while True:
        try:
            return read(facts)
        except matching.InvalidRecord as bad:
            field = bad.path.partition(".")[0].partition("[")[0]
            log.warning("%s: %s cannot be read: %s", facts.get("id"), bad.path, bad.problem)
            if field not in facts or field == "id":
                raise
            facts = {name: value for name, value in facts.items() if name != field}


def _newest() -> QuerySet[Any, Any]:
    """The state of the table: its oldest row and its newest change."""
    oldest = Opportunity.objects.order_by("pk").values("created_at")[:1]
    newest = Opportunity.objects.order_by("-sequence", "-pk").annotate(oldest=Subquery(oldest))
    return newest.values_list("oldest", "sequence", "pk", "updated_at")


_stamp = Prepared(_newest)


def _renewed(kept: Snapshot | None, stamp: Stamp, today: date) -> Snapshot:
    """From the rows that changed since; from all of them where the table is not the one that was read before."""
    if stamp is None or kept is None or kept.stamp is None or stamp[0] != kept.stamp[0]:
        read = [(pk, entry, terms) for pk, entry, terms in _read(Q()) if entry is not None]
        index = Index.of((pk, terms) for pk, _entry, terms in read)
        return Snapshot(stamp, today, {pk: entry for pk, entry, _terms in read}, index)
    if stamp[1] <= kept.stamp[1] and stamp != kept.stamp:
        return _renewed(None, stamp, today)
    entries = dict(kept.by_pk)
    changes: dict[int, str | None] = {}
    for pk, entry, terms in _read(Q(sequence__gt=kept.stamp[1])):
        entries.pop(pk, None)
        changes[pk] = terms if entry is not None else None
        if entry is not None:
            entries[pk] = entry
    return Snapshot(stamp, today, entries, kept.terms.with_changes(changes))


def _read(which: Q) -> Iterator[tuple[int, Entry | None, str]]:
    """`(pk, entry, packed terms)` of the rows; the entry is None for a row that is not public (any more)."""
    public = {"visibility": Visibility.PUBLIC, "merged_into": None}
    rows = Opportunity.objects.filter(which) if which else Opportunity.objects.filter(**public)
    for row in rows.defer("created_at", "closes_on").iterator(chunk_size=2000):
        if row.is_public:
            yield row.pk, _entry(row), terms_of(row, texts_of)
        else:
            yield row.pk, None, ""


def _entry(row: Opportunity) -> Entry:
    opportunity = opportunity_of(row)
    return Entry(
        row.pk, row.public_id, opportunity, _facets(row, opportunity), fold(row.title), row.updated_at, row.search_text
    )


def _facets(row: Opportunity, opportunity: matching.Opportunity) -> dict[str, tuple[str, ...]]:
    needs = {"yes": "needed", "no": "not_needed"}.get(opportunity.legal_entity, "unknown")
    return {
        "kind": (opportunity.kind,) if opportunity.kind else (),
        "funds_what": tuple(opportunity.funds_what),
        "commons_kind": opportunity.commons_kinds,
        "applicant": opportunity.applicants,
        "country": opportunity.places,
        "theme": tuple(opportunity.themes),
        "language": opportunity.languages,
        "legal_entity": (needs,),
        "funder": (str(row.values["funder.type"]),) if row.values.get("funder.type") else (),
        **gap_facets(opportunity),
    }

"""What an interest in opportunities matches now: the whole list of a saved search, of a commons, or one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communs.apps.following.interest_sets import places
from communs.apps.following.models import Interest
from communs.apps.following.queries.concerned import FITS
from communs.apps.following.queries.records import find_by_pk
from communs.apps.following.vocabulary import COMMONS, OPPORTUNITIES, What
from communs.apps.funding import queries as funding
from communs.apps.funding.queries import Snapshot


@dataclass(frozen=True, slots=True)
class Matched:
    """Ids of opportunities: `now`, and `otherwise`, those that only what is asked of their status keeps out."""

    now: frozenset[int]
    otherwise: frozenset[int] = frozenset()


def matched_now(interest: Interest, today: date) -> Matched:
    """The public opportunities that an interest matches."""
    if interest.what == What.OPPORTUNITY:
        record = find_by_pk(OPPORTUNITIES, interest.record_id or 0)
        return Matched(frozenset({record.pk} if record is not None else ()))
    return _matched(interest, funding.current(today))


def matched_among(interest: Interest, rows: Sequence[Any], today: date) -> frozenset[int]:
    """Those among these opportunities, public or not, that an interest matches, whatever their status."""
    if interest.what == What.OPPORTUNITY:
        return frozenset(row.pk for row in rows if row.pk == interest.record_id)
    if not rows:
        return frozenset()
    found = _matched(interest, funding.snapshot_of(rows, today))
    return found.now | found.otherwise


def _matched(interest: Interest, snapshot: Snapshot) -> Matched:
    if interest.what == What.MONEY_FOR:
        return Matched(_fitting(interest, snapshot))
    index, query = snapshot.index, interest.query
    chosen = dict(query.get("facets", {}))
    within = index.all
    if query.get("text"):
        hits = snapshot.searching.find(query["text"], (query.get("lang", "en"),))
        within &= 0 if hits.is_near else hits.rows  # what only comes near is shown, and not told
    hidden = 0 if "closed" in chosen.get("status", ()) else snapshot.closed
    now = index.select(chosen, within) & ~hidden
    chosen.pop("status", None)
    otherwise = index.select(chosen, within) & ~now
    return Matched(*(frozenset(index.ids[row] for row in places(rows)) for rows in (now, otherwise)))


def _fitting(interest: Interest, snapshot: Snapshot) -> frozenset[int]:
    commons = find_by_pk(COMMONS, interest.record_id or 0)
    if commons is None:
        return frozenset()
    by_result = snapshot.catalogue.positions_by_result(funding.profile_of(commons, {}))
    rows = 0
    for result in FITS:
        rows |= by_result.get(result, 0)
    return frozenset(snapshot.index.ids[row] for row in places(rows))

"""What a wish matches now: how many, the first five, and where all of them stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from communs.apps.following.pages.wishes import Asked
from communs.apps.following.queries.concerned import FITS
from communs.apps.following.vocabulary import COMMONS, What
from communs.apps.funding import queries as funding
from communs.apps.funding.pages.rows import row_of, rows_at
from communs.apps.funding.queries import Browse
from communs.apps.register import queries as register
from communs.apps.register.pages.listing import Asked as CommonsAsked

ROWS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its title, and what one wants to know of it first."""

    title: str
    lang: str
    url: str
    said: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How many records it is about today, the first of them, and the page with all of them."""

    total: int
    lines: Sequence[Line]
    url: str


def preview(asked: Asked) -> Preview:
    """What the wish matches today."""
    what = asked.wish.what
    if what == What.MONEY_FOR:
        return _money_for(asked.record)
    if what == What.OPPORTUNITY:
        line = _funding_line(row_of(asked.record, timezone.localdate()))
        return Preview(1, [line], asked.followed.url)
    if what == What.COMMONS:
        return Preview(1, _commons_lines([asked.record.pk]), asked.followed.url)
    found = _commons_search(asked) if asked.wish.catalogue == COMMONS else _funding_search(asked)
    return Preview(*found, asked.followed.url)


def _funding_search(asked: Asked) -> tuple[int, list[Line]]:
    query = asked.wish.query
    text = query.get("text", "")
    browse = Browse(query.get("facets", {}), text, "relevance" if text else "closing")
    found = funding.browse(browse, timezone.localdate())
    rows = rows_at(found.snapshot, found.positions(0, ROWS))
    return found.total, [_funding_line(row) for row in rows.values()]


def _commons_search(asked: Asked) -> tuple[int, list[Line]]:
    query, snapshot = asked.wish.query, register.snapshot()
    text, chosen = query.get("text", ""), query.get("facets", {})
    hits = snapshot.searching.find(text) if text else None
    rows = snapshot.index.select(chosen, hits.rows if hits is not None else None)
    found = CommonsAsked(text, chosen, "relevance" if text else "name", snapshot, hits, rows)
    return found.total, _commons_lines(found.ids(0, ROWS))


def _money_for(commons: Any) -> Preview:
    """The sources that the commons page for funding shows as within reach, best first."""
    fitting = funding.match_all(commons, {}, timezone.localdate())
    snapshot = fitting.snapshot
    within = [
        place
        for place in fitting.best_first
        if fitting.matches[place].result in FITS and not snapshot.closed >> place & 1
    ]
    lines = [_funding_line(row) for row in rows_at(snapshot, within[:ROWS]).values()]
    return Preview(len(within), lines, reverse("funding:for", args=[commons.public_id]))


def _funding_line(row: Any) -> Line:
    return Line(row.title, row.lang, row.url, row.when, row.tone)


def _commons_lines(pks: Sequence[int]) -> list[Line]:
    return [Line(row.title, "", row.url, row.line) for row in register.rows_by_id(pks)]

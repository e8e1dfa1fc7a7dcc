"""What is closing: a month as a grid of days and as a list by week, for everyone or for one commons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding import queries
from communs.apps.funding.kind import KIND
from communs.apps.funding.pages.looking import Looking, looking
from communs.apps.funding.pages.rows import Row, fitted_at, rows_at
from communs.apps.funding.queries.calendar import (
    FIRST_MONTH,
    LAST_MONTH,
    Mark,
    marks_in,
    month_after,
    month_before,
    next_month_with_marks,
    weeks_of,
)
from communs.kit import formats
from communs.kit.facets import query_with
from communs.kit.pages import public_page
from communs.kit.paging import read_page

ROWS = 40
DOT, DOTS_MAX = "•", 3
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Day:
    """A cell of the grid. `url` leads to its first row in the list; empty where nothing happens."""

    number: int
    label: str
    dots: str
    url: str
    is_today: bool
    is_inside: bool


@public_page
def calendar(request: HttpRequest) -> HttpResponse:
    """What opens and closes in one month, by week, with a grid of its days."""
    today = timezone.localdate()
    found, month = looking(request), read_month(request, today)
    snapshot, rows = queries.rows_for(found.asked, today)
    marks = marks_in(snapshot, rows, month)
    page = read_page(request.GET.get("page"), len(marks), ROWS)
    shown = marks[page.offset : page.offset + page.rows]
    entries = _entries(found, snapshot, shown)
    following = None if marks else next_month_with_marks(snapshot, rows, month)
    context = {
        "month": formats.period(month, "month"),
        "total": len(marks),
        "page": page,
        "weekdays": [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)],
        "weeks": _grid(month, today, marks, found.parameters),
        "groups": _groups(shown, entries, today),
        "around": _around(found, month, today),
        "next_url": _to(found, following) if following else "",
        "next_month": formats.period(following, "month") if following else "",
        "crumbs": [(str(KIND.list_label), reverse("funding:list"))],
        **found.context(request, "calendar"),
    }
    return render(request, "funding/calendar.html", context)


def read_month(request: HttpRequest, today: date) -> date:
    """The month asked for by its first day; this month where none is, or one that nobody plans for."""
    asked = _MONTH.fullmatch(request.GET.get("month", ""))
    month = date(int(asked[1]), int(asked[2]), 1) if asked and int(asked[1]) > 0 else today.replace(day=1)
    return month if FIRST_MONTH <= month <= LAST_MONTH else today.replace(day=1)


def weekday_and_day(on: date) -> str:
    """ "Friday, 5 December 2026"."""
    return _("{weekday}, {day}").format(weekday=WEEKDAYS[on.weekday()], day=formats.day(on))


def _entries(found: Looking, snapshot: queries.Snapshot, marks: Sequence[Mark]) -> Mapping[int, Row]:
    """The rows behind some marks, by their place in the catalogue; with the verdict where a commons is chosen."""
    places = list(dict.fromkeys(mark.row for mark in marks))
    if found.asked.fitting is None:
        return rows_at(snapshot, places)
    by_id = {row.public_id: row for row in fitted_at(found.asked.fitting, places, found.commons.public_id)}
    ids = {place: snapshot.entries[place].public_id for place in places}
    return {place: by_id[public_id] for place, public_id in ids.items() if public_id in by_id}


def _groups(marks: Sequence[Mark], entries: Mapping[int, Row], today: date) -> list[dict[str, Any]]:
    """The marks by week, those without an exact day last; each says its day, and the first of a day can be led to."""
    groups, seen = [], set()
    for (is_exact, _week), members in groupby(marks, key=lambda mark: (mark.is_exact, _week_of(mark))):
        rows, first = [], None
        for mark in members:
            if mark.row not in entries:
                continue
            first = first or mark.on
            anchor = "" if not is_exact or mark.on in seen else _anchor(mark.on)
            seen.add(mark.on)
            rows.append(
                {"row": entries[mark.row], "anchor": anchor, "said": _said(mark, today), "tone": _tone(mark, today)}
            )
        if rows and first:
            groups.append({"title": _week_title(first) if is_exact else _("Without an exact day"), "rows": rows})
    return groups


def _week_of(mark: Mark) -> tuple[int, int]:
    found = mark.on.isocalendar() if mark.is_exact else None
    return (found.year, found.week) if found else (0, 0)


def _week_title(first: date) -> str:
    monday = date.fromordinal(first.toordinal() - first.weekday())
    return _("Week of {day}").format(day=formats.day(monday))


def _said(mark: Mark, today: date) -> str:
    """What happens, or was to happen: a day that is past proves nothing of what a funder did."""
    if mark.is_exact:
        ahead = {"opens": _("opens {day}"), "closes": _("closes {day}")}
        past = {"opens": _("was to open {day}"), "closes": _("last day: {day}")}
        return (past if mark.on < today else ahead)[mark.what].format(day=weekday_and_day(mark.on))
    said = _("opens in {when}") if mark.what == "opens" else _("closes in {when}")
    return said.format(when=formats.period(mark.on, mark.precision))


def _tone(mark: Mark, today: date) -> str:
    """A deadline within two weeks stands out, what is past steps back."""
    if not mark.is_exact:
        return ""
    days = (mark.on - today).days
    return "no" if days < 0 else "soon" if mark.what == "closes" and days <= 14 else ""


def _grid(month: date, today: date, marks: Sequence[Mark], parameters: Mapping[str, Any]) -> list[list[Day]]:
    exact = [mark for mark in marks if mark.is_exact]
    counts = Counter(mark.on for mark in exact)
    places: dict[date, int] = {}
    for place, mark in enumerate(exact):
        places.setdefault(mark.on, place)

    def cell(on: date) -> Day:
        count = counts[on] if on.month == month.month else 0
        page = places[on] // ROWS + 1 if count else 1
        query = query_with(parameters) + (f"&page={page}" if page > 1 else "")
        said = ngettext("{day}: {n} date", "{day}: {n} dates", count).format(day=weekday_and_day(on), n=count)
        url = f"?{query.strip('&')}#{_anchor(on)}" if page > 1 or parameters.get("page") else f"#{_anchor(on)}"
        return Day(on.day, said, DOT * min(count, DOTS_MAX), url if count else "", on == today, on.month == month.month)

    return [[cell(on) for on in week] for week in weeks_of(month)]


def _around(found: Looking, month: date, today: date) -> dict[str, str]:
    """The months before and after, and today's."""
    before, after, now = month_before(month), month_after(month), today.replace(day=1)
    return {
        "before_url": _to(found, before) if before >= FIRST_MONTH else "",
        "before": formats.period(before, "month"),
        "after_url": _to(found, after) if after <= LAST_MONTH else "",
        "after": formats.period(after, "month"),
        "today_url": _to(found, now) if now != month else "",
    }


def _to(found: Looking, month: date) -> str:
    return "?" + query_with(found.parameters, month=f"{month:%Y-%m}")


def _anchor(on: date) -> str:
    return f"d-{on.isoformat()}"

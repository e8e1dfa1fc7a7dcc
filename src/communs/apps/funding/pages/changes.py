"""What changed in the catalogue: new, opened, moved, closed, changed, newest first, as a page and as a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.funding import queries
from communs.apps.funding.fields import FIELDS
from communs.apps.funding.kind import KIND
from communs.apps.funding.pages.calendar import weekday_and_day
from communs.apps.funding.pages.looking import Looking, looking
from communs.apps.funding.pages.rows import Row, fitted_at, rows_at
from communs.apps.funding.queries.changes import Change, kind_of, moved_days, revisions_of
from communs.kit import formats
from communs.kit.pages import public_page
from communs.kit.paging import read_page
from communs.kit.records.feeds import Entry, atom
from communs.kit.records.fields import pair
from communs.kit.records.history import changes_of

ENTRIES_MAX = 50
FIELDS_SHOWN = 3


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """The newest changes of the catalogue by day, of all sources or of those that fit one commons."""
    found, snapshot, every = _read(request)
    page = read_page(request.GET.get("page"), len(every))
    items = _items(found, snapshot, every[page.offset : page.offset + page.rows])
    days = groupby(items, key=lambda item: timezone.localtime(item["at"]).date())
    shared = found.context(request, "changes")
    feed = reverse("funding:changes-feed") + (f"?{found.kept}" if found.kept else "")
    context = {
        "total": len(every),
        "page": page,
        "days": [(weekday_and_day(on), list(members)) for on, members in days],
        "links": [(_("feed of changes"), feed)],
        "feed_url": feed,
        "crumbs": [(str(KIND.list_label), reverse("funding:list"))],
        **shared,
    }
    return render(request, "funding/changes.html", context)


@public_page
def changes_feed(request: HttpRequest) -> HttpResponse:
    """The fifty newest changes as Atom: each is an entry of its own, and stays the same one for ever."""
    found, snapshot, every = _read(request)
    entries = [_entry(item) for item in _items(found, snapshot, every[:ENTRIES_MAX])]
    tail = f"?{found.kept}" if found.kept else ""
    title = (
        _("What changed in funding for {name}").format(name=found.name) if found.name else _("What changed in funding")
    )
    return atom(
        f"funding/changes?{found.kept}",
        title,
        reverse("funding:changes") + tail,
        reverse("funding:changes-feed") + tail,
        entries,
    )


def _read(request: HttpRequest) -> tuple[Looking, queries.Snapshot, Sequence[Change]]:
    found = looking(request)
    snapshot, rows = queries.rows_for(found.asked, timezone.localdate())
    return found, snapshot, queries.changes(snapshot, rows)


def _items(found: Looking, snapshot: queries.Snapshot, some: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes in words: three queries, whatever their number."""
    places = list(dict.fromkeys(change.row for change in some))
    rows = rows_at(snapshot, places)
    if found.asked.fitting is not None:
        fitted = {row.public_id: row for row in fitted_at(found.asked.fitting, places, found.commons.public_id)}
        rows = {place: fitted.get(row.public_id, row) for place, row in rows.items()}
    revisions = revisions_of(some)
    items = []
    for change in some:
        row = rows.get(change.row)
        if row is None or (change.revision and change.revision not in revisions):
            continue  # gone since the catalogue was read
        revision = revisions.get(change.revision)
        items.append(_by_somebody(row, revision) if revision else _by_calendar(row, change))
    return items


def _by_somebody(row: Row, revision: Any) -> dict[str, Any]:
    what = kind_of(revision)
    shown = [] if what == "new" else changes_of(FIELDS, revision.diff)
    if what == "moved":
        shown = [change for change in shown if change.field != "windows"]
    return {
        "row": row,
        "at": revision.at,
        "what": what,
        "said": _said(what, revision.diff),
        "changes": shown[:FIELDS_SHOWN],
        "more": max(0, len(shown) - FIELDS_SHOWN),
        # Names of our own sources are texts of the interface, as in the history.
        "by": str(revision.person or (_(revision.source.name) if revision.source else "")),
        "url": reverse("funding:revision", args=[row.public_id, revision.version]),
        "key": f"funding/{row.public_id}/{revision.version}",
    }


def _by_calendar(row: Row, change: Change) -> dict[str, Any]:
    said = _("the day has come on which it was to open") if change.what == "opened" else _("a closing date has passed")
    return {
        "row": row,
        "at": change.at,
        "what": change.what,
        "said": said,
        "changes": [],
        "more": 0,
        "by": "",
        "url": row.url,
        "key": f"funding/{row.public_id}/{change.what}/{timezone.localtime(change.at).date().isoformat()}",
    }


def _said(what: str, diff: Mapping[str, Any]) -> str:
    """What happened, in words."""
    days = moved_days(diff)
    if what == "moved" and days:
        return _("the closing date moved from {before} to {after}").format(
            before=formats.day(days[0]), after=formats.day(days[1])
        )
    return {"new": _("new in the catalogue"), "closed": _("it is closed")}.get(what, _("changed"))


def _entry(item: Mapping[str, Any]) -> Entry:
    lines = [pair(change.label, change.after or _("removed")) for change in item["changes"]]
    row = item["row"]
    return Entry(
        key=item["key"],
        title=pair(row.title, item["said"]),
        url=item["url"],
        summary="\n".join([*lines, row.when, row.facts]),
        at=item["at"],
        author=item["by"],
    )

"""The list to take along, with the same filters as the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.apps.funding.fields import title_of
from communs.apps.funding.pages import writing
from communs.apps.funding.pages.listing import chosen_commons, read_browse
from communs.apps.funding.pages.rows import facts_of
from communs.kit.pages import public_page
from communs.kit.records.feeds import Entry, atom

ROWS_MAX = 50_000
ENTRIES_MAX = 50


def export_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV."""
    return writing.list_as_csv(_pks(request, ROWS_MAX), timezone.localdate())


def export_json(request: HttpRequest) -> HttpResponse:
    """The list as JSON."""
    return writing.list_as_json(_pks(request, ROWS_MAX), timezone.localdate())


@public_page
def export_feed(request: HttpRequest) -> HttpResponse:
    """The fifty that changed last among those of the list, as Atom: an entry is new when something changed."""
    today = timezone.localdate()
    records = sorted(
        queries.rows_of(_pks(request, ENTRIES_MAX, sort="changed")), key=lambda row: row.updated_at, reverse=True
    )
    entries = []
    for record in records:
        opportunity = queries.opportunity_of(record)
        when = wording.windows(opportunity, today, record.facts.get("windows", ()))
        lines = [wording.summary_of(record.facts).value, when, " · ".join(facts_of(record, opportunity))]
        entries.append(
            Entry(
                key=f"funding/{record.public_id}/{record.version}",
                title=title_of(record),
                url=reverse("funding:detail", args=[record.public_id]),
                summary="\n".join(line for line in lines if line),
                at=record.updated_at,
                author=record.funder_name,
            )
        )
    query = request.GET.urlencode()
    tail = f"?{query}" if query else ""
    return atom(
        f"funding?{query}",
        _("Funding for digital commons"),
        reverse("funding:list") + tail,
        reverse("funding:list-feed") + tail,
        entries,
    )


def _pks(request: HttpRequest, limit: int, sort: str = "") -> list[int]:
    _commons, fitting = chosen_commons(request)
    asked = read_browse(request, fitting)
    found = queries.browse(queries.sorted_by(asked, sort) if sort else asked, timezone.localdate())
    return [found.snapshot.entries[place].pk for place in found.positions(0, limit)]

"""The list of commons with its filters, its exports and its feed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from communs.apps.register import queries, wording
from communs.apps.register.catalogue import FACETS, SORTS, Snapshot
from communs.apps.register.categories import category_name
from communs.apps.register.exporting import COLUMNS, flat_row, public_record
from communs.apps.register.fields import title_of
from communs.kit.facets import FacetSpec, present, query_with, read_choice
from communs.kit.formats import language_name
from communs.kit.found import cut_at, found_context, why_found
from communs.kit.pages import public_page
from communs.kit.paging import read_page
from communs.kit.places import place_name
from communs.kit.records.feeds import Entry, atom
from communs.kit.records.fields import pair
from communs.kit.records.wording import what_happened
from communs.kit.search import Hits, typed
from communs.kit.tables import csv_lines
from communs.kit.unanswered.actions import note_unanswered

QUERY_MAX = 200
FEED_ENTRIES = 50
SORT_LABELS = {
    "relevance": gettext_lazy("best answer"),
    "name": gettext_lazy("name"),
    "recent": gettext_lazy("last change"),
    "kind": gettext_lazy("kind"),
}
VERDICT_ORDER = ("commons", "open_resource", "open_at_least", "unknown", "closed")

# The page stays light with the filters most used; all of them stand behind one link.
FIRST = (
    FacetSpec("kind", lambda: _("Kind"), lambda code: wording.said(wording.KINDS, code), limit=5),
    FacetSpec(
        "verdict",
        lambda: _("The commons test"),
        lambda code: wording.said(wording.VERDICTS, code),
        fixed_order=VERDICT_ORDER,
    ),
    FacetSpec("category", lambda: _("What it is for"), category_name, limit=4),
    FacetSpec("licence", lambda: _("Licence"), lambda code: wording.said(wording.LICENCE_FAMILIES, code), limit=3),
)
ALL = (
    FacetSpec("kind", FIRST[0].label, FIRST[0].value_label, limit=9),
    FIRST[1],
    FacetSpec("category", FIRST[2].label, FIRST[2].value_label, limit=30),
    FacetSpec("country", lambda: _("Country"), place_name, limit=30),
    FacetSpec("licence", FIRST[3].label, FIRST[3].value_label, limit=7),
    FacetSpec("form", lambda: _("Who looks after it"), lambda code: wording.said(wording.FORMS, code), limit=9),
    FacetSpec("language", lambda: _("Language"), language_name, limit=20),
)
BEHIND = ("country", "form", "language")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked the list for: words, filters, order; the rows that answer it."""

    words: str
    chosen: dict[str, list[str]]
    sort: str
    snapshot: Snapshot
    hits: Hits | None
    rows: int

    @property
    def total(self) -> int:
        return self.rows.bit_count()

    @property
    def within(self) -> int | None:
        return self.hits.rows if self.hits is not None else None

    @property
    def first_sort(self) -> str:
        """The order that needs no naming in the address."""
        return "relevance" if self.hits is not None else "name"

    @property
    def parameters(self) -> dict[str, Any]:
        return {**self.chosen, "q": self.words, "sort": self.sort if self.sort != self.first_sort else ""}

    def ids(self, offset: int, limit: int) -> list[int]:
        order = self.hits.order if self.sort == "relevance" and self.hits is not None else None
        return self.snapshot.index.page(self.rows, self.sort, offset, limit, order)

    def why(self, pk: int) -> str:
        """Why this commons was found, in words; nothing where no words were searched for."""
        if self.hits is None:
            return ""
        return why_found(self.snapshot.searching.reasons(self.hits, self.snapshot.index.row_of[pk]))


def read_asked(request: HttpRequest) -> Asked:
    """The question in the address; what is not understood is left out."""
    chosen = read_choice(dict(request.GET.lists()), FACETS)
    words = typed(request.GET.get("q", ""), QUERY_MAX)
    sort = request.GET.get("sort", "")
    snapshot = queries.snapshot()
    hits = snapshot.searching.find(words) if words else None
    if hits is not None and not hits.rows:
        note_unanswered(words, "commons", get_language() or "en", timezone.now())
    rows = snapshot.index.select(chosen, hits.rows if hits is not None else None)
    if sort not in SORTS or (sort == "relevance" and hits is None):
        sort = "relevance" if hits is not None else "name"
    return Asked(words, chosen, sort, snapshot, hits, rows)


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Twenty commons a page, with filters that are plain links."""
    asked = read_asked(request)
    parameters = _parameters(request, asked)
    context = {
        **around(request, asked),
        "sorts": [_sort(name, parameters, asked) for name in SORT_LABELS if name != "relevance" or asked.hits],
        "links": _exports(query_with(asked.parameters)),
        "feed_url": reverse("commons:recent"),
        "is_editor": request.user.is_authenticated and getattr(request.user, "is_editor", False),
    }
    return render(request, "commons/list.html", context)


def around(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """A page of what was asked for, with its filters: for the list, and for pages where one chooses among commons."""
    page = read_page(request.GET.get("page"), asked.total)
    parameters = _parameters(request, asked)
    wide = bool(parameters["filters"])
    counts = asked.snapshot.index.counts(asked.chosen, asked.within)
    pks = asked.ids(page.offset, page.rows)
    return {
        "rows": [(row, asked.why(row.pk)) for row in queries.rows_by_id(pks)],
        "found": found_context(asked.words, asked.hits) | {"cut_at": cut_at(request.GET.get("q", ""), QUERY_MAX)},
        "total": asked.total,
        "words": asked.words,
        "page": page,
        "query": query_with(parameters),
        "facets": present(ALL if wide else FIRST, counts, asked.chosen),
        "hidden": [(name, parameters[name]) for name in ("q", "sort", "filters") if parameters[name]],
        "kept": [(name, value) for name, values in asked.chosen.items() for value in values],
        "clear_url": "?" + query_with({"q": asked.words, "sort": parameters["sort"]}) if asked.chosen else "",
        "all_filters_url": "" if wide else "?" + query_with(parameters, filters="all"),
    }


def _parameters(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    wide = request.GET.get("filters") == "all" or any(name in asked.chosen for name in BEHIND)
    return {**asked.parameters, "filters": "all" if wide else ""}


def chosen_words(words: str, chosen: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """A choice in words: what each filter is called, and which of its values were chosen."""
    specs = {spec.name: spec for spec in ALL}
    said = [
        (specs[name].label(), ", ".join(specs[name].value_label(value) for value in values))
        for name, values in chosen.items()
    ]
    return [*([(_("Words"), words)] if words else []), *said]


def _sort(name: str, parameters: dict[str, Any], asked: Asked) -> tuple[str, str, str, bool]:
    query = query_with(parameters, sort=name if name != asked.first_sort else None)
    return name, str(SORT_LABELS[name]), f"?{query}" if query else reverse("commons:list"), name == asked.sort


def _exports(query: str) -> list[tuple[str, str]]:
    tail = f"?{query}" if query else ""
    return [
        ("CSV", reverse("commons:csv") + tail),
        ("JSON", reverse("commons:json") + tail),
        (_("feed of changes"), reverse("commons:recent")),
    ]


@public_page
def recent(request: HttpRequest) -> HttpResponse:
    """The last changes of all public commons as an Atom feed."""
    entries = []
    for revision in queries.recent_revisions(FEED_ENTRIES):
        title = title_of(revision.subject)
        entries.append(
            Entry(
                key=f"commons/{revision.subject.public_id}/{revision.version}",
                title=pair(title, what_happened(revision)),
                url=reverse("commons:revision", args=(revision.subject.public_id, revision.version)),
                summary=revision.note,
                at=revision.at,
                author=str(revision.person or revision.source or ""),
            )
        )
    return atom(
        "commons", _("Changes in the register of commons"), reverse("commons:list"), reverse("commons:recent"), entries
    )


def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same filters as a JSON list of public records, streamed."""
    asked = read_asked(request)
    response = StreamingHttpResponse(_json_lines(asked), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="commons.json"'
    return response


def _json_lines(asked: Asked) -> Iterator[str]:
    yield "["
    for number, commons in enumerate(queries.in_batches(asked.ids(0, asked.total or 1))):
        yield (",\n" if number else "\n") + json.dumps(public_record(commons), ensure_ascii=False)
    yield "\n]\n"


def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same filters as CSV, one row a commons, streamed."""
    asked = read_asked(request)
    response = StreamingHttpResponse(_csv_lines(asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="commons.csv"'
    return response


def _csv_lines(asked: Asked) -> Iterator[str]:
    return csv_lines(COLUMNS, (flat_row(commons) for commons in queries.in_batches(asked.ids(0, asked.total or 1))))

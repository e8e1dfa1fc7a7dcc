"""The open data of the site: everything public as files, with sources and licences, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy

from communs.apps.funding import exporting as awards
from communs.apps.funding import queries as funding
from communs.apps.funding.pages import writing
from communs.apps.register import exporting
from communs.apps.register import queries as register
from communs.core.standards import dcat
from communs.kit.api import absolute, last_change, sources_of
from communs.kit.catalogue import sequences
from communs.kit.pages import public_page
from communs.kit.records.dumping import dump_lines, in_batches
from communs.kit.tables import csv_lines

TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv"}
PROVENANCE = ("sources", "source_licences", "last_seen")
LANGUAGES = ("en", "fr")
LISTS = {"commons": "commons:list", "opportunities": "funding:list", "awards": "funding:awards"}
Ids = Collection[str] | None
Public = Callable[[], QuerySet[Any]]
Columns = tuple[tuple[str, ...], Callable[[Any], list[Any]]]


@dataclass(frozen=True, slots=True)
class Data:
    """One kind of record as files.

    `lines` and `rows`: (public ids or None for all) -> the dump that another site can import, and CSV; `count` and
    `changed_at`: how many there are, and when one last changed; `catalogue`: its sequence.
    """

    name: str
    title: Any
    about: Any
    lines: Callable[[Ids], Iterator[str]]
    rows: Callable[[Ids], Iterator[str]]
    count: Callable[[], int]
    changed_at: Callable[[], datetime | None]
    catalogue: str


def _records(name: str, title: Any, about: Any, public: Public, columns: Columns, beside: Any = None) -> Data:
    """Records made of claims. `columns`: the names, and (record) -> the cells."""
    header, cells = columns

    def rows(public_ids: Ids) -> Iterator[str]:
        found = public() if public_ids is None else public().filter(public_id__in=public_ids)
        return csv_lines((*header, *PROVENANCE), _cells(found, cells))

    def lines(public_ids: Ids) -> Iterator[str]:
        model = public().model
        return dump_lines(model, beside, public_ids) if beside else dump_lines(model, public_ids=public_ids)

    catalogue: str = public().model.CATALOGUE
    return Data(name, title, about, lines, rows, lambda: public().count(), lambda: last_change(public()), catalogue)


def _cells(found: QuerySet[Any], cells: Callable[[Any], list[Any]]) -> Iterator[list[Any]]:
    for batch in in_batches(found):
        sources = sources_of(batch)
        for record in batch:
            yield [*cells(record), *_provenance(sources[record.pk])]


FILES = {
    one.name: one
    for one in (
        _records(
            "commons",
            gettext_lazy("Commons"),
            gettext_lazy("Every public commons with its licences, its stewards, its relations and the commons test."),
            register.public_commons,
            (exporting.COLUMNS, exporting.flat_row),
            exporting.beside,
        ),
        _records(
            "opportunities",
            gettext_lazy("Funding opportunities"),
            gettext_lazy("Every public source of money: who funds what, who may apply, until when."),
            funding.public_opportunities,
            (
                writing.COLUMNS,
                lambda record: list(writing.value_of(record, timezone.localdate()).values()),
            ),
        ),
        Data(
            "awards",
            gettext_lazy("Awards"),
            gettext_lazy("Who funded what, as funders have published it. People who received money are not named."),
            awards.award_lines,
            lambda ids: csv_lines(awards.COLUMNS, awards.award_cells(ids)),
            lambda: funding.awards(funding.AwardBrowse()).count(),
            funding.awards_changed_at,
            "awards",
        ),
    )
}


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """What there is to take along, for people."""
    files = [
        {
            "title": one.title,
            "about": one.about,
            "url": reverse(LISTS[one.name]),
            "count": one.count(),
            "changed_at": one.changed_at(),
            "links": [(kind.upper(), _address(one.name, kind)) for kind in TYPES],
        }
        for one in FILES.values()
    ]
    return render(request, "data.html", {"files": files, "catalogue_url": reverse("catalogue")})


def download(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """One file, streamed; 304 while nothing has changed."""
    data = FILES.get(name)
    if data is None or kind not in TYPES:
        raise Http404
    # What is open or closed belongs to a day.
    mark = f"{name}-{sequences().get(data.catalogue, 0)}-{timezone.localdate()}-{kind}"
    etag = quote_etag(mark)
    if (known := get_conditional_response(request, etag)) is not None:
        return known
    lines = data.lines(None) if kind == "ndjson" else data.rows(None)
    response = StreamingHttpResponse(lines, content_type=f"{TYPES[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    return response


def catalogue(request: HttpRequest) -> HttpResponse:
    """The same for programs, as DCAT-AP."""
    page = absolute(request, reverse("data"))
    sets = []
    for one in FILES.values():
        changed = one.changed_at()
        files = {kind: absolute(request, _address(one.name, kind)) for kind in TYPES}
        titles, abouts = _in_languages(one.title), _in_languages(one.about)
        sets.append(dcat.Dataset(f"{page}#{one.name}", titles, abouts, files, changed.date() if changed else None))
    title, about = gettext_lazy("Open data of communs"), gettext_lazy("Digital commons and the money that fits them.")
    document = dcat.catalogue(page, _in_languages(title), _in_languages(about), sets)
    response = HttpResponse(json.dumps(document, ensure_ascii=False, indent=1), content_type="application/ld+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _in_languages(words: Any) -> dict[str, str]:
    said = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            said[lang] = str(words)
    return said


def _address(name: str, kind: str) -> str:
    return reverse("data-file", args=[name, kind])


def _provenance(sources: list[dict[str, Any]]) -> list[str]:
    """The sources of a record by name, their licences, and when one of them was last seen."""
    names = dict.fromkeys(source["name"] for source in sources)
    licences = dict.fromkeys(source["licence"] for source in sources if source["licence"])
    return ["; ".join(names), "; ".join(licences), max((source["seen_as_of"] for source in sources), default="")]

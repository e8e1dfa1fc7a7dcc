"""The list: filters by plain GET, eligibility of one commons in every row when one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.apps.funding.pages import answers as given_answers
from communs.apps.funding.pages.row_html import with_reason
from communs.apps.funding.pages.rows import commons_name, lines_at, rows_at
from communs.apps.funding.queries import FACETS, SORTS, Browse, Fitting, Found
from communs.apps.funding.vocabulary import Age, Calendar, Fit, FundsWhat, Reach, Size
from communs.apps.register.queries import read_commons
from communs.kit.facets import Facet, FacetSpec, Option, present, query_with, read_choice
from communs.kit.formats import language_name
from communs.kit.found import cut_at, found_context, why_found
from communs.kit.pages import public_page
from communs.kit.paging import PageOf, read_page
from communs.kit.places import place_name
from communs.kit.search import typed
from communs.kit.unanswered.actions import note_unanswered

TEXT_MAX = 200
FACET_VALUES_MAX = 9
FIRST_VALUES_MAX = 3  # of the filters shown at first: a list page stays light, "more filters" shows the rest

_NEEDS = {
    "needed": gettext_lazy("needed"),
    "not_needed": gettext_lazy("not needed"),
    "unknown": gettext_lazy("not stated"),
}
SPECS = (
    FacetSpec("status", lambda: _("When"), wording.calendar, fixed_order=tuple(Calendar.values)),
    FacetSpec("funds_what", lambda: _("What it funds"), wording.funds_what, fixed_order=tuple(FundsWhat.values)),
    FacetSpec("applicant", lambda: _("Who may apply"), wording.form, FIRST_VALUES_MAX),
    FacetSpec("legal_entity", lambda: _("Legal form of one’s own"), lambda code: str(_NEEDS.get(code, code))),
    FacetSpec("country", lambda: _("Where"), place_name, FIRST_VALUES_MAX),
)
# Where a commons is chosen, its own answer stands in for these.
ANSWERED_BY_FIT = frozenset({"applicant", "country"})
MORE_SPECS = (
    FacetSpec("kind", lambda: _("Kind"), wording.kind, FACET_VALUES_MAX),
    FacetSpec("commons_kind", lambda: _("Kind of commons"), wording.commons_kind, 9),
    FacetSpec("theme", lambda: _("Theme"), str, 12),
    FacetSpec("language", lambda: _("Language of the application"), language_name, FACET_VALUES_MAX),
    FacetSpec("funder", lambda: _("Whose money"), wording.funder_type, FACET_VALUES_MAX),
    FacetSpec("reach", lambda: _("Who can hold the money"), wording.reach, fixed_order=tuple(Reach.values)),
    FacetSpec("size", lambda: _("The most one can get"), wording.size, fixed_order=tuple(Size.values)),
    FacetSpec("pot", lambda: _("Money in all, stated in"), wording.pot, FACET_VALUES_MAX),
    FacetSpec("age", lambda: _("Last confirmed"), wording.age, fixed_order=tuple(Age.values)),
    FacetSpec("unsaid", lambda: _("What they do not say"), wording.unsaid, FACET_VALUES_MAX),
)
_KEPT = ("for", "q", "sort", "closed", "more")
_Parameters = Mapping[str, Any]


@public_page
def opportunities(request: HttpRequest) -> HttpResponse:
    """The list, or the list for one commons (`?for=`)."""
    today = timezone.localdate()
    commons, fitting = chosen_commons(request)
    asked = read_browse(request, fitting)
    found = queries.browse(asked, today)
    if found.hits is not None and not found.hits.rows:
        note_unanswered(asked.text, "funding", get_language() or "en", timezone.now())
    page = read_page(request.GET.get("page"), found.total)
    context = {
        "commons": commons,
        "commons_name": commons_name(commons) if commons else "",
        "lines": mark_safe("\n".join(_lines(found, page, fitting, commons))),  # noqa: S308 - joined markup
        "page": page,
        "total": found.total,
        "text": asked.text,
        "found": found_context(asked.text, found.hits) | {"cut_at": cut_at(request.GET.get("q", ""), TEXT_MAX)},
        "facets": _facets(request, found, asked),
        "hidden": [(name, value) for name in _KEPT if (value := typed(request.GET.get(name, ""), TEXT_MAX))],
        "clear_url": f"?{query_with({'for': commons.public_id})}" if commons else "?",
        "is_filtered": bool(asked.chosen or asked.text or asked.fits),
        "sorts": _sorts(request, asked),
        "query": query_with(dict(request.GET.lists())),
        "links": _links(request),
        **_switches(request, found, asked),
    }
    return render(request, "funding/list.html", context)


def chosen_commons(request: HttpRequest) -> tuple[Any, Fitting | None]:
    """The commons named by `?for=` with its matches; neither where none is named. Raises `NotThere`."""
    public_id = request.GET.get("for", "")
    if not public_id:
        return None, None
    commons = read_commons(request.user, public_id)
    answers = given_answers.given(request, commons).answers
    return commons, queries.match_all(commons, answers, timezone.localdate())


def read_browse(request: HttpRequest, fitting: Fitting | None) -> Browse:
    """What the query string asks for; wrong values are ignored."""
    parameters = dict(request.GET.lists())
    text = typed(request.GET.get("q", ""), TEXT_MAX)
    usual = "relevance" if text else "fit" if fitting else "closing"
    sort = request.GET.get("sort", usual)
    if sort not in SORTS or (sort == "fit" and fitting is None) or (sort == "relevance" and not text):
        sort = usual
    fits = [value for value in request.GET.getlist("fits") if value in Fit.values] if fitting else []
    return Browse(
        chosen=read_choice(parameters, FACETS),
        text=text,
        sort=sort,
        with_closed=request.GET.get("closed") == "1",
        fitting=fitting,
        fits=fits,
    )


def _lines(found: Found, page: PageOf, fitting: Fitting | None, commons: Any) -> list[SafeString]:
    places = found.positions(page.offset, page.rows)
    rows = rows_at(found.snapshot, places)
    lines = [row.html for row in rows.values()] if fitting is None else lines_at(fitting, places, commons.public_id)
    if found.hits is None:
        return lines
    searching, hits = found.snapshot.searching, found.hits
    return [
        with_reason(line, why_found(searching.reasons(hits, place))) for line, place in zip(lines, rows, strict=True)
    ]


def _facets(request: HttpRequest, found: Found, asked: Browse) -> list[Facet]:
    facets = present(_specs(request, asked), found.counts, asked.chosen)
    if asked.fitting is not None:
        options = tuple(
            Option(code, str(label), found.fit_counts.get(code, 0), chosen=code in asked.fits)
            for code, label in Fit.choices
            if found.fit_counts.get(code) or code in asked.fits
        )
        facets.insert(0, Facet("fits", _("For this commons"), options))
    return [facet for facet in facets if facet.options]


def _specs(request: HttpRequest, asked: Browse) -> list[FacetSpec]:
    """The filters shown: all of them on demand, else the first ones and those in use."""
    if request.GET.get("more"):
        return [replace(spec, limit=max(spec.limit, FACET_VALUES_MAX)) for spec in (*SPECS, *MORE_SPECS)]
    first = [spec for spec in SPECS if asked.fitting is None or spec.name not in ANSWERED_BY_FIT]
    in_use = [spec for spec in (*SPECS, *MORE_SPECS) if spec.name in asked.chosen and spec not in first]
    return [*first, *in_use]


def _sorts(request: HttpRequest, asked: Browse) -> list[tuple[str, str, str, bool]]:
    labels = {
        "relevance": _("best answer"),
        "fit": _("best fit"),
        "closing": _("closing soon"),
        "changed": _("newest change"),
        "amount": _("amount"),
        "title": _("title"),
    }
    parameters = dict(request.GET.lists())
    left_out = {"relevance": not asked.text, "fit": asked.fitting is None}
    offered = [value for value in labels if not left_out.get(value)]
    return [(value, labels[value], f"?{query_with(parameters, sort=value)}", value == asked.sort) for value in offered]


def _switches(request: HttpRequest, found: Found, asked: Browse) -> dict[str, Any]:
    """The links that show or hide closed ones, and the filters that are asked less often."""
    parameters = dict(request.GET.lists())
    return {
        "closed_hidden": found.closed_hidden,
        "with_closed": asked.with_closed,
        "closed_url": "?" + query_with(parameters, closed=None if asked.with_closed else "1"),
        "more_url": "" if request.GET.get("more") else "?" + query_with(parameters, more="1"),
    }


def _links(request: HttpRequest) -> list[tuple[str, str]]:
    query = query_with({**dict(request.GET.lists()), "more": ""})
    tail = f"?{query}" if query else ""
    return [
        (_("CSV"), reverse("funding:export-csv") + tail),
        (_("JSON"), reverse("funding:export-json") + tail),
        (_("Feed"), reverse("funding:list-feed") + tail),
    ]

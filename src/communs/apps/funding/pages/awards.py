"""Who funded what: the list of awards, those of one funder, one award, and what one commons received."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from communs.apps.funding import queries
from communs.apps.funding.kind import KIND
from communs.apps.funding.pages.rows import commons_name
from communs.apps.funding.queries import AwardBrowse
from communs.apps.funding.vocabulary import RECIPIENT_KINDS
from communs.apps.register.queries import get_commons
from communs.core.money import Money
from communs.core.standards.threesixtygiving.writing import write
from communs.kit import formats
from communs.kit.facets import FacetSpec, present, query_with, read_choice
from communs.kit.found import cut_at
from communs.kit.pages import public_page
from communs.kit.paging import read_page
from communs.kit.places import place_name
from communs.kit.search import typed

TEXT_MAX = 200
EXPORT_MAX = 20_000
SORTS = ("newest", "largest")
_KEPT = ("q", "sort")


class YearBar(NamedTuple):
    """What was given in one year, in whole units of the currency."""

    label: str
    value: int
    is_strong: bool


@public_page
def awards(request: HttpRequest) -> HttpResponse:
    """Every award."""
    return _list(request, None)


@public_page
def award_funder(request: HttpRequest, public_id: str) -> HttpResponse:
    """The awards of one funder, with totals and a chart of the years."""
    return _list(request, queries.get_award_funder(public_id))


@public_page
def award(request: HttpRequest, public_id: str) -> HttpResponse:
    """One award: everything its publisher says, and under which licence."""
    row = queries.get_award(public_id)
    record = row.record
    context = {
        "award": row,
        "title": row.title or _("Award to a person"),
        "money": said(Money(row.amount_minor, row.currency)),
        "description": record.get("description", ""),
        "facts": [(label, words) for label, words in _facts(row) if words],
        "notes": sorted(record.get("notes", {}).items()),
        "url": record.get("url", ""),
        "crumbs": [*_crumbs(), (row.funder.name, reverse("funding:award-funder", args=[row.funder.public_id]))],
    }
    return render(request, "funding/award.html", context)


def export_awards(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The awards of the list as a 360Giving package, at most 20,000."""
    asked = _read(request, None)
    rows = queries.awards(asked).exclude(awarded_on=None)[:EXPORT_MAX]
    response = HttpResponse(write(row.record for row in rows), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="awards-360giving.json"'
    return response


@public_page
def received(request: HttpRequest, commons_id: str) -> HttpResponse:
    """The awards that went to one commons, with what shows it."""
    commons = get_commons(request.user, commons_id)
    if commons.merged_into is not None:
        return redirect("funding:received", commons.merged_into.public_id)
    found = queries.received_by(commons)
    because = {
        "org_id": _("The recipient has the same identifier."),
        "repository": _("The award names its source repository."),
        "name": _("The recipient is called exactly so."),
    }
    name = commons_name(commons)
    detail = reverse("commons:detail", args=[commons.public_id])
    context = {
        "commons": commons,
        "commons_name": name,
        "rows": [{**_row(item.award), "because": because[item.because]} for item in found],
        "crumbs": [(_("Commons"), reverse("commons:list")), (name, detail)],
    }
    return render(request, "funding/received.html", context)


def said(money: Money) -> str:
    """An amount as a person writes it, without empty cents."""
    major = money.major
    return formats.amount(major.quantize(1) if major == major.to_integral_value() else major, money.currency)


def _list(request: HttpRequest, funder: Any) -> HttpResponse:
    asked = _read(request, funder)
    rows = queries.awards(asked)
    totals = queries.award_totals(rows)
    page = read_page(request.GET.get("page"), sum(total.awards for total in totals))
    parameters = dict(request.GET.lists())
    query = query_with(parameters)
    export = (
        reverse("funding:export-awards") + "?" + query_with(parameters, funder=funder.public_id if funder else None)
    )
    context = {
        "funder": funder,
        "rows": [_row(row) for row in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "total": page.total,
        "totals": [(said(total.money), total.awards) for total in totals[:6]],
        "chart": _chart(rows, totals[0].money.currency) if funder and totals else None,
        "facets": _facets(asked, request),
        "hidden": [(name, value) for name in _KEPT if (value := typed(request.GET.get(name, ""), TEXT_MAX))],
        "clear_url": "?" if asked.chosen or asked.text else "",
        "is_filtered": bool(asked.chosen or asked.text),
        "text": asked.text,
        "cut_at": cut_at(request.GET.get("q", ""), TEXT_MAX),
        "sorts": [
            (value, label, f"?{query_with(parameters, sort=value)}", value == asked.sort)
            for value, label in (("newest", _("newest")), ("largest", _("largest")))
        ],
        "query": query,
        "links": [(_("360Giving JSON"), export)],
        "crumbs": _crumbs() if funder else _crumbs()[:1],
    }
    return render(request, "funding/awards.html", context)


def _read(request: HttpRequest, funder: Any) -> AwardBrowse:
    """What the query string asks for; wrong values are ignored."""
    chosen = read_choice(dict(request.GET.lists()), queries.AWARD_FACETS)
    text = typed(request.GET.get("q", ""), TEXT_MAX)
    sort = request.GET.get("sort", "")
    return AwardBrowse(chosen, text, sort if sort in SORTS else "newest", funder)


def _facets(asked: AwardBrowse, request: HttpRequest) -> list[Any]:
    counts = queries.award_counts(asked)
    shown = {*counts.get("funder", {}), *asked.chosen.get("funder", ())}
    names = queries.funder_names(shown) if asked.funder is None else {}
    specs = [
        FacetSpec("year", lambda: _("Year"), str, 12, tuple(sorted(counts["year"], reverse=True))),
        FacetSpec("funder", lambda: _("Funder"), lambda code: names.get(code, code)),
        FacetSpec("programme", lambda: _("Programme"), str),
        FacetSpec("currency", lambda: _("Currency"), str),
        FacetSpec("recipient", lambda: _("Recipient"), lambda code: str(RECIPIENT_KINDS.get(code, code))),
    ]
    return [facet for facet in present(specs, counts, asked.chosen) if facet.options]


def _chart(rows: Any, currency: str) -> dict[str, Any] | None:
    """What a funder gave year by year in its main currency, under a title that says in which year most."""
    years = [(year, minor) for year, code, minor in queries.award_years(rows) if code == currency]
    if len(years) < 2:
        return None
    best_year, best = max(years, key=lambda found: found[1])
    amount = said(Money(best, currency))
    return {
        "bars": [
            YearBar(str(year), int(Money(minor, currency).major), year == best_year) for year, minor in years[-12:]
        ],
        "title": _("Most was given in {year}: {amount}").format(year=best_year, amount=amount),
        "unit": _("amount in {currency}").format(currency=currency),
    }


def _row(row: Any) -> dict[str, Any]:
    return {
        "title": row.title or _("Award to a person"),
        "url": reverse("funding:award", args=[row.public_id]),
        "money": said(Money(row.amount_minor, row.currency)),
        "day": formats.day(row.awarded_on),
        "funder": row.funder.name,
        "funder_url": reverse("funding:award-funder", args=[row.funder.public_id]),
        "recipient": row.recipient_name or _("a person"),
        "programme": row.programme,
        "place": row.place,
    }


def _facts(row: Any) -> list[tuple[str, str]]:
    record = row.record
    recipient, dates = record["recipient"], (record.get("starts_on"), record.get("ends_on"))
    money = {name: record.get(name) for name in ("applied_minor", "disbursed_minor")}
    asked, paid = (said(Money(minor, row.currency)) if isinstance(minor, int) else "" for minor in money.values())
    places = [
        place.get("name") or place.get("code") or place_name(place.get("country", ""))
        for place in record.get("places", [])
    ]
    open_call = {True: _("yes"), False: _("no")}.get(record.get("open_call"), "")
    return [
        (
            _("Recipient"),
            " · ".join(part for part in (row.recipient_name or _("a person"), row.recipient_org_id) if part),
        ),
        (_("Country of the recipient"), str(recipient.get("country", ""))),
        (_("Funder"), " · ".join(part for part in (row.funder.name, row.funder.org_id) if part)),
        (_("Awarded on"), formats.day(row.awarded_on)),
        (_("Amount asked for"), asked),
        (_("Amount paid so far"), paid),
        (_("Planned"), " – ".join(formats.day(day) for day in dates if day)),
        (_("Programme"), row.programme),
        (_("Where"), ", ".join(places)),
        (_("From an open call"), open_call),
        (_("Passed on to others (regranting)"), str(record.get("regrant_type", ""))),
        (_("Source"), " · ".join(part for part in (row.source.name, row.source.licence) if part)),
    ]


def _crumbs() -> list[tuple[str, str]]:
    return [(str(KIND.list_label), reverse("funding:list")), (_("Who funded what"), reverse("funding:awards"))]

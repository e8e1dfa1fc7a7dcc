"""Funds in public: all of them, and one with its conditions, what it has, where its money came from and went."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.foundation.pages.flow_drawing import drawn
from communs.apps.foundation.pages.public_words import commons_names, money, nature, stream
from communs.apps.foundation.queries import agreements, books, gifts, public
from communs.apps.foundation.queries.flow import Flow, Stream, flow_of
from communs.kit import formats
from communs.kit.paging import read_page
from communs.kit.tables import csv_lines
from communs.kit.texts import pick

CURRENCIES_MAX = 5
COLUMNS = ("fund", "title", "nature", "funder", "agreement", "currency", "has", "promised", "available")


def funds(request: HttpRequest) -> HttpResponse:
    """Every fund with what it has."""
    found = public.funds()
    page = read_page(request.GET.get("page"), found.count())
    shown = list(found[page.offset : page.offset + page.rows])
    standing = public.standings(shown)
    rows = [
        {
            "url": reverse("foundation:fund", args=[fund.slug]),
            "title": fund_title(fund),
            "nature": nature(fund.nature),
            "funder": fund.funder,
            "standing": [
                (money(one.owned, one.currency), money(one.available, one.currency)) for one in standing[fund.pk]
            ],
        }
        for fund in shown
    ]
    links = [("CSV", reverse("foundation:funds-export")), ("JSON", "/api/v1/foundation/funds")]
    context = {"rows": rows, "page": page, "links": links, "crumbs": crumbs()}
    return render(request, "foundation/funds/list.html", context)


def funds_export(_request: HttpRequest) -> HttpResponse:
    """The same as CSV: amounts in smallest units."""
    response = HttpResponse("".join(csv_lines(COLUMNS, _cells())), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="funds.csv"'
    return response


def fund(request: HttpRequest, slug: str) -> HttpResponse:
    """One fund."""
    row = books.get_fund(slug)
    standing = books.standing_of(row)[:CURRENCIES_MAX]
    facts = [
        (_("Its money is"), nature(row.nature)),
        (_("Funder"), row.funder),
        (_("Agreement"), row.convention),
        (_("Opens"), formats.day(row.opens_on)),
        (_("Closes"), formats.day(row.closes_on)),
        (_("What becomes of unspent money"), row.return_clause),
    ]
    agreement = agreements.of_fund(row)
    if agreement is not None:
        facts.insert(3, (_("What may be funded"), agreement.eligible))
    context = {
        "title": fund_title(row),
        "purpose": pick(row.purpose, _language()),
        "facts": [(label, words) for label, words in facts if words],
        "standing": [_standing(one) for one in standing],
        "flows": [_flow(flow_of(row, one.currency), one.currency) for one in standing],
        "entries_url": f"{reverse('foundation:entries')}?fund={row.slug}",
        "list_url": reverse("commons:list") + agreement.eligible_query
        if agreement and agreement.eligible_query
        else "",
        "dues": _dues(agreement) if agreement else [],
        "gives_to": row.slug if gifts.takes_gifts(row, timezone.localdate()) else "",
        "crumbs": [*crumbs(), (_("Funds"), reverse("foundation:funds"))],
    }
    return render(request, "foundation/funds/detail.html", context)


def _dues(agreement: Any) -> list[tuple[Any, str, str]]:
    """What a public funder pays when: the day, the amount, what of it has come."""
    gift = agreements.gift_of(agreement)
    found = agreements.dues(agreement, getattr(gift, "came", 0), timezone.localdate())
    return [(one.on, money(one.minor, gift.currency), money(one.came, gift.currency)) for one in found]


def fund_title(row: Any) -> str:
    """What a fund is called in the reader's language."""
    return pick(row.title, _language()).value or str(row.slug)


def crumbs() -> list[tuple[str, str]]:
    """The way to every page of the public accounts."""
    return [(_("Foundation"), reverse("foundation:home"))]


def _language() -> str:
    return get_language() or "en"


def _cells() -> list[list[Any]]:
    found = list(public.funds()[: public.FUNDS_MAX])
    standing = public.standings(found)
    return [
        [
            row.slug, pick(row.title, "en").value, row.nature, row.funder, row.convention,
            one.currency, one.owned, one.reserved, one.available,
        ]
        for row in found
        for one in standing[row.pk]
    ]  # fmt: skip


def _standing(one: books.Standing) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "has": money(one.owned, one.currency),
        "promised": money(one.reserved, one.currency),
        "floor": money(one.floor, one.currency) if one.floor else "",
        "available": money(one.available, one.currency),
    }


def _flow(flow: Flow, currency: str) -> dict[str, Any]:
    names = commons_names(one.owner for one in flow.outgoing)
    sides = [
        [(number, names.get(one.owner) or stream(one.what), money(one.minor, currency)) for number, one in numbered]
        for numbered in (enumerate(flow.incoming, 1), enumerate(flow.outgoing, 1))
    ]
    out = [one for one in flow.outgoing if one.what != "left"]
    left = sum(one.minor for one in flow.outgoing if one.what == "left")
    return {
        "currency": currency,
        "title": _("{came} came in, {went} went out, {left} is left").format(
            came=money(flow.whole, currency), went=money(_sum(out), currency), left=money(left, currency)
        ),
        "incoming": sides[0],
        "outgoing": sides[1],
        "words": ", ".join(f"{label} {said}" for _number, label, said in (*sides[0], *sides[1])),
        "drawing": drawn([one.minor for one in flow.incoming], [max(0, one.minor) for one in flow.outgoing]),
    }


def _sum(streams: list[Stream]) -> int:
    return sum(one.minor for one in streams)

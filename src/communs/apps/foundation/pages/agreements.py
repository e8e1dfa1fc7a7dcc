"""Agreements with public funders: those that stand with what has come of them, and those that wait for the board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation.pages.answering import Crumb, fund_title, inside, money
from communs.apps.foundation.pages.decisions import row as decision_row
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.queries import agreements as queries
from communs.apps.foundation.queries.decisions import steps_of
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit.paging import read_page
from communs.kit.texts import pick

WAITING_MAX = 20
COLUMNS = ("agreement", "fund", "funder", "convention", "amount_minor", "currency", "tranches")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Agreements that stand, and those that wait for the board."""
    require(request.user, Duty.LOOK)
    rows = queries.agreements()
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        "rows": [_row(one) for one in rows[page.offset : page.offset + page.rows]],
        "waiting": [decision_row(one) for one in queries.proposed()[:WAITING_MAX]],
        "page": page,
        "query": "",
        "may_keep": Duty.KEEP in duties_of(request.user),
        "links": links_to("agreements-export"),
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/agreements/list.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Agreements that stand as CSV or JSON: who gives how much for what, and when it is due."""
    require(request.user, Duty.LOOK)
    told = (
        (
            str(one.decision.public_id), one.gift.fund.slug, one.gift.fund.funder, one.gift.fund.convention,
            sum(part.minor for part in one.tranches.all()), one.gift.currency,
            " ".join(f"{part.due_on.isoformat()}:{part.minor}" for part in one.tranches.all()),
        )
        for one in queries.agreements()[:EXPORT_MAX].iterator(chunk_size=2000)
    )  # fmt: skip
    return exported(form, "agreements", COLUMNS, told)


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One agreement: what it says, who approved it, and how its money comes in."""
    row = queries.get_agreement(request.user, public_id)
    gift = queries.gift_of(row)
    said = _row(row)
    context = {
        **said,
        "purpose": pick(row.gift.fund.purpose, get_language() or "en").value,
        "tranches": dues_told(row, gift),
        "list_url": reverse("commons:list") + row.eligible_query if row.eligible_query else "",
        "steps": steps_of(row.decision),
        "gift": gift,
        "came": money(getattr(gift, "came", 0), gift.currency),
        "crumbs": [*_crumbs(), (_("Agreements"), reverse("foundation:agreements"))],
    }
    return render(request, "foundation/agreements/detail.html", context)


def dues_told(row: Any, gift: Any) -> list[dict[str, Any]]:
    """What is due when, in words, and how it stands."""
    found = queries.dues(row, getattr(gift, "came", 0), timezone.localdate())
    return [
        {
            "on": one.on,
            "amount": money(one.minor, gift.currency),
            "state": _("has come")
            if one.came == one.minor
            else _("{amount} have come").format(amount=money(one.came, gift.currency))
            if one.came
            else _("late")
            if one.is_late
            else _("to come"),
            "tone": "yes" if one.came == one.minor else "no" if one.is_late else "",
        }
        for one in found
    ]


def _row(row: Any) -> dict[str, Any]:
    fund = row.gift.fund
    return {
        "row": row,
        "fund": fund,
        "title": fund_title(fund),
        "amount": money(sum(one.minor for one in row.tranches.all()), row.gift.currency),
        "url": reverse("foundation:agreement", args=(row.decision.public_id,)),
    }


def _crumbs() -> list[Crumb]:
    return inside(_("Gifts"), "gifts")

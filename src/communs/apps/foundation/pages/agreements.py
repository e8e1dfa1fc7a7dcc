"""Agreements with public funders: those that stand with what has come of them, and those that wait for the board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation.pages.answering import Crumb, fund_title, inside, money
from communs.apps.foundation.pages.decisions import row as decision_row
from communs.apps.foundation.queries import agreements as queries
from communs.apps.foundation.queries.decisions import steps_of
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit.paging import read_page
from communs.kit.texts import pick

WAITING_MAX = 20


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
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/agreements/list.html", context)


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One agreement: what it says, who approved it, and how its money comes in."""
    row = queries.get_agreement(request.user, public_id)
    gift = queries.gift_of(row)
    said = _row(row)
    context = {
        **said,
        "purpose": pick(row.gift.fund.purpose, get_language() or "en").value,
        "tranches": [(one.due_on, money(one.minor, gift.currency)) for one in row.tranches.all()],
        "steps": steps_of(row.decision),
        "gift": gift,
        "came": money(getattr(gift, "came", 0), gift.currency),
        "crumbs": [*_crumbs(), (_("Agreements"), reverse("foundation:agreements"))],
    }
    return render(request, "foundation/agreements/detail.html", context)


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

"""Choosing a commons by its name, on the way to "does it fit mine?"."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from communs.apps.funding import queries
from communs.apps.funding.fields import title_of
from communs.apps.register import queries as register
from communs.kit.found import cut_at
from communs.kit.pages import public_page
from communs.kit.search import fold, typed

FOUND_MAX = 20
TEXT_MAX = 200
BACK_TO = ("list", "calendar", "changes")


@public_page
def choose(request: HttpRequest) -> HttpResponse:
    """The commons whose texts hold the words; one that is meant for sure is gone to at once.

    `opportunity` names the opportunity that one comes from; `to` leads back to the list, the calendar or the changes.
    """
    text = typed(request.GET.get("q", ""), TEXT_MAX)
    opportunity_id = request.GET.get("opportunity", "")
    opportunity = queries.get_opportunity(request.user, opportunity_id) if opportunity_id else None
    to = request.GET.get("to", "")
    back = reverse(f"funding:{to}") if to in BACK_TO else ""

    def target(commons_id: str) -> str:
        if opportunity is not None:
            return reverse("funding:match", args=[opportunity.public_id, commons_id])
        return f"{back}?for={commons_id}" if back else reverse("funding:for", args=[commons_id])

    # Names are often typed in part.
    found = register.search(text if text.endswith("*") else f"{text}*", FOUND_MAX)[0] if text else []
    exact = [row for row in found if fold(row.title) == fold(text) or row.public_id == text]
    meant = exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None
    if meant is not None:
        return redirect(target(meant.public_id))
    context = {
        "text": text,
        "cut_at": cut_at(request.GET.get("q", ""), TEXT_MAX),
        "found": [{"row": row, "url": target(row.public_id)} for row in found],
        "opportunity": opportunity,
        "opportunity_title": title_of(opportunity) if opportunity else "",
        "to": to if back else "",
        "is_cut": len(found) == FOUND_MAX,
    }
    return render(request, "funding/choose.html", context)

"""Choosing a commons by its name, on the way to "does it fit mine?"."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from communs.apps.funding import queries
from communs.apps.funding.fields import title_of
from communs.apps.register import queries as register
from communs.kit.pages import public_page
from communs.kit.search import fold

FOUND_MAX = 20
TEXT_MAX = 200


@public_page
def choose(request: HttpRequest) -> HttpResponse:
    """The commons whose texts hold the words; one that is meant for sure is gone to at once.

    `opportunity` names the opportunity that one comes from; `to=list` leads back to the list.
    """
    text = " ".join(request.GET.get("q", "")[:TEXT_MAX].split())
    opportunity_id = request.GET.get("opportunity", "")
    opportunity = queries.get_opportunity(request.user, opportunity_id) if opportunity_id else None
    to_list = request.GET.get("to") == "list"

    def target(commons_id: str) -> str:
        if opportunity is not None:
            return reverse("funding:match", args=[opportunity.public_id, commons_id])
        return f"{reverse('funding:list')}?for={commons_id}" if to_list else reverse("funding:for", args=[commons_id])

    found = register.search(text, FOUND_MAX) if text else []
    exact = [row for row in found if fold(row.title) == fold(text) or row.public_id == text]
    meant = exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None
    if meant is not None:
        return redirect(target(meant.public_id))
    context = {
        "text": text,
        "found": [{"row": row, "url": target(row.public_id)} for row in found],
        "opportunity": opportunity,
        "opportunity_title": title_of(opportunity) if opportunity else "",
        "to": "list" if to_list else "",
        "is_cut": len(found) == FOUND_MAX,
    }
    return render(request, "funding/choose.html", context)

"""The needs that nobody answers, for editors: the list, its export, and the two things one can do with each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communs.kit.paging import read_page
from communs.kit.tables import csv_lines
from communs.kit.unanswered import actions, queries

COLUMNS = ("text", "in", "language", "times", "first_on", "last_on", "settled_on")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What was searched for and not found, most asked for first; `?settled=1` shows what has been dealt with."""
    settled = request.GET.get("settled") == "1"
    rows = queries.needs_for(request.user, settled=settled)
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        "rows": rows[page.offset : page.offset + page.rows],
        "total": page.total,
        "page": page,
        "query": "settled=1" if settled else "",
        "settled": settled,
        "crumbs": [(_("Searches without an answer"), "")],
    }
    return render(request, "unanswered/list.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that waits, as CSV."""
    rows = queries.needs_for(request.user)
    cells = (
        (need.text, need.catalogue, need.language, need.times, need.first_on, need.last_on, need.settled_at or "")
        for need in rows.iterator(chunk_size=500)
    )
    response = StreamingHttpResponse(csv_lines(COLUMNS, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="unanswered.csv"'
    return response


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Dealt with, or (`forget` in the form) taken out."""
    need = queries.get_need(request.user, pk)
    if request.POST.get("forget"):
        actions.forget(need)
        messages.success(request, _("Taken out."))
    else:
        actions.settle(need, timezone.now())
        messages.success(request, _("Marked as dealt with. It comes back when somebody asks for it again."))
    return redirect("unanswered:list")

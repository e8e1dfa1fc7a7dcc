"""Which commons can be chosen in a round: by the filters of the register's list, each with whether it could be paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import rounds as actions
from communs.apps.foundation.pages.answering import Crumb, answering
from communs.apps.foundation.pages.funds import crumbs as foundation_crumbs
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.bundles import Taking, taking
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.rounds import RoundRow, State
from communs.apps.register.pages.listing import around, chosen_words, read_asked
from communs.core.money import Money
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.tables import csv_lines

TONES: Final = {Taking.NOW: "yes", Taking.NOT_YET: "ask", Taking.NOBODY: "ask"}
COLUMNS: Final = ("commons", "amount", "name", "takes_money")


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: how many commons, the filters in words (none: every public commons), how many take money."""

    count: int
    filters: list[tuple[str, str]]
    taking: list[tuple[str, int]]
    query: str


def choice_of(query: str) -> Choice:
    """What a query of the register's list chooses today."""
    asked = queries.asked_of(query)
    found = [one.public_id for one in queries.found_by(query)]
    return Choice(len(found), chosen_words(*asked), taking_told(found), query)


def taking_told(ids: Collection[str]) -> list[tuple[str, int]]:
    """How many of these commons could be paid, and how many could not, and why."""
    counts = Counter(taking(ids).values())
    return [(str(one.label), counts[one]) for one in Taking if counts[one]]


def query_of(request: HttpRequest) -> str:
    """The filters in the address as a round keeps them; "" for every public commons."""
    return queries.as_kept(f"?{request.GET.urlencode()}")


@answering
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Choose among the commons, for a round that is to be prepared."""
    require(request.user, Duty.KEEP)
    query = query_of(request)
    use_url = reverse("foundation:round-new") + query
    return _chooser(request, {"use_url": use_url, "title": _("Choose among the commons"), "crumbs": crumbs_of()})


@answering
def choose_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose among the commons for a draft. POST keeps the filters."""
    round_ = queries.get_round(request.user, slug, Duty.KEEP)
    if round_.state != State.DRAFT:
        raise Impossible(_("It was proposed, and changes no more. Withdraw it, and prepare another one."))
    if request.method == "POST":
        actions.choose(request.user, slug, request.POST.get("eligible", ""))
        messages.success(request, _("Kept: these commons can be chosen."))
        return redirect("foundation:round", slug)
    title = _("Choose among the commons for “{title}”").format(title=words.title_of(round_))
    return _chooser(request, {"eligible": query_of(request), "title": title, "crumbs": crumbs_of(round_)})


def _chooser(request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
    asked = read_asked(request)
    shown = around(request, asked)
    said = taking([row.public_id for row, _why in shown["rows"]])
    every = {one.pk: one.public_id for one in asked.snapshot.rows}
    context = {
        **shown,
        "rows": [(row, why, said[row.public_id], TONES[said[row.public_id]]) for row, why in shown["rows"]],
        "taking": taking_told([every[pk] for pk in asked.ids(0, asked.total or 1)]),
        **more,
    }
    return render(request, "foundation/rounds/choose.html", context)


@require_GET
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """The commons that can be chosen; of a draft, those that would be frozen now."""
    round_ = queries.get_round(request.user, slug)
    found: Any
    if round_.state in queries.PUBLIC:
        found = round_.options.order_by("name", "commons")
        page = read_page(request.GET.get("page"), found.count())
    else:
        found = queries.options_now(round_)
        page = read_page(request.GET.get("page"), len(found))
    shown = list(found[page.offset : page.offset + page.rows])
    said = taking([one.commons for one in shown])
    rows = [
        {
            "name": one.name,
            "url": reverse("commons:detail", args=[one.commons]),
            "cost": words.money(one.cost_minor, round_) if one.cost_minor else "",
            "taking": said[one.commons],
            "tone": TONES[said[one.commons]],
        }
        for one in shown
    ]
    context = {
        "rows": rows,
        "page": page,
        "query": "",
        "title": words.title_of(round_),
        "links": [("CSV", reverse("foundation:round-options-export", args=[slug]))],
        "crumbs": crumbs_of(round_),
    }
    return render(request, "foundation/rounds/options.html", context)


@require_GET
def options_export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The commons as CSV: of a draft all that its filters find, to be handed in again with what they ask for."""
    round_ = queries.get_round(request.user, slug)
    if round_.state in queries.PUBLIC:
        rows = [(one.commons, one.cost_minor, one.name) for one in round_.options.order_by("commons")]
    else:
        found = queries.eligible(round_)
        rows = [(one.public_id, round_.costs.get(one.public_id, 0), one.name) for one in found]
    said = taking([one for one, _minor, _name in rows])
    cells = (
        (one, str(Money(minor, round_.currency).major) if minor else "", name, said[one].value)
        for one, minor, name in rows
    )
    response = StreamingHttpResponse(csv_lines(COLUMNS, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{round_.slug}-commons.csv"'
    return response


def crumbs_of(round_: RoundRow | None = None) -> list[Crumb]:
    """Where a page of a round stands."""
    found = [*foundation_crumbs(), (_("Rounds"), reverse("foundation:rounds"))]
    if round_ is not None:
        found.append((str(words.title_of(round_)), reverse("foundation:round", args=[round_.slug])))
    return found

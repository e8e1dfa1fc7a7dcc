"""Which commons can be chosen in a round: by the filters of the register's list, each with whether it could be paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import round_typed
from communs.apps.foundation.actions import rounds as actions
from communs.apps.foundation.pages.answering import Crumb, answering
from communs.apps.foundation.pages.exporting import exported, links_to
from communs.apps.foundation.pages.filtering import query_of as query_of_list
from communs.apps.foundation.pages.filtering import text_in
from communs.apps.foundation.pages.funds import crumbs as foundation_crumbs
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.bundles import Taking, taking
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.round_typed import typed_by
from communs.apps.foundation.queries.rounds import RoundRow, State
from communs.apps.register.pages.listing import around, chosen_words, read_asked
from communs.core.money import Money
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible

TONES: Final = {Taking.NOW: "yes", Taking.NOT_YET: "ask", Taking.NOBODY: "ask"}
COLUMNS: Final = ("commons", "amount", "name", "takes_money")


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: how many commons, the filters in words (none: every public commons), how many take money.

    `bound`: the filters of the agreement that the fund is bound by; `left_out`: how many commons they leave out.
    """

    count: int
    filters: list[tuple[str, str]]
    taking: list[tuple[str, int]]
    query: str
    left_out: int = 0
    bound: list[tuple[str, str]] = field(default_factory=list)


def choice_of(query: str) -> Choice:
    """What a query of the register's list chooses today."""
    asked = queries.asked_of(query)
    found = [one.public_id for one in queries.found_by(query)]
    return Choice(len(found), chosen_words(*asked), taking_told(found), query)


def choice_for(round_: Any) -> Choice:
    """What can be chosen in a draft, within what its fund is for."""
    choice, bound = choice_of(round_.eligible), queries.bound_by(round_.fund_id)
    if not bound:
        return choice
    found = [one.public_id for one in queries.eligible(round_)]
    return replace(
        choice,
        count=len(found),
        taking=taking_told(found),
        left_out=choice.count - len(found),
        bound=chosen_words(*queries.asked_of(bound)),
    )


def taking_told(ids: Collection[str]) -> list[tuple[str, int]]:
    """How many of these commons could be paid, and how many could not, and why."""
    counts = Counter(taking(ids).values())
    return [(str(one.label), counts[one]) for one in Taking if counts[one]]


def query_of(request: HttpRequest) -> str:
    """The filters in the address as a round keeps them; "" for every public commons."""
    return queries.as_kept(f"?{request.GET.urlencode()}")


@answering
def choose(request: HttpRequest) -> HttpResponse:
    """Choose among the commons, for a round that is to be prepared. POST keeps the filters for its form."""
    require(request.user, Duty.KEEP)
    if request.method == "POST":
        round_typed.choose(request.user, None, request.POST.get("eligible", ""), timezone.now())
        return redirect("foundation:round-new")
    crumbs = [*crumbs_of(), (_("Prepare a round"), reverse("foundation:round-new"))]
    more = {"title": _("Choose among the commons"), "is_new": True, "back": crumbs[-1][1], "crumbs": crumbs}
    return _chooser(request, more)


@answering
def choose_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose among the commons for a draft. POST keeps the filters, in its form where somebody left that."""
    round_ = queries.get_round(request.user, slug, Duty.KEEP)
    if round_.state != State.DRAFT:
        raise Impossible(_("It was proposed, and changes no more. Withdraw it, and prepare another one."))
    now = timezone.now()
    is_typed = typed_by(request.user, round_, now) is not None
    if request.method == "POST":
        eligible = request.POST.get("eligible", "")
        if is_typed:
            round_typed.choose(request.user, round_, eligible, now)
            return redirect("foundation:round-edit", slug)
        actions.choose(request.user, slug, eligible)
        messages.success(request, _("Kept: these commons can be chosen."))
        return redirect("foundation:round", slug)
    title = _("Choose among the commons for “{title}”").format(title=words.title_of(round_))
    crumbs = crumbs_of(round_)
    if is_typed:
        crumbs.append((_("Change the round"), reverse("foundation:round-edit", args=[slug])))
    return _chooser(request, {"title": title, "back": crumbs[-1][1], "crumbs": crumbs})


def choose_url(round_: RoundRow | None) -> str:
    """Where one chooses among the commons: for a draft, or for a new round."""
    if round_ is None:
        return reverse("foundation:round-choose")
    return reverse("foundation:round-choose-for", args=[round_.slug])


def _chooser(request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
    asked = read_asked(request)
    shown = around(request, asked)
    said = taking([row.public_id for row, _why in shown["rows"]])
    every = {one.pk: one.public_id for one in asked.snapshot.rows}
    context = {
        **shown,
        "rows": [(row, why, said[row.public_id], TONES[said[row.public_id]]) for row, why in shown["rows"]],
        "eligible": query_of(request),
        "taking": taking_told([every[pk] for pk in asked.ids(0, asked.total or 1)]),
        **more,
    }
    return render(request, "foundation/rounds/choose.html", context)


@require_GET
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """The commons that can be chosen, found by name; of a draft, those that would be frozen now."""
    round_ = queries.get_round(request.user, slug)
    asked = text_in(request.GET, "q")
    found = queries.options_found(round_, asked)
    page = read_page(request.GET.get("page"), len(found) if isinstance(found, list) else found.count())
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
        "q": asked,
        "query": query_of_list(request.GET, ("q",)),
        "title": words.title_of(round_),
        "links": links_to("round-options-export", slug),
        "crumbs": crumbs_of(round_),
    }
    return render(request, "foundation/rounds/options.html", context)


@require_GET
def options_export(request: HttpRequest, slug: str, form: str) -> StreamingHttpResponse:
    """The commons as CSV or JSON: of a draft all that its filters find, to be handed in with what they ask for."""
    round_ = queries.get_round(request.user, slug)
    return exported(form, f"{round_.slug}-commons", COLUMNS, _told(round_))


def _told(round_: RoundRow) -> Iterator[tuple[str, str, str, str]]:
    if round_.state in queries.PUBLIC:
        rows = [(one.commons, one.cost_minor, one.name) for one in round_.options.order_by("commons")]
    else:
        found = queries.eligible(round_)
        rows = [(one.public_id, round_.costs.get(one.public_id, 0), one.name) for one in found]
    said = taking([one for one, _minor, _name in rows])
    for one, minor, name in rows:
        amount = str(Money(minor, round_.currency).major) if minor else ""
        yield one, amount, name, said[one].value


def crumbs_of(round_: RoundRow | None = None) -> list[Crumb]:
    """Where a page of a round stands."""
    found = [*foundation_crumbs(), (_("Rounds"), reverse("foundation:rounds"))]
    if round_ is not None:
        found.append((str(words.title_of(round_)), reverse("foundation:round", args=[round_.slug])))
    return found

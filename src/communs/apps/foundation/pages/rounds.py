"""Rounds: all of them, one with its rule and dates, and for those with an office the way to its opening and closing."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import round_typed
from communs.apps.foundation.actions import rounds as actions
from communs.apps.foundation.forms.rounds import RoundForm, initial_of
from communs.apps.foundation.pages.answering import answering
from communs.apps.foundation.pages.filtering import one_of, tabs_of
from communs.apps.foundation.pages.funds import crumbs as foundation_crumbs
from communs.apps.foundation.pages.funds import fund_title
from communs.apps.foundation.pages.round_commons import choice_for, choice_of, choose_url, crumbs_of
from communs.apps.foundation.pages.round_steps import WORDS, offered_to
from communs.apps.foundation.queries import public
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.round_typed import KEPT_FOR, TypedRow, typed_by
from communs.apps.foundation.queries.rounds import RoundRow, State
from communs.kit import formats
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.tables import csv_lines
from communs.kit.texts import pick

COLUMNS = (
    "round", "title", "fund", "currency", "pot_minor", "rule", "state", "opens_at", "closes_at", "voters",
    "opening_sha256",
)  # fmt: skip
STAGES: Final = {
    "prepared": pgettext_lazy("rounds", "being prepared"),
    "open": pgettext_lazy("rounds", "open"),
    "decided": pgettext_lazy("rounds", "decided"),
    "withdrawn": pgettext_lazy("rounds", "withdrawn"),
}
EXPORT_MAX = 5_000
PROBLEMS_SHOWN = 10


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the latest first."""
    seen, stage = queries.rounds_seen_by(request.user), one_of(request.GET, "stage", queries.STAGES)
    counts, found = queries.stages(seen), _in_stage(seen, stage)
    page = read_page(request.GET.get("page"), counts[stage] if stage else sum(counts.values()))
    now, place, export = timezone.now(), reverse("foundation:rounds"), reverse("foundation:rounds-export")
    every = ("", pgettext("rounds", "all"), sum(counts.values()))
    links = [("CSV", export + (f"?stage={stage}" if stage else ""))]
    context = {
        "rows": [_row(one, now) for one in found[page.offset : page.offset + page.rows]],
        "page": page,
        "query": f"stage={stage}" if stage else "",
        "tabs": tabs_of(place, "stage", [every, *((name, STAGES[name], n) for name, n in counts.items())], stage),
        "links": links if stage else [*links, ("JSON", "/api/v1/foundation/rounds")],
        "may_keep": Duty.KEEP in duties_of(request.user),
        "crumbs": foundation_crumbs(),
    }
    return render(request, "foundation/rounds/list.html", context)


@require_GET
def rounds_export(request: HttpRequest) -> HttpResponse:
    """Public rounds as CSV; amounts in smallest units."""
    cells = (
        (
            one.slug, pick(one.title, "en").value, one.fund.slug, one.currency, one.pot_minor, one.rule, one.state,
            one.opens_at.isoformat(), one.closes_at.isoformat(), one.voters, one.opening_sha256,
        )
        for one in _in_stage(queries.public_rounds(), one_of(request.GET, "stage", queries.STAGES))[:EXPORT_MAX]
    )  # fmt: skip
    response = HttpResponse("".join(csv_lines(COLUMNS, cells)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rounds.csv"'
    return response


@require_GET
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One round: what is asked, who may vote, when, by which rule, and what one can do."""
    round_ = queries.get_round(request.user, slug)
    now = timezone.now()
    offered = offered_to(request.user, round_, now)
    is_open = round_.state in queries.PUBLIC
    drafted = [] if is_open else queries.options_now(round_)
    voter = queries.voter_of(round_, request.user)
    context = {
        **_row(round_, now),
        "round": round_,
        "has_cast": voter is not None and queries.ballot_of(voter) is not None,
        "description": pick(round_.description, get_language() or "en"),
        "facts": words.facts(round_),
        "asked": words.asked(round_),
        "rule_words": words.RULES[round_.rule][1] if round_.rule in words.RULES else "",
        "rule_page": words.rule_page(round_.rule),
        "options": round_.options.count() if is_open else len(drafted),
        "choice": None if is_open else choice_for(round_),
        "ballots": queries.turnout([round_]).get(round_.pk, 0),
        "is_open": is_open,
        "is_voting": queries.is_voting(round_, now),
        "is_decided": round_.state in queries.DECIDED,
        "problems": [one.say(_) for one in offered.problems[:PROBLEMS_SHOWN]],
        "approvals": offered.approvals,
        "may": offered.steps,
        "steps": [(what, label) for what, (label, _lead) in WORDS.items() if what in offered.steps],
        "crumbs": crumbs_of(),
    }
    return render(request, "foundation/rounds/detail.html", context)


@answering
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a round."""
    require(request.user, Duty.KEEP)
    typed = typed_by(request.user, None, timezone.now())
    form = _filled(request, typed, {})
    if request.method == "POST":
        answer = _left(request, form, None)
        if answer is not None:
            return answer
        if form.is_valid():
            try:
                made = actions.prepare(request.user, form.cleaned_data["token"], form.wanted(), timezone.now())
                return redirect("foundation:round", made.slug)
            except Impossible as error:
                form.add_error("slug", str(error))
    return _form(request, form, typed, None)


@answering
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft."""
    round_ = queries.get_round(request.user, slug, Duty.KEEP)
    if round_.state != State.DRAFT:
        raise Impossible(_("It was proposed, and changes no more. Withdraw it, and prepare another one."))
    typed = typed_by(request.user, round_, timezone.now())
    form = _filled(request, typed, initial_of(round_))
    if request.method == "POST":
        answer = _left(request, form, round_)
        if answer is not None:
            return answer
        if form.is_valid():
            made = actions.change(request.user, slug, form.wanted())
            return redirect("foundation:round", made.slug)
    return _form(request, form, typed, round_)


def _filled(request: HttpRequest, typed: TypedRow | None, usual: dict[str, Any]) -> RoundForm:
    """The form as it was sent, or else as somebody left it, or else as it usually begins."""
    initial = {**usual, **(typed.said if typed else {})}
    return RoundForm(request.POST or None, request.FILES or None, funds=_funds(), initial=initial)


def _left(request: HttpRequest, form: RoundForm, round_: RoundRow | None) -> HttpResponse | None:
    """The answer to who leaves the form: to choose among the commons, and come back to it; or to begin anew."""
    do = request.POST.get("do")
    if do == "forget":
        round_typed.forget(request.user, round_)
        return redirect(request.path)
    if do != "choose":
        return None
    said = form.typed()
    if said is None:
        return _form(request, form, None, round_)
    round_typed.keep(request.user, round_, said, timezone.now())
    if form.too_long:
        messages.warning(request, _("The table is too long to be kept on the way: hand it in when you are back."))
    return redirect(choose_url(round_) + queries.as_kept(str(said["eligible"])))


def _form(request: HttpRequest, form: RoundForm, typed: TypedRow | None, round_: RoundRow | None) -> HttpResponse:
    """The form, with what can be chosen in words; and since when what was typed waits, where it has come back."""
    is_back = typed is not None and not form.is_bound and typed.said.keys() > {"eligible"}
    context = {
        "form": form,
        "choice": choice_of(str(form["eligible"].value() or "")),
        "typed_at": formats.moment(typed.typed_at) if is_back and typed else "",
        "days": KEPT_FOR.days,
        "is_new": round_ is None,
        "crumbs": crumbs_of(round_),
    }
    return render(request, "foundation/rounds/form.html", context)


def _in_stage(rounds_: Any, stage: str) -> Any:
    return rounds_.filter(state__in=queries.STAGES[stage]) if stage else rounds_


def _row(round_: RoundRow, now: Any) -> dict[str, Any]:
    said, tone = words.phase(round_, now)
    return {
        "url": reverse("foundation:round", args=[round_.slug]),
        "slug": round_.slug,
        "title": words.title_of(round_),
        "pot": words.money(round_.pot_minor, round_),
        "phase": said,
        "tone": tone,
        "rule": words.RULES[round_.rule][0] if round_.rule in words.RULES else round_.rule,
        "fund": fund_title(round_.fund),
    }


def _funds() -> list[tuple[str, str]]:
    return [(one.slug, fund_title(one)) for one in public.funds()[: public.FUNDS_MAX]]

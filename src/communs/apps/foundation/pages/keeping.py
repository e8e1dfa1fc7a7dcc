"""Keeping the foundation: what waits for somebody, and proposing what two of the board decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import deciding, periods
from communs.apps.foundation.forms.agreements import AgreementForm
from communs.apps.foundation.forms.keeping import BackForm, CloseForm, FundForm, MoveForm, OverdraftForm, ProposalForm
from communs.apps.foundation.pages.answering import Crumb, answering, said_in
from communs.apps.foundation.pages.decisions import row
from communs.apps.foundation.pages.keeping_words import sentence_of
from communs.apps.foundation.pages.public_words import held_title
from communs.apps.foundation.queries import bank, decisions, keeping, offices
from communs.apps.foundation.queries import periods as period_queries
from communs.apps.foundation.queries.decisions import Kind
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit import formats
from communs.kit.gates import NotThere

SHOWN_MAX = 10


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I can do, and the offices that I hold."""
    require(request.user, Duty.LOOK)
    duties = duties_of(request.user)
    context = {
        "held": offices.held_by(request.user),
        "waiting": [sentence_of(one) for one in keeping.waiting_for(request.user, timezone.now())],
        "open": [row(one) for one in decisions.waiting()[:SHOWN_MAX]],
        "may_keep": Duty.KEEP in duties,
        "crumbs": _crumbs()[:1],
    }
    return render(request, "foundation/keeping/home.html", context)


@answering
def new_fund(request: HttpRequest) -> HttpResponse:
    """Propose a fund."""
    require(request.user, Duty.KEEP)
    form = FundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            return _proposed(request, form, Kind.OPEN_FUND, form.wanted())
    lead = _("Its conditions never change once it is open. Write them as the agreement has them.")
    return _form(request, form, _("Open a fund"), lead)


@answering
def new_agreement(request: HttpRequest) -> HttpResponse:
    """Propose what a public funder and the foundation agree on."""
    require(request.user, Duty.KEEP)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            return _proposed(request, form, Kind.AGREEMENT, form.wanted())
    lead = _(
        "What you write down cannot be changed afterwards: a fund keeps the conditions under which money was given."
    )
    return _form(request, form, _("New agreement with a public funder"), lead)


@answering
def move(request: HttpRequest) -> HttpResponse:
    """Propose that money belongs to another fund."""
    require(request.user, Duty.KEEP)
    accounts = [(one.slug, f"{held_title(one)} ({one.slug})") for one in keeping.held_accounts()]
    form = MoveForm(request.POST or None, funds=bank.fund_choices(), accounts=accounts)
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            return _proposed(request, form, form.cleaned_data["kind"], form.wanted())
    lead = _("Nothing is paid: the money stays where it lies, and belongs to another fund.")
    return _form(request, form, _("Move money between funds"), lead)


@answering
def take_back(request: HttpRequest) -> HttpResponse:
    """Propose that an entry is taken back by a reversal."""
    require(request.user, Duty.KEEP)
    form = BackForm(request.POST or None, initial={"entry": request.GET.get("entry", "")[:200]})
    if request.method == "POST" and form.is_valid():
        try:
            with said_in(form):
                return _proposed(request, form, Kind.REVERSAL, form.wanted())
        except NotThere:
            form.add_error("entry", _("There is no such entry. Copy the address of its page."))
    lead = _("The entry stays. A second one that points to it takes back what is left of it.")
    return _form(request, form, _("Take an entry back"), lead)


@answering
def overdraft(request: HttpRequest) -> HttpResponse:
    """Propose an account at a bank that may fall below zero."""
    require(request.user, Duty.KEEP)
    form = OverdraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            return _proposed(request, form, Kind.OVERDRAFT, form.wanted())
    lead = _("Accounts cannot fall below zero. One with an agreed credit is an account of its own.")
    return _form(request, form, _("Open an account with an overdraft"), lead)


@answering
def all_periods(request: HttpRequest) -> HttpResponse:
    """Periods and what holds before each is closed. POST opens the next year."""
    require(request.user, Duty.LOOK)
    if request.method == "POST":
        made = periods.open_next(request.user, timezone.now())
        messages.success(request, _("Open until {day}.").format(day=formats.day(made.ends_on)))
        return redirect("foundation:periods")
    now = timezone.now()
    rows = [_period(one, now) for one in period_queries.periods()]
    context = {
        "rows": rows,
        "may_keep": Duty.KEEP in duties_of(request.user),
        "may_open": not rows or rows[0]["one"].ends_on.year <= now.year,
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/keeping/periods.html", context)


@answering
def close(request: HttpRequest, first: str) -> HttpResponse:
    """Propose to close a period, for ever."""
    require(request.user, Duty.KEEP)
    found = period_queries.get_period(first)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            return _proposed(request, form, Kind.CLOSE_PERIOD, periods.PeriodWanted(first))
    crumbs = [*_crumbs(), (_("Periods"), reverse("foundation:periods"))]
    context = {**_period(found, timezone.now()), "form": form, "crumbs": crumbs}
    return render(request, "foundation/keeping/close.html", context)


def _period(one: Any, now: Any) -> dict[str, Any]:
    year = one.starts_on.year
    is_year = (one.starts_on, one.ends_on) == (date(year, 1, 1), date(year, 12, 31))
    named = str(year) if is_year else f"{formats.day(one.starts_on)} – {formats.day(one.ends_on)}"
    return {
        "one": one,
        "named": named,
        "has_begun": one.starts_on <= now.date(),
        "checks": [] if one.closed_at or one.starts_on > now.date() else period_queries.closing_checks(one, now),
        "unspent": f"{reverse('foundation:unspent')}?year={one.ends_on.year}",
    }


def _proposed(request: HttpRequest, form: ProposalForm, kind: str, wanted: deciding.Wanted) -> HttpResponse:
    made = deciding.propose(request.user, form.key, kind, wanted, form.why, timezone.now())
    messages.success(request, _("Proposed. Two members of the board decide."))
    return redirect("foundation:decision", made.public_id)


def _form(request: HttpRequest, form: ProposalForm, title: str, lead: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": _("Propose it to the board"),
        "back": reverse("foundation:keep"),
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/keeping/form.html", context)


def _crumbs() -> list[Crumb]:
    return [(_("Foundation"), reverse("foundation:home")), (_("What waits for you"), reverse("foundation:keep"))]

"""What two people decide: the list, one decision with what was said of it, approving, refusing, withdrawing."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import deciding as actions
from communs.apps.foundation.forms.keeping import WordForm
from communs.apps.foundation.pages.answering import Crumb, answering
from communs.apps.foundation.pages.decision_words import TONES, facts_of, made_by, title_of
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.filtering import tabs_of
from communs.apps.foundation.queries import decisions as queries
from communs.apps.foundation.queries.decisions import State
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit.paging import read_page

COLUMNS: Final = ("decision", "kind", "state", "proposed_at", "content", "reason")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Decisions, all or in one state, the latest first."""
    require(request.user, Duty.LOOK)
    state = _asked_state(request)
    counts = queries.counts()
    found = queries.decisions(*([state] if state else []))
    page = read_page(request.GET.get("page"), counts.get(state, 0) if state else sum(counts.values()))
    query = f"state={state}" if state else ""
    every = ("", pgettext("decisions", "all"), sum(counts.values()))
    options = [every, *((one.value, one.label, counts.get(one.value, 0)) for one in State)]
    context = {
        "rows": [row(one) for one in found[page.offset : page.offset + page.rows]],
        "page": page,
        "query": query,
        "tabs": tabs_of(reverse("foundation:decisions"), "state", options, state),
        "exports": links_to("decisions-export", query=query),
        "may_keep": Duty.KEEP in duties_of(request.user),
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/keeping/decisions.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list as CSV or JSON, without who said what."""
    require(request.user, Duty.LOOK)
    state = _asked_state(request)
    rows = queries.decisions(*([state] if state else []))[:EXPORT_MAX].iterator(chunk_size=2000)
    told = (
        (str(one.public_id), one.kind, one.state, one.proposed_at.isoformat(), one.content, one.reason) for one in rows
    )
    return exported(form, "decisions", COLUMNS, told)


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One decision: everything that is decided, and what was said of it."""
    one = queries.get_decision(request.user, public_id)
    steps = queries.steps_of(one)
    is_open = queries.state_of(steps) in queries.OPEN
    said = {step.person_id for step in steps}
    is_mine = one.proposed_by_id == request.user.pk
    context = {
        **row(one),
        "facts": facts_of(one),
        "steps": [(step, made_by(one, step.outcome) if step.outcome else "") for step in steps],
        "may_decide": is_open
        and Duty.APPROVE in duties_of(request.user)
        and request.user.pk not in {*said, one.proposed_by_id},
        "may_withdraw": is_open and is_mine,
        "is_last": len(steps) == 1,
        "crumbs": _crumbs(listed=True),
    }
    return render(request, "foundation/keeping/decision.html", context)


@answering
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Look once more, then approve; the second approval carries it out."""
    one = queries.get_decision(request.user, public_id, Duty.APPROVE)
    if request.method == "POST":
        state = actions.approve(request.user, public_id, timezone.now())
        done = _("Approved by two people, and carried out.")
        messages.success(request, done if state == State.DONE else _("Approved. A second member of the board decides."))
        return redirect("foundation:decision", public_id)
    context = {
        **row(one),
        "facts": facts_of(one),
        "is_last": len(queries.steps_of(one)) == 1,
        "crumbs": [*_crumbs(listed=True), (title_of(one), _url(one))],
    }
    return render(request, "foundation/keeping/approve.html", context)


@answering
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Refuse it for good, and say why."""
    one = queries.get_decision(request.user, public_id, Duty.APPROVE)
    lead = _("It is not carried out, and stays on record with your reason. It can be proposed anew.")
    return _ended(request, one, actions.refuse, _("Refuse it"), lead)


@answering
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take one's own proposal back, and say why."""
    one = queries.get_decision(request.user, public_id)
    lead = _("It is not carried out, and stays on record with your reason.")
    return _ended(request, one, actions.withdraw, _("Withdraw it"), lead)


def _ended(request: HttpRequest, one: Any, act: Any, button: str, lead: str) -> HttpResponse:
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(request.user, one.public_id, form.cleaned_data["reason"], timezone.now())
        messages.success(request, _("It is over: nothing is carried out."))
        return redirect("foundation:decision", one.public_id)
    context = {
        "form": form,
        "title": f"{button}: {title_of(one)}",
        "lead": lead,
        "button": button,
        "back": _url(one),
        "crumbs": [*_crumbs(listed=True), (title_of(one), _url(one))],
    }
    return render(request, "foundation/keeping/form.html", context)


def row(one: Any) -> dict[str, Any]:
    """A decision as lists show it."""
    return {
        "one": one,
        "title": title_of(one),
        "url": _url(one),
        "state_label": State(one.state).label,
        "tone": TONES[one.state],
    }


def _asked_state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in State.values else ""


def _crumbs(*, listed: bool = False) -> list[Crumb]:
    here = [(_("Foundation"), reverse("foundation:home")), (_("What waits for you"), reverse("foundation:keep"))]
    return [*here, (_("Decisions"), reverse("foundation:decisions"))] if listed else here


def _url(one: Any) -> str:
    return reverse("foundation:decision", args=(one.public_id,))

"""Who holds which office, for everyone; proposing, confirming and ending offices, for those who may."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.foundation.actions import offices as actions
from communs.apps.foundation.forms.keeping import OfficeForm
from communs.apps.foundation.pages.answering import Crumb
from communs.apps.foundation.queries import offices as queries
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible

DIGITS_MAX = 18


def offices(request: HttpRequest) -> HttpResponse:
    """The board by its colleges, the other offices, and those who held one before."""
    held, now = list(queries.in_force()), timezone.now()
    may_appoint = queries.may_appoint(request.user)
    former = queries.former()
    page = read_page(request.GET.get("page"), former.count())
    context = {
        "colleges": [
            (label, [one for one in held if one.office == queries.BOARD and one.college == value])
            for value, label in queries.COLLEGES
        ],
        "others": [one for one in held if one.office != queries.BOARD or not one.college],
        "proposed": [(one, _may_confirm(request, one)) for one in queries.proposed()] if may_appoint else [],
        "former": former[page.offset : page.offset + page.rows],
        "page": page,
        "query": "",
        "may_appoint": may_appoint,
        "may_decide": queries.may_decide(request.user),
        "ending": {one.pk for one in queries.ending(now)},
        "missing": queries.seats_to_fill(now),
        "mine": {one.pk for one in held if one.person_id == request.user.pk},
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/offices/list.html", context)


def appoint(request: HttpRequest) -> HttpResponse:
    """Propose somebody who has an account for an office."""
    queries.require_appointing(request.user)
    form = OfficeForm(request.POST or None, initial=_again(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = get_user_model().objects.filter(email__iexact=said["email"], is_active=True).first()
        if person is None:
            form.add_error("email", _("Nobody has an account with this address. Ask them to create one first."))
        else:
            try:
                wanted = (person, said["office"], said["college"])
                actions.appoint(request.user, *wanted, timezone.now(), last_day=said["last_day"])
            except Impossible as problem:
                form.add_error("last_day" if said["last_day"] else "email", str(problem))
            else:
                messages.success(request, _("Proposed. It is in force once another person has confirmed it."))
                return redirect("foundation:offices")
    context = {
        "form": form,
        "title": _("Propose somebody for an office"),
        "lead": _("Another administrator or member of the board confirms it: not you, and not who is proposed."),
        "button": _("Propose"),
        "back": reverse("foundation:offices"),
        "crumbs": [*_crumbs(), (_("Offices"), reverse("foundation:offices"))],
    }
    return render(request, "foundation/keeping/form.html", context)


def _again(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with where somebody is to hold an office for longer."""
    number = request.GET.get("again", "")
    if not (number.isascii() and number.isdigit() and len(number) < DIGITS_MAX):
        return {}
    one = queries.get_appointment(int(number))
    return {"email": one.person.email, "office": one.office, "college": one.college}


def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm an office that another proposed."""
    if request.method == "POST":
        actions.confirm(request.user, number, timezone.now())
        messages.success(request, _("Confirmed: the office is in force."))
    return redirect("foundation:offices")


def end(request: HttpRequest, number: int) -> HttpResponse:
    """End an office, after looking once more."""
    found = queries.get_appointment(number)
    if found.confirmed_at is None:
        queries.require_appointing(request.user)
    elif found.person_id != request.user.pk:
        queries.require_deciding(request.user)
    if request.method == "POST":
        actions.end(request.user, number, timezone.now())
        messages.success(request, _("The office has ended."))
        return redirect("foundation:offices")
    crumbs = [*_crumbs(), (_("Offices"), reverse("foundation:offices"))]
    return render(request, "foundation/offices/end.html", {"one": found, "crumbs": crumbs})


def _may_confirm(request: HttpRequest, one: Any) -> bool:
    person: Any = request.user
    return person.pk not in {one.appointed_by_id, one.person_id} and queries.may_decide(person)


def _crumbs() -> list[Crumb]:
    return [(_("Foundation"), reverse("foundation:home"))]

"""Where people are paid: seen and given by stewards and those who keep the money, confirmed by a second person."""

from __future__ import annotations

from collections.abc import Iterable
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

from communs.apps.foundation.actions import payees as actions
from communs.apps.foundation.forms.payouts import DetailsForm, DonorForm
from communs.apps.foundation.pages.answering import Crumb, answering, inside, said_in
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.filtering import one_of, tabs_of
from communs.apps.foundation.pages.public_words import commons_names
from communs.apps.foundation.queries import bank, gifts, giving_back
from communs.apps.foundation.queries import payees as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.payouts import details_of, is_set_aside, set_aside_details, waiting_details
from communs.core.standards.iban import format_iban
from communs.kit.gates import NotThere
from communs.kit.paging import read_page

Standing = queries.Standing
TONES: Final = {"payable": "yes", "waiting": "ask", "set-aside": "no"}
COLUMNS: Final = ("payee", "commons", "currency", "standing")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who can be paid, all or of one standing, and what waits for a second person."""
    require(request.user, Duty.LOOK)
    standing = one_of(request.GET, "standing", Standing.values)
    rows, counts = queries.payees_standing(standing), queries.standings()
    page = read_page(request.GET.get("page"), counts.get(standing, 0) if standing else sum(counts.values()))
    every = ("", pgettext("payees", "all"), sum(counts.values()))
    options = [every, *((one.value, one.label, counts.get(one.value, 0)) for one in Standing)]
    query = f"standing={standing}" if standing else ""
    context = {
        "rows": _called(rows[page.offset : page.offset + page.rows]),
        "page": page,
        "query": query,
        "tabs": tabs_of(reverse("foundation:payees"), "standing", options, standing),
        "waiting": [{"details": one, **_called([one.payee])[0]} for one in waiting_details()[:20]],
        "set_aside": [{"details": one, **_called([one.payee])[0]} for one in set_aside_details()[:20]],
        "may_keep": Duty.KEEP in duties_of(request.user),
        "links": links_to("payees-export", query=query),
        "crumbs": [*_home(), (_("Who is paid"), "")],
    }
    return render(request, "foundation/payouts/payees.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list as CSV or JSON, without names of people and account numbers."""
    require(request.user, Duty.LOOK)
    rows = queries.payees_standing(one_of(request.GET, "standing", Standing.values))[:EXPORT_MAX]
    told = ((one.slug, _commons_of(one), one.account.currency, one.standing) for one in rows.iterator(chunk_size=2000))
    return exported(form, "payees", COLUMNS, told)


def _commons_of(payee: Any) -> str:
    kind, _colon, public_id = payee.account.owner.partition(":")
    return public_id if kind == "commons" else ""


@answering
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Where somebody is paid: what is in force, what waits, and a form for something new."""
    account, payee = queries.place_of(slug)
    duties = queries.allow(request.user, account)
    may_give = Duty.KEEP in duties or queries.looks_after(request.user, account)
    form = DetailsForm(request.POST or None, initial=_known(payee) if duties else {}) if may_give else None
    if request.method == "POST" and form is not None and form.is_valid():
        with said_in(form):
            actions.give(request.user, slug, actions.Given(**form.cleaned_data), timezone.now())
            messages.success(request, _("Kept. A second person confirms it before anything is paid there."))
            return redirect("foundation:payee", slug)
    given = queries.given_for(payee)
    in_force = details_of(payee) if payee else None
    rows = [
        {
            "details": one,
            "iban": format_iban(one.iban) if duties or one.given_by_id == request.user.pk else f"… {one.iban[-4:]}",
            "is_in_force": one == in_force,
            "set_aside": one.set_aside if is_set_aside(one) else None,
            "may_confirm": one == given[0]
            and one.confirmed_at is None
            and bool(duties & {Duty.KEEP, Duty.APPROVE})
            and request.user.pk not in {one.given_by_id, payee.person_id if payee else None},
        }
        for one in given
    ]
    title = (payee.title if payee else "") or commons_names([account.owner]).get(account.owner, slug)
    crumbs = [(title, "")] if not duties else [*_home(), (_("Who is paid"), reverse("foundation:payees")), (title, "")]
    context = {"title": title, "slug": slug, "rows": rows, "form": form, "crumbs": crumbs}
    return render(request, "foundation/payouts/payee.html", context)


@answering
def confirm(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Confirm bank details that another gave."""
    if request.method == "POST":
        actions.confirm(request.user, number, timezone.now())
        messages.success(request, _("Confirmed: payouts go there from now on."))
    return redirect("foundation:payee", slug)


@answering
def new_donor(request: HttpRequest) -> HttpResponse:
    """Write down somebody to whom money is given back: for a refund or a line of the bank, that and no more."""
    require(request.user, Duty.KEEP)
    what = _paid_back(request)
    line = giving_back.line_of(what)
    form = DonorForm(request.POST or None, initial={"title": line.name if line else ""})
    if request.method == "POST" and form.is_valid():
        title, now = form.cleaned_data["title"], timezone.now()
        with said_in(form):
            payee = (
                actions.add_donor(request.user, title, now)
                if what is None
                else actions.add_paid_back(request.user, title, what, now)
            )
            return redirect("foundation:payee", payee.slug)
    crumbs = [*_home(), (_("Who is paid"), reverse("foundation:payees")), (_("Give something back"), "")]
    context = {"form": form, "title": _("Give something back"), "crumbs": crumbs, "button": _("Go on")}
    return render(request, "foundation/payouts/form.html", context)


def _paid_back(request: HttpRequest) -> Any:
    """The refund or the line of the bank that the address names; None where it names none."""
    refund, line = request.GET.get("refund", ""), request.GET.get("line", "")
    if refund:
        try:
            return gifts.get_refund(request.user, UUID(refund))
        except ValueError as error:
            raise NotThere from error
    return bank.get_line(request.user, int(line)) if line.isdecimal() and len(line) <= 18 else None


def _known(payee: Any) -> dict[str, str]:
    """What the bank said of the account that the money came from: to be looked at, and confirmed as any other."""
    line = giving_back.line_of(payee and (payee.refund or payee.line))
    if line is None or payee.details.exists():
        return {}
    return {"name": line.name[:70], "iban": format_iban(line.iban), "country": line.iban[:2]}


def _called(payees: Iterable[Any]) -> list[dict[str, Any]]:
    """Payees as a list shows them: donors by what was written of them, commons by their names."""
    shown = list(payees)
    names = commons_names(one.account.owner for one in shown)
    return [
        {
            "slug": one.slug,
            "title": one.title or names.get(one.account.owner, one.slug),
            "currency": one.account.currency,
            "standing": Standing(one.standing) if hasattr(one, "standing") else "",
            "tone": TONES.get(getattr(one, "standing", ""), ""),
        }
        for one in shown
    ]


def _home() -> list[Crumb]:
    return inside(_("Payouts"), "payouts")

"""Sharing, for stewards: take money or not, how a commons shares, accept shares of others, claim what waits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communs.apps.foundation.actions import bundles as actions
from communs.apps.foundation.forms.bundles import BundleForm
from communs.apps.foundation.pages.answering import Crumb, answering, money
from communs.apps.foundation.pages.commons_money import money_of
from communs.apps.foundation.pages.funds import crumbs as foundation_crumbs
from communs.apps.foundation.pages.funds import fund_title
from communs.apps.foundation.queries import bundles as queries
from communs.apps.foundation.queries.rounds import commons_names
from communs.apps.register.queries import names_of
from communs.core import bundles as core
from communs.kit import formats
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible


@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    """The commons that one looks after, with what waits for each; all shares that wait, for everybody."""
    mine = queries.looked_after(request.user)
    waiting = queries.waiting()
    page = read_page(request.GET.get("page"), len(waiting))
    shown = waiting[page.offset : page.offset + page.rows]
    names = commons_names([*mine, *(one.commons for one in shown)])
    context = {
        "mine": [(names[one], reverse("foundation:sharing-commons", args=[one])) for one in mine],
        "rows": [_waiting(one, names[one.commons]) for one in shown],
        "page": page,
        "query": "",
        "crumbs": foundation_crumbs(),
    }
    return render(request, "foundation/bundles/sharing.html", context)


@require_GET
def commons(request: HttpRequest, commons: str) -> HttpResponse:
    """How one commons takes and shares money. Public; its stewards act here."""
    name = _name(commons)
    is_steward = commons in queries.looked_after(request.user)
    rule = queries.rule_of(commons)
    found = list(queries.concerning([commons]).prefetch_related("shares", "acceptances")[:50])
    names = commons_names({one.commons for one in found})
    today = timezone.localdate()
    held = core.in_force(queries.as_core(one for one in found if one.commons == commons), today)
    waiting = queries.waiting([commons])
    context = {
        "commons": commons,
        "name": name,
        "is_steward": is_steward,
        "rule": rule,
        "bundles": [_bundle_row(one, names[one.commons], today) for one in found],
        "keeps_all": not any(one.commons == commons for one in found),
        "has_bundle_in_force": commons in held,
        "waiting": [_waiting(one, name) for one in waiting],
        "may_claim": is_steward and rule is not None and bool(waiting),
        **money_of(commons),
        "crumbs": _crumbs(),
    }
    return render(request, "foundation/bundles/commons.html", context)


@require_POST
@answering
def rule(request: HttpRequest, commons: str) -> HttpResponse:
    """Accept that a commons is paid by the sharing rule, or take that back."""
    if request.POST.get("do") == "end":
        actions.end_rule(request.user, commons, timezone.now())
        messages.success(request, _("Taken back. Shares that come now wait until somebody accepts again."))
    else:
        actions.accept_rule(request.user, commons, timezone.now())
        messages.success(request, _("Accepted. This commons can be paid from now on."))
    return redirect("foundation:sharing-commons", commons)


@answering
def propose(request: HttpRequest, commons: str) -> HttpResponse:
    """Propose how a commons shares what it is granted."""
    name = queries.commons_of_steward(request.user, commons).name
    form = BundleForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.propose(
                request.user, said["token"], commons, said["starts_on"], form.parts(commons), timezone.now()
            )
            return redirect("foundation:bundle", made.public_id)
        except Impossible as error:
            form.add_error(None, str(error))
    known = queries.builds_on(commons)
    context = {"form": form, "name": name, "known": known, "crumbs": [*_crumbs(), _to(commons, name)]}
    return render(request, "foundation/bundles/form.html", context)


@require_POST
@answering
def claim(request: HttpRequest, commons: str) -> HttpResponse:
    """Take what waits."""
    minor = actions.claim(request.user, commons, timezone.now())
    if minor:
        messages.success(request, _("Accepted: the money belongs to those who share it, and can be paid out."))
    else:
        messages.warning(request, _("Nothing could be taken: all parties of its bundle have to accept first."))
    return redirect("foundation:sharing-commons", commons)


@require_GET
def bundle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One bundle: the shares, and who has accepted them."""
    found = queries.get_bundle(public_id)
    shares, signed = (
        list(found.shares.order_by("-ppm", "party")),
        set(found.acceptances.values_list("party", flat=True)),
    )
    names = commons_names([found.commons, *(one.party for one in shares)])
    mine = set(queries.looked_after(request.user))
    rows = [
        {
            "party": one.party,
            "name": names[one.party],
            "kind": one.get_kind_display(),
            "share": formats.share(Decimal(one.ppm) / 1_000_000),
            "is_accepted": one.party in signed,
            "may_accept": one.party in mine - signed and found.withdrawn_at is None,
        }
        for one in shares
    ]
    context = {
        "bundle": found,
        "name": names[found.commons],
        "rows": rows,
        "state": _state(found, {one.party for one in shares}, signed, timezone.localdate()),
        "may_withdraw": found.commons in mine and found.withdrawn_at is None and len(signed) < len(shares),
        "crumbs": [*_crumbs(), _to(found.commons, names[found.commons])],
    }
    return render(request, "foundation/bundles/bundle.html", context)


@require_POST
@answering
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Accept a share in the name of a commons."""
    actions.accept(request.user, public_id, request.POST.get("party", ""), timezone.now())
    messages.success(request, _("Accepted."))
    return redirect("foundation:bundle", public_id)


@require_POST
@answering
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a proposal back."""
    if not request.user.is_authenticated:
        raise Refused(Right.EDIT, signed_in=False)
    actions.withdraw(request.user, public_id, timezone.now())
    messages.success(request, _("Withdrawn. What held before holds on."))
    return redirect("foundation:bundle", public_id)


def _name(public_id: str) -> str:
    found = names_of([public_id]).get(public_id)
    if found is None:
        raise NotThere
    return found


def _state(one: queries.BundleRow, parties: set[str], signed: set[str], today: Any) -> tuple[str, str]:
    if one.withdrawn_at is not None:
        return _("withdrawn"), "no"
    if parties - signed:
        return _("waits for all to accept"), "ask"
    if one.starts_on > today:
        return _("accepted, holds from {day}").format(day=formats.day(one.starts_on)), ""
    return _("accepted by all"), "yes"


def _bundle_row(one: queries.BundleRow, name: str, today: Any) -> dict[str, Any]:
    parties, signed = ({row.party for row in rows.all()} for rows in (one.shares, one.acceptances))
    said, tone = _state(one, parties, signed, today)
    return {
        "url": reverse("foundation:bundle", args=[one.public_id]),
        "name": name,
        "starts_on": one.starts_on,
        "state": said,
        "tone": tone,
    }


def _waiting(one: queries.Waiting, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "url": reverse("foundation:sharing-commons", args=[one.commons]),
        "amount": money(one.minor, one.account.currency),
        "fund": fund_title(one.fund),
        "expires_on": one.account.expires_on,
    }


def _to(commons: str, name: str) -> Crumb:
    return name, reverse("foundation:sharing-commons", args=[commons])


def _crumbs() -> list[Crumb]:
    return [*foundation_crumbs(), (_("Sharing"), reverse("foundation:sharing"))]

"""Money out, for those who hold an office: what is owed, payouts and their steps, approving, the file for the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import batches
from communs.apps.foundation.actions import payouts as actions
from communs.apps.foundation.forms.payouts import FileForm, ProposeForm, ReasonForm, chosen
from communs.apps.foundation.pages.answering import TONES, Crumb, answering, fund_title, inside, money, said_in
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.filtering import tabs_of
from communs.apps.foundation.pages.public_words import commons_names
from communs.apps.foundation.queries import owed as owed_queries
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.bank import fund_choices
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.core.money import InvalidAmount, parse_amount
from communs.core.standards.iban import format_iban
from communs.kit.paging import read_page

State = queries.State
COLUMNS: Final = ("payout", "state", "proposed_at", "payee", "fund", "amount_minor", "currency", "text")
FILE_COLUMNS: Final = ("file", "made_at", "execute_on", "payouts", "total_minor", "currency", "account")
EVERYTHING_MAX: Final = 200
"""So many are proposed or approved with one press."""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Payouts, all or in one state, the latest first."""
    require(request.user, Duty.LOOK)
    state = _asked_state(request)
    counts = queries.counts()
    rows = queries.payouts(*([state] if state else []))
    page = read_page(request.GET.get("page"), counts.get(state, 0) if state else sum(counts.values()))
    query = f"state={state}" if state else ""
    every = ("", pgettext("payouts", "all"), sum(counts.values()))
    options = [every, *((one.value, one.label, counts.get(one.value, 0)) for one in State)]
    context = {
        "rows": _rows(rows[page.offset : page.offset + page.rows]),
        "page": page,
        "query": query,
        "tabs": tabs_of(reverse("foundation:payouts"), "state", options, state),
        "to_approve": queries.to_approve(request.user).count() if Duty.APPROVE in duties_of(request.user) else 0,
        "due": queries.due_to_ask(timezone.now()).count(),
        "ready": counts.get(State.RESERVED, 0),
        "may_keep": Duty.KEEP in duties_of(request.user),
        "exports": links_to("payouts-export", query=query),
        "crumbs": inside(_("Payouts"), ""),
    }
    return render(request, "foundation/payouts/list.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list as CSV or JSON, without names and account numbers."""
    require(request.user, Duty.LOOK)
    return exported(form, "payouts", COLUMNS, _told(_asked_state(request)))


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One payout: to whom, why, where it stands, and who did what."""
    payout = queries.get_payout(request.user, public_id)
    steps = queries.steps_of(payout)
    duties = duties_of(request.user)
    state = steps[-1].state
    approved = {step.person_id for step in steps if step.state == State.APPROVED}
    waits = state in {State.PROPOSED, State.APPROVED} and len(approved) < 2
    context = {
        **_row(payout),
        "steps": steps,
        "may_approve": Duty.APPROVE in duties
        and waits
        and request.user.pk not in {*approved, payout.proposed_by_id, payout.payee.person_id},
        "may_withdraw": bool(duties & {Duty.KEEP, Duty.APPROVE})
        and state in {State.PROPOSED, State.APPROVED, State.RESERVED},
        "may_reserve": Duty.KEEP in duties and state == State.APPROVED and len(approved) == 2,
        "ask": state == State.UNKNOWN,
        "crumbs": [*_home(), (_row(payout)["title"], "")],
    }
    return render(request, "foundation/payouts/detail.html", context)


@answering
def propose(request: HttpRequest) -> HttpResponse:
    """What is owed to whom, and a proposal of what is ticked."""
    require(request.user, Duty.KEEP)
    form = ProposeForm(request.POST or None)
    owed = [row for row in owed_queries.owed() if row.left]
    page = read_page(request.GET.get("page"), len(owed))
    shown = owed[page.offset : page.offset + page.rows]
    names, titles = commons_names(row.owner for row in shown), dict(fund_choices())
    set_aside = set(queries.set_aside_details().values_list("payee", flat=True))
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(request, form, owed)
        if wanted:
            with said_in(form):
                made = actions.propose(request.user, str(form.cleaned_data["token"]), wanted, timezone.now())
                said = ngettext("{n} payout is proposed.", "{n} payouts are proposed.", len(made))
                messages.success(request, said.format(n=len(made)) + " " + _("Two members of the board approve each."))
                return redirect(reverse("foundation:payouts") + f"?state={State.PROPOSED}")
    context = {
        "form": form,
        "rows": [_owed_row(row, request, names, titles, set_aside) for row in shown],
        "page": page,
        "query": "",
        "payable": sum(row.details is not None for row in owed),
        "crumbs": [*_home(), (_("Propose"), "")],
    }
    return render(request, "foundation/payouts/propose.html", context)


@answering
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Look once more, then approve."""
    payout = queries.get_payout(request.user, public_id, Duty.APPROVE)
    if request.method == "POST":
        state = actions.approve(request.user, public_id, timezone.now())
        words = {
            State.RESERVED: _("Approved by two people: the money is reserved."),
            State.APPROVED: _("Approved. It takes two people, and enough that is owed."),
        }
        messages.success(request, words.get(State(state), _("Approved.")))
        return redirect("foundation:payout", public_id)
    crumbs = [*_home(), (_row(payout)["title"], _url(payout)), (_("Approve"), "")]
    return render(request, "foundation/payouts/approve.html", {**_row(payout), "crumbs": crumbs})


@answering
def approve_many(request: HttpRequest) -> HttpResponse:
    """What waits for one's approval: looked at together, approved together."""
    require(request.user, Duty.APPROVE)
    waiting = queries.to_approve(request.user)
    if request.method == "POST":
        picked = set(chosen(request.POST.getlist("payout")))
        wanted = waiting if "everything" in request.POST else waiting.filter(public_id__in=picked)
        ids = [one.public_id for one in wanted[:EVERYTHING_MAX]]
        count, told = actions.approve_all(request.user, ids, timezone.now())
        for line in told[:20]:
            messages.warning(request, line)
        said = ngettext("{n} payout is approved.", "{n} payouts are approved.", count)
        messages.success(request, said.format(n=count))
        return redirect("foundation:payouts-approve")
    page = read_page(request.GET.get("page"), waiting.count())
    rows = _rows(waiting[page.offset : page.offset + page.rows])
    totals = [money(int(one["minor"]), one["currency"]) for one in queries.totals_of(waiting)]
    crumbs = [*_home(), (_("Approve payouts"), "")]
    context = {"rows": rows, "page": page, "query": "", "totals": " + ".join(totals), "crumbs": crumbs}
    return render(request, "foundation/payouts/approve_many.html", context)


@answering
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Withdraw a payout, or refuse what another proposed, and say why."""
    payout = queries.get_payout(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(request.user, public_id, form.cleaned_data["reason"], timezone.now())
        messages.success(request, _("Withdrawn. Nothing is paid; what was reserved is free again."))
        return redirect("foundation:payout", public_id)
    crumbs = [*_home(), (_row(payout)["title"], _url(payout)), (_("Withdraw"), "")]
    return render(request, "foundation/payouts/withdraw.html", {**_row(payout), "form": form, "crumbs": crumbs})


@answering
def reserve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Reserve the money of a payout that was approved when there was not enough."""
    if request.method == "POST":
        actions.reserve(request.user, public_id, timezone.now())
        messages.success(request, _("The money is reserved."))
    return redirect("foundation:payout", public_id)


@answering
def new_file(request: HttpRequest) -> HttpResponse:
    """The reserved payouts, and the file that asks the bank for them."""
    require(request.user, Duty.KEEP)
    accounts = queries.bank_accounts()
    choices = [(one.account.slug, f"{one.holder}, {format_iban(one.iban)}") for one in accounts]
    initial = {"execute_on": timezone.localdate()}
    form = FileForm(request.POST or None, accounts=choices, initial=initial)
    ready = queries.ready()
    picked = chosen(request.POST.getlist("payout"))
    if request.method == "POST" and form.is_valid() and picked:
        said = form.cleaned_data
        wanted = actions.FileWanted(said["bank_account"], picked, said["execute_on"])
        now = timezone.now()
        try:
            submit = partial(actions.submit, request.user, str(said["token"]), wanted, now)
            batch = batches.in_sound_books(submit, now)
        except batches.NotSound as error:
            form.add_error(None, _("The books do not keep their rules: %(what)s") % {"what": error.problems[0]})
        else:
            messages.success(request, _("The file is made. Hand it to the bank; it pays each payout once."))
            return redirect("foundation:payout-file", batch.ident)
    page = read_page(request.GET.get("page"), len(ready))
    context = {
        "form": form,
        "rows": _rows(ready[page.offset : page.offset + page.rows]),
        "none_picked": request.method == "POST" and not picked,
        "page": page,
        "query": "",
        "total": money(sum(one.minor for one in ready), "EUR"),
        "accounts": accounts,
        "crumbs": [*_home(), (_("Make a file"), "")],
    }
    return render(request, "foundation/payouts/new_file.html", context)


@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """The files that were made for the bank."""
    require(request.user, Duty.LOOK)
    rows = queries.batches()
    page = read_page(request.GET.get("page"), rows.count())
    shown = [
        {"batch": one, "amount": money(one.total_minor, one.bank_account.account.currency)}
        for one in rows[page.offset : page.offset + page.rows]
    ]
    crumbs, links = [*_home(), (_("Files for the bank"), "")], links_to("payout-files-export")
    context = {"rows": shown, "page": page, "query": "", "links": links, "crumbs": crumbs}
    return render(request, "foundation/payouts/files.html", context)


@require_GET
def files_export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list of files as CSV or JSON, without account numbers."""
    require(request.user, Duty.LOOK)
    told = (
        (
            one.ident, one.made_at.isoformat(), one.execute_on.isoformat(), one.count, one.total_minor,
            one.bank_account.account.currency, one.bank_account.account.slug,
        )
        for one in queries.batches()[:EXPORT_MAX].iterator(chunk_size=2000)
    )  # fmt: skip
    return exported(form, "files-for-the-bank", FILE_COLUMNS, told)


@require_GET
def file(request: HttpRequest, ident: str) -> HttpResponse:
    """One file: what it asks for, and how each payout stands."""
    batch = queries.get_batch(request.user, ident)
    rows = queries.payouts_in(batch)
    page = read_page(request.GET.get("page"), batch.count)
    context = {
        "batch": batch,
        "amount": money(batch.total_minor, batch.bank_account.account.currency),
        "iban": format_iban(batch.bank_account.iban),
        "rows": _rows(rows[page.offset : page.offset + page.rows]),
        "page": page,
        "query": "",
        "crumbs": [*_home(), (_("Files for the bank"), reverse("foundation:payout-files")), (batch.ident[:14], "")],
    }
    return render(request, "foundation/payouts/file.html", context)


@require_GET
def file_xml(request: HttpRequest, ident: str) -> HttpResponse:
    """The file itself, byte for byte as it was made."""
    batch = queries.get_batch(request.user, ident, Duty.KEEP)
    response = HttpResponse(bytes(batch.data), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{batch.ident}.xml"'
    response["Cache-Control"] = "no-store"
    return response


def _wanted(request: HttpRequest, form: ProposeForm, owed: list[owed_queries.Owed]) -> list[actions.Wanted]:
    """What was ticked, with the amounts that were typed; errors go to the form."""
    ticked, text = set(request.POST.getlist("pick")), form.cleaned_data["text"]
    everything = "everything" in request.POST
    wanted = []
    for row in owed:
        if row.payee is None or row.details is None or not (row.key in ticked or everything):
            continue
        typed = request.POST.get(f"amount-{row.key}", "").replace(",", ".").replace("\u202f", "").strip()
        try:
            minor = parse_amount(typed, row.currency).minor if typed and not everything else row.left
        except InvalidAmount as error:
            form.add_error(None, f"{row.payee.title or row.account}: {error}")
            return []
        wanted.append(actions.Wanted(row.payee.slug, row.fund, minor, text))
    if not wanted:
        form.add_error(None, _("Nothing is ticked that can be paid."))
    return wanted[:EVERYTHING_MAX]


def _owed_row(
    row: owed_queries.Owed, request: HttpRequest, names: dict[str, str], titles: dict[str, str], set_aside: set[int]
) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": (row.payee.title if row.payee else "") or names.get(row.owner, row.account),
        "fund": titles.get(row.fund, row.fund),
        "left": money(row.left, row.currency),
        "open": money(row.open, row.currency) if row.open else "",
        "currency": row.currency,
        "value": request.POST.get(f"amount-{row.key}", str(row.money.major)),
        "is_ticked": row.key in request.POST.getlist("pick"),
        "is_payable": row.details is not None,
        "is_set_aside": row.payee is not None and row.payee.pk in set_aside,
        "payee_url": reverse("foundation:payee", args=(row.payee.slug if row.payee else row.account,)),
    }


def _rows(payouts: Iterable[Any]) -> list[dict[str, Any]]:
    """Payouts as a list shows them: the names of commons are read once for all."""
    shown = list(payouts)
    names = commons_names(one.account.owner for one in shown)
    return [_row(one, names) for one in shown]


def _row(payout: Any, names: dict[str, str] | None = None) -> dict[str, Any]:
    owner = payout.account.owner
    known = commons_names([owner]) if names is None else names
    state = str(getattr(payout, "state", ""))
    return {
        "payout": payout,
        "title": payout.payee.title or known.get(owner) or payout.payee.slug,
        "fund_title": fund_title(payout.fund),
        "url": _url(payout),
        "amount": money(payout.minor, payout.currency),
        "state_label": State(state).label if state else "",
        "tone": TONES.get(state, ""),
    }


def _told(state: str) -> Iterator[tuple[Any, ...]]:
    for one in queries.payouts(*([state] if state else []))[:EXPORT_MAX].iterator(chunk_size=2000):
        yield (
            str(one.public_id), getattr(one, "state", ""), one.proposed_at.isoformat(), one.payee.slug, one.fund.slug,
            one.minor, one.currency, one.text,
        )  # fmt: skip


def _asked_state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in State.values else ""


def _home() -> list[Crumb]:
    return inside(_("Payouts"), "payouts")


def _url(payout: Any) -> str:
    return reverse("foundation:payout", args=(payout.public_id,))

"""The bank, for those who hold an office: how it stands beside the books, files, lines that wait and what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import bank as actions
from communs.apps.foundation.actions import reconciling
from communs.apps.foundation.forms.bank import AccountForm, BankFileForm
from communs.apps.foundation.pages.answering import Crumb, answering, inside, money, said_in
from communs.apps.foundation.pages.bank_lines import line_row
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.payouts import bank_accounts, due_to_ask
from communs.core.standards.iban import format_iban
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Each account beside the books, what waits, and the statements."""
    require(request.user, Duty.LOOK)
    rows = queries.statements()
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        "accounts": [_account(one) for one in bank_accounts()],
        "waiting": queries.lines(queries.TO_DECIDE).count(),
        "due": due_to_ask(timezone.now()).count(),
        "rows": [_statement(one) for one in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "query": "",
        "may_keep": Duty.KEEP in duties_of(request.user),
        "crumbs": inside(_("Bank"), ""),
    }
    return render(request, "foundation/bank/overview.html", context)


@answering
def new_account(request: HttpRequest) -> HttpResponse:
    """Write down an account at a bank."""
    require(request.user, Duty.KEEP)
    form = AccountForm(request.POST or None, funds=queries.fund_choices())
    if request.method == "POST" and form.is_valid():
        with said_in(form):
            actions.add_account(request.user, actions.AccountWanted(**form.cleaned_data), timezone.now())
            messages.success(request, _("Kept. Its statements can be taken in now."))
            return redirect("foundation:bank")
    title = _("Add a bank account")
    context = {"form": form, "title": title, "button": _("Keep it"), "crumbs": [*_home(), (title, "")]}
    return render(request, "foundation/payouts/form.html", context)


@answering
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in a file of the bank, then decide what is exact."""
    require(request.user, Duty.KEEP)
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = actions.receive(request.user, file.name, file.read(), timezone.now())
        except Impossible as error:
            form.add_error("file", str(error))
        else:
            for line in _told(received):
                messages.success(request, line)
            for line in received.said:
                messages.warning(request, line)
            return redirect("foundation:bank")
    title = _("Take in a file of the bank")
    context = {"form": form, "title": title, "button": _("Take it in"), "crumbs": [*_home(), (title, "")]}
    return render(request, "foundation/payouts/form.html", {**context, "is_upload": True})


def _told(received: actions.Received) -> Iterator[str]:
    """What a file brought, in sentences; lines that are exact are decided here, also those of earlier files."""
    if received.again:
        yield _("This file was here before. Nothing was written.")
    elif received.file.kind == received.file.Kind.REPORT:
        told = ngettext("The bank refuses {n} payout.", "The bank refuses {n} payouts.", received.refused)
        yield told.format(n=received.refused) if received.refused else _("The bank refuses none of the payouts.")
    else:
        told = ngettext("{n} new line.", "{n} new lines.", received.new_lines).format(n=received.new_lines)
        if received.known_lines:
            known = ngettext("{n} was here before.", "{n} were here before.", received.known_lines)
            told += " " + known.format(n=received.known_lines)
        yield told
    for account in bank_accounts():
        done = reconciling.reconcile(account, timezone.now())
        if done.decided or done.unidentified or done.waiting:
            told = _("Decided: {decided}. Put aside until somebody knows them: {aside}. Waiting for you: {waiting}.")
            yield told.format(decided=done.decided, aside=done.unidentified, waiting=done.waiting)


@require_GET
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """One statement: its balances beside the books, and the lines that it brought."""
    found = queries.get_statement(request.user, number)
    rows = queries.lines(Q(statement=found))
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        **_statement(found),
        **_compared(found),
        "rows": [line_row(one) for one in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "query": "",
        "crumbs": [*_home(), (_("Statement {id}").format(id=found), "")],
    }
    return render(request, "foundation/bank/statement.html", context)


@require_GET
def file(request: HttpRequest, number: int) -> HttpResponse:
    """A file, byte for byte as the bank gave it."""
    found = queries.get_file(request.user, number)
    response = HttpResponse(bytes(found.data), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{found.kind}-{found.pk}.xml"'
    response["Cache-Control"] = "no-store"
    return response


def _account(account: Any) -> dict[str, Any]:
    latest = queries.latest_statement(account)
    currency = account.account.currency
    return {
        "account": account,
        "iban": format_iban(account.iban),
        "booked": money(queries.booked_on(account, timezone.localdate()), currency),
        "latest": latest,
        "gaps": queries.gaps(account)[:5],
        **(_compared(latest) if latest else {}),
    }


def _compared(statement: Any) -> dict[str, Any]:
    found, currency = queries.compare(statement), statement.bank_account.account.currency
    if found is None:
        return {}
    return {
        "compared": found,
        "closing": money(found.closing, currency),
        "then": money(found.booked, currency),
        "difference": money(found.difference, currency),
        "undecided": money(found.undecided, currency),
        "unexplained": money(found.unexplained, currency),
    }


def _statement(one: Any) -> dict[str, Any]:
    currency = one.bank_account.account.currency
    return {
        "statement": one,
        "iban": format_iban(one.bank_account.iban),
        "opens": money(one.opening_minor, currency) if one.opening_minor is not None else "",
        "closes": money(one.closing_minor, currency) if one.closing_minor is not None else "",
    }


def _home() -> list[Crumb]:
    return inside(_("Bank"), "bank")

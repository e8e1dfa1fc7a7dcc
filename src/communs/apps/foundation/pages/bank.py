"""The bank, for those who hold an office: how it stands beside the books, files, lines that wait and what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import bank as actions
from communs.apps.foundation.actions import reconciling
from communs.apps.foundation.forms.bank import AccountForm, BankFileForm, DecideForm
from communs.apps.foundation.pages.answering import Crumb, answering, inside, money
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.payouts import bank_accounts, due_to_ask
from communs.core.standards.iban import format_iban
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.tables import csv_lines

What = queries.What
WHY: Final = {
    "incoming": gettext_lazy("Nothing of it says who gave it, or what for."),
    "outgoing": gettext_lazy("Nothing of it says which payout it is."),
    "amount": gettext_lazy("It names a payout of another amount."),
    "not-booked": gettext_lazy("A payout came back before its payment was seen: take in the statement that has it."),
    "returned": gettext_lazy("It names a payout, and is not marked as coming back."),
    "paid-already": gettext_lazy("It names a payout that has been paid already: ask the bank whether it paid twice."),
    "not-sent": gettext_lazy("It names a payout that is not under way: ask the bank."),
}
REASONS: Final = {
    "amount": gettext_lazy("the same amount"),
    "iban": gettext_lazy("the same account"),
    "name": gettext_lazy("the same name"),
    "text": gettext_lazy("its text names it"),
}
COLUMNS: Final = ("day", "amount_minor", "currency", "account", "what", "is_return", "bank_reference")
EXPORT_MAX: Final = 100_000


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
        yield told.format(n=received.refused)
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
def lines(request: HttpRequest) -> HttpResponse:
    """Lines that wait for a person, or all."""
    require(request.user, Duty.LOOK)
    everything = request.GET.get("all") == "1"
    rows = queries.lines(Q() if everything else queries.TO_DECIDE)
    page = read_page(request.GET.get("page"), rows.count())
    query = "all=1" if everything else ""
    context = {
        "rows": [_line(one) for one in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "query": query,
        "everything": everything,
        "exports": [("CSV", reverse("foundation:bank-lines-csv") + (f"?{query}" if query else ""))],
        "crumbs": [*_home(), (_("Lines"), "")],
    }
    return render(request, "foundation/bank/lines.html", context)


@require_GET
def lines_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Lines as CSV, without names, account numbers and texts."""
    require(request.user, Duty.LOOK)
    rows = queries.lines(Q() if request.GET.get("all") == "1" else queries.TO_DECIDE)[:EXPORT_MAX]
    told = (
        (
            one.booked_on.isoformat(),
            one.minor,
            one.bank_account.account.currency,
            one.bank_account.account.slug,
            getattr(one, "what", ""),
            str(one.is_return).lower(),
            one.bank_reference,
        )
        for one in rows.iterator(chunk_size=2000)
    )
    response = StreamingHttpResponse(csv_lines(COLUMNS, told), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bank-lines.csv"'
    return response


@answering
def line(request: HttpRequest, number: int) -> HttpResponse:
    """One line: what the bank says, what it may be and why, and a decision."""
    found = queries.get_line(request.user, number)
    what = str(getattr(found, "what", ""))
    is_open = what == "" or what in queries.NOT_FINAL
    may_decide = is_open and Duty.KEEP in duties_of(request.user)
    form = DecideForm(request.POST or None, is_in=found.minor > 0, funds=queries.fund_choices()) if may_decide else None
    if request.method == "POST" and form is not None and form.is_valid():
        said = reconciling.Said(form.cleaned_data["what"], form.target, form.cleaned_data["note"])
        reconciling.decide(request.user, number, said, timezone.now())
        messages.success(request, _("Decided, and posted in the books."))
        return redirect("foundation:bank-lines")
    suggestions = [
        {"it": one, "label": What(one.what).label, "reasons": ", ".join(str(REASONS[name]) for name in one.reasons)}
        for one in (queries.suggest(found) if may_decide else [])
    ]
    context = {
        **_line(found),
        "form": form,
        "suggestions": suggestions,
        "decisions": found.decisions.select_related("person").order_by("number"),
        "crumbs": [*_home(), (_("Lines"), reverse("foundation:bank-lines")), (_line(found)["amount"], "")],
    }
    return render(request, "foundation/bank/line.html", context)


@require_GET
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """One statement: its balances beside the books, and the lines that it brought."""
    found = queries.get_statement(request.user, number)
    rows = queries.lines(Q(statement=found))
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        **_statement(found),
        **_compared(found),
        "rows": [_line(one) for one in rows[page.offset : page.offset + page.rows]],
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


def _line(one: Any) -> dict[str, Any]:
    what = str(getattr(one, "what", ""))
    is_open = what == "" or what in queries.NOT_FINAL
    return {
        "line": one,
        "amount": money(one.minor, one.bank_account.account.currency),
        "what_label": What(what).label if what else "",
        "is_open": is_open,
        "why": WHY[queries.why_waiting(one)] if is_open else "",
    }


def _home() -> list[Crumb]:
    return inside(_("Bank"), "bank")

"""Lines of the bank: a list with filters, where what is suggested is confirmed together; then one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from communs.apps.foundation.actions import reconciling
from communs.apps.foundation.forms.bank import NEEDED, DecideForm
from communs.apps.foundation.pages.answering import Crumb, answering, inside, money, said_in
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.filtering import day_in, minor_in, one_of, query_of, text_in
from communs.apps.foundation.payment_clients import TITLES
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries import giving_back
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.giving_back import Standing
from communs.kit.paging import read_page

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
BACK: Final = {
    Standing.OWED: gettext_lazy("owed"),
    Standing.ON_ITS_WAY: gettext_lazy("on its way"),
    Standing.PAID_BACK: gettext_lazy("paid back"),
}
NAMES: Final = ("q", "what", "amount", "from", "to")
COLUMNS: Final = ("day", "amount_minor", "currency", "account", "what", "is_return", "bank_reference")
PICKED_MAX: Final = 50


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Lines that wait for a person, or others; those with one suggestion can be ticked and confirmed together."""
    require(request.user, Duty.LOOK)
    asked, query = _asked(request.GET), query_of(request.GET, NAMES)
    found = asked.lines()
    page = read_page(request.GET.get("page"), found.count())
    rows = [line_row(one) for one in found[page.offset : page.offset + page.rows]]
    if Duty.KEEP in duties_of(request.user):
        _suggest(rows)
    standings = [("waiting", _("to be decided")), ("all", _("all of them")), *What.choices]
    context = {
        "rows": rows,
        "page": page,
        "query": query,
        "asked": {name: request.GET.get(name, "") for name in NAMES},
        "is_filtered": bool(query),
        "clear_url": reverse("foundation:bank-lines"),
        "text_label": _("Name, text or reference"),
        "choices": [{"name": "what", "label": _("What it is"), "chosen": asked.standing, "options": standings}],
        "suggested": sum(bool(row.get("pick")) for row in rows),
        "exports": links_to("bank-lines-export", query=query),
        "crumbs": [*_home(), (_("Lines"), "")],
    }
    return render(request, "foundation/bank/lines.html", context)


def _suggest(rows: list[dict[str, Any]]) -> None:
    """What each line that waits is likely to be. Two lines that claim the same thing are left to be looked at."""
    for row in rows:
        if row["is_open"]:
            row["found"] = queries.sure(queries.suggest(row["line"]))
    claims = Counter((row["found"].what, row["found"].target) for row in rows if row.get("found"))
    for row in rows:
        one = row.get("found")
        if one and claims[one.what, one.target] == 1:
            row["pick"] = f"{row['line'].pk}:{one.what}:{one.target}"
            row["likely"] = f"{What(one.what).label}: {one.title}"
            row["reasons"] = _because(one)


@require_POST
@answering
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the suggestions that were shown and ticked, or all that were shown: each by itself, line by line."""
    require(request.user, Duty.KEEP)
    picked = _picked(request.POST.getlist("all" if "everything" in request.POST else "pick"))
    if not picked:
        messages.warning(request, _("Nothing is ticked."))
        return redirect(_list_url(request.POST))
    done = reconciling.decide_all(request.user, picked, timezone.now())
    there = {one.pk: one for one in queries.lines().filter(pk__in=list(picked))}
    rows = [
        {
            "title": line_row(there[one.number])["title"] if one.number in there else str(one.number),
            "url": reverse("foundation:bank-line", args=(one.number,)),
            "problem": one.problem,
            "said": What(picked[one.number].what).label,
        }
        for one in done
    ]
    context = {
        "title": _("Confirmed together"),
        "rows": rows,
        "done": sum(not one.problem for one in done),
        "back": _list_url(request.POST),
        "crumbs": [*_home(), (_("Lines"), reverse("foundation:bank-lines")), (_("Done"), "")],
    }
    return render(request, "foundation/keeping/done.html", context)


def _picked(values: list[str]) -> dict[int, reconciling.Said]:
    """What was ticked, as it was shown: a line, what it is, and which. What is none of that is left out."""
    found: dict[int, reconciling.Said] = {}
    for text in values[:PICKED_MAX]:
        number, _colon, said = text.partition(":")
        what, _colon, target = said.partition(":")
        if number.isdecimal() and len(number) <= 18 and what in What.values:
            found[int(number)] = reconciling.Said(what, target[:100], _("Confirmed as suggested."))
    return found


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Lines as CSV or JSON, without names, account numbers and texts."""
    require(request.user, Duty.LOOK)
    return exported(form, "bank-lines", COLUMNS, _told(_asked(request.GET)))


@answering
def line(request: HttpRequest, number: int) -> HttpResponse:
    """One line: what the bank says, what it may be and why, and a decision; then the next one of the same list."""
    found = queries.get_line(request.user, number)
    row, query = line_row(found), query_of(request.GET, NAMES)
    before, after = queries.beside(_asked(request.GET), found)
    may_decide = row["is_open"] and Duty.KEEP in duties_of(request.user)
    form = _form(request, found) if may_decide else None
    if request.method == "POST" and form is not None and form.is_valid():
        said = reconciling.Said(form.cleaned_data["what"], form.target, form.cleaned_data["note"])
        with said_in(form):
            reconciling.decide(request.user, number, said, timezone.now())
            messages.success(request, _("Decided, and posted in the books."))
            return redirect(_url(after, query) or _url(before, query) or _list_url(request.GET))
    suggestions = [
        {"it": one, "label": What(one.what).label, "reasons": _because(one), "field": _field_of(one.what)}
        for one in (queries.suggest(found) if may_decide else [])
    ]
    context = {
        **row,
        "form": form,
        "suggestions": suggestions,
        "back": _back(found) if found.minor > 0 and row["line"].what == What.GIVE_BACK else None,
        "before_url": _url(before, query),
        "after_url": _url(after, query),
        "list_url": _list_url(request.GET),
        "decisions": found.decisions.select_related("person").order_by("number"),
        "crumbs": [*_home(), (_("Lines"), _list_url(request.GET)), (row["amount"], "")],
    }
    return render(request, "foundation/bank/line.html", context)


def _back(line_: Any) -> dict[str, Any]:
    """How far a line has come that goes back: to whom, and what can be done next."""
    standing = giving_back.standing_of_line(line_)
    return {"label": BACK[standing], "is_owed": standing == Standing.OWED, "payees": giving_back.payees_of(line_)}


def line_row(one: Any) -> dict[str, Any]:
    """A line as a list shows it. `one`: of `queries.lines`."""
    what, amount = str(getattr(one, "what", "")), money(one.minor, one.bank_account.account.currency)
    is_open = what == "" or what in queries.NOT_FINAL
    return {
        "line": one,
        "amount": amount,
        "title": " · ".join(filter(None, (amount, one.name))),
        "what_label": What(what).label if what else "",
        "is_open": is_open,
        "why": WHY[queries.why_waiting(one)] if is_open else "",
    }


def _told(asked: queries.Asked) -> Iterator[tuple[Any, ...]]:
    for one in asked.lines()[:EXPORT_MAX].iterator(chunk_size=2000):
        account, what = one.bank_account.account, getattr(one, "what", None) or ""
        yield (
            one.booked_on.isoformat(), one.minor, account.currency, account.slug, what, one.is_return,
            one.bank_reference,
        )  # fmt: skip


def _asked(asked: Mapping[str, Any]) -> queries.Asked:
    return queries.Asked(
        one_of(asked, "what", ("waiting", "all", *What.values), "waiting"),
        text_in(asked, "q"),
        minor_in(asked, "amount"),
        day_in(asked, "from"),
        day_in(asked, "to"),
    )


def _because(one: queries.Suggestion) -> str:
    return ", ".join(str(REASONS[name]) for name in one.reasons)


def _field_of(what: str) -> str:
    return NEEDED.get(What(what), "payout")


def _form(request: HttpRequest, line_: Any) -> DecideForm:
    funds, settlements = queries.fund_choices(), _settlements(line_)
    return DecideForm(request.POST or None, is_in=line_.minor > 0, funds=funds, settlements=settlements)


def _settlements(line_: Any) -> list[tuple[str, str]]:
    """Payouts of providers that wait for a line of this amount, as a form offers them."""
    waiting = queries.settlements_waiting(line_.bank_account.account.currency).filter(minor=line_.minor)
    return [(one.object_id, f"{TITLES.get(one.provider, one.provider)} {one.object_id}") for one in waiting[:50]]


def _url(line_: Any, query: str) -> str:
    if line_ is None:
        return ""
    return reverse("foundation:bank-line", args=(line_.pk,)) + (f"?{query}" if query else "")


def _list_url(asked: Mapping[str, Any]) -> str:
    query = query_of(asked, NAMES)
    return reverse("foundation:bank-lines") + (f"?{query}" if query else "")


def _home() -> list[Crumb]:
    return inside(_("Bank"), "bank")

"""Giving: for anybody, without an account. The page of a gift has a secret address, for who gives and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communs.apps.foundation.actions import asking, stopping
from communs.apps.foundation.actions import gifts as actions
from communs.apps.foundation.forms.giving import GiveForm
from communs.apps.foundation.identity import TEST_IBAN
from communs.apps.foundation.pages import gift_standing
from communs.apps.foundation.pages.answering import answering, money
from communs.apps.foundation.pages.drawn_code import DrawnCode, draw_code
from communs.apps.foundation.payment_clients import LABELS, RUN_LIVE, TITLES, clients
from communs.apps.foundation.queries import gifts as queries
from communs.apps.foundation.queries import receipts
from communs.core.money import Money
from communs.core.standards.creditor_reference import format_reference
from communs.core.standards.epc_qr import TransferRequest, payload
from communs.core.standards.iban import format_iban
from communs.core.standards.iso20022.faults import CannotOrder
from communs.kit.gates import NotThere
from communs.kit.records.feeds import absolute
from communs.kit.texts import pick

TIMES: Final = {"month": 12, "year": 3}
"""How often a provider is asked that has to know: a year of months, three years."""


@answering
def give(request: HttpRequest, fund: str = "") -> HttpResponse:
    """The form, for one fund or with a choice of them."""
    funds = queries.open_funds(timezone.localdate())
    if fund and fund not in {one.slug for one in funds}:
        raise NotThere
    titles = {one.slug: pick(one.title, get_language() or "en").value or one.slug for one in funds}
    form = GiveForm(
        request.POST or None,
        funds=list(titles.items()),
        ways=_ways(),
        gives_receipts=settings.FOUNDATION.gives_receipts,
        initial={"fund": fund or next(iter(titles), ""), "kind": _asked_kind(request)},
    )
    if request.method == "POST" and form.is_valid():
        gift = actions.give(form.cleaned_data["token"], _wanted(form.cleaned_data), timezone.now())
        return redirect("foundation:gift", gift.token)
    context = {
        "form": form,
        "title": titles.get(fund, ""),
        "has_funds": bool(funds),
        "is_example": not _account().is_real,
        "untried": ", ".join(TITLES.get(name, name) for name in clients() if name not in RUN_LIVE),
        "finite": [TITLES.get(n, n) for n, one in clients().items() if not one.abilities.has_open_terms],
        "crumbs": [(_("Foundation"), reverse("foundation:home")), (_("Give"), "")],
    }
    return render(request, "foundation/giving/form.html", context)


@require_GET
def gift(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a gift: how it is paid, what has come, the receipts."""
    row = queries.gift_of_token(token)
    pay_ins = queries.pay_ins_of(row)
    context = {
        **_gift(row),
        **_way(row, pay_ins),
        "arrived": gift_standing.arrived(row, pay_ins),
        "has_come": any(one.state in queries.HAS_MONEY for one in pay_ins),
        "remind_days": actions.REMIND_AFTER.days,
        "receipts": [_receipt(row.token, one) for one in receipts.of_gift(row)],
        "wants_receipt": row.giver.wants_receipt,
        "crumbs": [(_("Foundation"), reverse("foundation:home")), (_("Your gift"), "")],
    }
    return _secret(render(request, "foundation/giving/gift.html", context))


@require_POST
@answering
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Have the provider wait for its payer; the page then leads there, by a link that everybody sees."""
    row = queries.gift_of_token(token)
    if row.way != "transfer":
        here = absolute(reverse("foundation:gift", args=(row.token,)))
        asking.begin(row, asking.Addresses(here, here, here), timezone.now())
    return redirect("foundation:gift", row.token)


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Erase who gave, after asking once more."""
    row = queries.gift_of_token(token)
    if request.method == "POST":
        actions.forget_giver(row)
        stopping.stop(row, timezone.now())
        messages.success(
            request, _("What you told us of yourself is erased. Receipts that were issued are kept by law.")
        )
        return redirect("foundation:gift", row.token)
    crumbs = [(_("Your gift"), reverse("foundation:gift", args=(row.token,))), (_("Erase"), "")]
    return _secret(render(request, "foundation/giving/forget.html", {**_gift(row), "crumbs": crumbs}))


@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more will come: no reminder is written, and a provider is asked to take no more."""
    row = queries.gift_of_token(token)
    stopping.stop(row, timezone.now())
    if row.way == "transfer":
        said = _("We expect nothing more, and write no reminder. Stop the standing order at your bank too.")
    else:
        said = _("We expect nothing more, and ask {provider} to take no more.").format(provider=_title(row.way))
    messages.success(request, said)
    return redirect("foundation:gift", row.token)


@require_GET
def receipt(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """A receipt as PDF, in French or in the reader's language."""
    row = queries.gift_of_token(token)
    found = next((one for one in receipts.of_gift(row) if receipts.number_of(one) == number), None)
    if found is None:
        raise NotThere
    return _secret(pdf(found, request.GET.get("language", "")))


def pdf(row: Any, language: str) -> HttpResponse:
    """A receipt as an answer: French is the text of the law, English says that it translates."""
    from communs.apps.foundation.printing import printer

    data = printer().pdf(receipts.as_said(row), "en" if language == "en" else "fr")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{receipts.number_of(row)}.pdf"'
    return response


def _secret(response: HttpResponse) -> HttpResponse:
    """Kept by nobody. Its address is told to no other site: the whole house says so (`SECURE_REFERRER_POLICY`)."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def _ways() -> list[tuple[str, str]]:
    found = [("transfer", _("Bank transfer: no fee, and nobody between us"))]
    return found + [(name, str(LABELS.get(name, name))) for name in clients()]


def _title(way: str) -> str:
    return TITLES.get(way, way)


def _asked_kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in queries.KINDS.values else str(queries.KINDS.DONATION)


def _wanted(said: dict[str, Any]) -> actions.Wanted:
    client = clients().get(said["way"])
    every = said["every"] or ""
    finite = every and client is not None and not client.abilities.has_open_terms
    who = {name: said[name] for name in GiveForm.WHO if name in said} if said.get("wants_receipt") else {}
    giver = actions.GiverSaid(
        language="fr" if get_language() == "fr" else "en",
        email=said["email"],
        wants_receipt=bool(said.get("wants_receipt")),
        **who,
    )
    return actions.Wanted(
        said["fund"],
        said["amount"],
        said["kind"],
        said["way"],
        every=every,
        times=TIMES[every] if finite else None,
        due_on=said["due_on"] if said["kind"] == queries.KINDS.PLEDGE else None,
        tip_minor=said["tip"],
        giver=giver,
    )


@dataclass(frozen=True, slots=True)
class _Account:
    name: str
    iban: str
    bic: str
    is_real: bool


def _account(currency: str = "EUR") -> _Account:
    """Where transfers go: as the settings say, else the account of the books, else an example."""
    identity, kept = settings.FOUNDATION, queries.our_account(currency)
    if kept is not None and not identity.is_real:
        return _Account(kept.holder, kept.iban, kept.bic, is_real=kept.iban != TEST_IBAN)
    return _Account(identity.name, identity.iban, identity.bic, identity.is_real)


def _gift(row: Any) -> dict[str, Any]:
    parts = list(row.parts.all())
    tip = sum(one.minor for one in parts if one.what == "tip")
    return {
        "gift": row,
        "amount": money(row.promised, row.currency),
        "tip": money(tip, row.currency) if tip else "",
        "fund_title": pick(row.fund.title, get_language() or "en").value or row.fund.slug,
        "fund_url": reverse("foundation:fund", args=(row.fund.slug,)),
        "came": money(row.came, row.currency),
    }


def _way(row: Any, pay_ins: list[Any]) -> dict[str, Any]:
    """How the gift is paid: our account, or how it stands with its provider."""
    if row.way == "transfer":
        return {"transfer": _transfer(row), "may_stop": row.every and row.stopped_at is None}
    provider, stage = _title(row.way), gift_standing.stage_of(row, pay_ins, timezone.now())
    stop = queries.stop_of(row) if stage == "stopped" else None
    return {
        "provider": provider,
        "stage": stage,
        "stopped": gift_standing.stopped(stop, provider, row.way) if stage == "stopped" else None,
        "follows": gift_standing.follows(row, pay_ins, provider) if stage == "goes-on" else "",
        "waits": gift_standing.waits(pay_ins, provider) if stage == "waits" else "",
        "may_stop": row.every and stage not in {"stopped", "over"},
        "is_untried": row.way not in RUN_LIVE,
        "give_url": reverse("foundation:give-to", args=(row.fund.slug,)),
    }


def _transfer(row: Any) -> dict[str, Any]:
    account = _account(row.currency)
    return {
        "name": account.name,
        "iban": format_iban(account.iban),
        "bic": account.bic,
        "reference": format_reference(row.reference),
        "code": _code(row, account),
        "is_example": not account.is_real,
    }


def _code(row: Any, account: _Account) -> DrawnCode | None:
    """The code that fills in a transfer; None for what it cannot say (another currency than euros)."""
    asked = TransferRequest(
        account.name[:70], account.iban, Money(row.promised, row.currency), row.reference, bic=account.bic
    )
    try:
        return draw_code(payload(asked))
    except CannotOrder:
        return None


def _receipt(token: str, row: Any) -> dict[str, Any]:
    number = receipts.number_of(row)
    return {
        "number": number,
        "amount": money(row.minor, "EUR"),
        "cancelled_on": row.cancelled_on,
        "url": reverse("foundation:gift-receipt", args=(token, number)),
    }

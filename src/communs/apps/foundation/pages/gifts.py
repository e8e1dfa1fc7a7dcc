"""Money in, for those who hold an office: gifts, what came of them, refunds that two people decide, agreements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communs.apps.foundation.actions import agreements as agreement_actions
from communs.apps.foundation.actions import back
from communs.apps.foundation.forms.giving import AgreementForm, RefundForm
from communs.apps.foundation.pages.answering import Crumb, answering, fund_title, inside, money
from communs.apps.foundation.pages.giving import TONES, pdf
from communs.apps.foundation.queries import gifts as queries
from communs.apps.foundation.queries import receipts
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit.gates import NotThere
from communs.kit.paging import read_page
from communs.kit.tables import csv_lines
from communs.kit.texts import pick

COLUMNS: Final = (
    "gift", "made_at", "kind", "way", "every", "fund", "currency", "promised_minor", "came_minor", "reference",
)  # fmt: skip
EXPORT_MAX: Final = 100_000
REFUND_TONES: Final = {"requested": "ask", "submitted": "ask", "succeeded": "yes", "failed": "no"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Gifts, the latest first: of one kind or way, those without money, what a search finds."""
    require(request.user, Duty.LOOK)
    rows = _asked(request)
    page = read_page(request.GET.get("page"), rows.count())
    kept = {name: request.GET.get(name, "") for name in ("q", "kind", "came") if request.GET.get(name)}
    context = {
        "rows": [_row(one) for one in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "query": urlencode(kept),
        "text": request.GET.get("q", ""),
        "kinds": [(one.value, one.label, one.value == request.GET.get("kind")) for one in queries.KINDS],
        "is_waiting": request.GET.get("came") == "no",
        "is_filtered": bool(kept),
        "flow": queries.flow(),
        "strays": [_stray(one) for one in queries.strays()[: page.rows]],
        "refunds": [_refund(one) for one in queries.open_refunds()[: page.rows]],
        "exports": [
            ("CSV", reverse("foundation:gifts-csv") + f"?{urlencode(kept)}"),
            ("JSON", reverse("foundation:gifts-json") + f"?{urlencode(kept)}"),
        ],
        "crumbs": inside(_("Gifts"), ""),
    }
    return render(request, "foundation/gifts/list.html", context)


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV, without names and addresses."""
    require(request.user, Duty.LOOK)
    rows = (tuple(row[name] for name in COLUMNS) for row in _told(request))
    response = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="gifts.csv"'
    return response


@require_GET
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """The list as JSON, without names and addresses."""
    require(request.user, Duty.LOOK)
    return StreamingHttpResponse(_as_json(_told(request)), content_type="application/json")


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One gift: who gave, what came, payment by payment, and what became of it."""
    gift = queries.get_gift(request.user, public_id)
    duties = duties_of(request.user)
    context = {
        **_row(gift),
        "pay_ins": [_payment(one) for one in queries.pay_ins_of(gift)],
        "receipts": [_receipt(one) for one in receipts.of_gift(gift)],
        "may_keep": Duty.KEEP in duties,
        "may_approve": Duty.APPROVE in duties,
        "crumbs": [*_home(), (gift.reference, "")],
    }
    return render(request, "foundation/gifts/detail.html", context)


@answering
def refund_new(request: HttpRequest, number: int) -> HttpResponse:
    """Propose to give a payment back, or a part of it."""
    pay_in = queries.get_pay_in(request.user, number)
    left = receipts.left_of(pay_in)
    form = RefundForm(request.POST or None, initial={"amount": f"{left / 100:.2f}"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = back.propose(request.user, said["token"], number, said["amount"], said["reason"], timezone.now())
        messages.success(request, _("Proposed. A member of the board has to approve it."))
        return redirect("foundation:refund", made.public_id)
    context = {
        "form": form,
        "left": money(left, pay_in.currency),
        "gift_url": _gift_url(pay_in.gift),
        "crumbs": [*_home(), (_("Give back"), "")],
    }
    return render(request, "foundation/gifts/refund_new.html", context)


@answering
def refund(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One refund, and the two things that can be done about it."""
    row = queries.get_refund(request.user, public_id)
    if request.method == "POST":
        if "approve" in request.POST:
            back.approve(request.user, public_id, timezone.now())
            messages.success(request, _("Approved. The money is held, and goes back."))
        else:
            back.refuse(request.user, public_id, timezone.now())
            messages.success(request, _("It is not given back."))
        return redirect("foundation:refund", public_id)
    is_open = row.state == "requested" and row.approved_at is None
    duties = duties_of(request.user)
    context = {
        **_refund(row),
        "may_approve": is_open and Duty.APPROVE in duties and row.proposed_by_id != request.user.pk,
        "may_refuse": is_open and (Duty.APPROVE in duties or row.proposed_by_id == request.user.pk),
        "to_pay_out": row.pay_in.provider == "bank" and row.state == "succeeded",
        "crumbs": [*_home(), (_("Give back"), "")],
    }
    return render(request, "foundation/gifts/refund.html", context)


@require_POST
@answering
def dispute_lost(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a dispute is lost, where the provider has no word for it."""
    back.lose(request.user, number, timezone.now())
    messages.success(request, _("The dispute is lost, and the books say so."))
    return redirect("foundation:gifts")


@require_GET
def receipt(request: HttpRequest, public_id: UUID, number: str) -> HttpResponse:
    """A receipt as PDF."""
    gift = queries.get_gift(request.user, public_id)
    found = next((one for one in receipts.of_gift(gift) if receipts.number_of(one) == number), None)
    if found is None:
        raise NotThere
    response = pdf(found, request.GET.get("language", ""))
    response["Cache-Control"] = "no-store, private"
    return response


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements with public funders."""
    require(request.user, Duty.LOOK)
    rows = queries.agreements()
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        "rows": [_agreement(one) for one in rows[page.offset : page.offset + page.rows]],
        "page": page,
        "query": "",
        "may_keep": Duty.KEEP in duties_of(request.user),
        "crumbs": [*_home(), (_("Agreements"), "")],
    }
    return render(request, "foundation/gifts/agreements.html", context)


@answering
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Write down what a public funder and the foundation agree on."""
    require(request.user, Duty.KEEP)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = agreement_actions.propose(
            request.user, form.cleaned_data["token"], _agreement_said(form.cleaned_data), timezone.now()
        )
        messages.success(request, _("Proposed. Two members of the board approve it; then its fund opens."))
        return redirect("foundation:agreement", row.public_id)
    crumbs = [*_home(), (_("Agreements"), reverse("foundation:agreements")), (_("New agreement"), "")]
    return render(request, "foundation/gifts/agreement_new.html", {"form": form, "crumbs": crumbs})


@answering
def agreement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One agreement: what it says, who approved it, and how its money comes in."""
    row = queries.get_agreement(request.user, public_id)
    if request.method == "POST":
        verb = agreement_actions.approve if "approve" in request.POST else agreement_actions.refuse
        step = verb(request.user, public_id, timezone.now())
        messages.success(request, _("Approved: its fund is open.") if step.gift_id else step.get_what_display())
        return redirect("foundation:agreement", public_id)
    said = {step.person_id for step in row.steps.all()}
    gift = queries.gift_of_agreement(row)
    context = {
        **_agreement(row),
        "may_decide": Duty.APPROVE in duties_of(request.user)
        and request.user.pk not in {*said, row.proposed_by_id}
        and not _is_decided(row),
        "gift": gift,
        "came": money(getattr(gift, "came", 0), row.currency) if gift else "",
        "gift_url": _gift_url(gift),
        "crumbs": [*_home(), (_("Agreements"), reverse("foundation:agreements")), (row.slug, "")],
    }
    return render(request, "foundation/gifts/agreement.html", context)


def _agreement_said(said: dict[str, Any]) -> agreement_actions.AgreementSaid:
    return agreement_actions.AgreementSaid(
        slug=said["slug"],
        titles={"en": said["title_en"], "fr": said["title_fr"]},
        purposes={"en": said["purpose_en"], "fr": said["purpose_fr"]},
        eligible=said["eligible"],
        funder=said["funder"],
        convention=said["convention"],
        return_clause=said["return_clause"],
        tranches=said["tranches"],
        opens_on=said["opens_on"],
        closes_on=said["closes_on"],
    )


def _asked(request: HttpRequest) -> Any:
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    rows = queries.gifts(queries.search(text) if text else None)
    if kind in queries.KINDS.values:
        rows = rows.filter(kind=kind)
    if request.GET.get("came") == "no":
        rows = queries.nothing_came(rows)
    return rows.distinct()


def _row(gift: Any) -> dict[str, Any]:
    return {
        "gift": gift,
        "url": _gift_url(gift),
        "amount": money(gift.promised, gift.currency),
        "came": money(gift.came, gift.currency),
        "fund_title": fund_title(gift.fund),
    }


def _payment(pay_in: Any) -> dict[str, Any]:
    return {
        "pay_in": pay_in,
        "amount": money(pay_in.minor, pay_in.currency),
        "label": pay_in.get_state_display(),
        "tone": TONES.get(pay_in.state, ""),
        "steps": list(pay_in.steps.all()),
        "refunds": [_refund(one) for one in pay_in.refunds.all()],
        "disputes": [
            {"it": one, "amount": money(one.minor, pay_in.currency), "lost": money(one.lost_minor, pay_in.currency)}
            for one in pay_in.disputes.all()
        ],
        "entries": [(one.what, one.entry) for one in pay_in.entries.all()],
        "is_there": pay_in.state in queries.HAS_MONEY,
    }


def _refund(row: Any) -> dict[str, Any]:
    return {
        "refund": row,
        "amount": money(row.minor, row.pay_in.currency),
        "lost": money(row.lost_minor, row.pay_in.currency) if row.lost_minor else "",
        "label": row.get_state_display(),
        "tone": REFUND_TONES.get(row.state, ""),
        "url": reverse("foundation:refund", args=(row.public_id,)),
        "gift_url": _gift_url(row.pay_in.gift),
    }


def _stray(pay_in: Any) -> dict[str, Any]:
    return {
        "pay_in": pay_in,
        "amount": money(pay_in.minor, pay_in.currency),
        "label": pay_in.get_state_display(),
        "gift_url": _gift_url(pay_in.gift),
    }


def _receipt(row: Any) -> dict[str, Any]:
    return {"number": receipts.number_of(row), "amount": money(row.minor, "EUR"), "cancelled_on": row.cancelled_on}


def _agreement(row: Any) -> dict[str, Any]:
    tranches = list(row.tranches.all())
    return {
        "row": row,
        "title": pick(row.title, get_language() or "en").value or row.slug,
        "purpose": pick(row.purpose, get_language() or "en").value,
        "amount": money(sum(one.minor for one in tranches), row.currency),
        "tranches": [(one.due_on, money(one.minor, row.currency)) for one in tranches],
        "steps": list(row.steps.all()),
        "is_open": row.approvals >= 2,
        "is_refused": row.refusals > 0,
        "url": reverse("foundation:agreement", args=(row.public_id,)),
    }


def _is_decided(row: Any) -> bool:
    return bool(row.approvals >= 2 or row.refusals)


def _told(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for one in _asked(request)[:EXPORT_MAX].iterator(chunk_size=2000):
        yield {
            "gift": str(one.public_id),
            "made_at": one.made_at.isoformat(),
            "kind": one.kind,
            "way": one.way,
            "every": one.every,
            "fund": one.fund.slug,
            "currency": one.currency,
            "promised_minor": one.promised,
            "came_minor": one.came,
            "reference": one.reference,
        }


def _as_json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _gift_url(gift: Any) -> str:
    return reverse("foundation:gift-kept", args=(gift.public_id,)) if gift is not None else ""


def _home() -> list[Crumb]:
    return inside(_("Gifts"), "gifts")

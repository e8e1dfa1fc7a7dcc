"""Money in, for those who hold an office: gifts, what came of them, refunds that two people decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from communs.apps.foundation.actions import back, stopping
from communs.apps.foundation.forms.giving import RefundForm
from communs.apps.foundation.pages.answering import Crumb, answering, fund_title, inside, money, said_in
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.gift_standing import TONES
from communs.apps.foundation.pages.giving import pdf
from communs.apps.foundation.payment_clients import TITLES
from communs.apps.foundation.queries import gifts as queries
from communs.apps.foundation.queries import giving_back, pay_ins, receipts
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.giving_back import Standing
from communs.apps.foundation.queries.payouts import payouts
from communs.kit.gates import NotThere
from communs.kit.paging import read_page

COLUMNS: Final = (
    "gift", "made_at", "kind", "way", "every", "fund", "currency", "promised_minor", "came_minor", "reference",
)  # fmt: skip
STANDINGS: Final = {
    Standing.PROPOSED: gettext_lazy("proposed"),
    Standing.APPROVED: gettext_lazy("approved, to be asked of the provider"),
    Standing.OWED: gettext_lazy("owed"),
    Standing.ON_ITS_WAY: gettext_lazy("on its way"),
    Standing.PAID_BACK: gettext_lazy("paid back"),
    Standing.FAILED: gettext_lazy("not given back"),
}
REFUND_TONES: Final = {
    "proposed": "ask", "approved": "ask", "owed": "ask", "on-its-way": "ask", "paid-back": "yes", "failed": "no",
}  # fmt: skip


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
        "strays": pay_ins.outside().count(),
        "stops": [
            {"it": one, "url": _gift_url(one.gift), "way": way_of(one.gift.way)}
            for one in queries.not_stopped()[: page.rows]
        ],
        "doubts": pay_ins.outside(pay_ins.Asked("doubtful")).count(),
        "refunds": _refunds(giving_back.not_paid_back()[: page.rows]),
        "exports": links_to("gifts-export", query=urlencode(kept)),
        "crumbs": inside(_("Gifts"), ""),
    }
    return render(request, "foundation/gifts/list.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list as CSV or JSON, without names and addresses."""
    require(request.user, Duty.LOOK)
    return exported(form, "gifts", COLUMNS, _told(request))


@require_GET
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One gift: who gave, what came, payment by payment, and what became of it."""
    gift = queries.get_gift(request.user, public_id)
    duties = duties_of(request.user)
    context = {
        **_row(gift),
        "pay_ins": [_payment(one) for one in queries.pay_ins_of(gift)],
        "receipts": [_receipt(one) for one in receipts.of_gift(gift)],
        "stop": queries.stop_of(gift),
        "may_stop": Duty.KEEP in duties and _may_be_stopped(gift),
        "may_keep": Duty.KEEP in duties,
        "may_approve": Duty.APPROVE in duties,
        "crumbs": [*_home(), (gift.reference, "")],
    }
    return render(request, "foundation/gifts/detail.html", context)


@answering
def refund_new(request: HttpRequest, number: int) -> HttpResponse:
    """Propose to give a payment back, or a part of it."""
    pay_in = queries.get_pay_in(request.user, number)
    waiting = _refunds(pay_in.refunds.filter(state__in=queries.REFUND_OPEN))
    left = max(0, receipts.left_of(pay_in) - sum(one["refund"].minor for one in waiting))
    form = RefundForm(request.POST or None, initial={"amount": f"{left / 100:.2f}"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with said_in(form):
            made = back.propose(request.user, said["token"], number, said["amount"], said["reason"], timezone.now())
            messages.success(request, _("Proposed. A member of the board has to approve it."))
            return redirect("foundation:refund", made.public_id)
    context = {
        "form": form,
        "left": money(left, pay_in.currency),
        "waiting": waiting,
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
        "came": money(row.pay_in.minor, row.pay_in.currency),
        "payment": row.pay_in,
        "way": way_of(row.pay_in.provider),
        "gift": row.pay_in.gift,
        "fund_title": fund_title(row.pay_in.gift.fund) if row.pay_in.gift else "",
        "others": [
            one for one in _refunds(row.pay_in.refunds.exclude(pk=row.pk)) if one["standing"] != Standing.FAILED
        ],
        "may_approve": is_open and Duty.APPROVE in duties and row.proposed_by_id != request.user.pk,
        "may_refuse": is_open and (Duty.APPROVE in duties or row.proposed_by_id == request.user.pk),
        "to_pay_out": _refund(row)["standing"] == Standing.OWED,
        "may_keep": Duty.KEEP in duties,
        "payees": giving_back.payees_of(row),
        "payouts": list(payouts().filter(payee__refund=row).order_by("pk")),
        "crumbs": [*_home(), (_("Give back"), "")],
    }
    return render(request, "foundation/gifts/refund.html", context)


@require_POST
@answering
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say for who gives that no more will come; have a provider that refused asked once more."""
    gift = stopping.stop_for(request.user, public_id, timezone.now())
    if queries.stop_of(gift) is None:
        messages.success(request, _("Nothing more is expected of this gift, and no reminder is written."))
    else:
        said = _("{provider} is asked to take no more. This page says when it has stopped.")
        messages.success(request, said.format(provider=way_of(gift.way)))
    return redirect("foundation:gift-kept", public_id)


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
        "way": way_of(gift.way),
    }


def _may_be_stopped(gift: Any) -> bool:
    """Whether a gift repeats, and nobody has said that it ends, or its provider has refused to end it."""
    if not gift.every:
        return False
    made = queries.stop_of(gift)
    return gift.stopped_at is None or (made is not None and made.state == "refused")


def way_of(name: str) -> str:
    """How money came, in words: by transfer, or the name of a provider."""
    return _("Transfer") if name in {"transfer", "bank"} else str(TITLES.get(name, name))


def _payment(pay_in: Any) -> dict[str, Any]:
    return {
        "pay_in": pay_in,
        "way": way_of(pay_in.provider),
        "amount": money(pay_in.minor, pay_in.currency),
        "label": pay_in.get_state_display(),
        "tone": TONES.get(pay_in.state, ""),
        "steps": list(pay_in.steps.all()),
        "refunds": _refunds(pay_in.refunds.all()),
        "disputes": [
            {"it": one, "amount": money(one.minor, pay_in.currency), "lost": money(one.lost_minor, pay_in.currency)}
            for one in pay_in.disputes.all()
        ],
        "entries": [(one.what, one.entry) for one in pay_in.entries.all()],
        "is_there": pay_in.state in queries.HAS_MONEY,
    }


def _refunds(rows: Iterable[Any]) -> list[dict[str, Any]]:
    shown = list(rows)
    standings = giving_back.standings_of(shown)
    return [_refund(one, standings[one.pk]) for one in shown]


def _refund(row: Any, standing: Standing | None = None) -> dict[str, Any]:
    """A refund as pages show it. `standing`: where it was read for many at once."""
    stands = standing or giving_back.standings_of([row])[row.pk]
    return {
        "standing": stands,
        "refund": row,
        "amount": money(row.minor, row.pay_in.currency),
        "lost": money(row.lost_minor, row.pay_in.currency) if row.lost_minor else "",
        "label": STANDINGS[stands],
        "tone": REFUND_TONES.get(stands, ""),
        "url": reverse("foundation:refund", args=(row.public_id,)),
        "gift_url": _gift_url(row.pay_in.gift),
    }


def _receipt(row: Any) -> dict[str, Any]:
    return {"number": receipts.number_of(row), "amount": money(row.minor, "EUR"), "cancelled_on": row.cancelled_on}


def _told(request: HttpRequest) -> Iterator[tuple[Any, ...]]:
    for one in _asked(request)[:EXPORT_MAX].iterator(chunk_size=2000):
        yield (
            str(one.public_id),
            one.made_at.isoformat(),
            one.kind,
            one.way,
            one.every,
            one.fund.slug,
            one.currency,
            one.promised,
            one.came,
            one.reference,
        )


def _gift_url(gift: Any) -> str:
    return reverse("foundation:gift-kept", args=(gift.public_id,)) if gift is not None else ""


def _home() -> list[Crumb]:
    return inside(_("Gifts"), "gifts")

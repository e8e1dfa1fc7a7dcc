"""Payments on a provider's own pages, for those who keep the books: the list, many at once, one with suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from communs.apps.foundation.actions import identifying
from communs.apps.foundation.forms.pay_ins import AttachForm, MakeGiftForm
from communs.apps.foundation.pages.answering import Crumb, answering, fund_title, inside, money
from communs.apps.foundation.pages.exporting import EXPORT_MAX, exported, links_to
from communs.apps.foundation.pages.filtering import day_in, minor_in, numbers_in, one_of, query_of, text_in
from communs.apps.foundation.payment_clients import TITLES
from communs.apps.foundation.queries import pay_ins as queries
from communs.apps.foundation.queries.bank import fund_choices
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.kit.paging import PageOf, read_page

NAMES: Final = ("q", "standing", "place", "amount", "from", "to")
COLUMNS: Final = (
    "number", "provider", "object", "form", "state", "came_on", "amount_minor", "currency", "standing", "gift",
)  # fmt: skip
STANDINGS: Final = {
    "waiting": gettext_lazy("to be identified"),
    "doubtful": gettext_lazy("somebody has to look"),
    "identified": gettext_lazy("identified"),
    "back": gettext_lazy("paid back"),
    "all": gettext_lazy("all of them"),
}
TONES: Final = {"waiting": "ask", "doubtful": "ask", "identified": "yes", "back": ""}
REASONS: Final = {
    "email": gettext_lazy("the same e-mail address"),
    "amount": gettext_lazy("the same amount"),
    "name": gettext_lazy("the same name"),
    "way": gettext_lazy("the same provider"),
    "form": gettext_lazy("the fund of this campaign"),
}


@answering
def listing(request: HttpRequest) -> HttpResponse:
    """Payments from elsewhere; those that are ticked are made gifts for one fund."""
    require(request.user, Duty.LOOK)
    may_keep = Duty.KEEP in duties_of(request.user)
    form = MakeGiftForm(request.POST or None, funds=fund_choices(), initial=_usual(request)) if may_keep else None
    asked = _asked(request)
    found = queries.outside(asked)
    page = read_page(request.GET.get("page"), found.count())
    if request.method == "POST" and form is not None and form.is_valid():
        picked = numbers_in(request, "all" if "everything" in request.POST else "pick", page.rows)
        if picked:
            return _made_many(request, picked, form)
        form.add_error(None, _("Nothing is ticked."))
    rows = [row_of(one) for one in found[page.offset : page.offset + page.rows]]
    return render(request, "foundation/pay_ins/list.html", _list_context(request, asked, page, rows, form))


def _list_context(
    request: HttpRequest, asked: queries.Asked, page: PageOf, rows: list[dict[str, Any]], form: MakeGiftForm | None
) -> dict[str, Any]:
    query = query_of(request.GET, NAMES)
    places = [("", _("all of them"))] + [
        (_place(provider, form_), f"{TITLES.get(provider, provider)} {form_} ({n})")
        for provider, form_, n in queries.places()
    ]
    return {
        "rows": rows,
        "page": page,
        "query": query,
        "asked": {name: request.GET.get(name, "") for name in NAMES},
        "is_filtered": bool(query),
        "clear_url": reverse("foundation:pay-ins"),
        "text_label": _("Who paid, or number of the payment"),
        "choices": [
            {
                "name": "standing", "label": _("How they stand"), "chosen": asked.standing,
                "options": list(STANDINGS.items()),
            },
            {"name": "place", "label": _("Campaign"), "chosen": request.GET.get("place", ""), "options": places},
        ],
        "form": form if any(row["waits"] for row in rows) else None,
        "waiting": sum(row["waits"] for row in rows),
        "exports": links_to("pay-ins-export", query=query),
        "crumbs": [*_home(), (_("Payments from elsewhere"), "")],
    }  # fmt: skip


def _made_many(request: HttpRequest, picked: list[int], form: MakeGiftForm) -> HttpResponse:
    wanted = identifying.GiftWanted(form.cleaned_data["fund"], form.cleaned_data["kind"])
    done = identifying.make_gifts(request.user, picked, wanted, timezone.now())
    there = {one.pk: row_of(one) for one in queries.outside(queries.Asked("all")).filter(pk__in=picked)}
    title = dict(fund_choices()).get(wanted.fund, wanted.fund)
    rows = [
        {
            "title": there[one.number]["amount"] if one.number in there else str(one.number),
            "url": reverse("foundation:pay-in", args=(one.number,)),
            "problem": one.problem,
            "said": _("a gift for {fund}").format(fund=title),
        }
        for one in done
    ]
    context = {
        "title": _("Made gifts of payments"),
        "rows": rows,
        "done": sum(not one.problem for one in done),
        "back": f"{reverse('foundation:pay-ins')}?{query_of(request.GET, NAMES)}",
        "crumbs": [*_home(), (_("Payments from elsewhere"), reverse("foundation:pay-ins")), (_("Done"), "")],
    }
    return render(request, "foundation/keeping/done.html", context)


@answering
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One payment: what the provider says, whose it may be and why, and what can be done."""
    found = queries.get_outside(request.user, number)
    row = row_of(found)
    may_say = row["waits"] and Duty.KEEP in duties_of(request.user)
    verb = request.POST.get("do", "") if may_say else ""
    usual = queries.usual_fund(found.provider, found.form)
    attach = AttachForm(request.POST if verb == "attach" else None)
    make = MakeGiftForm(
        request.POST if verb == "make" else None, funds=fund_choices(), initial=_first(usual)
    )  # fmt: skip
    if verb == "forget":
        identifying.forget_payer(request.user, number)
        messages.success(request, _("Erased: the payment stays, without who paid it."))
        return redirect("foundation:pay-in", number)
    if verb and _identified(request, number, attach if verb == "attach" else make):
        messages.success(request, _("Identified, and posted in the books."))
        return redirect(reverse("foundation:pay-ins") + f"?{query_of(request.GET, NAMES)}")
    context = {
        **row,
        "attach": attach if may_say else None,
        "make": make if may_say else None,
        "usual": usual and {"fund": fund_title(usual.fund), "count": usual.count},
        "suggestions": [_suggestion(one) for one in (queries.suggest(found) if may_say else [])],
        "refunds": list(found.refunds.order_by("pk")),
        "disputes": [(one, money(one.minor, found.currency)) for one in found.disputes.order_by("pk")],
        "may_approve": Duty.APPROVE in duties_of(request.user),
        "crumbs": [
            *_home(), (_("Payments from elsewhere"), reverse("foundation:pay-ins")), (row["amount"], ""),
        ],
    }  # fmt: skip
    return render(request, "foundation/pay_ins/detail.html", context)


def _identified(request: HttpRequest, number: int, form: AttachForm | MakeGiftForm) -> bool:
    if not form.is_valid():
        return False
    now, said = timezone.now(), form.cleaned_data
    if isinstance(form, AttachForm):
        identifying.attach(request.user, number, said["reference"], now)
    else:
        identifying.make_gift(request.user, number, identifying.GiftWanted(said["fund"], said["kind"]), now)
    return True


@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The list as CSV or JSON, without who paid."""
    require(request.user, Duty.LOOK)
    return exported(form, "payments-from-elsewhere", COLUMNS, _told(request))


def _told(request: HttpRequest) -> Iterator[tuple[Any, ...]]:
    for one in queries.outside(_asked(request))[:EXPORT_MAX].iterator(chunk_size=2000):
        yield (
            one.pk,
            one.provider,
            one.object_id,
            one.form,
            one.state,
            one.came_on.isoformat() if one.came_on else "",
            one.minor,
            one.currency,
            _standing(one),
            str(one.gift.public_id) if one.gift else "",
        )


def _asked(request: HttpRequest) -> queries.Asked:
    """The filters of the address. A place is a provider and one of its forms, with a space between."""
    provider, _space, form = text_in(request.GET, "place").partition(" ")
    return queries.Asked(
        one_of(request.GET, "standing", STANDINGS, "waiting"), provider, form, text_in(request.GET, "q"),
        day_in(request.GET, "from"), day_in(request.GET, "to"), minor_in(request.GET, "amount"),
    )  # fmt: skip


def _place(provider: str, form: str) -> str:
    return f"{provider} {form}".strip()


def _usual(request: HttpRequest) -> dict[str, Any]:
    asked = _asked(request)
    return _first(queries.usual_fund(asked.provider, asked.form))


def _first(usual: queries.Usual | None) -> dict[str, Any]:
    return {"fund": usual.fund.slug} if usual else {}


def _standing(pay_in: Any) -> str:
    if pay_in.doubt:
        return "doubtful"
    if pay_in.gift_id is not None:
        return "identified"
    return "back" if pay_in.back >= pay_in.minor else "waiting"


def row_of(pay_in: Any) -> dict[str, Any]:
    """A payment as a list shows it. `pay_in`: of `queries.outside`."""
    standing, payer = _standing(pay_in), getattr(pay_in, "payer", None)
    return {
        "pay_in": pay_in,
        "provider": TITLES.get(pay_in.provider, pay_in.provider),
        "amount": money(pay_in.minor, pay_in.currency),
        "left": pay_in.back and money(max(0, pay_in.minor - pay_in.back), pay_in.currency),
        "standing": STANDINGS[standing],
        "tone": TONES[standing],
        "waits": standing == "waiting",
        "payer": payer and " · ".join(filter(None, (payer.name, payer.email))),
        "url": reverse("foundation:pay-in", args=(pay_in.pk,)),
        "gift_url": reverse("foundation:gift-kept", args=(pay_in.gift.public_id,)) if pay_in.gift else "",
    }


def _suggestion(one: queries.Likely) -> dict[str, Any]:
    giver = getattr(one.gift, "giver", None)
    return {
        "reference": one.gift.reference,
        "title": money(getattr(one.gift, "promised", 0), one.gift.currency) + f" · {fund_title(one.gift.fund)}",
        "name": " ".join(filter(None, (giver.given_names, giver.name))) if giver else "",
        "made_at": one.gift.made_at,
        "url": reverse("foundation:gift-kept", args=(one.gift.public_id,)),
        "reasons": ", ".join(str(REASONS[name]) for name in one.reasons),
    }


def _home() -> list[Crumb]:
    return inside(_("Gifts"), "gifts")

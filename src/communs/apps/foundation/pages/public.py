"""The public accounts: what is held and for whom, what is unspent, how it was verified, and the log's own files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.foundation import logfiles
from communs.apps.foundation.exporting import FORMS
from communs.apps.foundation.pages.funds import crumbs, fund_title
from communs.apps.foundation.pages.public_words import account_kind, commons_names, held_title, money
from communs.apps.foundation.queries import proof, public
from communs.core.ledger import Custody, Unspent
from communs.kit import formats
from communs.kit.tables import csv_lines

ROWS_SHOWN: Final = 12
CHECKPOINTS_SHOWN: Final = 20
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_MINUTE: Final = "public, max-age=60"
UNSPENT_COLUMNS: Final = (
    "fund", "currency", "opening", "received", "returned", "spent", "moved_in", "moved_out", "exchanged", "closing",
)  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    """What the foundation holds, for whom, and how anyone can check it."""
    held = public.held()
    context = {
        "entries": public.number_of_entries(),
        "currencies": [_custody(one) for one in held],
        "verification": _verification(),
        "checkpoint": proof.latest_checkpoint(),
        "largest": [said for one in held for said in _largest(one.currency)],
        "export_forms": _export_links(),
    }
    return render(request, "foundation/public/home.html", context)


def unspent(request: HttpRequest) -> HttpResponse:
    """What restricted funds still have at the end of a year."""
    years, year = public.years(), _year(request)
    rows = public.unspent_of(date(year, 1, 1), date(year, 12, 31))
    titles = {fund.slug: fund_title(fund) for fund in public.funds()[: public.FUNDS_MAX]} if rows else {}
    context = {
        "year": year,
        "years": [(str(one), f"?year={one}", one == year) for one in years],
        "rows": [_unspent(row, titles.get(fund.id, fund.id)) for fund, row in rows],
        "links": [("CSV", f"{reverse('foundation:unspent-export')}?year={year}")],
        "crumbs": crumbs(),
    }
    return render(request, "foundation/public/unspent.html", context)


def unspent_export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, in smallest units."""
    year = _year(request)
    found = public.unspent_of(date(year, 1, 1), date(year, 12, 31))
    cells = ([getattr(row, name) for name in UNSPENT_COLUMNS] for _fund, row in found)
    response = HttpResponse("".join(csv_lines(UNSPENT_COLUMNS, cells)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unspent-{year}.csv"'
    return response


def verifying(request: HttpRequest) -> HttpResponse:
    """How the books are verified, what the last verification found, the log, its key and its checkpoints."""
    context = {
        "verification": _verification(),
        "entries": public.number_of_entries(),
        "in_log": proof.number_of_leaves(),
        "key": proof.public_key(),
        "cosigned_by": proof.cosigned_by(),
        "cosigners": [key.name for key in logfiles.cosigners()],
        "checkpoints": proof.checkpoints(CHECKPOINTS_SHOWN),
        "log_url": reverse("log-file", args=["checkpoint"]).removesuffix("checkpoint"),
        "crumbs": crumbs(),
    }
    return render(request, "foundation/public/verifying.html", context)


def log_file(_request: HttpRequest, name: str) -> HttpResponse:
    """A file of the log as it is. Full and partial tiles never change; checkpoints may get co-signatures."""
    data = logfiles.folder().read(name)
    if data is None:
        raise Http404
    is_text = logfiles.CHANGING.fullmatch(name) is not None
    response = HttpResponse(data, content_type="text/plain; charset=utf-8" if is_text else "application/octet-stream")
    response["Cache-Control"] = FOR_A_MINUTE if is_text else FOR_EVER
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and 1970 <= int(asked[:5]) <= 9998 else timezone.localdate().year


def _verification() -> dict[str, Any] | None:
    found = proof.last_verification()
    if found is None:
        return None
    return {"made_at": found.made_at, "entries": found.entries, "number": found.number, "problems": found.problems}


def _custody(one: Custody) -> dict[str, Any]:
    """Both sides of the equation; rows beyond the twelfth stand together."""
    names = public.account_rows(one.held)
    held = [(held_title(names[name]), minor) for name, minor in one.held.items()]
    funds = {fund.slug: fund_title(fund) for fund in public.funds().filter(slug__in=list(one.owed_to_funds))}
    owed = [(funds.get(name, name), minor) for name, minor in one.owed_to_funds.items()]
    others = [(account_kind(kind), minor) for kind, minor in one.owed_to_others.items() if minor]
    return {
        "currency": one.currency,
        "held": money(one.held_minor, one.currency),
        "owed": money(one.owed_minor, one.currency),
        "holds": one.holds,
        "held_rows": _rows(held, one.currency),
        "owed_rows": _rows(owed, one.currency, _("Other funds")) + _rows(others, one.currency),
    }


def _rows(found: list[tuple[str, int]], currency: str, rest: str = "") -> list[tuple[str, str]]:
    ordered = sorted(((title, minor) for title, minor in found if minor), key=lambda row: (-row[1], row[0]))
    shown = [(title, money(minor, currency)) for title, minor in ordered[:ROWS_SHOWN]]
    more = sum(minor for _title, minor in ordered[ROWS_SHOWN:])
    return [*shown, (rest or _("Others"), money(more, currency))] if len(ordered) > ROWS_SHOWN else shown


def _largest(currency: str) -> list[str]:
    """How much depends on one funder, and how much went to one commons."""
    said = []
    if (funder := public.largest_funder(currency)) is not None:
        said.append(
            _("The largest funder, {name}, gave {share} of all that came in ({amount}).").format(
                name=funder.name, share=_part(funder), amount=money(funder.minor, currency)
            )
        )
    if (recipient := public.largest_recipient(currency)) is not None:
        name = commons_names([recipient.name]).get(recipient.name, recipient.name)
        said.append(
            _("The largest recipient, {name}, was granted {share} of all grants ({amount}).").format(
                name=name, share=_part(recipient), amount=money(recipient.minor, currency)
            )
        )
    return said


def _part(found: public.Share) -> str:
    return formats.share((Decimal(found.minor) / Decimal(found.whole)).quantize(Decimal("0.001")))


def _unspent(row: Unspent, title: str) -> dict[str, Any]:
    said = {name: money(getattr(row, name), row.currency) for name in UNSPENT_COLUMNS[2:]}
    return {
        **said,
        "url": reverse("foundation:fund", args=[row.fund]),
        "title": title,
        "last_spent_on": row.last_spent_on,
    }


def _export_links() -> list[tuple[str, str]]:
    return [(form.title, reverse("foundation:entries-export", args=[name])) for name, form in FORMS.items()]

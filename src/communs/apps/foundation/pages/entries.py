"""Entries in public: the list with its filters, one entry with its postings and its proof, and everything as files."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from communs.apps.foundation import exporting
from communs.apps.foundation.pages.filtering import day_in
from communs.apps.foundation.pages.funds import crumbs, fund_title
from communs.apps.foundation.pages.public_words import account_kind, account_title, commons_names, entry_kind, money
from communs.apps.foundation.queries import proof, public
from communs.core.ledger import AccountKind, EntryKind
from communs.core.standards.scdl import CannotPublish
from communs.core.standards.threesixtygiving.writing import write
from communs.kit.facets import query_with
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.search import typed
from communs.kit.tables import csv_lines

TEXT_MAX: Final = 100
FUNDS_CHOSEN_MAX: Final = 60
POSTINGS_SHOWN: Final = 20
GRANTS_MAX: Final = 20_000
NAMES: Final = ("q", "fund", "kind", "account_kind", "account", "from", "to")


def entries(request: HttpRequest) -> HttpResponse:
    """Every entry, the latest first."""
    asked = read_asked(request)
    found = public.slice_of(asked, _sequence(request, "before"), _sequence(request, "after"))
    parameters = {name: request.GET[name] for name in NAMES if name in request.GET}
    query = query_with(parameters)
    context = {
        "rows": _rows(found.rows),
        "text": asked.text,
        "asked": parameters,
        "older_url": f"?{query_with(parameters, before=str(found.older))}" if found.older else "",
        "newer_url": f"?{query_with(parameters, after=str(found.newer))}" if found.newer else "",
        "choices": _choices(asked),
        "is_filtered": asked.is_filtered,
        "clear_url": reverse("foundation:entries") if asked.is_filtered else "",
        "links": _links(query),
        "left_out": exporting.number_left_out(asked) if settings.FOUNDATION_SIRET else 0,
        "left_out_url": _with(reverse("foundation:grants-export", args=["left-out-of-scdl"]), query),
        "crumbs": crumbs(),
    }
    return render(request, "foundation/public/entries.html", context)


def entries_export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The entries of the list as a file, streamed: a million take as little memory as ten."""
    if form not in exporting.FORMS:
        raise Http404
    how = exporting.FORMS[form]
    pieces = exporting.lines(form, read_asked(request))
    response = StreamingHttpResponse(pieces, content_type=f"{how.content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="public-accounts.{how.suffix}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def grants_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Grants to commons in the forms in which others publish theirs."""
    funder = exporting.Funder(settings.FOUNDATION.name, settings.FOUNDATION_SIRET)
    asked = read_asked(request)
    if form == "360giving":
        awards = islice(exporting.grant_awards(asked, funder), GRANTS_MAX)
        response: HttpResponseBase = HttpResponse(write(awards), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="grants-360giving.json"'
        return response
    if form == "left-out-of-scdl":
        rows = csv_lines(exporting.LEFT_OUT_COLUMNS, exporting.left_out(asked))
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="left-out-of-scdl.csv"'
        return response
    if form != "scdl":
        raise Http404
    if not funder.siret:
        raise Impossible(_("SCDL names the funder by its SIRET number, and COMMUNS_FOUNDATION_SIRET is not set."))
    try:
        lines = exporting.grant_lines(asked, funder)
    except CannotPublish as error:
        raise Impossible(" ".join(error.say_each())) from error
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="subventions.csv"'
    return response


def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One entry."""
    row = public.get_entry(public_id)
    page = read_page(request.GET.get("page"), public.number_of_postings(row), POSTINGS_SHOWN)
    postings = public.postings_of(row, page.offset, page.rows)
    names = commons_names(one.account.owner for one in postings)
    leaf = getattr(row, "leaf", None)
    context = {
        "title": entry_kind(row.kind),
        "memo": public.memo_of(row),
        "row": row,
        "page": page,
        "postings": [
            {
                "account": account_title(one.account, names),
                "account_url": _list_url(account=one.account.slug),
                "kind": account_kind(one.account.kind),
                "fund": fund_title(one.fund),
                "fund_url": reverse("foundation:fund", args=[one.fund.slug]),
                "debit": money(one.minor, one.currency) if one.minor > 0 else "",
                "credit": money(-one.minor, one.currency) if one.minor < 0 else "",
            }
            for one in postings
        ],
        "reverses_url": _entry_url(row.reverses.public_id) if row.reverses else "",
        "reversed_by": [_entry_url(one.public_id) for one in public.reversals_of(row)],
        "hidden": [{"memo": _("memo"), "actor": _("who recorded it")}[name] for name in public.personal(row)],
        "hash": public.hash_of(row),
        "number": leaf.number if leaf else None,
        "veiled": sorted(leaf.veiled.items()) if leaf else [],
        "has_proof": leaf is not None and _is_signed(leaf.number),
        "crumbs": [*crumbs(), (_("Entries"), reverse("foundation:entries"))],
    }
    return render(request, "foundation/public/entry.html", context)


def entry_leaf(_request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The entry as it stands in the log, to the byte."""
    response = HttpResponse(proof.leaf_of(public.get_entry(public_id)), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def entry_proof(_request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The evidence that the entry stands in the log: a file to keep, that is checked without this site."""
    evidence = proof.evidence_of(public.get_entry(public_id))
    response = HttpResponse(evidence.to_bytes(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{public_id}.tlog-proof"'
    return response


def read_asked(request: HttpRequest) -> public.Asked:
    """What the query string asks for; what makes no sense is left out."""
    get = request.GET.get
    kind, account_kind_ = get("kind", ""), get("account_kind", "")
    return public.Asked(
        fund=typed(get("fund", ""), TEXT_MAX),
        kind=kind if kind in set(EntryKind) else "",
        account_kind=account_kind_ if account_kind_ in set(AccountKind) else "",
        account=typed(get("account", ""), TEXT_MAX),
        first_on=day_in(request.GET, "from"),
        last_on=day_in(request.GET, "to"),
        text=typed(get("q", ""), TEXT_MAX),
    )


def _rows(found: list[Any]) -> list[dict[str, Any]]:
    summaries = public.summaries(found)
    names = commons_names(account.owner for one in summaries.values() for account in one.accounts)
    return [
        {
            "url": _entry_url(row.public_id),
            "title": entry_kind(row.kind),
            "moved": ", ".join(money(minor, currency) for currency, minor in sorted(summaries[row.pk].moved.items())),
            "day": row.effective_on,
            "funds": [fund_title(fund) for fund in summaries[row.pk].funds],
            "accounts": ", ".join(dict.fromkeys(account_title(one, names) for one in summaries[row.pk].accounts)),
            "document": row.document,
            "is_logged": getattr(row, "leaf", None) is not None,
        }
        for row in found
    ]


def _choices(asked: public.Asked) -> list[dict[str, Any]]:
    """The filters: each a list of values with their words."""
    funds = [(fund.slug, fund_title(fund)) for fund in public.funds()[:FUNDS_CHOSEN_MAX]]
    if asked.fund and asked.fund not in dict(funds):
        funds.append((asked.fund, asked.fund))
    return [
        {"name": "fund", "label": _("Fund"), "chosen": asked.fund, "options": funds},
        {
            "name": "kind", "label": _("What happened"), "chosen": asked.kind,
            "options": [(kind.value, entry_kind(kind)) for kind in EntryKind],
        },
        {
            "name": "account_kind", "label": _("Account"), "chosen": asked.account_kind,
            "options": [(kind.value, account_kind(kind)) for kind in AccountKind],
        },
    ]  # fmt: skip


def _links(query: str) -> list[tuple[str, str]]:
    """The entries of the list as files; grants also as others publish theirs."""
    links = [
        (form.title, _with(reverse("foundation:entries-export", args=[name]), query))
        for name, form in exporting.FORMS.items()
    ]
    grants = [("360giving", _("Grants: 360Giving JSON"))]
    if settings.FOUNDATION_SIRET:
        grants.append(("scdl", _("Grants: SCDL")))
    return links + [(title, _with(reverse("foundation:grants-export", args=[form]), query)) for form, title in grants]


def _is_signed(number: int) -> bool:
    signed = proof.latest_checkpoint()
    return signed is not None and number < signed.size


def _entry_url(public_id: Any) -> str:
    return reverse("foundation:entry", args=[public_id])


def _list_url(**chosen: str) -> str:
    return _with(reverse("foundation:entries"), query_with(chosen))


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _sequence(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= 18 else None

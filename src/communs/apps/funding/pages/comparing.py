"""Up to four opportunities side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.apps.funding.fields import title_of
from communs.apps.funding.pages import answers as given_answers
from communs.apps.funding.pages.detail import known_facts
from communs.apps.funding.pages.rows import commons_name, verdict_of
from communs.apps.register.queries import get_commons
from communs.kit import formats
from communs.kit.gates import NotThere
from communs.kit.pages import public_page

COMPARED_MAX = 4


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """A column an opportunity (`id`, up to four), a row a fact; with the answer for a commons (`for`)."""
    asked = list(dict.fromkeys(value for value in request.GET.getlist("id") if value))
    records = _records(request, asked[:COMPARED_MAX])
    commons = get_commons(request.user, request.GET["for"]) if request.GET.get("for") else None
    kept = {"for": commons.public_id} if commons else {}
    context = {
        "columns": [_column(record, records, kept) for record in records],
        "rows": _rows(request, records, commons),
        "commons": commons,
        "commons_name": commons_name(commons) if commons else "",
        "is_cut": len(asked) > COMPARED_MAX,
        "missing": min(len(asked), COMPARED_MAX) - len(records),
        "list_url": reverse("funding:list") + (f"?{urlencode(kept)}" if kept else ""),
    }
    return render(request, "funding/compare.html", context)


def _records(request: HttpRequest, public_ids: list[str]) -> list[Any]:
    found = []
    for public_id in public_ids:
        try:
            record = queries.get_opportunity(request.user, public_id)
        except NotThere:
            continue
        found.append(record.merged_into or record)
    return list({record.pk: record for record in found}.values())


def _column(record: Any, records: list[Any], kept: dict[str, str]) -> dict[str, str]:
    others = [("id", other.public_id) for other in records if other.pk != record.pk]
    return {
        "title": title_of(record),
        "url": reverse("funding:detail", args=[record.public_id]),
        "without_url": f"?{urlencode([*others, *kept.items()])}",
    }


def _rows(request: HttpRequest, records: list[Any], commons: Any) -> list[dict[str, Any]]:
    """`label` and one cell a column: the facts in the order of the page of one opportunity, the answer first."""
    today = timezone.localdate()
    columns: list[dict[str, Any]] = []
    for record in records:
        opportunity = queries.opportunity_of(record)
        columns.append(
            {
                _("When"): wording.windows(opportunity, today, record.facts.get("windows", ())),
                _("What it funds"): wording.listing(map(wording.funds_what, sorted(opportunity.funds_what))),
                _("Who may apply"): wording.applicants(opportunity),
                _("Legal form"): wording.legal_entity(opportunity),
                **dict(known_facts(record, opportunity)),
                _("Last confirmed"): formats.day(opportunity.last_confirmed) or _("not confirmed by a page yet"),
            }
        )
    labels = list(dict.fromkeys(label for column in columns for label in column))
    rows = [{"label": label, "cells": [column.get(label, "") for column in columns]} for label in labels]
    if commons is not None:
        rows.insert(0, {"label": _("For this commons"), "verdicts": _verdicts(request, records, commons)})
    return rows


def _verdicts(request: HttpRequest, records: list[Any], commons: Any) -> list[Any]:
    answers = given_answers.given(request, commons).answers
    today = timezone.localdate()
    return [
        replace(
            verdict_of(queries.match_one(commons, record, answers, today)),
            url=reverse("funding:match", args=[record.public_id, commons.public_id]),
        )
        for record in records
    ]

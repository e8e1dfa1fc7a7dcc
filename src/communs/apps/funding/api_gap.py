"""The gap in figures in the open API: of today, of one month, and which months there are."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema

from communs.apps.funding import queries
from communs.apps.funding.queries import Figures
from communs.kit import api as shared
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS

router = Router()
MONTH = re.compile(r"\d{4}-\d\d")


class GapCountShape(Schema):
    """How many sources have one value."""

    code: str = Field(description="a value of the filter that counts it; unsaid: not stated")
    sources: int
    collective: int = Field(description="of these, how many can fund a commons as a collective")
    group: int = Field(description="of these, how many take a group without legal form")
    hosted: int = Field(description="of these, how many take one only through a fiscal host")


class GapTotalShape(Schema):
    sources: int
    collective: int
    group: int
    hosted: int


class GapSumShape(Schema):
    """The money stated in all in one currency, in whole units; currencies are never added."""

    currency: str
    total: float = Field(description="of all sources that state a sum")
    collective: float = Field(description="of those that can fund a commons as a collective")
    group: float = Field(description="of those that take a group without legal form")
    hosted: float = Field(description="of those that take one only through a fiscal host")


class GapScopeShape(Schema):
    total: GapTotalShape
    figures: dict[str, list[GapCountShape]] = Field(
        description="purpose, reach, money, country, kind, size, language, age"
    )
    sums: list[GapSumShape]


class GapShape(Schema):
    """The figures as of one day."""

    rule: str
    month: str = Field(description="the month they were kept for; empty: today's")
    as_of: str
    known: GapScopeShape = Field(description="everything known, closed ones too")
    open: GapScopeShape = Field(description="what is open on that day, as far as known")
    months: list[str] = Field(description="the months that are kept, newest first; each stands at /api/v1/gap/<month>")
    url: str = Field(description="the page here")


@router.get("/gap", response={200: GapShape, **LIST_PROBLEMS}, summary="Read the gap in figures")
def read_gap(request: HttpRequest) -> HttpResponseBase:
    """How many sources, and how much of the money stated, can reach a commons: as of today."""
    shared.refuse_unknown(request, ())
    return _answer(request, "", queries.figures_on(timezone.localdate()))


@router.get("/gap/{month}", response={200: GapShape, **ONE_PROBLEMS}, summary="Read the gap of one month")
def read_gap_of_month(request: HttpRequest, month: str) -> HttpResponseBase:
    """The same as it was kept for a month, such as 2026-10."""
    shared.refuse_unknown(request, ())
    figures = queries.kept_figures(month) if MONTH.fullmatch(month) else None
    if figures is None:
        raise shared.not_there("month of figures")
    return _answer(request, month, figures)


def _answer(request: HttpRequest, month: str, figures: Figures) -> HttpResponseBase:
    document = {
        "month": month,
        "as_of": figures.as_of.isoformat(),
        **queries.document_of(figures),
        "months": queries.kept_months(),
        "url": shared.absolute(request, reverse("funding:gap") + (f"?month={month}" if month else "")),
    }
    return shared.answer(request, document, None)

"""Awards in the open API: who funded what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from communs.apps.funding import queries
from communs.apps.funding.queries import AwardBrowse
from communs.kit import api as shared
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS
from communs.kit.gates import NotThere

router = Router()


class AwardFilters(Schema):
    """Values of one filter widen, several filters narrow; each may be given several times."""

    q: str = Field("", description="words that must all occur", max_length=shared.TEXT_LENGTH_MAX)
    year: list[str] = Field([], max_length=shared.VALUES_MAX, description="year of the award, such as 2024")
    funder: list[str] = Field([], max_length=shared.VALUES_MAX, description="id of a funder, as in `funder.id`")
    programme: list[str] = Field([], max_length=shared.VALUES_MAX, description="title of a programme, as recorded")
    currency: list[str] = Field([], max_length=shared.VALUES_MAX, description="three letters, such as EUR")
    recipient: list[str] = Field([], max_length=shared.VALUES_MAX, description="organisation or individual")
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=shared.CURSOR_PATTERN)


class AwardFunderShape(Schema):
    id: str = Field(description="give it as `funder`")
    name: str
    org_id: str = Field(description="identifier of org-id.guide; empty: none given")
    url: str = Field(description="its awards here")


class AwardShape(Schema):
    """One award as its funder published it. Empty means "not stated"."""

    id: str
    key: str = Field(description="the funder's own identifier")
    title: str
    description: str
    currency: str
    amount_minor: int = Field(description="amount awarded in the smallest units of the currency")
    awarded_on: str
    starts_on: str
    ends_on: str
    funder: AwardFunderShape
    recipient: dict[str, Any] = Field(description="kind, name, org_id; a person is never named")
    programmes: list[dict[str, Any]]
    places: list[dict[str, Any]]
    regrant_type: str = Field(description="code of 360Giving where the money is passed on; empty: not stated")
    source: dict[str, str] = Field(description="name and licence of what it was read from")
    updated_at: str
    link: str = Field(description="page about the award elsewhere")
    url: str = Field(description="the page here")


class AwardListShape(Schema):
    items: list[AwardShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")


@router.get("/awards", response={200: AwardListShape, **LIST_PROBLEMS}, summary="List awards")
def list_awards(request: HttpRequest, asked: Query[AwardFilters]) -> HttpResponseBase:
    """Who funded what, in the order in which awards were added."""
    shared.refuse_unknown(request, AwardFilters.model_fields)
    chosen = shared.read_filters(request, queries.AWARD_FACETS)
    browse = AwardBrowse(chosen, shared.read_text(request, "q"))
    rows, following = shared.rows_after(queries.awards(browse), asked.cursor, asked.limit)
    document = {"items": [_item(request, row) for row in rows], "next": following}
    return shared.answer(request, document, queries.awards_changed_at())


@router.get("/awards/{public_id}", response={200: AwardShape, **ONE_PROBLEMS}, summary="Read one award")
def read_award(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Everything its funder published of it, people left out."""
    shared.refuse_unknown(request, ())
    try:
        award = queries.get_award(public_id if shared.is_public_id(public_id) else "")
    except NotThere:
        raise shared.not_there("award") from None
    return shared.answer(request, _item(request, award), award.updated_at)


def _item(request: HttpRequest, award: Any) -> dict[str, Any]:
    record, funder = award.record, award.funder
    page = reverse("funding:award-funder", args=[funder.public_id])
    return {
        "id": award.public_id,
        "key": award.key,
        "title": award.title,
        "description": str(record.get("description", "")),
        "currency": award.currency,
        "amount_minor": award.amount_minor,
        "awarded_on": award.awarded_on.isoformat() if award.awarded_on else "",
        "starts_on": str(record.get("starts_on", "")),
        "ends_on": str(record.get("ends_on", "")),
        "funder": {
            "id": funder.public_id,
            "name": funder.name,
            "org_id": funder.org_id,
            "url": shared.absolute(request, page),
        },
        "recipient": shared.object_of(record.get("recipient")),
        "programmes": shared.objects_of(record.get("programmes")),
        "places": shared.objects_of(record.get("places")),
        "regrant_type": str(record.get("regrant_type", "")),
        "source": {"name": award.source.name, "licence": award.source.licence},
        "updated_at": award.updated_at.isoformat(),
        "link": str(record.get("url", "")),
        "url": shared.absolute(request, reverse("funding:award", args=[award.public_id])),
    }

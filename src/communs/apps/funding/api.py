"""Opportunities and matches in the open API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from ninja import Field, Query, Router, Schema

from communs.apps.funding import queries
from communs.apps.funding.api_shapes import MatchShape, OpportunityListShape, OpportunityShape
from communs.apps.funding.match_document import About, match_document
from communs.apps.register.queries import get_commons
from communs.core import matching
from communs.core.matching import InvalidRecord, Match, Profile
from communs.kit import api as shared
from communs.kit.api import Fault
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS, PROBLEMS
from communs.kit.gates import NotThere
from communs.kit.texts import pick

router = Router()
OWN = frozenset({"id", "title", "status", "sources", "updated_at", "url", "link"})


class OpportunityFilters(Schema):
    """The filters of the page. Values of one widen, several filters narrow; each may be given several times."""

    q: str = Field("", description="words that must all occur", max_length=shared.TEXT_LENGTH_MAX)
    status: list[str] = Field(
        [],
        max_length=shared.VALUES_MAX,
        description="closing, open, permanent, forecast, between, unknown or closed (today)",
    )
    kind: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="grant, service_contract, prize, fellowship, loan, in_kind, …"
    )
    funds_what: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="project, structure, person, maintenance or commons_collective"
    )
    commons_kind: list[str] = Field([], max_length=shared.VALUES_MAX, description="software, data, content, …")
    applicant: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="legal form that may apply: association, informal_collective, …"
    )
    country: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="place as recorded: FR, EU27, INT (anywhere), …"
    )
    language: list[str] = Field([], max_length=shared.VALUES_MAX, description="language of the application: en, fr, …")
    theme: list[str] = Field([], max_length=shared.VALUES_MAX, description="theme as recorded")
    legal_entity: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="whether a legal form is needed: needed, not_needed or unknown"
    )
    funder: list[str] = Field([], max_length=shared.VALUES_MAX, description="type of funder: public, foundation, …")
    reach: list[str] = Field(
        [],
        max_length=shared.VALUES_MAX,
        description="who can hold the money: informal, hosted, person, legal_person or unknown",
    )
    size: list[str] = Field(
        [],
        max_length=shared.VALUES_MAX,
        description="the most one can get: to_5k, to_50k, to_250k, to_1m, over_1m, other_currency or unknown",
    )
    pot: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="currency of the money stated in all: EUR, USD, … or unknown"
    )
    age: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="months since last confirmed: to_6, to_12, to_24, over_24, never"
    )
    unsaid: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="what is not stated: funds_what, country, kind or language"
    )
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=shared.CURSOR_PATTERN)


class MatchAsked(Schema):
    """What is asked of a match, beside `answer.<key>` for each question that you answer."""

    commons: str = Field(description="public id of a commons", examples=["openstreetmap"])
    opportunity: str = Field("", description="public id of one opportunity; without it, all of them")
    lang: str = Field("en", description="language of the sentences: en or fr", pattern="^(en|fr)$")
    limit: int = Field(1000, ge=1, le=20_000, description="results in one answer, best first")


class RecordMatchAsked(Schema):
    """The same for a record that is sent along."""

    opportunity: str = Field("", description="public id of one opportunity; without it, all of them")
    lang: str = Field("en", description="language of the sentences: en or fr", pattern="^(en|fr)$")
    limit: int = Field(1000, ge=1, le=20_000, description="results in one answer, best first")


@router.get("/opportunities", response={200: OpportunityListShape, **LIST_PROBLEMS}, summary="List opportunities")
def list_opportunities(request: HttpRequest, asked: Query[OpportunityFilters]) -> HttpResponseBase:
    """In the order in which they were added. Closed ones are among them: `status` chooses."""
    shared.refuse_unknown(request, OpportunityFilters.model_fields)
    chosen = shared.read_filters(request, queries.FACETS)
    text = shared.read_text(request, "q")
    today = timezone.localdate()
    found = queries.browse(queries.Browse(chosen=chosen, text=text, with_closed=True), today)
    pks, following = shared.page_of(found.snapshot.index, found.rows, asked.cursor, asked.limit)
    rows = queries.rows_of(pks)
    items = _items(request, rows)
    document = {"items": items, "next": following}
    return shared.answer(request, document, _true_since(shared.last_change(queries.public_opportunities())))


@router.get(
    "/opportunities/{public_id}", response={200: OpportunityShape, **ONE_PROBLEMS}, summary="Read one opportunity"
)
def read_opportunity(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Everything public that is known of it, with its sources. Where it was merged, 301 leads to the other one."""
    shared.refuse_unknown(request, ())
    opportunity = _opportunity(public_id)
    if opportunity.merged_into is not None:
        raise shared.Elsewhere(reverse("api:read_opportunity", args=[opportunity.merged_into.public_id]))
    return shared.answer(request, _items(request, [opportunity])[0], _true_since(opportunity.updated_at))


@router.get("/match", response={200: MatchShape, 404: ONE_PROBLEMS[404], **PROBLEMS}, summary="Match a commons")
def match(request: HttpRequest, asked: Query[MatchAsked]) -> HttpResponseBase:
    """A commons of the register against the opportunities, best first, with reasons and what would change a no.

    Answer the questions with parameters `answer.<key>=yes|no|dont_know|<choice>|<number>`, e.g. `answer.hosted=no`.
    """
    shared.refuse_unknown(request, MatchAsked.model_fields, answers=True)
    commons = _commons(asked.commons)
    answers = _answers(request)
    return _match(request, asked, queries.profile_of(commons, answers))


@router.post(
    "/match",
    response={200: MatchShape, 404: ONE_PROBLEMS[404], 413: PROBLEMS[422], **PROBLEMS},
    summary="Match a record",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}},
        }
    },
)
def match_record(request: HttpRequest, asked: Query[RecordMatchAsked]) -> HttpResponseBase:
    """The same for a commons that is not registered: its record in the body, in the shape of `seed/commons.jsonl`.

    Nothing of it is kept. Fields that are left out count as not known.
    """
    shared.refuse_unknown(request, RecordMatchAsked.model_fields, answers=True)
    record = shared.read_object(request)
    answers = _answers(request)
    try:
        profile = Profile.from_record(record, answers)
    except InvalidRecord as bad:
        raise shared.invalid(Fault(f"body.{bad.path}", bad.problem, bad.remedy)) from bad
    return _match(request, asked, profile)


def _true_since(changed_at: datetime | None) -> datetime:
    """What the calendar says belongs to a day: no answer is older than last midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return max(changed_at, midnight) if changed_at else midnight


def _match(request: HttpRequest, asked: MatchAsked | RecordMatchAsked, profile: Profile) -> HttpResponseBase:
    today = timezone.localdate()
    if asked.opportunity:
        found = _opportunity(asked.opportunity)
        read = queries.opportunity_of(found.merged_into or found)
        matches = [matching.match(profile, read, today=today)]
    else:
        matches = queries.current(today).catalogue.rank(profile, today)
    shown = matches[: asked.limit]
    with translation.override(asked.lang):
        named = _about(request, shown, asked.lang)
        document = match_document(profile, shown, today, named.__getitem__, gettext)
    return shared.answer(request, document, None)


def _about(request: HttpRequest, matches: list[Match], lang: str) -> dict[str, About]:
    ids = [match.opportunity.id for match in matches]
    rows = queries.public_opportunities().filter(public_id__in=ids).values_list("public_id", "title", "values")
    named = {}
    for public_id, title, values in rows:
        titles = {field.partition(".")[2]: value for field, value in values.items() if field.startswith("titles.")}
        page = shared.absolute(request, reverse("funding:detail", args=[public_id]))
        named[public_id] = About(str(pick(titles, lang)) or title, page, str(values.get("url") or ""))
    return {public_id: named.get(public_id) or About(public_id, "", "") for public_id in ids}


def _answers(request: HttpRequest) -> dict[str, str]:
    try:
        return matching.read_answers(shared.read_answers(request))
    except InvalidRecord as bad:
        raise shared.invalid(Fault(f"query.{bad.path}", bad.problem, bad.remedy)) from bad


def _commons(public_id: str) -> Any:
    if not shared.is_public_id(public_id):
        raise shared.not_there("commons")
    try:
        commons = get_commons(AnonymousUser(), public_id)
    except NotThere:
        raise shared.not_there("commons") from None
    return commons.merged_into or commons


def _opportunity(public_id: str) -> Any:
    """The opportunity as a visitor sees it. Raises `Problem` where there is none."""
    if not shared.is_public_id(public_id):
        raise shared.not_there("opportunity")
    try:
        return queries.get_opportunity(AnonymousUser(), public_id)
    except NotThere:
        raise shared.not_there("opportunity") from None


def _items(request: HttpRequest, rows: list[Any]) -> list[dict[str, Any]]:
    sources = shared.sources_of(rows)
    return [_item(request, row, sources[row.pk]) for row in rows]


def _item(request: HttpRequest, row: Any, sources: list[dict[str, Any]]) -> dict[str, Any]:
    facts = row.facts
    read = queries.opportunity_of(row)
    return {
        "id": row.public_id,
        "title": row.title,
        "kind": row.kind,
        "status": matching.best_status(read.windows, timezone.localdate()),
        **{name: value for name, value in facts.items() if name not in OWN and name != "kind"},
        "titles": shared.object_of(facts.get("titles")),
        "summaries": shared.object_of(facts.get("summaries")),
        "funder": shared.object_of(facts.get("funder")),
        "amount": shared.object_of(facts.get("amount")),
        "funds_what": sorted(read.funds_what),
        "commons_kinds": list(read.commons_kinds),
        "recipients": list(read.applicants),
        "countries": list(read.places),
        "countries_excluded": list(read.places_excluded),
        "languages_of_application": list(read.languages),
        "themes": sorted(read.themes),
        "windows": shared.objects_of(facts.get("windows")),
        "criteria": shared.objects_of(facts.get("criteria")),
        "requires_legal_entity": read.legal_entity,
        "fiscal_host_accepted": read.fiscal_host,
        "last_confirmed": row.last_confirmed,
        "link": str(facts.get("url") or ""),
        "sources": sources,
        "updated_at": row.updated_at.isoformat(),
        "url": shared.absolute(request, reverse("funding:detail", args=[row.public_id])),
    }

"""Rounds in the open API: what is asked, how they stand, what was decided. Reading alone; people vote on the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import override
from ninja import Field, Query, Router, Schema

from communs.apps.foundation.queries import round_files, rounds
from communs.apps.foundation.queries.rounds import RoundRow
from communs.kit import api as shared
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS
from communs.kit.gates import NotThere
from communs.kit.texts import plain

router = Router()


class RoundFilters(Schema):
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=shared.CURSOR_PATTERN)


class RoundFileShape(Schema):
    name: str
    url: str = Field(description="the file itself, which never changes")
    sha256: str


class RoundShape(Schema):
    """A round that is open or was. Amounts are whole numbers of the smallest units of the currency."""

    id: str
    title: dict[str, str] = Field(description="by language")
    description: dict[str, str] = Field(description="by language")
    state: str = Field(description="opened, closed, posted or published")
    fund: str = Field(description="id of the fund")
    currency: str
    pot_minor: int
    rule: str
    parameters: dict[str, str | int | bool]
    ballot: str = Field(description="approve, score, rank or divide")
    secret: bool
    opens_at: str
    closes_at: str
    on_roll: int = Field(description="people who may vote")
    ballots: int = Field(description="cast so far")
    opening_sha256: str = Field(description="hash of the question and the roll, frozen when it opened")
    seed_commitment: str = Field(description="SHA-256 of the seed that decides ties")
    paid_minor: int | None = Field(description="null: not decided yet")
    unclaimed_minor: int | None
    carried_minor: int | None = Field(description="what stays in the fund")
    files: list[RoundFileShape]
    url: str = Field(description="the page here")


class RoundListShape(Schema):
    items: list[RoundShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")


@router.get("/foundation/rounds", response={200: RoundListShape, **LIST_PROBLEMS}, summary="List rounds")
def list_rounds(request: HttpRequest, asked: Query[RoundFilters]) -> HttpResponseBase:
    """Every round that is open or was."""
    shared.refuse_unknown(request, RoundFilters.model_fields)
    public = rounds.public_rounds().select_related("fund", "result")
    found, following = shared.rows_after(public, asked.cursor, asked.limit)
    ballots = rounds.turnout(found)
    items = [_round(request, row, ballots.get(row.pk, 0)) for row in found]
    return shared.answer(request, {"items": items, "next": following}, None)


@router.get("/foundation/rounds/{slug}", response={200: RoundShape, **ONE_PROBLEMS}, summary="One round")
def get_round(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A round by its id."""
    found = rounds.public_rounds().select_related("fund", "result").filter(slug=slug).first()
    if found is None:
        raise NotThere
    return shared.answer(request, _round(request, found, rounds.turnout([found]).get(found.pk, 0)), None)


def _round(request: HttpRequest, row: RoundRow, ballots: int) -> dict[str, Any]:
    result = getattr(row, "result", None)
    with override("en"):
        url = shared.absolute(request, reverse("foundation:round", args=[row.slug]))
    return {
        "id": row.slug,
        "title": plain(row.title),
        "description": plain(row.description),
        "state": row.state,
        "fund": row.fund.slug,
        "currency": row.currency,
        "pot_minor": row.pot_minor,
        "rule": row.rule,
        "parameters": row.parameters,
        "ballot": row.format,
        "secret": row.is_secret,
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "on_roll": row.voters,
        "ballots": ballots,
        "opening_sha256": row.opening_sha256,
        "seed_commitment": row.seed_commitment,
        "paid_minor": result.paid_minor if result else None,
        "unclaimed_minor": result.unclaimed_minor if result else None,
        "carried_minor": result.carried_minor if result else None,
        "files": [_file(request, row, one) for one in round_files.files_of(row)] if result else [],
        "url": url,
    }


def _file(request: HttpRequest, row: RoundRow, one: Any) -> dict[str, str]:
    path = reverse("round-file", args=[row.slug, one.name])
    return {"name": one.name, "url": shared.absolute(request, path), "sha256": one.sha256}

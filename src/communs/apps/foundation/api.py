"""The public accounts in the open API: funds, entries, the signed state of the log."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import override
from ninja import Field, Query, Router, Schema

from communs.apps.foundation.actions.proof import take_cosignature
from communs.apps.foundation.api_shapes import (
    CheckpointShape,
    ConsistencyShape,
    EntryListShape,
    FundListShape,
)
from communs.apps.foundation.queries import proof, public
from communs.core.ledger import AccountKind, EntryKind
from communs.core.transparency import InvalidLog, InvalidNote
from communs.kit import api as shared
from communs.kit.api import Fault, Problem
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS, PROBLEMS, ProblemShape
from communs.kit.gates import NotThere
from communs.kit.texts import plain

router = Router()
POSTINGS_MAX = 200
NOTE_BYTES_MAX = 100_000
BODY = {"requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}}


class FundFilters(Schema):
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=shared.CURSOR_PATTERN)


class EntryFilters(Schema):
    """The filters of the page; several narrow."""

    q: str = Field("", description="in documents, accounts and commons", max_length=shared.TEXT_LENGTH_MAX)
    fund: str = Field("", description="id of a fund", max_length=60)
    kind: EntryKind | None = Field(None, description="pay-in, grant, payout, …")
    account_kind: AccountKind | None = Field(None, description="bank, income, commons, …")
    account: str = Field("", description="name of an account", max_length=60)
    first_on: date | None = Field(None, description="from this day on")
    last_on: date | None = Field(None, description="until this day")
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=r"^[0-9]{0,18}$")


class ConsistencyAsked(Schema):
    old: int = Field(ge=0, description="size of the checkpoint that you kept")
    new: int = Field(ge=0, description="size of a later one")


@router.get("/foundation/funds", response={200: FundListShape, **LIST_PROBLEMS}, summary="List funds")
def list_funds(request: HttpRequest, asked: Query[FundFilters]) -> HttpResponseBase:
    """Every fund of the foundation with its conditions and what it has."""
    shared.refuse_unknown(request, FundFilters.model_fields)
    found, following = shared.rows_after(public.funds(), asked.cursor, asked.limit)
    standing = public.standings(found)
    items = [_fund(request, row, standing[row.pk]) for row in found]
    return shared.answer(request, {"items": items, "next": following}, None)


@router.get("/foundation/entries", response={200: EntryListShape, **LIST_PROBLEMS}, summary="List entries of the books")
def list_entries(request: HttpRequest, asked: Query[EntryFilters]) -> HttpResponseBase:
    """Every entry, the latest first, without what is personal."""
    shared.refuse_unknown(request, EntryFilters.model_fields)
    wanted = public.Asked(
        fund=asked.fund, kind=asked.kind or "", account_kind=asked.account_kind or "", account=asked.account,
        first_on=asked.first_on, last_on=asked.last_on, text=shared.read_text(request, "q"),
    )  # fmt: skip
    found = public.slice_of(wanted, before=int(asked.cursor) if asked.cursor else None, limit=asked.limit)
    numbers: Counter[int] = public.numbers_of_postings(found.rows)
    postings = public.first_postings(found.rows, POSTINGS_MAX)
    items = [_entry(request, row, postings[row.pk], numbers[row.pk]) for row in found.rows]
    following = str(found.older) if found.older else None
    return shared.answer(request, {"items": items, "next": following}, None)


@router.get("/foundation/checkpoint", response={200: CheckpointShape, **ONE_PROBLEMS}, summary="Read the signed state")
def read_checkpoint(request: HttpRequest) -> HttpResponseBase:
    """How long the log of the public accounts is and what it hashes to, signed."""
    shared.refuse_unknown(request, ())
    signed, note = proof.latest_checkpoint(), proof.latest_note()
    if signed is None or note is None:
        raise Problem(404, "Not there", "The log has not been signed yet.")
    document = {
        "origin": proof.origin_of_log(),
        "size": signed.size,
        "root": signed.root,
        "made_at": signed.made_at.isoformat(),
        "key": proof.public_key(),
        "cosigned_by": list(proof.cosigned_by()),
        "note": note.decode(),
        "log": shared.absolute(request, reverse("log-file", args=["checkpoint"]).removesuffix("/checkpoint")),
    }
    return shared.answer(request, document, signed.made_at)


@router.get(
    "/foundation/consistency", response={200: ConsistencyShape, **ONE_PROBLEMS}, summary="Compare two states of the log"
)
def read_consistency(request: HttpRequest, asked: Query[ConsistencyAsked]) -> HttpResponseBase:
    """The hashes that show that the log only grew between two checkpoints."""
    shared.refuse_unknown(request, ConsistencyAsked.model_fields)
    try:
        hashes = proof.consistency(asked.old, asked.new)
    except ValueError as error:
        raise shared.invalid(Fault("query.old", str(error), "Give the smaller size as `old`")) from error
    except NotThere:
        raise Problem(404, "Not there", "The log has not been signed at that size.") from None
    document = {"old": asked.old, "new": asked.new, "proof": [one.hex() for one in hashes]}
    return shared.answer(request, document, None)


@router.post(
    "/foundation/checkpoint/cosignatures",
    response={200: None, 409: ProblemShape, 413: ProblemShape, **PROBLEMS},
    summary="Co-sign the state of the log",
    openapi_extra=BODY,
)
def cosign(request: HttpRequest) -> HttpResponseBase:
    """Send the latest checkpoint with your co-signature, as text. Only keys that this site names are taken."""
    note = shared.read_body(request)
    if len(note) > NOTE_BYTES_MAX:
        raise Problem(413, "The body is too large", f"body: larger than {NOTE_BYTES_MAX} bytes")
    try:
        taken = take_cosignature(note)
    except InvalidNote as error:
        raise shared.invalid(Fault("body", str(error), "Send the signed checkpoint with your co-signature")) from error
    except InvalidLog as error:
        raise Problem(409, "The log went on", str(error)) from error
    return HttpResponse(taken, content_type="text/plain; charset=utf-8")


def _fund(request: HttpRequest, row: Any, standing: list[Any]) -> dict[str, Any]:
    return {
        "id": row.slug,
        "title": plain(row.title),
        "purpose": plain(row.purpose),
        "nature": row.nature,
        "funder": row.funder,
        "convention": row.convention,
        "return_clause": row.return_clause,
        "opens_on": row.opens_on.isoformat() if row.opens_on else "",
        "closes_on": row.closes_on.isoformat() if row.closes_on else "",
        "standing": [
            {
                "currency": one.currency,
                "has_minor": one.owned,
                "promised_minor": one.reserved,
                "floor_minor": one.floor,
                "available_minor": one.available,
            }
            for one in standing
        ],
        "url": _url(request, "foundation:fund", row.slug),
    }


def _entry(request: HttpRequest, row: Any, postings: list[Any], number: int) -> dict[str, Any]:
    leaf = getattr(row, "leaf", None)
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "effective_on": row.effective_on.isoformat(),
        "happened_on": row.happened_on.isoformat() if row.happened_on else "",
        "recorded_at": row.recorded_at.isoformat(),
        "memo": public.memo_of(row),
        "document": row.document,
        "reverses": str(row.reverses.public_id) if row.reverses else "",
        "postings": [
            {"account": one.account.slug, "fund": one.fund.slug, "minor": one.minor, "currency": one.currency}
            for one in postings
        ],
        "number_of_postings": number,
        "body_sha256": public.hash_of(row),
        "log_number": leaf.number if leaf else None,
        "proof": _url(request, "foundation:entry-proof", row.public_id) if leaf else "",
        "url": _url(request, "foundation:entry", row.public_id),
    }


def _url(request: HttpRequest, name: str, one: Any) -> str:
    with override("en"):
        return shared.absolute(request, reverse(name, args=[one]))

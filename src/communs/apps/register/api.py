"""Commons in the open API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from communs.apps.register import queries
from communs.apps.register.api_shapes import CommonsListShape, OneCommonsShape
from communs.apps.register.catalogue import FACETS
from communs.core.openness import Facts, test_commons
from communs.kit import api as shared
from communs.kit.api_shapes import LIST_PROBLEMS, ONE_PROBLEMS
from communs.kit.gates import NotThere

router = Router()
OWN = frozenset({"id", "name", "kind", "verdict", "test", "relations", "sources", "updated_at", "url"})
OBJECTS = ("names", "summaries", "steward", "governance", "community", "identifiers")
TEXT_LISTS = ("countries", "languages", "functions", "categories_publiccode")
OBJECT_LISTS = ("licences", "replaces", "funded_by")


class CommonsFilters(Schema):
    """The filters of the page. Values of one widen, several filters narrow; each may be given several times."""

    q: str = Field("", description="words that must all occur", max_length=shared.TEXT_LENGTH_MAX)
    kind: list[str] = Field([], max_length=shared.VALUES_MAX, description="software, data, content, …")
    verdict: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="commons, open_resource, closed or unknown"
    )
    category: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="category of publiccode.yml, e.g. educational-content"
    )
    country: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="where it is active: FR, …, INT (internationally)"
    )
    form: list[str] = Field(
        [], max_length=shared.VALUES_MAX, description="legal form of its steward: association, informal, …"
    )
    language: list[str] = Field([], max_length=shared.VALUES_MAX, description="language: en, fr, …")
    licence: list[str] = Field([], max_length=shared.VALUES_MAX, description="family of licences, as on the page")
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=shared.LIMIT_MAX, description="items in one answer")
    cursor: str = Field("", description="`next` of the answer before", pattern=shared.CURSOR_PATTERN)


@router.get("/commons", response={200: CommonsListShape, **LIST_PROBLEMS}, summary="List commons")
def list_commons(request: HttpRequest, asked: Query[CommonsFilters]) -> HttpResponseBase:
    """In the order in which they were added, with everything public that is known of each and its sources."""
    shared.refuse_unknown(request, CommonsFilters.model_fields)
    chosen = shared.read_filters(request, FACETS)
    text = shared.read_text(request, "q")
    snapshot = queries.snapshot()
    within = snapshot.searching.find(text).rows if text else None
    rows = snapshot.index.select(chosen, within)
    pks, following = shared.page_of(snapshot.index, rows, asked.cursor, asked.limit)
    found = list(queries.in_batches(pks))
    sources = shared.sources_of(found)
    items = [_item(request, commons, sources[commons.pk]) for commons in found]
    document = {"items": items, "next": following}
    return shared.answer(request, document, shared.last_change(queries.public_commons()))


@router.get("/commons/{public_id}", response={200: OneCommonsShape, **ONE_PROBLEMS}, summary="Read one commons")
def read_commons(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Everything public that is known of it, with its sources, its test rule by rule, and what it relates to.

    Where it was merged into another, 301 leads there.
    """
    shared.refuse_unknown(request, ())
    commons = _commons(public_id)
    item = _item(request, commons, shared.sources_of([commons])[commons.pk])
    item["test"] = _test(commons)
    item["relations"] = [
        {
            "kind": edge.kind,
            "direction": "to" if edge.is_outgoing else "from",
            "id": edge.other.public_id,
            "name": edge.other.name,
            "detail": edge.detail,
            "verified": edge.verified,
            "seen_as_of": edge.seen_as_of,
        }
        for edge in queries.relations_of(commons)
    ]
    # Its relations name other commons, so any of them may have changed what is said here.
    return shared.answer(request, item, shared.last_change(queries.public_commons()))


def _commons(public_id: str) -> Any:
    """The commons as a visitor sees it. Raises `Elsewhere` where it was merged, `Problem` where it is not there."""
    if not shared.is_public_id(public_id):
        raise shared.not_there("commons")
    try:
        commons = queries.get_commons(AnonymousUser(), public_id)
    except NotThere:
        raise shared.not_there("commons") from None
    if commons.merged_into is not None:
        raise shared.Elsewhere(reverse("api:read_commons", args=[commons.merged_into.public_id]))
    return commons


def _item(request: HttpRequest, commons: Any, sources: list[dict[str, Any]]) -> dict[str, Any]:
    facts = commons.facts
    return {
        "id": commons.public_id,
        "name": commons.name or commons.public_id,
        "kind": commons.kind,
        "verdict": commons.verdict,
        **{name: value for name, value in facts.items() if name not in OWN},
        "homepage": str(facts.get("homepage") or ""),
        "repository": str(facts.get("repository") or ""),
        **{name: shared.object_of(facts.get(name)) for name in OBJECTS},
        **{name: shared.texts_of(facts.get(name)) for name in TEXT_LISTS},
        **{name: shared.objects_of(facts.get(name)) for name in OBJECT_LISTS},
        "sources": sources,
        "updated_at": commons.updated_at.isoformat(),
        "url": shared.absolute(request, reverse("commons:detail", args=[commons.public_id])),
    }


def _test(commons: Any) -> dict[str, Any]:
    result = test_commons(Facts.from_record(commons.facts))
    return {
        "rule_set": result.rule_set,
        "verdict": commons.verdict,
        "missing": list(result.missing),
        "rules": [
            {"rule": rule.rule, "group": rule.group, "part": rule.part, "answer": rule.answer} for rule in result.rules
        ],
    }

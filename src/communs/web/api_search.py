"""Search over the API: commons and funding at once, ranked, with why each was found."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query, Router, Schema

from communs.kit import api as shared
from communs.kit.api_shapes import LIST_PROBLEMS
from communs.web.finding import CATALOGUES, LIMIT_MAX, answer, find

router = Router()
LANGUAGE = "^[a-z]{2}$"


class SearchAsked(Schema):
    """What is looked for."""

    q: str = Field(
        ...,
        min_length=1,
        max_length=shared.TEXT_LENGTH_MAX,
        description='a need in any language of the Union; "a phrase", AND, OR, NOT, -without and begin* are understood',
    )
    within: Literal["", "commons", "funding"] = Field("", alias="in", description="one catalogue only")
    lang: str = Field("", pattern="^([a-z]{2})?$", description="language that the query is likely in")
    limit: int = Field(shared.LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="results at the most")


class MatchedShape(Schema):
    """For a word of the query, the term that the record holds: a word, /a stem, #a concept of the vocabulary."""

    word: str
    term: str
    how: str
    weight: int = Field(..., description="of 100: how much it counts")


class FoundShape(Schema):
    """One record that was found."""

    id: str
    name: str
    kind: str
    catalogue: str
    url: str
    score: float = Field(..., description="comparable within one answer only")
    why: str
    matched: list[MatchedShape]


class SearchShape(Schema):
    """The best records, best first. `near`: none of them answers all of what was asked."""

    results: list[FoundShape]
    total: int
    meant: list[str] = Field(..., description="other spellings of the query, where a word is known to nobody")
    near: bool


@router.get("/search", response={200: SearchShape, **LIST_PROBLEMS}, summary="Search commons and funding")
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HttpResponseBase:
    """A need in plain words is ranked: what answers more of it comes first."""
    shared.refuse_unknown(request, ("q", "in", "lang", "limit"))
    text = shared.read_text(request, "q")
    names = (asked.within,) if asked.within else CATALOGUES
    parts = find(text, asked.limit, names, (asked.lang,) if asked.lang else ())
    document = answer(text, parts, asked.limit)
    for result in document["results"]:
        result["url"] = shared.absolute(request, result["url"])
    return shared.answer(request, document, None)

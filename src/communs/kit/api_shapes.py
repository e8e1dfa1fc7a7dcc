"""Shapes that the answers of every app share, for the OpenAPI document."""

from __future__ import annotations

from ninja import Field, Schema


class FaultShape(Schema):
    place: str = Field(description="where: a parameter (`query.limit`) or a field of the body (`steward.form`)")
    problem: str = Field(description="what is wrong")
    remedy: str = Field(description="what to do")


class ProblemShape(Schema):
    """A problem as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FaultShape] = Field(default_factory=list, description="each thing wrong, where it can be named")


class SourceShape(Schema):
    name: str = Field(description="the source, or what the person who said it is (never who)")
    url: str
    licence: str = Field(description="under which what comes from it may be reused")
    method: str = Field(description="general, import, reader, editor, steward or funder")
    seen_as_of: str = Field(description="when the fact was seen: YYYY, YYYY-MM, YYYY-MM-DD or empty")
    stated_at: str = Field(description="when it came in here")
    fields: list[str] = Field(description="the values it speaks for, as dotted names")


PROBLEMS = {422: ProblemShape, 429: ProblemShape, 500: ProblemShape}
"""What any address may answer beside what was asked for."""

ONE_PROBLEMS = {301: None, 304: None, 404: ProblemShape, **PROBLEMS}
LIST_PROBLEMS = {304: None, **PROBLEMS}

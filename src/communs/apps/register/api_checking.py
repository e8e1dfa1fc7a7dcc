"""Checking a file, and seeing what it would bring in, over the open API. Nothing sent is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext
from ninja import Field, Query, Router, Schema

from communs.apps.register import queries
from communs.apps.register.importing import values_of
from communs.core.standards.checking import Checked, check
from communs.core.standards.formats import FORMATS
from communs.kit import api as shared
from communs.kit.api import Fault
from communs.kit.api_shapes import PROBLEMS

router = Router()
LOOKED_UP_MAX = 20
TOO_LARGE = {413: PROBLEMS[422], **PROBLEMS}
BODY = {
    "requestBody": {
        "required": True,
        "description": "the file itself, at most 1 MB",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class CheckAsked(Schema):
    """Which file it is."""

    name: str = Field("", description="its name, such as publiccode.yml: helps to recognise it", max_length=200)
    format: str = Field("", description=f"its format, where it is known: {', '.join(FORMATS)}", max_length=40)
    lang: str = Field("en", description="language of the messages: en or fr", pattern="^(en|fr)$")


class ProblemInFileShape(Schema):
    path: str = Field(description="where in the document, e.g. description.en.features[0]")
    line: int
    column: int
    code: str = Field(description="the kind of problem, the same in every language")
    severity: str = Field(description="error, warning or note; only errors make a file invalid")
    message: str
    fix: str = Field(description="what to do about it")


class CheckedShape(Schema):
    """The verdict on a file."""

    file: str
    format: str | None = Field(description="null where the file is of none of the known formats")
    valid: bool
    problems: list[ProblemInFileShape]


class RepairableShape(CheckedShape):
    repaired: str | None = Field(description="the file with the known fixes applied; null where there are none")


class PreviewShape(CheckedShape):
    """What a file would bring in."""

    kind: str | None = Field(description="commons, opportunities or awards")
    records: list[dict[str, Any]] = Field(description="what is usable of it, also when it is not valid")
    likely: list[list[str]] = Field(description="for each record the ids of entries that may be the same commons")


@router.post("/check", response={200: RepairableShape, **TOO_LARGE}, summary="Check a file", openapi_extra=BODY)
def check_file(request: HttpRequest, asked: Query[CheckAsked]) -> HttpResponseBase:
    """The file in the body against its format: every problem with its place and what to do about it."""
    shared.refuse_unknown(request, CheckAsked.model_fields)
    checked = _checked(request, asked)
    document = _said(checked, asked.lang)
    can_repair = checked.document is not None and checked.format is not None and checked.format.repairs
    repaired = checked.format.repair(request.body) if can_repair and checked.format and checked.problems else None
    return shared.answer(request, {**document, "repaired": repaired}, None)


@router.post(
    "/import/preview", response={200: PreviewShape, **TOO_LARGE}, summary="Preview an import", openapi_extra=BODY
)
def preview(request: HttpRequest, asked: Query[CheckAsked]) -> HttpResponseBase:
    """The records that the file in the body would bring in, and what may be there already. Nothing is written."""
    shared.refuse_unknown(request, CheckAsked.model_fields)
    checked = _checked(request, asked)
    document = checked.document
    records = [dict(record) for record in document.records] if document else []
    is_commons = document is not None and document.kind == "commons"
    likely = [_likely(record) if is_commons else [] for record in records[:LOOKED_UP_MAX]]
    answer = {
        **_said(checked, asked.lang),
        "kind": document.kind if document else None,
        "records": records,
        "likely": likely + [[] for _record in records[LOOKED_UP_MAX:]],
    }
    return shared.answer(request, answer, None)


def _checked(request: HttpRequest, asked: CheckAsked) -> Checked:
    if asked.format and asked.format not in FORMATS:
        remedy = f"Use one of {', '.join(FORMATS)}"
        raise shared.invalid(Fault("query.format", f"{asked.format!r} is not known", remedy))
    return check(shared.read_body(request), asked.name, asked.format)


def _said(checked: Checked, lang: str) -> dict[str, Any]:
    with translation.override(lang):
        return checked.as_json(gettext)


def _likely(record: dict[str, Any]) -> list[str]:
    return [commons.public_id for commons in queries.likely_same(values_of(record))]

"""What the routers of every app share: problems as values, pages by cursor, conditional answers, sources.

Answers are made as bytes here rather than by a serialiser: what a record says is free in shape, and an answer must not
fail because somebody once wrote a text where a number was expected.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from communs.kit.facets import FacetIndex
from communs.kit.records.models import Method

LIMIT_DEFAULT, LIMIT_MAX = 20, 100
VALUES_MAX = 20
TEXT_LENGTH_MAX = 200
BODY_BYTES_MAX = 1_000_000
BODY_DEPTH_MAX = 20
ANSWER = "answer."
CURSOR = re.compile("[0-9a-z]{1,12}")
CURSOR_PATTERN = "^[0-9a-z]{0,12}$"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: where, what, and what to do."""

    place: str
    problem: str
    remedy: str


class Problem(Exception):
    """A request that cannot be answered. `web.api` writes it as `application/problem+json` (RFC 9457)."""

    def __init__(self, status: int, title: str, detail: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.faults = status, title, detail, tuple(faults)


class Elsewhere(Exception):
    """What was asked for has been merged into something else, which stands at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def invalid(*faults: Fault) -> Problem:
    """The problem of a request whose parameters or body are wrong."""
    return Problem(422, "The request is not valid", "; ".join(f"{f.place}: {f.problem}" for f in faults), faults)


def not_there(what: str) -> Problem:
    """The problem of an id that leads to nothing anyone may see."""
    return Problem(404, "Not there", f"There is no public {what} with this id.")


def refuse_unknown(request: HttpRequest, known: Iterable[str], *, answers: bool = False) -> None:
    """A misspelt filter must not answer with everything: raise `Problem` naming the parameters there are."""
    names = sorted(known)
    unknown = [name for name in request.GET if name not in names and not (answers and name.startswith(ANSWER))]
    if unknown:
        remedy = f"Known parameters: {', '.join(names)}{', answer.<key>' if answers else ''}"
        raise invalid(*(Fault(f"query.{name}"[:120], "unknown parameter", remedy) for name in unknown[:10]))


def read_filters(request: HttpRequest, names: Iterable[str]) -> dict[str, list[str]]:
    """The filters of a query string, each as often as it was given. Raises `Problem` when there are too many."""
    chosen = {}
    for name in names:
        values = [_clean(value) for value in dict.fromkeys(request.GET.getlist(name)) if _clean(value)]
        if len(values) > VALUES_MAX:
            raise invalid(Fault(f"query.{name}", f"more than {VALUES_MAX} values", "Ask in several requests"))
        if values:
            chosen[name] = values
    return chosen


def read_text(request: HttpRequest, name: str) -> str:
    """A search text, without control characters. Raises `Problem` when it is too long."""
    text = _clean(request.GET.get(name, ""))
    if len(text) > TEXT_LENGTH_MAX:
        raise invalid(Fault(f"query.{name}", f"longer than {TEXT_LENGTH_MAX} characters", "Use fewer words"))
    return text


def read_answers(request: HttpRequest) -> dict[str, str]:
    """`answer.<key>=<value>` parameters: what the asker answers to the matcher's questions."""
    named = [name for name in request.GET if name.startswith(ANSWER)]
    given = {name.removeprefix(ANSWER): _clean(request.GET.get(name, "")) for name in named}
    if len(given) > LIMIT_MAX:
        raise invalid(
            Fault("query.answer.…", f"more than {LIMIT_MAX} answers", "Give those that the questions ask for")
        )
    return {key: value for key, value in given.items() if key and value}


def read_body(request: HttpRequest) -> bytes:
    """The body. Raises `Problem` for one over 1 MB."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        fault = Fault("body", "larger than 1 MB", "Send one commons, without its attachments")
        raise Problem(413, "The body is too large", "body: larger than 1 MB", [fault])
    return request.body


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The body as one JSON object. Raises `Problem` for anything else, and for one over 1 MB or nested too deep."""
    text = read_body(request)
    try:
        body = json.loads(text, parse_constant=_no_constant)
        _check_depth(body, BODY_DEPTH_MAX)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise invalid(Fault("body", f"not JSON ({error})", "Send one JSON object, in UTF-8")) from error
    if not isinstance(body, dict):
        raise invalid(Fault("body", "not an object", 'Send one record: {"name": …}'))
    return body


def page_of(index: FacetIndex, rows: int, cursor: str, limit: int) -> tuple[list[int], str | None]:
    """Ids of the rows after `cursor`, and the cursor to go on from (None at the end).

    In the order in which records were added, so that what is added meanwhile comes last and nothing is seen twice.
    """
    marks = bin(rows)[:1:-1]
    ids = sorted([index.ids[row] for row, mark in enumerate(marks) if mark == "1"])
    start = bisect_right(ids, _read_cursor(cursor)) if cursor else 0
    found = ids[start : start + limit]
    return found, _cursor(found[-1]) if start + limit < len(ids) else None


def rows_after(rows: QuerySet[Any], cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """The same for rows that no index in memory holds."""
    found = list(rows.filter(pk__gt=_read_cursor(cursor) if cursor else 0).order_by("pk")[: limit + 1])
    return found[:limit], _cursor(found[limit - 1].pk) if len(found) > limit else None


def answer(request: HttpRequest, document: Mapping[str, Any], changed_at: datetime | None) -> HttpResponseBase:
    """The document with `ETag` and `Last-Modified`; 304 where the asker has it already."""
    body = dump(document)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    timestamp = int(changed_at.timestamp()) if changed_at else None
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = f"W/{etag}"
    response["Cache-Control"] = "no-cache"
    if timestamp is not None:
        response["Last-Modified"] = http_date(timestamp)
    found = get_conditional_response(request, response["ETag"], timestamp, response)
    return found if found is not None else response


def last_change(rows: QuerySet[Any]) -> datetime | None:
    """When anything in the table of these rows last changed, what is not public any more included."""
    everything = rows.model._default_manager.order_by("-updated_at")
    newest: datetime | None = everything.values_list("updated_at", flat=True).first()
    return newest


def dump(document: Mapping[str, Any]) -> bytes:
    """One spelling of a JSON document, in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def absolute(request: HttpRequest, path: str) -> str:
    """An address that works from elsewhere."""
    public: str = settings.PUBLIC_URL
    return f"{public}{path}" if public else request.build_absolute_uri(path)


def sources_of(records: Sequence[Any]) -> dict[int, list[dict[str, Any]]]:
    """For each record (all of one model) where what is shown comes from: one query for all of them.

    People are named by what they are (a steward, an editor), never by name.
    """
    if not records:
        return {}
    statements = records[0].statements.model._default_manager.filter(
        subject__in=[record.pk for record in records], superseded_at=None, withdrawn_at=None
    )
    found: dict[int, list[dict[str, Any]]] = {record.pk: [] for record in records}
    for statement in statements.select_related("source").order_by("pk"):
        source = statement.source
        found[statement.subject_id].append(
            {
                "name": source.name if source else str(Method(statement.method).label),
                "url": source.url if source else "",
                "licence": source.licence if source else "CC0-1.0",
                "method": statement.method,
                "seen_as_of": statement.seen_as_of,
                "stated_at": statement.stated_at.isoformat(),
                "fields": sorted(statement.values),
            }
        )
    return found


def object_of(value: Any) -> dict[str, Any]:
    """The value where it is an object, else an empty one: the shape of an answer holds whatever was recorded."""
    return value if isinstance(value, dict) else {}


def objects_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts_of(value: Any) -> list[str]:
    """The texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def is_public_id(text: str) -> bool:
    """Whether it can be a public id at all: what cannot is not asked of the database."""
    return _PUBLIC_ID.fullmatch(text) is not None


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _cursor(pk: int) -> str:
    digits = ""
    while pk:
        pk, digit = divmod(pk, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _read_cursor(text: str) -> int:
    if CURSOR.fullmatch(text):
        return int(text, 36)
    raise invalid(Fault("query.cursor", "not a cursor", "Give back the `next` of the page before, as it is"))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError(f"nested deeper than {BODY_DEPTH_MAX} levels")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _check_depth(item, left - 1)

"""Lists to be taken along: one way for all that those with an office export, as CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import StreamingHttpResponse
from django.urls import reverse

from communs.kit.gates import NotThere
from communs.kit.tables import csv_lines, json_rows

FORMS: Final = ("csv", "json")
EXPORT_MAX: Final = 100_000


def exported(form: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows in this form, streamed; `name`: of the file. Raises `NotThere` for a form that there is not."""
    if form not in FORMS:
        raise NotThere
    if form == "json":
        named: Iterable[Mapping[str, Any]] = (dict(zip(columns, row, strict=True)) for row in rows)
        return StreamingHttpResponse(json_rows(named), content_type="application/json")
    lines = csv_lines(columns, ([_cell(value) for value in row] for row in rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def links_to(page: str, *args: str, query: str = "") -> list[tuple[str, str]]:
    """The forms of an export with their addresses, for the foot of its list. `query`: the filters of the list."""
    suffix = f"?{query}" if query else ""
    return [(form.upper(), reverse(f"foundation:{page}", args=[*args, form]) + suffix) for form in FORMS]


def _cell(value: Any) -> Any:
    """A value as CSV has it: true and false as JSON writes them, and what is more than a value as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value

"""One commons as a file in a format of the field, or what is missing for it to be one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from communs.apps.register.exporting import FORMS, CannotExport, written_as
from communs.apps.register.pages.shared import pages
from communs.kit.api import absolute
from communs.kit.gates import NotThere

TYPES = {"publiccode": "application/yaml", "json-ld": "application/ld+json"}


def file(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """The file to take along; a page that says what is missing where the format demands more than is known."""
    commons = pages.record(request, public_id)
    if form not in FORMS:
        raise NotThere
    page = absolute(request, pages.url("detail", public_id))
    try:
        text = written_as(commons, form, page, assume="assume" in request.GET)
    except CannotExport as problem:
        told = {"missing": problem.missing, "name": FORMS[form], "can_assume": _can_assume(commons, form)}
        return pages.render(request, "commons/lacking.html", commons, "file", **told)
    response = HttpResponse(text, content_type=f"{TYPES.get(form, 'application/json')}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FORMS[form]}"'
    return response


def _can_assume(commons: Any, form: str) -> bool:
    """Whether neutral values would be enough."""
    try:
        written_as(commons, form, assume=True)
    except CannotExport:
        return False
    return True

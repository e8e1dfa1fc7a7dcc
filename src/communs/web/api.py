"""The open API at /api/v1/: routers of the apps, one way to say what went wrong, reading from anywhere.

Every address answers GET, HEAD and OPTIONS; problems are `application/problem+json` (RFC 9457). Requests are answered
as to a visitor, whoever is signed in: the API holds what is public, and nothing else.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from communs import __version__
from communs.apps.foundation.api import router as foundation
from communs.apps.foundation.api_rounds import router as rounds
from communs.apps.funding.api import router as funding
from communs.apps.funding.api_awards import router as awards
from communs.apps.funding.api_gap import router as gap
from communs.apps.register.api import router as register
from communs.apps.register.api_checking import router as checking
from communs.kit.api import Elsewhere, Fault, Problem, dump, invalid
from communs.kit.clients import client_of, is_this_machine
from communs.kit.gates import NotThere, Refused
from communs.web.api_search import router as search
from communs.web.apidocs import operations, with_code
from communs.web.ratelimit import Meter

View = Callable[..., HttpResponseBase]
PROBLEM_JSON = "application/problem+json"
log = logging.getLogger("communs.api")
meter = Meter()


class OpenAPI(NinjaAPI):
    """NinjaAPI with the manners that hold for every address of it."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """The routes, each behind `with_manners`; what is no route answers in the API's own form."""
        routes, app_name, namespace = super().urls
        own = {"api-root": _index}
        patterns = [path("docs", reference, name="docs"), *(route for route in routes if isinstance(route, URLPattern))]
        patterns.append(path("<path:rest>", _no_route, name="no-route"))
        for pattern in patterns:
            pattern.callback = with_manners(own.get(pattern.name or "", pattern.callback))
        return list(patterns), app_name, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document, with problems under their own media type."""
        schema = super().get_openapi_schema(**options)
        for operation in operations(schema):
            for status, response in operation.responses.items():
                if status >= 400 and "application/json" in response.get("content", {}):
                    response["content"] = {PROBLEM_JSON: response["content"]["application/json"]}
        return schema


def with_manners(view: View) -> View:
    """Reading from any origin, a limit for each client, HEAD as GET, and every refusal as a problem."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(view, request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        return response

    wrapped.csrf_exempt = True  # type: ignore[attr-defined] # nothing here acts on behalf of who is signed in
    return wrapped


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _preflight(view, request, *args, **kwargs)
    client = client_of(request.META)
    wait = 0.0 if is_this_machine(client) else meter.wait_for(client)
    if wait:
        response = problem_response(request, Problem(429, "Too many requests", "Slow down, then go on."))
        response["Retry-After"] = str(math.ceil(wait))
        return response
    if request.method == "HEAD":
        request.method = "GET"
        return _without_body(_answer_now(view, request, *args, **kwargs))
    return _answer_now(view, request, *args, **kwargs)


def _answer_now(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        # One text for everyone, whatever their browser prefers: languages are asked for by parameter here.
        with translation.override("en"):
            response = view(request, *args, **kwargs)
    except RequestDataTooBig:
        return problem_response(request, Problem(413, "The body is too large", "body: larger than 1 MB"))
    return _not_allowed(request, response) if response.status_code == 405 else response


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The answer to HEAD: the headers of GET, its length among them."""
    if isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _preflight(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """OPTIONS: what can be done here. A method that no route has tells which ones it has."""
    refusal = view(request, *args, **kwargs)
    if refusal.status_code == 404:
        return refusal
    response = HttpResponse(status=204)
    allowed = _methods(refusal)
    response["Allow"] = ", ".join(allowed)
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _methods(refusal: HttpResponseBase) -> list[str]:
    named = refusal.get("Allow", "GET") if refusal.status_code == 405 else "GET"
    methods = {method.strip() for method in named.split(",")}
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))


def _not_allowed(request: HttpRequest, refusal: HttpResponseBase) -> HttpResponse:
    allowed = ", ".join(_methods(refusal))
    problem = Problem(405, "This method is not available here", f"Use one of: {allowed}.")
    response = problem_response(request, problem)
    response["Allow"] = allowed
    return response


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as RFC 9457 has it; `errors` gives the place and the remedy of each fault."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail or problem.title,
        "instance": request.path,
    }
    if problem.faults:
        document["errors"] = [
            {"place": fault.place, "problem": fault.problem, "remedy": fault.remedy} for fault in problem.faults
        ]
    return HttpResponse(dump(document), status=problem.status, content_type=PROBLEM_JSON)


api = OpenAPI(
    title="communs",
    version=__version__,
    description=(
        "Commons, funding opportunities, and which fit which, with reasons. Open data (facts, CC0-1.0 unless a source "
        "says otherwise), no key, reading from any origin. Lists answer `{items, next}`: give `next` back as `cursor`."
    ),
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", register, tags=["commons"])
api.add_router("", funding, tags=["funding"])
api.add_router("", awards, tags=["funding"])
api.add_router("", gap, tags=["funding"])
api.add_router("", foundation, tags=["foundation"])
api.add_router("", rounds, tags=["foundation"])
api.add_router("", checking, tags=["formats"])
api.add_router("", search, tags=["search"])


@api.exception_handler(Problem)
def _on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_response(request, problem)


@api.exception_handler(Elsewhere)
def _on_elsewhere(_request: HttpRequest, elsewhere: Elsewhere) -> HttpResponse:
    response = HttpResponse(status=301)
    response["Location"] = elsewhere.path
    return response


@api.exception_handler(NotThere)
@api.exception_handler(Refused)
@api.exception_handler(Http404)
def _on_absence(request: HttpRequest, _exception: Exception) -> HttpResponse:
    return problem_response(request, Problem(404, "Not there", "There is nothing public at this address."))


@api.exception_handler(HttpError)
def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(request, Problem(error.status_code, str(error)))


@api.exception_handler(ValidationError)
def _on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [_fault(entry) for entry in error.errors[:20]]
    return problem_response(request, invalid(*faults))


def _fault(entry: dict[str, Any]) -> Fault:
    # pydantic's places start with the part of the request and the name of our parameter object.
    first, *rest = [str(step) for step in entry["loc"]]
    place = ".".join([first, *(rest[1:] if rest[:1] == ["asked"] else rest)])
    remedy = "See /api/v1/docs for what is expected here"
    return Fault(place, str(entry["msg"]), remedy)


@api.exception_handler(Exception)
def _on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error)
    problem = Problem(500, "Something broke here", "It has been noted. Nothing you sent was kept; try again later.")
    return problem_response(request, problem)


def _index(request: HttpRequest) -> HttpResponse:
    """The addresses there are."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    root = request.build_absolute_uri(reverse("api:api-root"))
    money = ("foundation/funds", "foundation/entries", "foundation/checkpoint", "foundation/rounds")
    names = ("commons", "opportunities", "match", "gap", *money, "check", "import/preview", "openapi.json", "docs")
    links = {name: f"{root}{name}" for name in names}
    return HttpResponse(dump({"version": __version__, "links": links}), content_type="application/json")


def _no_route(request: HttpRequest, rest: str) -> HttpResponse:
    detail = "There is no such address in the API. See /api/v1/docs for those there are."
    return problem_response(request, Problem(404, "Not there", detail))


def reference(request: HttpRequest) -> HttpResponse:
    """The reference as a page of ours, made from the OpenAPI document: no script, nothing from elsewhere."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    schema = api.get_openapi_schema()
    lead = with_code(schema["info"]["description"])
    context = {"operations": operations(schema), "lead": lead, "other_language_url": ""}
    return render(request, "api/reference.html", context)

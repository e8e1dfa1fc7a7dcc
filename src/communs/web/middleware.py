"""One line of log a request, one answer to every refusal, and short downloads that are whole or not there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("communs.request")
IN_MEMORY: Final = 1024 * 1024


class RequestLog:
    """Method, path, status and time of each request; paths only, since a query may hold what someone typed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        if log.isEnabledFor(logging.DEBUG) or response.status_code >= 500:
            log.log(
                logging.ERROR if response.status_code >= 500 else logging.DEBUG,
                "%s %s",
                request.method,
                request.path,
                extra={"status": response.status_code, "ms": round((time.perf_counter() - start) * 1000, 1)},
            )
        return response


class Refusals:
    """Turns what gates and actions raise into pages: sign in, 403, 404, or "this cannot be done, because"."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None  # the API answers in its own form
        if isinstance(exception, NotThere):
            raise Http404 from exception
        if isinstance(exception, Refused):
            if exception.needs == "sign-in":
                return redirect_to_login(request.get_full_path())
            return render(request, "403.html", {"right": exception.right}, status=403)
        if isinstance(exception, Impossible):
            return render(request, "impossible.html", {"why": str(exception)}, status=409)
        return None


class WholeDownloads:
    """Makes the beginning of what is streamed before its first byte leaves: what breaks off by then is a 500.

    What is short is whole by then, and says how long it is. What is longer leaves as it is made; where that breaks off,
    the connection is closed without an end (`communs.web.asgi`), so that nobody takes half a list for all of it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "streaming", False) and not response.has_header("Content-Length"):
            pieces = iter(response)
            first, is_whole = _beginning(pieces)
            if is_whole:
                response["Content-Length"] = str(len(first))
            response.streaming_content = chain([first], pieces)  # type: ignore[attr-defined]
        return response


def _beginning(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """So much as is kept in memory, and whether it is all."""
    first = bytearray()
    for piece in pieces:
        first += piece
        if len(first) > IN_MEMORY:
            return bytes(first), False
    return bytes(first), True

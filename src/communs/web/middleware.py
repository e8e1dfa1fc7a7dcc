"""One line of log a request, one answer to every refusal, and downloads that are whole or not there."""

from __future__ import annotations

import io
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import IO, Final
from wsgiref.util import FileWrapper

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("communs.request")
IN_MEMORY: Final = 1024 * 1024
PIECE: Final = 64 * 1024


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
    """Writes what is streamed into a file before its first byte leaves; what breaks off while it is made is a 500.

    The web server ends an answer that breaks off as if it were whole: whoever had asked would take half a list for all.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "streaming", False) and not response.has_header("Content-Length"):
            file = _written(response)
            response["Content-Length"] = str(file.tell())
            file.seek(0)
            response.streaming_content = FileWrapper(file, PIECE)  # type: ignore[attr-defined]
        return response


def _written(pieces: Iterable[bytes]) -> IO[bytes]:
    """All of it, in memory as long as it is short. Whoever reads it closes it."""
    with ExitStack() as until_whole:
        file: IO[bytes] = until_whole.enter_context(io.BytesIO())
        for piece in pieces:
            if file.tell() <= IN_MEMORY < file.tell() + len(piece):
                longer = until_whole.enter_context(tempfile.TemporaryFile())
                file.seek(0)
                shutil.copyfileobj(file, longer)
                file = longer
            file.write(piece)
        until_whole.pop_all()
    return file

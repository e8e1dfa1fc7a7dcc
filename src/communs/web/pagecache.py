"""Public pages served from memory to readers who are not signed in.

A page is kept under its path and query, and with the catalogue numbers at the time it was made: a change of a
catalogue makes every page older than it stale. The numbers are asked of the database at most once a second a process,
and anew after each request that may have changed something: whoever publishes sees it on the next page.
The cache stands before sessions, so a hit costs neither a query nor a template.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from communs.kit.catalogue import sequences

Handler = Callable[[HttpRequest], HttpResponse]
PAGES_MAX = 2000
QUERY_LENGTH_MAX = 300
NUMBERS_SECONDS = 1.0
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was answered."""

    body: bytes
    zipped: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    made_at: float
    stamp: tuple[object, ...]


class PublicPageCache:
    """Keeps whole answers to anonymous GET requests that say they may be kept (`communs.kit.pages.public_page`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.stamp: tuple[object, ...] = ()
        self.stamp_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._may_keep(request):
            try:
                return self.get_response(request)
            finally:
                if request.method not in SAFE:
                    self.stamp_until = 0.0
        key = request.get_host() + request.get_full_path()
        stamp = self._current_stamp()
        page = self.pages.get(key)
        now = time.monotonic()
        if page and page.stamp == stamp and now - page.made_at < settings.PUBLIC_PAGE_SECONDS:
            return _answer(request, page)
        response = self.get_response(request)
        if response.status_code == 200 and getattr(response, "may_be_kept", False) and not response.cookies:
            return _answer(request, self._keep(key, response, now, stamp))
        return response

    def _may_keep(self, request: HttpRequest) -> bool:
        return (
            settings.PUBLIC_PAGE_SECONDS > 0
            and request.method in SAFE
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith("/static/")
            and len(request.META.get("QUERY_STRING", "")) <= QUERY_LENGTH_MAX
        )

    def _current_stamp(self) -> tuple[object, ...]:
        now = time.monotonic()
        if now >= self.stamp_until:
            # The date belongs to the stamp: "closes in 12 days" is true for a day.
            self.stamp = (timezone.localdate(), *sorted(sequences().items()))
            self.stamp_until = now + NUMBERS_SECONDS
        return self.stamp

    def _keep(self, key: str, response: HttpResponse, now: float, stamp: tuple[object, ...]) -> Page:
        body = response.content
        page = Page(
            body=body,
            zipped=gzip.compress(body, 6, mtime=0),
            headers=tuple((name, value) for name, value in response.items() if name != "Content-Length"),
            etag=f'W/"{hashlib.sha256(body).hexdigest()[:20]}"',
            made_at=now,
            stamp=stamp,
        )
        self.pages[key] = page
        self.pages.move_to_end(key)
        while len(self.pages) > PAGES_MAX:
            self.pages.popitem(last=False)
        return page


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    if request.META.get("HTTP_IF_NONE_MATCH") == page.etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        response = HttpResponse(page.zipped if zipped else page.body)
        for name, value in page.headers:
            response[name] = value
        if zipped:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = page.etag
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response

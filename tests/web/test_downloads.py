"""What is streamed comes whole, or is seen not to: short lists at once, long ones as they are made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from communs.web import asgi
from communs.web import urls as site
from communs.web.middleware import IN_MEMORY

pytestmark = pytest.mark.django_db
LINE = b"a line of a list\n"
SHORT, LONG = 10, 4 * IN_MEMORY // len(LINE)
ENDLESS = 10**12
made: list[int] = []


def lines(request: HttpRequest, count: int) -> StreamingHttpResponse:
    return StreamingHttpResponse(_lines(count))


def breaks_off(request: HttpRequest, count: int) -> StreamingHttpResponse:
    def some() -> Iterator[bytes]:
        yield from _lines(count)
        raise ConnectionError("the database is gone")

    return StreamingHttpResponse(some())


def _lines(count: int) -> Iterator[bytes]:
    made[:] = [0]
    try:
        for _number in range(count):
            made[0] += 1
            yield LINE
    finally:
        made.append(count)


def echo(request: HttpRequest, word: str) -> HttpResponse:
    return HttpResponse(f"{word} {request.GET.get('q')} {request.COOKIES} {len(request.body)}")


urlpatterns = [
    path("lines/<int:count>", lines),
    path("breaks-off/<int:count>", breaks_off),
    path("echo/<str:word>", echo),
    *site.urlpatterns,
]
handler404, handler500 = site.handler404, site.handler500


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_short_list_says_how_long_it_is_and_comes_whole(client: Client) -> None:
    answer: Any = client.get(f"/lines/{SHORT}")
    assert answer["Content-Length"] == str(SHORT * len(LINE))
    assert b"".join(answer.streaming_content) == LINE * SHORT


def test_a_long_list_begins_to_leave_before_it_is_made(client: Client) -> None:
    answer: Any = client.get(f"/lines/{LONG}")
    assert made[0] < LONG // 2
    assert not answer.has_header("Content-Length")
    assert b"".join(answer.streaming_content) == LINE * LONG


def test_a_short_list_that_breaks_off_is_no_list() -> None:
    answer = Client(raise_request_exception=False).get(f"/breaks-off/{SHORT}")
    assert answer.status_code == 500
    assert LINE not in answer.content


class Asked:
    """One request of the server's, and what it is told; `gone_after`: the reader leaves after so many bytes."""

    def __init__(self, path: str, body: bytes = b"", method: str = "GET", gone_after: int | None = None) -> None:
        target, _mark, query = path.partition("?")
        self.scope = {
            "type": "http", "method": method, "path": target, "raw_path": target.encode(), "http_version": "1.1",
            "query_string": query.encode(), "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x_forwarded_for", b"9")],
        }  # fmt: skip
        self.sent = [body[at : at + 1_000_000] for at in range(0, len(body), 1_000_000)] or [b""]
        self.gone_after, self.gone = gone_after, asyncio.Event()
        self.status, self.told, self.is_whole = 0, 0, False
        self.headers: dict[bytes, bytes] = {}
        self.first = b""

    async def receive(self) -> dict[str, Any]:
        if self.sent:
            return {"type": "http.request", "body": self.sent.pop(0), "more_body": bool(self.sent)}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        self.first = self.first or message["body"]
        self.told += len(message["body"])
        self.is_whole = not message["more_body"]
        if self.gone_after is not None and self.told > self.gone_after:
            self.gone.set()
            await asyncio.sleep(0.01)

    def answer(self) -> Asked:
        # In a thread of its own: where a browser was driven before, this one has a loop already.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(asyncio.run, asgi.application(self.scope, self.receive, self.send)).result()
        return self


@pytest.fixture
def server(transactional_db: None) -> None:
    """What a thread of the server asks is not in a transaction of the test."""


def test_the_server_tells_a_long_list_to_its_end(server: None) -> None:
    asked = Asked(f"/lines/{LONG}").answer()
    assert (asked.status, asked.told, asked.is_whole) == (200, LONG * len(LINE), True)


def test_a_long_list_that_breaks_off_has_no_end(server: None) -> None:
    asked = Asked(f"/breaks-off/{LONG}")
    with pytest.raises(asgi.BrokenOff):
        asked.answer()
    assert (asked.status, asked.is_whole) == (200, False)
    assert 0 < asked.told <= LONG * len(LINE)


def test_nothing_more_is_made_for_who_has_left(server: None) -> None:
    asked = Asked(f"/lines/{ENDLESS}", gone_after=2 * IN_MEMORY)
    with pytest.raises(asgi.BrokenOff):
        asked.answer()
    assert made == [made[0], ENDLESS]
    assert not asked.is_whole


def test_a_reader_that_takes_nothing_is_left(server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "IDLE_S", 0.05)
    asked = Asked(f"/lines/{LONG}")

    async def never(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    asked.send = never  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        asked.answer()


def test_who_sends_nothing_more_is_told_so_and_too_much_is_not_taken(
    server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "IDLE_S", 0.05)
    asked = Asked("/echo/x", method="POST")
    asked.sent = []
    assert asked.answer().status == 408
    assert Asked("/echo/x", b"x" * (asgi.BODY_MAX + 1), "POST").answer().status == 413


def test_a_request_is_passed_on_as_it_came(server: None) -> None:
    asked = Asked("/echo/%C3%A9t%C3%A9?q=%C3%A0").answer()
    assert asked.first.decode() == "été à {'a': '1', 'b': '2'} 0"
    assert asked.headers[b"content-length"] == str(len(asked.first)).encode()
    assert Asked("/echo/%FF").answer().status in {200, 404}
    assert Asked("/health", method="HEAD").answer().status == 200

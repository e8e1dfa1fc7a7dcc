"""What is streamed comes whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client
from django.urls import path

from communs.web import urls as site
from communs.web.middleware import IN_MEMORY

pytestmark = pytest.mark.django_db
LINE = b"a line of a list\n"
LINES = IN_MEMORY // len(LINE) + 10


def whole(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(LINE for _number in range(LINES))


def breaks_off(request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[bytes]:
        yield LINE
        raise ConnectionError("the database is gone")

    return StreamingHttpResponse(lines())


urlpatterns = [path("whole", whole), path("breaks-off", breaks_off), *site.urlpatterns]
handler404, handler500 = site.handler404, site.handler500


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_list_says_how_long_it_is_and_comes_whole(client: Client) -> None:
    answer: Any = client.get("/whole")
    assert answer["Content-Length"] == str(LINES * len(LINE))
    assert b"".join(answer.streaming_content) == LINE * LINES


def test_a_list_that_breaks_off_is_no_list() -> None:
    answer = Client(raise_request_exception=False).get("/breaks-off")
    assert answer.status_code == 500
    assert LINE not in answer.content

"""Public pages kept in memory: what a person has just changed is on the next page that anybody asks for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from communs.kit.catalogue import sequences
from communs.web import pagecache
from communs.web.pagecache import PublicPageCache


def test_a_change_is_seen_by_the_next_reader_however_soon_they_come(db: Any, monkeypatch: Any) -> None:
    said = {"text": "before", "number": 1}
    monkeypatch.setattr(pagecache, "sequences", lambda: {**sequences(), "commons": said["number"]})
    cache = PublicPageCache(lambda request: _view(request, said))
    make = RequestFactory()
    assert cache(make.get("/en/")).content == b"before"

    assert cache(make.get("/en/")).content == b"before"
    cache(make.post("/en/change/"))

    assert cache(make.get("/en/")).content == b"after"


def test_a_page_is_made_once_for_all_who_read_it(db: Any) -> None:
    asked: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request.path)
        return _kept("a page")

    cache = PublicPageCache(view)
    make = RequestFactory()

    answers = [cache(make.get("/en/")) for _reader in range(3)]

    assert {answer.content for answer in answers} == {b"a page"}
    assert asked == ["/en/"]


def _view(request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        said.update(text="after", number=2)
        return HttpResponse()
    return _kept(said["text"])


def _kept(text: str) -> HttpResponse:
    response = HttpResponse(text)
    response.may_be_kept = True  # type: ignore[attr-defined]
    return response

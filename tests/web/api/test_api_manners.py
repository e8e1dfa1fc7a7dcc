"""What holds for every address: problems, methods, reading from anywhere, the limit, the reference page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.apps.register import api as register_api
from communs.kit.clients import client_of
from communs.web.api import meter
from communs.web.apidocs import with_code
from communs.web.ratelimit import Meter

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")
ADDRESSES = ("", "commons", "commons/wikipedia", "opportunities", "match?commons=wikipedia", "openapi.json", "docs")


def is_problem(response: Any, status: int) -> dict[str, Any]:
    """The document of a problem, checked for what RFC 9457 asks."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["type"] == "about:blank"
    return document


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("commons?limit=0", "query.limit"),
        ("commons?limit=101", "query.limit"),
        ("commons?limit=many", "query.limit"),
        ("commons?cursor=!", "query.cursor"),
        ("commons?colour=red", "query.colour"),
        ("commons/wikipedia?page=2", "query.page"),
        ("opportunities?q=" + "x" * 300, "query.q"),
        ("match", "query.commons"),
        ("match?commons=wikipedia&lang=xx", "query.lang"),
        ("commons?" + "&".join(f"kind={n}" for n in range(30)), "query.kind"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_place_and_a_remedy(ask: Ask, path: str, place: str) -> None:
    faults = is_problem(ask(path), 422)["errors"]
    assert [fault["place"] for fault in faults] == [place]
    assert all(fault["problem"] and fault["remedy"] for fault in faults)


def test_an_address_that_is_none_answers_in_the_form_of_the_api(ask: Ask) -> None:
    for path in ("nothing", "commons/wikipedia/nothing", "v2/commons"):
        is_problem(ask(path), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_there_says_which_ones_are(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/commons")
    assert "GET, HEAD, OPTIONS" in is_problem(response, 405)["detail"]
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_answers_the_headers_of_get_without_a_body(client: Client, address: str) -> None:
    get, head = client.get(f"/api/v1/{address}"), client.head(f"/api/v1/{address}")
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert head.get(name) == get.get(name)


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_origin_may_read_and_none_with_credentials(client: Client, address: str) -> None:
    response = client.get(f"/api/v1/{address}", headers={"origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_a_preflight_allows_reading_only(client: Client) -> None:
    response = client.options("/api/v1/match", headers={"origin": "https://elsewhere.example"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_failure_of_ours_is_a_problem_without_its_inside(ask: Ask, monkeypatch: Any, caplog: Any) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("the secret cause")

    monkeypatch.setattr(register_api.queries, "snapshot", broken)
    response = ask("commons")
    is_problem(response, 500)
    assert b"secret" not in response.content
    assert "the secret cause" in caplog.text


def test_a_client_that_asks_too_often_is_told_when_to_go_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "per_second", 0.01)
    for _request in range(meter.burst):
        meter.wait_for("203.0.113.7")
    response = client.get("/api/v1/commons", REMOTE_ADDR="203.0.113.7")
    is_problem(response, 429)
    assert int(response["Retry-After"]) >= 1
    assert response["Access-Control-Allow-Origin"] == "*"


def test_who_asks_on_this_machine_is_not_slowed_down(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "burst", 0)
    assert ask("commons").status_code == 200


def test_a_bucket_fills_with_time_and_each_client_has_its_own() -> None:
    bucket = Meter(burst=2, per_second=1.0)
    assert [bucket.wait_for("a", now) for now in (0.0, 0.0, 0.0)] == [0.0, 0.0, 1.0]
    assert bucket.wait_for("b", 0.0) == 0.0
    assert bucket.wait_for("a", 1.5) == 0.0
    assert bucket.wait_for("a", 1.5) == pytest.approx(0.5)


def test_the_meter_forgets_those_unseen_for_longest() -> None:
    bucket = Meter(burst=1, per_second=0.001, clients_max=3)
    for client in "abcd":
        bucket.wait_for(client, 0.0)
    assert bucket.wait_for("a", 0.0) == 0.0
    assert bucket.wait_for("d", 0.0) > 0.0


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "198.51.100.7", "8.8.8.8"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_a_proxy_nearby_is_believed_and_nobody_else(peer: str, forwarded: str, client: str) -> None:
    assert client_of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == client


def test_the_reference_page_is_ours_and_names_every_operation(ask: Ask) -> None:
    page = ask("docs")
    text = page.content.decode()
    for path, methods in ask("openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text
    assert "<script" not in text
    assert "//cdn" not in text
    assert text.count("<h1") == 1


def test_a_description_is_shown_with_its_code_and_without_its_markup() -> None:
    assert with_code("`a<b` & c\n\nd") == "<code>a&lt;b</code> &amp; c<br>d"

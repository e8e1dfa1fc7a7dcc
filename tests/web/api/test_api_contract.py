"""Every answer is what openapi.json promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")

ANSWERS = [
    ("/api/v1/commons", "commons?limit=100"),
    ("/api/v1/commons", "commons?kind=data&country=FR"),
    ("/api/v1/commons", "commons?limit=0"),
    ("/api/v1/commons/{public_id}", "commons/openstreetmap"),
    ("/api/v1/commons/{public_id}", "commons/nothing"),
    ("/api/v1/opportunities", "opportunities?limit=100"),
    ("/api/v1/opportunities", "opportunities?nothing=1"),
    ("/api/v1/opportunities/{public_id}", "opportunities/nlnet-ngi0-commons-fund"),
    ("/api/v1/opportunities/{public_id}", "opportunities/nothing"),
    ("/api/v1/match", "match?commons=openstreetmap"),
    ("/api/v1/match", "match?commons=openstreetmap&lang=fr&answer.hosted=no"),
    ("/api/v1/match", "match?commons=nothing"),
    ("/api/v1/match", "match"),
]


def promised(document: dict[str, Any], path: str, method: str, response: Any) -> dict[str, Any]:
    """The schema that the document gives for this status and media type, with the definitions it refers to."""
    answers = document["paths"][path][method]["responses"]
    assert str(response.status_code) in answers, f"{response.status_code} is not documented"
    media = response["Content-Type"].partition(";")[0]
    schema: dict[str, Any] = answers[str(response.status_code)]["content"][media]["schema"]
    return {**schema, "components": document["components"]}


@pytest.mark.parametrize(("path", "asked"), ANSWERS)
def test_an_answer_is_what_the_document_promises(ask: Ask, path: str, asked: str) -> None:
    document = ask("openapi.json").json()
    response = ask(asked)
    Draft202012Validator(promised(document, path, "get", response)).validate(response.json())


@pytest.mark.parametrize("body", [{"name": "Map", "kind": "data"}, {"kind": "spaceship"}, []])
def test_an_answer_to_a_record_is_what_the_document_promises(client: Client, ask: Ask, body: object) -> None:
    document = ask("openapi.json").json()
    response = client.post("/api/v1/match", data=json.dumps(body), content_type="application/json")
    Draft202012Validator(promised(document, "/api/v1/match", "post", response)).validate(response.json())


def test_problems_stand_under_their_own_media_type(ask: Ask) -> None:
    for methods in ask("openapi.json").json()["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


def test_every_address_of_the_document_is_tried_here(ask: Ask) -> None:
    assert {path for path, _asked in ANSWERS} == set(ask("openapi.json").json()["paths"])

"""Checking and previewing over the API: the same verdict as on the command line, nothing kept."""

from __future__ import annotations

from typing import Any

from django.test import Client

from communs.apps.register.models import Commons

CHECK, PREVIEW = "/api/v1/check", "/api/v1/import/preview"
FILE = b"publiccodeYmlVersion: '0.4'\nname: OpenStreetMap\nurl: https://example.org/map.git\nlegal:\n  license: mit\n"


def post(client: Client, path: str, body: bytes = FILE) -> Any:
    return client.post(path, body, content_type="application/octet-stream")


def test_a_file_is_checked_with_place_and_fix(client: Client, db: None) -> None:
    found = post(client, f"{CHECK}?name=publiccode.yml").json()
    assert (found["file"], found["format"], found["valid"]) == ("publiccode.yml", "publiccode", False)
    licence = next(problem for problem in found["problems"] if problem["path"] == "legal.license")
    assert (licence["line"], licence["fix"] != "") == (5, True)
    assert "license: MIT" in found["repaired"]


def test_messages_come_in_french_when_asked_for(client: Client, db: None) -> None:
    english, french = (post(client, f"{CHECK}?name=publiccode.yml&lang={lang}").json() for lang in ("en", "fr"))
    assert [one["code"] for one in english["problems"]] == [one["code"] for one in french["problems"]]
    assert all(
        one["message"] != other["message"] for one, other in zip(english["problems"], french["problems"], strict=True)
    )


def test_a_preview_tells_what_would_come_in_and_what_may_be_there(client: Client, few: None) -> None:
    before = Commons.objects.count()
    found = post(client, f"{PREVIEW}?name=publiccode.yml").json()
    (record,) = found["records"]
    assert (found["kind"], record["name"], record["licences"]) == (
        "commons",
        "OpenStreetMap",
        [{"part": "code", "spdx": "MIT"}],
    )
    assert len(found["likely"]) == 1
    assert Commons.objects.count() == before


def test_what_is_no_known_format_says_which_there_are(client: Client, db: None) -> None:
    found = post(client, CHECK, b"bread, milk").json()
    assert (found["format"], found["valid"], found["repaired"]) == (None, False, None)
    assert "publiccode" in found["problems"][0]["fix"]
    refused = post(client, f"{CHECK}?format=words")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["place"] == "query.format"


def test_a_body_over_one_megabyte_is_refused(client: Client, db: None) -> None:
    assert post(client, CHECK, b"x" * 1_100_000).status_code == 413

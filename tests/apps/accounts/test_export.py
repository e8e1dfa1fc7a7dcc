"""Taking everything that is mine: all of it, and nothing of anyone else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from communs.apps.accounts import exports

from .conftest import At


@pytest.fixture(autouse=True)
def only_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no other app had registered anything."""
    monkeypatch.setattr(exports, "_registered", {})


def test_the_export_holds_the_account(bobs: Client, bob: Any, at: At) -> None:
    answer = bobs.get(at("accounts:export"))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="communs-')
    assert "no-store" in answer["Cache-Control"]
    file = json.loads(answer.content)
    assert file["account"] == {
        "email": "bob@example.org",
        "name": "Bob",
        "language": "en",
        "role": "member",
        "joined_at": file["account"]["joined_at"],
        "last_signed_in_at": file["account"]["last_signed_in_at"],
    }
    assert file["account"]["last_signed_in_at"]
    assert file["email_addresses"] == [{"email": "bob@example.org", "verified": True, "primary": True}]


def test_the_export_names_ways_to_sign_in_without_their_secrets(bobs: Client, bob: Any, at: At) -> None:
    secret = generate_totp_secret()
    TOTP.activate(bob, secret)
    answer = bobs.get(at("accounts:export"))
    assert [way["kind"] for way in json.loads(answer.content)["sign_in_methods"]] == ["totp"]
    assert secret not in answer.content.decode()
    assert bob.password not in answer.content.decode()


def test_other_apps_add_what_they_hold(bobs: Client, at: At) -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    exports.register("comments", lambda person: [{"text": f"by {person.name}: é", "at": moment}])
    answer = bobs.get(at("accounts:export"))
    assert json.loads(answer.content)["comments"] == [{"text": "by Bob: é", "at": "2026-05-01T12:00:00Z"}]
    assert "é" in answer.content.decode()


def test_the_export_holds_nothing_of_others(bobs: Client, alice: Any, eva: Any, at: At) -> None:
    text = bobs.get(at("accounts:export")).content.decode()
    for other in (alice, eva):
        assert other.email not in text
        assert other.name not in text

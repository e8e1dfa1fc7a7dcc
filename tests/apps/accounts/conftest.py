"""What the tests of accounts share: letters that arrive at once, someone signed in, addresses in both languages."""

from __future__ import annotations

import base64
import hmac
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from communs.web.demo import PASSWORD

At = Callable[..., str]


@pytest.fixture(autouse=True)
def letters(settings: Any, db: None) -> list[Any]:
    """Tasks run at once, so that what is posted lies in the box."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return mail.outbox


@pytest.fixture(params=["en", "fr"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both languages, one after the other."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def at(lang: str) -> At:
    """`at("account_login")`: the address of a page in the language of the test."""
    return reverse


@pytest.fixture
def bobs(bob: Any) -> Client:
    """A browser in which Bob is signed in, with his password, a moment ago."""
    client = Client()
    signed_in = client.post("/en/account/login/", {"login": bob.email, "password": PASSWORD})
    assert signed_in.status_code == 302
    return client


def link_in(letter: Any) -> str:
    """The path of the first link in a letter."""
    found = re.search(r"http://testserver(/\S+)", letter.body)
    assert found, letter.body
    return found[1]


def code_now(secret: str) -> str:
    """The six figures that an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"

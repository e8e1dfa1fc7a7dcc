"""From nobody to somebody and back, in a browser without scripts: an account, a second step, leaving."""

from __future__ import annotations

import base64
import hmac
import re
import time
from typing import Any

import pytest
from django.core import mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL, SECRET_WORDS = "zoe@example.org", "maps are drawn together"


@pytest.fixture(autouse=True)
def _letters_arrive_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def code_now(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def give_password(page: Any) -> None:
    page.get_by_label("Password").fill(SECRET_WORDS)
    press(page, "Go on")


def sign_in(page: Any) -> None:
    page.goto("/en/account/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(SECRET_WORDS)
    press(page, "Sign in")


def test_an_account_is_opened_secured_used_and_deleted(visitor: Any) -> None:
    page = visitor()
    page.goto("/en/account/signup/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(SECRET_WORDS)
    press(page, "Create the account")
    assert "Look into your e-mail" in page.locator("h1").inner_text()
    link = re.search(r"http\S+confirm-email/\S+", mail.outbox[-1].body)
    assert link
    page.goto(link[0])
    press(page, "Yes, confirm")

    sign_in(page)
    page.get_by_role("link", name="App, passkeys, recovery codes").click()
    page.get_by_role("link", name="Set up an app").click()
    give_password(page)
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code of the app").fill("000000")
    press(page, "Activate")
    assert "This code is not right" in page.get_by_role("alert").inner_text()
    assert page.locator("main code").inner_text() == secret
    page.get_by_label("Code of the app").fill(code_now(secret))
    press(page, "Activate")
    codes = page.locator("main pre").inner_text().split()
    assert len(codes) == 10

    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    assert "One more step" in page.locator("h1").inner_text()
    assert page.get_by_text("security key").count() == 0, "offers a key to somebody who has none"
    page.get_by_label("Code", exact=False).fill(codes[0])
    press(page, "Sign in")
    assert "My page" in page.locator("h1").inner_text()

    page.get_by_role("link", name="Delete the account").click()
    give_password(page)
    page.get_by_role("main").get_by_role("button").last.click()
    sign_in(page)
    assert "is not right" in page.get_by_role("alert").inner_text()

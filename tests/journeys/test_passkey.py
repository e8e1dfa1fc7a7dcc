"""A passkey, in a real browser: added on my page, then used to sign in without a password."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from communs.web.demo import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page with a device that holds passkeys and agrees to everything. Errors on the console fail the test."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.device = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    page.devtools = devtools
    yield page
    context.close()
    assert faults == []


def sign_in(page: Any, email: str) -> None:
    page.goto("/en/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/en/account/")


def test_a_passkey_is_added_and_opens_the_account_without_a_password(page: Any, bob: Any) -> None:
    sign_in(page, bob.email)
    page.get_by_role("link", name="App, passkeys, recovery codes").click()
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("my phone")
    assert page.get_by_label("It opens my account without a password").is_checked()
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/2fa/recovery-codes/")
    assert len(page.locator("pre").inner_text().split()) == 10

    page.goto("/en/account/2fa/webauthn/")
    assert "my phone passkey" in page.locator("h2").first.inner_text()
    page.get_by_role("button", name="Sign out").first.click()

    page.goto("/fr/account/login/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url("**/fr/account/")
    assert "Bob" in page.locator("dl").first.inner_text()

    page.goto("/en/account/2fa/webauthn/")
    assert "last used on" in page.locator(".rows").inner_text()


def test_a_key_that_is_refused_is_told_on_the_page(page: Any, bob: Any) -> None:
    page.goto("/en/account/login/")
    page.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": page.device, "isUserVerified": False})
    problem = page.locator("#key-problem")
    assert problem.is_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    problem.wait_for(state="visible")
    assert "The key was not read" in problem.inner_text()
    assert page.url.endswith("/en/account/login/")

"""What the journeys share: a browser of one's own, which must have nothing to complain of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from communs.web.demo import PASSWORD

Open = Callable[..., Any]


@pytest.fixture
def visitor(browser: Any, live_server: Any) -> Iterator[Open]:
    """`visitor()`: a page in a new browser without scripts, unless asked. Errors on the console fail the test."""
    faults: list[str] = []
    contexts = []

    def open_browser(*, scripts: bool = False) -> Any:
        context = browser.new_context(base_url=live_server.url, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def signed_in(visitor: Open) -> Open:
    """`signed_in(person)`: a browser of that person."""

    def as_person(person: Any, *, scripts: bool = False) -> Any:
        page = visitor(scripts=scripts)
        page.goto("/en/account/login/")
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/en/account/")
        return page

    return as_person

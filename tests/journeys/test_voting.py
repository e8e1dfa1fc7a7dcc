"""A vote on a phone, without scripts: filled in over search and pages, cast, kept as a receipt, and found counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.foundation.actions import closing
from communs.testing import money_out, votes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def ana() -> Any:
    cast = money_out.people() | votes.voters()
    money_out.found(cast, {})
    votes.commons(*(f"commons-{number:03d}" for number in range(300)))
    votes.commons("atlas", "wiki", kind="data")
    now = timezone.now()
    dates = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1)}
    votes.opened(cast, **dates, expires_on=(now + timedelta(days=300)).date())
    return cast["Ana"]


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def give(page: Any, name: str, points: str) -> None:
    page.get_by_label(name, exact=True).fill(points)


def left(page: Any) -> str:
    return str(page.locator(".choices strong").inner_text())


def test_a_vote_among_three_hundred_commons_is_cast_counted_and_found(signed_in: Any, ana: Any) -> None:
    page = signed_in(ana)
    page.set_viewport_size(PHONE)
    page.goto("/en/foundation/rounds/spring/")
    page.get_by_role("link", name="Vote", exact=True).click()
    give(page, "Commons-001", "3")
    press(page, "Next")
    give(page, "Commons-025", "2")
    page.get_by_label("Name").fill("wiki")
    press(page, "Search")
    assert left(page) == "2 of 3 chosen · 5 points left"
    give(page, "Wiki", "9")
    press(page, "Check and cast")
    assert "4 points too many" in page.locator("main").inner_text()
    page.get_by_role("link", name="Correct it").click()
    page.get_by_label("only my choices").check()
    press(page, "Search")
    assert page.locator(".rows > li").count() == 3
    give(page, "Wiki", "5")
    press(page, "Check and cast")
    press(page, "Cast my ballot")
    pseudonym = page.locator("dd code").first.inner_text()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    closing.close("spring", timezone.now() + timedelta(hours=2))
    page.goto("/en/foundation/rounds/spring/ballots/")
    page.get_by_label("Pseudonym, or how it begins").fill(pseudonym[:12])
    press(page, "Search")
    page.get_by_role("link", name=pseudonym).click()
    assert "Wiki: 5" in page.locator("main").inner_text()
    page.goto("/en/foundation/rounds/spring/result/wiki/")
    assert "with 5 points" in page.locator("main").inner_text()

"""From a page to a letter and out again, without an account and without scripts: ask, confirm, hear, mute, stop."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import feedparser
import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from communs.kit.records import actions as records
from communs.kit.records.actions import Author
from communs.kit.records.models import Method

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EDITOR = Author(None, Method.EDITOR)


@pytest.fixture
def fund() -> Any:
    """An opportunity with a deadline, in a catalogue that is being followed."""
    from communs.apps.following import actions, queries
    from communs.apps.funding.models import Opportunity

    queries.forget()
    made = records.create(Opportunity, "water-fund", {"titles.en": "Water Fund", "windows": closing(60)}, EDITOR)
    actions.note_events(timezone.now())
    return made


def closing(days: int) -> list[dict[str, str]]:
    day = timezone.localdate() + timedelta(days=days)
    return [{"model": "one_off", "closes": day.isoformat(), "precision": "day"}]


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def look() -> None:
    """The chore that notes what happened."""
    from communs.apps.following import actions

    actions.note_events(timezone.now())
    actions.spread_events(timezone.now())


def letters(days: int = 0) -> Any:
    """The worker's part, on that day; the last letter that it sent."""
    from communs.apps.following import actions

    look()
    now = timezone.now() + timedelta(days=days)
    actions.post_due(now)
    actions.send_due(now)
    return mail.outbox[-1]


def path_in(letter: Any, page: str) -> str:
    """The path of a page in a letter, as whoever reads it follows it."""
    found = re.search(rf"https?://[^/\s]+(/en/follow/{page}/\S+)", letter.body)
    assert found is not None, letter.body
    return found[1]


def test_a_visitor_asks_confirms_hears_mutes_and_stops(fund: Any, visitor: Any) -> None:
    page = visitor()
    page.goto("/en/funding/")
    page.get_by_role("link", name="Follow this search").click()
    assert heading(page) == "Follow this search"
    assert "One entry today" in page.locator("aside").inner_text()
    page.get_by_label("Your e-mail address").fill("rosa@example.net")
    page.get_by_label("How often").select_option(label="once a week, on Wednesday")
    press(page, "Write to me")
    assert heading(page) == "Look into your mailbox"

    asking = letters()
    assert (asking.to, asking.subject) == (["rosa@example.net"], "Please confirm: Funding: everything")
    page.goto(path_in(asking, "confirm"))
    press(page, "Confirm: write to me")
    assert heading(page) == "You follow it now"

    fund.refresh_from_db()
    records.state(fund, {"windows": closing(90)}, EDITOR)
    news = letters(days=8)
    assert news.subject == "Another date: Water Fund"
    assert "The deadline moved" in news.body

    page.goto(path_in(news, "mute"))
    assert heading(page) == "Hear no more of Water Fund?"
    press(page, "Mute this one")
    assert "You hear no more of Water Fund." in page.locator(".messages").inner_text()
    press(page, "Hear of it again Water Fund")
    page.get_by_label("How often").select_option(label="every morning")
    page.get_by_label("Time zone").select_option(label="Cayenne")
    press(page, "Save")
    assert "08:00 (Cayenne time)" in page.get_by_role("main").inner_text()

    page.goto(path_in(news, "stop"))
    press(page, "Stop it")
    assert heading(page) == "Stopped"
    page.get_by_role("link", name="It was a mistake: ask again").click()
    assert heading(page) == "Follow this search"


def test_a_feed_and_a_calendar_need_no_address(fund: Any, visitor: Any) -> None:
    page = visitor()
    page.goto("/en/funding/calendar/")
    page.get_by_role("link", name="These dates in your own calendar (iCal)").click()
    press(page, "Make the feed and the calendar")
    atom, calendar = (
        page.locator(f"main a[href^=http][href$={form}]").get_attribute("href") for form in ("atom", "ics")
    )
    fund.refresh_from_db()
    records.state(fund, {"windows": closing(90)}, EDITOR)
    before = len(mail.outbox)
    look()
    read = feedparser.parse(page.request.get(atom).body())
    assert (read.bozo, [entry.title for entry in read.entries]) == (0, ["Another date: Water Fund"])
    (event,) = icalendar.Calendar.from_ical(page.request.get(calendar).body()).walk("VEVENT")
    assert (str(event["SUMMARY"]), event["SEQUENCE"]) == ("Deadline: Water Fund", 1)
    press(page, "Stop the feed")
    assert page.request.get(calendar).status == 410
    assert len(mail.outbox) == before


def test_a_member_follows_in_one_step_and_finds_it_on_their_page(fund: Any, bob: Any, signed_in: Any) -> None:
    page = signed_in(bob)
    page.goto("/en/funding/water-fund/")
    page.get_by_role("link", name="Hear of changes and deadlines").click()
    assert page.get_by_label("Your e-mail address").count() == 0
    press(page, "Write to me")
    assert "You follow this now." in page.locator(".messages").inner_text()
    page.goto("/en/account/")
    page.get_by_role("main").get_by_role("link", name="Water Fund").click()
    press(page, "Stop the letters")
    assert heading(page) == "Stopped"
    page.goto("/en/account/")
    assert page.get_by_role("main").get_by_role("link", name="Water Fund").count() == 0

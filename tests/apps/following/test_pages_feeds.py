"""Feeds over the web: types, validators before any work, an end that is told, and two parsers for each."""

from __future__ import annotations

from typing import Any

import feedparser
import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.following import actions, interests
from communs.apps.following.models import Subscription

from .conftest import Make, everything, one_off
from .test_feeds import parse

QUERIES_MAX_304 = 5


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


@pytest.fixture
def feed(db: None) -> Subscription:
    """All funding, in French, without an address."""
    now = timezone.now()
    actions.note_events(now)
    return actions.ask_feed(everything(), "fr", "Europe/Brussels", client="", now=now)


def get(feed: Subscription, form: str, **headers: str) -> Any:
    return Client(headers=headers).get(f"/f/{feed.token}.{form}")


def test_atom_is_read_without_a_complaint_in_the_language_of_the_subscription(
    feed: Subscription, opportunity: Make, look: Any
) -> None:
    opportunity("one", closes="2099-12-24")
    look(timezone.now())
    response = get(feed, "atom", **{"Accept-Language": "en"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Content-Language"] == "fr"
    read = feedparser.parse(response.content)
    assert read.bozo == 0
    assert read.feed.language == "fr"
    assert read.entries[0].title.casefold() == "nouveau\xa0: fonds one"
    assert read.entries[0].link.endswith("/fr/funding/one/")
    assert read.feed.id.startswith("urn:uuid:")


def test_a_calendar_is_read_by_two_parsers(feed: Subscription, opportunity: Make, state: Make, look: Any) -> None:
    record = opportunity("one", closes="2099-12-24")
    look(timezone.now())
    first = get(feed, "ics")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Content-Disposition"] == 'inline; filename="communs.ics"'
    (event,) = icalendar.Calendar.from_ical(first.content).walk("VEVENT")
    (mine,) = parse(first.content)
    assert mine["UID"][1] == str(event["UID"])
    assert (event["SEQUENCE"], event["DTSTART"].dt.isoformat()) == (0, "2099-12-24")
    state(record, windows=[one_off("2099-12-31")])
    look(timezone.now())
    (moved,) = icalendar.Calendar.from_ical(get(feed, "ics").content).walk("VEVENT")
    assert str(moved["UID"]) == str(event["UID"])
    assert (moved["SEQUENCE"], moved["DTSTART"].dt.isoformat()) == (1, "2099-12-31")


@pytest.mark.parametrize("form", ["atom", "ics"])
def test_who_has_it_already_is_told_so_before_any_work(
    feed: Subscription, opportunity: Make, look: Any, form: str
) -> None:
    for number in range(30):
        opportunity(f"fund-{number}", closes="2099-12-24")
    look(timezone.now())
    first = get(feed, form)
    assert first["Cache-Control"] == "private, max-age=300"
    with CaptureQueriesContext(connection) as captured:
        again = get(feed, form, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert len(captured) <= QUERIES_MAX_304
    opportunity("new", closes="2099-12-25")
    look(timezone.now())
    changed = get(feed, form, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("form", ["atom", "ics"])
def test_a_feed_that_was_stopped_is_gone_and_one_that_never_was_is_not_there(feed: Subscription, form: str) -> None:
    actions.stop(feed, timezone.now())
    response = get(feed, form)
    assert response.status_code == 410
    assert response["Content-Type"].startswith("text/plain")
    assert Client().get(f"/f/aaaaaaaaaaaa.{form}").status_code == 404
    assert Client().get(f"/f/{'a' * 300}.{form}").status_code == 404


@pytest.mark.parametrize("form", ["atom", "ics"])
def test_nothing_is_told_before_it_is_confirmed(db: None, form: str) -> None:
    actions.ask(everything(), actions.Reader("rosa@example.org"), client="", now=timezone.now())
    assert get(Subscription.objects.get(), form).status_code == 404


@pytest.mark.parametrize("form", ["atom", "ics"])
def test_a_feed_is_only_read(feed: Subscription, form: str) -> None:
    assert Client().post(f"/f/{feed.token}.{form}").status_code == 405
    head = Client().head(f"/f/{feed.token}.{form}")
    assert (head.status_code, bool(head["ETag"])) == (200, True)
    assert not head.cookies
    assert head["X-Robots-Tag"] == "noindex"


def test_the_address_of_a_feed_changes_nothing(feed: Subscription) -> None:
    for name in ("mine", "stop", "confirm"):
        assert Client().post(f"/en/follow/{name}/{feed.token}/").status_code == 404


def test_one_mute_in_place_of_another_is_a_change(feed: Subscription, opportunity: Make, look: Any) -> None:
    opportunity("one", closes="2099-12-24")
    opportunity("two", closes="2099-12-24")
    look(timezone.now())
    actions.mute(feed, "opportunities", "one", timezone.now())
    before = get(feed, "ics")
    actions.unmute(feed, "opportunities", "one")
    actions.mute(feed, "opportunities", "two", timezone.now())
    assert get(feed, "ics", **{"If-None-Match": before["ETag"]}).status_code == 200


def test_a_feed_of_commons_is_read(commons: Make, look: Any) -> None:
    look(timezone.now())
    feed = actions.ask_feed(interests.search("commons", {}), "en", "UTC", client="", now=timezone.now())
    commons("atlas")
    look(timezone.now())
    read = feedparser.parse(get(feed, "atom").content)
    assert (read.bozo, len(read.entries)) == (0, 1)
    assert icalendar.Calendar.from_ical(get(feed, "ics").content).walk("VEVENT") == []

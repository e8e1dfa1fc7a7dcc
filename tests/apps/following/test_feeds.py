"""Atom and iCal: read by two parsers each, with names that stay, numbers that grow, and validators that cost little."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.apps.following import actions, calendars, interests, queries
from communs.apps.following.models import Subscription
from communs.kit.gates import NotThere
from communs.kit.records import actions as records
from communs.kit.records.feeds import Entry, atom
from communs.kit.records.models import Visibility

from .conftest import NOW, Make, everything, one_off
from .reading import events_of, parse


def days(subscription: Subscription, now: datetime = NOW) -> dict[str, dict[str, Any]]:
    """What a calendar holds by title, as both parsers read it."""
    return {event["summary"].partition(": ")[2]: event for event in events_of(subscription, now)}


def test_a_deadline_that_moves_keeps_its_name_and_its_number_grows(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", closes="2027-01-10")
    look(NOW)
    subscription = follow("a@example.org", everything())
    first = days(subscription)["Fund one"]
    assert (first["start"], first["sequence"], first["status"]) == (date(2027, 1, 10), 0, "CONFIRMED")
    for count, day in enumerate(("2027-01-20", "2027-01-15", "2027-03-01"), 1):
        state(record, windows=[one_off(day)])
        look(NOW)
        now = days(subscription)["Fund one"]
        assert (now["uid"], now["sequence"], now["start"].isoformat()) == (first["uid"], count, day)
    state(record, kind="grant")
    look(NOW)
    assert days(subscription)["Fund one"]["sequence"] == 3


def test_a_call_closed_early_is_cancelled_and_comes_back_under_its_name(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", closes="2027-01-10")
    look(NOW)
    subscription = follow("a@example.org", everything())
    uid = days(subscription)["Fund one"]["uid"]
    state(record, windows=[{"model": "closed", "closes": "2027-01-10", "precision": "day"}])
    look(NOW)
    closed = days(subscription)["Fund one"]
    assert (closed["uid"], closed["status"], closed["sequence"]) == (uid, "CANCELLED", 1)
    assert closed["summary"] == "Cancelled: Fund one"
    state(record, windows=[one_off("2027-01-10")])
    look(NOW)
    again = days(subscription)["Fund one"]
    assert (again["uid"], again["status"], again["sequence"]) == (uid, "CONFIRMED", 2)


def test_what_was_removed_is_cancelled_without_being_named(opportunity: Make, follow: Make, look: Any) -> None:
    record, other = opportunity("one", closes="2027-01-10", countries=["FR"]), opportunity("two", closes="2027-01-11")
    look(NOW)
    french = follow("a@example.org", interests.search("opportunities", {"country": ["FR"]}))
    german = follow("b@example.org", interests.search("opportunities", {"country": ["DE"]}))
    one = follow("c@example.org", interests.about("opportunity", record))
    uid = days(french)["Fund one"]["uid"]
    records.set_visibility(record, Visibility.REMOVED, None)
    look(NOW)
    for subscription in (french, one):
        (gone,) = days(subscription).values()
        assert (gone["uid"], gone["status"], gone["sequence"]) == (uid, "CANCELLED", 1)
        assert "Fund" not in gone["summary"]
    assert days(german) == {}
    assert days(french, NOW + timedelta(days=100)) == {}
    records.set_visibility(record, Visibility.PUBLIC, None)
    look(NOW)
    assert days(french)["Fund one"]["sequence"] == 2
    assert other.pk


def test_a_day_is_a_day_and_an_hour_is_in_its_own_zone(opportunity: Make, follow: Make, look: Any) -> None:
    opportunity("day", closes="2027-01-10")
    opportunity("hour", windows=[one_off("2027-07-01T17:00", tz="Europe/Brussels", precision="minute")])
    opportunity("far", windows=[one_off("2027-01-10T23:59", tz="America/New_York", precision="minute")])
    opportunity("nowhere", windows=[one_off("2027-01-10T17:00", precision="minute")])
    opportunity("month", windows=[one_off("2027-02-01", precision="month")])
    opportunity("opening", windows=[{"model": "forecast", "opens": "2027-03-01", "precision": "day"}])
    opportunity("always", windows=[{"model": "permanent"}])
    look(NOW)
    found = days(follow("a@example.org", everything(), time_zone="Asia/Tokyo"))
    assert found["Fund day"]["raw"] == ({"VALUE": "DATE"}, "20270110")
    assert found["Fund hour"]["raw"] == ({"TZID": "Europe/Brussels"}, "20270701T170000")
    assert found["Fund hour"]["start"].astimezone(UTC) == datetime(2027, 7, 1, 15, tzinfo=UTC)
    assert found["Fund far"]["start"].astimezone(UTC) == datetime(2027, 1, 11, 4, 59, tzinfo=UTC)
    assert found["Fund nowhere"]["raw"][0] == {"VALUE": "DATE"}
    assert found["Fund month"]["start"] == date(2027, 2, 28)
    assert found["Fund opening"]["summary"] == "Opens: Fund opening"
    assert "Fund always" not in found


def test_several_windows_are_several_events(opportunity: Make, state: Make, follow: Make, look: Any) -> None:
    cut = {"model": "cutoffs", "precision": "day"}
    record = opportunity("one", windows=[{**cut, "closes": "2027-02-01"}, {**cut, "closes": "2027-04-01"}])
    look(NOW)
    subscription = follow("a@example.org", everything())

    def told() -> list[tuple[str, int, str]]:
        text = calendars.calendar_of(queries.feed(subscription.token, NOW), NOW)
        return sorted((e["DTSTART"][1], int(e["SEQUENCE"][1]), e["STATUS"][1]) for e in parse(text))

    assert told() == [("20270201", 0, "CONFIRMED"), ("20270401", 0, "CONFIRMED")]
    state(record, windows=[{**cut, "closes": "2027-04-01"}, {**cut, "closes": "2027-02-15"}])
    look(NOW)
    assert told() == [("20270215", 1, "CONFIRMED"), ("20270401", 0, "CONFIRMED")]
    state(record, windows=[{**cut, "closes": "2027-04-01"}])
    look(NOW)
    assert told() == [("20270215", 2, "CANCELLED"), ("20270401", 0, "CONFIRMED")]
    # What was taken back does not take the place of what counts.
    state(record, windows=[{**cut, "closes": "2027-04-10"}])
    look(NOW)
    assert told() == [("20270215", 2, "CANCELLED"), ("20270410", 1, "CONFIRMED")]


def test_titles_with_every_character_survive_both_parsers(opportunity: Make, follow: Make, look: Any) -> None:
    title = "Été; une, « bonne »\\ idée: 100 % œuvre – " + "très " * 30 + "🌱"
    opportunity("one", closes="2027-01-10", titles__en=title)
    look(NOW)
    assert list(days(follow("a@example.org", everything()))) == [title]


def test_money_for_a_commons_has_the_days_of_what_fits(
    opportunity: Make, commons: Make, follow: Make, look: Any
) -> None:
    opportunity("soft", closes="2027-01-10", commons_kinds=["software"])
    opportunity("hard", closes="2027-01-10", commons_kinds=["hardware"])
    look(NOW)
    subscription = follow("a@example.org", interests.about("money_for", commons("atlas")))
    assert list(days(subscription)) == ["Fund soft"]


def entries(subscription: Subscription, now: datetime = NOW) -> Any:
    """The Atom feed, as feedparser reads it; ElementTree reads it too."""
    feed = queries.feed(subscription.token, now)
    answer = atom(
        f"following/{subscription.token}",
        queries.feed_title(feed),
        "/en/funding/",
        f"/f/{subscription.token}.atom",
        queries.feed_entries(feed),
    )
    read = feedparser.parse(answer.content)
    assert read.bozo == 0
    space = "{http://www.w3.org/2005/Atom}"
    written = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    names = [entry.findtext(f"{space}id") for entry in written.iter(f"{space}entry")]
    assert names == [entry.id for entry in read.entries]
    return read.entries


def test_atom_tells_the_last_fifty_events_under_names_that_stay(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    look(NOW)
    subscription = follow("a@example.org", everything())
    first = opportunity("first", closes="2027-01-10")
    look(NOW)
    (before,) = entries(subscription)
    state(first, windows=[one_off("2027-02-10")], titles__en="Renamed & <b>bold</b>")
    look(NOW)
    moved, changed, after = sorted(entries(subscription), key=lambda entry: entry.title != "Another date", reverse=True)
    assert before.id in {moved.id, changed.id, after.id}
    for number in range(60):
        opportunity(f"fund-{number}")
    look(NOW)
    assert len(entries(subscription)) == 50
    assert len({entry.id for entry in entries(subscription)}) == 50


def test_a_feed_needs_no_address_and_starts_with_what_happened_before(opportunity: Make, look: Any) -> None:
    look(NOW)
    opportunity("one", countries=["FR"])
    opportunity("two", countries=["DE"])
    look(NOW)
    wish = interests.search("opportunities", {"country": ["FR"]})
    subscription = actions.ask_feed(wish, "en", "UTC", client="", now=NOW)
    assert [entry.title for entry in entries(subscription)] == ["New: Fund one"]
    opportunity("three", countries=["FR"])
    look(NOW)
    assert len(entries(subscription)) == 2
    assert actions.post_due(NOW + timedelta(days=9)) == 0


def test_a_feed_opens_when_the_subscription_is_confirmed_and_its_address_changes_nothing() -> None:
    actions.ask(everything(), actions.Reader("a@example.org"), client="", now=NOW)
    subscription = Subscription.objects.get()
    assert re.fullmatch(r"[a-z2-7]{12}", subscription.token)
    with pytest.raises(NotThere):
        queries.feed(subscription.token, NOW)
    with pytest.raises(NotThere):
        queries.subscription_of(subscription.token)


def test_a_calendar_has_its_days_before_the_chore_has_ever_come(opportunity: Make, follow: Make, look: Any) -> None:
    record = opportunity("one", closes="2027-01-10")
    subscription = follow("a@example.org", everything())
    assert list(days(subscription)) == ["Fund one"]
    look(NOW)
    records.set_visibility(record, Visibility.REMOVED, None)
    before = queries.feed(subscription.token, NOW).etag
    look(NOW + timedelta(minutes=5))  # a removal tells nobody anything
    assert queries.feed(subscription.token, NOW).etag != before


def test_the_validator_moves_with_what_the_feed_says_and_asks_little(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", closes="2027-01-10")
    look(NOW)
    subscription = follow("a@example.org", everything())

    def etag(now: datetime = NOW) -> str:
        return queries.feed(subscription.token, now).etag

    first = etag()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert etag() == first
    assert len(asked) <= 5
    assert etag(NOW + timedelta(days=1)) != first
    state(record, windows=[one_off("2027-02-10")])
    changed = etag()
    assert changed != first
    look(NOW)
    told = etag()
    assert told != changed
    actions.mute(subscription, "opportunities", "one", NOW)
    assert etag() != told
    start = time.process_time()
    for _round in range(20):
        etag()
    assert (time.process_time() - start) / 20 < 0.5  # a guard against work that grows; the benchmark tells the figure


def test_what_people_write_is_text_in_a_feed_reader_never_html() -> None:
    entry = Entry("key/1", "R&D <b>", "/en/", "R&D <img src=x onerror=alert(1)>\nsecond line", NOW)
    written = atom("key", "Title", "/en/", "/f", [entry]).content
    summary = ElementTree.fromstring(written).find("{*}entry/{*}summary")  # noqa: S314 - our own
    assert summary is not None
    assert summary.get("type") == "html"
    assert summary.text == "R&amp;D &lt;img src=x onerror=alert(1)&gt;<br>second line"

"""Opening days in calendars: beside the last day of the same window, each with its own name and its own number."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from communs.apps.following import interests
from communs.apps.following.actions.days import Days
from communs.apps.following.calendars import uid_of
from communs.apps.following.models import Deadline, Subscription
from communs.kit.records import actions as records
from communs.kit.records.models import Visibility

from .conftest import NOW, Make, everything, one_off
from .reading import events_of

Told = tuple[str, str, int, str]


def told(subscription: Subscription, now: Any = NOW) -> list[Told]:
    """(what, day, number, status) of each event, in their order."""
    return [
        (one["summary"].partition(":")[0], one["start"].isoformat(), one["sequence"], one["status"])
        for one in events_of(subscription, now)
    ]


def names(subscription: Subscription, now: Any = NOW) -> set[str]:
    found = [one["uid"] for one in events_of(subscription, now)]
    assert len(found) == len(set(found))
    return set(found)


def test_a_window_with_both_days_has_an_event_for_each(opportunity: Make, follow: Make, look: Any) -> None:
    opportunity("one", windows=[one_off("2027-03-01T17:00", opens="2027-01-10", tz="Europe/Brussels")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    opens, closes = events_of(subscription)
    assert (opens["summary"], opens["start"], opens["sequence"]) == ("Opens: Fund one", date(2027, 1, 10), 0)
    assert opens["raw"] == ({"VALUE": "DATE"}, "20270110")
    assert opens["description"].startswith("10\u00a0January 2027\n")
    assert closes["summary"] == "Deadline: Fund one"
    assert closes["start"].isoformat() == "2027-03-01T17:00:00+01:00"
    assert closes["uid"] == uid_of("one", 1, "closes")
    assert opens["uid"] == uid_of("one", 1, "opens")


def test_the_name_of_the_last_day_is_what_it_always_was() -> None:
    assert uid_of("one", 1, "closes") == "3a6982b8-61b7-54b9-ac89-47712feb1eba@communs"


def test_each_day_moves_by_itself(opportunity: Make, state: Make, follow: Make, look: Any) -> None:
    record = opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10")])
    look(NOW)
    subscription = follow("a@example.org", interests.about("opportunity", record))
    before = names(subscription)
    state(record, windows=[one_off("2027-03-01", opens="2027-01-20")])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2027-01-20", 1, "CONFIRMED"),
        ("Deadline", "2027-03-01", 0, "CONFIRMED"),
    ]
    state(record, windows=[one_off("2027-03-15", opens="2027-01-20")])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2027-01-20", 1, "CONFIRMED"),
        ("Deadline", "2027-03-15", 1, "CONFIRMED"),
    ]
    state(record, windows=[one_off("2027-04-15", opens="2027-02-20", note="read the guide")])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2027-02-20", 2, "CONFIRMED"),
        ("Deadline", "2027-04-15", 2, "CONFIRMED"),
    ]
    assert names(subscription) == before


def test_an_opening_day_has_its_own_event_once_the_last_day_is_known(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", windows=[{"model": "forecast", "opens": "2027-01-10", "precision": "day"}])
    look(NOW)
    subscription = follow("a@example.org", everything())
    (only,) = names(subscription)
    assert told(subscription) == [("Opens", "2027-01-10", 0, "CONFIRMED")]
    state(record, windows=[one_off("2027-03-01", opens="2027-01-10")])
    look(NOW)
    opens, closes = events_of(subscription)
    assert (closes["uid"], closes["start"], closes["sequence"]) == (only, date(2027, 3, 1), 1)
    assert (opens["uid"] != only, opens["start"], opens["sequence"]) == (True, date(2027, 1, 10), 0)
    # The last day is taken back: the first event shows the opening day again, the other one goes.
    state(record, windows=[{"model": "forecast", "opens": "2027-01-10", "precision": "day"}])
    look(NOW)
    assert sorted(told(subscription)) == [
        ("Cancelled", "2027-01-10", 1, "CANCELLED"),
        ("Opens", "2027-01-10", 2, "CONFIRMED"),
    ]
    state(record, windows=[one_off("2027-03-01", opens="2027-01-12")])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2027-01-12", 2, "CONFIRMED"),
        ("Deadline", "2027-03-01", 3, "CONFIRMED"),
    ]


def test_of_a_window_that_is_taken_back_only_what_lies_ahead_is_cancelled(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    ahead = opportunity("ahead", windows=[one_off("2027-03-01", opens="2027-01-10")])
    begun = opportunity("begun", windows=[one_off("2027-03-02", opens="2026-11-20")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    for record in (ahead, begun):
        state(record, windows=[])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2026-11-20", 0, "CONFIRMED"),
        ("Cancelled", "2027-01-10", 1, "CANCELLED"),
        ("Cancelled", "2027-03-01", 1, "CANCELLED"),
        ("Cancelled", "2027-03-02", 1, "CANCELLED"),
    ]


def test_an_opening_day_that_is_not_stated_any_more_is_cancelled_and_comes_back(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10", model="forecast")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    before = names(subscription)
    state(record, windows=[one_off("2027-03-01", model="forecast")])
    look(NOW)
    assert told(subscription) == [
        ("Cancelled", "2027-01-10", 1, "CANCELLED"),
        ("Deadline", "2027-03-01", 0, "CONFIRMED"),
    ]
    state(record, windows=[one_off("2027-03-01", opens="2027-01-10", model="forecast")])
    look(NOW)
    assert told(subscription) == [
        ("Opens", "2027-01-10", 2, "CONFIRMED"),
        ("Deadline", "2027-03-01", 0, "CONFIRMED"),
    ]
    assert names(subscription) == before


def test_an_opening_day_stays_for_a_month_after_it_has_come(opportunity: Make, follow: Make, look: Any) -> None:
    opportunity("one", windows=[one_off("2027-03-01", opens="2026-12-10")])
    opportunity("long", windows=[one_off("2027-03-02", opens="2026-01-10")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    days = [NOW + timedelta(days=count) for count in (0, 20, 40, 60)]
    shown = [[one for one in told(subscription, day) if one[0] == "Opens"] for day in days]
    assert [len(one) for one in shown] == [1, 1, 1, 0]
    assert shown[0] == shown[2]
    look(NOW + timedelta(days=60))
    assert [one for one in told(subscription) if one[3] != "CONFIRMED"] == []


def test_both_days_of_what_was_removed_are_cancelled_without_being_named(
    opportunity: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    before = names(subscription)
    records.set_visibility(record, Visibility.REMOVED, None)
    look(NOW)
    assert [one[2:] for one in told(subscription)] == [(1, "CANCELLED")] * 2
    assert not any("Fund" in one["summary"] for one in events_of(subscription))
    records.set_visibility(record, Visibility.PUBLIC, None)
    look(NOW)
    assert [one[2:] for one in told(subscription)] == [(2, "CONFIRMED")] * 2
    assert names(subscription) == before


def test_a_site_that_has_been_followed_before_gets_the_opening_days_that_it_lacked(
    opportunity: Make, follow: Make, look: Any
) -> None:
    opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10")])
    opportunity("old", windows=[one_off("2027-03-02", opens="2020-01-10")])
    look(NOW)
    subscription = follow("a@example.org", everything())
    before = told(subscription)
    Deadline.objects.filter(edge="opens").delete()
    migration = import_module("communs.apps.following.migrations.0003_opening_days")
    migration.add_opening_days(apps, None)
    assert told(subscription) == before
    migration.drop_opening_days(apps, None)
    assert [one[0] for one in told(subscription)] == ["Deadline", "Deadline"]


DAYS = st.dates(date(2026, 11, 1), date(2027, 2, 1)).map(date.isoformat)
WINDOWS = st.lists(
    st.fixed_dictionaries(
        {"model": st.sampled_from(["one_off", "cutoffs", "forecast", "closed"])},
        optional={"opens": DAYS, "closes": DAYS, "note": st.sampled_from(["a", "b"])},
    ).map(lambda said: {"precision": "day", **said}),
    max_size=3,
)


@given(st.lists(st.tuples(WINDOWS, st.integers(0, 5)), max_size=8))
def test_the_number_of_a_day_grows_exactly_when_that_day_moves_is_cancelled_or_comes_back(
    steps: list[tuple[list[dict[str, str]], int]],
) -> None:
    days, today = Days(1), NOW.date()
    before: dict[tuple[int, str], Any] = {}
    for windows, later in steps:
        today += timedelta(days=later)
        days.follow(windows, today, NOW)
        after = {
            (row.number, row.edge): (row.moves, row.day, row.stated.get("closes"), row.is_cancelled)
            for row in days.rows
        }
        assert len(after) == len(days.rows)
        assert before.keys() <= after.keys()
        for key, (moves, *was) in before.items():
            now_moves, *now = after[key]
            counts = slice(None) if key[1] == "closes" else slice(0, 3, 2)  # of an opening day, only that day
            is_changed = was[counts] != now[counts] and not (was[-1] and now[-1])
            assert now_moves == moves + is_changed
        live = {key for key, (_moves, _day, _closes, is_cancelled) in after.items() if not is_cancelled}
        assert {
            (number, "closes") for number, edge in live if edge == "opens" and after[number, edge][1] >= today
        } <= live
        before = after

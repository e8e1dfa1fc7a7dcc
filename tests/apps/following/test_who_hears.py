"""From an event to the subscriptions that it concerns: those whose list holds the record, and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.apps.following import actions, interests
from communs.apps.following.interest_sets import Searches
from communs.apps.following.models import Delivery, Event, Interest, Subscription
from communs.apps.following.queries.concerned import concerned, keep_ready
from communs.apps.following.queries.matched import matched_now
from communs.apps.funding.queries import Browse, browse
from communs.kit.records import actions as records
from communs.kit.records.models import Visibility

from .conftest import NOW, Make, everything, one_off

Look = Callable[[datetime], int]


def told(subscription: Subscription) -> list[str]:
    rows = Delivery.objects.filter(subscription=subscription, state="waiting").order_by("event_id")
    return [f"{row.event.kind} {row.event.record_id}" for row in rows.select_related("event")]


def search(**chosen: Any) -> interests.Wish:
    text = chosen.pop("text", "")
    return interests.search("opportunities", chosen, text, "fr")


def test_each_subscription_hears_of_what_its_list_holds(opportunity: Make, follow: Make, look: Look) -> None:
    look(NOW)
    french = follow("a@example.org", search(country=["FR", "BE"]))
    german = follow("b@example.org", search(country=["DE"]))
    prizes = follow("c@example.org", search(country=["FR"], kind=["prize"]))
    water = follow("d@example.org", search(text="eau"))
    both = follow("e@example.org", search(text="eau", country=["DE"]))
    record = opportunity(
        "one", countries=["FR"], kind="grant", summaries__fr="Pour une eau de qualité", windows=[{"model": "rolling"}]
    )
    look(NOW)
    expected = [f"new {record.pk}"]
    assert (told(french), told(german), told(prizes), told(water), told(both)) == (expected, [], [], expected, [])


def test_what_lists_hide_is_not_told_as_new_and_told_when_it_ends(
    opportunity: Make, follow: Make, state: Make, look: Look
) -> None:
    look(NOW)
    all_of_it, open_ones = follow("a@example.org", everything()), follow("b@example.org", search(status=["open"]))
    closed = follow("c@example.org", search(status=["closed"]))
    opportunity("past", closes="2024-01-01")
    record = opportunity("open", windows=[one_off("2027-06-01")])
    look(NOW)
    state(record, windows=[{"model": "closed"}])
    look(NOW)
    assert told(all_of_it) == told(open_ones) == [f"new {record.pk}", f"closed {record.pk}"]
    assert [text.split()[0] for text in told(closed)] == ["new", "closed"]


def test_a_record_that_changes_into_a_search_is_heard_of(
    opportunity: Make, follow: Make, state: Make, look: Look
) -> None:
    record = opportunity("one", countries=["DE"], windows=[{"model": "rolling"}])
    look(NOW)
    french = follow("a@example.org", search(country=["FR"]))
    state(record, countries=["DE", "FR"])
    look(NOW)
    assert told(french) == [f"changed {record.pk}"]


def test_one_record_is_followed_through_everything(
    opportunity: Make, commons: Make, follow: Make, state: Make, look: Look
) -> None:
    fund, other, atlas = opportunity("one", closes="2027-01-10"), opportunity("two"), commons("atlas")
    look(NOW)
    follows_fund = follow("a@example.org", interests.about("opportunity", fund))
    follows_atlas = follow("b@example.org", interests.about("commons", atlas))
    state(fund, windows=[one_off("2027-01-20")])
    state(other, kind="grant")
    state(atlas, homepage="https://atlas.example.org/")
    look(NOW)
    assert told(follows_fund) == [f"moved {fund.pk}"]
    assert told(follows_atlas) == [f"changed {atlas.pk}"]


def test_who_follows_a_duplicate_hears_of_what_it_was_merged_into(
    opportunity: Make, follow: Make, state: Make, look: Look
) -> None:
    duplicate, kept = opportunity("twin"), opportunity("one")
    look(NOW)
    subscription = follow("a@example.org", interests.about("opportunity", duplicate))
    records.merge(duplicate, kept, None)
    look(NOW)
    Delivery.objects.all().delete()
    kept.refresh_from_db()
    state(kept, kind="grant")
    look(NOW)
    assert told(subscription) == [f"changed {kept.pk}"]


def test_new_money_is_told_to_the_commons_that_it_does_not_refuse(
    opportunity: Make, commons: Make, follow: Make, look: Look
) -> None:
    software, hardware = commons("atlas"), commons("board", kind="hardware")
    look(NOW)
    soft = follow("a@example.org", interests.about("money_for", software))
    hard = follow("b@example.org", interests.about("money_for", hardware))
    fund = opportunity("one", commons_kinds=["hardware"], windows=[{"model": "rolling"}])
    opportunity("past", windows=[{"model": "closed"}])
    look(NOW)
    assert (told(soft), told(hard)) == ([], [f"new {fund.pk}"])


def test_many_opportunities_at_once_fit_as_they_do_one_by_one(
    opportunity: Make, commons: Make, follow: Make, look: Look
) -> None:
    software = commons("atlas")
    look(NOW)
    soft = follow("a@example.org", interests.about("money_for", software))
    funds = [
        opportunity(f"fund-{n}", commons_kinds=["software" if n % 2 else "hardware"], windows=[{"model": "rolling"}])
        for n in range(8)
    ]
    look(NOW)
    assert told(soft) == [f"new {fund.pk}" for n, fund in enumerate(funds) if n % 2]


def test_a_muted_record_waits_for_nobody(opportunity: Make, follow: Make, state: Make, look: Look) -> None:
    record, other = opportunity("one"), opportunity("two")
    look(NOW)
    subscription = follow("a@example.org", everything())
    actions.mute(subscription, "opportunities", "one", NOW)
    state(record, kind="grant")
    state(other, kind="grant")
    look(NOW)
    assert told(subscription) == [f"changed {other.pk}"]
    actions.unmute(subscription, "opportunities", "one")
    state(record, kind="prize")
    look(NOW)
    assert told(subscription) == [f"changed {other.pk}", f"changed {record.pk}"]


def test_what_is_removed_before_it_is_handed_out_reaches_nobody(opportunity: Make, follow: Make, look: Look) -> None:
    look(NOW)
    subscription = follow("a@example.org", everything())
    record = opportunity("one")
    actions.note_events(NOW)
    records.set_visibility(record, Visibility.REMOVED, None)
    actions.spread_events(NOW)
    assert told(subscription) == []
    assert not Event.objects.filter(spread_at=None).exists()


def test_only_those_who_confirmed_hear(opportunity: Make, look: Look) -> None:
    look(NOW)
    actions.ask(everything(), actions.Reader("a@example.org"), client="", now=NOW)
    opportunity("one")
    look(NOW)
    assert not Delivery.objects.exists()


def test_handing_out_again_writes_nothing_twice(opportunity: Make, follow: Make, look: Look) -> None:
    look(NOW)
    subscription = follow("a@example.org", everything())
    opportunity("one")
    look(NOW)
    Event.objects.update(spread_at=None)  # as after a crash that lost only the mark
    actions.spread_events(NOW)
    assert len(told(subscription)) == 1


def test_a_worker_that_holds_interests_hears_of_those_that_come_later(
    opportunity: Make, follow: Make, look: Look
) -> None:
    look(NOW)
    first = follow("a@example.org", search(country=["FR"]))
    opportunity("one", countries=["FR", "DE"])
    look(NOW)
    second = follow("b@example.org", search(country=["DE"]))
    opportunity("two", countries=["FR", "DE"])
    look(NOW)
    assert (len(told(first)), len(told(second))) == (2, 1)


def test_equal_questions_are_one_interest(follow: Make) -> None:
    follow("a@example.org", search(country=["FR", "BE"], text="eau  potable"))
    follow("b@example.org", search(country=["BE", "FR", "FR"], text=" eau potable"))
    assert Interest.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ({}, ""),
        ({"country": ["FR"]}, ""),
        ({"country": ["FR", "DE"], "kind": ["grant", "loan"]}, ""),
        ({"status": ["open", "closing"]}, ""),
        ({"status": ["closed"]}, ""),
        ({"age": ["unknown"], "legal_entity": ["needed"]}, ""),
        ({}, "eau"),
        ({"kind": ["grant"]}, "logiciel libre"),
        ({}, '"open source" OR eau'),
    ],
)
def test_an_interest_hears_of_exactly_the_rows_of_its_list(
    opportunity: Make, follow: Make, look: Look, chosen: dict[str, list[str]], text: str
) -> None:
    look(NOW)
    wish = interests.search("opportunities", chosen, text, "en")
    subscription = follow("a@example.org", wish)
    texts = ("Eau et rivières", "Logiciel libre", "Open source software", "Open house for sources of water")
    for number in range(24):
        opportunity(
            f"fund-{number}",
            countries=[("FR", "DE", "IT")[number % 3]],
            kind=("grant", "loan", "prize", "grant")[number % 4],
            requires_legal_entity=bool(number % 2),
            summaries__en=texts[number % 4],
            windows=[
                ({"model": "rolling"}, {"model": "closed"}, one_off("2026-12-01"), one_off("2027-12-01"))[number % 4]
            ],
        )
    look(NOW)
    today = timezone.localdate(NOW)
    found = browse(Browse(chosen=chosen, text=text), today)
    listed = {found.snapshot.entries[place].pk for place in found.positions(0, 100)}
    heard = set(Delivery.objects.filter(subscription=subscription).values_list("event__record_id", flat=True))
    assert heard == listed
    assert matched_now(subscription.interest, today).now == listed


def test_what_is_prepared_beforehand_changes_nothing(opportunity: Make, follow: Make, look: Look) -> None:
    look(NOW)
    opportunity("before", summaries__en="Open source software")
    wish = interests.search("opportunities", {}, "software libre", "en")
    first = follow("a@example.org", wish)
    keep_ready(NOW)
    second = follow("b@example.org", interests.search("opportunities", {}, "eau", "fr"))
    keep_ready(NOW)
    keep_ready(NOW + timedelta(days=3))
    opportunity("one", summaries__fr="Eau et rivières", summaries__en="Software for water")
    look(NOW)
    assert "new" in " ".join(told(first))
    assert "new" in " ".join(told(second))


NAMES = st.sampled_from(["country", "kind", "theme"])
VALUES = st.sampled_from(["a", "b", "c", "d"])
QUERIES = st.lists(st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=3)), max_size=20)


@settings(max_examples=200)
@given(QUERIES, st.dictionaries(NAMES, st.lists(VALUES, max_size=4)))
def test_sets_of_bits_say_what_one_by_one_would(
    queries_: list[dict[str, list[str]]], record: dict[str, list[str]]
) -> None:
    searches = Searches()
    for number, facets in enumerate(queries_):
        searches.add(number, {"facets": facets})
    plain, with_text = searches.matching(record)
    expected = [
        number
        for number, facets in enumerate(queries_)
        if all(set(values) & set(record.get(name, ())) for name, values in facets.items())
    ]
    assert (searches.ids_of(plain), with_text) == (expected, 0)
    asking, _texts = searches.matching(record, must_ask=("country",))
    assert searches.ids_of(asking) == [number for number in expected if "country" in queries_[number]]


def test_another_database_is_not_taken_for_the_one_before(opportunity: Make, follow: Make, look: Look) -> None:
    look(NOW)
    follow("a@example.org", search(country=["FR"]))
    opportunity("one", countries=["FR"])
    look(NOW)
    Subscription.objects.all().delete()
    Interest.objects.all().delete()
    later = follow("b@example.org", everything(), now=NOW + timedelta(hours=1))
    opportunity("two")
    look(NOW + timedelta(hours=1))
    assert len(told(later)) == 1
    assert concerned([], NOW) == {}

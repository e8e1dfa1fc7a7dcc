"""Asking, confirming, changing, stopping: with two consents, without an account, and without filling a mailbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail

from communs.apps.following import actions, interests, limits, links, queries
from communs.apps.following.due import next_due, zone_of, zones, zones_offered
from communs.apps.following.forms import RhythmForm
from communs.apps.following.models import Delivery, Interest, Mailing, Mute, Subscription
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

from .conftest import NOW, Make, everything


@pytest.fixture(autouse=True)
def _letters_stay_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def ask(email: str = "a@example.org", now: datetime = NOW, client: str = "", **reader: Any) -> None:
    actions.ask(everything(), actions.Reader(email, **reader), client=client, now=now)


def key_in(letter: Any, page: str) -> str:
    found = re.search(rf"/follow/{page}/([a-z0-9.]+)/", str(letter.body))
    assert found is not None
    return found[1]


def test_a_letter_asks_and_nothing_follows_until_its_link_is_used() -> None:
    ask()
    actions.send_due(NOW)
    (letter,) = mail.outbox
    assert letter.to == ["a@example.org"]
    subscription = queries.subscription_of(key_in(letter, "confirm"))
    assert (subscription.state, subscription.next_due_at) == ("asked", None)
    actions.confirm(subscription, NOW)
    actions.confirm(subscription, NOW)
    subscription.refresh_from_db()
    assert subscription.state == "active"
    assert subscription.next_due_at == datetime(2026, 11, 26, 7, tzinfo=UTC)


def test_a_link_that_was_not_signed_here_leads_nowhere() -> None:
    ask()
    subscription = Subscription.objects.get()
    for key in (subscription.token, f"{subscription.token}.", f"{subscription.token}.{'a' * 20}", "", "é.x"):
        with pytest.raises(NotThere):
            queries.subscription_of(key)
    assert queries.subscription_of(links.key_of(subscription.token)) == subscription


def test_a_link_has_seven_days() -> None:
    ask()
    subscription = Subscription.objects.get()
    with pytest.raises(Impossible):
        actions.confirm(subscription, NOW + timedelta(days=7, seconds=1))
    actions.tidy(NOW + timedelta(days=7, seconds=1))
    assert not Subscription.objects.exists()
    assert not Mailing.objects.exists()


def test_asking_again_sends_no_second_letter_at_once() -> None:
    ask()
    ask()
    assert Subscription.objects.count() == 1
    assert Mailing.objects.count() == 1
    ask(now=NOW + timedelta(minutes=11))
    assert Mailing.objects.count() == 2


def test_nobody_can_fill_a_mailbox_through_many_questions() -> None:
    for number in range(40):
        wish = interests.search("opportunities", {"theme": [str(number)]})
        actions.ask(wish, actions.Reader("a@example.org"), client="", now=NOW + timedelta(minutes=number))
    assert Mailing.objects.count() == 3
    for hours in range(1, 23):
        wish = interests.search("opportunities", {"theme": [f"later {hours}"]})
        actions.ask(wish, actions.Reader("a@example.org"), client="", now=NOW + timedelta(hours=hours))
    assert Mailing.objects.count() == 6


def test_a_client_that_asks_too_often_is_told_to_wait() -> None:
    for number in range(limits.CLIENT_ASKS_MAX):
        ask(f"reader-{number}@example.org", client="192.0.2.1")
    with pytest.raises(limits.TooMany):
        ask("one-more@example.org", client="192.0.2.1")
    ask("another@example.org", client="192.0.2.2")


def test_what_one_learns_is_the_same_whether_the_address_is_known(follow: Make) -> None:
    follow("a@example.org", everything())
    actions.send_due(NOW)
    mail.outbox.clear()
    later = NOW + timedelta(days=2)
    actions.ask(everything(), actions.Reader("a@example.org", language="fr", rhythm="weekly"), client="", now=later)
    subscription = Subscription.objects.get()
    assert (subscription.language, subscription.rhythm, subscription.state) == ("en", "daily", "active")
    actions.send_due(later)
    (letter,) = mail.outbox
    assert queries.subscription_of(key_in(letter, "mine")) == subscription


def test_addresses_are_one_however_they_are_written() -> None:
    ask("A@Example.org ")
    ask("a@example.org")
    assert list(Subscription.objects.values_list("email", flat=True)) == ["a@example.org"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_refused_with_words(email: str) -> None:
    with pytest.raises(Impossible):
        ask(email)


@pytest.mark.parametrize(
    "reader", [{"language": "xx"}, {"time_zone": "Mars/Base"}, {"rhythm": "hourly"}, {"weekday": 9}]
)
def test_what_cannot_be_chosen_is_refused(reader: dict[str, Any]) -> None:
    with pytest.raises(Impossible):
        ask(**reader)


def test_a_question_that_is_longer_than_a_list_reads_is_refused(opportunity: Make) -> None:
    with pytest.raises(Impossible):
        interests.search("opportunities", {"theme": [str(number) for number in range(21)]})
    with pytest.raises(Impossible):
        interests.search("opportunities", {}, "x" * 201)
    with pytest.raises(Impossible):
        interests.search("awards", {})
    with pytest.raises(Impossible):
        interests.about("commons", opportunity("one"))
    with pytest.raises(Impossible):
        interests.about("opportunity", opportunity("hidden", visibility="removed"))


def test_whoever_is_signed_in_has_confirmed_their_own_address_and_no_other(alice: Any, bob: Any) -> None:
    ask(alice.email, person=alice)
    ask(bob.email, person=alice)
    ask("nobody@example.org", person=AnonymousUser())
    states = dict(Subscription.objects.values_list("email", "state"))
    assert states == {alice.email: "active", bob.email: "asked", "nobody@example.org": "asked"}
    assert Mailing.objects.count() == 2


def test_one_click_stops_and_forgets(follow: Make, opportunity: Make, look: Any) -> None:
    look(NOW)
    subscription = follow("a@example.org", everything())
    opportunity("one")
    look(NOW)
    actions.mute(subscription, "opportunities", "one", NOW)
    actions.stop(queries.subscription_of(links.key_of(subscription.token)), NOW)
    actions.stop(subscription, NOW)
    subscription.refresh_from_db()
    assert (subscription.state, subscription.email, subscription.person) == ("stopped", "", None)
    for rows in (Delivery, Mailing, Mute):
        assert not rows.objects.exists()
    with pytest.raises(queries.FeedGone):
        queries.feed(subscription.token, NOW)
    with pytest.raises(Impossible):
        actions.confirm(subscription, NOW)
    actions.tidy(NOW + timedelta(days=31))
    assert not Subscription.objects.exists()
    assert not Interest.objects.exists()


def test_an_interest_that_somebody_has_or_asked_for_lately_stays(follow: Make) -> None:
    follow("a@example.org", everything())
    actions.tidy(NOW + timedelta(days=400))
    assert Interest.objects.count() == 1


def test_after_stopping_one_can_ask_anew(follow: Make) -> None:
    actions.stop(follow("a@example.org", everything()), NOW)
    again = NOW + timedelta(hours=2)
    ask(now=again)
    assert sorted(Subscription.objects.values_list("state", flat=True)) == ["asked", "stopped"]


def test_how_often_and_where_can_be_changed(follow: Make) -> None:
    subscription = follow("a@example.org", everything())
    actions.change_rhythm(subscription, "weekly", 4, "Asia/Tokyo", "fr", NOW)
    subscription.refresh_from_db()
    assert subscription.next_due_at == datetime(2026, 11, 26, 23, tzinfo=UTC)  # Friday, eight in the morning in Tokyo
    with pytest.raises(Impossible):
        actions.change_rhythm(subscription, "weekly", 4, "Tokyo", "fr", NOW)


@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_it_is_eight_in_the_morning_all_year_round(zone: str, rhythm: str) -> None:
    from zoneinfo import ZoneInfo

    moment, seen = NOW, []
    for _letter in range(400 if rhythm == "daily" else 60):
        moment = next_due(moment, rhythm, 2, zone)
        seen.append(moment.astimezone(ZoneInfo(zone)))
    assert {(local.hour, local.minute) for local in seen} == {(8, 0)}
    step = timedelta(days=1 if rhythm == "daily" else 7)
    assert {later.date() - earlier.date() for earlier, later in pairwise(seen)} == {step}
    assert rhythm == "daily" or {local.weekday() for local in seen} == {2}


def test_the_zones_one_may_choose_are_places() -> None:
    offered = zones_offered()
    assert {"UTC", "Europe/Brussels", "America/New_York", "America/Argentina/Buenos_Aires"} <= set(offered)
    assert len(offered) == len(set(offered)) > 400
    assert not {"posixrules", "Asia/Calcutta", "America/Buenos_Aires", "US/Eastern", "Etc/GMT+1"} & set(offered)
    assert not {"posixrules", "US/Eastern", "Etc/GMT+1"} & zones()


def test_a_former_name_of_a_place_that_was_chosen_stays_chosen(follow: Make) -> None:
    subscription = follow("a@example.org", everything(), time_zone="Asia/Calcutta")
    form = RhythmForm(initial={"time_zone": subscription.time_zone})
    assert '<option value="Asia/Calcutta" selected>Calcutta</option><optgroup' in str(form["time_zone"])
    assert str(form["time_zone"]).count(" selected") == 1
    assert 'value="Asia/Kolkata" selected' in str(RhythmForm(initial={"time_zone": "Asia/Kolkata"})["time_zone"])
    sent = RhythmForm({"often": "daily", "language": "en", "time_zone": "Asia/Calcutta"})
    assert sent.is_valid()
    assert zone_of(subscription.time_zone).key == "Asia/Calcutta"


def test_a_person_sees_exports_and_takes_along_what_they_follow(alice: Any, client: Any, follow: Make) -> None:
    from communs.apps.accounts.actions import delete_person
    from communs.apps.accounts.queries import export_person

    subscription = follow(alice.email, everything())
    follow("somebody-else@example.org", everything())
    assert subscription.person == alice
    (row,) = export_person(alice)["following"]
    assert (row["email"], row["rhythm"], row["follows"]["what"]) == (alice.email, "daily", "search")
    ((_label, address, _note),) = queries.follows_of(alice)
    assert address.startswith("/en/follow/mine/")
    delete_person(alice)
    assert list(Subscription.objects.values_list("email", flat=True)) == ["somebody-else@example.org"]


def test_what_was_asked_for_before_the_account_belongs_to_it_once_the_address_is_confirmed(follow: Make) -> None:
    from allauth.account.models import EmailAddress

    from communs.apps.accounts.models import Person

    subscription = follow("new@example.org", everything())
    person = Person.objects.create_user("new@example.org", "a long password of mine")
    claimed = EmailAddress.objects.create(user=person, email=person.email, verified=False)
    actions.tidy(NOW)
    subscription.refresh_from_db()
    assert subscription.person is None  # anybody can sign up with any address
    assert not queries.subscriptions_of(person)
    EmailAddress.objects.filter(pk=claimed.pk).update(verified=True)
    actions.tidy(NOW)
    subscription.refresh_from_db()
    assert subscription.person == person

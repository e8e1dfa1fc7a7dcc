"""By the key in a letter: confirm, change, mute, stop and ask again; without cookies, and never by opening a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communs.apps.following import actions, interests, links
from communs.apps.following.models import Delivery, Mute, Subscription

from .conftest import Make, everything, one_off

Look = Callable[[Any], int]


@pytest.fixture(autouse=True)
def _letters_stay_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_PAGE_SECONDS = 0


def read(response: Any) -> str:
    """What a page says, without its markup."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<option.*?</option>|<[^>]+>", " ", main)).split())


def address(name: str, subscription: Subscription, rest: str = "", language: str = "en") -> str:
    return f"/{language}/follow/{name}/{links.key_of(subscription.token)}/{rest}"


@pytest.fixture
def asked(db: None) -> Subscription:
    """Asked for and not confirmed."""
    actions.ask(everything(), actions.Reader("rosa@example.org", "fr"), client="", now=timezone.now())
    return Subscription.objects.get()


@pytest.fixture
def mine(follow: Make) -> Subscription:
    """All funding, confirmed."""
    followed: Subscription = follow("rosa@example.org", everything(), now=timezone.now())
    return followed


# Confirming.


def test_the_page_of_the_link_asks_and_its_button_confirms(asked: Subscription) -> None:
    client, path = Client(enforce_csrf_checks=True), address("confirm", asked)
    page = client.get(path)
    assert page.status_code == 200
    assert "r…@example.org" in read(page)
    assert "rosa@example.org" not in page.content.decode()
    assert "Every morning, at eight, Brussels time" in read(page)
    asked.refresh_from_db()
    assert asked.state == "asked", "a mail scanner follows links"
    assert client.post(path)["Location"] == path
    asked.refresh_from_db()
    assert asked.state == "active"
    done = read(client.get(path))
    assert "You follow it now ✓ Funding: everything" in done
    assert "The first letter comes on" in done
    assert client.post(path).status_code == 302, "twice is fine"
    assert not client.cookies


def test_a_link_that_has_had_its_time_offers_to_ask_again(asked: Subscription) -> None:
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=8))
    for response in (Client().get(address("confirm", asked)), Client().post(address("confirm", asked))):
        assert response.status_code == 410
        assert "This link has had its time" in read(response)
        assert 'href="/en/follow/?what=search&amp;in=funding"' in response.content.decode()
    actions.tidy(timezone.now())
    response = Client().get(address("confirm", asked))
    assert response.status_code == 410, "erased by now, and the key is still one of ours"
    assert 'href="/en/follow/"' in response.content.decode()


@pytest.mark.parametrize("name", ["confirm", "mine", "stop"])
def test_a_key_that_was_never_given_out_leads_nowhere(mine: Subscription, name: str) -> None:
    for key in (mine.token, f"{mine.token}.", f"{mine.token}.{'a' * 20}", "é.x", "x" * 300):
        assert Client().get(f"/en/follow/{name}/{key}/").status_code == 404
        assert Client().post(f"/en/follow/{name}/{key}/").status_code == 404
    assert Subscription.objects.get().state == "active"


def test_who_has_not_confirmed_is_led_to_where_one_does(asked: Subscription) -> None:
    assert Client().get(address("mine", asked))["Location"] == address("confirm", asked)
    assert Client().get(address("mute", asked, "opportunities/one/"))["Location"] == address("confirm", asked)


# Looking after it.


def test_the_page_says_how_it_stands_and_keeps_it_to_its_reader(mine: Subscription) -> None:
    response = Client().get(address("mine", mine))
    page = read(response)
    assert "Letters go to r…@example.org, every morning" in page
    assert "08:00 (Brussels time), if anything has happened by then" in page
    assert f"/f/{mine.token}.ics" in page
    assert f'href="webcal://testserver/f/{mine.token}.ics"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response["Referrer-Policy"] == "same-origin"


def test_the_rhythm_the_language_and_the_zone_are_changed(mine: Subscription) -> None:
    client = Client(enforce_csrf_checks=True)
    form = {"often": "weekly-4", "language": "fr", "time_zone": "Pacific/Noumea"}
    response = client.post(address("mine", mine), form)
    mine.refresh_from_db()
    assert (mine.rhythm, mine.weekday, mine.language, mine.time_zone) == ("weekly", 4, "fr", "Pacific/Noumea")
    page = read(client.get(response["Location"]))
    assert "Changed." in page
    assert "once a week, on Friday" in page
    assert "08:00 (Noumea time)" in page
    assert "à 08:00 (heure de Nouméa)" in read(client.get(address("mine", mine, language="fr")))


def test_a_choice_that_is_none_is_refused_beside_its_field(mine: Subscription) -> None:
    response = Client().post(address("mine", mine), {"often": "daily", "language": "fr", "time_zone": "Nowhere"})
    assert "One thing to correct" in read(response)
    mine.refresh_from_db()
    assert mine.language == "en"


def test_a_feed_has_a_language_and_a_zone_and_no_rhythm(db: None) -> None:
    feed = actions.ask_feed(everything("commons"), "en", "Europe/Brussels", client="", now=timezone.now())
    page = read(Client().get(address("mine", feed)))
    assert "nobody’s address is known" in page
    assert "How often" not in page
    assert ".ics" not in page
    Client().post(address("mine", feed), {"language": "fr", "time_zone": "UTC"})
    feed.refresh_from_db()
    assert (feed.language, feed.time_zone, feed.next_due_at) == ("fr", "UTC", None)


def test_what_was_told_stands_there_in_pages(opportunity: Make, mine: Subscription, look: Look) -> None:
    look(timezone.now())
    assert "Nothing has happened yet." in read(Client().get(address("mine", mine, "told/")))
    for number in range(23):
        opportunity(f"fund-{number}", windows=[{"model": "rolling"}])
    look(timezone.now())
    page = Client().get(address("mine", mine)).content.decode()
    assert page.count("New in the list of funding.") == 5
    assert "All 23 of them" in page
    told = Client().get(address("mine", mine, "told/"))
    assert told.content.decode().count("New in the list of funding.") == 20
    assert "1 to 20 of 23" in read(told)
    assert "waiting for the next letter" in read(told)
    rest = Client().get(address("mine", mine, "told/?page=2"))
    assert rest.content.decode().count("New in the list of funding.") == 3


def test_the_pages_of_a_key_do_not_ask_more_of_the_database_the_more_was_told(
    opportunity: Make, mine: Subscription, look: Look, django_assert_max_num_queries: Any
) -> None:
    look(timezone.now())
    for number in range(20):
        opportunity(f"fund-{number}", windows=[{"model": "rolling"}])
    look(timezone.now())
    for path in (address("mine", mine), address("mine", mine, "told/")):
        with django_assert_max_num_queries(14):
            assert Client().get(path).status_code == 200


# Muting.


def test_one_entry_is_muted_by_a_button_and_unmuted_by_another(
    opportunity: Make, mine: Subscription, state: Make, look: Look
) -> None:
    look(timezone.now())
    record = opportunity("one", closes="2099-12-24")
    look(timezone.now())
    client, path = Client(enforce_csrf_checks=True), address("mute", mine, "opportunities/one/")
    assert "Hear no more of Fund one?" in read(client.get(path))
    assert not Mute.objects.exists()
    page = read(client.get(client.post(path)["Location"]))
    assert "You hear no more of Fund one." in page
    assert "What you hear nothing of Fund one" in page
    assert Delivery.objects.get().state == "muted"
    response = client.post(address("mine", mine, "unmute/"), {"catalogue": "opportunities", "public_id": "one"})
    assert "What you hear nothing of" not in read(client.get(response["Location"]))
    state(record, windows=[one_off("2099-12-31")])
    look(timezone.now())
    assert Delivery.objects.filter(state="waiting").count() == 1


def test_what_is_not_there_cannot_be_muted(mine: Subscription, opportunity: Make) -> None:
    for rest in ("opportunities/nothing/", "people/one/"):
        assert Client().get(address("mute", mine, rest)).status_code == 404
        assert Client().post(address("mute", mine, rest)).status_code == 404
    assert Client().post(address("mine", mine, "unmute/"), {"catalogue": "people"}).status_code == 404
    assert Client().get(address("mute", mine, "opportunities/%00/")).status_code == 404
    assert Client().post(address("mine", mine, "unmute/")).status_code == 404
    assert (
        Client().post(address("mine", mine, "unmute/"), {"catalogue": "commons", "public_id": "\0"}).status_code == 302
    )


# Stopping.


def test_one_click_of_a_mail_program_stops_it_and_leads_nowhere_else(mine: Subscription) -> None:
    """RFC 8058: a POST with this body, no cookies, and an answer that is no redirect."""
    client = Client(enforce_csrf_checks=True)
    body = "List-Unsubscribe=One-Click"
    response = client.post(address("stop", mine), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    mine.refresh_from_db()
    assert (mine.state, mine.email) == ("stopped", "")
    assert not client.cookies
    assert client.post(address("stop", mine)).status_code == 200, "twice is fine"
    Subscription.objects.all().delete()
    assert client.post(address("stop", mine)).status_code == 200, "long ago too"


def test_the_address_in_a_letter_is_the_one_that_stops(mine: Subscription, opportunity: Make, look: Look) -> None:
    look(timezone.now())
    opportunity("one", windows=[{"model": "rolling"}])
    look(timezone.now())
    actions.post_due(timezone.now() + timedelta(days=2))
    actions.send_due(timezone.now() + timedelta(days=2))
    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert Client().post(path).status_code == 200
    assert Subscription.objects.get().state == "stopped"


def test_opening_the_page_asks_and_after_stopping_one_may_ask_again(mine: Subscription) -> None:
    page = read(Client().get(address("stop", mine)))
    assert "Stop what you follow Funding: everything" in page
    mine.refresh_from_db()
    assert mine.state == "active"
    stopped = Client().post(address("stop", mine))
    assert 'href="/en/follow/?what=search&amp;in=funding"' in stopped.content.decode()
    assert "Stopped" in read(Client().get(address("stop", mine)))
    for name in ("mine", "confirm"):
        response = Client().get(address(name, mine))
        assert response.status_code == 410
        assert "This has been stopped" in read(response)


def test_asking_again_leads_to_the_same_wish(follow: Make, commons: Make) -> None:
    atlas = commons("atlas")
    wishes = [
        interests.about("money_for", atlas),
        interests.about("commons", atlas),
        interests.search("commons", {"kind": ["software", "data"], "country": ["FR"]}, "carte & co", "en"),
    ]
    for number, wish in enumerate(wishes):
        subscription = follow(f"r{number}@example.org", wish, now=timezone.now())
        page = Client().post(address("stop", subscription)).content.decode()
        again = html.unescape(re.findall(r'href="(/en/follow/\?[^"]+)"', page)[0])
        form = {"email": f"r{number}@example.org", "often": "daily", "language": "en", "time_zone": "UTC"}
        assert Client().post(again, form).status_code == 302
        found = Subscription.objects.exclude(state="stopped").select_related("interest").latest("pk")
        assert found.interest.digest == wish.digest

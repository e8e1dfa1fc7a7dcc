"""The page on which one asks: what one will hear of, what that is now, the letter and the feed, signed in or not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communs.apps.following import actions, limits
from communs.apps.following.models import Interest, Subscription
from communs.kit.records.models import Visibility

from .conftest import Make

FOLLOW = "/en/follow/"
GOOD = {"email": "rosa@example.org", "often": "weekly-2", "language": "fr", "time_zone": "America/Cayenne"}
SENT = "Look into your mailbox"


@pytest.fixture(autouse=True)
def _letters_stay_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_PAGE_SECONDS = 0


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    def made(person: Any) -> Client:
        fresh = Client()
        fresh.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return fresh

    return made


def read(response: Any) -> str:
    """What a page says, without its markup."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<option.*?</option>|<[^>]+>", " ", main)).split())


def get(query: str, client: Client | None = None) -> str:
    response = (client or Client()).get(f"{FOLLOW}{query}")
    assert response.status_code == 200
    return read(response)


def post(query: str, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).post(f"{FOLLOW}{query}", {**GOOD, **more})


# What the page says.


def test_a_search_is_named_with_what_it_finds_now(opportunity: Make) -> None:
    for number in range(7):
        opportunity(f"water-{number}", countries=["FR"], windows=[{"model": "rolling"}])
    opportunity("other", countries=["DE"])
    page = get("?what=search&in=funding&country=FR&page=3&sort=title")
    assert "Follow this search Funding: Where: France" in page
    assert "7 entries today Fund water-" in page
    assert page.count("Fund water-") == 5
    assert "All 7 of them" in page
    assert "two weeks before it closes" in page


def test_what_is_hidden_by_the_list_is_not_counted_unless_the_list_shows_it(opportunity: Make) -> None:
    opportunity("past", closes="2020-01-01")
    assert "Nothing yet: you hear of the first one." in get("?what=search&in=funding")
    assert "One entry today Fund past" in get("?what=search&in=funding&closed=1")


@pytest.mark.parametrize("words", ["atlas", "ATLAS  "])
def test_words_are_looked_for_as_the_list_of_commons_does(commons: Make, words: str) -> None:
    commons("atlas")
    commons("other")
    assert "One entry today Atlas" in get(f"?what=search&in=commons&q={words}")


def test_one_entry_and_money_for_it_are_named(commons: Make, opportunity: Make) -> None:
    commons("atlas")
    opportunity("open", windows=[{"model": "rolling"}], recipients=["informal_collective"], countries=["INT"])
    opportunity("past", closes="2020-01-01")
    assert "Follow Fund open You hear when it opens or closes" in get("?what=opportunity&id=open")
    assert "Follow Atlas You hear what changes" in get("?what=commons&id=atlas")
    money = get("?what=money_for&id=atlas")
    assert "Follow: New money for Atlas" in money
    assert "One entry today Fund open" in money


def test_a_calendar_is_offered_where_there_are_days(commons: Make) -> None:
    commons("atlas")
    assert "Make the feed and the calendar" in get("?what=money_for&id=atlas")
    assert "Make the feed and the calendar" not in get("?what=commons&id=atlas")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("in=funding&status=bogus", "The filter “When” does not know “bogus”"),
        ("in=funding&status=open&country=Frankreich", "The filter “Where” does not know “Frankreich”"),
        ("in=funding&theme=unheard", "The filter “Theme” does not know “unheard”"),
        ("in=commons&kind=bogus", "The filter “Kind” does not know “bogus”"),
        ("in=commons&language=klingonisch", "The filter “Language” does not know “klingonisch”"),
    ],
)
def test_a_value_that_its_filter_does_not_know_is_refused_since_the_list_shows_nothing_with_it(
    opportunity: Make, commons: Make, query: str, said: str
) -> None:
    opportunity("open", windows=[{"model": "rolling"}], themes=["water"])
    commons("atlas")
    listed = "/en/funding/" if "in=funding" in query else "/en/commons/"
    assert Client().get(f"{listed}?{query}").context["total"] == 0
    asked = [Client().get(f"{FOLLOW}?what=search&{query}"), post(f"?what=search&{query}")]
    asked.append(Client().post(f"{FOLLOW}feed/?what=search&{query}"))
    for answer in asked:
        assert answer.status_code == 409
        assert said in read(answer)
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "in=funding&status=forecast&kind=prize&funds_what=maintenance&funder=public&reach=hosted&size=to_5k&age=never",
        "in=funding&legal_entity=not_needed&unsaid=country&applicant=association&commons_kind=software&pot=CHF",
        "in=funding&country=PT&country=EU27&language=pt&theme=water",
        "in=commons&kind=data&verdict=closed&form=association&licence=copyleft&category=erp&country=INT&language=mt",
    ],
)
def test_what_a_filter_knows_can_be_followed_though_nothing_bears_it_today(opportunity: Make, query: str) -> None:
    opportunity("open", windows=[{"model": "rolling"}], themes=["water"])
    assert "Nothing yet: you hear of the first one." in get(f"?what=search&{query}")


def test_words_beyond_those_that_the_list_searches_are_said_to_be_left_out(commons: Make) -> None:
    commons("atlas")
    long = "atlas " * 40
    assert "Only the first 197 characters were searched." in get(f"?what=search&in=commons&q={long}")
    assert "Only the first" not in get("?what=search&in=commons&q=atlas")


@pytest.mark.parametrize("query", ["", "?what=nothing&id=x", "?what=search", "?what=search&in=users", "?what=commons"])
def test_an_address_that_names_nothing_says_where_to_start(query: str) -> None:
    assert "Where do you want to start?" in get(query)


def test_what_is_not_there_and_what_is_not_public_cannot_be_followed(
    commons: Make, opportunity: Make, eva: Any, signed_in: Any
) -> None:
    opportunity("hidden", Visibility.UNCONFIRMED)
    assert Client().get(f"{FOLLOW}?what=opportunity&id=hidden").status_code == 404
    assert Client().get(f"{FOLLOW}?what=commons&id=nothing").status_code == 404
    assert signed_in(eva).get(f"{FOLLOW}?what=opportunity&id=hidden").status_code == 409


def test_who_asks_for_a_merged_entry_follows_where_it_went(opportunity: Make) -> None:
    from communs.kit.records import actions as records

    twin, kept = opportunity("twin"), opportunity("kept")
    records.merge(twin, kept, None)
    assert "Follow Fund kept" in get("?what=opportunity&id=twin")


def test_what_was_typed_is_shown_as_text(db: None) -> None:
    page = Client().get(f"{FOLLOW}?what=search&in=funding&q=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "<script" not in page
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;”" in page


@pytest.mark.parametrize("nothing", ["%00", "a%00b", "%EF%BF%BE", "%ED%A0%80"])
def test_characters_that_no_database_keeps_break_nothing(db: None, nothing: str) -> None:
    """NUL, a non-character, half a pair: in words, filters and names."""
    for query in (f"q={nothing}", f"country={nothing}", f"q=water{nothing}"):
        address = f"?what=search&in=funding&{query}"
        refused = query.startswith("country=") and "%00" not in nothing  # a filter knows no such value
        assert Client().get(f"{FOLLOW}{address}").status_code == (409 if refused else 200)
        assert post(address, email=f"r{len(query)}@example.org").status_code == (409 if refused else 302)
    assert Client().get(f"{FOLLOW}?what=commons&id={nothing}").status_code == 404
    assert Client().get(f"{FOLLOW}?what=opportunity&id={nothing}").status_code == 404
    assert Client().get(f"/f/{nothing}.atom").status_code == 404
    assert Client().post(f"/en/follow/stop/{nothing}/").status_code == 404


def test_a_form_that_is_read_sets_no_more_than_its_token(db: None) -> None:
    assert set(Client().get(f"{FOLLOW}?what=search&in=funding").cookies) == {"csrftoken"}


# Asking by e-mail.


def test_the_form_asks_for_what_the_address_names(db: None) -> None:
    response = post("?what=search&in=funding&country=FR&country=BE&q=eau&language=de&sort=title")
    assert response.status_code == 302
    asked = Subscription.objects.select_related("interest").get()
    assert asked.interest.query["facets"] == {"country": ["BE", "FR"], "language": ["de"]}
    assert asked.interest.query["text"] == "eau"
    assert (asked.email, asked.state) == ("rosa@example.org", "asked")
    assert (asked.rhythm, asked.weekday, asked.language, asked.time_zone) == ("weekly", 2, "fr", "America/Cayenne")
    actions.send_due(timezone.now())
    assert mail.outbox[0].subject.startswith("À confirmer")


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(follow: Make, opportunity: Make) -> None:
    from .conftest import everything

    follow("known@example.org", everything(), now=timezone.now())
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        response = post("?what=search&in=funding", email=email)
        answers.append((response.status_code, response["Location"], response.cookies.output()))
        assert "example.org" not in response["Location"]
    assert answers[0] == answers[1]
    page = read(Client().get(answers[0][1]))
    assert SENT in page
    assert "It is about: Funding: everything." in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "rosa"}, "Your e-mail address: Enter a valid email address."),
        ({"email": ""}, "Your e-mail address: This field is required."),
        ({"often": "hourly"}, "How often: Select a valid choice."),
        ({"time_zone": "Mars/Olympus"}, "Time zone: Select a valid choice."),
        ({"language": "tlh"}, "In which language: Select a valid choice."),
    ],
)
def test_a_mistake_is_said_beside_the_field_and_on_top_and_what_was_typed_stays(
    db: None, wrong: dict[str, str], said: str
) -> None:
    response = post("?what=search&in=funding&country=FR", **wrong)
    assert response.status_code == 200
    page = read(response)
    assert f"One thing to correct What you typed is kept. {said}" in page
    assert page.count(said.partition(": ")[2]) == 2
    assert 'value="America/Cayenne" selected' in response.content.decode() or "time_zone" in wrong
    assert not Interest.objects.exists()


def test_who_asks_too_often_is_told_so_and_nothing_typed_is_lost(db: None, settings: Any) -> None:
    for number in range(limits.CLIENT_ASKS_MAX):
        assert post("?what=search&in=funding", email=f"r{number}@example.org").status_code == 302
    response = post("?what=search&in=funding", email="last@example.org")
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Too many requests from your network" in read(response)
    assert 'value="last@example.org"' in response.content.decode()
    made = Client().post(f"{FOLLOW}feed/?what=search&in=funding")
    assert made.status_code == 429
    assert "Too many requests from your network" in read(made)


def test_clients_are_told_apart_behind_a_proxy(db: None) -> None:
    for number in range(limits.CLIENT_ASKS_MAX + 1):
        response = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"}).post(
            f"{FOLLOW}?what=search&in=funding", {**GOOD, "email": f"r{number}@example.org"}
        )
        assert response.status_code == 302


def test_a_form_from_elsewhere_is_refused(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"{FOLLOW}?what=search&in=funding", GOOD).status_code == 403
    assert client.post(f"{FOLLOW}feed/?what=search&in=funding").status_code == 403


# Somebody signed in.


def test_somebody_signed_in_follows_at_once_with_their_own_address(bob: Any, signed_in: Any) -> None:
    client = signed_in(bob)
    page = get("?what=search&in=funding", client)
    assert f"Letters go to {bob.email}" in page
    assert "Your e-mail address" not in page
    response = client.post(f"{FOLLOW}?what=search&in=funding", {**GOOD, "email": "other@example.org"})
    mine = Subscription.objects.get()
    assert (mine.email, mine.state, mine.person_id) == (bob.email, "active", bob.pk)
    assert "You follow this now." in read(client.get(response["Location"]))
    again = client.post(f"{FOLLOW}?what=search&in=funding", GOOD)
    assert again["Location"] == response["Location"]
    assert "You follow this already." in read(client.get(again["Location"]))
    assert not mail.outbox


def test_what_somebody_follows_stands_on_their_page_and_leads_to_where_it_is_changed(bob: Any, signed_in: Any) -> None:
    client = signed_in(bob)
    client.post(f"{FOLLOW}?what=search&in=funding&country=FR", GOOD)
    page = client.get("/en/account/").content.decode()
    assert "What you follow by e-mail" in page
    found = re.search(r'<a href="(/en/follow/mine/[^"]+)">Funding: Where: France</a>', page)
    assert found is not None
    assert client.get(found[1]).status_code == 200


def test_an_address_that_is_not_confirmed_is_asked_like_anybody_elses(bob: Any, signed_in: Any) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=bob).update(verified=False)
    client = signed_in(bob)
    assert "Your e-mail address" in get("?what=search&in=funding", client)
    response = client.post(f"{FOLLOW}?what=search&in=funding", {**GOOD, "email": bob.email})
    assert response["Location"].startswith("/en/follow/sent/")
    assert Subscription.objects.get().state == "asked"


# A feed without an address.


def test_a_feed_is_made_by_a_button_and_its_addresses_are_shown(opportunity: Make) -> None:
    opportunity("one", closes="2099-12-24")
    client = Client()
    response = client.post("/fr/follow/feed/?what=search&in=funding")
    made = Subscription.objects.get()
    assert (made.email, made.state, made.language) == ("", "active", "fr")
    page = read(client.get(response["Location"]))
    assert f"http://testserver/f/{made.token}.atom" in page
    assert f"http://testserver/f/{made.token}.ics" in page
    assert "Gardez l’adresse de cette page" in page
    assert "À quel rythme" not in page


def test_a_feed_of_nothing_is_not_made(db: None) -> None:
    assert Client().post(f"{FOLLOW}feed/?what=nothing").status_code == 404
    assert Client().get(f"{FOLLOW}feed/?what=search&in=funding").status_code == 405

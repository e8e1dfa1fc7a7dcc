"""Letters as people read them: both languages, both forms, everything told, nothing loaded, nobody tracked."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from communs.apps.following import actions, interests, queries
from communs.apps.following.letters import FULL_MAX, TITLES_MAX
from communs.apps.following.models import Delivery, Mailing
from communs.apps.funding.fields import FIELDS
from communs.kit.records import actions as records
from communs.kit.records.models import Visibility

from .conftest import NOW, Make, everything, one_off

MORNING = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _letters_stay_here(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://communs.example.org"


def send(now: Any = MORNING) -> list[Any]:
    mail.outbox.clear()
    actions.post_due(now)
    actions.send_due(now)
    return [letter for letter in mail.outbox if "digest" in letter.extra_headers["Message-ID"]]


def html_of(letter: Any) -> str:
    return str(letter.alternatives[0][0])


class Tags(HTMLParser):
    """Every tag with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_letter_says_what_happened_when_it_closes_and_how_to_hear_less(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    moved = opportunity("moved", closes="2027-01-10")
    changed = opportunity("changed", kind="grant")
    look(NOW)
    follow("a@example.org", everything(), time_zone="America/New_York")
    opportunity("fresh", closes="2027-02-01")
    hour = {"closes": "2027-01-20T17:00", "tz": "Europe/Brussels", "precision": "minute"}
    state(moved, windows=[{"model": "one_off", **hour}])
    state(changed, kind="prize")
    look(NOW)
    (letter,) = send(NOW + timedelta(days=2))
    text = str(letter.body).replace("\u00a0", " ")
    assert letter.subject == "3 entries with news: Funding: everything"
    assert "Fund fresh\n  New in the list of funding.\n  Deadline: 1 February 2027\n" in text
    assert "The deadline moved: 20 January 2027, 11:00 (New York time) instead of" in text
    assert "  Kind: grant → prize\n" in text
    assert "https://communs.example.org/en/funding/fresh/\n" in text
    assert re.search(r"/en/follow/mute/[a-z0-9.]+/opportunities/fresh/\n", text)
    assert re.search(r"Stop these e-mails:\nhttps://communs.example.org/en/follow/stop/[a-z0-9.]+/\n", text)
    foot = " ".join(text.split())
    assert "because you follow this here and confirmed it: Funding: everything. It comes every day at most." in foot
    assert max(map(len, text.splitlines())) < 160


def test_a_letter_is_in_the_language_and_time_of_its_reader(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)
    wish = interests.search("opportunities", {"country": ["FR"]}, "eau", "fr")
    follow("a@example.org", wish, language="fr", time_zone="Asia/Tokyo")
    hour = one_off("2027-01-20T17:00", tz="Europe/Brussels")
    opportunity("une", countries=["FR"], summaries__fr="Une eau pure", windows=[hour])
    look(NOW)
    (letter,) = send()
    text = str(letter.body).replace("\u00a0", " ").replace("\u202f", " ")
    assert letter.subject == "Nouveau : Fonds une"
    assert "Échéance : 21 janvier 2027 à 01:00 (heure de Tokyo)" in text
    assert "https://communs.example.org/fr/funding/une/" in text
    assert "« eau »" in text
    assert letter.extra_headers["Content-Language"] == "fr"
    assert '<html lang="fr">' in html_of(letter)


def test_the_headers_let_programs_stop_it_and_tell_repeats_apart(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)
    follow("a@example.org", everything())
    opportunity("one")
    look(NOW)
    (letter,) = send()
    headers = letter.message()
    assert re.fullmatch(
        r"<https://communs.example.org/en/follow/stop/[a-z0-9.]+/>", headers["List-Unsubscribe"].strip()
    )
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == Mailing.objects.get(kind="digest").message_id
    assert headers["List-Id"].startswith("communs <following.")
    assert headers["Date"]


def test_the_html_loads_nothing_follows_nobody_and_can_be_read_by_ear(
    opportunity: Make, follow: Make, look: Any
) -> None:
    look(NOW)
    follow("a@example.org", everything())
    opportunity("one", titles__en='<script>alert("x")</script> & co', closes="2027-01-01")
    look(NOW)
    (letter,) = send()
    html = html_of(letter)
    tags = Tags(html).found
    names = [tag for tag, _attributes in tags]
    assert not {"img", "script", "link", "iframe", "form", "object", "svg"} & set(names)
    assert not re.search(r"url\(|@import|src=|background=", html)
    assert [name for name in names if re.fullmatch(r"h\d", name)] == ["h1", "h2", "h3"]
    assert tags[0][1] == {"lang": "en"}
    links = [attributes["href"] or "" for tag, attributes in tags if tag == "a"]
    assert all(link.startswith("https://communs.example.org/en/") and "?" not in link for link in links)
    assert "color-scheme: light dark" in html
    assert "Hear no more of this one: &lt;script&gt;" in html


def test_forty_hits_stand_in_one_letter_and_five_hundred_are_all_told(
    opportunity: Make, follow: Make, look: Any
) -> None:
    look(NOW)
    follow("a@example.org", everything())
    for number in range(40):
        opportunity(f"fund-{number:03}")
    look(NOW)
    (letter,) = send()
    assert len(set(re.findall(r"/en/funding/(fund-\d+)/\n", str(letter.body)))) == 40
    count = FULL_MAX + TITLES_MAX + 12
    for number in range(count):
        opportunity(f"more-{number:03}")
    look(MORNING)
    (letter,) = send(MORNING + timedelta(days=1))
    text, html = str(letter.body), html_of(letter)
    for said in (text, html):
        assert len(set(re.findall(r"/en/funding/(more-\d+)/", said))) == FULL_MAX + TITLES_MAX
        assert "12 more entries:" in said
    assert re.search(r"12 more entries:\nhttps://communs.example.org/en/follow/mine/[a-z0-9.]+/told/\n", text)
    assert Delivery.objects.filter(state="told").count() == 40 + count
    assert len(html.encode()) < 102_000  # what large mail programs show without cutting it


def test_news_of_the_afternoon_waits_for_the_morning(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)
    follow("a@example.org", everything())
    assert send(NOW + timedelta(days=3)) == []
    opportunity("one")
    look(NOW + timedelta(days=3, hours=2))
    assert send(NOW + timedelta(days=3, hours=3)) == []
    assert len(send(NOW + timedelta(days=4))) == 1


def test_a_weekly_letter_brings_a_week(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)  # a Wednesday
    follow("a@example.org", everything(), rhythm="weekly", weekday=0)
    letters = []
    for day in range(14):
        opportunity(f"fund-{day}")
        look(NOW + timedelta(days=day))
        letters += send(NOW + timedelta(days=day))
    assert [len(re.findall(r"/en/funding/fund-\d+/\n", str(letter.body))) for letter in letters] == [6, 7]


def test_what_is_removed_or_muted_before_the_letter_leaves_is_not_told(
    opportunity: Make, follow: Make, look: Any
) -> None:
    look(NOW)
    subscription = follow("a@example.org", everything())
    gone, _muted, _kept = opportunity("gone"), opportunity("muted"), opportunity("kept")
    look(NOW)
    actions.post_due(MORNING)
    records.set_visibility(gone, Visibility.REMOVED, None)
    actions.mute(subscription, "opportunities", "muted", NOW)
    actions.send_due(MORNING)
    text = str(mail.outbox[-1].body)
    assert set(re.findall(r"/en/funding/([a-z]+)/\n", text)) == {"kept"}
    states = dict(Delivery.objects.values_list("event__record_id", "state"))
    assert states[gone.pk] == "withdrawn"


def test_a_letter_with_nothing_left_to_tell_is_not_sent(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)
    follow("a@example.org", everything())
    record = opportunity("one")
    look(NOW)
    actions.post_due(MORNING)
    records.set_visibility(record, Visibility.REMOVED, None)
    mail.outbox.clear()
    actions.send_due(MORNING)
    assert [letter for letter in mail.outbox if "One-Click" in str(letter.extra_headers)] == []
    assert Mailing.objects.get(kind="digest").state == "empty"


def test_a_deadline_that_moved_twice_is_told_as_it_is_now(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", closes="2027-01-10")
    look(NOW)
    follow("a@example.org", interests.about("opportunity", record))
    state(record, windows=[one_off("2027-01-20")])
    look(NOW)
    state(record, windows=[one_off("2027-01-30")])
    look(NOW)
    (letter,) = send()
    text = str(letter.body).replace("\u00a0", " ")
    assert text.count("The deadline moved") == 1
    assert "The deadline moved: 30 January 2027 instead of 10 January 2027." in text
    assert letter.subject == "Another date: Fund one"


def test_an_opening_day_and_a_deadline_that_move_together_are_both_told_by_letter_and_feed(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10")])
    look(NOW)
    wish = interests.about("opportunity", record)
    english, french = follow("a@example.org", wish), follow("b@example.org", wish, language="fr")
    state(record, windows=[one_off("2027-03-15", opens="2027-01-20")])
    look(NOW)
    said = {letter.to[0]: " ".join(str(letter.body).split()) for letter in send()}
    expected = {
        english: "The dates moved: opens 20 January 2027 instead of 10 January 2027,"
        " closes 15 March 2027 instead of 1 March 2027.",
        french: "Les dates ont changé : ouverture 20 janvier 2027 (avant : 10 janvier 2027),"
        " clôture 15 mars 2027 (avant : 1er mars 2027).",
    }
    for subscription, text in expected.items():
        with translation.override(subscription.language):
            (entry,) = queries.feed_entries(queries.feed(subscription.token, NOW))
        assert text in said[subscription.email]
        assert text == " ".join(entry.summary.split())


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {"opens": "2027-01-10", "closes": "2027-03-01"},
            {"opens": "2027-01-20", "closes": "2027-03-01"},
            ["The opening day moved: 20 January 2027 instead of 10 January 2027."],
        ),
        (
            {"opens": "2027-01-10"},
            {"opens": "2027-01-20", "closes": "2027-03-01"},
            [
                "The opening day moved: 20 January 2027 instead of 10 January 2027.",
                "The deadline is known now: 1 March 2027.",
            ],
        ),
        (
            {"opens": "2027-01-10"},
            {"opens": "2027-01-10", "closes": "2027-03-01"},
            ["The deadline is known now: 1 March 2027."],
        ),
        (
            {"opens": "2027-01-10", "closes": "2027-03-01"},
            {"opens": "2027-01-10"},
            ["The deadline of 1 March 2027 does not hold any more."],
        ),
        (
            {"opens": "2026-10-10", "closes": "2027-03-01"},
            {"opens": "2026-10-11", "closes": "2027-03-15"},
            ["The deadline moved: 15 March 2027 instead of 1 March 2027."],
        ),
    ],
)
def test_each_day_is_told_against_what_it_was_and_never_against_the_other(
    opportunity: Make, state: Make, follow: Make, look: Any, before: Any, after: Any, told: list[str]
) -> None:
    record = opportunity("one", windows=[{"model": "one_off", "precision": "day", **before}])
    look(NOW)
    follow("a@example.org", interests.about("opportunity", record))
    state(record, windows=[{"model": "one_off", "precision": "day", **after}])
    look(NOW)
    (letter,) = send()
    text = str(letter.body).replace("\u00a0", " ").partition("Deadline:")[0]
    assert re.findall(r"^  ((?:The|Dates) .*\.)$", text, re.MULTILINE) == told


def test_an_opening_day_that_moved_on_one_day_and_a_deadline_on_the_next_stand_in_one_letter(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    record = opportunity("one", windows=[one_off("2027-03-01", opens="2027-01-10")])
    look(NOW)
    follow("a@example.org", interests.about("opportunity", record))
    state(record, windows=[one_off("2027-03-01", opens="2027-01-20")])
    look(NOW)
    state(record, windows=[one_off("2027-03-15", opens="2027-01-20")])
    look(NOW)
    (letter,) = send()
    text = " ".join(str(letter.body).split())
    assert text.count("moved:") == 1
    assert "opens 20 January 2027 instead of 10 January 2027, closes 15 March 2027 instead of 1 March 2027." in text


def test_the_text_is_forgotten_once_it_has_left(opportunity: Make, follow: Make, look: Any) -> None:
    look(NOW)
    follow("a@example.org", everything())
    opportunity("one")
    look(NOW)
    send()
    assert set(Mailing.objects.values_list("state", "text", "html", "subject")) == {("sent", "", "", "")}


def test_a_letter_of_a_commons_says_what_changed_of_it(commons: Make, state: Make, follow: Make, look: Any) -> None:
    atlas = commons("atlas", homepage="https://atlas.example.org/")
    look(NOW)
    follow("a@example.org", interests.about("commons", atlas))
    state(atlas, homepage="https://maps.example.org/")
    look(NOW)
    (letter,) = send()
    assert "https://atlas.example.org/ → https://maps.example.org/" in " ".join(str(letter.body).split())
    assert timezone.get_current_timezone_name() == "Europe/Brussels"


def test_days_that_changed_are_told_as_people_write_them(
    opportunity: Make, state: Make, follow: Make, look: Any
) -> None:
    stated = {"model": "unknown", "opens": "2026-12-10", "closes": "2027-02-01"}
    changed = opportunity("changed", windows=[stated], last_confirmed="2026-03", amount__max=20_000)
    look(NOW)
    follow("a@example.org", everything())
    follow("b@example.org", everything(), language="fr")
    state(
        changed, windows=[{**stated, "note": "to be confirmed"}], last_confirmed="2026-11-03", amount__max=50_000,
        cofunding_rate_max=0.7,
    )  # fmt: skip
    look(NOW)
    english, french = (" ".join(str(letter.body).replace("\u202f", " ").split()) for letter in send())
    assert "When one can apply: not known; 10 December 2026 – 1 February 2027 →" in english
    assert "Up to: 20,000 → 50,000" in english
    assert "10 décembre 2026 – 1er février 2027" in french
    assert not re.search(r"\d{4}-\d\d", english + french)


def test_other_days_and_figures_of_a_record_are_written_as_people_write_them() -> None:
    criterion = {"dimension": "licence", "seen_as_of": "2026-03"}
    assert FIELDS.say("last_confirmed", "2026-11-03").replace("\u00a0", " ") == "3 November 2026"
    assert "March 2026" in FIELDS.say("criteria", [criterion])
    assert FIELDS.say("cofunding_rate_max", 0.7) == "70%"
    hour = {"model": "one_off", "closes": "2027-01-20T17:00", "tz": "Europe/Brussels"}
    assert "20 January 2027, 17:00 Europe/Brussels" in FIELDS.say("windows", [hour]).replace("\u00a0", " ")
    assert "the first quarter of 2027" in FIELDS.say("windows", [{"closes": "2027-02-01", "precision": "quarter"}])

"""Letters that cannot be sent: what is refused for ever is given up at once, what is refused for now is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from communs.apps.following import actions, queries, tasks
from communs.apps.following.actions.mailing import WAITS_S, claim
from communs.apps.following.models import Delivery, Mailing
from communs.cli import doctor_checks
from communs.kit import schedule
from communs.kit.records.actions import Impossible
from communs.testing.mail_server import MailServer

from .conftest import NOW, Make, everything

MORNING = NOW + timedelta(days=1)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        yield running


@pytest.fixture
def letter(opportunity: Make, follow: Make, look: Any) -> Mailing:
    """One letter that is due."""
    look(NOW)
    follow("a@example.org", everything())
    opportunity("one")
    look(NOW)
    actions.post_due(MORNING)
    return Mailing.objects.get(kind="digest")


def test_an_address_that_does_not_exist_is_given_up_at_once(letter: Mailing, server: MailServer) -> None:
    server.refused_for_ever = {"a@example.org"}
    actions.send_due(MORNING)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("dead", 1)
    assert "550 5.1.1 no such mailbox" in letter.problem
    (dead,) = queries.dead_letters(0, 10)
    assert dead.tells == 1
    assert queries.count_dead() == 1
    assert Delivery.objects.get().state == "letter"  # not lost: it can be sent again


def test_what_was_given_up_can_be_sent_again_as_the_same_letter(letter: Mailing, server: MailServer) -> None:
    server.refused_for_ever = {"a@example.org"}
    actions.send_due(MORNING)
    with pytest.raises(Impossible):
        actions.send_again(0, MORNING)
    server.refused_for_ever = set()
    actions.send_again(letter.pk, MORNING)
    actions.send_due(MORNING)
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert [received["Message-ID"] for received in server.received] == [letter.message_id]
    assert Delivery.objects.get().state == "told"


def test_after_three_letters_given_up_the_rest_waits_until_one_is_taken(
    letter: Mailing, server: MailServer, opportunity: Make, look: Any
) -> None:
    server.refused_for_ever = {"a@example.org"}
    now = MORNING
    for day in range(6):
        actions.send_due(now)
        opportunity(f"fund-{day}")
        look(now)
        now += timedelta(days=1)
        actions.post_due(now)
    assert queries.count_dead() == 3
    assert Delivery.objects.filter(state="waiting").count() == 4
    server.refused_for_ever = set()
    actions.send_again(letter.pk, now)
    actions.send_due(now)
    assert actions.post_due(now + timedelta(days=1)) == 1
    actions.send_due(now + timedelta(days=1))
    assert not Delivery.objects.filter(state="waiting").exists()


def test_refused_for_now_is_tried_again_with_growing_waits_and_given_up_at_last(
    letter: Mailing, server: MailServer
) -> None:
    server.share, server.faults = 1.0, ("recipient later",)
    now, waits = MORNING, []
    for _attempt in range(len(WAITS_S) + 1):
        assert actions.send_due(now) == 0
        letter.refresh_from_db()
        waits.append((letter.next_at - now).total_seconds())
        now = letter.next_at
    assert tuple(waits[:-1]) == WAITS_S
    assert (letter.state, letter.attempts) == ("dead", len(WAITS_S) + 1)
    assert "450 4.2.0 try again" in letter.problem


def test_a_server_that_is_away_counts_against_no_letter(letter: Mailing, server: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = 9  # nobody listens there
    now = MORNING
    for _run in range(30):
        assert actions.send_due(now) == 0
        now += timedelta(hours=3)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)
    assert letter.problem
    settings.EMAIL_PORT = server.port
    assert actions.send_due(now) == 1


def test_the_same_letter_is_sent_again_whatever_happened_in_between(
    letter: Mailing, server: MailServer, state: Make, opportunity: Make, look: Any
) -> None:
    server.share, server.faults = 1.0, ("lost and kept",)
    actions.send_due(MORNING)
    letter.refresh_from_db()
    assert (letter.state, letter.uncertain) == ("waiting", 1)
    opportunity("another")
    look(MORNING)
    server.share = 0.0
    actions.send_due(MORNING + timedelta(hours=1))
    first, second = server.received
    assert first["Message-ID"] == second["Message-ID"]
    assert [part.get_payload() for part in first.walk() if not part.is_multipart()] == [
        part.get_payload() for part in second.walk() if not part.is_multipart()
    ]
    assert queries.outbox(MORNING + timedelta(hours=2)).uncertain == 1


def test_a_lease_keeps_others_away_until_it_ends(letter: Mailing) -> None:
    mine = claim(letter.pk, MORNING)
    assert mine is not None
    assert claim(letter.pk, MORNING + timedelta(minutes=14)) is None
    theirs = claim(letter.pk, MORNING + timedelta(minutes=15))
    assert theirs is not None
    assert (theirs.attempts, theirs.uncertain) == (2, 1)


def test_an_address_that_cannot_be_written_is_given_up_and_holds_up_nobody(
    letter: Mailing, server: MailServer, follow: Make
) -> None:
    letter.subscription.email = "two@signs@example.org"
    letter.subscription.save()
    actions.ask(everything(), actions.Reader("b@example.org"), client="", now=MORNING)
    actions.send_due(MORNING)
    letter.refresh_from_db()
    assert letter.state == "dead"
    assert "b@example.org" in {str(received["To"]) for received in server.received}


def test_an_address_in_other_letters_reaches_its_server(letter: Mailing, server: MailServer) -> None:
    letter.subscription.email = "a@exämple.org"
    letter.subscription.save()
    actions.send_due(MORNING)
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert str(server.received[-1]["To"]) == "a@xn--exmple-cua.org"


def test_the_doctor_tells_what_is_late_and_what_was_given_up(letter: Mailing, server: MailServer) -> None:
    Mailing.objects.exclude(pk=letter.pk).delete()
    Mailing.objects.update(next_at=timezone.now())
    well = doctor_checks._follow()
    assert (well.name, well.state) == ("following", "ok")
    assert well.found.startswith("1 letters waiting")
    Mailing.objects.update(next_at=timezone.now() - timedelta(hours=2))
    late = doctor_checks._follow()
    assert (late.state, "1 late" in late.found) == ("warning", True)
    server.refused_for_ever = {"a@example.org"}
    actions.send_due(timezone.now())
    dead = doctor_checks._follow()
    assert (dead.state, "1 given up" in dead.found) == ("warning", True)


def test_the_chores_are_known_and_leave_sending_to_the_worker(
    letter: Mailing, server: MailServer, django_capture_on_commit_callbacks: Any
) -> None:
    names = {standing.name for standing in schedule.standings(NOW)}
    assert {"follow-events", "follow-mail", "follow-tidy"} <= names
    DBTaskResult.objects.all().delete()
    Mailing.objects.update(next_at=NOW - timedelta(days=400))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.follow_events()
        tasks.follow_mail()
        tasks.follow_tidy()
    (task,) = DBTaskResult.objects.all()
    assert task.task_path.endswith("send_letters")
    assert actions.send_letters.call() >= 1
    letter.refresh_from_db()
    assert letter.state == "sent"

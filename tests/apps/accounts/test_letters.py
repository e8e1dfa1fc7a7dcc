"""Letters: a page never waits for the mail server, and a server that is down is tried again."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from communs.apps.accounts import actions, tasks
from communs.apps.accounts.models import Letter


class Down(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def queued(settings: Any) -> None:
    """Tasks wait in the database for a worker, as they do outside tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def server_is_down(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Down"


def test_a_letter_arrives_and_leaves_no_trace(letters: list[Any]) -> None:
    tasks.post_letter("bob@example.org", "Hello", "text", {"List-Unsubscribe": "<http://testserver/x>"})
    [letter] = letters
    assert (letter.to, letter.subject, letter.body) == (["bob@example.org"], "Hello", "text")
    assert letter.extra_headers == {"List-Unsubscribe": "<http://testserver/x>"}
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("queued", "server_is_down")
def test_a_page_does_not_wait_for_the_mail_server(client: Client, bob: Any) -> None:
    answer = client.post("/en/account/password/reset/", {"email": bob.email})
    assert answer["Location"] == "/en/account/password/reset/done/"
    assert Letter.objects.get().to == bob.email


@pytest.mark.usefixtures("queued")
def test_the_queue_holds_neither_address_nor_link(client: Client, bob: Any) -> None:
    client.post("/en/account/password/reset/", {"email": bob.email})
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [Letter.objects.get().pk], "kwargs": {}}


@pytest.mark.usefixtures("queued")
def test_nothing_is_sent_when_the_work_around_it_is_undone() -> None:
    with transaction.atomic():
        tasks.post_letter("bob@example.org", "Hello", "text")
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.usefixtures("queued", "server_is_down")
def test_attempts_are_repeated_with_growing_waits_and_then_given_up(caplog: pytest.LogCaptureFixture) -> None:
    letter = actions.write_letter("bob@example.org", "Hello", "text")
    waits = []
    with caplog.at_level(logging.WARNING, logger="communs.accounts"):
        while Letter.objects.exists():
            before = DBTaskResult.objects.count()
            tasks.deliver_letter.call(letter.pk)
            if DBTaskResult.objects.count() > before:
                planned = DBTaskResult.objects.order_by("-run_after").first()
                assert planned is not None
                waits.append(planned.run_after - timezone.now())
    for wait, expected_s in zip(waits, actions.RETRY_WAITS_S, strict=True):
        assert abs(wait - timedelta(seconds=expected_s)) < timedelta(seconds=5)
    assert "given up after 6 attempts" in caplog.text
    assert "bob@example.org" not in caplog.text


def test_a_second_attempt_succeeds_when_the_server_is_back(settings: Any) -> None:
    letter = actions.write_letter("bob@example.org", "Hello", "text")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    assert actions.hand_over(letter.pk) == 60
    settings.EMAIL_BACKEND = working
    assert actions.hand_over(letter.pk) is None
    assert [one.subject for one in mail.outbox] == ["Hello"]
    assert actions.hand_over(letter.pk) is None  # run twice, sent once
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Choose a new password"), ("fr", "Choisissez un nouveau mot de passe")]
)
def test_a_letter_is_in_the_language_of_its_reader(
    client: Client, bob: Any, letters: list[Any], language: str, subject: str
) -> None:
    bob.language = language
    bob.save()
    client.post("/fr/account/password/reset/", {"email": bob.email})
    client.post("/en/account/password/reset/", {"email": bob.email})
    assert [letter.subject for letter in letters] == [subject, subject]

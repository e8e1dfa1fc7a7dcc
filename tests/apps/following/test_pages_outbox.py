"""The outbox for editors: how it stands, what was given up and why, without giving anybody away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.apps.following.models import Mailing, Subscription
from communs.apps.following.pages.words import masked, masked_in

from .conftest import Make, everything

OUTBOX = "/en/follow/outbox/"


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    def made(person: Any) -> Client:
        fresh = Client()
        fresh.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return fresh

    return made


def letter(subscription: Subscription, number: int, state: str, **more: Any) -> Mailing:
    now = timezone.now()
    values = {"kind": "digest", "created_at": now, "next_at": now, **more}
    return Mailing.objects.create(
        subscription=subscription, message_id=f"<{number}@example.org>", state=state, **values
    )


def test_only_editors_see_it_and_act(bob: Any, eva: Any, signed_in: Any) -> None:
    assert Client().get(OUTBOX)["Location"].startswith("/en/account/login/")
    assert signed_in(bob).get(OUTBOX).status_code == 403
    assert signed_in(bob).post(f"{OUTBOX}1/again/").status_code == 403
    assert "No letter was given up." in signed_in(eva).get(OUTBOX).content.decode()


def test_it_says_what_waits_what_is_late_and_what_was_given_up(follow: Make, eva: Any, signed_in: Any) -> None:
    rosa = follow("rosa@example.org", everything(), now=timezone.now())
    Mailing.objects.all().delete()
    letter(rosa, 1, "waiting")
    letter(rosa, 2, "waiting", next_at=timezone.now() - timedelta(hours=5), attempts=2)
    letter(rosa, 3, "dead", attempts=8, problem="550 <rosa@example.org>: no such user; write to Rosa.L@example.org")
    page = signed_in(eva).get(OUTBOX).content.decode()
    assert "<dd>2 <span" in page
    assert "one of them after an attempt that failed" in page
    assert "does the worker run" in page
    assert "8 attempts" in page
    assert "550 &lt;r…@example.org&gt;: no such user; write to R…@example.org" in page
    assert "rosa@" not in page.lower()


def test_a_letter_is_sent_again_once(follow: Make, eva: Any, signed_in: Any) -> None:
    rosa = follow("rosa@example.org", everything(), now=timezone.now())
    dead = letter(rosa, 1, "dead", attempts=8, problem="550 no")
    client = signed_in(eva)
    assert client.post(f"{OUTBOX}{dead.pk}/again/")["Location"] == OUTBOX
    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.problem) == ("waiting", 0, "")
    assert "It is in the outbox again" in client.get(OUTBOX).content.decode()
    assert client.post(f"{OUTBOX}{dead.pk}/again/").status_code == 409
    assert client.post(f"{OUTBOX}999/again/").status_code == 409


def test_it_is_linked_from_both_queues(eva: Any, signed_in: Any) -> None:
    for queue in ("/en/funding/queue/", "/en/commons/queue/"):
        assert f'href="{OUTBOX}"' in signed_in(eva).get(queue).content.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("alice@example.org", "a…@example.org"),
        ("", ""),
        ("no address", "no address"),
        ("<a@b.org>, 'Bob Q' <bob.q+x@sub.example.org> said no", "<a…@b.org>, 'Bob Q' <b…@sub.example.org> said no"),
    ],
)
def test_addresses_are_shown_in_part(text: str, shown: str) -> None:
    assert masked_in(text) == shown
    if " " not in text:
        assert masked(text) == shown

"""E-mail outside the request: a page never waits for a mail server, and a server that is down is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from communs.apps.accounts import actions


def post_letter(to: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Send an e-mail from the task worker. Returns at once; failed attempts are repeated with growing waits.

    The letter and its task are rows of one transaction: neither exists without the other, and neither leaves when
    the transaction around the caller is rolled back.
    """
    with transaction.atomic():
        letter = actions.write_letter(to, subject, text, headers)
        deliver_letter.enqueue(letter.pk)


@task()
def deliver_letter(letter_id: int) -> None:
    """One attempt to hand a letter over; a failed one plans the next."""
    wait_s = actions.hand_over(letter_id)
    if wait_s is not None:
        deliver_letter.using(run_after=timezone.now() + timedelta(seconds=wait_s)).enqueue(letter_id)

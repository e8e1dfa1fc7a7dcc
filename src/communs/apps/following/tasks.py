"""The chores: what is done again and again, by one worker at a time (`communs.kit.schedule`)."""

from __future__ import annotations

from django.utils import timezone

from communs.apps.following import actions
from communs.apps.following.queries import is_anything_due, keep_ready


def follow_events() -> None:
    """The chore: note what happened and hand it to the subscriptions that it concerns."""
    now = timezone.now()
    actions.note_events(now)
    actions.spread_events(now)
    keep_ready(timezone.now())


def follow_mail() -> None:
    """The chore: a letter for each subscription whose moment has come, left to the worker."""
    now = timezone.now()
    actions.post_due(now)
    if is_anything_due(now):
        actions.send_letters.enqueue()


def follow_tidy() -> None:
    """The chore: keep no more than is needed."""
    actions.tidy(timezone.now())

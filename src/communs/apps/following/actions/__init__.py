"""Writes of following: asking and stopping, noting what happened, the outbox, sending, keeping things tidy."""

from communs.apps.following.actions.asking import (
    Reader,
    ask,
    ask_feed,
    change_rhythm,
    confirm,
    mute,
    stop,
    unmute,
)
from communs.apps.following.actions.mailing import send_again, send_due, send_letters
from communs.apps.following.actions.noting import note_events
from communs.apps.following.actions.posting import post_due
from communs.apps.following.actions.spreading import spread_events
from communs.apps.following.actions.tidying import tidy

__all__ = [
    "Reader",
    "ask",
    "ask_feed",
    "change_rhythm",
    "confirm",
    "mute",
    "note_events",
    "post_due",
    "send_again",
    "send_due",
    "send_letters",
    "spread_events",
    "stop",
    "tidy",
    "unmute",
]

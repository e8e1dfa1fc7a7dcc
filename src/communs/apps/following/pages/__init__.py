"""What a visitor meets: asking, looking after what one follows, feeds, and the outbox for editors."""

from communs.apps.following.pages.asking import follow, make_feed, sent
from communs.apps.following.pages.feeds import atom_feed, calendar_feed
from communs.apps.following.pages.keyed import confirm, mine, mute, stop, told, unmute
from communs.apps.following.pages.outbox import outbox, send_again

__all__ = [
    "atom_feed",
    "calendar_feed",
    "confirm",
    "follow",
    "make_feed",
    "mine",
    "mute",
    "outbox",
    "send_again",
    "sent",
    "stop",
    "told",
    "unmute",
]

"""How often one may ask: so that nobody fills a stranger's mailbox, or the outbox, through our forms.

Clients are counted in the cache that all processes share, under a keyed hash: no address of theirs is stored.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from communs.kit.records.actions import Impossible

CLIENT_ASKS_MAX = 20
CLIENT_PERIOD = timedelta(hours=1)
# Letters that somebody may have sent to one address without it having confirmed anything: (how many, within).
ADDRESS_LETTERS = ((3, timedelta(hours=1)), (6, timedelta(days=1)))
SAME_AGAIN = timedelta(minutes=10)  # before the same question sends the same letter once more
CONFIRM_WITHIN = timedelta(days=7)


class TooMany(Impossible):
    """This client has asked too often."""


def count_client(client: str) -> None:
    """Count one question of a client (its network address). Raises `TooMany`; an empty name is not counted."""
    if not client:
        return
    name = f"following-{salted_hmac('communs.following.limits', client, algorithm='sha256').hexdigest()[:32]}"
    if cache.add(name, 1, CLIENT_PERIOD.total_seconds()):
        return
    try:
        asked = cache.incr(name)
    except ValueError:  # it ran out between the two
        return
    if asked > CLIENT_ASKS_MAX:
        raise TooMany(_("Too many requests from your network. Wait an hour, then try again."))

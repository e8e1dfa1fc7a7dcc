"""Putting letters into the outbox: the news that waits for a subscription, or a letter by itself.

Deliveries are given to a letter before anything is sent, in the transaction that makes it: whatever happens later, each
belongs to one letter, and that letter keeps its Message-ID.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from communs.apps.following.due import next_due
from communs.apps.following.models import Delivery, Mailing, Subscription
from communs.apps.following.vocabulary import DeliveryState, MailingKind, Standing

AT_ONCE = 500
BATCHES_MAX = 1000  # in one run; the next goes on


def post(subscription: Subscription, kind: MailingKind, now: datetime) -> Mailing:
    """A letter by itself. Call inside the transaction that gives the reason for it."""
    letter = _letter(subscription, kind, now)
    letter.save()
    return letter


def post_due(now: datetime) -> int:
    """One letter for each subscription whose moment has come and for which something waits; how many letters.

    Where nothing waits the next moment is set all the same, so that news of the afternoon waits for the morning.
    """
    made = 0
    for _batch in range(BATCHES_MAX):
        count = _post_batch(now)
        made += count
        if not count:
            break
    _let_pass(now)
    return made


def _post_batch(now: datetime) -> int:
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        due = _due(now).filter(_something_waits()).select_for_update(skip_locked=skips, of=("self",) if skips else ())
        subscriptions = list(due.order_by("next_due_at", "pk")[:AT_ONCE])
        if not subscriptions:
            return 0
        letters = [_letter(subscription, MailingKind.DIGEST, now) for subscription in subscriptions]
        Mailing.objects.bulk_create(letters)
        _assign(letters)
        by_moment: dict[datetime, list[int]] = {}
        for one in subscriptions:
            by_moment.setdefault(next_due(now, one.rhythm, one.weekday, one.time_zone), []).append(one.pk)
        for moment, pks in by_moment.items():
            Subscription.objects.filter(pk__in=pks).update(next_due_at=moment)
    return len(letters)


def _assign(letters: Sequence[Mailing]) -> None:
    """Give everything that waits for these subscriptions to their letters."""
    mine = Mailing.objects.filter(pk__in=[letter.pk for letter in letters], subscription=OuterRef("subscription_id"))
    waiting = Delivery.objects.filter(
        subscription__in=[letter.subscription_id for letter in letters], state=DeliveryState.WAITING
    )
    waiting.update(state=DeliveryState.LETTER, mailing_id=Subquery(mine.values("pk")[:1]))


def _let_pass(now: datetime) -> None:
    """The next moment of those for whom nothing waits: one statement for all with the same rhythm and zone."""
    groups = _due(now).order_by().values_list("rhythm", "weekday", "time_zone").distinct()
    for rhythm, weekday, zone in list(groups):
        same = _due(now).filter(rhythm=rhythm, weekday=weekday, time_zone=zone)
        same.exclude(_something_waits()).update(next_due_at=next_due(now, rhythm, weekday, zone))


def _due(now: datetime) -> QuerySet[Subscription]:
    return Subscription.objects.filter(state=Standing.ACTIVE, next_due_at__lte=now)


def _something_waits() -> Any:
    return Exists(Delivery.objects.filter(subscription=OuterRef("pk"), state=DeliveryState.WAITING))


def _letter(subscription: Subscription, kind: MailingKind, now: datetime) -> Mailing:
    return Mailing(
        subscription=subscription,
        kind=kind,
        message_id=f"<{kind}.{secrets.token_hex(16)}@{_domain()}>",
        created_at=now,
        next_at=now,
    )


def _domain() -> str:
    """The domain that letters come from."""
    sender = str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ")
    return sender or "localhost"

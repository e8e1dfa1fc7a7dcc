"""From an event to a delivery for every subscription that it concerns: the outbox.

One statement writes the deliveries of thousands of interests; the unique key keeps a second run from writing another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction

from communs.apps.following.models import Delivery, Event, Mute, Subscription
from communs.apps.following.queries.concerned import concerned, heard_by
from communs.apps.following.vocabulary import DeliveryState, Standing, What

EVENTS_AT_ONCE = 50
INTERESTS_AT_ONCE = 5000
RUN_EVENTS_MAX = 20_000  # in one run; the next goes on
FEED_LENGTH = 50
LOOKED_BACK_MAX = 500  # events that a new feed is filled from

_SPREAD = f"""
    INSERT INTO {Delivery._meta.db_table} (subscription_id, event_id, state, at)
    SELECT s.id, %s, CASE
        WHEN EXISTS (SELECT 1 FROM {Mute._meta.db_table} m
                     WHERE m.subscription_id = s.id AND m.catalogue = %s AND m.record_id = %s) THEN %s
        WHEN s.email = '' THEN %s ELSE %s END, %s
    FROM {Subscription._meta.db_table} s
    WHERE s.state = %s AND s.interest_id IN (NUMBERS)
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of our own tables


def spread_events(now: datetime) -> int:
    """Hand every event that has not been spread to the subscriptions that it concerns; how many events that were."""
    done = 0
    while done < RUN_EVENTS_MAX:
        events = list(Event.objects.filter(spread_at=None).order_by("id")[:EVENTS_AT_ONCE])
        if not events:
            break
        heard = concerned(events, now)
        for event in events:
            _spread(event, heard[event.pk], now)
        done += len(events)
    return done


def _spread(event: Event, interests: Sequence[int], now: datetime) -> None:
    """All of them or none; a worker that finds another one at it leaves it to that one."""
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        mine = Event.objects.select_for_update(skip_locked=skips).filter(pk=event.pk, spread_at=None)
        if not mine.exists():
            return
        for numbers in _chunks(interests):
            _write(event, numbers, now)
        Event.objects.filter(pk=event.pk).update(spread_at=now)


def _write(event: Event, interests: Sequence[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SPREAD.replace("NUMBERS", ",".join(map(str, map(int, interests)))),
            [
                *(event.pk, event.catalogue, event.record_id),
                *(DeliveryState.MUTED.value, DeliveryState.FEED.value, DeliveryState.WAITING.value),
                *(connection.ops.adapt_datetimefield_value(now), Standing.ACTIVE.value),
            ],
        )


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), INTERESTS_AT_ONCE):
        yield numbers[start : start + INTERESTS_AT_ONCE]


def fill_feed(subscription: Subscription, now: datetime) -> int:
    """Give a new subscription the last events that it would have heard of, for its feed alone: none is mailed."""
    interest = subscription.interest
    past = Event.objects.filter(catalogue=interest.catalogue).exclude(spread_at=None)
    if interest.what in {What.COMMONS, What.OPPORTUNITY}:
        past = past.filter(record_id=interest.record_id or 0)
    events = list(past.order_by("-id")[:LOOKED_BACK_MAX])
    heard = heard_by(interest, events, now)[:FEED_LENGTH]
    Delivery.objects.bulk_create(
        [Delivery(subscription=subscription, event=event, state=DeliveryState.FEED, at=now) for event in heard],
        ignore_conflicts=True,
    )
    return len(heard)

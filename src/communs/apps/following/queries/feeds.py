"""Feeds of a subscription: the last events that it heard of, and the days of all that it matches now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.following import wording
from communs.apps.following.models import Deadline, Delivery, Subscription
from communs.apps.following.queries.matched import matched_among, matched_now
from communs.apps.following.queries.records import model_of, title_and_url
from communs.apps.following.queries.subscriptions import by_token, followed, told
from communs.apps.following.vocabulary import OPPORTUNITIES, DeliveryState, Edge
from communs.kit.catalogue import sequences
from communs.kit.records.feeds import Entry

FEED_LENGTH = 50
PAST_DAYS = 30  # days that have passed stay in calendars so long
CANCELLED_DAYS = 90  # and days that were cancelled, so that every calendar has taken them out
DEADLINES_MAX = 1000  # days of one calendar, the nearest ones: it says so where there are more
HIDDEN_MAX = 500
_SHOWN = (DeliveryState.WAITING, DeliveryState.LETTER, DeliveryState.TOLD, DeliveryState.FEED)


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription whose feed was asked for. `etag` is the same as long as its feeds are."""

    subscription: Subscription
    etag: str
    now: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Day:
    """One day for a calendar. `record` is None where it is not public any more."""

    deadline: Deadline
    record: Any
    public_id: str


def feed(token: str, now: datetime) -> Feed:
    """The feed of this token: five short queries. Raises `NotThere`, `FeedGone` when it was stopped."""
    subscription = by_token(token)
    newest = Delivery.objects.filter(subscription=subscription.pk).aggregate(last=Max("event_id"))["last"]
    # Days are brought up to date by a chore, after the catalogue that they are of, and not every one is told of.
    moved = Deadline.objects.aggregate(last=Max("changed_at"))["last"]
    day = timezone.localdate(now)
    stands = [newest, moved, sorted(sequences().items()), day.isoformat()]
    marks = [token, subscription.language, subscription.time_zone, *stands]
    mutes = subscription.mutes.aggregate(count=Count("pk"), last=Max("pk"))  # one for another counts too
    digest = hashlib.sha256(repr([*marks, *mutes.values()]).encode()).hexdigest()[:32]
    return Feed(subscription, f'"{digest}"', now, day)


def feed_title(feed: Feed) -> str:
    """What the feed is called, in the active language."""
    return followed(feed.subscription).label


def feed_entries(feed: Feed) -> list[Entry]:
    """The last events, newest first, in the active language and time zone."""
    rows = Delivery.objects.filter(subscription=feed.subscription, state__in=_SHOWN).select_related("event")
    found = told(list(rows.order_by("-event_id")[:FEED_LENGTH]))
    return [
        Entry(
            key=f"following/{one.catalogue}/{one.public_id}/{one.event_id}",
            title=wording.headed(one.kind, one.title),
            url=one.url,
            summary="\n".join(one.says),
            at=one.at,
        )
        for one in found
    ]


def days_of(feed: Feed) -> list[Day]:
    """Every day of every opportunity that the subscription matches now, and those that were cancelled lately."""
    interest = feed.subscription.interest
    if interest.catalogue != OPPORTUNITIES:
        return []
    rows = Deadline.objects.filter(day__gte=feed.day - timedelta(days=PAST_DAYS))
    rows = rows.order_by("day", "record_id", "number", "edge")
    muted = set(feed.subscription.mutes.filter(catalogue=OPPORTUNITIES).values_list("record_id", flat=True))
    matched, hidden = matched_now(interest, feed.day), _hidden(feed, rows)
    over = matched.otherwise | matched_among(interest, list(hidden.values()), feed.day)
    # Of what is open the days to come; of what has closed, or is hidden, what calendars have to take out.
    wanted = [
        deadline
        for deadline in rows
        if deadline.record_id not in muted
        and (
            deadline.record_id in matched.now
            or (deadline.record_id in over and (deadline.is_cancelled or deadline.day < feed.day))
        )
    ][:DEADLINES_MAX]
    records = _rows(sorted({deadline.record_id for deadline in wanted}))
    return [
        Day(deadline, record if record.is_public else None, record.public_id)
        for deadline in wanted
        if (record := records.get(deadline.record_id)) is not None
    ]


def _hidden(feed: Feed, rows: Any) -> dict[int, Any]:
    """Records that are not public any more and whose days were cancelled lately."""
    since = feed.now - timedelta(days=CANCELLED_DAYS)
    lately = rows.filter(is_cancelled=True, changed_at__gte=since).order_by("-changed_at")
    found = _rows(list(dict.fromkeys(lately.values_list("record_id", flat=True)[:HIDDEN_MAX])))
    return {pk: record for pk, record in found.items() if not record.is_public}


def _rows(pks: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = model_of(OPPORTUNITIES).objects.in_bulk(list(pks))
    return found


def words_of(day: Day) -> tuple[str, str, str]:
    """(title, what happens that day, path of the page): in the active language and time zone."""
    if day.record is None:
        return _("an entry that is no longer public"), "", ""
    title, path = title_and_url(OPPORTUNITIES, day.record)
    says = wording.opening if day.deadline.edge == Edge.OPENS else wording.when
    return title, says(day.deadline.stated), path

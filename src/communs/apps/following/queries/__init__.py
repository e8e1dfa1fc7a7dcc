"""Reads of following."""

from communs.apps.following.queries.concerned import forget, keep_ready
from communs.apps.following.queries.feeds import (
    DEADLINES_MAX,
    Day,
    Feed,
    days_of,
    feed,
    feed_entries,
    feed_title,
    words_of,
)
from communs.apps.following.queries.leaving import Outbox, count_dead, dead_letters, is_anything_due, outbox
from communs.apps.following.queries.personal import follows_of, rows_of_person
from communs.apps.following.queries.subscriptions import (
    FeedGone,
    Followed,
    Told,
    count_deliveries,
    deliveries_of,
    followed,
    mailings_of,
    mutes_of,
    subscription_of,
    subscriptions_of,
)

__all__ = [
    "DEADLINES_MAX",
    "Day",
    "Feed",
    "FeedGone",
    "Followed",
    "Outbox",
    "Told",
    "count_dead",
    "count_deliveries",
    "days_of",
    "dead_letters",
    "deliveries_of",
    "feed",
    "feed_entries",
    "feed_title",
    "followed",
    "follows_of",
    "forget",
    "is_anything_due",
    "keep_ready",
    "mailings_of",
    "mutes_of",
    "outbox",
    "rows_of_person",
    "subscription_of",
    "subscriptions_of",
    "words_of",
]

"""The outbox: what a letter has to tell, which letters are due, how all of it stands, and which were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from communs.apps.following.models import Delivery, Event, Mailing, Mute
from communs.apps.following.queries.records import rows_of
from communs.apps.following.vocabulary import DeliveryState, EventKind, MailingState

LATE_AFTER = timedelta(hours=1)  # a letter that should have left so long ago
ROWS_MAX = 100
_ORDER = list(EventKind)


@dataclass(frozen=True, slots=True)
class Item:
    """One record in a letter, with its events in order."""

    catalogue: str
    record: Any
    events: tuple[Event, ...]

    @property
    def kind(self) -> EventKind:
        """What is told first of it."""
        return min((EventKind(event.kind) for event in self.events), key=_ORDER.index)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a letter tells, and the deliveries that it does not tell any more: (no longer public, muted)."""

    items: tuple[Item, ...]
    withdrawn: tuple[int, ...]
    muted: tuple[int, ...]

    @property
    def is_less(self) -> bool:
        """Whether something has gone since the deliveries were given to the letter."""
        return bool(self.withdrawn or self.muted)


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox stands. `oldest`: when the letter that has waited longest should have left."""

    unspread: int
    waiting: int
    repeated: int
    late: int
    dead: int
    uncertain: int
    sent_lately: int
    oldest: datetime | None


def contents_of(mailing: Mailing) -> Contents:
    """The records that a letter tells of: of one that is removed or muted by now nothing is said."""
    rows = list(mailing.deliveries.filter(state=DeliveryState.LETTER).select_related("event").order_by("event_id"))
    public = rows_of((row.event.catalogue, row.event.record_id) for row in rows)
    mutes = set(Mute.objects.filter(subscription=mailing.subscription_id).values_list("catalogue", "record_id"))
    events: dict[tuple[str, int], list[Event]] = {}
    withdrawn, muted = [], []
    for row in rows:
        key = (row.event.catalogue, row.event.record_id)
        if key not in public:
            withdrawn.append(row.pk)
        elif key in mutes:
            muted.append(row.pk)
        else:
            events.setdefault(key, []).append(row.event)
    items = [Item(key[0], public[key], tuple(found)) for key, found in events.items()]
    items.sort(key=lambda item: _ORDER.index(item.kind))
    return Contents(tuple(items), tuple(withdrawn), tuple(muted))


def due_letters(now: datetime, limit: int) -> list[int]:
    """Ids of letters to be sent: whose time has come, or whose worker has ended without a word."""
    return list(_due(now).order_by("next_at", "pk").values_list("pk", flat=True)[:limit])


def is_anything_due(now: datetime) -> bool:
    """Whether there is such a letter."""
    return _due(now).exists()


def _due(now: datetime) -> QuerySet[Mailing]:
    return Mailing.objects.filter(
        Q(state=MailingState.WAITING, next_at__lte=now) | Q(state=MailingState.SENDING, lease_until__lte=now)
    )


def outbox(now: datetime) -> Outbox:
    """How the outbox stands: three queries."""
    late = Q(state=MailingState.WAITING, next_at__lte=now - LATE_AFTER) | Q(
        state=MailingState.SENDING, lease_until__lte=now - LATE_AFTER
    )
    open_ = Q(state__in=(MailingState.WAITING, MailingState.SENDING))
    told = Mailing.objects.aggregate(
        waiting=Count("pk", filter=open_),
        repeated=Count("pk", filter=open_ & Q(attempts__gt=0)),
        late=Count("pk", filter=late),
        dead=Count("pk", filter=Q(state=MailingState.DEAD)),
        uncertain=Count("pk", filter=Q(uncertain__gt=0, created_at__gt=now - timedelta(days=1))),
        sent_lately=Count("pk", filter=Q(state=MailingState.SENT, sent_at__gt=now - timedelta(days=1))),
        oldest=Min("next_at", filter=Q(state=MailingState.WAITING, next_at__lte=now)),
    )
    return Outbox(unspread=Event.objects.filter(spread_at=None).count(), **told)


def dead_letters(offset: int, limit: int) -> list[Mailing]:
    """The letters that were given up, the newest first, with their subscriptions."""
    rows = Mailing.objects.filter(state=MailingState.DEAD).select_related("subscription__interest")
    return list(rows.annotate(tells=Count("deliveries")).order_by("-created_at", "-pk")[offset : offset + limit])


def count_dead() -> int:
    """How many those are."""
    return Mailing.objects.filter(state=MailingState.DEAD).count()


def untold_deliveries(subscription_ids: Sequence[int]) -> int:
    """How many deliveries of these subscriptions are neither told nor taken back."""
    states = (DeliveryState.WAITING, DeliveryState.LETTER)
    return Delivery.objects.filter(subscription__in=subscription_ids, state__in=states).count()

"""Keeping no more than is needed: questions nobody confirmed, empty rows, what has been told long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from communs.apps.following.limits import CONFIRM_WITHIN
from communs.apps.following.models import Deadline, Delivery, Event, Interest, Mailing, Subscription
from communs.apps.following.vocabulary import DeliveryState, MailingState, Standing

STOPPED_KEPT = timedelta(days=30)
TOLD_KEPT = timedelta(days=180)
EVENTS_KEPT = timedelta(days=400)
INTERESTS_KEPT = timedelta(days=30)
DEADLINES_KEPT = timedelta(days=400)
AT_ONCE = 2000
BATCHES_MAX = 500
_OVER = (DeliveryState.TOLD, DeliveryState.FEED, DeliveryState.MUTED, DeliveryState.WITHDRAWN)


def tidy(now: datetime) -> None:
    """Drop what has had its time; whatever still has to be told stays."""
    asked = Subscription.objects.filter(state=Standing.ASKED, asked_at__lt=now - CONFIRM_WITHIN)
    stopped = Subscription.objects.filter(state=Standing.STOPPED, stopped_at__lt=now - STOPPED_KEPT)
    letters = Mailing.objects.filter(state__in=(MailingState.SENT, MailingState.EMPTY), created_at__lt=now - TOLD_KEPT)
    told = Delivery.objects.filter(state__in=_OVER, at__lt=now - TOLD_KEPT)
    for rows in (asked, stopped, told, letters):
        _drop(rows)
    open_ = Delivery.objects.filter(event=OuterRef("pk")).exclude(state__in=_OVER)
    _drop(Event.objects.filter(at__lt=now - EVENTS_KEPT).exclude(spread_at=None).exclude(Exists(open_)))
    _drop(Deadline.objects.filter(day__lt=timezone.localdate(now) - DEADLINES_KEPT))
    _drop_interests(now)
    _link_people()


def _drop(rows: QuerySet[Any]) -> None:
    for _batch in range(BATCHES_MAX):
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not pks:
            return
        rows.model._default_manager.filter(pk__in=pks).delete()


def _drop_interests(now: datetime) -> None:
    """Interests that nobody has, and nobody has asked for lately. One asked for at this moment stays until later."""
    used = Subscription.objects.filter(interest=OuterRef("pk"))
    unused = Interest.objects.filter(asked_at__lt=now - INTERESTS_KEPT).exclude(Exists(used))
    try:
        with transaction.atomic():
            unused.delete()
    except IntegrityError:
        return


def _link_people() -> None:
    """What was asked for without an account belongs to the account of whoever has confirmed the address there."""
    theirs = EmailAddress.objects.filter(email=OuterRef("email"), verified=True, user__is_active=True)
    rows = Subscription.objects.filter(person=None, state=Standing.ACTIVE).exclude(email="").filter(Exists(theirs))
    rows.update(person_id=Subquery(theirs.values("user_id")[:1]))

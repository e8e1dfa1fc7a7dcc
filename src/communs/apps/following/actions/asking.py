"""Asking to follow something, confirming it, changing it and stopping: what a reader does."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communs.apps.following import limits, links
from communs.apps.following.actions.mailing import post_now
from communs.apps.following.actions.noting import begin
from communs.apps.following.actions.spreading import fill_feed
from communs.apps.following.due import next_due, zones
from communs.apps.following.interests import Wish
from communs.apps.following.models import Delivery, Interest, Mailing, Mute, Subscription
from communs.apps.following.queries import records
from communs.apps.following.queries.subscriptions import letters_lately, verified_person
from communs.apps.following.vocabulary import CATALOGUES, DeliveryState, MailingKind, Rhythm, Standing
from communs.kit.catalogue import next_sequence
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

MUTES_MAX = 1000
SEQUENCE = "interests"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to hear, how often, in which language and where. `person` is the one who is signed in, if any."""

    email: str
    language: str = "en"
    time_zone: str = "Europe/Brussels"
    rhythm: str = Rhythm.DAILY
    weekday: int = 0
    person: Any = None


def ask(wish: Wish, reader: Reader, *, client: str, now: datetime) -> None:
    """Ask to be written to. A letter goes to the address; nothing follows until its link is used.

    What the caller learns is the same whether the address is known or not. Whoever is signed in and asks for their own
    confirmed address has confirmed it already. Raises `Impossible`, and `TooMany` for this client.
    """
    reader = _checked(reader)
    limits.count_client(client)
    begin(now)
    for _try in range(TRIES):
        # The same may be asked for at the same moment, or its interest be dropped: then once more.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            return _ask(wish, reader, now)
    return None


def _ask(wish: Wish, reader: Reader, now: datetime) -> None:
    interest = _interest(wish, now)
    theirs = Subscription.objects.select_for_update().filter(email=reader.email, interest=interest)
    found = theirs.exclude(state=Standing.STOPPED).first()
    owner = verified_person(reader.email)
    person = reader.person if owner is not None and owner == getattr(reader.person, "pk", None) else None
    if found is None:
        found = Subscription(token=links.new_token(), email=reader.email, interest=interest, asked_at=now)
    if found.state == Standing.ACTIVE:
        if person is None:
            _write(found, MailingKind.AGAIN, now)
        return
    found.language, found.time_zone = reader.language, reader.time_zone
    found.rhythm, found.weekday, found.asked_at = reader.rhythm, reader.weekday, now
    found.save()
    if person is not None:
        _activate(found, now)
    else:
        _write(found, MailingKind.CONFIRM, now)


def ask_feed(wish: Wish, language: str, time_zone: str, *, client: str, now: datetime) -> Subscription:
    """A feed without an address. Raises `Impossible`, and `TooMany` for this client."""
    if language not in dict(settings.LANGUAGES) or time_zone not in zones():
        raise Impossible(_("Choose a language and a time zone from the list."))
    limits.count_client(client)
    begin(now)
    with transaction.atomic():
        subscription = Subscription.objects.create(
            token=links.new_token(),
            interest=_interest(wish, now),
            language=language,
            time_zone=time_zone,
            state=Standing.ACTIVE,
            asked_at=now,
            confirmed_at=now,
        )
        fill_feed(subscription, now)
    return subscription


def confirm(subscription: Subscription, now: datetime) -> None:
    """Begin to write. Twice is fine. Raises `Impossible` when it was asked for too long ago, or has been stopped."""
    with transaction.atomic():
        subscription = _lock(subscription)
        if subscription.state == Standing.ACTIVE:
            return
        if subscription.state != Standing.ASKED or now - subscription.asked_at > limits.CONFIRM_WITHIN:
            raise Impossible(_("This link has had its time. Ask again: it takes a minute."))
        _activate(subscription, now)


def _activate(subscription: Subscription, now: datetime) -> None:
    subscription.state, subscription.confirmed_at = Standing.ACTIVE, now
    subscription.person_id = verified_person(subscription.email)
    subscription.next_due_at = _next(subscription, now)
    subscription.save()
    # A letter that still asks to confirm has nothing to ask any more.
    subscription.mailings.filter(kind=MailingKind.CONFIRM).exclude(sent_at__isnull=False).delete()
    fill_feed(subscription, now)


def stop(subscription: Subscription, now: datetime) -> None:
    """Write no more, and forget the address with all that was told. Twice is fine.

    The empty row stays for a month, so that the second click and the feed can say what happened.
    """
    with transaction.atomic():
        found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
        if found is None or found.state == Standing.STOPPED:
            return
        for rows in (Delivery, Mute, Mailing):
            rows.objects.filter(subscription=found).delete()
        found.email, found.person, found.next_due_at = "", None, None
        found.state, found.stopped_at = Standing.STOPPED, now
        found.save()


def mute(subscription: Subscription, catalogue: str, public_id: str, now: datetime) -> None:
    """Hear no more of one record, what waits included. Raises `NotThere` for a record that is not public."""
    record = records.find(catalogue, public_id)
    if record is None:
        raise NotThere
    with transaction.atomic():
        subscription = _lock(subscription)
        if subscription.mutes.count() >= MUTES_MAX:
            raise Impossible(_("You have muted a thousand entries: follow something narrower instead."))
        Mute.objects.get_or_create(
            subscription=subscription, catalogue=catalogue, record_id=record.pk, defaults={"at": now}
        )
        waiting = subscription.deliveries.filter(state__in=(DeliveryState.WAITING, DeliveryState.FEED))
        waiting.filter(event__catalogue=catalogue, event__record_id=record.pk).update(state=DeliveryState.MUTED)


def unmute(subscription: Subscription, catalogue: str, public_id: str) -> None:
    """Hear of a record again, from now on. One that is not public any more can be unmuted too."""
    if catalogue not in CATALOGUES:
        raise NotThere
    rows = records.model_of(catalogue).objects.filter(public_id=public_id).values("pk")
    Mute.objects.filter(subscription=subscription, catalogue=catalogue, record_id__in=rows).delete()


def change_rhythm(
    subscription: Subscription, rhythm: str, weekday: int, time_zone: str, language: str, now: datetime
) -> None:
    """How often, when, and in which language. What waits is told at the next such morning. Raises `Impossible`."""
    _check_choices(rhythm, weekday, time_zone, language)
    with transaction.atomic():
        found = _lock(subscription)
        found.rhythm, found.weekday, found.time_zone, found.language = rhythm, weekday, time_zone, language
        if found.state == Standing.ACTIVE and found.email:
            found.next_due_at = _next(found, now)
        found.save()


def _checked(reader: Reader) -> Reader:
    email = reader.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Impossible(_("{email} is not an e-mail address.").format(email=email)) from None
    _check_choices(reader.rhythm, reader.weekday, reader.time_zone, reader.language)
    return Reader(email, reader.language, reader.time_zone, reader.rhythm, reader.weekday, reader.person)


def _check_choices(rhythm: str, weekday: int, time_zone: str, language: str) -> None:
    if rhythm not in Rhythm.values or weekday not in range(7):
        raise Impossible(_("Choose every day, or once a week with its day."))
    if language not in dict(settings.LANGUAGES) or time_zone not in zones():
        raise Impossible(_("Choose a language and a time zone from the list."))


def _interest(wish: Wish, now: datetime) -> Interest:
    """The one interest of all who ask for this; being asked for keeps it from being dropped."""
    if Interest.objects.filter(digest=wish.digest).update(asked_at=now):
        return Interest.objects.get(digest=wish.digest)
    return Interest.objects.create(
        what=wish.what,
        catalogue=wish.catalogue,
        record_id=wish.record_id,
        query=dict(wish.query),
        digest=wish.digest,
        sequence=next_sequence(SEQUENCE),
        created_at=now,
        asked_at=now,
    )


def _write(subscription: Subscription, kind: MailingKind, now: datetime) -> None:
    """A letter to an address that has not asked for it here, unless it has had enough of them."""
    lately = letters_lately(subscription.email, now)
    if any(sum(now - at < within for at in lately) >= most for most, within in limits.ADDRESS_LETTERS):
        return
    if subscription.mailings.filter(kind=kind, created_at__gt=now - limits.SAME_AGAIN).exists():
        return
    post_now(subscription, kind, now)


def _next(subscription: Subscription, now: datetime) -> datetime:
    return next_due(now, subscription.rhythm, subscription.weekday, subscription.time_zone)


def _lock(subscription: Subscription) -> Subscription:
    """The subscription as it is now, locked. Raises `NotThere` when it is gone."""
    found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if found is None:
        raise NotThere
    return found

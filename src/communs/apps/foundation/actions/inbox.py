"""What providers send us: kept byte for byte and answered at once, followed later, in any order, by the worker.

A notification only says where to look. What was lost on the way is found by looking through what changed since.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from communs.apps.foundation.actions.hearing import hear
from communs.apps.foundation.models import Notification, Sweep
from communs.apps.foundation.payment_clients import clients
from communs.core.providers import Authenticity, Hint, PayInNews, Provider, ProviderError, Refused, Unavailable, Unread
from communs.core.providers.signatures import fingerprint
from communs.kit.gates import NotThere

log = logging.getLogger("communs.foundation")
State = Notification.State
BODY_MAX: Final = 256 * 1024
KEPT_HEADERS: Final = ("x-ha-signature", "stripe-signature", "content-type")
AT_ONCE_MAX: Final = 500
WORTHLESS_AN_HOUR_MAX: Final = 1000
"""So many forged or unreadable notifications are kept in an hour: who sends more fills nothing."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
FIRST_SWEEP: Final = timedelta(days=30)
A_MINUTE_MAX: Final = 600
"""So many that nobody signed are taken in a minute: who sends more is told to wait, and the sweep finds the rest."""


class TooMany(Exception):
    """More came than is taken: HTTP 429."""


def receive(provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Notification | None:
    """Keep a notification, once; None where it is worth nothing and there are too many such.

    Raises `NotThere`, and `TooMany` for what nobody signed.

    One that is forged stands under a name of its own, so that it never takes the place of the real one.
    """
    client = clients().get(provider)
    if client is None or len(body) > BODY_MAX:
        raise NotThere
    try:
        hint = client.read(headers, body, now)
        state = State.FORGED if hint.authenticity is Authenticity.FORGED else State.WAITING
    except Refused as error:
        hint = Hint(provider, fingerprint(body), "", "", Authenticity.UNSIGNED)
        state, problem = State.UNREADABLE, str(error)
    else:
        problem = ""
    if state != State.WAITING and _too_many(now):
        return None
    if hint.authenticity is Authenticity.UNSIGNED and _are_rushing(provider, now):
        raise TooMany
    event_id = hint.event_id if state == State.WAITING else f"{state}:{fingerprint(body)}"
    kept = {name.lower(): text[:1000] for name, text in headers.items() if name.lower() in KEPT_HEADERS}
    row, _made = Notification.objects.get_or_create(
        provider=provider,
        event_id=event_id[:255],
        defaults={
            "headers": kept, "body": body, "received_at": now, "kind": hint.kind[:20],
            "object_id": hint.object_id[:255], "state": state, "next_at": now, "problem": problem[:300],
        },
    )  # fmt: skip
    return row


def _too_many(now: datetime) -> bool:
    worthless = Notification.objects.filter(state__in=(State.FORGED, State.UNREADABLE))
    return worthless.filter(received_at__gt=now - timedelta(hours=1)).count() >= WORTHLESS_AN_HOUR_MAX


def _are_rushing(provider: str, now: datetime) -> bool:
    recent = Notification.objects.filter(provider=provider, received_at__gt=now - timedelta(minutes=1))
    return recent.count() >= A_MINUTE_MAX


def follow(now: datetime) -> int:
    """Follow the notifications that wait; how many were. One that cannot be followed now is tried again later."""
    due = Notification.objects.filter(state=State.WAITING, next_at__lte=now).order_by("next_at", "pk")
    numbers = list(due.values_list("pk", flat=True)[:AT_ONCE_MAX])
    return sum(_follow(number, now) for number in numbers)


def _follow(number: int, now: datetime) -> bool:
    row = Notification.objects.filter(pk=number, state=State.WAITING).first()
    client = clients().get(row.provider) if row is not None else None
    if row is None or client is None:
        return False
    # Its authenticity was judged when it came; what it points at is asked for anew in any case.
    hint = Hint(row.provider, row.event_id, row.kind, row.object_id, Authenticity.UNSIGNED)
    try:
        for news in client.follow(hint):
            hear(news, now)
    except Exception as error:  # whatever one makes of itself holds up none of the others
        _later(row, error, now)
        return False
    Notification.objects.filter(pk=row.pk).update(state=State.DONE, problem="")
    return True


def _later(row: Notification, error: Exception, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(row.tries, 12), LONGEST_WAIT)
    if isinstance(error, Unavailable):
        wait = max(wait, timedelta(seconds=min(error.retry_after_s, LONGEST_WAIT.total_seconds())))
    problem = _said(error)
    log.warning("a notification of %s waits: %s", row.provider, problem)
    Notification.objects.filter(pk=row.pk).update(tries=row.tries + 1, next_at=now + wait, problem=problem)


def sweep(now: datetime) -> int:
    """Look through what changed at each provider since the last time: news that got lost. How many were looked at."""
    return sum(_sweep(client, now) for client in clients().values())


def _sweep(client: Provider, now: datetime) -> int:
    row, _made = Sweep.objects.get_or_create(provider=client.name, defaults={"watermark": now - FIRST_SWEEP})
    count, problem = 0, ""
    try:
        for news in client.changed(row.watermark):
            count += 1
            problem = _hear_or_keep(client.name, news, now) or problem
    except Unread as error:
        problem = str(error)
        for kind, object_id in error.objects:
            _keep(client.name, kind, object_id, problem, now)
    except ProviderError as error:
        # The watermark stays: the next sweep begins where this one did.
        Sweep.objects.filter(pk=row.pk).update(problem=str(error)[:300])
        return count
    Sweep.objects.filter(pk=row.pk).update(watermark=now, problem=problem[:300])
    return count


def _hear_or_keep(provider: str, news: PayInNews, now: datetime) -> str:
    """Take news in; what is refused is kept as a notification, so that it is tried again after the sweep."""
    try:
        hear(news, now)
    except Exception as error:
        log.warning("news of %s wait", provider, exc_info=error)
        problem = _said(error)
        _keep(provider, "payment", news.object_id, problem, now)
        return problem
    return ""


def _keep(provider: str, kind: str, object_id: str, problem: str, now: datetime) -> None:
    """Keep what a sweep could not take in, to be followed as a notification: once as long as it waits."""
    waiting = Notification.objects.filter(provider=provider, event_id__startswith="sweep:", state=State.WAITING)
    with transaction.atomic():
        if not waiting.filter(kind=kind[:20], object_id=object_id[:255]).exists():
            Notification.objects.get_or_create(
                provider=provider,
                event_id=f"sweep:{object_id}:{now.isoformat()}"[:255],
                defaults={
                    "body": b"", "received_at": now, "kind": kind[:20], "object_id": object_id[:255],
                    "state": State.WAITING, "next_at": now + FIRST_WAIT, "problem": problem[:300],
                },
            )  # fmt: skip


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:300]

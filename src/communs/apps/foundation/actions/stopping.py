"""No more of a gift that repeats: who gives says so, and a provider is asked until it says that it takes no more.

No transaction is open while it is asked. What it is asked for can be asked twice, and ends once; what it answers is
looked up at the provider, never guessed. A payment that comes nevertheless is heard of as any other.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from communs.apps.foundation.models import Gift, PayInStep, Stop
from communs.apps.foundation.payment_clients import clients
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.providers import Provider, Refused, Stopping, Unavailable, Unknown, Unreadable
from communs.kit.gates import NotThere

log = logging.getLogger("communs.foundation")
State = Stop.State
AT_ONCE_MAX: Final = 200
PAYMENTS_MAX: Final = 5
"""So many payments of a gift are followed to what repeats, the latest first: one is enough."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)


def stop(gift: Gift, now: datetime) -> None:
    """Whoever gives says that no more will come: no reminder is written, a provider is asked to take no more."""
    with transaction.atomic():
        _stop(gift, None, now)


def stop_for(by: Any, public_id: UUID, now: datetime) -> Gift:
    """The same for somebody who asked for it by mail; once more where the provider had refused.

    Raises `Refused`, `NotThere`.
    """
    require(by, Duty.KEEP)
    with transaction.atomic():
        gift = Gift.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
        if gift is None:
            raise NotThere
        _stop(gift, by, now)
        again = {"state": State.ASKED, "told_at": None, "asked_by": by, "tries": 0, "next_at": now}
        Stop.objects.filter(gift=gift, state=State.REFUSED).update(**again)
        return gift


def _stop(gift: Gift, by: Any, now: datetime) -> None:
    Gift.objects.filter(pk=gift.pk, stopped_at=None).update(stopped_at=now)
    if gift.every and gift.way != Gift.TRANSFER:
        said = {"state": State.ASKED, "asked_at": now, "asked_by": by, "next_at": now}
        Stop.objects.get_or_create(gift=gift, defaults=said)


def ask_to_stop(now: datetime) -> int:
    """Ask providers to take no more of the gifts that were stopped; how many answered.

    One that does not answer is not asked about the others now.
    """
    count, silent = 0, set[str]()
    for row in due(now).select_related("gift")[:AT_ONCE_MAX]:
        client = clients().get(row.gift.way)
        if client is None or client.name in silent:
            continue
        try:
            ending = client.stop(_wanted(row.gift))
        except Exception as error:
            if isinstance(error, Refused) and not isinstance(error, Unreadable):
                _told(row, State.REFUSED, now, str(error))
                count += 1
                continue
            if isinstance(error, Unavailable | Unknown):
                silent.add(client.name)
            _later(row, client, error, now)
        else:
            _told(row, ending, now)
            count += 1
    return count


def due(now: datetime) -> QuerySet[Stop]:
    """Stops to be asked for now: also where nothing had been paid, and somebody has paid since."""
    since = PayInStep.objects.filter(pay_in__gift=OuterRef("gift"), heard_at__gt=OuterRef("told_at"))
    waits = Q(state=State.ASKED) | (Q(state=State.NOTHING) & Q(Exists(since)))
    return Stop.objects.filter(waits, next_at__lte=now).order_by("next_at", "pk")


def _wanted(gift: Gift) -> Stopping:
    known = gift.pay_ins.filter(provider=gift.way).order_by("-pk").values_list("object_id", flat=True)
    return Stopping(gift.public_id, gift.begun_id, tuple(known[:PAYMENTS_MAX]))


def _told(row: Stop, state: str, now: datetime, problem: str = "") -> None:
    """The provider has answered. What is known already to have stopped stays so."""
    living = Stop.objects.filter(pk=row.pk).exclude(state=State.STOPPED)
    living.update(state=state, told_at=now, problem=problem[:300], tries=F("tries") + 1)


def _later(row: Stop, client: Provider, error: Exception, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(row.tries, 12), LONGEST_WAIT)
    if isinstance(error, Unavailable):
        wait = max(wait, timedelta(seconds=min(error.retry_after_s, LONGEST_WAIT.total_seconds())))
    problem = f"{type(error).__name__}: {error}".replace("\0", "")[:300]
    log.warning("%s has not stopped a gift yet: %s", client.name, problem)
    living = Stop.objects.filter(pk=row.pk).exclude(state=State.STOPPED)
    living.update(state=State.ASKED, told_at=None, problem=problem, tries=F("tries") + 1, next_at=now + wait)

"""Writing down what was not found, and what editors make of it."""

from __future__ import annotations

import re
import time
from collections import deque
from datetime import datetime
from threading import Lock

from django.db import Error, transaction
from django.db.models import F

from communs.core.search import fold
from communs.kit.models import UnansweredNeed

TEXT_MAX = 80  # longer texts are left out: they tell too much about somebody
WORDS_MAX = 10
KEPT_MAX = 5_000
MINUTE_MAX = 30  # texts a minute and process: a robot that asks for nonsense fills no table
# What may name somebody: addresses, handles, numbers of telephones, files and people.
_PERSONAL = re.compile(r"@|https?:|www\.|\d[\d .\-/]{4,}\d|[A-Z]{2}\d{2}[A-Z0-9 ]{8,}")
_SPACES = re.compile(r"\s+")


class _Meter:
    """The moments of the last notes of this process."""

    lock = Lock()
    moments: deque[float] = deque(maxlen=MINUTE_MAX)


def note_unanswered(text: str, catalogue: str, language: str, now: datetime) -> bool:
    """Count a search without an answer; whether it was counted.

    What may name a person, is long, or comes too fast is left out. Never fails: a page must not break over it.
    """
    words = _SPACES.sub(" ", text).strip()
    if len(words) < 3 or len(words) > TEXT_MAX or len(words.split()) > WORDS_MAX or _PERSONAL.search(words):
        return False
    if not _may_write():
        return False
    try:
        _count(fold(words), catalogue, language, now)
    except Error:
        return False
    return True


def settle(need: UnansweredNeed, now: datetime) -> None:
    """An editor has dealt with it: it is shown again only when somebody asks for it once more."""
    UnansweredNeed.objects.filter(pk=need.pk).update(settled_at=now)


def forget(need: UnansweredNeed) -> None:
    """Take it out: nonsense, or something that should not have been kept."""
    need.delete()


def drop_surplus() -> int:
    """Keep the five thousand that were asked for most and last; how many were dropped."""
    kept = UnansweredNeed.objects.order_by("-times", "-last_on", "-pk").values_list("pk", flat=True)[:KEPT_MAX]
    if UnansweredNeed.objects.count() <= KEPT_MAX:
        return 0
    return UnansweredNeed.objects.exclude(pk__in=list(kept)).delete()[0]


def _count(text: str, catalogue: str, language: str, now: datetime) -> None:
    with transaction.atomic():
        need, is_new = UnansweredNeed.objects.get_or_create(
            text=text,
            catalogue=catalogue,
            defaults={"language": language, "first_on": now.date(), "last_on": now.date()},
        )
        if not is_new:
            UnansweredNeed.objects.filter(pk=need.pk).update(
                times=F("times") + 1, last_on=now.date(), language=language, settled_at=None
            )


def _may_write() -> bool:
    moment = time.monotonic()
    with _Meter.lock:
        moments = _Meter.moments
        if len(moments) == MINUTE_MAX and moment - moments[0] < 60:
            return False
        moments.append(moment)
    return True

"""Noting what happened: events from revisions and from the calendar, each once, however many look at a time.

Whoever looks holds the row of the catalogue's start, so that a record is compared by one at a time; the unique key of
an event keeps it from being noted twice all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communs.apps.following.actions.days import Days
from communs.apps.following.happenings import Draft, State, happened
from communs.apps.following.models import Deadline, Event, Known, Start
from communs.apps.following.queries import records
from communs.apps.following.queries.records import Path
from communs.apps.following.vocabulary import CATALOGUES, OPPORTUNITIES
from communs.apps.following.windows import next_turn

CHUNK = 500
CHUNKS_MAX = 200  # in one run; the next goes on


def note_events(now: datetime) -> int:
    """Note everything that happened and has not been noted; how many events that were.

    A catalogue that is looked at for the first time is all known: nobody is told of it.
    """
    found = 0
    for catalogue in CATALOGUES:
        if _begin(catalogue, now):
            continue
        for _chunk in range(CHUNKS_MAX):
            looked_at, noted = _note_chunk(catalogue, now)
            found += noted
            if not looked_at:
                break
    return found


def begin(now: datetime) -> None:
    """Follow every catalogue from now on, where it is not followed yet: whoever asks must miss nothing after that.

    On a site whose worker has run this reads one row a catalogue.
    """
    begun = set(Start.objects.values_list("catalogue", flat=True))
    for catalogue in CATALOGUES:
        if catalogue not in begun:
            _begin(catalogue, now)


def _begin(catalogue: str, now: datetime) -> bool:
    """Whether this was the first look: then everything there is counts as told."""
    today = timezone.localdate(now)
    with transaction.atomic():
        _start, is_new = Start.objects.get_or_create(catalogue=catalogue, defaults={"at": now})
        if is_new:
            known, deadlines = [], []
            for record, state in records.baseline(catalogue, now, today):
                known.append(_known(catalogue, record.pk, state, today))
                deadlines += Days(record.pk).follow(state.windows, today, now).fresh
            Known.objects.bulk_create(known, ignore_conflicts=True, batch_size=CHUNK)
            Deadline.objects.bulk_create(deadlines, ignore_conflicts=True, batch_size=CHUNK)
    return is_new


def _note_chunk(catalogue: str, now: datetime) -> tuple[int, int]:
    """Compare some records: (how many were looked at, how many events there were)."""
    today = timezone.localdate(now)
    with transaction.atomic():
        Start.objects.select_for_update().get(pk=catalogue)
        pks = records.untold(catalogue, today, CHUNK)
        if not pks:
            return 0, 0
        rows = records.model_of(catalogue).objects.in_bulk(pks)
        known = {row.record_id: row for row in Known.objects.filter(catalogue=catalogue, record_id__in=pks)}
        Known.objects.filter(catalogue=catalogue, record_id__in=[pk for pk in pks if pk not in rows]).delete()
        told = {pk: known[pk].version for pk, row in rows.items() if pk in known and known[pk].version != row.version}
        paths = records.paths([rows[pk] for pk in told], told)
        calendars = _calendars(catalogue, rows)
        events: list[Event] = []
        for pk, row in rows.items():
            state = records.state_of(catalogue, row)
            path = paths.get(pk, Path({}, ()))
            drafts = _drafts(known.get(pk), state, path, today)
            events += [_event(catalogue, pk, state.version, draft, now) for draft in drafts]
            if pk in calendars:
                _bring_up_to_date(calendars[pk], state, path, today, now, known.get(pk))
        Event.objects.bulk_create(events, ignore_conflicts=True, batch_size=CHUNK)
        _remember(catalogue, rows, known, today)
        _save(calendars.values())
    return len(pks), len(events)


def _drafts(known: Known | None, state: State, path: Path, today: date) -> list[Draft]:
    before = State(known.version, known.is_public, tuple(known.windows)) if known is not None else None
    return happened(before, known.day if known is not None else today, state, path.steps, path.diff, today)


def _event(catalogue: str, pk: int, version: int, draft: Draft, now: datetime) -> Event:
    return Event(
        catalogue=catalogue,
        record_id=pk,
        kind=draft.kind,
        about=draft.about,
        version=version,
        day=draft.day,
        detail=draft.detail,
        at=now,
    )


def _known(catalogue: str, pk: int, state: State, today: date) -> Known:
    return Known(
        catalogue=catalogue,
        record_id=pk,
        version=state.version,
        is_public=state.is_public,
        windows=[dict(one) for one in state.windows],
        day=today,
        due_on=next_turn(state.windows, today) if state.is_public else None,
    )


def _remember(catalogue: str, rows: Mapping[int, Any], known: Mapping[int, Known], today: date) -> None:
    """What has been told now."""
    fresh, changed = [], []
    for pk, record in rows.items():
        now_known = _known(catalogue, pk, records.state_of(catalogue, record), today)
        earlier = known.get(pk)
        if earlier is None:
            if now_known.is_public:
                fresh.append(now_known)
            continue
        now_known.pk = earlier.pk
        # A clock that was set back must not tell days twice.
        now_known.day = max(today, earlier.day)
        changed.append(now_known)
    Known.objects.bulk_create(fresh, ignore_conflicts=True)
    Known.objects.bulk_update(changed, ["version", "is_public", "windows", "day", "due_on"], batch_size=100)


def _bring_up_to_date(days: Days, state: State, path: Path, today: date, now: datetime, known: Known | None) -> None:
    """Follow each step of the windows; a record that is not public any more has no day ahead."""
    if not state.is_public:
        days.cancel(today, now)
        return
    for step in path.steps:
        days.follow(step.windows, min(step.day, today), now)
    if known is None or any(row.is_cancelled for row in days.rows):
        days.follow(state.windows, today, now)


def _calendars(catalogue: str, rows: Mapping[int, Any]) -> dict[int, Days]:
    if catalogue != OPPORTUNITIES:
        return {}
    found = {pk: Days(pk) for pk in rows}
    for deadline in Deadline.objects.filter(record_id__in=list(rows)).order_by("record_id", "number"):
        found[deadline.record_id].read(deadline)
    return found


def _save(calendars: Iterable[Days]) -> None:
    fresh = [row for days in calendars for row in days.fresh]
    changed = [row for days in calendars for row in days.changed.values() if row.pk is not None]
    Deadline.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
    Deadline.objects.bulk_update(changed, ["stated", "day", "moves", "is_cancelled", "changed_at"], batch_size=100)

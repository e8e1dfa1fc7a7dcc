"""Reading sources, their runs, and what waits for a decision; the gate of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from communs.kit.gates import NotThere, Refused, Right
from communs.kit.models import ReviewTask, Run, Source
from communs.kit.records.kinds import RecordKind
from communs.kit.runs import catalogues

VISITOR = frozenset({Right.SEE})
EDITOR = VISITOR | {Right.EDIT, Right.MODERATE}


def rights_on_sources(person: Any) -> frozenset[Right]:
    """Anyone sees the sources; editors and administrators keep them."""
    known = person.is_authenticated and person.is_active
    return EDITOR if known and (person.is_editor or person.is_administrator) else VISITOR


def get_source(person: Any, key: str, right: Right = Right.SEE) -> Source:
    """The one way to reach a source on behalf of a person. Raises `NotThere`, or `Refused` without the right."""
    source = Source.objects.filter(key=key).first()
    if source is None:
        raise NotThere
    allow(person, right)
    return source


def allow(person: Any, right: Right) -> None:
    """Raise `Refused` when the person has not this right on sources."""
    if right not in rights_on_sources(person):
        raise Refused(right, signed_in=person.is_authenticated)


def get_run(person: Any, pk: int) -> Run:
    """A run: anyone may see what was read. Raises `NotThere`."""
    run = Run.objects.select_related("source").filter(pk=pk).first()
    if run is None:
        raise NotThere
    return run


def sources() -> QuerySet[Source]:
    """Every source, those that are read first, with how many records it lists (`listed`) and lists no more (`gone`)."""
    live, gone = Q(listings__gone_at=None, listings__isnull=False), Q(listings__gone_at__isnull=False)
    counted = Source.objects.annotate(listed=Count("listings", filter=live), left=Count("listings", filter=gone))
    return counted.order_by(F("tried_at").desc(nulls_last=True), "name")


def runs_of(source: Source) -> QuerySet[Run]:
    """Its runs, the latest first."""
    return Run.objects.filter(source=source).order_by("-pk")


def changed_by(run: Run, limit: int) -> list[Any]:
    """Revisions that a run wrote, of public records: those that are new first, then the latest."""
    catalogue = catalogues.find(run.catalogue)
    if catalogue is None or catalogue.model is None:
        return []
    rows = catalogue.model.revisions.rel.related_model._default_manager.filter(run=run, subject__visibility="public")
    return list(rows.select_related("subject").order_by("version", "-pk")[:limit])


def get_task(person: Any, pk: int, right: Right = Right.EDIT) -> tuple[ReviewTask, Any, RecordKind]:
    """A review task with its record and the kind of that, for someone who may edit the record.

    Raises `NotThere` or `Refused`.
    """
    task = ReviewTask.objects.select_related("source", "run").filter(pk=pk).first()
    catalogue = catalogues.find(task.catalogue) if task else None
    if task is None or catalogue is None or catalogue.kind is None:
        raise NotThere
    return task, catalogue.kind.get(person, task.public_id, right), catalogue.kind


def tasks_for(person: Any) -> QuerySet[ReviewTask]:
    """Open tasks that a person may decide: all for editors, those of what they look after for others."""
    waiting = ReviewTask.objects.filter(state=ReviewTask.State.OPEN).select_related("source")
    if Right.MODERATE in rights_on_sources(person):
        return waiting
    mine = Q(pk__in=())
    for name in catalogues.names():
        ids: Sequence[str] = list(catalogues.get(name).looked_after(person))
        if ids:
            mine |= Q(catalogue=name, public_id__in=ids)
    return waiting.filter(mine)


def waiting_in(catalogue: str) -> int:
    """How many contradictions wait for a decision in a catalogue."""
    return ReviewTask.objects.filter(state=ReviewTask.State.OPEN, catalogue=catalogue).count()

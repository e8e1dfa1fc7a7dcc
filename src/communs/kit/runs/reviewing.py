"""Deciding what a source contradicts: keep the value shown, take over that of the source, or say that it is none.

Each decision is a change of the record in its history, with who decided and why.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.kit.models import ReviewTask
from communs.kit.records import actions as records
from communs.kit.records import resolve
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.models import Revision

State = ReviewTask.State


def keep(task: ReviewTask, record: Any, person: Any, *, note: str = "") -> Revision:
    """The value shown counts."""
    return _close(task, record, person, State.KEPT, note)


def dismiss(task: ReviewTask, record: Any, person: Any, *, note: str = "") -> Revision:
    """Both say the same in other words, or the source means something else."""
    return _close(task, record, person, State.DISMISSED, note)


def take_over(
    task: ReviewTask, record: Any, author: Author, *, may_unlock: bool, note: str = "", evidence_url: str = ""
) -> Revision | None:
    """Show what the source says: the person states it. The last change made; None where it is shown already.

    A value that an editor locked is locked again with the new value; a value of someone with more authority than the
    person gives way to an editor's lock. Raises `Impossible` when the field is locked and the person may not unlock.
    """
    revision: Revision | None = None
    with transaction.atomic():
        task = _taken(task)
        record = records.lock_row(record)
        told = resolve.resolve(records.statements_of(record)).get(task.field)
        was_locked = bool(told) and told[0].locked if told else False
        if was_locked and may_unlock:
            records.unlock_field(record, task.field, author.person)
        said = {task.field: task.claimed}
        revision = records.state(record, said, author, note=note, evidence_url=evidence_url)
        if revision is not None and may_unlock:
            record = records.lock_row(record)
            if was_locked or not _is_shown(record, task):
                revision = _lock(record, task.field, revision, author.person)
        record = records.lock_row(record)
        if not _is_shown(record, task):
            raise Impossible(_("Someone with more authority has decided on this value: ask them, or an editor."))
        _decide(task, State.TAKEN)
    return revision


def _lock(record: Any, field: str, stating: Revision, person: Any) -> Revision:
    """Lock the field at the value that a revision has just stated."""
    for statement in stating.statements.all():  # type: ignore[attr-defined]
        statement.locked = sorted({*statement.locked, field})
        statement.save(update_fields=["locked"])
    return records.refresh(record, Revision.Kind.LOCKED, timezone.now(), person=person, note=field)


def _is_shown(record: Any, task: ReviewTask) -> bool:
    return resolve.canonical(record.values.get(task.field)) == resolve.canonical(task.claimed)


def _close(task: ReviewTask, record: Any, person: Any, state: str, note: str) -> Revision:
    with transaction.atomic():
        task = _taken(task)
        record = records.lock_row(record)
        said = note or str(ReviewTask.State(state).label)
        words = f"{task.field}: {said} ({task.source})"[:500]
        revision = records.refresh(record, Revision.Kind.REVIEWED, timezone.now(), person=person, note=words)
        _decide(task, state)
    return revision


def _taken(task: ReviewTask) -> ReviewTask:
    fresh = ReviewTask.objects.select_for_update(of=("self",)).select_related("source").get(pk=task.pk)
    if fresh.state != State.OPEN:
        raise Impossible(_("This has been decided already."))
    return fresh


def _decide(task: ReviewTask, state: str) -> None:
    task.state, task.decided_at = state, timezone.now()
    task.save(update_fields=["state", "decided_at"])

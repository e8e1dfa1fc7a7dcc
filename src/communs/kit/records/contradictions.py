"""Where a source contradicts what people decided, a person is asked: a review task, raised once a contradiction.

People have decided on a field when its value is locked, or was stated by a steward, a funder or an editor. A source
that says something else does not change what is shown (`resolve`); but somebody should know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from communs.kit.models import ReviewTask, Run, Source
from communs.kit.records import resolve
from communs.kit.records.models import Method

DECIDED_BY: Final = frozenset({Method.STEWARD, Method.FUNDER, Method.EDITOR})


def found_in(record: Any, statements: Sequence[Any], run: Run | None, now: datetime) -> list[ReviewTask]:
    """The tasks that new statements of sources raise on a record whose `told` is up to date. Saves nothing."""
    tasks = []
    for statement in statements:
        if statement.method != Method.IMPORT or statement.source is None:
            continue
        for field, value in statement.values.items():
            shown = record.told[field][0]
            if is_decided(shown) and resolve.canonical(shown.value) != resolve.canonical(value):
                tasks.append(_task(record, shown, value, statement, run, now))
    return tasks


def is_decided(claim: resolve.Claim) -> bool:
    """Whether a value rests on a decision of people rather than on sources."""
    return claim.locked or claim.statement.method in DECIDED_BY


def raise_tasks(tasks: list[ReviewTask]) -> int:
    """Store those that were not raised before; how many these are."""
    once = {task.digest: task for task in tasks}
    if not once:
        return 0
    known = set(ReviewTask.objects.filter(digest__in=once).values_list("digest", flat=True))
    new = [task for digest, task in once.items() if digest not in known]
    # Another run may raise the same at this moment.
    ReviewTask.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def settle(catalogue: str, said: Mapping[str, Mapping[int, Mapping[str, Any]]], now: datetime) -> None:
    """Close the open tasks whose source now says something else: `said` is {public id: {source: values}}."""
    open_tasks = ReviewTask.objects.filter(catalogue=catalogue, state=ReviewTask.State.OPEN, public_id__in=said)
    over = []
    for task in open_tasks:
        values = said[task.public_id].get(task.source_id)
        if values is not None and resolve.canonical(values.get(task.field)) != resolve.canonical(task.claimed):
            over.append(task.pk)
    if over:
        ReviewTask.objects.filter(pk__in=over).update(state=ReviewTask.State.SETTLED, decided_at=now)


def _task(record: Any, shown: resolve.Claim, value: Any, statement: Any, run: Run | None, now: datetime) -> ReviewTask:
    source: Source = statement.source
    return ReviewTask(
        catalogue=record.CATALOGUE,
        public_id=record.public_id,
        field=shown.field[:120],
        shown=shown.value,
        shown_by=shown.statement.method,
        shown_at=shown.statement.stated_at,
        is_locked=shown.locked,
        claimed=value,
        source=source,
        seen_as_of=statement.seen_as_of,
        run=run,
        digest=resolve.digest_of(record.CATALOGUE, record.public_id, shown.field, shown.value, value, source.key),
        created_at=now,
    )

"""What changed in the catalogue: what people and imports changed, and what the calendar opened and closed, in one row.

Changes are the newest revisions of public entries, read without their texts; what opens or closes on its day is worked
out from the dates, for the last three months and never for a time before an entry was here. Both are bounded: what is
older stands in the history of each entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.utils import timezone

from communs.apps.funding.models import Opportunity, OpportunityRevision
from communs.apps.funding.projection import next_closing
from communs.apps.funding.queries.calendar import marks_of
from communs.apps.funding.queries.snapshot import Snapshot
from communs.kit.records.models import Revision

What = Literal["new", "opened", "closed", "moved", "changed"]
REVISIONS_MAX = 5_000
DAYS_BACK = 92
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `revision` is its id where somebody made it; what the calendar did has none."""

    at: datetime
    row: int
    what: What
    revision: int = 0


def changes(snapshot: Snapshot, rows: int) -> list[Change]:
    """The newest changes of these sources, newest first; `what` of a revision is settled when it is read."""
    found = [*_revised(snapshot, rows), *_by_calendar(snapshot, rows)]
    return sorted(found, key=lambda change: (change.at, change.revision, change.row, change.what), reverse=True)


def revisions_of(found: Sequence[Change]) -> Mapping[int, Any]:
    """The revisions behind some changes, by id, in one query."""
    wanted = [change.revision for change in found if change.revision]
    rows = OpportunityRevision.objects.filter(pk__in=wanted).select_related("subject", "person", "source")
    return {row.pk: row for row in rows}


def kind_of(revision: Any) -> What:
    """What a revision did: a new entry, a deadline that moved, an end, or any other change."""
    if revision.version == 1 or revision.kind == Revision.Kind.CREATED:
        return "new"
    _before, after = revision.diff.get("windows", (None, None))
    if isinstance(after, list) and after and all(window.get("model") == "closed" for window in after):
        return "closed"
    return "moved" if moved_days(revision.diff) else "changed"


def moved_days(diff: Mapping[str, Any]) -> tuple[date, date] | None:
    """The last closing day before and after, where both are known and differ."""
    before, after = diff.get("windows", (None, None))
    if not isinstance(before, list) or not isinstance(after, list):
        return None
    first, second = next_closing(before), next_closing(after)
    return (first, second) if first and second and first != second else None


def _revised(snapshot: Snapshot, rows: int) -> list[Change]:
    newest = OpportunityRevision.objects.order_by("-at", "-pk").values_list("pk", "subject_id", "at")[:REVISIONS_MAX]
    place = snapshot.index.row_of
    return [
        Change(at, place[subject], "changed", pk)
        for pk, subject, at in newest
        if subject in place and rows >> place[subject] & 1
    ]


def _by_calendar(snapshot: Snapshot, rows: int) -> list[Change]:
    """What opened, and what was over on the day after its last one, on exact days alone."""
    first = snapshot.day - timedelta(days=DAYS_BACK)
    days: list[tuple[date, int, What]] = []
    for row, entry in enumerate(snapshot.entries):
        if not rows >> row & 1:
            continue
        windows = [window for window in entry.opportunity.windows if window.model != "closed"]
        for mark in marks_of(row, windows):
            if not mark.is_exact:
                continue
            on, what = (mark.on, "opened") if mark.what == "opens" else (mark.on + timedelta(days=1), "closed")
            if first <= on <= snapshot.day:
                days.append((on, row, "opened" if what == "opened" else "closed"))
    since = _made_on(snapshot, {row for _on, row, _what in days})
    return [Change(_midnight(on), row, what) for on, row, what in sorted(set(days)) if row in since and since[row] < on]


def _made_on(snapshot: Snapshot, rows: set[int]) -> dict[int, date]:
    """Since when the entries are here: before that the calendar did nothing that this site could have told."""
    pks = {snapshot.entries[row].pk: row for row in rows}
    wanted, found = sorted(pks), {}
    for start in range(0, len(wanted), _BATCH):
        made = Opportunity.objects.filter(pk__in=wanted[start : start + _BATCH]).values_list("pk", "created_at")
        found.update({pks[pk]: timezone.localtime(at).date() for pk, at in made})
    return found


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))

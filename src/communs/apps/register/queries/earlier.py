"""Which relations of a commons were in force at an earlier version, told from the changes since."""

from __future__ import annotations

from collections import defaultdict

from communs.apps.register.models import Commons, Relation
from communs.kit.records.actions import origin_chain


def relations_at(commons: Commons, version: int) -> set[int]:
    """Ids of the relations that start at this commons and were in force right after `version`.

    A relation is brought by one change and taken back by another; undoing either turns it round, and undoing that
    turns it back. One that was taken back twice is known by the last time only.
    """
    events: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    stated, taken_back = defaultdict(list), defaultdict(list)
    for relation in Relation.objects.filter(from_commons=commons).select_related("revision", "withdrawn_in"):
        events[relation.pk].append((relation.revision.version if relation.revision else 0, True))
        stated[relation.revision_id].append(relation.pk)
        if relation.withdrawn_in is not None:
            events[relation.pk].append((relation.withdrawn_in.version, False))
            taken_back[relation.withdrawn_in_id].append(relation.pk)
    for revert in commons.revisions.filter(version__lte=version).exclude(reverts=None):
        origin, counts = origin_chain(revert)
        for pk in stated[origin.pk]:
            events[pk].append((revert.version, counts))
        for pk in taken_back[origin.pk]:
            events[pk].append((revert.version, not counts))
    return {pk for pk, found in events.items() if _last_before(found, version)}


def _last_before(events: list[tuple[int, bool]], version: int) -> bool:
    """What the last event up to a version made of it; nothing before its first."""
    seen = [(at, is_on) for at, is_on in events if at <= version]
    return bool(seen) and max(seen, key=lambda event: event[0])[1]

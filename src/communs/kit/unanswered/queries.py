"""Reading the needs that nobody answers; the gate: editors only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from communs.kit.gates import NotThere, Refused, Right
from communs.kit.models import UnansweredNeed
from communs.kit.runs.queries import rights_on_sources


def allow(person: Any) -> None:
    """Raise `Refused` for anyone but editors and administrators."""
    if Right.EDIT not in rights_on_sources(person):
        raise Refused(Right.EDIT, signed_in=person.is_authenticated)


def needs_for(person: Any, *, settled: bool = False) -> QuerySet[UnansweredNeed]:
    """What waits for an editor, most asked for first; or what has been dealt with. Raises `Refused`."""
    allow(person)
    rows = UnansweredNeed.objects.filter(settled_at__isnull=not settled)
    return rows.order_by("-times", "-last_on", "-pk")


def get_need(person: Any, pk: int) -> UnansweredNeed:
    """One of them. Raises `Refused`, `NotThere`."""
    allow(person)
    need = UnansweredNeed.objects.filter(pk=pk).first()
    if need is None:
        raise NotThere
    return need

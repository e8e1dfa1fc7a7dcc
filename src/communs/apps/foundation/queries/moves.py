"""Reads of money that moved between funds: each entry with what two people decided under its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Q

from communs.apps.foundation.models import Account, Decision, DecisionStep
from communs.apps.foundation.queries.books import read_kept
from communs.core.ledger import AccountKind, Decided, Entry, EntryKind
from communs.core.ledger.kinds import MOVES

_KINDS: Final = [kind.value for kind in MOVES]
_MOVED: Final = Q(kind__in=_KINDS) | Q(kind=EntryKind.REVERSAL, reverses__kind__in=_KINDS)


def between() -> frozenset[str]:
    """The accounts on which what a fund gave to another stands."""
    return frozenset(Account.objects.filter(kind=AccountKind.TRANSFER).values_list("slug", flat=True))


def moves(kept: Q | None = None) -> Iterator[tuple[Entry, Decided | None]]:
    """Releases, reclassifications and what took those back, with what was decided, if anything was."""
    decided = _decided()
    for entry in read_kept(_MOVED & (kept or Q())):
        yield entry, decided.get(entry.key)


def _decided() -> dict[str, Decided]:
    """What was decided of this kind, by the key under which it is recorded."""
    approved = Count("steps", filter=Q(steps__what=DecisionStep.What.APPROVED))
    found = Decision.objects.filter(kind__in=[*_KINDS, Decision.Kind.REVERSAL]).annotate(approved=approved)
    return {f"decision:{one.public_id}": _said(one, one.approved) for one in found}


def _said(one: Decision, approvals: int) -> Decided:
    said = one.content
    if one.kind == Decision.Kind.REVERSAL:
        return Decided(one.kind, approvals, reverses=said["entry"])
    lines = ((said["account"], said["source"], -said["minor"]), (said["account"], said["target"], said["minor"]))
    return Decided(one.kind, approvals, said["document"], lines)

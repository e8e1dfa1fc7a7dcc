"""Sequence numbers of catalogues: taken by every write, compared by every cache."""

from __future__ import annotations

from django.db.models import F

from communs.kit.models import CatalogueState


def next_sequence(name: str) -> int:
    """Take the next number of catalogue `name`. Call inside the transaction that makes the change."""
    if not CatalogueState.objects.filter(name=name).update(sequence=F("sequence") + 1):
        CatalogueState.objects.get_or_create(name=name)
        CatalogueState.objects.filter(name=name).update(sequence=F("sequence") + 1)
    return CatalogueState.objects.values_list("sequence", flat=True).get(name=name)


def sequences() -> dict[str, int]:
    """The present number of every catalogue, in one query."""
    return dict(CatalogueState.objects.values_list("name", "sequence"))

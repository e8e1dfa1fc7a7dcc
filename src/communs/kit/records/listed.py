"""Which records a source lists: noted batch by batch, and those that it no longer lists marked at the end.

A run that reads the same list again writes nothing. Memory: one bit for each record the source has ever listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from communs.kit.models import Listing, Source

CHUNK: Final = 500
ID_MAX: Final = 120
# A source that lists fewer than this part of what it listed before is not believed without being asked.
FEW: Final = 0.5


class TooFew(Exception):
    """The source lists so much less than before that it is more likely broken than emptied."""

    def __init__(self, now: int, before: int) -> None:
        super().__init__(now, before)
        self.now, self.before = now, before


@dataclass(slots=True)
class Listed:
    """One reading of the list of a source. `note` takes the ids of records of one catalogue as they come."""

    source: Source
    catalogue: str
    now: datetime
    is_complete: bool = True  # False: something could not be read, so what is missing may well be there
    back: int = 0
    gone: int = 0
    _before: int = field(init=False)
    _count: int = 0
    _refused: list[str] = field(default_factory=list)
    _seen: bytearray = field(default_factory=bytearray)
    _base: int = 0

    def __post_init__(self) -> None:
        rows = self._rows().order_by("pk")
        self._before = rows.filter(gone_at=None).count()
        first = rows.values_list("pk", flat=True).first()
        self._base = first or 0

    @property
    def known_before(self) -> int:
        """How many records it listed the last time."""
        return self._before

    def knows(self, public_id: str) -> bool:
        """Whether the source has ever listed this record."""
        return self._rows().filter(public_id=public_id).exists()

    def note(self, public_ids: Iterable[str]) -> None:
        """The source lists these. Call inside the transaction that writes what it says of them."""
        wanted = list(dict.fromkeys(public_ids))
        for start in range(0, len(wanted), CHUNK):
            self._note(wanted[start : start + CHUNK])

    def note_refused(self, public_id: object) -> None:
        """A record of the list was refused: it is listed all the same. Which one it is may not be known."""
        if not isinstance(public_id, str) or not 0 < len(public_id) <= ID_MAX:
            self.is_complete = False
            return
        self._refused.append(public_id)
        if len(self._refused) == CHUNK:
            self._flush()

    def close(self, *, accepts_fewer: bool = False) -> None:
        """Mark what is no longer listed. Nothing is marked where the reading was not complete.

        Raises:
            TooFew: when less than half of what was listed before is there, unless the caller accepts that.
        """
        self._flush()
        if self._count < FEW * self._before and not accepts_fewer:
            raise TooFew(self._count, self._before)
        if not self.is_complete:
            return
        last_seen = self.source.read_at
        for missing in self._missing():
            with transaction.atomic():
                rows = Listing.objects.filter(pk__in=missing, gone_at=None)
                self.gone += rows.update(gone_at=self.now, seen_at=last_seen)

    def _flush(self) -> None:
        refused, self._refused = self._refused, []
        if refused:
            # Only those that stood in the list before: one that was never taken over is no entry here.
            self._note(refused, add=False)

    def _note(self, public_ids: list[str], *, add: bool = True) -> None:
        known = {row.public_id: row for row in self._rows().filter(public_id__in=public_ids)}
        returned = [row.pk for row in known.values() if row.gone_at is not None]
        if returned:
            self.back += Listing.objects.filter(pk__in=returned).update(gone_at=None, seen_at=None, since=self.now)
        added = [
            Listing(source=self.source, catalogue=self.catalogue, public_id=public_id, since=self.now)
            for public_id in public_ids
            if add and public_id not in known
        ]
        Listing.objects.bulk_create(added)
        for row in (*known.values(), *added):
            self._mark(row.pk)

    def _mark(self, pk: int) -> None:
        self._base = self._base or pk
        place = pk - self._base
        if place >> 3 >= len(self._seen):
            self._seen.extend(bytes((place >> 3) + 1 - len(self._seen)))
        if not self._is_marked(pk):
            self._seen[place >> 3] |= 1 << (place & 7)
            self._count += 1

    def _is_marked(self, pk: int) -> bool:
        place = pk - self._base
        return 0 <= place >> 3 < len(self._seen) and bool(self._seen[place >> 3] & 1 << (place & 7))

    def _missing(self) -> Iterator[list[int]]:
        last = 0
        live = self._rows().filter(gone_at=None).order_by("pk")
        while pks := list(live.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
            last = pks[-1]
            if missing := [pk for pk in pks if not self._is_marked(pk)]:
                yield missing

    def _rows(self) -> QuerySet[Listing]:
        return Listing.objects.filter(source=self.source, catalogue=self.catalogue)

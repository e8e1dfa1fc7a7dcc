"""Records of both catalogues in one way: their rows, their titles, what is known of them and what is not told yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from communs.apps.following.happenings import State, Step
from communs.apps.following.models import Known
from communs.apps.following.vocabulary import CATALOGUES, OPPORTUNITIES
from communs.kit.records.fields import FieldSet
from communs.kit.records.models import Visibility
from communs.kit.runs import catalogues

Key = tuple[str, int]  # (catalogue, id)


def model_of(catalogue: str) -> Any:
    """The model of a catalogue's records."""
    return catalogues.get(catalogue).model


def fields_of(catalogue: str) -> FieldSet:
    """The fields of a catalogue's records, as people read them."""
    kind = catalogues.get(catalogue).kind
    if kind is None:  # only catalogues whose records have pages are followed
        raise KeyError(catalogue)
    return kind.fields


def public(catalogue: str) -> Any:
    """The records that anyone may see."""
    return model_of(catalogue).objects.filter(visibility=Visibility.PUBLIC, merged_into=None)


def rows_of(keys: Iterable[Key]) -> dict[Key, Any]:
    """The records with these keys that anyone may see: one query a catalogue."""
    wanted = set(keys)
    found = {}
    for catalogue in CATALOGUES:
        pks = [pk for name, pk in wanted if name == catalogue]
        if pks:
            found.update({(catalogue, pk): row for pk, row in public(catalogue).in_bulk(pks).items()})
    return found


def title_and_url(catalogue: str, record: Any) -> tuple[str, str]:
    """What a record is called in the active language, and the path of its page."""
    kind = catalogues.get(catalogue).kind
    if kind is None:
        raise KeyError(catalogue)
    return str(kind.title_of(record)), reverse(f"{kind.namespace}:detail", args=(record.public_id,))


def find(catalogue: str, public_id: str) -> Any:
    """A public record by its public id, or None."""
    if catalogue not in CATALOGUES or "\0" in public_id:
        return None
    return public(catalogue).filter(public_id=public_id).first()


def untold(catalogue: str, today: date, limit: int) -> list[int]:
    """Ids of records of which something may have to be told: at most `limit`, the oldest change first.

    Every version is compared with the one that was told, so nothing is missed in whatever order changes are committed.
    A record that was never public is not known, and stays so until it is.
    """
    known = Known.objects.filter(catalogue=catalogue, record_id=OuterRef("pk"))
    rows = model_of(catalogue).objects.annotate(
        is_told=Exists(known.filter(version=OuterRef("version"))), is_known=Exists(known)
    )
    changed = rows.filter(Q(is_told=False) & (Q(is_known=True) | Q(visibility=Visibility.PUBLIC, merged_into=None)))
    ids = list(changed.order_by("sequence", "pk").values_list("pk", flat=True)[:limit])
    due = Known.objects.filter(catalogue=catalogue, due_on__lte=today).exclude(record_id__in=ids)
    return ids + list(due.order_by("record_id").values_list("record_id", flat=True)[: limit - len(ids)])


@dataclass(frozen=True, slots=True)
class Path:
    """How a record came from what was told of it to what it is: net differences, and the steps of its windows."""

    diff: Mapping[str, Sequence[Any]]
    steps: Sequence[Step]


def state_of(catalogue: str, record: Any) -> State:
    """What counts of a record as it is now."""
    return State(record.version, record.is_public, windows_of(record) if catalogue == OPPORTUNITIES else ())


def windows_of(record: Any) -> tuple[Mapping[str, Any], ...]:
    """The windows that an opportunity shows."""
    return _windows(record.values.get("windows"))


def paths(records: Collection[Any], told: Mapping[int, int]) -> dict[int, Path]:
    """The changes of these records since the versions told (`{id: version}`): one query."""
    if not told:
        return {}
    revisions = next(iter(records)).revisions.model.objects.filter(subject__in=list(told))
    revisions = revisions.filter(version__gt=min(told.values())).order_by("subject_id", "version", "id")
    upto = {record.pk: record.version for record in records}
    diffs: dict[int, dict[str, list[Any]]] = {pk: {} for pk in told}
    steps: dict[int, dict[date, Step]] = {pk: {} for pk in told}
    for pk, version, at, diff in revisions.values_list("subject_id", "version", "at", "diff").iterator(chunk_size=2000):
        if not told[pk] < version <= upto[pk]:
            continue
        net = diffs[pk]
        for field, (before, after) in diff.items():
            net[field] = [net[field][0] if field in net else before, after]
        if "windows" in diff:
            day = timezone.localdate(at)
            steps[pk][day] = Step(day, version, _windows(diff["windows"][1]))
    return {
        pk: Path({field: pair for field, pair in diffs[pk].items() if pair[0] != pair[1]}, list(steps[pk].values()))
        for pk in told
    }


def _windows(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def baseline(catalogue: str, now: datetime, today: date) -> Iterator[tuple[Any, State]]:
    """Every public record as it is, for a site that begins to follow: nothing of it is news."""
    fields = ("version", "visibility", "merged_into", "values")
    for record in public(catalogue).only(*fields).order_by("pk").iterator(chunk_size=1000):
        yield record, state_of(catalogue, record)


def find_by_pk(catalogue: str, pk: int) -> Any:
    """A public record by its id, or the one it was merged into; None where there is none."""
    row = model_of(catalogue).objects.select_related("merged_into").filter(pk=pk).first()
    while row is not None and row.merged_into_id:
        row = row.merged_into
    return row if row is not None and row.is_public else None

"""Lists, search and figures over the public commons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet, Subquery

from communs.apps.register.catalogue import Holder, Known, Loaded, Mark, Snapshot, facets_of
from communs.apps.register.models import Commons, CommonsRevision
from communs.apps.register.projection import texts_of
from communs.apps.register.rows import Row, row_of
from communs.core.search import Index
from communs.kit.prepared import Prepared
from communs.kit.records.models import Visibility
from communs.kit.search import Results, fold, terms_of

EXPORT_BATCH = 500
_holder = Holder()


def _newest_change() -> QuerySet[Any, Any]:
    oldest = Subquery(Commons.objects.order_by("pk").values("created_at")[:1])
    newest = Commons.objects.order_by("-sequence", "-pk").annotate(oldest=oldest)
    return newest.values_list("sequence", "pk", "updated_at", "oldest")


_newest = Prepared(_newest_change)


def public_commons() -> QuerySet[Commons]:
    """Every commons that anyone may see."""
    return Commons.objects.filter(visibility=Visibility.PUBLIC, merged_into=None)


def snapshot() -> Snapshot:
    """The catalogue of public commons in the memory of this process, as of now: one query when nothing changed."""
    return _holder.current(newest_change(), _load)


def snapshot_of(rows: Sequence[Commons]) -> Snapshot:
    """A state of these rows alone, public or not: what the list would know of them."""
    terms = Index.of((row.pk, terms_of(row, texts_of)) for row in rows)
    return Snapshot({row.pk: _known(row) for row in rows}, terms)


def newest_change() -> Mark | None:
    """The number of the last change, with the row that has it and when: what is kept in memory is held to it."""
    return _newest.first()


def _load(sequence: int) -> Iterator[Loaded]:
    rows = Commons.objects.filter(sequence__gte=sequence).defer("repository_key", "homepage_key", "wikidata_key")
    for commons in rows.order_by("pk").iterator(chunk_size=2000):
        known = _known(commons) if commons.is_public else None
        terms = terms_of(commons, texts_of) if known else ""
        yield Loaded(commons.pk, commons.sequence, commons.updated_at, known, terms)


def _known(commons: Commons) -> Known:
    name = commons.name or commons.public_id
    return Known(
        pk=commons.pk,
        public_id=commons.public_id,
        name=name,
        name_key=fold(name),
        kind=commons.kind,
        updated_at=commons.updated_at,
        facets=facets_of(commons.values, commons.kind, commons.verdict, commons.headline),
        search_text=commons.search_text,
    )


def rows_by_id(pks: Sequence[int]) -> list[Row]:
    """The rows of a list page, in the order asked for: one query."""
    found = Commons.objects.only("public_id", "name", "kind", "verdict", "headline", "values", "updated_at").in_bulk(
        pks
    )
    return [row_of(found[pk]) for pk in pks if pk in found]


def search(text: str, limit: int, hints: Sequence[str] | None = None) -> tuple[list[Row], Results]:
    """The public commons that answer a query, best first, as rows, with why each was found."""
    results = snapshot().searching.results(text, limit, hints)
    return rows_by_id([result.pk for result in results.best]), results


def home_figures() -> dict[str, int]:
    """How many commons are public, of how many kinds, and how many pass the whole test."""
    sets = snapshot().index.sets
    return {
        "total": len(snapshot()),
        "kinds": len(sets.get("kind", {})),
        "commons": sets.get("verdict", {}).get("commons", 0).bit_count(),
    }


def recently_changed(limit: int) -> list[Row]:
    """The public commons that changed last: their places are known in memory, sorting 20,000 rows would be slow."""
    present = snapshot()
    return rows_by_id(present.index.page(present.index.all, "recent", 0, limit))


def recent_revisions(limit: int) -> list[CommonsRevision]:
    """The last changes of public commons, newest first.

    They belong to the commons that changed last, which are known in memory: no need to sort every change there was.
    """
    present = snapshot()
    newest = present.index.page(present.index.all, "recent", 0, limit)
    found = CommonsRevision.objects.filter(subject__in=newest).select_related("subject", "person", "source")
    return list(found.order_by("-at", "-pk")[:limit])


def in_batches(pks: Sequence[int]) -> Iterator[Commons]:
    """Public commons by id in the order asked for, read in batches so that memory stays flat."""
    for start in range(0, len(pks), EXPORT_BATCH):
        batch = pks[start : start + EXPORT_BATCH]
        found = public_commons().in_bulk(batch)
        yield from (found[pk] for pk in batch if pk in found)


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """`{public id: name}` of public commons among these ids."""
    return dict(public_commons().filter(public_id__in=list(public_ids)).values_list("public_id", "name"))

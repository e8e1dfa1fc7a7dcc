"""The list of commons as one process holds it: facets, orders and texts in memory, brought up to date by sequence.

Memory: about 1.5 kB a commons. Bringing it up to date reads the changed rows only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any

from communs.apps.register.licensing import families
from communs.core.identity import fold_name
from communs.core.search import Index
from communs.kit.facets import FacetIndex
from communs.kit.search import Searching

FACETS = ("kind", "verdict", "category", "country", "form", "language", "licence")
SORTS = ("name", "recent", "kind", "relevance")  # "relevance" where words are searched for


@dataclass(frozen=True, slots=True)
class Known:
    """What the list needs to know of one commons."""

    pk: int
    public_id: str
    name: str
    name_key: str  # folded, for sorting
    kind: str
    updated_at: datetime
    facets: Mapping[str, Sequence[str]]
    search_text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A row as the database gave it: `known` is None when it is not public any more."""

    pk: int
    sequence: int
    updated_at: datetime
    known: Known | None
    terms: str = ""  # what it is found by, packed


# (sequence, pk, updated_at) of the newest row, and when the oldest one was made: another database has another one.
Mark = tuple[int, int, datetime, datetime]


class Snapshot:
    """One state of the catalogue. Never changed after it is made."""

    def __init__(self, by_pk: Mapping[int, Known], terms: Index) -> None:
        self.rows = sorted(by_pk.values(), key=lambda row: (row.name_key, row.public_id))
        numbers = range(len(self.rows))
        orders = {
            "name": numbers,
            "recent": sorted(numbers, key=lambda number: self.rows[number].updated_at, reverse=True),
            "kind": sorted(numbers, key=lambda number: self.rows[number].kind or "~"),
        }
        self.index = FacetIndex([row.pk for row in self.rows], [row.facets for row in self.rows], orders)
        self.searching = Searching(terms, self.index.ids, lambda pk: by_pk[pk].search_text)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def folded_names(self) -> list[str]:
        """The names as likeness compares them, row by row: made when somebody first describes a commons."""
        return [fold_name(row.name) for row in self.rows]


class Holder:
    """The snapshot of this process. Thread-safe: readers keep the one they were given."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[int, Known] = {}
        self._mark: Mark | None = None
        self._terms = Index.of(())
        self._snapshot = Snapshot({}, self._terms)

    def current(self, newest: Mark | None, load: Callable[[int], Iterable[Loaded]]) -> Snapshot:
        """The snapshot that belongs to `newest`; `load(sequence)` gives the rows of that sequence and later."""
        with self._lock:
            if newest != self._mark:
                self._bring_up_to_date(newest, load)
            return self._snapshot

    def _bring_up_to_date(self, newest: Mark | None, load: Callable[[int], Iterable[Loaded]]) -> None:
        mark = self._mark
        rows = dict(self._rows)
        is_same = mark is not None and newest is not None and newest[3] == mark[3]
        changed = list(load(mark[0])) if mark and newest and is_same and newest[0] > mark[0] else None
        # The row that was the newest must still be there, changed or not: otherwise this is another database.
        if changed is None or mark is None or not any(_continues(row, mark) for row in changed):
            rows, changed = {}, list(load(0)) if newest else []
            self._terms = Index.of((row.pk, row.terms) for row in changed if row.known)
        else:
            self._terms = self._terms.with_changes({row.pk: row.terms if row.known else None for row in changed})
        for row in changed:
            if row.known is None:
                rows.pop(row.pk, None)
            else:
                rows[row.pk] = row.known
        self._rows, self._mark, self._snapshot = rows, newest, Snapshot(rows, self._terms)


def _continues(row: Loaded, mark: Mark) -> bool:
    return row.pk == mark[1] and (row.sequence > mark[0] or row.updated_at == mark[2])


def facets_of(values: Mapping[str, Any], kind: str, verdict: str, headline: str) -> dict[str, Sequence[str]]:
    """The values a commons is found by."""
    return {
        "kind": [kind] if kind else [],
        # An entry whose licence is open is found under both: it is not known yet, and that much is.
        "verdict": [verdict, headline] if headline == "open_at_least" else [verdict],
        "category": _texts(values.get("categories_publiccode")),
        "country": _texts(values.get("countries")),
        "form": [values["steward.form"]] if isinstance(values.get("steward.form"), str) else [],
        "language": _texts(values.get("languages")),
        "licence": sorted(families(_objects(values.get("licences")))),
    }


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

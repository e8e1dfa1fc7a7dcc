"""Search for records: `core.search` decides what is found and in which order, the database keeps what it needs.

A record keeps the terms it is found by (`search_terms`), worked out when it is written. Each process holds them as an
inverted index beside its snapshot of the catalogue, brought up to date by the rows that changed; so both databases give
the same results in the same order, and a search costs no query. Why not the databases' own full text: decision 0009.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import get_language

from communs.core import search as core
from communs.core.search import Correction, Finder, Found, Index, Plan, Reason, Text, fold

__all__ = [
    "Hits",
    "Reason",
    "Result",
    "Results",
    "Searching",
    "Text",
    "bring_up_to_date",
    "containing",
    "describe",
    "fold",
    "register",
    "search_text",
    "terms_of",
    "typed",
]

M = TypeVar("M", bound=Model)
WORDS_MAX = 8
KEPT_MAX = 64  # answers that a state of a catalogue remembers: pages, facets and exports ask the same again
BATCH = 2_000
MANY = 2_000  # records from which on their analysis is shared among processes
PROCESSES_MAX, CHUNK = 4, 50
FIELDS = ("search_text", "search_terms", "search_version")
LATER = 60  # of 100: what the score of a row counts that is of less use now
# No page and no database can hold them, or they turn the rest of a line round.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_Given = tuple[str, float, str, bool]  # a text as it is handed to another process
TextsOf = Callable[[Any], Iterable[Text]]


def typed(raw: str, length_max: int) -> str:
    """What was typed into a search box: at most so many characters, whole words, without control characters."""
    return " ".join(_CONTROLS.sub(" ", core.cut(raw, length_max)).split())


def search_text(*parts: Any) -> str:
    """All the texts of a record, folded, one a line: for phrases, and where whole words need not match."""
    return fold("\n".join(str(part) for part in parts if part))


def containing(rows: QuerySet[M], query: str) -> QuerySet[M]:
    """The rows whose search text contains every word of `query` (at most eight)."""
    for word in fold(query).split()[:WORDS_MAX]:
        rows = rows.filter(search_text__contains=word)
    return rows


def describe(record: Any, texts: Iterable[Text]) -> None:
    """Set what a record is found by from its texts. Saves nothing."""
    record.search_text, record.search_terms = _found_by(_given(texts))
    record.search_version = core.version()


def terms_of(record: Any, texts_of: TextsOf) -> str:
    """The packed terms of a record; worked out anew where they were stored under other rules."""
    if record.search_version != core.version():
        return core.pack(core.terms_of(texts_of(record)))
    packed: str = record.search_terms
    return packed


@dataclass(frozen=True, slots=True)
class Searchable:
    """A model whose records are found: `texts_of(record)` gives what each says."""

    model: Any
    texts_of: TextsOf


_searchable: dict[str, Searchable] = {}


def register(model: Any, texts_of: TextsOf) -> None:
    """Name a model whose stored terms `bring_up_to_date` looks after. An app does so in its `AppConfig.ready`."""
    _searchable[model._meta.label] = Searchable(model, texts_of)


def bring_up_to_date() -> int:
    """Work out anew the terms that were stored under another vocabulary or other rules; how many records that were.

    Nothing of a record itself changes, so no version, no sequence and no history moves. Batch by batch: it can be
    interrupted and goes on the next time.
    """
    done = 0
    for kind in _searchable.values():
        stale = kind.model.objects.exclude(search_version=core.version()).order_by("pk")
        with _analysts(stale.count()) as analyse:
            while batch := list(stale[:BATCH]):
                for record, found_by in zip(batch, analyse([_given(kind.texts_of(one)) for one in batch]), strict=True):
                    record.search_text, record.search_terms = found_by
                    record.search_version = core.version()
                _store(kind.model, batch)
                done += len(batch)
    return done


def _given(texts: Iterable[Text]) -> list[_Given]:
    return [(text.text, text.weight, text.lang, text.is_name) for text in texts if text.text]


def _found_by(given: list[_Given]) -> tuple[str, str]:
    """What a record is found by: its folded text and its packed terms."""
    terms = core.terms_of(Text(text, weight, lang, is_name) for text, weight, lang, is_name in given)
    return fold("\n".join(text for text, *_rest in given)), core.pack(terms)


@contextmanager
def _analysts(count: int) -> Iterator[Callable[[list[list[_Given]]], list[tuple[str, str]]]]:
    """Where many records are to be worked out, all processors do so; the database is touched by this process alone."""
    if count < MANY or "fork" not in multiprocessing.get_all_start_methods():
        yield lambda batch: list(map(_found_by, batch))
        return
    core.plan("")  # the vocabulary is read before, not once in each process
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count() or 1, PROCESSES_MAX)) as pool:
        yield lambda batch: pool.map(_found_by, batch, chunksize=CHUNK)


def _store(model: Any, batch: Sequence[Any]) -> None:
    """Plain updates, one a row: Django's own way of doing so in bulk takes as long as the analysis itself."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in FIELDS)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(model._meta.pk.column)} = %s"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, [(*(getattr(record, name) for name in FIELDS), record.pk) for record in batch])


@dataclass(frozen=True)
class Hits:
    """What a query found in a catalogue: `order` has row numbers, best first; `rows` is the same as a set of bits."""

    found: Found
    order: Sequence[int]
    scores: Mapping[int, int]
    rows: int

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return self.found.corrections

    @property
    def is_near(self) -> bool:
        return self.found.is_near


@dataclass(frozen=True, slots=True)
class Result:
    """One record that was found: its key, its score (comparable within one query), and why."""

    pk: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The best records for a query. `total`: how many there are in all."""

    best: Sequence[Result]
    total: int
    corrections: tuple[Correction, ...] = ()
    is_near: bool = False


class Searching:
    """Search over one state of a catalogue, whose rows are numbered in its default order."""

    def __init__(self, index: Index, pks: Sequence[int], text_of: Callable[[int], str]) -> None:
        """`pks[row]`: the key of each row; `text_of(pk)`: its folded text."""
        self.index, self._pks = index, pks
        self.finder = Finder(index, text_of)
        self._kept: dict[tuple[str, tuple[str, ...]], Hits] = {}

    def find(self, text: str, hints: Sequence[str] | None = None) -> Hits:
        """The rows that answer a query. `hints`: languages it is likely in (default: that of the reader)."""
        hints = (get_language() or "en",) if hints is None else hints
        key = (text, tuple(hints))
        hits = self._kept.get(key)
        if hits is None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            hits = self._kept[key] = self.carry_out(core.plan(text, hints))
        return hits

    def results(self, text: str, limit: int, hints: Sequence[str] | None = None, later: int = 0) -> Results:
        """The best `limit` rows with their reasons; nothing for no words.

        `later`: a set of rows that answer less well than they say, such as calls that have closed.
        """
        hits = self.find(text, hints)
        scores = {row: score * LATER // 100 if later >> row & 1 else score for row, score in hits.scores.items()}
        order = sorted(scores, key=lambda row: (-scores[row], row)) if later else hits.order
        best = [Result(self._pks[row], scores[row], self.reasons(hits, row)) for row in order[:limit]]
        return Results(best, len(hits.order), hits.corrections, is_near=hits.is_near)

    def reasons(self, hits: Hits, row: int) -> tuple[Reason, ...]:
        """Why a row was found."""
        return tuple(self.finder.reasons(hits.found.plan, self._pks[row]))

    def carry_out(self, plan: Plan) -> Hits:
        """The rows that answer a plan, worked out anew."""
        found = self.finder.find(plan)
        rows = self._row_of_number[np.array([self.index.number_of[int(key)] for key in found.keys], dtype=np.int64)]
        best_first = np.lexsort((rows, -found.scores))
        order = rows[best_first].tolist()
        scores = dict(zip(order, found.scores[best_first].tolist(), strict=True))
        marks = np.zeros(len(self._pks) + 1, np.uint8)
        marks[rows] = 1
        packed = int.from_bytes(np.packbits(marks, bitorder="little").tobytes(), "little")
        return Hits(found, order, scores, packed)

    @cached_property
    def _row_of_number(self) -> Any:
        """The row of each document in force, by its number in the index."""
        rows = np.zeros(len(self.index.alive), np.int64)
        numbers = self.index.number_of
        for row, pk in enumerate(self._pks):
            rows[numbers[pk]] = row
        return rows

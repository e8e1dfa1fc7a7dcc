"""Reads of the log: what may be added, what stands in it, the evidence for one entry, what verifications found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db import connection
from django.db.models import Max

from communs.apps.foundation import logfiles
from communs.apps.foundation import models as rows
from communs.apps.foundation.queries import books
from communs.apps.foundation.queries.public import document_of
from communs.core.transparency import (
    Evidence,
    canonical,
    consistency_proof,
    evidence_for,
    opened,
)
from communs.core.transparency.growing import nodes_of
from communs.core.transparency.tiles import CHECKPOINT, ENTRY_BYTES_MAX
from communs.kit.gates import NotThere

LEAVES_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Horizon:
    """Once no transaction below `older_than` runs, no entry up to the sequence `up_to` can appear any more."""

    up_to: int
    older_than: int


def horizon_now() -> Horizon:
    """The horizon as of now.

    On PostgreSQL an entry takes its `sequence` before it is committed, and a later number may be committed first. Who
    has taken a number up to the last one had a transaction number before that: all of those are below `older_than`,
    which is a number given out afterwards, in a statement of its own. The snapshot's own upper end would not do: it is
    behind the last transaction that has ended, not behind the last that runs.
    """
    if connection.vendor == "sqlite":
        newest = rows.Entry.objects.filter(sealed=True).aggregate(newest=Max("sequence"))["newest"]
        return Horizon(newest or 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM foundation_sequence")
        up_to = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return Horizon(up_to, int(cursor.fetchone()[0]))


def has_passed(horizon: Horizon) -> bool:
    """Whether all transactions that could still add an entry below the horizon have ended."""
    if connection.vendor == "sqlite":
        return True  # one connection writes at a time, and entries are numbered as they are committed
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_snapshot_xip(pg_current_snapshot()) AS running "
            "WHERE running::text::bigint < %s)",
            [horizon.older_than],
        )
        return bool(cursor.fetchone()[0])


def number_of_leaves() -> int:
    """How many entries the log has, published or not."""
    last = rows.Leaf.objects.aggregate(last=Max("number"))["last"]
    return 0 if last is None else int(last) + 1


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as bytes of the log. `long`: the postings as a file of their own, where the entry is too long."""

    entry: bytes
    long: bytes | None = None


def line_of(document: dict[str, Any]) -> Line:
    """The bytes of a public entry; postings that would not fit stand in a file named by its hash."""
    data = canonical(document)
    if len(data) <= ENTRY_BYTES_MAX:
        return Line(data)
    long = canonical(document["postings"])
    instead = {"sha256": named(long), "number": len(document["postings"])}
    return Line(canonical({**document, "postings": instead}), long)


def named(long: bytes) -> str:
    """The name of a long part among the files."""
    return hashlib.sha256(long).hexdigest()


def lines_from(number: int) -> Iterator[Line]:
    """The bytes of all leaves from a number on, in their order, as they are read."""
    leaves = rows.Leaf.objects.filter(number__gte=number).order_by("number").select_related("entry")
    stream = leaves.iterator(chunk_size=LEAVES_AT_ONCE)
    while batch := list(islice(stream, LEAVES_AT_ONCE)):
        entries = {one.id: one for one in books.as_entries([leaf.entry for leaf in batch])}
        for leaf in batch:
            yield line_of(document_of(entries[str(leaf.entry.public_id)], leaf.veiled))


def leaf_of(row: rows.Entry) -> bytes:
    """The bytes of an entry as they stand in the log. Raises `NotThere` where it is not in it yet."""
    leaf = rows.Leaf.objects.filter(entry=row).first()
    if leaf is None:
        raise NotThere
    (entry,) = books.as_entries([row])
    return line_of(document_of(entry, leaf.veiled)).entry


def evidence_of(row: rows.Entry) -> Evidence:
    """The evidence that an entry stands in the log as it is signed now. Raises `NotThere` where it does not yet."""
    leaf, origin, note = rows.Leaf.objects.filter(entry=row).first(), origin_of_log(), latest_note()
    if leaf is None or note is None:
        raise NotThere
    trust = logfiles.trust(origin)
    if leaf.number >= opened(note, trust, quorum=0).checkpoint.size:
        raise NotThere
    found = evidence_for(logfiles.folder().read, leaf.number, note, trust)
    found.check(leaf_of(row), trust)
    return found


def consistency(old: int, new: int) -> list[bytes]:
    """The hashes that show that the log of `new` entries begins with that of `old`. Raises `ValueError`, `NotThere`."""
    signed = latest_checkpoint()
    if signed is None or new > signed.size:
        raise NotThere
    return consistency_proof(old, new, nodes_of(logfiles.folder().read, signed.size))


def origin_of_log() -> str:
    """The name of the log; empty before it has begun."""
    state = rows.LogState.objects.filter(pk=1).first()
    return state.origin if state else ""


def latest_note() -> bytes | None:
    """The signed checkpoint that readers find now."""
    return logfiles.folder().read(CHECKPOINT)


def latest_checkpoint() -> rows.Checkpoint | None:
    """The last state that was signed, and when."""
    return rows.Checkpoint.objects.order_by("-size").first()


def checkpoints(limit: int) -> list[rows.Checkpoint]:
    """The last states that were signed, newest first."""
    return list(rows.Checkpoint.objects.order_by("-size")[:limit])


def cosigned_by() -> tuple[str, ...]:
    """Who of the trusted co-signers has signed the latest checkpoint."""
    note, origin = latest_note(), origin_of_log()
    return opened(note, logfiles.trust(origin), quorum=0).cosigned_by if note and origin else ()


def public_key() -> str:
    """The key that the log is checked with, as text; empty before it has begun."""
    origin = origin_of_log()
    return str(logfiles.signer(origin).key) if origin else ""


def last_verification() -> rows.Verification | None:
    """What the last verification of the books found."""
    return rows.Verification.objects.order_by("-made_at", "-pk").first()

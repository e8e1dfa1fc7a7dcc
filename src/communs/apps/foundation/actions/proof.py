"""Writes of what is proven: entries are put into the log in order, states are signed, books are verified.

One sequencer at a time gives entries their places (a row is locked); one process at a time writes files (a file is
locked). What is interrupted goes on where it stood: places are in the database, files follow from them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from communs.apps.foundation import logfiles
from communs.apps.foundation import models as rows
from communs.apps.foundation.queries import books, checking, proof, public, verifying
from communs.core.ledger import Problem
from communs.core.transparency import (
    Checkpoint,
    InvalidLog,
    Note,
    add_cosignature,
    append,
    beginning,
    check_continues,
    commitment,
    opened,
    publish,
    salt_of,
)
from communs.core.transparency.tiles import CHECKPOINT

LEAVES_AT_ONCE: Final = 2000
CHECKPOINT_EVERY: Final = timedelta(hours=1)
PROBLEMS_KEPT: Final = 20


class NotSound(Exception):
    """The books break a rule: nothing may be paid before a person has looked. `problems`: the first twenty."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def keep_log(now: datetime) -> None:
    """The chore: put new entries into the log, and sign its state when it has changed and an hour has gone by."""
    put_into_log()
    last = proof.latest_checkpoint()
    if last is None or now - last.made_at >= CHECKPOINT_EVERY:
        sign(now)


def put_into_log() -> int:
    """Give every committed entry its place in the log, in the order of `sequence`; how many were new.

    An entry whose neighbour before it may still be committed waits for the next time. Not to be called inside a
    transaction: the number that marks the horizon has to be given out after all that it speaks of.
    """
    rows.LogState.objects.get_or_create(pk=1, defaults={"origin": logfiles.own_name()})
    newest = proof.horizon_now()
    with transaction.atomic(durable=True):
        up_to = _safe_horizon(newest)
    total = 0
    while True:
        added = _put_next(up_to)
        total += added
        if added < LEAVES_AT_ONCE:
            return total


def _safe_horizon(newest: proof.Horizon) -> int:
    """The sequence up to which nothing can appear any more; a horizon that has not passed yet is kept until it has."""
    if proof.has_passed(newest):
        return newest.up_to
    state = rows.LogState.objects.select_for_update().get(pk=1)
    kept = proof.Horizon(state.up_to, state.older_than)
    if not proof.has_passed(kept):
        return 0
    state.up_to, state.older_than = newest.up_to, newest.older_than
    state.save(update_fields=["up_to", "older_than"])
    return kept.up_to


def _put_next(up_to: int) -> int:
    with transaction.atomic():
        rows.LogState.objects.select_for_update().get(pk=1)
        last = rows.Leaf.objects.order_by("-number").select_related("entry").first()
        waiting = rows.Entry.objects.filter(sealed=True, sequence__lte=up_to, sequence__gt=_sequence_of(last))
        found = list(waiting.order_by("sequence")[:LEAVES_AT_ONCE])
        first = 0 if last is None else last.number + 1
        veils: list[rows.Veil] = []
        leaves = [rows.Leaf(number=n, entry=row, veiled=_veiled(row, veils)) for n, row in enumerate(found, first)]
        rows.Veil.objects.bulk_create(veils)
        rows.Leaf.objects.bulk_create(leaves)
        return len(found)


def _sequence_of(last: rows.Leaf | None) -> int:
    return 0 if last is None else int(last.entry.sequence or 0)


def _veiled(row: rows.Entry, veils: list[rows.Veil]) -> dict[str, str]:
    """Commitments to what is personal; the secret that opens them joins `veils`."""
    hidden = public.personal(row)
    if not hidden:
        return {}
    secret = secrets.token_bytes(32)
    veils.append(rows.Veil(entry=row, secret=secret))
    name = str(row.public_id)
    return {field: commitment(field, value, salt_of(secret, name, field)) for field, value in hidden.items()}


def sign(now: datetime) -> bytes | None:
    """Write the files of all entries that have a place, and sign the new state; None where nothing is new.

    Raises `InvalidLog` where the files and the database tell different stories, `NoKey` without a key.
    """
    origin = proof.origin_of_log()
    if not origin:
        return None
    files, signer = logfiles.folder(), logfiles.signer(origin)
    with files.alone():
        before = _written(files, origin)
        count = proof.number_of_leaves()
        if count < before.size:
            raise InvalidLog(
                f"The log has {before.size} entries, the books only {count}: they were put back to an earlier state. "
                "Restore the newest copy of the books."
            )
        if count == before.size:
            return None
        lines = islice(proof.lines_from(before.size), count - before.size)
        after = append(files.read, files.write, _with_long_parts(files, lines), before)
        _must_continue(files, after)
        note = publish(files.read, files.write, after, signer)
        files.write(logfiles.KEY_FILE, f"{signer.key}\n".encode())
        files.write(logfiles.COSIGNERS_FILE, "".join(f"{key}\n" for key in logfiles.cosigners()).encode())
        made = {"root": after.root.hex(), "made_at": now}
        rows.Checkpoint.objects.get_or_create(size=after.size, defaults=made)
    return note


def _written(files: logfiles.Folder, origin: str) -> Checkpoint:
    data = files.read(CHECKPOINT)
    return beginning(origin) if data is None else Checkpoint.parse(Note.parse(data).text)


def _with_long_parts(files: logfiles.Folder, lines: Iterable[proof.Line]) -> Iterator[bytes]:
    for line in lines:
        if line.long is not None:
            files.write(f"long/{proof.named(line.long)}", line.long)
        yield line.entry


def _must_continue(files: logfiles.Folder, after: Checkpoint) -> None:
    """Files that were lost are made again from the books: only into the same log that was signed before."""
    signed = proof.latest_checkpoint()
    if signed is not None:
        check_continues(files.read, Checkpoint(after.origin, signed.size, bytes.fromhex(signed.root)), after)


def take_cosignature(note: bytes) -> bytes:
    """Put the co-signatures of a checkpoint under the one that readers find. Raises `InvalidNote`, `InvalidLog`."""
    origin = proof.origin_of_log()
    files = logfiles.folder()
    trust = logfiles.trust(origin or logfiles.own_name())
    opened(note, trust, quorum=1)
    with files.alone():
        return add_cosignature(files.read, files.write, note, trust)


def erase(entries: Iterable[UUID]) -> int:
    """Delete the secrets behind what is personal in these entries: nobody can ever show again what it said in the log.

    The log and all proofs stay as they are. How many were erased; one that was erased before counts no more.
    """
    with transaction.atomic():
        deleted, _by_model = rows.Veil.objects.filter(entry__public_id__in=list(entries)).delete()
    return deleted


def verify_now(now: datetime) -> rows.Verification:
    """Check the books against every rule, and keep the result for everyone to see."""
    with books.one_moment():
        number, said = _first(verifying.everything())
        point = checking.point_now() if not number else None
    entries = public.number_of_entries()
    _keep(point, now)
    return rows.Verification.objects.create(made_at=now, entries=entries, number=number, problems=said)


def verify_new(now: datetime) -> list[str]:
    """Check what came since the last check, or everything before there was one: the first problems.

    Only what is wrong is shown to everyone: that everything was checked is said of the check of everything.
    """
    begin = checking.last_point()
    if begin is None:
        return list(verify_now(now).problems)
    with books.one_moment():
        number, said = _first(verifying.what_is_new(begin))
        point = checking.point_now() if not number else None
    _keep(point, now)
    if number:
        entries = public.number_of_entries()
        rows.Verification.objects.create(made_at=now, entries=entries, number=number, problems=said)
    return said


def _first(problems: Iterable[Problem]) -> tuple[int, list[str]]:
    """How many problems there are, and the first of them in words."""
    number, first = 0, list[str]()
    for problem in problems:
        number += 1
        if len(first) < PROBLEMS_KEPT:
            first.append(problem.render())
    return number, first


def _keep(point: checking.Point | None, now: datetime) -> None:
    """Write down up to where the books were found sound; a check that began earlier takes nothing back."""
    if point is None:
        return
    balances = [[account, fund, minor] for (account, fund), minor in sorted(point.balances.items())]
    with transaction.atomic():
        rows.Checked.objects.get_or_create(pk=1, defaults={"made_at": now})
        behind = rows.Checked.objects.filter(pk=1, sequence__lt=point.sequence)
        behind.update(sequence=point.sequence, balances=balances, made_at=now)


def require_sound(now: datetime) -> rows.Verification:
    """Verify before or after a batch. Raises `NotSound`; the result is kept either way."""
    found = verify_now(now)
    if found.number:
        raise NotSound(found.problems)
    return found


def require_new_sound(now: datetime) -> None:
    """Verify what is new before or after a batch, in books too large to verify while somebody waits. Raises `NotSound`.

    A problem that the last check of everything found stands until one finds nothing.
    """
    last = proof.last_verification()
    if last is not None and last.number:
        raise NotSound(list(last.problems))
    if found := verify_new(now):
        raise NotSound(found)

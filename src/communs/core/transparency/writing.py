"""The writer of a log: entries are added, then the new state is signed. One writer at a time.

Files are written so that a reader never sees a checkpoint whose tiles are not there: entries and tiles first, then the
checkpoint under its own name, last `checkpoint`. What was interrupted is done again with the same entries.
"""

from __future__ import annotations

from collections.abc import Iterable

from communs.core.transparency.checkpoints import Checkpoint, Opened, Trust, opened
from communs.core.transparency.growing import Growing, nodes_of, resumed
from communs.core.transparency.hashing import EMPTY_ROOT, HASH_BYTES, leaf_hash
from communs.core.transparency.keys import Signer
from communs.core.transparency.notes import Note
from communs.core.transparency.proofs import consistency_proof, is_consistent
from communs.core.transparency.tiles import (
    CHECKPOINT,
    EARLIER,
    ENTRY_BYTES_MAX,
    WIDTH,
    InvalidLog,
    Read,
    Write,
    bundle_name,
    bundled,
    checkpoint_name,
    fetched,
    read_bundle,
    tile_name,
    width_of,
)


def append(read: Read, write: Write, entries: Iterable[bytes], after: Checkpoint) -> Checkpoint:
    """Write entries behind those of the last checkpoint, and give the one to be signed next.

    A log begins `after` the checkpoint `beginning(origin)`. Raises `InvalidLog` if the files are not those of `after`,
    or an entry is too long.
    """

    def write_tile(level: int, index: int, hashes: bytes) -> None:
        write(tile_name(level, index, len(hashes) // HASH_BYTES), hashes)

    tree = resumed(read, after.size, write_tile)
    if tree.frontier().root != after.root:
        raise InvalidLog(
            f"The tiles are not those of the checkpoint of {after.size} entries. Restore them from a copy."
        )
    waiting = _unfinished_bundle(read, after.size)
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise InvalidLog(
                f"Entry {tree.size} has {len(entry)} bytes; {ENTRY_BYTES_MAX} are the most. Publish its long part as a"
                " file, and log the SHA-256 of that."
            )
        waiting.append(entry)
        tree.add(leaf_hash(entry))
        if len(waiting) == WIDTH:
            write(bundle_name(tree.size // WIDTH - 1), bundled(waiting))
            waiting = []
    return _rest_written(write, tree, waiting, after.origin)


def beginning(origin: str) -> Checkpoint:
    """The state of a log without entries."""
    return Checkpoint(origin, 0, EMPTY_ROOT)


def publish(read: Read, write: Write, checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Sign a checkpoint and make it the one that readers find. Gives the note.

    A log that signs two histories is worth nothing: one that does not continue the last that was published, or whose
    tiles are not there, is refused with `InvalidLog`. The same state may be published again.
    """
    if resumed(read, checkpoint.size, _no_tile).frontier().root != checkpoint.root:
        raise InvalidLog(f"The tiles of {checkpoint.size} entries have another root. Run `append` first, or again.")
    note = Note(checkpoint.text)
    data = fetched(read, CHECKPOINT)
    if data is not None:
        last = Note.parse(data)
        before = Checkpoint.parse(last.text)
        check_continues(read, before, checkpoint)
        _list(read, write, before.size)
        if before == checkpoint:
            note = last  # with the co-signatures that it has got since
    if signer.key not in note.signers([signer.key]):
        note = note.signed_by(signer)
    _put(read, write, checkpoint.size, note)
    return note.to_bytes()


def add_cosignature(read: Read, write: Write, cosigned: bytes, trust: Trust) -> bytes:
    """Put the co-signatures of a checkpoint that came back from a co-signer under the one that readers find.

    Only those by keys of `trust` are taken. Raises `InvalidNote` if one is wrong, `InvalidLog` if the log went on.
    """
    came = opened(cosigned, trust, quorum=0)
    data = fetched(read, CHECKPOINT)
    here = Note.parse(data) if data is not None else None
    if here is None or here.text != came.note.text:
        raise InvalidLog("The co-signed checkpoint is not the latest of this log. Send the latest to the co-signer.")
    trusted = {(key.name, key.id) for key in trust.cosigners}
    new = {(one.name, one.key_id): one for one in came.note.signatures if (one.name, one.key_id) in trusted}
    kept = [one for one in here.signatures if (one.name, one.key_id) not in new]
    note = Note(here.text, (*kept, *new.values()))
    _put(read, write, came.checkpoint.size, note)
    return note.to_bytes()


def cosign(read: Read, latest: bytes, trust: Trust, known: Checkpoint, signer: Signer, at: int) -> Opened:
    """What a co-signer does: see that the log continues the checkpoint it has signed last, and sign the latest.

    `known`: that checkpoint, which the co-signer keeps itself (at first `beginning(origin)`); `at`: seconds since 1970.
    It sees only that nothing was changed or taken out; `verify_log` reads the entries too.
    """
    found = opened(latest, trust, quorum=0)
    check_continues(read, known, found.checkpoint)
    return Opened(found.checkpoint, found.cosigned_by, found.note.signed_by(signer, at))


def check_continues(read: Read, old: Checkpoint, new: Checkpoint) -> None:
    """Raise `InvalidLog` unless the tiles of the log show that `new` begins with all of `old`."""
    if old.origin != new.origin:
        raise InvalidLog(f"{new.origin} does not continue {old.origin}: that is another log.")
    if old.size > new.size:
        raise InvalidLog(
            f"The log had {old.size} entries, now it has {new.size}: it must never shrink. Keep both checkpoints."
        )
    proof = consistency_proof(old.size, new.size, nodes_of(read, new.size))
    if not is_consistent(old.size, old.root, new.size, new.root, proof):
        raise InvalidLog(
            f"The {new.size} entries do not begin with the {old.size} of the earlier checkpoint: one of them was"
            " changed. Keep both checkpoints, they are the evidence."
        )


def _unfinished_bundle(read: Read, size: int) -> list[bytes]:
    """The entries behind the last full bundle."""
    if size % WIDTH == 0:
        return []
    return read_bundle(read, size // WIDTH, size)


def _rest_written(write: Write, tree: Growing, waiting: list[bytes], origin: str) -> Checkpoint:
    for level, index, hashes in tree.partial():
        write(tile_name(level, index, width_of(level, index, tree.size)), hashes)
    if waiting:
        write(bundle_name(tree.size // WIDTH, len(waiting)), bundled(waiting))
    return Checkpoint(origin, tree.size, tree.frontier().root)


def _put(read: Read, write: Write, size: int, note: Note) -> None:
    """Under its own name first, so that no reader who has seen it looks for it in vain later."""
    write(checkpoint_name(size), note.to_bytes())
    write(CHECKPOINT, note.to_bytes())
    _list(read, write, size)


def _list(read: Read, write: Write, size: int) -> None:
    """Name a checkpoint in the list of all, if it is not the last there."""
    listed = fetched(read, EARLIER) or b""
    if listed.split(b"\n")[-2:-1] != [b"%d" % size]:
        write(EARLIER, listed + b"%d\n" % size)


def _no_tile(_level: int, _index: int, _hashes: bytes) -> None:
    """Nothing is added to a tree that is only looked at."""

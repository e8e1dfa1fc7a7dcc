"""Checkpoints (C2SP tlog-checkpoint): how long a log is and what stands in it, signed. And whom a reader trusts."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from communs.core.transparency.hashing import HASH_BYTES
from communs.core.transparency.keys import COSIGNER, LOG, Key, unbase64
from communs.core.transparency.notes import InvalidNote, Note
from communs.core.transparency.tiles import SIZE_MAX

ORIGIN_MAX = 255
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin`: which log, e.g. "books.example.org/log"; `size`: its entries; `root`: its Merkle tree hash."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 < len(self.origin) <= ORIGIN_MAX or any(c < " " for c in self.origin):
            raise InvalidNote(
                f"The origin of a log is one line of at most {ORIGIN_MAX} characters, e.g. example.org/log."
            )
        if not 0 <= self.size <= SIZE_MAX or len(self.root) != HASH_BYTES:
            raise InvalidNote(f"A checkpoint has a size from 0 to {SIZE_MAX} and a root of {HASH_BYTES} bytes.")

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note. Lines behind the third are refused: nobody could check them."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) != 3:
            raise InvalidNote(f"A checkpoint has three lines (origin, size, root), not {len(lines)}.")
        root = unbase64(lines[2])
        if not SIZE.fullmatch(lines[1]) or root is None:
            raise InvalidNote("The second line of a checkpoint is a number of entries, the third a root in base64.")
        return cls(lines[0], int(lines[1]), root)

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a reader believes: the keys of the log (an old and a new one while they change), those of co-signers,
    and how many of these must have signed (`quorum`; two keys of one name count once)."""

    origin: str
    log: tuple[Key, ...]
    cosigners: tuple[Key, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        if not self.log or any(key.kind != LOG for key in self.log):
            raise ValueError("Name at least one key of the log, of type 1.")
        if any(key.kind != COSIGNER for key in self.cosigners):
            raise ValueError("The keys of co-signers are of type 4.")
        names = {key.name for key in self.cosigners}
        if not 0 <= self.quorum <= len(names):
            raise ValueError(f"{self.quorum} co-signers cannot be asked for: {len(names)} are named.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint that the log has signed, the names of the trusted co-signers that have too, and the note."""

    checkpoint: Checkpoint
    cosigned_by: tuple[str, ...]
    note: Note


def opened(data: bytes, trust: Trust, quorum: int | None = None) -> Opened:
    """Read a signed checkpoint. Raises `InvalidNote` unless the log and enough co-signers have signed it.

    `quorum`: how many are enough, where it is not what `trust` says.
    """
    note = Note.parse(data)
    keys = note.signers((*trust.log, *trust.cosigners))
    if not any(key in trust.log for key in keys):
        raise InvalidNote(f"The checkpoint is not signed by {trust.log[0].name} with a key that you trust.")
    names = tuple(sorted({key.name for key in keys if key in trust.cosigners}))
    needed = trust.quorum if quorum is None else quorum
    if len(names) < needed:
        signed = ", ".join(names) or "nobody"
        raise InvalidNote(f"{needed} co-signers are needed, it is signed by {signed}. Wait for them, or ask them.")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != trust.origin:
        raise InvalidNote(f"The checkpoint is of the log {checkpoint.origin}, not of {trust.origin}.")
    return Opened(checkpoint, names, note)

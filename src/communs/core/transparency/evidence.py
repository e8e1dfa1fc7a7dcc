"""The evidence that one entry stands in a log, in one file to keep (C2SP tlog-proof): checked without the log."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from communs.core.transparency.checkpoints import Opened, Trust, opened
from communs.core.transparency.growing import nodes_of
from communs.core.transparency.hashing import HASH_BYTES, leaf_hash
from communs.core.transparency.keys import unbase64
from communs.core.transparency.notes import InvalidNote
from communs.core.transparency.proofs import includes, inclusion_proof
from communs.core.transparency.tiles import Read

HEADER = "c2sp.org/tlog-proof@v1"
HASHES_MAX = 63
INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class NotProven(ValueError):
    """The evidence does not show that the entry stands in the log: the message says why."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Entry `index` (from 0), the inclusion proof, and the signed checkpoint that it leads to."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    @classmethod
    def parse(cls, data: bytes) -> Evidence:
        """Read a `.tlog-proof`. Raises `NotProven`. Extra data is passed over: nobody has signed it."""
        head, empty, checkpoint = data.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").split("\n")
        body = [line for number, line in enumerate(lines) if number != 1 or not line.startswith("extra ")]
        number = INDEX.fullmatch(body[1]) if len(body) > 1 else None
        if body[0] != HEADER or not empty or number is None:
            raise NotProven(
                f"This is no evidence: it begins with {HEADER}, a line “index …”, and ends with a checkpoint."
            )
        hashes = [unbase64(line) for line in body[2:]]
        if len(hashes) > HASHES_MAX or any(one is None or len(one) != HASH_BYTES for one in hashes):
            raise NotProven(
                f"Below the index stand at most {HASHES_MAX} hashes of {HASH_BYTES} bytes in base64, one a line."
            )
        return cls(int(number[1]), tuple(one for one in hashes if one is not None), checkpoint)

    def to_bytes(self) -> bytes:
        lines = [HEADER, f"index {self.index}", *(base64.b64encode(one).decode() for one in self.proof)]
        return ("\n".join(lines) + "\n\n").encode() + self.checkpoint

    def check(self, entry: bytes, trust: Trust) -> Opened:
        """Raise `NotProven` unless this entry stands in the log; give the checkpoint that says so."""
        try:
            found = opened(self.checkpoint, trust)
        except InvalidNote as error:
            raise NotProven(str(error)) from None
        size, root = found.checkpoint.size, found.checkpoint.root
        if not includes(leaf_hash(entry), self.index, size, self.proof, root):
            raise NotProven(f"Entry {self.index} of this log of {size} is another one. Compare the entry byte by byte.")
        return found


def evidence_for(read: Read, index: int, checkpoint: bytes, trust: Trust) -> Evidence:
    """The evidence for entry `index`, from the tiles of a log. Raises `ValueError` if there is no such entry."""
    size = opened(checkpoint, trust).checkpoint.size
    return Evidence(index, tuple(inclusion_proof(index, size, nodes_of(read, size))), checkpoint)

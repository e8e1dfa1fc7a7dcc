"""A copy of a log in a folder: the files that no reader of the latest state needs are held against those that it needs.

A partial tile or bundle of an earlier state begins the one of today, so it has to be the beginning of it, to the byte.
Whoever was given evidence for an earlier checkpoint looks there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from communs.core.transparency.hashing import HASH_BYTES
from communs.core.transparency.tiles import (
    EARLIER,
    InvalidLog,
    Read,
    bundled,
    checkpoint_name,
    fetched,
    read_bundle,
    read_tile,
    width_of,
)

PARTIAL = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})\.p/([1-9][0-9]{0,2})")
SIGNED = re.compile(r"checkpoints/(0|[1-9][0-9]{0,18})")
LONG = re.compile(r"long/([0-9a-f]{64})")


def unlisted(names: Iterable[str], read: Read, size: int) -> list[str]:
    """Checkpoints that lie there and are not in the list of all, up to `size` entries."""
    listed = set((fetched(read, EARLIER) or b"").decode("ascii", "replace").split("\n"))
    found = [int(match[1]) for name in names if (match := SIGNED.fullmatch(name)) and match[1] not in listed]
    return [checkpoint_name(one) for one in sorted(found) if one <= size]


def strange(names: Iterable[str], read: Read, size: int) -> Iterator[str]:
    """What is wrong with partial tiles and bundles of earlier states, and with long parts of entries.

    To be asked about a log of `size` entries that was verified. What goes beyond it was not signed: it is passed over.
    """
    for name in sorted(names):
        if (match := LONG.fullmatch(name)) and sha256(read(name) or b"").hexdigest() != match[1]:
            yield f"{name} is another file than its name says. Fetch it again."
        if match := PARTIAL.fullmatch(name):
            level, index, width = match[1], int(re.sub("[x/]", "", match[2])), int(match[3])
            wanted = _beginning(read, level, index, width, size)
            if wanted is not None and read(name) != wanted:
                yield f"{name} is not the beginning of what stands there now: one of both was changed."


def _beginning(read: Read, level: str, index: int, width: int, size: int) -> bytes | None:
    """What a partial file has to hold; none where the log does not reach so far, or that was told already."""
    bundle = level == "entries"
    if width_of(0 if bundle else int(level), index, size) < width:
        return None
    try:
        if bundle:
            return bundled(read_bundle(read, index, size)[:width])
        return read_tile(read, int(level), index, size)[: width * HASH_BYTES]
    except InvalidLog:
        return None

"""The tree as static files (C2SP tlog-tiles, height 8): how they are called, and what stands in them.

A tile holds 256 hashes of one level, of which each stands over 256 hashes of the level below; a bundle holds 256
entries. The last of each may be partial: its width is then part of its name, so that no file ever changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from communs.core.transparency.hashing import HASH_BYTES

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRY_BYTES_MAX = 2**16 - 1
SIZE_MAX = 2**63 - 1
"""Entries in a log. More do not fit the numbers of other implementations."""
CHECKPOINT = "checkpoint"
EARLIER = "checkpoints/index"

Read = Callable[[str], bytes | None]
"""The bytes of the file with this name, as `folder.get` or `lambda name: (folder / name).read_bytes()` give them."""
Write = Callable[[str, bytes], None]
"""Puts a file in its place at once (write aside, then rename): `folder.__setitem__` does so in memory."""


class InvalidLog(ValueError):
    """The files are not those of a log: the message names the file and what to do."""


def tile_name(level: int, index: int, width: int = WIDTH) -> str:
    """The name of a tile of hashes.

    >>> tile_name(0, 1234067, 5)
    'tile/0/x001/x234/067.p/5'
    """
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def bundle_name(index: int, width: int = WIDTH) -> str:
    """The name of a bundle of entries."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def checkpoint_name(size: int) -> str:
    """The name under which a checkpoint stays when newer ones have come."""
    return f"checkpoints/{size}"


def width_of(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of a level has in a tree of `size` leaves."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def bundled(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length in two bytes, the higher first."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundled(data: bytes, name: str) -> list[bytes]:
    """The entries of a bundle. Raises `InvalidLog` if it does not end where an entry does."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end and len(entries) < WIDTH:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != end:
        raise InvalidLog(f"{name} is cut off, or has more than {WIDTH} entries. Fetch it again.")
    return entries


def fetched(read: Read, name: str) -> bytes | None:
    """The file, none if there is no such file."""
    try:
        return read(name)
    except (KeyError, FileNotFoundError, NotADirectoryError):
        return None


def read_tile(read: Read, level: int, index: int, size: int) -> bytes:
    """The hashes of a tile in the tree of `size` leaves, as they are published. Raises `InvalidLog`."""
    width = width_of(level, index, size)
    name, data, hashes = _partial_or_whole(read, tile_name(level, index, width), tile_name(level, index), width)
    if len(data) != hashes * HASH_BYTES:
        raise InvalidLog(f"{name} has {len(data)} bytes instead of {hashes * HASH_BYTES}. Fetch it again.")
    return data[: width * HASH_BYTES]


def read_bundle(read: Read, index: int, size: int) -> list[bytes]:
    """The entries of a bundle in the log of `size` entries. Raises `InvalidLog`."""
    width = width_of(0, index, size)
    name, data, number = _partial_or_whole(read, bundle_name(index, width), bundle_name(index), width)
    entries = unbundled(data, name)
    if len(entries) != number:
        raise InvalidLog(f"{name} has {len(entries)} entries instead of {number}. Fetch it again.")
    return entries[:width]


def _partial_or_whole(read: Read, partial: str, whole: str, width: int) -> tuple[str, bytes, int]:
    """A file, and how many hashes or entries it has: a partial one may have been deleted once the whole is there."""
    for name, number in ((partial, width), (whole, WIDTH)):
        data = fetched(read, name)
        if data is not None:
            return name, data, number
    raise InvalidLog(f"{partial} is missing. Fetch it from the log again, or from a copy of it.")


def _number(index: int) -> str:
    """Three digits a folder, so that no folder grows large: all but the last begin with x."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"

"""How much of a file is read: beyond that it is refused before anything is built from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communs.core.standards.problems import (
    NOT_UTF8,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY,
    TOO_MANY_ALIASES,
    Problem,
)

MIB: Final = 1024 * 1024
_WORDS: Final = {"size": TOO_LARGE, "depth": TOO_DEEP, "nodes": TOO_MANY, "aliases": TOO_MANY_ALIASES}


@dataclass(frozen=True, slots=True)
class Bounds:
    """`size` in bytes, `depth` in levels, `nodes` in values (keys count), `aliases` of YAML."""

    size: int
    depth: int
    nodes: int
    aliases: int = 100


MANIFEST: Final = Bounds(size=MIB, depth=40, nodes=50_000)
"""A description of one thing, written by hand."""

FEED: Final = Bounds(size=64 * MIB, depth=40, nodes=5_000_000)
"""Many things, written by a machine."""


class TooMuch(Exception):
    """A bound is exceeded: "size", "depth", "nodes" or "aliases"."""

    def __init__(self, bound: str, limit: int) -> None:
        super().__init__(bound)
        self.bound, self.limit = bound, limit

    @property
    def problem(self) -> Problem:
        """The refusal as a problem of the whole file."""
        limit = f"{self.limit // MIB} MiB" if self.bound == "size" else f"{self.limit:,}"
        return Problem("", 1, 1, f"too-much-{self.bound}", "error", *_WORDS[self.bound], values={"bound": limit})


def decode(data: bytes | str, bounds: Bounds) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, without byte order mark; what is not UTF-8 is replaced and reported.

    Raises `TooMuch` when it is larger than the bounds allow.
    """
    if len(data) > bounds.size:
        raise TooMuch("size", bounds.size)
    if isinstance(data, str):
        # A lone surrogate cannot be written out again.
        return data.encode("utf-8", errors="replace").decode().removeprefix("\ufeff"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        return data.decode("utf-8-sig", errors="replace"), (Problem("", line, column, "not-utf8", "error", *NOT_UTF8),)

"""A QR code as the path of an SVG: one square a module, in units of the module, with the quiet zone around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

QUIET: Final = 4
"""Modules left white on each side, as the standard asks."""


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """`size`: modules on a side, the quiet zone included. `path`: the dark ones."""

    size: int
    path: str


def draw_code(data: bytes) -> DrawnCode:
    """The code that holds these bytes, error correction M, as EPC069-12 asks."""
    import segno

    code = segno.make_qr(data, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix]
    runs = [f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)]
    return DrawnCode(len(rows) + 2 * QUIET, "".join(runs))


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other.

    >>> _runs([1, 1, 0, 1])
    [(0, 2), (3, 1)]
    """
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found

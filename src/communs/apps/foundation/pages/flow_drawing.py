"""The flow of a fund as bands: what came in on the left, the fund in the middle, what went out on the right.

A number stands beside each band, and the tables below say what it is: so the drawing fits a phone's column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT_MIN = 320.0, 240.0
SIDE, MIDDLE = 10.0, 14.0
GAP = 4.0
THINNEST = 2.0
LABEL = 15.0  # so high is the number beside a band, however thin the band


@dataclass(frozen=True, slots=True)
class Band:
    """A band from one side to the middle: the path of its outline, and the bar at its outer end."""

    path: str
    x: float
    y: float
    height: float
    number: int
    is_left: bool
    is_strong: bool

    @property
    def label_y(self) -> float:
        """The line on which its number stands."""
        return round(self.y + self.height / 2 + 5, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """All bands, and the bar in the middle."""

    width: int
    height: int
    bands: tuple[Band, ...]
    middle_x: float
    middle_width: float
    middle_y: float
    middle_height: float


def drawn(incoming: Sequence[int], outgoing: Sequence[int]) -> Drawing:
    """Bands as thick as their amounts; the last of `outgoing` is drawn strong: it is what is left."""
    whole = max(sum(incoming), sum(outgoing), 1)
    room = HEIGHT_MIN - GAP * max(len(incoming), len(outgoing), 1)
    height = max(HEIGHT_MIN, *(sum(_slots(amounts, room / whole)) for amounts in (incoming, outgoing)))
    middle_height = max(THINNEST, room * sum(incoming) / whole)
    top = (height - middle_height) / 2
    inner_left, inner_right = (WIDTH - MIDDLE) / 2, (WIDTH + MIDDLE) / 2
    bands = [
        *_side(incoming, room / whole, height, (SIDE, inner_left, top), is_left=True),
        *_side(outgoing, room / whole, height, (WIDTH - SIDE, inner_right, top), is_left=False),
    ]
    return Drawing(
        round(WIDTH), round(height), tuple(bands), inner_left, MIDDLE, round(top, 1), round(middle_height, 1)
    )


def _slots(amounts: Sequence[int], scale: float) -> list[float]:
    """How much height each band takes at its outer end, with what keeps it from the next."""
    return [max(THINNEST, scale * amount, LABEL - GAP) + GAP for amount in amounts]


def _side(
    amounts: Sequence[int], scale: float, whole_height: float, at: tuple[float, float, float], *, is_left: bool
) -> list[Band]:
    outer, inner, inside = at
    slots = _slots(amounts, scale)
    down = max(0.0, (whole_height - sum(slots)) / 2)
    bend, found = (outer + inner) / 2, []
    for number, (amount, slot) in enumerate(zip(amounts, slots, strict=True), 1):
        exact = scale * amount
        height = max(THINNEST, exact)
        first = down + (slot - height) / 2
        low, end = first + height, inside + exact
        path = (
            f"M{outer:.1f} {first:.1f}C{bend:.1f} {first:.1f} {bend:.1f} {inside:.1f} {inner:.1f} {inside:.1f}"
            f"V{end:.1f}C{bend:.1f} {end:.1f} {bend:.1f} {low:.1f} {outer:.1f} {low:.1f}Z"
        )
        is_last = not is_left and number == len(amounts)
        found.append(Band(path, 0.0 if is_left else outer, round(first, 1), round(height, 1), number, is_left, is_last))
        down, inside = down + slot, end
    return found

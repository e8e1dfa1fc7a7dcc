"""Charts as shapes: a small drawing, as wide as a phone's column, so that its letters keep their size there.

`inside` gives the shapes of a chart for a page, `alone` those of a file that stands for itself: with title, note and
source. Both are written by one template (`components/shapes.svg`); colours are classes, so that each theme has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from communs.kit.charts import Bar, Chart, Series

WIDTH = 320
LINE = 18
BAR_ROW, BAR_TOP, BAR_HEIGHT = 46, 18, 18
SHARE_HEIGHT, SWATCH = 28, 12
PLOT_HEIGHT = 120
LETTER, STRONG_LETTER = 7.0, 8.0  # the mean width of a letter of 13 pixels, on the wide side
MARGIN = 20
TITLE_LETTER, TITLE_LINE = 8.6, 23
NOTE_LETTER = 6.2
SHADES = ("a", "b", "c", "d", "e")
"""Of shares, in their order: from the one that counts most to what is not known, which is drawn empty."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A text, a box, a dot or a line. `points` belong to a line, `anchor` to a text."""

    kind: Literal["text", "box", "dot", "line"]
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    text: str = ""
    css: str = ""
    anchor: str = ""
    points: str = ""

    def lowered(self, right: float, down: float) -> Shape:
        """The same further right and further down."""
        moved = " ".join(
            f"{float(x) + right:g},{float(y) + down:g}" for x, y in (pair.split(",") for pair in self.points.split())
        )
        return replace(self, x=self.x + right, y=self.y + down, points=moved)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def inside(chart: Chart) -> Drawing:
    """The chart alone: its title and note stand on the page."""
    draw = {"bars": _bars, "shares": _shares, "lines": _lines}[chart.form]
    shapes = tuple(draw(chart))
    return Drawing(WIDTH, _bottom(shapes), shapes)


def alone(chart: Chart, source: str) -> Drawing:
    """The chart with its title, its note and where it comes from."""
    shapes: list[Shape] = []
    down = MARGIN + 16
    for line in wrapped(chart.title, WIDTH, TITLE_LETTER):
        shapes.append(Shape("text", MARGIN, down, text=line, css="title"))
        down += TITLE_LINE
    for line in wrapped(chart.note, WIDTH, NOTE_LETTER):
        shapes.append(Shape("text", MARGIN, down, text=line, css="note"))
        down += LINE
    drawn = inside(chart)
    shapes += [shape.lowered(MARGIN, down) for shape in drawn.shapes]
    down += drawn.height + 24
    for line in wrapped(source, WIDTH, NOTE_LETTER):
        shapes.append(Shape("text", MARGIN, down, text=line, css="note"))
        down += LINE
    return Drawing(WIDTH + 2 * MARGIN, round(down + MARGIN - LINE + 4), tuple(shapes))


def wrapped(text: str, width: float, letter: float = LETTER) -> list[str]:
    """The text in lines that fit a width; a word that is longer is cut, never left to run out of the drawing."""
    room = max(1, int(width / letter))
    lines = [""]
    for word in (piece[at : at + room] for piece in text.split(" ") for at in range(0, len(piece), room)):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]


def _bottom(shapes: Sequence[Shape]) -> int:
    return round(max((shape.y + (shape.height or 6) for shape in shapes), default=1))


def _bars(chart: Chart) -> Iterator[Shape]:
    """A label above each bar, the figure behind it."""
    down = 0.0
    if chart.part_label:
        for css, label in (("a", chart.part_label), ("d", chart.rest_label)):
            yield Shape("box", 0, down + 2, SWATCH, SWATCH, css=css)
            for line in wrapped(label, WIDTH - SWATCH - 6):
                yield Shape("text", SWATCH + 6, down + 13, text=line)
                down += LINE
            down += 2
        down += 6
    largest = max((row.value for row in chart.rows), default=0) or 1
    beside = max((len(row.said) for row in chart.rows), default=0) * STRONG_LETTER + 8
    for row in chart.rows:
        for line in wrapped(row.label, WIDTH):
            yield Shape("text", 0, down + 13, text=line)
            down += LINE
        yield from _bar(row, down, float(largest), WIDTH - beside)
        down += BAR_ROW - BAR_TOP


def _bar(row: Bar, down: float, largest: float, room: float) -> Iterator[Shape]:
    width = max(1.0, float(row.value) / largest * room)
    part = float(row.part) / largest * room
    yield Shape("box", 0, down, round(width, 1), BAR_HEIGHT, css="d")
    if row.part:
        yield Shape("box", 0, down, round(max(1.0, part), 1), BAR_HEIGHT, css="a")
    yield Shape("text", round(width + 6, 1), down + 14, text=row.said, css="strong" if row.part else "")


def _shares(chart: Chart) -> Iterator[Shape]:
    """One bar of all parts, and a line for each with its figure; a part that is there is never too thin to see."""
    total = float(sum(row.value for row in chart.rows)) or 1.0
    shades = dict(zip((row.label for row in chart.rows), [*SHADES[: len(chart.rows) - 1], "e"], strict=False))
    right = 0.0
    for row in chart.rows:
        width = float(row.value) / total * WIDTH
        if row.value:
            yield Shape("box", round(right, 1), 1, round(max(2.0, width - 2), 1), SHARE_HEIGHT, css=shades[row.label])
        right += width
    down = SHARE_HEIGHT + 12.0
    for row in chart.rows:
        yield Shape("box", 1, down + 3, SWATCH, SWATCH, css=shades[row.label])
        yield Shape("text", WIDTH, down + 14, text=row.said, css="strong", anchor="end")
        for line in wrapped(row.label, WIDTH - SWATCH - 14 - len(row.said) * STRONG_LETTER):
            yield Shape("text", SWATCH + 8, down + 14, text=line)
            down += LINE
        down += 6


def _lines(chart: Chart) -> Iterator[Shape]:
    """Lines from nothing upwards, named where they end; the first and the last step stand below."""
    largest = max((max(line.values) for line in chart.series if line.values), default=0) or 1
    top, left, right = 2.0 * LINE, 8.0, WIDTH - 8.0
    steps = max(1, len(chart.steps) - 1)

    def place(step: int, value: int) -> tuple[float, float]:
        return round(left + step * (right - left) / steps, 1), round(top + PLOT_HEIGHT * (1 - value / largest), 1)

    floor = top + PLOT_HEIGHT
    yield Shape("line", points=f"0,{floor:g} {WIDTH},{floor:g}", css="axis")
    for line in chart.series:
        yield from _line(line, [place(step, value) for step, value in enumerate(line.values)])
    for step, anchor in ((0, "start"), (len(chart.steps) - 1, "end")):
        across = 0 if anchor == "start" else WIDTH
        yield Shape("text", across, floor + LINE, text=chart.steps[step] if chart.steps else "", anchor=anchor)


def _line(line: Series, places: Sequence[tuple[float, float]]) -> Iterator[Shape]:
    css = "strong" if line.is_strong else ""
    yield Shape("line", points=" ".join(f"{x:g},{y:g}" for x, y in places), css=f"line {css}".strip())
    for x, y in places:
        yield Shape("dot", x, y, css=css)
    if places:
        (first_x, first_y), (last_x, last_y) = places[0], places[-1]
        yield Shape("text", first_x - 8, first_y - 8, text=str(line.values[0]), css=css)
        yield Shape("text", last_x + 8, last_y - 8, text=f"{line.label} · {line.values[-1]}", css=css, anchor="end")

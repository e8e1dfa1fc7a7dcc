"""Charts drawn on the server: a small SVG with direct labels.

`{% bars rows title unit %}` has the same figures as a table; `{% chart it %}` draws a `communs.kit.charts.Chart` under
its title; `{% chart_file it source %}` is the same as a file that stands for itself, in both colour schemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from communs.kit.charts import Chart
from communs.web.drawing import alone, inside

register = template.Library()

# In units of the drawing, which is as wide as a phone's column, so that its letters keep their size there.
WIDTH = 320
ROW_HEIGHT = 46
VALUE_WIDTH = 48
SHORT_DIGITS = 4  # what fits into that width; each further digit or space takes a little more
DIGIT_WIDTH = 9


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value, and whether it is the one that the title speaks of."""

    label: str
    value: int
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar with its place in the drawing."""

    bar: Bar
    top: int
    width: int

    @property
    def label_baseline(self) -> int:
        return self.top + 13

    @property
    def bar_top(self) -> int:
        return self.top + 18

    @property
    def value_baseline(self) -> int:
        return self.top + 32

    @property
    def value_left(self) -> int:
        return self.width + 6


@register.inclusion_tag("components/bars.html")
def bars(rows: Sequence[Bar], title: str, unit: str) -> dict[str, object]:
    """Bars under a title that states the finding; `unit` heads the column of figures in the table."""
    largest = max((row.value for row in rows), default=0) or 1
    beside = VALUE_WIDTH + DIGIT_WIDTH * max(0, len(f"{largest:,}") - SHORT_DIGITS)
    drawn = [
        Drawn(row, place * ROW_HEIGHT, max(1, round(row.value / largest * (WIDTH - beside))))
        for place, row in enumerate(rows)
    ]
    return {"rows": drawn, "width": WIDTH, "height": len(rows) * ROW_HEIGHT, "title": title, "unit": unit}


@register.inclusion_tag("components/chart.html")
def chart(it: Chart) -> dict[str, object]:
    """The chart under its title, with what it is of; its table is the page's own, since its figures are links there."""
    return {"chart": it, "drawing": inside(it)}


@register.inclusion_tag("components/chart_file.svg")
def chart_file(it: Chart, source: str) -> dict[str, object]:
    """The chart as a whole SVG document. `source`: where it comes from, as a line of text."""
    return {"chart": it, "drawing": alone(it, source)}

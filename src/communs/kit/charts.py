"""What a chart says, before it is drawn (`communs.web.drawing`): every word and figure is ready to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Form = Literal["bars", "shares", "lines"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or one share of a whole. `said` stands beside it; `part` is how much of it is drawn strong."""

    label: str
    value: int | Decimal
    said: str
    part: int | Decimal = 0


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value for each of the chart's `steps`. The strong one is what the title speaks of."""

    label: str
    values: Sequence[int]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart under a title that states the finding. `note` says of what and as of when.

    `bars`: one bar a row, where `part_label` says what their strong part is. `shares`: the rows are parts of one whole.
    `lines`: `series` over `steps` (the days or months, in words).
    """

    form: Form
    title: str
    note: str
    rows: Sequence[Bar] = ()
    part_label: str = ""
    rest_label: str = ""
    steps: Sequence[str] = ()
    series: Sequence[Series] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(row.value for row in self.rows) and len(self.steps) < 2

    @property
    def words(self) -> str:
        """All that is drawn, for those who do not see it."""
        bars = [f"{row.label} {row.said}" for row in self.rows]
        ends = [f"{line.label} {line.values[0]} – {line.values[-1]}" for line in self.series if line.values]
        return ", ".join([*bars, *ends])

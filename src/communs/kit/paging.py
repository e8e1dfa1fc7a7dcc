"""Pages of a list, twenty rows each."""

from __future__ import annotations

from dataclasses import dataclass

ROWS = 20
PAGES_MAX = 5000


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of `total` rows; `number` counts from 1."""

    number: int
    total: int
    rows: int = ROWS

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.rows

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.rows))

    @property
    def first_row(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        return min(self.offset + self.rows, self.total)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def read_page(asked: str | None, total: int, rows: int = ROWS) -> PageOf:
    """The page asked for, brought within bounds: a wrong number shows the nearest page rather than an error."""
    number = int(asked) if asked and asked.isdecimal() and len(asked) < 6 else 1
    page = PageOf(1, total, rows)
    return PageOf(max(1, min(number, page.last, PAGES_MAX)), total, rows)

"""One figure of the gap, ready to be shown: its chart, its table with a link behind each count, how it is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding.pages import gap_words as words
from communs.apps.funding.queries.gap import (
    FACET_OF,
    PARTS,
    UNSAID,
    Count,
    Figures,
    Filters,
    Scope,
    Sum,
    filters_of,
)
from communs.apps.funding.vocabulary import Age, FundsWhat, Reach, Size
from communs.kit.charts import Bar, Chart, Series
from communs.kit.formats import amount, day, number, share

FIGURES = tuple(FACET_OF)
SHARES = ("reach", "age")
# Figures whose values have an order of their own.
_ORDER = {"reach": tuple(Reach.values), "size": tuple(Size.values), "age": tuple(Age.values)}
BARS_MAX = 8
ROWS_MAX = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in a table, with the list of exactly the rows that it counts (empty: none, or not today's)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure on the page."""

    name: str
    heading: str
    chart: Chart
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    method: str
    link: Cell


class Shower:
    """Makes figures of one scope. `with_links`: the lists are today's, so the counts of an earlier month have none."""

    def __init__(self, figures: Figures, name: str, *, with_links: bool) -> None:
        self.name, self.with_links = name, with_links
        self.scope: Scope = figures.scopes[name]
        self.note = words.scope_note(name, figures.as_of)

    def shown(self, figure: str) -> Shown:
        """One figure."""
        lines = self._sum_lines() if figure == "money" else self._lines(figure)
        return Shown(
            name=figure,
            heading=words.heading(figure),
            chart=self.chart(figure),
            columns=(words.heading(figure), *self._columns(figure)),
            lines=tuple(lines),
            method=words.method(figure),
            link=self._link(figure),
        )

    def chart(self, figure: str) -> Chart:
        """Its chart."""
        title = words.finding(figure, self.scope)
        if figure == "money":
            return Chart("bars", title, self.note, self._sum_bars(), *self._part_labels())
        rows = self._rows(figure)
        if figure in SHARES:
            return Chart("shares", title, self.note, [self._share(figure, row) for row in rows])
        bars = [self._bar(figure, row) for row in rows[:BARS_MAX]]
        return Chart("bars", title, self.note, bars, *(() if figure == "purpose" else self._part_labels()))

    def cell(self, count: int, filters: Filters) -> Cell:
        """A count with its list."""
        url = f"{reverse('funding:list')}?{urlencode(filters, doseq=True)}" if count and self.with_links else ""
        return Cell(number(count), url)

    def counted(self, count: int, figure: str = "", code: str = "") -> Cell:
        """The same for one value of a figure, or for the whole scope."""
        return self.cell(count, filters_of(self.name, figure, code))

    def _part_labels(self) -> tuple[str, str]:
        return _("can fund a commons as a collective"), _("all others")

    def _rows(self, figure: str) -> list[Count]:
        """The values of a figure as shown: in their own order, or the most frequent first and the silent last."""
        if figure in _ORDER:
            return [self.scope.count(figure, code) for code in _ORDER[figure]]
        silent = self.scope.count(figure, UNSAID)
        return [*words.stated(self.scope, figure)[:ROWS_MAX], *([silent] if silent.sources else [])]

    def _columns(self, figure: str) -> tuple[str, ...]:
        """What heads the columns after the first; a figure has none for what its own filter tells apart."""
        sources = _("Sources")
        if figure == "money":
            return (sources, _("Money in all"), *(_("of it: {part}").format(part=part) for part in _parts().values()))
        shares = (_("Share"),) if figure in SHARES else ()
        return (sources, *shares, *(_parts()[name] for name in _told_apart(figure)))

    def _lines(self, figure: str) -> Iterable[Line]:
        for row in self._rows(figure):
            yield self._line(figure, words.label(figure, row.code), row, filters_of(self.name, figure, row.code))
        if figure == "age":
            yield from self._older()

    def _line(self, figure: str, label: str, row: Count, filters: Filters) -> Line:
        cells = [self.cell(row.sources, filters)]
        if figure in SHARES:
            cells.append(Cell(percent(row.sources, self.scope.total.sources)))
        parts = (self.cell(getattr(row, name), {**filters, **PARTS[name]}) for name in _told_apart(figure))
        return Line(label, (*cells, *parts))

    def _older(self) -> Iterable[Line]:
        """The ages taken together: how much of what we know is older than six months, a year, two years."""
        for label, codes in words.older():
            rows = [self.scope.count("age", code) for code in codes]
            both = Count("", *(sum(getattr(row, name) for row in rows) for name in ("sources", *PARTS)))
            yield self._line("age", label, both, {**filters_of(self.name), FACET_OF["age"]: codes})

    def _sum_lines(self) -> Iterable[Line]:
        sums = {row.currency: row for row in self.scope.sums}
        for row in sorted(self.scope.counts.get("money", ()), key=lambda row: (row.code not in sums, row.code)):
            found, count = sums.get(row.code), self.counted(row.sources, "money", row.code)
            said = ["" if found is None else amount(getattr(found, name), row.code) for name in ("total", *PARTS)]
            yield Line(words.label("money", row.code), (count, *map(Cell, said)))

    def _share(self, figure: str, row: Count) -> Bar:
        return Bar(
            words.label(figure, row.code),
            row.sources,
            f"{number(row.sources)} · {percent(row.sources, self.scope.total.sources)}",
        )

    def _bar(self, figure: str, row: Count) -> Bar:
        name = words.label(figure, row.code)
        if figure == "purpose":
            is_it = row.code == FundsWhat.COMMONS_COLLECTIVE
            return Bar(name, row.sources, number(row.sources), row.sources if is_it else 0)
        of = _("{part} of {total}").format(part=number(row.collective), total=number(row.sources))
        return Bar(name, row.sources, of, row.collective)

    def _sum_bars(self) -> list[Bar]:
        """Each currency is a whole of its own: the bars compare shares, never sums of several currencies."""
        bars = []
        for row in self.scope.sums:
            of = _("{part} of {total}").format(
                part=amount(row.collective, row.currency), total=amount(row.total, row.currency)
            )
            bars.append(Bar(f"{row.currency} · {of}", 100, percent(row.collective, row.total), _hundredths(row)))
        return bars

    def _link(self, figure: str) -> Cell:
        """The list behind the finding, under words that hold its count."""
        count, filters = self._finding_rows(figure)
        found = self.cell(count, filters)
        text = ngettext("See this {n} source", "See these {n} sources", count).format(n=number(count))
        return Cell(text, found.url)

    def _finding_rows(self, figure: str) -> tuple[int, Filters]:
        count, facet = self.scope.count, FACET_OF[figure]
        if figure == "age":
            both = sum(count("age", code).sources for code in words.OLD)
            return both, {**filters_of(self.name), facet: words.OLD}
        if figure == "money":
            rows = [row for row in self.scope.counts.get("money", ()) if row.code != "unknown"]
            return sum(row.sources for row in rows), {**filters_of(self.name), facet: tuple(row.code for row in rows)}
        codes = {"purpose": FundsWhat.COMMONS_COLLECTIVE.value, "reach": Reach.INFORMAL.value, "size": "unknown"}
        best = words.stated(self.scope, figure)
        code = codes.get(figure) or (best[0].code if best else UNSAID)
        return count(figure, code).sources, filters_of(self.name, figure, code)


def _parts() -> dict[str, str]:
    """What is told apart in every count, in words."""
    return {
        "collective": _("for a commons as a collective"),
        "group": _("for a group without legal form"),
        "hosted": _("only through a fiscal host"),
    }


def _told_apart(figure: str) -> tuple[str, ...]:
    """The parts that a figure's own filter leaves to be chosen: two values of one filter widen it."""
    return tuple(name for name, filters in PARTS.items() if FACET_OF[figure] not in filters)


def percent(part: int | Decimal, total: int | Decimal) -> str:
    """A share in whole percent; nothing of nothing is nothing."""
    return share((Decimal(part) / Decimal(total)).quantize(Decimal("0.01")) if total else Decimal(0))


def change_chart(months: Sequence[tuple[str, Figures]], name: str) -> Chart | None:
    """How many sources there were and how many for a commons as a collective, month by month; None for one month."""
    if len(months) < 2:
        return None
    scopes = [figures.scopes[name] for _month, figures in months]
    first, last = scopes[0].total.collective, scopes[-1].total.collective
    since = day(months[0][0])
    if first == last:
        title = _("As many sources for a commons as a collective as in {month}: {n}").format(
            month=since, n=number(last)
        )
    else:
        said = _("Since {month}, sources for a commons as a collective went from {first} to {last}")
        title = said.format(month=since, first=number(first), last=number(last))
    return Chart(
        "lines",
        title,
        words.scope_note(name, months[-1][1].as_of),
        steps=[day(month) for month, _figures in months],
        series=[
            Series(_("all sources"), [scope.total.sources for scope in scopes]),
            Series(_("for a commons"), [scope.total.collective for scope in scopes], is_strong=True),
        ],
    )


def _hundredths(row: Sum) -> int:
    return round(row.collective / row.total * 100) if row.total else 0

"""The gap as figures: the page, one month of it, each chart as a file and as a page to embed, the numbers to take."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from communs.apps.funding import queries
from communs.apps.funding.kind import KIND
from communs.apps.funding.pages import gap_words as words
from communs.apps.funding.pages.gap_figures import FIGURES, Cell, Line, Shower, change_chart, percent
from communs.apps.funding.queries.gap import PARTS, RULE, SCOPES, Count, Figures
from communs.apps.funding.vocabulary import Age, Reach
from communs.kit.api import absolute
from communs.kit.charts import Chart
from communs.kit.formats import day, number
from communs.kit.gates import NotThere
from communs.kit.pages import public_page
from communs.kit.tables import csv_lines

CHANGE = "change"
MONTHS_SHOWN = 24
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
COLUMNS = (
    *("month", "as_of", "scope", "figure", "code", "sources", "collective", "group", "hosted"),
    *("sum_total", "sum_collective", "sum_group", "sum_hosted"),
)
# An embedded page runs nothing and loads our style alone; any site may show it.
FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures a request asks for: of today (`month` is empty) or as kept for a month, and of which sources."""

    figures: Figures
    scope: str
    month: str

    @property
    def query(self) -> str:
        """The parameters of a link to the same figures."""
        named = {"month": self.month, "scope": self.scope if self.scope != SCOPES[0] else ""}
        found = urlencode({name: value for name, value in named.items() if value})
        return f"?{found}" if found else ""

    @property
    def shower(self) -> Shower:
        return Shower(self.figures, self.scope, with_links=not self.month)


@public_page
def gap(request: HttpRequest) -> HttpResponse:
    """Which money can reach a commons, as figures: each with its list, its method, its table and its change."""
    month = request.GET.get("month", "")
    if MONTH.fullmatch(month) and not queries.has_month(month):
        return _not_kept(request, month)
    asked = read_asked(request)
    months, kept = queries.series(), queries.kept_months()
    shower = asked.shower
    shown = [_embeddable(request, asked, shower.shown(figure)) for figure in FIGURES]
    context = {
        "asked": asked,
        "month": day(asked.month),
        "as_of": asked.figures.as_of,
        "total": shower.scope.total.sources,
        "leads": _leads(asked),
        "scopes": _scopes(asked),
        "figures": shown,
        "change": _change(request, asked, months),
        "months": _months(kept, asked.month),
        "links": _links(asked, has_series=bool(kept)),
        "rule": RULE,
        "crumbs": [(str(KIND.list_label), reverse("funding:list"))],
    }
    return render(request, "funding/gap.html", context)


def _not_kept(request: HttpRequest, month: str) -> HttpResponse:
    """404 for a month of which no figures are kept: why, and which ones there are."""
    context = {
        "month": day(month),
        "is_this_month": month == f"{timezone.localdate():%Y-%m}",
        "months": _months(queries.kept_months(), ""),
        "crumbs": [(str(KIND.list_label), reverse("funding:list")), (_("The gap in figures"), reverse("funding:gap"))],
    }
    return render(request, "funding/gap_not_kept.html", context, status=404)


def _months(kept: Sequence[str], shown: str) -> list[tuple[str, str, bool]]:
    """The months that are kept as links, newest first: (words, address, whether it is the one shown)."""
    return [(day(month), f"?month={month}", month == shown) for month in kept[:MONTHS_SHOWN]]


@xframe_options_exempt
@public_page
def gap_svg(request: HttpRequest, figure: str) -> HttpResponse:
    """One chart of the gap as an SVG file that stands for itself."""
    asked = read_asked(request)
    source = f"communs · {absolute(request, reverse('funding:gap')).partition('//')[2]} · CC0"
    text = render_to_string("funding/gap.svg", {"chart": _chart(asked, figure), "source": source})
    response = HttpResponse(text.strip() + "\n", content_type="image/svg+xml; charset=utf-8")
    # Opened by itself it may use its one style, known by its digest, and nothing else.
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    response["Content-Security-Policy"] = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors *"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@xframe_options_exempt
@public_page
def gap_embed(request: HttpRequest, figure: str) -> HttpResponse:
    """One chart of the gap as a small page that any site may show in a frame."""
    asked = read_asked(request)
    page = absolute(request, reverse("funding:gap")) + f"{asked.query}#{figure}"
    context = {
        "chart": _chart(asked, figure),
        "page_url": page,
        "method": words.method(figure),
        "heading": words.heading(figure),
    }
    response = render(request, "funding/gap_embed.html", context)
    response["Content-Security-Policy"] = FRAMED
    return response


def gap_json(request: HttpRequest) -> HttpResponse:
    """The figures of one month, or of today, as JSON."""
    asked = read_asked(request)
    return _json(_document(asked.month, asked.figures), f"gap-{_stamp(asked)}.json")


def gap_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV, a line for each value of each figure."""
    asked = read_asked(request)
    return _csv(_cells(asked.month, asked.figures), f"gap-{_stamp(asked)}.csv")


def series_json(request: HttpRequest) -> HttpResponse:
    """Every month that was kept, as JSON."""
    months = [_document(month, figures) for month, figures in queries.series()]
    return _json({"rule": RULE, "months": months}, "gap-series.json")


def series_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every month that was kept, as CSV."""
    return _csv((cells for month, found in queries.series() for cells in _cells(month, found)), "gap-series.csv")


def read_asked(request: HttpRequest) -> Asked:
    """The figures that the query string asks for. Raises `NotThere` for a month of which none are kept."""
    scope, month = request.GET.get("scope", ""), request.GET.get("month", "")
    figures = queries.kept_figures(month[:7]) if month else queries.figures_on(timezone.localdate())
    if figures is None or len(month) > 7:
        raise NotThere
    return Asked(figures, scope if scope in SCOPES else SCOPES[0], month)


def _chart(asked: Asked, figure: str) -> Chart:
    """One chart by name. Raises `NotThere` where there is none."""
    if figure == CHANGE:
        found = change_chart(queries.series(), asked.scope)
        if found is None:
            raise NotThere
        return found
    if figure not in FIGURES:
        raise NotThere
    return asked.shower.chart(figure)


def _leads(asked: Asked) -> list[Line]:
    """The first figures, whatever the sources chosen: each leads to its list."""
    known, today = (Shower(asked.figures, name, with_links=not asked.month) for name in SCOPES)
    collective = "commons_collective"

    def of(shower: Shower, figure: str, code: str) -> Cell:
        found = shower.counted(shower.scope.count(figure, code).sources, figure, code)
        total = number(shower.scope.total.sources)
        return Cell(_("{part} of {total}").format(part=found.text, total=total), found.url)

    leads = [
        Line(_("sources known can fund a commons as a collective"), (of(known, "purpose", collective),)),
        Line(
            _("of those open that day could, as far as we knew")
            if asked.month
            else _("of those open today can, as far as we know"),
            (of(today, "purpose", collective),),
        ),
        Line(_("sources known take a group without legal form"), (of(known, "reach", Reach.INFORMAL),)),
        Line(_("more take one only through a fiscal host"), (of(known, "reach", Reach.HOSTED),)),
        Line(_("were last confirmed two years ago or more"), (of(known, "age", Age.OVER_24),)),
    ]
    if best := words.main_sum(known.scope):
        states = known.counted(known.scope.count("money", best.currency).sources, "money", best.currency)
        said = _("of the money stated in {currency} can go to a commons as a collective")
        share = Cell(percent(best.collective, best.total), states.url)
        leads.append(Line(said.format(currency=best.currency), (share,)))
    return leads


def _scopes(asked: Asked) -> list[tuple[str, str, bool]]:
    """The two sets of sources, as links: (words, address, whether it is the one shown)."""
    found = []
    for name in SCOPES:
        count = number(asked.figures.scopes[name].total.sources)
        is_open = _("open that day ({n})") if asked.month else _("open today ({n})")
        said = is_open if name == "open" else _("all known, closed ones too ({n})")
        url = Asked(asked.figures, name, asked.month).query or reverse("funding:gap")
        found.append((said.format(n=count), url, name == asked.scope))
    return found


def _embeddable(request: HttpRequest, asked: Asked, shown: Any) -> dict[str, Any]:
    """A figure with the address of its file and what another site copies to show it."""
    return {"it": shown, **_addresses(request, asked, shown.name)}


def _addresses(request: HttpRequest, asked: Asked, figure: str) -> dict[str, str]:
    svg = reverse("funding:gap-svg", args=[figure]) + asked.query
    page = reverse("funding:gap-embed", args=[figure]) + asked.query
    return {"svg": svg, "embed": page, "embed_url": absolute(request, page), "svg_url": absolute(request, svg)}


def _change(request: HttpRequest, asked: Asked, months: Sequence[tuple[str, Figures]]) -> dict[str, Any] | None:
    """What changed since the last month kept before the one shown; None where there is none."""
    present = asked.month or f"{asked.figures.as_of:%Y-%m}"
    before = [(month, figures) for month, figures in months if month < present]
    chart = change_chart(months, asked.scope)
    if not before:
        return None if chart is None else {"chart": chart, "lines": (), **_addresses(request, asked, CHANGE)}
    month, earlier = before[-1]
    lines = [
        Line(label, (Cell(number(then)), Cell(number(now)), Cell(_difference(now - then))))
        for label, then, now in zip(
            _measures(), _measured(earlier, asked.scope), _measured(asked.figures, asked.scope), strict=True
        )
    ]
    return {"month": day(month), "lines": lines, "chart": chart, **_addresses(request, asked, CHANGE)}


def _measures() -> tuple[str, ...]:
    return (
        _("Sources"),
        _("For a commons as a collective"),
        _("Take a group without legal form"),
        _("Take one only through a fiscal host"),
        _("Last confirmed a year ago or more"),
    )


def _measured(figures: Figures, scope: str) -> tuple[int, ...]:
    found = figures.scopes[scope]
    old = sum(found.count("age", code).sources for code in words.OLD)
    hosted = found.count("reach", Reach.HOSTED).sources
    return (found.total.sources, found.total.collective, found.total.group, hosted, old)


def _difference(change: int) -> str:
    return f"+{number(change)}" if change > 0 else f"−{number(-change)}" if change < 0 else "0"


def _links(asked: Asked, *, has_series: bool) -> list[tuple[str, str]]:
    tail = f"?month={asked.month}" if asked.month else ""
    links = [("CSV", reverse("funding:gap-csv") + tail), ("JSON", reverse("funding:gap-json") + tail)]
    if has_series:
        links += [
            (_("all months as CSV"), reverse("funding:gap-series-csv")),
            (_("all months as JSON"), reverse("funding:gap-series-json")),
        ]
    return links


def _stamp(asked: Asked) -> str:
    return asked.month or asked.figures.as_of.isoformat()


def _document(month: str, figures: Figures) -> dict[str, Any]:
    return {"month": month, "as_of": figures.as_of.isoformat(), **queries.document_of(figures)}


def _cells(month: str, figures: Figures) -> Iterator[list[Any]]:
    """Lines for `COLUMNS`: the total of each scope first, then each value; sums stand beside their currency."""
    for name, scope in figures.scopes.items():
        head = [month, figures.as_of.isoformat(), name]
        yield [*head, "total", "", *_counted(scope.total), *[None] * (1 + len(PARTS))]
        sums = {row.currency: row for row in scope.sums}
        for figure, rows in scope.counts.items():
            for row in rows:
                found = sums.get(row.code) if figure == "money" else None
                said = [str(getattr(found, name)) if found else None for name in ("total", *PARTS)]
                yield [*head, figure, row.code, *_counted(row), *said]


def _counted(row: Count) -> list[int]:
    return [getattr(row, name) for name in ("sources", *PARTS)]


def _json(document: dict[str, Any], name: str) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(cells: Iterator[list[Any]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(COLUMNS, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

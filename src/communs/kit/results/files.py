"""The page of a result as a file that stands for itself: style inside, nothing asked of any address."""

from __future__ import annotations

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language

from communs.kit.results.report import Report, Table
from communs.kit.tables import csv_lines

STYLES = ("communs.css", "figures.css")


def page(report: Report) -> str:
    """The report as one HTML page, in the language that is active."""
    context = {**report.context(), "language": get_language() or "en", "style": _style()}
    return render_to_string("results/alone.html", context)


def table_csv(table: Table) -> bytes:
    """A table of the page as CSV."""
    return "".join(csv_lines(table.heads, table.rows)).encode()


def _style() -> str:
    parts = []
    for name in STYLES:
        found = finders.find(name)
        if found is None:
            raise FileNotFoundError(name)
        with open(found, encoding="utf-8") as file:  # noqa: PTH123 - where the finder says
            parts.append(file.read())
    return "\n".join(parts)

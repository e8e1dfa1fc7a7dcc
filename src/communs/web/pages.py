"""The pages of the house itself: home, search, about, and what is shown when something is not there or broken."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control

from communs import __version__
from communs.apps.foundation.queries.home import held_for_commons
from communs.apps.funding import queries as funding
from communs.apps.register import queries as register
from communs.core.money import Money
from communs.kit.formats import amount, number
from communs.kit.found import cut_at, meant
from communs.kit.pages import public_page
from communs.kit.search import typed
from communs.kit.unanswered.actions import note_unanswered
from communs.web.finding import find
from communs.web.templatetags.charts import Bar

SOON_ROWS = 5
CHANGED_ROWS = 6
FOUND_ROWS = 8
QUERY_LENGTH_MAX = 200


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The four doors, what closes and what opens soon, what changed, and the gap as figures."""
    today = timezone.localdate()
    money = funding.home_figures(today)
    commons = register.home_figures()
    context = {
        "money": money,
        "commons": commons,
        "held": _held(),
        "soon": funding.closing_soon(today, SOON_ROWS),
        "opening": funding.opening_soon(today, SOON_ROWS),
        "changed": _latest(CHANGED_ROWS),
        "bars": _bars(money["by_funds_what"]),
        "finding": gettext("Of {total} sources, {part} can fund a commons as a collective").format(
            total=number(money["total"]), part=number(money["collective"])
        ),
    }
    return render(request, "home.html", context)


def _held() -> str:
    """What the foundation holds, in whole units; "" where it holds nothing."""
    minor, currency = held_for_commons()
    return amount(int(Money(minor, currency).major), currency) if minor else ""


class Changed(Protocol):
    """A row of either catalogue, with the moment of its last change."""

    @property
    def changed_at(self) -> datetime: ...


def _latest(limit: int) -> list[Changed]:
    """What changed last in both catalogues, newest first."""
    rows: list[Changed] = [*funding.recently_changed(limit), *register.recently_changed(limit)]
    return sorted(rows, key=lambda row: row.changed_at, reverse=True)[:limit]


def _bars(by_funds_what: dict[str, int]) -> list[Bar]:
    """What money is for, most frequent first; a commons as a collective stands out."""
    labels = {
        "project": gettext("A project"),
        "structure": gettext("A structure"),
        "person": gettext("A person"),
        "maintenance": gettext("Upkeep"),
        "commons_collective": gettext("A commons as a collective"),
    }
    values = sorted(((by_funds_what.get(key, 0), key) for key in labels), reverse=True)
    return [Bar(labels[key], value, is_strong=key == "commons_collective") for value, key in values]


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """One box for commons and funding at once."""
    text = typed(request.GET.get("q", ""), QUERY_LENGTH_MAX)
    parts = find(text, FOUND_ROWS) if text else []
    # What only comes near is no answer: editors hear of that need too.
    if text and not any(part.results.total and not part.results.is_near for part in parts):
        note_unanswered(text, "", get_language() or "en", timezone.now())
    found = [part.results for part in parts if part.results.total]
    corrected = list(dict.fromkeys(words for results in found for words in meant(text, results.corrections)))
    context = {
        "q": text,
        "found": {
            "meant": [(words, urlencode({"q": words})) for words in corrected],
            "cut_at": cut_at(request.GET.get("q", ""), QUERY_LENGTH_MAX),
        },
        "parts": [(part, list(zip(part.rows, part.reasons, strict=False))) for part in parts if part.results.total],
        "row_limit": FOUND_ROWS,
    }
    return render(request, "search.html", context)


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """How we know what we show, accessibility, privacy, data, licence, and what this instance is."""
    context = {
        "version": __version__,
        "host": settings.PUBLIC_URL or request.get_host(),
        # Without a public address the sender is a made-up one, to which nobody can write.
        "contact": settings.DEFAULT_FROM_EMAIL if settings.PUBLIC_URL else "",
        "money": funding.home_figures(timezone.localdate()),
        "commons": register.home_figures(),
    }
    return render(request, "about.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read by machines; what only makes sense for a person is left out."""
    closed = ["/admin/", "/account/", "/follow/"]
    lines = ["User-agent: *", *(f"Disallow: /{code}{path}" for code, _name in settings.LANGUAGES for path in closed)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark for browsers that ask at the root."""
    return HttpResponse(_static_bytes("favicon.ico"), content_type="image/x-icon")


@lru_cache(maxsize=4)
def _static_bytes(name: str) -> bytes:
    return Path(str(finders.find(name))).read_bytes()


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the search box."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: no database and no context, since either may be what is broken."""
    return HttpResponse(get_template("500.html").render(), status=500)

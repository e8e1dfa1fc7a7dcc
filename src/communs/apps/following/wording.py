"""What happened in words, in the active language and time zone; what is followed, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.following.cities import city_of
from communs.apps.following.vocabulary import OPPORTUNITIES, EventKind
from communs.apps.following.windows import Stated, hour_of, moment_of, read, when_of
from communs.core.matching import window_status
from communs.kit import formats
from communs.kit.facets import FacetSpec
from communs.kit.records.fields import pair
from communs.kit.records.history import changes_of
from communs.kit.runs import catalogues

CHANGES_MAX = 10  # fields of one change that a letter tells
TEXT_MAX = 300


def says(event: Any) -> list[str]:
    """What happened, in a sentence or in a few lines."""
    detail: Mapping[str, Any] = event.detail
    if event.kind == EventKind.MOVED:
        return [_moved(before, after) for before, after in detail.get("moves", ())]
    if event.kind == EventKind.CLOSING:
        return [_("It closes soon: {when}.").format(when=when(detail.get("window", {})))]
    if event.kind == EventKind.CLOSED:
        return [_closed(detail, event.day)]
    if event.kind == EventKind.CHANGED:
        return changes(event.catalogue, detail.get("diff", {}))
    return [_plainly(event.kind, event.catalogue)]


def section(kind: str) -> str:
    """What happened in a word or two, as a heading."""
    return {
        EventKind.NEW: _("New"),
        EventKind.OPENED: _("Open now"),
        EventKind.REOPENED: _("Open again"),
        EventKind.MOVED: _("Another date"),
        EventKind.CLOSING: _("Closing soon"),
        EventKind.CHANGED: _("Changed"),
        EventKind.CLOSED: _("Closed"),
    }[EventKind(kind)]


def headed(kind: str, title: str) -> str:
    """A title with what happened before it, "New: An open fund"."""
    return pair(section(kind), title)


def _plainly(kind: str, catalogue: str) -> str:
    if kind == EventKind.OPENED:
        return _("It is open: one can apply now.")
    if kind == EventKind.REOPENED:
        return _("It is open again: one can apply now.")
    return _("New in the list of funding.") if catalogue == OPPORTUNITIES else _("New in the list of commons.")


def _moved(before: Stated, after: Stated) -> str:
    if (when_of(after) or (None, "", True))[2]:
        return _("The deadline moved: {after} instead of {before}.").format(after=when(after), before=when(before))
    return _("The opening day moved: {after} instead of {before}.").format(after=when(after), before=when(before))


def _closed(detail: Mapping[str, Any], day: date) -> str:
    if detail.get("now") == "between":
        return _("The last date has passed. The next one is not confirmed.")
    if detail.get("now") == "forecast":
        return _("It is closed for now; another date is announced.")
    if detail.get("window"):
        return _("It has closed: {when}.").format(when=when(detail["window"]))
    return _("It has closed: {when}.").format(when=formats.day(day))


def changes(catalogue: str, diff: Mapping[str, Sequence[Any]]) -> list[str]:
    """What changed, a line a field, those left out counted."""
    kind = catalogues.get(catalogue).kind
    found = changes_of(kind.fields, diff) if kind is not None else []
    lines = [_change(one.label, one.before, one.after) for one in found[:CHANGES_MAX]]
    if len(found) > CHANGES_MAX:
        lines.append(_("… and {count} more fields").format(count=len(found) - CHANGES_MAX))
    return lines


def _change(label: str, before: str, after: str) -> str:
    before, after = _short(before), _short(after)
    if not after:
        return pair(label, _("{value} (removed)").format(value=before))
    return pair(label, f"{before} → {after}" if before else after)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_MAX else line[: TEXT_MAX - 1] + "…"


def deadline(windows: Iterable[Stated], now: datetime) -> tuple[str, str]:
    """The next day ahead of an opportunity: ("Deadline", "5 December 2026"). Empty where none is known."""
    today = timezone.localdate(now)
    ahead = []
    for stated in windows:
        found = when_of(stated)
        live = [window for window in read([stated]) if window_status(window, today) not in {"closed", "between"}]
        if found is not None and live and found[0] >= today:
            ahead.append((found, stated))
    if not ahead:
        return "", ""
    (_day, _hour, is_closing), stated = min(ahead, key=lambda one: one[0])
    return (_("Deadline") if is_closing else _("Opens")), when(stated)


def when(stated: Stated) -> str:
    """The day that counts of a window, with its hour where the reader is if hour and zone are stated."""
    found = when_of(stated)
    if found is None:
        return _("no date stated")
    day, _hour, is_closing = found
    moment = moment_of(stated) if is_closing else None
    if moment is not None:
        place = city_of(str(timezone.get_current_timezone()))
        return _("{moment} ({place} time)").format(moment=formats.moment(moment), place=place)
    precision = next((window.precision for window in read([stated])), "")
    said = formats.period(day, precision) if precision in {"month", "quarter", "year"} else formats.day(day)
    hour = hour_of(stated) if is_closing else ""
    return _("{day}, {time}").format(day=said, time=hour) if hour else said


def search(catalogue: str, query: Mapping[str, Any]) -> str:
    """A saved search: "Funding: “water” · Where: France, Belgium"."""
    label = str(catalogues.get(catalogue).label)
    specs = {spec.name: spec for spec in _specs(catalogue)}
    parts = [_("“{text}”").format(text=query["text"])] if query.get("text") else []
    for name, values in query.get("facets", {}).items():
        spec = specs.get(name)
        said = ", ".join(spec.value_label(value) if spec else value for value in values)
        parts.append(pair(spec.label() if spec else name, said))
    return pair(label, " · ".join(parts)) if parts else _("{list}: everything").format(list=label)


@cache
def _specs(catalogue: str) -> tuple[FacetSpec, ...]:
    """The filters of a list, with their words."""
    if catalogue == OPPORTUNITIES:
        from communs.apps.funding.pages import listing as funding  # when they are needed: pages know everything

        return (*funding.SPECS, *funding.MORE_SPECS)
    from communs.apps.register.pages import listing as register

    return register.ALL

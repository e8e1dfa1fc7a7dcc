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
from communs.apps.following.windows import Stated, first_day, hour_of, last_day, moment_of, read, when_of
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
        return moves(detail.get("moves", ()), event.day)
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


def moves(moved: Iterable[Sequence[Stated]], day: date) -> list[str]:
    """What moved on a day, window by window: (as it was, as it is)."""
    return [text for before, after in moved for text in _moved(before, after, day)]


def _moved(before: Stated, after: Stated, day: date) -> list[str]:
    """The last day and the opening day, each where it moved; of an opening day that has passed nothing is said."""
    closed, closes = last_day(before), last_day(after)
    opened, opens = first_day(before), first_day(after)
    opening_moved = opened is not None and opens is not None and opened != opens and opened >= day
    if closed is None or closes is None:
        said = [_opening_moved(before, after)] if opening_moved else []
        if closes is not None:
            said.append(_("The deadline is known now: {day}.").format(day=when(after)))
        elif closed is not None:
            said.append(_("The deadline of {day} does not hold any more.").format(day=when(before)))
        return said
    closing_moved = when_of(before) != when_of(after)
    if opening_moved and closing_moved:
        both = _("The dates moved: opens {opens} instead of {opened}, closes {closes} instead of {closed}.")
        days = {"opens": opening(after), "opened": opening(before), "closes": when(after), "closed": when(before)}
        return [both.format(**days)]
    if opening_moved:
        return [_opening_moved(before, after)]
    return [_("The deadline moved: {after} instead of {before}.").format(after=when(after), before=when(before))]


def _opening_moved(before: Stated, after: Stated) -> str:
    days = {"after": opening(after), "before": opening(before)}
    return _("The opening day moved: {after} instead of {before}.").format(**days)


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
    if not is_closing:
        return opening(stated)
    moment = moment_of(stated)
    if moment is not None:
        place = city_of(str(timezone.get_current_timezone()))
        return _("{moment} ({place} time)").format(moment=formats.moment(moment), place=place)
    said, hour = _as_exact_as_stated(stated, day), hour_of(stated)
    return _("{day}, {time}").format(day=said, time=hour) if hour else said


def opening(stated: Stated) -> str:
    """The opening day of a window."""
    day = first_day(stated)
    return _as_exact_as_stated(stated, day) if day is not None else _("no date stated")


def _as_exact_as_stated(stated: Stated, day: date) -> str:
    precision = next((window.precision for window in read([stated])), "")
    return formats.period(day, precision) if precision in {"month", "quarter", "year"} else formats.day(day)


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


def filter_label(catalogue: str, name: str) -> str:
    """What a filter of a list is called."""
    return next((spec.label() for spec in _specs(catalogue) if spec.name == name), name)


@cache
def _specs(catalogue: str) -> tuple[FacetSpec, ...]:
    """The filters of a list, with their words."""
    if catalogue == OPPORTUNITIES:
        from communs.apps.funding.pages import listing as funding  # when they are needed: pages know everything

        return (*funding.SPECS, *funding.MORE_SPECS)
    from communs.apps.register.pages import listing as register

    return register.ALL

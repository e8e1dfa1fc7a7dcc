"""How the facts of an opportunity read in the reader's language: names of codes, the calendar, the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from communs.apps.funding.vocabulary import (
    Age,
    Calendar,
    FunderType,
    FundsWhat,
    LicenceRequirement,
    OpportunityKind,
    Reach,
    Size,
)
from communs.core.identity.likeness import Reason, explain
from communs.core.identity.likeness.explaining import WORDS as LIKENESS_WORDS
from communs.core.matching import Money, Opportunity, Window, status, window_status
from communs.core.matching.names import FORM_NAMES, KIND_NAMES, name
from communs.kit import formats
from communs.kit.places import place_in_sentence
from communs.kit.texts import Text, pick

SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?", "text": "…"}
FIT_SIGNS = {"eligible": "✓", "likely": "✓", "ask": "?", "no": "✗"}
FIT_TONES = {"eligible": "yes", "likely": "yes", "ask": "asks", "no": "no"}
FIT_MARKS = {"eligible": "met", "likely": "met", "ask": "ask", "no": "not"}


def title_of(facts: Mapping[str, Any]) -> Text:
    """The title in the reader's language, or the best other one."""
    return pick(facts.get("titles"), get_language() or "en")


def summary_of(facts: Mapping[str, Any]) -> Text:
    """The summary in the reader's language, or the best other one."""
    return pick(facts.get("summaries"), get_language() or "en")


def kind(code: str) -> str:
    """The name of a kind of opportunity; the code itself where there is none."""
    return _label(OpportunityKind, code)


def funds_what(code: str) -> str:
    """What the money is for."""
    return _label(FundsWhat, code)


def funder_type(code: str) -> str:
    """Whose money it is."""
    return _label(FunderType, code)


def licence(code: str) -> str:
    """What they ask of the licence of the results."""
    return _label(LicenceRequirement, code)


def calendar(code: str) -> str:
    """What the calendar says, in two or three words."""
    return _label(Calendar, code)


def reach(code: str) -> str:
    """Who can hold the money."""
    return _label(Reach, code)


def size(code: str) -> str:
    """The most that one can get, as a class."""
    return _label(Size, code)


def pot(code: str) -> str:
    """The currency of the money there is in all, as its code."""
    return gettext("not stated") if code == "unknown" else code


def age(code: str) -> str:
    """How long ago the facts were last confirmed."""
    return _label(Age, code)


def unsaid(code: str) -> str:
    """What a source does not state."""
    return {
        "funds_what": gettext("what it funds"),
        "country": gettext("where it funds"),
        "kind": gettext("in which form"),
        "language": gettext("in which language one applies"),
    }.get(code, code)


def form(code: str) -> str:
    """A legal form in the plural: "associations"."""
    return name(code, FORM_NAMES, gettext)


def commons_kind(code: str) -> str:
    """A kind of commons."""
    return name(code, KIND_NAMES, gettext)


def listing(words: Iterable[str]) -> str:
    """Words as a list with commas."""
    return ", ".join(words)


def money(found: Money | None) -> str:
    """How much one can get: "€5,000 to €50,000". Empty where nothing is stated."""
    if found is None or (found.minimum is None and found.maximum is None):
        return ""
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low != high:
        return gettext("{low} to {high}").format(
            low=formats.amount(low, found.currency), high=formats.amount(high, found.currency)
        )
    if high is None and low is not None:
        return gettext("{low} or more").format(low=formats.amount(low, found.currency))
    if low is None and high is not None:
        return gettext("up to {high}").format(high=formats.amount(high, found.currency))
    return formats.amount(high or 0, found.currency)


def legal_entity(opportunity: Opportunity) -> str:
    """Whether one needs a legal form of one's own."""
    if opportunity.legal_entity == "no":
        return gettext("no legal form needed")
    if opportunity.legal_entity == "yes":
        if opportunity.fiscal_host == "yes":
            return gettext("legal form needed, a fiscal host will do")
        return gettext("legal form needed")
    return gettext("legal form: not stated")


def applicants(opportunity: Opportunity) -> str:
    """Who may apply: the forms, or that it is not stated."""
    return listing(sorted(map(form, opportunity.applicants))) or gettext("not stated")


def places(opportunity: Opportunity) -> str:
    """Where they fund, with what they leave out."""
    said = listing(sorted(map(place_in_sentence, opportunity.places))) or gettext("not stated")
    if not opportunity.places_excluded:
        return said
    excluded = listing(sorted(map(place_in_sentence, opportunity.places_excluded)))
    return gettext("{places}, except {excluded}").format(places=said, excluded=excluded)


def confirmed(last_confirmed: str) -> str:
    """When the facts were last seen: never a promise that it is open today."""
    if not last_confirmed:
        return gettext("not confirmed by a page yet")
    said = gettext("last confirmed on {when}") if len(last_confirmed) == 10 else gettext("last confirmed in {when}")
    return said.format(when=formats.day(last_confirmed))


def link(address: object) -> str:
    """An address that a page may link to; empty for anything but http and https."""
    text = str(address or "")
    return text if text.startswith(("https://", "http://")) else ""


def windows(opportunity: Opportunity, today: date, stated: Sequence[Mapping[str, Any]] = ()) -> str:
    """The calendar in words, from the window that says most today. `stated`: the windows as recorded, with times."""
    if not opportunity.windows:
        return gettext("dates: not stated")
    order = list(Calendar)
    best = min(
        range(len(opportunity.windows)),
        key=lambda place: order.index(Calendar(window_status(opportunity.windows[place], today))),
    )
    said = window(opportunity.windows[best], today, clock(stated[best]) if best < len(stated) else "")
    if status(opportunity, today) == "unknown" != window_status(opportunity.windows[best], today):
        # Nobody has looked for so long that it may have ended without anyone noting it.
        return gettext("{words}, when last seen").format(words=said)
    return said


def clock(stated: Mapping[str, Any]) -> str:
    """The hour at which a window closes, with its place: "17:00 Brussels". Empty where none is stated."""
    hour = str(stated.get("closes") or "")[11:16]
    zone = str(stated.get("tz") or "").rpartition("/")[2].replace("_", " ")
    return f"{hour} {zone}".strip() if hour else ""


def window(found: Window, today: date, hour: str = "") -> str:
    """One window in words: "closes in 12 days (5 December 2026, 17:00 Brussels)", "no closing date" …"""
    state = window_status(found, today)
    last = found.last_day
    if state in {"closing", "open"} and found.closes is not None and last is not None:
        return _closing(found, last, today, hour)
    if state == "forecast":
        return _announced(found, today)
    if state in {"between", "closed"} and found.closes is not None:
        said = {
            "between": gettext("the last date was {when}; the next one is not confirmed"),
            "closed": gettext("closed: {when}"),
        }
        return said[state].format(when=formats.period(found.closes, found.precision))
    return _undated(state, found.model)


def _undated(state: str, model: str) -> str:
    said = {
        "closed": gettext("closed"),
        "open": gettext("at any time, while money lasts"),
        "permanent": gettext("no closing date"),
    }
    repeating = {
        "recurring": gettext("comes back regularly; the next date is not known"),
        "cutoffs": gettext("several dates a year; the next one is not known"),
    }
    return said.get(state) or repeating.get(model) or gettext("not known whether it is open")


def _closing(found: Window, last: date, today: date, hour: str) -> str:
    days = (last - today).days
    if found.precision in {"month", "quarter", "year"} and found.closes is not None:
        return gettext("closes in {when}").format(when=formats.period(found.closes, found.precision))
    when = f"{formats.day(last)}, {hour}" if hour else formats.day(last)
    if days == 0:
        return gettext("closes today ({when})").format(when=when)
    if days == 1:
        return gettext("closes tomorrow ({when})").format(when=when)
    return ngettext("closes in {n} day ({when})", "closes in {n} days ({when})", days).format(n=days, when=when)


def _announced(found: Window, today: date) -> str:
    if found.opens is None or found.opens <= today:
        return gettext("announced, not open yet")
    when = formats.period(found.opens, found.precision)
    days = (found.opens - today).days
    if found.precision not in {"day", "minute"}:
        return gettext("opens in {when}").format(when=when)
    return ngettext("opens in {n} day ({when})", "opens in {n} days ({when})", days).format(n=days, when=when)


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def likeness(reasons: Iterable[Sequence[str]]) -> list[str]:
    """What speaks for and against two entries being the same, in sentences; codes no longer known are left out."""
    return [
        explain(Reason(code, 0, "for", one, other), gettext) for code, one, other in reasons if code in LIKENESS_WORDS
    ]
